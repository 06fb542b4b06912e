"""Which piece of a text shows why it was found: plain text, and beside it where the words of the search stand.

Places are counted in code points of the text as people wrote it; whoever shows it escapes it as any other text.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from app.domain.search_query import LONGEST_WORD, Stems, plain, tidy

# Behind the first letter of a word: it begins where none is going on; and a word goes on over an apostrophe.
_BEGINS, _GOES_ON = r"(?<![^\W_].)(?<![^\W_]['\u2019].)", r"[^\W_]*(?:['\u2019][^\W_]+)*"
_NEVER = re.compile(r"(?!)")
_SPACES = re.compile(r"\s+")
WIDTH = 220
_BEFORE = 60
_ALIKE = 2

Marks = list[tuple[int, int]]


class Piece(NamedTuple):
    """A piece of a text, and what is marked in it: where each mark begins and how long it is."""

    text: str
    marks: Marks


def may_match(texts: Iterable[str], wanted: Collection[str]) -> set[str]:
    """Return the words of texts whose stems are worth asking for: they begin as something wanted does."""
    pattern = _pattern(wanted)
    return {_looked_up(found.group()) for text in texts for found in pattern.finditer(text)}


def marks(text: str, wanted: Collection[str], stems: Stems) -> Marks:
    """Return where words with one of the wanted stems stand."""
    sought = frozenset(wanted)
    return [
        (found.start(), len(found.group()))
        for found in _pattern(wanted).finditer(text)
        if not sought.isdisjoint(stems[_looked_up(found.group())].stems)
    ]


def snippet(text: str, wanted: Collection[str], stems: Stems) -> Piece | None:
    """Return the piece with the most of what is wanted, on one line; None where nothing of it is there."""
    text = _SPACES.sub(" ", text).strip()
    found = marks(text, wanted, stems)
    if not found:
        return None
    start = _start(text, _densest(found))
    end = min(len(text), start + WIDTH)
    if end < len(text):
        space = text.rfind(" ", start, end)
        end = space if space > start + WIDTH // 2 else end
    before, after = ("…" if start else ""), ("…" if end < len(text) else "")
    inside = [
        (at - start + len(before), length) for at, length in found if at >= start and at + length <= end
    ]
    return Piece(f"{before}{text[start:end]}{after}", inside)


def _densest(found: Sequence[tuple[int, int]]) -> int:
    """Return where the first mark stands that has the most of them close behind."""
    ends = [at + length for at, length in found]
    near = [bisect_right(ends, at + WIDTH - _BEFORE) - number for number, (at, _) in enumerate(found)]
    return found[near.index(max(near))][0]


def _start(text: str, first: int) -> int:
    """Return where a piece around a mark begins: some words before it, at the beginning of one."""
    if first <= _BEFORE:
        return 0
    space = text.find(" ", first - _BEFORE, first)
    return first if space < 0 else space + 1


def _pattern(wanted: Collection[str]) -> re.Pattern[str]:
    return _beginning_with(*sorted({plain(stem)[:_ALIKE] for stem in wanted} - {""}))


@lru_cache(maxsize=4_000)
def _beginning_with(*beginnings: str) -> re.Pattern[str]:
    """Return the pattern of the words that begin with one of these, with or without accents.

    To take a text apart word by word costs more than the rest of a search; few words begin as a wanted one.
    """
    if not beginnings:
        return _NEVER
    # The letters it may begin with come first: that is what a pattern is looked for by at a glance.
    first = "".join(_any_form(start[0]) for start in beginnings)
    starts = "|".join(
        f"(?<=[{_any_form(start[0])}])"
        + (f"['\u2019]?[{_any_form(start[1])}]" if len(start) == _ALIKE else r"(?!['\u2019]?[^\W_])")
        for start in beginnings
    )
    return re.compile(f"[{first}]{_BEGINS}(?:{starts}){_GOES_ON}")


def _any_form(letter: str) -> str:
    """Return a letter, small and large, with every accent, as they stand in a pattern's brackets."""
    return re.escape("".join(sorted({letter, letter.upper()[:1], *_ACCENTED.get(letter, "")})))


@lru_cache(maxsize=50_000)
def _looked_up(written: str) -> str:
    """Return a word as it is looked up."""
    return tidy(unicodedata.normalize("NFKC", written))[:LONGEST_WORD]


def _accented() -> dict[str, str]:
    """Return the letters of Latin alphabets by the plain one that each is looked up by."""
    found: dict[str, str] = {}
    for letter in map(chr, range(0xC0, 0x180)):
        if letter.isalpha() and len(folded := plain(letter.casefold())) == 1:
            found[folded] = found.get(folded, "") + letter
    return found


_ACCENTED = _accented()
