"""What people write in their own words: it must not carry addresses, telephone numbers or a student's name."""

import re
import unicodedata
from collections.abc import Iterable

from app.domain.errors import Refused

# `vera@clinic.org`, and the ways in which people hide one: `vera (at) clinic dot org`.
_MAIL = re.compile(
    r"[\w.+-]+\s*(?:@|[\[({]\s*(?:at|arroba)\s*[\])}])\s*[\w-]+(?:\s*(?:\.|[\[({]\s*(?:dot|punto)\s*[\])}]|\s(?:dot|punto)\s)\s*[\w-]+)+",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?:\s*[-/]\s*(?:(?:19|20)\d\d|\d\d?\s*[-/]\s*\d\d?))(?!\d)")
# Seven digits are the shortest number that reaches anyone from outside; separators as people write them.
_PHONE = re.compile(r"\d(?:[\s().\-/]{0,3}\d){6,}")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_WORD = re.compile(r"\w+")


def holds_contact_data(text: str) -> bool:
    """Say whether a text holds an e-mail address or a telephone number; spans of years and dates are neither."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return bool(_MAIL.search(plain) or _PHONE.search(_YEARS.sub(" ", plain)))


def words(text: str) -> list[str]:
    """Return the words of a text as they are compared: case-folded, accents kept, in order."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def names_any(text: str, names: Iterable[str]) -> bool:
    """Say whether one of the names stands in the text, as whole words in their order."""
    spoken = words(text)
    for name in names:
        wanted = words(name)
        if wanted and any(
            spoken[start : start + len(wanted)] == wanted for start in range(len(spoken) - len(wanted) + 1)
        ):
            return True
    return False


def check_reason(reason: str | None, names: Iterable[str] = ()) -> None:
    """Refuse a reason by which a person can be found again: it is kept for good, also when they are erased."""
    if reason is not None and (holds_contact_data(reason) or names_any(reason, names)):
        raise Refused(
            "contact_data",
            "leave people's names, addresses and numbers out of the reason; it is kept when they are erased",
            "omita nombres, correos y teléfonos en el motivo; este se conserva aunque la persona se borre",
            pointer="/reason",
        )
