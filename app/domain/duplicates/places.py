"""Street addresses and telephone numbers as they are compared."""

import re
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from rapidfuzz.distance import OSA

from app.domain.duplicates.text import fold, number_word, sound

_TYPES = {
    short: long
    for long, shorts in {
        "st": "street str st",
        "ave": "avenue ave av aven avenida avnue",
        "blvd": "boulevard blvd boul bulevar",
        "rd": "road rd camino",
        "dr": "drive dr drv",
        "ln": "lane ln",
        "ct": "court ct crt",
        "pl": "place pl plaza plz",
        "pkwy": "parkway pkwy pky pkway",
        "hwy": "highway hwy hiway carretera route rte",
        "sq": "square sq",
        "ter": "terrace ter terr",
        "cir": "circle cir circ",
        "way": "way wy",
        "trl": "trail trl tr",
        "calle": "calle",
    }.items()
    for short in shorts.split()
}
_DIRECTIONS = {
    "north": "n", "south": "s", "east": "e", "west": "w", "norte": "n", "sur": "s", "este": "e", "oeste": "w",
    "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw",
    "n": "n", "s": "s", "e": "e", "w": "w", "no": "n", "so": "s",
    "ne": "ne", "nw": "nw", "se": "se", "sw": "sw",
}  # fmt: skip
_UNIT = re.compile(
    r"\b(?:suite|ste|apartment|apt|unit|unidad|room|rm|floor|fl|piso|depto|dpto|local|lot|space|spc|bldg|building)\b\.?\s*#?\s*[\w-]+"
    r"|#\s*[\w-]+",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+[a-z]?")
_CITY_WORDS = {
    "saint": "st",
    "san": "st",
    "mount": "mt",
    "fort": "ft",
    "n": "north",
    "s": "south",
    "e": "east",
    "w": "west",
}
_CITY_ENDS = {"city", "town", "village", "township"}

# Numbers that reach a whole chain or a call centre, not one door.
_TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888"})
_FREE_HOSTS = frozenset(
    ["facebook.com", "instagram.com", "yelp.com", "google.com", "wixsite.com", "linktr.ee", "twitter.com", "x.com"]
)  # fmt: skip
_DIGITS = 10
_ALIKE = 0.79


class Place(NamedTuple):
    """Where something is, as people write it."""

    street: str | None = None
    city: str | None = None
    postal_code: str | None = None


class PlaceTraits(NamedTuple):
    """A place as it is compared; what is not known is empty."""

    number: str
    street: str
    direction: str
    city: str
    postal: str


class Nearness(IntEnum):
    """How two places compare."""

    UNKNOWN = 0
    ELSEWHERE = 1
    MOVED = 2
    SAME_CITY = 3
    NEAR = 4
    SAME = 5


@lru_cache(maxsize=65_536)
def city_key(city: str | None) -> str:
    """Return a city's name in one word: "St. Paul" and "Saint Paul" are one."""
    words = [_CITY_WORDS.get(word, word) for word in fold(city or "").split()]
    if len(words) > 1 and words[-1] in _CITY_ENDS:
        words.pop()
    return "".join(words)


def place_traits(place: Place) -> PlaceTraits:
    """Take an address apart: the house number, the street without its type, its direction, the city, the ZIP code."""
    number, direction = "", ""
    kept: list[str] = []
    types: list[str] = []
    for word in fold(_UNIT.sub(" ", place.street or "")).split():
        if not number and not kept and _NUMBER.fullmatch(word):
            number = word
        elif word in _DIRECTIONS and (not direction or not kept):
            direction = _DIRECTIONS[word]
        elif word in _TYPES and (kept or word == "calle"):
            types.append(word)
        else:
            kept.append(number_word(word))
    if not kept:
        kept = types
    digits = "".join(char for char in place.postal_code or "" if char.isdigit())
    return PlaceTraits(number, "".join(kept), direction, city_key(place.city), digits[:5])


def place_keys(place: PlaceTraits) -> list[str]:
    """Return the keys of a place: postal code and house number, street and house number."""
    keys = []
    if place.number:
        if place.postal:
            keys.append(f"a:{place.postal}:{place.number}")
        if place.street:
            keys.append(f"s:{place.number}:{sound(place.street)[:6]}:{sound(place.city)[:5]}")
    return keys


def _same_city(one: PlaceTraits, other: PlaceTraits) -> bool | None:
    if one.postal and one.postal == other.postal:
        return True
    if one.city and other.city:
        return one.city == other.city or OSA.normalized_similarity(one.city, other.city) >= _ALIKE
    # The first two digits of a ZIP code are a part of a state; the third tells towns apart only sometimes.
    if one.postal and other.postal and one.postal[:2] != other.postal[:2]:
        return False
    return None


def nearness(one: PlaceTraits, other: PlaceTraits) -> Nearness:
    """Say how two places compare."""
    together = _same_city(one, other)
    if together is False:
        return Nearness.ELSEWHERE
    if not (one.street and other.street):
        return Nearness.SAME_CITY if together else Nearness.UNKNOWN
    if one.street == other.street:
        likeness = 1.0
    else:
        likeness = OSA.normalized_similarity(one.street, other.street)
        if likeness < _ALIKE and sound(one.street) == sound(other.street):
            likeness = 0.8
    crossed = bool(one.direction and other.direction and one.direction != other.direction)
    if likeness >= _ALIKE and not crossed:
        if one.number == other.number:
            return Nearness.SAME if one.number else Nearness.NEAR
        if together and (not one.number or not other.number or OSA.distance(one.number, other.number) == 1):
            return Nearness.NEAR
    elif one.number and one.number == other.number and one.postal and one.postal == other.postal:
        return Nearness.NEAR if likeness >= 0.5 and not crossed else Nearness.MOVED  # noqa: PLR2004 - half a street's name
    return Nearness.MOVED if together else Nearness.UNKNOWN


def nearest(ones: tuple[PlaceTraits, ...], others: tuple[PlaceTraits, ...]) -> Nearness:
    """Say how the two of several places compare that are nearest to each other."""
    if len(ones) == 1 and len(others) == 1:
        return nearness(ones[0], others[0])
    return max((nearness(one, other) for one in ones for other in others), default=Nearness.UNKNOWN)


def phone_key(phone: str | None) -> str:
    """Return the last ten digits of a telephone number, or nothing for one that is no number."""
    digits = "".join(char for char in (phone or "").partition("x")[0] if char.isdigit())
    return digits[-_DIGITS:] if len(digits) >= _DIGITS else ""


def is_toll_free(phone: str) -> bool:
    """Say whether a number (ten digits) reaches a whole chain."""
    return phone[:3] in _TOLL_FREE


@lru_cache(maxsize=65_536)
def site_key(website: str | None) -> str:
    """Return the host of a website without www, or nothing for a page on somebody else's."""
    if not website:
        return ""
    host = (urlsplit(website if "//" in website else f"//{website}").hostname or "").removeprefix("www.")
    return "" if any(host == free or host.endswith("." + free) for free in _FREE_HOSTS) else host
