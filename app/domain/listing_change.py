"""What an employer may change about its own listing, and which changes a person of the school looks at first."""

from collections.abc import Iterable
from enum import StrEnum


class ListingChangeStatus(StrEnum):
    """Where a change stands that an employer wants to a published listing."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLACED = "replaced"


class ListingChangeAction(StrEnum):
    """What can happen to it."""

    ACCEPT = "accept"
    DECLINE = "decline"
    REPLACE = "replace"


_S, _A = ListingChangeStatus, ListingChangeAction

TRANSITIONS = {
    (_S.PROPOSED, _A.ACCEPT): _S.ACCEPTED,
    (_S.PROPOSED, _A.DECLINE): _S.DECLINED,
    (_S.PROPOSED, _A.REPLACE): _S.REPLACED,
}

# What students and families chose the place by, and every word that students read: whoever holds a mailbox cannot
# write to them before a person of the school has looked.
SIGNIFICANT = frozenset(
    {
        "title",
        "description",
        "schedule",
        "dress_code",
        "minimum_age",
        "maximum_age",
        "pay",
        "pay_cents_per_hour",
        "remote",
        "deliverable",
    }
)


def significant(fields: Iterable[str]) -> list[str]:
    """Return which of these fields a person of the school looks at before students see them changed."""
    return sorted(SIGNIFICANT & set(fields))
