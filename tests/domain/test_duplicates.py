"""Two rows or one: names, addresses, numbers and people as they are compared, and what a merge refuses."""

from itertools import pairwise
from uuid import UUID

import pytest

from app.domain.contact import ContactStatus
from app.domain.duplicates import (
    THRESHOLD,
    ContactRecord,
    EmployerRecord,
    Place,
    Reason,
    Scored,
    contact_keys,
    contact_traits,
    employer_keys,
    employer_traits,
    find_employers,
    name_key,
    score_contacts,
    score_employers,
)
from app.domain.duplicates.lives import DuplicateKind
from app.domain.duplicates.merging import MergeField, Side, check_contacts, check_employers, exchanged
from app.domain.duplicates.places import Nearness, nearness, phone_key, place_traits, site_key
from app.domain.duplicates.text import fold, sound
from app.domain.employer import EmployerStatus
from app.domain.errors import Refused


def employers(one: EmployerRecord, other: EmployerRecord, namesakes: int = 1) -> Scored:
    return score_employers(employer_traits(one), employer_traits(other), namesakes=namesakes)


def employer(name: str, street: str | None = None, city: str | None = None, **more: str) -> EmployerRecord:
    place = Place(street, city, more.pop("postal_code", None))
    return EmployerRecord(UUID(int=hash((name, street)) % 2**64), name, (place,), **more)


def contacts(one: ContactRecord, other: ContactRecord) -> Scored:
    return score_contacts(contact_traits(one), contact_traits(other))


def contact(given: str, family: str, **more: object) -> ContactRecord:
    return ContactRecord(UUID(int=1), given, family, **more)  # type: ignore[arg-type] # each test names its own


@pytest.mark.parametrize(
    "alike",
    [
        (
            "The Third Street Garage, Inc.",
            "3rd St. Garage",
            "GARAGE 3RD STREET",
            "Third  Street Garage L.L.C.",
        ),
        ("Gómez Hermanos S.A. de C.V.", "Gomez Hnos", "gomez & brothers", "Brothers Gomez Co."),
        ("St. Mary's Univ. Ctr", "Saint Marys University Center", "ST MARYS UNIVERSITY CENTRE"),
        ("Smith & Sons", "Smith and Sons, Ltd.", "Sons & Smith"),
    ],
)
def test_a_name_has_one_key_however_it_is_written(alike: tuple[str, ...]) -> None:
    assert len({name_key(name) for name in alike}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Lake Clinic", "Lake Pharmacy"), ("School 12", "School 14"), ("Garcia Bakery", "Garza Bakery")],
)
def test_other_names_have_other_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("name", ["Inc", "***", "日本", "The", "  A  "])
def test_no_name_is_without_a_key(name: str) -> None:
    assert name_key(name)


def test_words_are_compared_by_their_sound() -> None:
    for one, other in (
        ("gonzalez", "gonsales"),
        ("knight", "night"),
        ("philips", "fillips"),
        ("vega", "bega"),
    ):
        assert sound(one) == sound(other)
    assert sound("baker") != sound("barber")
    assert fold("José's Café & Grill") == "joses cafe and grill"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (
            Place("1420 N. Ashland Ave., Suite 5", "Chicago"),
            Place("1420 North Ashland", "CHICAGO"),
            Nearness.SAME,
        ),
        (Place("12 First St", "St. Paul"), Place("12 1st Street #4", "Saint Paul"), Nearness.SAME),
        (Place("1421 Ashland Ave", "Chicago"), Place("1420 Ashland Ave", "Chicago"), Nearness.NEAR),
        (Place("9 N Main St", "Joliet"), Place("9 S Main St", "Joliet"), Nearness.MOVED),
        (Place("9 Main St", "Joliet"), Place("80 Oak Ave", "Joliet"), Nearness.MOVED),
        (Place(None, "Joliet"), Place("80 Oak Ave", "Joliet"), Nearness.SAME_CITY),
        (Place("9 Main St", "Joliet"), Place("9 Main St", "Rockford"), Nearness.ELSEWHERE),
        (Place(None, None, "60614"), Place(None, None, "10001"), Nearness.ELSEWHERE),
        (Place(), Place("9 Main St", "Joliet"), Nearness.UNKNOWN),
    ],
)
def test_two_places_are_as_near_as_people_would_say(one: Place, other: Place, expected: Nearness) -> None:
    assert nearness(place_traits(one), place_traits(other)) is expected
    assert nearness(place_traits(other), place_traits(one)) is expected


@pytest.mark.parametrize("phone", ["(312) 555-0144", "+1 312.555.0144", "3125550144", "1-312-555-0144 x9"])
def test_a_number_is_one_however_it_is_written(phone: str) -> None:
    assert phone_key(phone) == "3125550144"


def test_a_page_on_somebody_elses_site_is_no_site() -> None:
    assert site_key("https://www.clinic.example/about") == site_key("clinic.example")
    assert site_key("https://facebook.com/clinic") == ""
    assert phone_key("911") == ""


