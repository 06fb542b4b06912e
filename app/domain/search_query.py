"""What somebody typed into a search box, of any kind, as words and as a question that a text index understands.

Nothing typed is an operator but a minus before a word, so no text is wrong and none is slow: a few words are read, each
is looked up by its stems, and what is not a word is passed over.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

# By what each word is looked up.
Stems = Mapping[str, "Forms"]

MOST_READ = 2_000
MOST_WORDS = 10
LONGEST_WORD = 40
_LETTERS = re.compile(r"[^\W_]+")
_TYPED = re.compile(r"(?<![^\s(])(-?)\"?([^\W_]+(?:['\u2019][^\W_]+)*)|([^\W_]+(?:['\u2019][^\W_]+)*)")


class Forms(NamedTuple):
    """The stems of a word with and without its accents, in English and Spanish; none where it says nothing in either.

    `small` says that one of the languages counts it among the words that say nothing.
    """

    stems: tuple[str, ...]
    small: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a search in the order typed, each once, and those that must not be there."""

    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


def words_in(text: str) -> list[str]:
    """Return the words of a text, folded to lower case, in order, repetitions included."""
    return [word[:LONGEST_WORD] for word in _LETTERS.findall(tidy(unicodedata.normalize("NFKC", text)))]


def plain(word: str) -> str:
    """Return a word without its accents: what people type on a telephone."""
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word)
    return "".join(part for part in parts if not unicodedata.combining(part))


def forms_of(words: Iterable[str]) -> list[str]:
    """Return each word, and its form without accents where that is another: a text is indexed under both."""
    return list(dict.fromkeys(form for word in words for form in (word, plain(word))))


def read(text: str | None) -> Asked:
    """Read what was typed; the first words count, and a minus before a word asks for listings without it."""
    words: dict[str, None] = {}
    without: dict[str, None] = {}
    for found in _TYPED.finditer(unicodedata.normalize("NFKC", (text or "")[:MOST_READ])):
        minus, after, inside = found.groups()
        word = tidy(after or inside)[:LONGEST_WORD]
        (without if minus else words)[word] = None
        if len(words) + len(without) >= MOST_WORDS:
            break
    return Asked(tuple(words), tuple(word for word in without if word not in words))


def telling(words: Sequence[str], stems: Stems) -> list[str]:
    """Return the words that narrow a search: small ones ("the", "para") count only where there is nothing else."""
    looked_up = [word for word in words if stems[word].stems]
    return [word for word in looked_up if not stems[word].small] or looked_up


def quoted(lexeme: str) -> str:
    """Write a lexeme as a tsquery and a tsvector take it."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def any_of(lexemes: Iterable[str]) -> str:
    """Write a tsquery for documents with one of the lexemes; there is at least one."""
    found = [quoted(lexeme) for lexeme in lexemes]
    return found[0] if len(found) == 1 else f"({' | '.join(found)})"


def all_of(parts: Iterable[str]) -> str:
    """Join tsqueries that must all hold."""
    return " & ".join(parts)


def tidy(word: str) -> str:
    """Return a word, or a text of many, as words are looked up: lower case, without apostrophes."""
    return word.replace("'", "").replace("\u2019", "").casefold()
