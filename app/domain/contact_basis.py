"""On what ground a school holds the data of somebody who did not give it themselves; stated for every row of a bulk import."""

from enum import StrEnum


class ContactBasis(StrEnum):
    """Why the school may hold this person's address, or this workplace's, and write to it once."""

    ASKED_AND_AGREED = "asked_and_agreed"
    EXISTING_PARTNER = "existing_partner"
    PUBLIC_LISTING = "public_listing"
    CONTRIBUTOR_OFFERED = "contributor_offered"