def test_the_same_name_in_another_town_is_a_branch_and_in_the_same_town_it_moved() -> None:
    here = employer("Blue Oak Coffee", "1 Main St", "Joliet", phone="815 555 0101")
    there = employer("Blue Oak Coffee", "7 Elm St", "Rockford", phone="779 555 0102")
    moved = employer("Blue Oak Coffee", "99 Lake Ave", "Joliet")
    moved_away = employer("Blue Oak Coffee", "7 Elm St", "Rockford", phone="(815) 555-0101")

    assert not employers(here, there).is_likely
    assert employers(here, moved).reasons == (Reason.SAME_NAME, Reason.MOVED_ADDRESS)
    assert employers(here, moved).is_likely
    assert employers(here, moved_away).is_likely


def test_a_toll_free_number_and_a_common_site_do_not_make_branches_one() -> None:
    one = employer("Blue Oak", "1 Main St", "Joliet", phone="800 555 0101", website="https://blueoak.example")
    other = employer("Blue Oak", "7 Elm St", "Rockford", phone="800 555 0101", website="blueoak.example")

    assert not employers(one, other, namesakes=9).is_likely


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Garcia Landscaping", "Garcia Roofing"),
        ("Public School 118", "Public School 181"),
        ("North Side Clinic", "South Side Clinic"),
        ("Ashland Dental", "Belmont Dental"),
    ],
)
def test_neighbours_with_alike_names_are_not_one(one: str, other: str) -> None:
    assert not employers(
        employer(one, "1 Main St", "Joliet"), employer(other, "9 Oak St", "Joliet")
    ).is_likely


@pytest.mark.parametrize(
    "other",
    [
        "Lopez Bakery & Cafe",
        "Lopes Bakery",
        "Bakery, Lopez",
        "LOPEZ BAKRY",
        "Lopez Family Bakery LLC",
        "Lpz Bakery",
    ],
)
def test_a_name_with_a_slip_at_the_same_address_is_one(other: str) -> None:
    found = employers(
        employer("Lopez Bakery", "1 Main St", "Joliet"), employer(other, "1 Main Street", "Joliet")
    )

    assert found.is_likely
    assert Reason.SAME_ADDRESS in found.reasons


def test_scores_are_symmetric_and_within_bounds() -> None:
    records = [
        employer("Lopez Bakery", "1 Main St", "Joliet"),
        employer("Lopez Bakery & Cafe", None, "Joliet", phone="815 555 0101"),
        employer("***"),
        employer("Blue Oak", "7 Elm St", "Rockford", website="blueoak.example"),
    ]
    for one, other in pairwise([*records, records[0]]):
        assert employers(one, other) == employers(other, one)
        assert 0 <= employers(one, other).score <= 1


def test_one_person_is_known_by_nickname_swapped_names_and_initial() -> None:
    work = UUID(int=7)
    vera = contact("William", "Ortega Ruiz", employer_id=work, phone="312 555 0144")

    for given, family, reason in (
        ("Bill", "Ortega", Reason.NICKNAME),
        ("Ortega", "William", Reason.SWAPPED_NAMES),
        ("W.", "Ortega-Ruiz", Reason.INITIAL),
        ("Wiliam", "Ortega Ruiz", Reason.SIMILAR_NAME),
    ):
        found = contacts(vera, contact(given, family, employer_id=work, phone="+1 (312) 555-0144"))
        assert found.is_likely, (given, family)
        assert reason in found.reasons
    assert contacts(
        contact("Pepe", "Diaz", employer_id=work), contact("José", "Díaz", employer_id=work)
    ).is_likely


def test_a_family_with_one_telephone_is_several_people() -> None:
    work = UUID(int=7)
    found = contacts(
        contact("Maria", "Ortega", phone="312 555 0144", employer_id=work),
        contact("Luis", "Ortega", phone="312 555 0144", employer_id=work),
    )

    assert found.score == 0


def test_a_namesake_elsewhere_is_somebody_else_whatever_their_address_is_made_of() -> None:
    one = contact("Ana", "Lopez", email="ana.lopez@clinic.example", employer_id=UUID(int=1))
    other = contact("Ana", "Lopez", email="ana.lopez@school.example", employer_id=UUID(int=2))
    own_word = contact("Ana", "Lopez", email="anitabonita@gmail.com", employer_id=UUID(int=1))
    her_word = contact("Ana", "Lopez", email="anitabonita@yahoo.com", employer_id=UUID(int=2))

    assert not contacts(one, other).is_likely
    assert contacts(own_word, her_word).is_likely


