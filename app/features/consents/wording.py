"""The words of the page on which a person who said yes chooses."""

from typing import Any

from app.core.languages import Language
from app.domain.connection import Offer
from app.domain.contact import LEAST_CAP, MOST_CAP, PartOfDay, Weekday
from app.domain.names import NAMES
from app.features.contacts import service as contacts


def choices_words(language: Language) -> dict[str, Any]:
    """Return each choice's code and words: `offers`, `weekdays` and `parts_of_day`, and the `caps` to choose from."""
    return {
        "offers": [(offer.value, contacts.offer_in_words(offer, language)) for offer in Offer],
        "weekdays": [(day.value, NAMES[Weekday][day].in_language(language)) for day in Weekday],
        "parts_of_day": [(part.value, NAMES[PartOfDay][part].in_language(language)) for part in PartOfDay],
        "caps": range(LEAST_CAP, MOST_CAP + 1),
    }
