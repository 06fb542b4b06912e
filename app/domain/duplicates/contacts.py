"""Two people, or one: compared by name, employer, address and telephone."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from rapidfuzz.distance import OSA

from app.domain.duplicates.nicknames import CALLED
from app.domain.duplicates.places import phone_key
from app.domain.duplicates.reasons import NO_EVIDENCE, Evidence, Reason, Scored
from app.domain.duplicates.text import fold, sound


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """A suggested person as they are stored."""

    id: UUID
    given_name: str | None
    family_name: str | None
    email: str | None = None
    phone: str | None = None
    employer_id: UUID | None = None


class ContactTraits(NamedTuple):
    """A person as they are compared."""

    id: UUID
    given: tuple[str, ...]
    family: tuple[str, ...]
    mailbox: str
    host: str
    phone: str
    employer_id: UUID | None

    @property
    def name(self) -> str:
        """Return the whole name, to see who is a namesake."""
        return " ".join(sorted((*self.given[:1], *self.family)))


# Little words of family names, and what stands before or behind a name.
_LITTLE = frozenset(
    {"de", "la", "las", "los", "del", "van", "von", "der", "den", "da", "dos", "di", "y", "e"}
)
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "dra", "sr", "sra", "jr", "ii", "iii", "iv", "md", "phd", "prof"})  # fmt: skip
_FREE_HOSTS = frozenset(
    ["gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "aol.com", "icloud.com", "live.com", "msn.com",
     "comcast.net", "att.net", "protonmail.com", "googlemail.com", "ymail.com", "me.com"]
)  # fmt: skip
_OFFICES = frozenset(
    {"info", "office", "contact", "admin", "hello", "mail", "frontdesk", "hr", "jobs", "contacto"}
)


@lru_cache(maxsize=65_536)
def _name_words(name: str) -> tuple[str, ...]:
    found = [word for word in fold(name).split() if word not in _TITLES]
    return tuple(word for word in found if word not in _LITTLE) or tuple(found)


def contact_traits(record: ContactRecord) -> ContactTraits:
    """Prepare a person for comparisons."""
    local, _, host = (record.email or "").casefold().rpartition("@")
    mailbox = "".join(char for char in fold(local.partition("+")[0]) if char.isalnum())
    return ContactTraits(
        id=record.id,
        given=_name_words(record.given_name or ""),
        family=_name_words(record.family_name or ""),
        mailbox=mailbox,
        host=host,
        phone=phone_key(record.phone),
        employer_id=record.employer_id,
    )


@lru_cache(maxsize=65_536)
def _letters(mailbox: str) -> str:
    return "".join(char for char in mailbox if not char.isdigit())


@lru_cache(maxsize=65_536)
def _called(given: str) -> str:
    return CALLED.get(given, given)


def contact_keys(one: ContactTraits) -> list[str]:
    """Return the keys under which a person is found: telephone, mailbox, the sounds of the name, name and employer."""
    keys = []
    if one.phone:
        keys.append(f"p:{one.phone}")
    if len(one.mailbox) > 3 and one.mailbox not in _OFFICES:  # noqa: PLR2004 - shorter ones are everybody's
        keys.append(f"l:{one.mailbox}")
        letters = _letters(one.mailbox)
        if len(letters) >= _WORD and letters != one.mailbox:
            keys.append(f"l:{letters}")
        if one.host not in _FREE_HOSTS:
            keys.append(f"e:{one.host}:{sound(one.mailbox)[:3]}")
    given = sound(_called(one.given[0])) if one.given else ""
    for family in one.family:
        pair = sorted((given, sound(family)))
        # Swapped names have the same key: the two sounds in the order of the alphabet.
        keys.append(f"n:{pair[0]}.{pair[1]}")
        keys.append(f"i:{sound(family)}:{one.given[0][0] if one.given else ''}")
        # For a slip in the family name: its beginning is right, or its end is.
        keys.append(f"f:{given}:{family[:2]}")
        keys.append(f"g:{given}:{family[-3:]}")
        if one.employer_id is not None:
            keys.append(f"m:{one.employer_id}:{sound(family)}")
    if one.employer_id is not None and given:
        # The same for swapped names, and for a family name that changed or was misheard.
        keys.append(f"m:{one.employer_id}:{given}")
    return list(dict.fromkeys(keys))


_LEAST_ALIKE = 0.75
_SURE, _LIKE, _INITIAL_LIKE = 1.0, 0.85, 0.7
_STEM = 3
# So many letters are a word of which one can tell whether it stands in an address.
_WORD = 4


def _word_likeness(one: str, other: str) -> float:
    if one == other:
        return _SURE
    short = min(len(one), len(other))
    if OSA.normalized_similarity(one, other) >= (_LEAST_ALIKE if short > 3 else 0.9):  # noqa: PLR2004 - short names differ by a letter
        return _LIKE
    return _LIKE if short > 2 and sound(one) == sound(other) and len(sound(one)) > 1 else 0.0  # noqa: PLR2004 - the same


def _given_likeness(ones: tuple[str, ...], others: tuple[str, ...]) -> tuple[float, Reason | None]:
    if not ones or not others:
        return 0.5, None
    one, other = ones[0], others[0]
    if one == other:
        return _SURE, None
    if _called(one) == _called(other):
        return 0.95, Reason.NICKNAME
    if len(one) == 1 or len(other) == 1:
        return (_INITIAL_LIKE, Reason.INITIAL) if one[0] == other[0] else (0.0, None)
    likeness = max(_word_likeness(one, other), _word_likeness(_called(one), _called(other)))
    if likeness < _LIKE and one[:_STEM] == other[:_STEM] and len(one) != len(other):
        # A form of endearment that no table has: "Angie" for Angela, "Juanito" for Juan.
        likeness = _LIKE if one.startswith(other) or other.startswith(one) else 0.75
    if not likeness and min(len(one), len(other)) >= _WORD and (one.endswith(other) or other.endswith(one)):
        # The end of a name for the whole: "Xander", "Nando".
        likeness = _LIKE
    if not likeness and len(ones) + len(others) > 2 and set(ones) & set(others):  # noqa: PLR2004 - somebody has two
        # Called by the second of two given names: "Maria Elena" is "Elena".
        return 0.9, None
    return likeness, None


def _family_likeness(ones: tuple[str, ...], others: tuple[str, ...]) -> float:
    if not ones or not others:
        return 0.5
    if ones == others:
        return _SURE
    if set(ones) & set(others):
        # One of two family names is left out, or was added on marriage.
        return 0.95
    if len(ones) == len(others) == 1:
        return _word_likeness(ones[0], others[0])
    joined = _word_likeness("".join(ones), "".join(others))
    return max(joined, *(_word_likeness(one, other) for one in ones for other in others))


# The evidence, in natural logarithms of odds. A name counts for as much as it is alike, and for less the more people bear it.
_UNLIKE = 0.6
# What a name is like that an address spells out.
_SPELT = 0.96
# What two given names are like that have no letters in common, where the address of the one says the other.
_STOOD_FOR = 0.75
_PRIOR = -4.0
_NAMES = 4.2
_BLUR = 5.5
_BOTH_FAMILIES = 1.6
_SAME_EMPLOYER, _OTHER_EMPLOYER = 3.6, -1.2
_SAME_PHONE, _OTHER_PHONE = 4.0, -0.3
_SAME_EMAIL, _SAME_MAILBOX, _FORMAL_MAILBOX = 6.0, 3.2, 0.8
_LIKE_MAILBOX, _SAME_HOST, _OTHER_MAIL = 3.0, 1.3, -0.4
# How many bearers of a name, by chance, make it say neither more nor less, and the bounds of what it says.
_USUAL, _STEEP, _MOST_RARE, _MOST_COMMON = 0.16, 0.7, 1.6, -2.0


def score_contacts(one: ContactTraits, other: ContactTraits, *, namesakes: float = _USUAL) -> Scored:
    """Say how likely two contacts are one person, and why.

    `namesakes` is how many others one would expect to bear this name: a common name says less, a rare one more. A family
    shares name and telephone, so another given name speaks against it whatever else agrees.
    """
    given, family, reason = _names_alike(one, other)
    if min(given, family) < _UNLIKE and _crossed(one, other):
        # The one's are swapped or the other's; nicknames and initials are looked for among given names only.
        given, family, _ = max(
            _names_alike(one, _swapped(other)),
            _names_alike(_swapped(one), other),
            key=lambda alike: (min(alike[:2]), sum(alike[:2])),
        )
        reason = Reason.SWAPPED_NAMES
    if min(given, family) < _UNLIKE:
        return NO_EVIDENCE
    found = Evidence(_PRIOR)
    found.add(_NAMES - _BLUR * (2.0 - given - family), reason or _name_reason(given, family))
    rarity = -_STEEP * math.log(max(namesakes, 0.001) / _USUAL)
    found.add(max(_MOST_COMMON, min(_MOST_RARE, rarity)))
    if _both_families(one.family, other.family):
        found.add(_BOTH_FAMILIES)
    if one.employer_id is not None and other.employer_id is not None:
        if one.employer_id == other.employer_id:
            found.add(_SAME_EMPLOYER, Reason.SAME_EMPLOYER)
        else:
            found.add(_OTHER_EMPLOYER, Reason.OTHER_EMPLOYER)
    if one.phone and other.phone:
        if one.phone == other.phone:
            found.add(_SAME_PHONE, Reason.SAME_PHONE)
        else:
            found.add(_OTHER_PHONE, Reason.OTHER_PHONE)
    _weigh_addresses(found, one, other)
    return found.scored()


def _crossed(one: ContactTraits, other: ContactTraits) -> bool:
    """Say whether a given name of either is like a family name of the other."""
    return (
        _family_likeness(one.given, other.family) >= _UNLIKE
        or _family_likeness(one.family, other.given) >= _UNLIKE
    )


def _swapped(one: ContactTraits) -> ContactTraits:
    return one._replace(given=one.family, family=one.given)


def _slip_likeness(ones: tuple[str, ...], others: tuple[str, ...]) -> float:
    """Return how alike two family names are of which an address says the right one: a short one with a slip is known too."""
    alike = max((OSA.normalized_similarity(one, other) for one in ones for other in others), default=0.0)
    return _LIKE if alike >= _UNLIKE else 0.0


def _names_alike(one: ContactTraits, other: ContactTraits) -> tuple[float, float, Reason | None]:
    """Return how alike the given and the family names are, and what to call it.

    Where the names differ, an address may say how the one is spelt, or what the other stands for in the papers: "Tory"
    at victoria.diaz@..., "Garccia" at ana_garcia@...
    """
    family = _family_likeness(one.family, other.family)
    given, reason = _given_likeness(one.given, other.given)
    if family < _SPELT and _says(one, other.family, other, one.family):
        family = _SPELT if family >= _LIKE else _slip_likeness(one.family, other.family)
    if (
        given < _SPELT
        and reason is None
        and family >= _LIKE
        and _says(one, other.given[:1], other, one.given[:1])
    ):
        given = _SPELT if given >= _LIKE else max(given, _STOOD_FOR)
    return given, family, reason


def _says(
    one: ContactTraits, of_other: tuple[str, ...], other: ContactTraits, of_one: tuple[str, ...]
) -> bool:
    """Say whether the address of either has the other's word for a name in it."""
    return any(len(word) >= _WORD and word in one.mailbox for word in of_other) or any(
        len(word) >= _WORD and word in other.mailbox for word in of_one
    )


