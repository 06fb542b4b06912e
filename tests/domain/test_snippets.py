"""Pieces of text that show why something was found."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.search_query import Forms, plain, tidy
from app.domain.snippets import WIDTH, marks, may_match, snippet

STEMS = {"weld": Forms(("weld",), small=False), "welding": Forms(("weld",), small=False)}
WANTED = frozenset({"weld"})


class _Anything(dict[str, Forms]):
    def __missing__(self, word: str) -> Forms:
        return Forms((word[:4],), small=False)


def test_words_with_a_wanted_stem_are_marked_where_they_stand() -> None:
    assert marks("Welding: to weld.", WANTED, STEMS) == [(0, 7), (12, 4)]
    assert may_match(["Welding, western and art"], WANTED) == {"welding", "western"}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("ÉCOLE", "ecole"),
        ("Educación", "educ"),
        ("l'école", "lecol"),
        ("don\u2019t", "dont"),
        ("ñandú", "nandu"),
        ("C", "c"),
        ("niños", "niño"),
        ("日本語", "日本"),
    ],
)
def test_a_word_is_known_by_its_beginning_with_and_without_accents(text: str, word: str) -> None:
    assert len(may_match([f"Before {text}, (after)"], {word})) == 1


@given(st.text(alphabet="abAB áÁñ'\u2019-_1.", max_size=60), st.sampled_from(["ab", "a", "ba", "na", "a1"]))
def test_every_word_that_begins_so_is_found_and_no_other(text: str, wanted: str) -> None:
    words = (tidy(found) for found in re.findall(r"[^\W_]+(?:['\u2019][^\W_]+)*", text))

    assert may_match([text], {wanted}) == {word for word in words if plain(word)[:2] == wanted}


def test_the_piece_is_cut_where_most_of_it_stands() -> None:
    text = f"Weld. {'Nothing of it here. ' * 30}Weld, welding, weld."

    piece = snippet(text, WANTED, STEMS)

    assert piece is not None
    assert len(piece.marks) == 3


def test_a_text_without_any_has_no_snippet() -> None:
    assert snippet("nothing of it", WANTED, STEMS) is None


@given(st.text(max_size=900), st.text(max_size=900))
def test_a_snippet_is_short_and_its_marks_stand_on_what_was_wanted(before: str, after: str) -> None:
    piece = snippet(f"{before} welding {after}", WANTED, _Anything())

    assert piece is not None
    assert len(piece.text) <= WIDTH + 2
    assert piece.marks
    for start, length in piece.marks:
        assert (
            piece.text[start : start + length].casefold().replace("'", "").replace("\u2019", "")[:4] == "weld"
        )
