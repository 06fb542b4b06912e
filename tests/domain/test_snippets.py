"""Pieces of text that show why something was found."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.search_query import Forms
from app.domain.snippets import WIDTH, marks, may_match, snippet

STEMS = {"weld": Forms(("weld",), small=False), "welding": Forms(("weld",), small=False)}
WANTED = frozenset({"weld"})


class _Anything(dict[str, Forms]):
    def __missing__(self, word: str) -> Forms:
        return Forms((word[:4],), small=False)


def test_words_with_a_wanted_stem_are_marked_where_they_stand() -> None:
    assert marks("Welding: to weld.", WANTED, STEMS) == [(0, 7), (12, 4)]
    assert may_match(["Welding, western and art"], WANTED) == {"welding", "western"}


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
