"""Which piece of a text shows why it was found: plain text, and beside it where the words of the search stand.

Places are counted in code points of the text as people wrote it; whoever shows it escapes it as any other text.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from app.domain.search_query import LONGEST_WORD, Stems, plain, tidy

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
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
    beginnings = _beginnings(wanted)
    return {word for text in texts for _, _, word, start in _words(text) if start in beginnings}


def marks(text: str, wanted: Collection[str], stems: Stems) -> Marks:
    """Return where words with one of the wanted stems stand."""
    beginnings, sought = _beginnings(wanted), frozenset(wanted)
    return [
        (at, length)
        for at, length, word, start in _words(text)
        if start in beginnings and not sought.isdisjoint(stems[word].stems)
    ]


def snippet(text: str, wanted: Collection[str], stems: Stems) -> Piece | None:
    """Return the piece with the most of what is wanted, on one line; None where nothing of it is there."""
    text = _SPACES.sub(" ", text).strip()
    found = marks(text, wanted, stems)
    if not found:
        return None
    start = _start(text, max(found, key=lambda mark: (_near(found, mark[0]), -mark[0]))[0])
    end = min(len(text), start + WIDTH)
    if end < len(text):
        space = text.rfind(" ", start, end)
        end = space if space > start + WIDTH // 2 else end
    before, after = ("…" if start else ""), ("…" if end < len(text) else "")
    inside = [
        (at - start + len(before), length) for at, length in found if at >= start and at + length <= end
    ]
    return Piece(f"{before}{text[start:end]}{after}", inside)


def _near(found: Sequence[tuple[int, int]], start: int) -> int:
    return sum(1 for at, length in found if start <= at and at + length <= start + WIDTH - _BEFORE)


def _start(text: str, first: int) -> int:
    """Return where a piece around a mark begins: some words before it, at the beginning of one."""
    if first <= _BEFORE:
        return 0
    space = text.find(" ", first - _BEFORE, first)
    return first if space < 0 else space + 1


def _beginnings(wanted: Collection[str]) -> frozenset[str]:
    return frozenset(plain(stem)[:_ALIKE] for stem in wanted)


def _words(text: str) -> Iterator[tuple[int, int, str, str]]:
    for found in _WORD.finditer(text):
        written = found.group()
        yield found.start(), len(written), *_looked_up(written)


@lru_cache(maxsize=50_000)
def _looked_up(written: str) -> tuple[str, str]:
    """Return a word as it is looked up, and how it begins without accents."""
    word = tidy(unicodedata.normalize("NFKC", written))[:LONGEST_WORD]
    return word, plain(word)[:_ALIKE]
