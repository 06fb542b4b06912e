"""Two employers, or one: compared by name, place, telephone and website."""

from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import NamedTuple
from uuid import UUID

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from app.domain.duplicates.employer_names import Word, name_key, name_words
from app.domain.duplicates.places import (
    Nearness,
    Place,
    PlaceTraits,
    is_toll_free,
    nearest,
    phone_key,
    place_keys,
    place_traits,
    site_key,
)
from app.domain.duplicates.reasons import ENOUGH, NO_EVIDENCE, Evidence, Reason, Scored

# What a word weighs that tells one workplace from another.
_HEAVY = 1.0


@dataclass(frozen=True, slots=True)
class EmployerRecord:
    """An employer as it is stored, with the places of its worksites."""

    id: UUID
    name: str
    places: tuple[Place, ...] = ()
    phone: str | None = None
    website: str | None = None


class EmployerTraits(NamedTuple):
    """An employer as it is compared."""

    id: UUID
    name: str
    words: tuple[Word, ...]
    telling: int
    joined: str
    town: frozenset[str]
    places: tuple[PlaceTraits, ...]
    phone: str
    site: str


def employer_traits(record: EmployerRecord) -> EmployerTraits:
    """Prepare an employer for comparisons."""
    words = name_words(record.name)
    return EmployerTraits(
        id=record.id,
        name=name_key(record.name),
        words=words,
        telling=sum(word.weight == _HEAVY for word in words),
        joined="".join(word.text for word in words),
        town=frozenset(word.text for place in record.places if place.city for word in name_words(place.city)),
        places=tuple(place_traits(place) for place in record.places if any(place)),
        phone=phone_key(record.phone),
        site=site_key(record.website),
    )


_MOST_WORDS = 4
# Where a name has fewer letters than that in its key, the key alone would gather strangers.
_SHORT = 2


def employer_keys(one: EmployerTraits) -> list[str]:
    """Return the keys under which an employer is found by others like it: telephone, site, place and sounds of the name."""
    keys = [key for place in one.places for key in place_keys(place)]
    if one.phone:
        keys.append(f"p:{one.phone}")
    if one.site:
        keys.append(f"w:{one.site}")
    heavy = sorted(one.words, key=lambda word: (-word.weight, -len(word.text), word.text))[:_MOST_WORDS]
    sounds = sorted({word.sound for word in heavy})
    keys.append("n:" + ".".join(sorted({word.sound for word in one.words})))
    keys.append("j:" + "".join(word.text for word in one.words)[:10])
    keys += [f"b:{first}.{second}" for first, second in combinations(sounds, 2)]
    cities = {place.city for place in one.places if place.city}
    postals = {place.postal for place in one.places if place.postal}
    for word in heavy:
        if word.weight == _HEAVY and len(word.sound) >= _SHORT:
            keys += [f"c:{word.sound}:{city}" for city in cities]
            keys += [f"z:{word.sound}:{postal}" for postal in postals]
    return list(dict.fromkeys(keys))


_NUMBERS_DIFFER = 0.45
_DIRECTIONS = frozenset({"north", "south", "east", "west"})
_ABBREVIATED, _SOUNDS_ALIKE, _JUST_AN_INITIAL = 0.85, 0.85, 0.6
_LEAST_ALIKE = 0.62
_COMPOUND = 6
# What it weighs that a name says, or leaves out, in which town it is.
_LOCAL = 0.1


def _is_short_for(short: str, long: str) -> bool:
    """Say whether a word is another one abbreviated: its letters in order, the first one first."""
    if len(short) >= len(long) or short[0] != long[0]:
        return False
    if long.startswith(short):
        return len(short) > 1
    if len(short) < 3:  # noqa: PLR2004 - two letters in order are in every second word
        return short[-1] == long[-1]
    rest = iter(long)
    return all(char in rest for char in short) and short[-1] in long[-2:]


def _word_likeness(one: Word, other: Word) -> float:
    if one.text.isdigit() or other.text.isdigit():
        return 0.0
    likeness = OSA.normalized_similarity(one.text, other.text)
    if one.sound == other.sound and len(one.sound) >= _SHORT:
        return max(likeness, _SOUNDS_ALIKE)
    if likeness >= _LEAST_ALIKE and min(len(one.text), len(other.text)) > 3:  # noqa: PLR2004 - short words differ by a letter
        return likeness
    short, long = (one.text, other.text) if len(one.text) < len(other.text) else (other.text, one.text)
    if _is_short_for(short, long):
        return _ABBREVIATED
    return _JUST_AN_INITIAL if len(short) == 1 and short == long[0] else 0.0