def _both_families(ones: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Say whether both people have two family names, and both names agree."""
    if len(ones) < 2 or len(others) < 2:  # noqa: PLR2004 - two family names, as in Spanish
        return False
    return all(_word_likeness(mine, theirs) > 0 for mine, theirs in zip(ones, others, strict=False))


def _name_reason(given: float, family: float) -> Reason:
    return Reason.SAME_NAME if given + family == 2 * _SURE else Reason.SIMILAR_NAME


def _weigh_addresses(found: Evidence, one: ContactTraits, other: ContactTraits) -> None:
    if not (one.mailbox and other.mailbox):
        return
    free = one.host in _FREE_HOSTS or other.host in _FREE_HOSTS
    hosts_alike = one.host == other.host or (
        not _FREE_HOSTS.issuperset((one.host, other.host)) and _is_a_slip(one.host, other.host, free=False)
    )
    if one.mailbox == other.mailbox and one.mailbox not in _OFFICES:
        if hosts_alike:
            found.add(_SAME_EMAIL, Reason.SAME_EMAIL)
        else:
            # Every namesake has the address that is made of the name; digits or a word of one's own tell.
            formal = _is_made_of_the_name(one) or _is_made_of_the_name(other)
            found.add(_FORMAL_MAILBOX if formal else _SAME_MAILBOX, Reason.SIMILAR_EMAIL)
    elif hosts_alike and _is_a_slip(one.mailbox, other.mailbox, free=free):
        found.add(_LIKE_MAILBOX, Reason.SIMILAR_EMAIL)
    elif one.host == other.host and not free:
        found.add(_SAME_HOST)
    else:
        found.add(_OTHER_MAIL)


def _is_made_of_the_name(one: ContactTraits) -> bool:
    rest = one.mailbox
    for part in sorted((*one.given, *one.family), key=len, reverse=True):
        rest = rest.replace(part, "", 1)
    return len(rest) <= 1 and not rest.isdigit()


def _is_a_slip(one: str, other: str, *, free: bool) -> bool:
    """Say whether two mailboxes of one host, or two hosts, differ by a slip; other digits are somebody else's."""
    digits = ["".join(char for char in mailbox if char.isdigit()) for mailbox in (one, other)]
    return (
        OSA.distance(one, other) <= 2  # noqa: PLR2004 - a letter more and one changed
        and OSA.normalized_similarity(one, other) >= 0.8  # noqa: PLR2004 - of at least ten letters, if two are wrong
        and digits[0] == digits[1]
        and (bool(digits[0]) or not free)
    )
