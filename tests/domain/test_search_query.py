"""What was typed, as words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.search_query import (
    LONGEST_WORD,
    MOST_WORDS,
    Asked,
    Forms,
    any_of,
    forms_of,
    quoted,
    read,
    telling,
    words_in,
)


@pytest.mark.parametrize(
    ("typed", "words", "without"),
    [
        ("Animal Care", ("animal", "care"), ()),
        ('"exact words"', ("exact", "words"), ()),
        ("welding -night", ("welding",), ("night",)),
        ("part-time", ("part", "time"), ()),
        ("driver's", ("drivers",), ()),
        ("care care CARE", ("care",), ()),
        ("care -care", ("care",), ()),
        ("& | !", (), ()),
        ("", (), ()),
        (None, (), ()),
        ("ＷＥＬＤ", ("weld",), ()),  # noqa: RUF001 - the wide letters are the point
    ],
)
def test_words_are_read_and_nothing_else_is_an_operator(
    typed: str | None, words: tuple[str, ...], without: tuple[str, ...]
) -> None:
    assert read(typed) == Asked(words, without)


@given(st.text(max_size=400))
def test_any_text_gives_a_few_words_without_quotes(text: str) -> None:
    asked = read(text)

    assert len(asked.words) + len(asked.without) <= MOST_WORDS
    assert all(0 < len(word) <= LONGEST_WORD and word.isalnum() for word in asked.words + asked.without)
    assert set(asked.words) <= set(words_in(text)) | {word[:LONGEST_WORD] for word in words_in(text)}


def test_a_word_has_its_form_without_accents() -> None:
    assert forms_of(["educación", "care"]) == ["educación", "educacion", "care"]


def test_small_words_count_only_alone() -> None:
    stems = {
        "the": Forms((), small=True),
        "sea": Forms(("sea",), small=True),
        "weld": Forms(("weld",), small=False),
    }

    assert telling(["the", "sea", "weld"], stems) == ["weld"]
    assert telling(["the", "sea"], stems) == ["sea"]
    assert telling(["the"], stems) == []


def test_lexemes_are_quoted_for_a_tsquery() -> None:
    assert quoted("o'neil\\x") == "'o''neil\\\\x'"
    assert any_of(["a"]) == "'a'"
    assert any_of(["a", "b"]) == "('a' | 'b')"