class _Alignment(NamedTuple):
    """Words of two names, each beside its like: how well they match, what they weigh, and what is left over."""

    matched: float
    total: float
    unmatched: list[Word]
    left: list[Word]


def _align(ones: tuple[Word, ...], others: tuple[Word, ...]) -> _Alignment:
    there = {word.text for word in others}
    here = {word.text for word in ones}
    total = sum(word.weight for word in ones if word.text in there) * 2
    matched = total
    rest = [word for word in ones if word.text not in there]
    left = [word for word in others if word.text not in here]
    if len(rest) > len(left):
        rest, left = left, rest
    unmatched: list[Word] = []
    for word in rest:
        best, found = 0.0, -1
        for position, candidate in enumerate(left):
            likeness = _word_likeness(word, candidate)
            if likeness > best:
                best, found = likeness, position
        if found < 0:
            unmatched.append(word)
        else:
            weight = word.weight + left.pop(found).weight
            matched += best * weight
            total += weight
    return _Alignment(matched, total, unmatched, left)


def _name_likeness(one: EmployerTraits, other: EmployerTraits) -> tuple[float, float]:
    """Return how alike two names are, from 0 to 1, and the weight of words by which they contradict each other."""
    ones, others = one.words, other.words
    if len(ones) > len(others):
        ones = _compounded(ones, others)
    elif len(others) > len(ones):
        others = _compounded(others, ones)
    matched, total, unmatched, left = _align(ones, others)
    # A name may say in which town it is, or leave that out.
    towns = one.town | other.town
    lost = sum(_LOCAL if word.text in towns else word.weight for word in unmatched)
    besides = sum(_LOCAL if word.text in towns else word.weight for word in left)
    alike = matched / (total + lost + besides)
    if left and not unmatched and matched >= 2.0:  # noqa: PLR2004 - a distinctive word on either side
        # One name is a part of the other: "Lopez Bakery" and "Lopez Bakery and Cafe".
        alike = max(alike, 0.9 - 0.1 * besides)
    if alike < 0.9:  # noqa: PLR2004 - what is sure needs no second look
        together = fuzz.ratio(one.joined, other.joined) / 100
        if together >= 0.9:  # noqa: PLR2004 - "Blue Sky" and "Bluesky"
            alike, lost = together, 0.0
        elif _is_acronym(one, other) or _is_acronym(other, one):
            alike, lost = 0.8, 0.0
    if unmatched and left and _contradict(unmatched, left):
        alike = min(alike, _NUMBERS_DIFFER)
    return alike, min(lost, besides)


def _compounded(ones: tuple[Word, ...], others: tuple[Word, ...]) -> tuple[Word, ...]:
    """Write two words as one where the other name does: "Auto Repair" beside "Autorepair"."""
    long = [word.text for word in others if len(word.text) >= _COMPOUND]
    if not long:
        return ones
    kept = list(ones)
    for at in range(len(ones) - 1):
        together = ones[at].text + ones[at + 1].text
        if any(abs(len(together) - len(text)) <= 1 and OSA.distance(together, text) <= 1 for text in long):
            weight = max(ones[at].weight, ones[at + 1].weight)
            kept[at : at + 2] = [Word(together, together, weight)]
            return tuple(kept)
    return ones


def _is_acronym(short: EmployerTraits, long: EmployerTraits) -> bool:
    return (
        len(short.words) == 1
        and len(long.words) > 2  # noqa: PLR2004 - two letters stand for anything
        and short.joined == "".join(word.text[0] for word in long.words)
    )


def _contradict(ones: list[Word], others: list[Word]) -> bool:
    """Say whether two names number, or place, what they name differently: "School 12" and "School 14"."""
    return (any(word.text.isdigit() for word in ones) and any(word.text.isdigit() for word in others)) or (
        any(word.text in _DIRECTIONS for word in ones) and any(word.text in _DIRECTIONS for word in others)
    )  # fmt: skip


