"""What is suggested while somebody types: how texts are folded, cut into keys, and compared with what was typed."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA


class SuggestionKind(StrEnum):
    """What a suggestion stands for."""

    TITLE = "title"
    EMPLOYER = "employer"
    CLUSTER = "cluster"
    SKILL = "skill"
    TAG = "tag"


# Of what is typed, this much is read (one character may stand for several words); of a text, so many words get a key.
MOST_TYPED = 80
MOST_TYPED_WORDS = 12
_MOST_KEYS = 8
_LONGEST_KEY = 60
_LONGEST_WORD = 30
# Words that nobody looks for first; a text is still found by those behind them.
_SMALL = frozenset(
    {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with", "al", "con", "de", "del", "e", "el", "en", "la", "las", "los", "o", "para", "por", "un", "una", "y"}
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
# As somebody wrote it: an accent may stand behind its letter.
_WRITTEN = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")


class Key(NamedTuple):
    """One way to begin a text: `key` is the text from `word` on."""

    word: str
    key: str


def fold(text: str) -> str:
    """Return a text as it is compared: without accents, case and compatibility forms."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    """Return the folded words of a text, in its order."""
    return [word[:_LONGEST_WORD] for word in _WORD.findall(fold(text))]


def typed_words(text: str) -> list[str]:
    """Return the folded words of what was typed; the last one may not be finished."""
    return words(text[:MOST_TYPED])[:MOST_TYPED_WORDS]


def keys(text: str) -> list[Key]:
    """Return the ways to begin a text: from each of its words that somebody would look for, to the end."""
    parts = words(text)
    found: dict[str, Key] = {}
    for at, word in enumerate(parts):
        if word in _SMALL and len(parts) > 1:
            continue
        key = " ".join(parts[at:])[:_LONGEST_KEY].rstrip()
        found.setdefault(key, Key(word, key))
        if len(found) == _MOST_KEYS:
            break
    return list(found.values())


def weight(uses: int) -> int:
    """Return how much so many uses count: one more for twice as many, so that it seldom changes."""
    return uses.bit_length()


def beyond(prefix: str) -> str:
    """Return the first text, in the order of code points, behind all that begin with `prefix`."""
    return f"{prefix}\U0010ffff"


def first_letters(word: str) -> list[str]:
    """Return the letters with which what was meant may begin: a first letter may be left out, doubled or swapped."""
    return list(dict.fromkeys(word[:2]))


def allowed_slips(word: str) -> int:
    """Return how many wrong letters a word may have: none in a short one, two in a long one."""
    length = len(word)
    if length < 4:  # noqa: PLR2004 - with three letters everything is near everything
        return 0
    return 1 if length < 8 else 2  # noqa: PLR2004 - the usual steps


def nearest(word: str, known: Iterable[tuple[str, int]], *, unfinished: bool, most: int = 4) -> list[str]:
    """Return the known words (each with its count of uses) that may have been meant, the likeliest first.

    An unfinished word is compared with the beginnings of the known ones, of about its own length.
    """
    slips = allowed_slips(word)
    if not slips:
        return []
    others = list(known)
    length = len(word)
    # A letter may be missing or too many: a beginning is as much longer or shorter than what was typed.
    ends = range(max(1, length - slips), length + slips + 1) if unfinished else (None,)
    distances: dict[int, int] = {}
    for end in ends:
        beginnings = [other[:end] for other, _ in others]
        for _, distance, at in process.extract(
            word, beginnings, scorer=OSA.distance, score_cutoff=slips, limit=None
        ):
            distances[at] = min(distances.get(at, slips), int(distance))
    found = sorted((distance, -others[at][1], others[at][0]) for at, distance in distances.items())
    return [other for _, _, other in found[:most]]


def marks(text: str, begun: Sequence[str]) -> list[tuple[int, int]]:
    """Return where in a text the typed words are: pairs of where one begins and how long it is, in code points."""
    found: list[tuple[int, int]] = []
    for match in _WRITTEN.finditer(text):
        folded = fold(match.group())
        fitting = [word for word in begun if word and folded.startswith(word)]
        if fitting:
            longest = max(map(len, fitting))
            # Folding may change the length of a word; then the whole word is marked.
            whole = len(folded) != len(match.group())
            found.append((match.start(), len(match.group()) if whole else longest))
    return found
