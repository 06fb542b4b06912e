"""How texts are cut into what is typed, and what a misspelt word may have meant."""

import pytest

from app.domain.suggestion import beyond, fold, keys, marks, nearest, typed_words, weight, words

KNOWN = [("veterinary", 40), ("veteran", 10), ("nurse", 90), ("nursery", 5), ("health", 70), ("wealth", 2)]


def test_case_and_accents_do_not_count() -> None:
    assert fold("Enfermería ÑANDÚ Straße") == "enfermeria nandu strasse"


def test_a_text_begins_with_each_word_that_somebody_would_look_for() -> None:
    assert [key.key for key in keys("Assistant at the City Library")] == [
        "assistant at the city library",
        "city library",
        "library",
    ]


def test_a_text_of_one_small_word_is_still_found() -> None:
    assert [key.key for key in keys("The")] == ["the"]


@pytest.mark.parametrize("text", ["", "!!!", "🙂🙂", "\x00", "---"])
def test_nothing_to_look_for_is_nothing(text: str) -> None:
    assert words(text) == []
    assert keys(text) == []


def test_ten_thousand_characters_are_read_as_far_as_they_help() -> None:
    assert len(" ".join(typed_words("nurse " * 2_000))) <= 80


@pytest.mark.parametrize("text", ["\ufdfa" * 200, "a " * 200, "\ufdfa" + "x" * 200, "a\u0300" * 5_000])
def test_what_is_typed_is_few_short_words_however_it_folds(text: str) -> None:
    found = typed_words(text)

    assert 0 < len(found) <= 12
    assert all(len(word) <= 30 for word in found)


def test_everything_that_begins_alike_lies_below_what_is_beyond() -> None:
    assert all("vet" <= text < beyond("vet") for text in ("vet", "veterinary", "vet🙂"))
    assert beyond("vet") < "veu"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("vetrin", "veterinary"),  # a letter left out
        ("vetterin", "veterinary"),  # one too many
        ("vetreinary", "veterinary"),  # two swapped
        ("vatarin", "veterinary"),  # a wrong one, and another
        ("helth", "health"),
        ("nusre", "nurse"),
    ],
)
def test_an_unfinished_word_is_understood(typed: str, meant: str) -> None:
    slips = nearest(typed, KNOWN, unfinished=True)

    assert meant in slips or len(typed) < 8


def test_a_beginning_is_near_by_its_own_length_and_a_whole_word_by_all_of_it() -> None:
    assert nearest("nurce", KNOWN, unfinished=True) == ["nurse", "nursery"]
    assert nearest("nurce", KNOWN, unfinished=False) == ["nurse"]
    assert nearest("veterinarian", KNOWN, unfinished=False) == []
    assert nearest("veterinrian", [("veterinarians", 1)], unfinished=True) == ["veterinarians"]


def test_the_nearest_comes_first_and_of_two_the_more_used() -> None:
    assert nearest("nurce", KNOWN, unfinished=False)[0] == "nurse"
    assert nearest("mealth", KNOWN, unfinished=False)[:2] == ["health", "wealth"]


def test_three_letters_are_not_mended() -> None:
    assert nearest("nus", KNOWN, unfinished=True) == []


def test_the_typed_letters_are_marked_where_they_are() -> None:
    assert marks("Enfermería del hospital", ["enfer", "hosp"]) == [(0, 5), (15, 4)]
    assert marks("Straße", ["strasse"]) == [(0, 6)]
    assert marks("Enfermeri\u0301a del hospital", ["enfermeria"]) == [(0, 11)]


def test_twice_as_many_uses_weigh_one_more() -> None:
    assert [weight(uses) for uses in (1, 2, 3, 4, 8)] == [1, 2, 2, 3, 4]
