"""What people write in their own words."""

import pytest

from app.domain.errors import Refused
from app.domain.free_text import check_reason, holds_contact_data, names_any, words


@pytest.mark.parametrize(
    "text",
    [
        "vera@clinic.org",
        "write to Vera.Vetter+work@mail.clinic.example please",
        "vera (at) clinic (dot) org",
        "vera [AT] clinic.org",
        "vera (arroba) clinica (punto) es",
        "vera\uff20clinic.org",
        "call 312-555-0100",
        "+1 (312) 555 0100",
        "312.555.0100 after six",
        "555\u20130100",
        "she is at 3 1 2 5 5 5 0 1 0 0",
    ],
)
def test_addresses_and_numbers_are_found_however_they_are_written(text: str) -> None:
    assert holds_contact_data(text)


@pytest.mark.parametrize(
    "text",
    [
        "worked together 2015-2019",
        "worked together 2015 \u2013 2019",
        "since 2024-05-17",
        "three kids, 2 dogs, 40 hours a week",
        "at the clinic on Main St. 1200, room 12",
        "meet at noon. dot the i",
        "earns 100,000",
        "",
    ],
)
def test_years_dates_and_small_numbers_are_no_contact_data(text: str) -> None:
    assert not holds_contact_data(text)


def test_names_are_found_as_whole_words_whatever_their_case() -> None:
    assert names_any("ask LEO's teacher", ["Leo"])
    assert names_any("Ana  Mar\u00eda says hello", ["ana mar\u00eda"])
    assert not names_any("a leopard", ["Leo"])
    assert not names_any("Mar\u00eda, then Ana", ["Ana Mar\u00eda"])
    assert not names_any("anything", ["", "  "])


def test_words_are_folded_and_in_order() -> None:
    assert words("Stra\u00dfe, 2 B\u00e4ume!") == ["strasse", "2", "b\u00e4ume"]


@pytest.mark.parametrize("reason", ["ask vera@clinic.example", "ring 312 555 0100", "Mrs. OKAFOR says so"])
def test_a_reason_does_not_tell_whom_it_is_about(reason: str) -> None:
    with pytest.raises(Refused) as refused:
        check_reason(reason, ["Vera", "Okafor"])

    assert (refused.value.code, refused.value.pointer) == ("contact_data", "/reason")
    check_reason("they met at our fair of 2026", ["Vera", "Okafor"])
    check_reason(None, ["Vera"])