# Likeness of the names and its weight; in between, in proportion.
_NAME_WEIGHTS = ((0.0, -7.0), (0.5, -2.5), (0.7, 0.6), (0.8, 2.4), (0.9, 4.0), (1.0, 5.0))
_CONFLICT = 4.0
_PLACE_WEIGHTS = {
    Nearness.UNKNOWN: (0.0, None),
    Nearness.ELSEWHERE: (-4.0, Reason.OTHER_CITY),
    Nearness.MOVED: (-1.0, Reason.MOVED_ADDRESS),
    Nearness.SAME_CITY: (0.8, Reason.SAME_CITY),
    Nearness.NEAR: (2.8, Reason.SIMILAR_ADDRESS),
    Nearness.SAME: (4.0, Reason.SAME_ADDRESS),
}
_PRIOR = -3.0
# Per cent of letters in their order, the words sorted or as they stand; below that no comparison of words helps.
_UNLIKE = 50
_SAME_PHONE, _SAME_TOLL_FREE, _OTHER_PHONE = 4.5, 0.8, -0.8
_SAME_SITE, _SAME_SITE_OF_A_CHAIN = 2.5, 0.6
_COMMON_NAME, _PLAIN_NAME = -2.5, -1.2
# Distinctive words in the two names together.
_TELLING = 4


def score_employers(one: EmployerTraits, other: EmployerTraits, *, namesakes: float = 1) -> Scored:
    """Say how likely two employers are one, and why; nothing at all where that is not likely.

    `namesakes` is in how many towns there are employers of this name: where it is several, it is a chain or a common
    name, and the name says little without a place. Same name, other town is two branches unless the telephone says
    otherwise; another address in the same town is a workplace that moved.
    """
    # The name costs most to compare, so everything else comes first: mostly it leaves no need to.
    besides = _besides_the_name(one, other, namesakes)
    lacking = ENOUGH - _PRIOR
    for weight, _ in besides:
        lacking -= weight
    if lacking > _NAME_WEIGHTS[-1][1]:
        return NO_EVIDENCE
    if one.name == other.name:
        alike, conflict = 1.0, 0.0
    elif max(fuzz.ratio(one.name, other.name), fuzz.ratio(one.joined, other.joined)) < _UNLIKE:
        return NO_EVIDENCE
    else:
        alike, conflict = _name_likeness(one, other)
    told = _interpolated(alike) - _CONFLICT * conflict
    # Below 0.4 nothing else could outweigh it.
    if alike < 0.4 or told < lacking:  # noqa: PLR2004 - see above
        return NO_EVIDENCE
    found = Evidence(_PRIOR)
    same = alike >= 0.999  # noqa: PLR2004 - as good as one
    found.add(told, Reason.SAME_NAME if same else Reason.SIMILAR_NAME)
    for weight, reason in besides:
        found.add(weight, reason)
    return found.scored()


def _besides_the_name(
    one: EmployerTraits, other: EmployerTraits, namesakes: float
) -> list[tuple[float, Reason | None]]:
    where = nearest(one.places, other.places)
    weight, reason = _PLACE_WEIGHTS[where]
    besides: list[tuple[float, Reason | None]] = [(weight, reason)]
    if where <= Nearness.ELSEWHERE:
        if namesakes > 1:
            besides.append((_COMMON_NAME, None))
        if one.telling + other.telling < _TELLING:
            besides.append((_PLAIN_NAME, None))
    if one.phone and other.phone:
        if one.phone != other.phone:
            besides.append((_OTHER_PHONE, Reason.OTHER_PHONE))
        else:
            besides.append((_SAME_TOLL_FREE if is_toll_free(one.phone) else _SAME_PHONE, Reason.SAME_PHONE))
    if one.site and one.site == other.site:
        # The branches of a chain share their site; a site under another name does not happen by itself.
        chain = namesakes > 1 or where is Nearness.ELSEWHERE
        besides.append((_SAME_SITE_OF_A_CHAIN if chain else _SAME_SITE, Reason.SAME_WEBSITE))
    return besides


def _interpolated(alike: float) -> float:
    for (low, low_weight), (high, high_weight) in pairwise(_NAME_WEIGHTS):
        if alike <= high:
            return low_weight + (high_weight - low_weight) * (alike - low) / (high - low)
    return _NAME_WEIGHTS[-1][1]