def test_an_address_tells_how_a_name_is_spelt_and_what_a_short_one_stands_for() -> None:
    right = contact("Matthew", "King", email="kingm@clinic.example", employer_id=UUID(int=1))
    slip = contact("Matthew", "Kng", email="matthew.king@clinic.example", employer_id=UUID(int=1))
    unsaid = contact("Matthew", "Kng", email="mk@clinic.example", employer_id=UUID(int=1))
    called = contact("Minnie", "King", email="wilhelmina.king@gmail.com", phone="312 555 0144")
    papers = contact("Wilhelmina", "King", email="wking@clinic.example", phone="312 555 0144")

    assert contacts(right, slip).is_likely
    assert not contacts(right, unsaid).is_likely
    assert contacts(called, papers).is_likely


def test_swapped_names_are_known_with_a_nickname_or_an_initial_besides() -> None:
    work = UUID(int=7)
    papers = contact("Margaret", "Dalefordhart", employer_id=work)

    for other in (
        contact("Dalefordhart", "Peggy", employer_id=work),
        contact("Dalefordhart", "M", employer_id=work),
    ):
        for found in (contacts(papers, other), contacts(other, papers)):
            assert found.is_likely
            assert Reason.SWAPPED_NAMES in found.reasons


def test_a_rare_name_says_more_than_a_common_one() -> None:
    one = contact_traits(contact("Ana", "Lopez"))

    scores = [score_contacts(one, one, namesakes=number).score for number in (0.01, 0.2, 5.0)]

    assert scores == sorted(scores, reverse=True)
    assert scores[0] > THRESHOLD > scores[-1]


def test_hosts_that_differ_by_a_digit_are_two() -> None:
    one = contact("Omar", "Walker", email="owalker@work54.example")
    other = contact("Omar", "Walker", email="owalker@work34.example")

    assert Reason.SAME_EMAIL not in contacts(one, other).reasons


def test_a_common_word_is_no_key_and_a_common_key_makes_no_quadratic_work() -> None:
    assert not any(
        "clinic" in key.split(":")[1].split(".")
        for key in employer_keys(employer_traits(employer("Lake Clinic", "1 Main St", "Joliet")))
        if key.startswith("c:")
    )
    many = [employer(f"Family Dental {number:04d}", f"{number} Main St", "Joliet") for number in range(1500)]
    twice = employer("Family Dental 0700", "700 Main Street", "Joliet", phone="815 555 0101")

    found = find_employers(
        [
            *many,
            EmployerRecord(UUID(int=2**100), *(getattr(twice, name) for name in ("name", "places", "phone"))),
        ]
    )

    assert [(pair.found.score >= THRESHOLD, pair.right) for pair in found] == [(True, UUID(int=2**100))]


def test_a_contact_without_a_name_has_keys_still() -> None:
    assert contact_keys(contact_traits(ContactRecord(UUID(int=1), None, None, phone="312 555 0144"))) == [
        "p:3125550144"
    ]


_E = EmployerStatus
_C = ContactStatus


@pytest.mark.parametrize(
    ("kept", "lost", "code"),
    [
        (_E.VETTED, _E.PROSPECT, None),
        (_E.PROSPECT, _E.VETTED, "keep_the_other"),
        (_E.VETTED, _E.SUSPENDED, "standings_differ"),
        (_E.PROSPECT, _E.SUSPENDED, "keep_the_other"),
        (_E.SUSPENDED, _E.PROSPECT, None),
        (_E.PROSPECT, _E.ARCHIVED, None),
    ],
)
def test_no_decision_about_a_workplace_is_lost(
    kept: EmployerStatus, lost: EmployerStatus, code: str | None
) -> None:
    if code is None:
        check_employers(kept, lost)
        return
    with pytest.raises(Refused) as refusal:
        check_employers(kept, lost)
    assert refusal.value.code == code


@pytest.mark.parametrize("kept", list(_C))
@pytest.mark.parametrize("lost", list(_C))
def test_nobody_agrees_by_a_merge(kept: ContactStatus, lost: ContactStatus) -> None:
    rank = {_C.PROPOSED: 0, _C.INVITED: 1, _C.CONSENTED: 2, _C.PAUSED: 3}
    may = kept in rank and lost in rank and lost is not _C.INVITED and rank[kept] >= rank[lost]

    if may:
        check_contacts(kept, lost, [])
    else:
        with pytest.raises(Refused):
            check_contacts(kept, lost, [])
    if may and (kept in {_C.CONSENTED, _C.PAUSED}) != (lost in {_C.CONSENTED, _C.PAUSED}):
        with pytest.raises(Refused) as refusal:
            check_contacts(kept, lost, [MergeField.EMAIL])
        assert refusal.value.pointer == "/fields/email"


def test_fields_left_out_stay_those_of_the_kept_one() -> None:
    wanted = {MergeField.PHONE: Side.RIGHT, MergeField.NAME: Side.LEFT}

    assert exchanged(DuplicateKind.EMPLOYER, Side.LEFT, wanted) == [MergeField.PHONE]
    assert exchanged(DuplicateKind.EMPLOYER, Side.RIGHT, wanted) == [MergeField.NAME]
    with pytest.raises(Refused):
        exchanged(DuplicateKind.EMPLOYER, Side.LEFT, {MergeField.EMAIL: Side.LEFT})
