"""What a roster changes, and what it may not touch."""

from datetime import date
from uuid import UUID, uuid4

from app.domain.advising import ClassMember, advisory_pairs
from app.domain.roster_changes import (
    MembershipChanges,
    Place,
    Row,
    Stored,
    StoredLink,
    StoredMembership,
    compare,
    compare_links,
    ending,
)

ANA, BO, NORTH, SOUTH = (uuid4() for _ in range(4))
TEACHES: Place = (ANA, "advisor", NORTH)
NEVER = ending(False, frozenset(), frozenset())
ALWAYS = ending(True, frozenset(), frozenset())


def _membership(
    *sourced_ids: str, by_roster: bool = True, live: bool = True, ended_by_roster: bool = False
) -> StoredMembership:
    return StoredMembership(
        uuid4(), TEACHES, None, None, frozenset(sourced_ids), by_roster, live, ended_by_roster
    )


def _row(sourced_id: str, begins_on: date | None = None, ends_on: date | None = None) -> Row:
    return Row(sourced_id, TEACHES, begins_on, ends_on)


def test_only_what_differs_is_written() -> None:
    stored = {key: Stored(uuid4(), (key,), live=key != "back") for key in ("same", "other", "gone", "back")}

    changes = compare(
        stored, {"same": ("same",), "other": ("new",), "back": ("back",), "fresh": ("x",)}, ALWAYS
    )

    assert list(changes.new) == ["fresh"]
    assert set(changes.changed) == {stored["other"].id, stored["back"].id}
    assert changes.ended == [stored["gone"].id]
    assert changes.effect.unchanged == 1


def test_absence_ends_in_bulk_only_and_never_what_could_not_be_read() -> None:
    bulk, delta = (
        ending(True, frozenset(), frozenset({"held"})),
        ending(False, frozenset({"named"}), frozenset()),
    )

    assert [bulk("absent"), bulk("held"), delta("absent"), delta("named")] == [True, False, False, True]


def test_two_rows_for_one_place_are_one_membership_over_both_times() -> None:
    changes = MembershipChanges([])

    merged = changes.take(
        [_row("a", date(2026, 8, 1), date(2026, 12, 1)), _row("b", date(2026, 9, 1), date(2027, 6, 1))],
        ALWAYS,
    )

    new, _, _ = changes.result()
    assert merged == 1
    assert new[TEACHES].columns() == {
        "sourced_ids": ["a", "b"],
        "begins_on": date(2026, 8, 1),
        "ends_on": date(2027, 6, 1),
    }


def test_a_membership_ends_with_the_last_row_that_gives_it() -> None:
    both = _membership("a", "b")

    one_left, none_left = MembershipChanges([both]), MembershipChanges([both])
    one_left.take([], ending(False, frozenset({"a"}), frozenset()))
    none_left.take([], ending(False, frozenset({"a", "b"}), frozenset()))

    assert one_left.result()[2] == []
    assert none_left.result()[2] == [both.id]


def test_a_row_that_moves_to_another_school_takes_its_role_along() -> None:
    before = _membership("a")
    changes = MembershipChanges([before])

    changes.take([Row("a", (ANA, "advisor", SOUTH), None, None)], NEVER)

    new, _, ended = changes.result()
    assert list(new) == [(ANA, "advisor", SOUTH)]
    assert ended == [before.id]


def test_what_staff_gave_or_ended_stands() -> None:
    given = MembershipChanges([_membership(by_roster=False)])
    taken = MembershipChanges([_membership("a", live=False)])
    lapsed = MembershipChanges([_membership("a", live=False, ended_by_roster=True)])

    for changes in (given, taken, lapsed):
        changes.take([_row("a")], ALWAYS)

    assert (given.result()[0], given.result()[2]) == ({}, [])
    assert taken.result()[0] == {}
    assert taken.effect.kept == 1
    assert list(lapsed.result()[0]) == [TEACHES]


def test_a_guardian_has_a_place_for_as_long_as_a_child_is_there() -> None:
    place: Place = (BO, "guardian", NORTH)
    first = MembershipChanges([])
    first.derive({place: "agent:bo@north"})
    new, _, _ = first.result()
    stored = StoredMembership(
        uuid4(), place, None, None, frozenset(new[place].sourced_ids), True, True, False
    )

    again, later = MembershipChanges([stored]), MembershipChanges([stored])
    again.take([], ALWAYS)
    again.derive({place: "agent:bo@north"})
    later.derive({})

    assert again.result() == ({}, [], [])
    assert later.result()[2] == [stored.id]


def test_links_that_staff_made_or_ended_are_left_alone() -> None:
    def link(*, by_roster: bool, live: bool, ended_by_roster: bool = False) -> StoredLink:
        return StoredLink(uuid4(), "parent", by_roster, live, ended_by_roster)

    people = [uuid4() for _ in range(5)]
    made, ended, lapsed, dropped = (
        link(by_roster=False, live=True),
        link(by_roster=True, live=False),
        link(by_roster=True, live=False, ended_by_roster=True),
        link(by_roster=True, live=True),
    )
    stored = {
        (ANA, person): held for person, held in zip(people, (made, ended, lapsed, dropped), strict=False)
    }

    changes = compare_links(
        stored, {(ANA, person): "parent" for person in (people[1], people[2], people[4])}, lambda _: True
    )

    assert list(changes.new) == [(ANA, people[4])]
    assert list(changes.changed) == [lapsed.id]
    assert changes.ended == [dropped.id]
    assert changes.live == {(ANA, people[0]), (ANA, people[2]), (ANA, people[4])}
    assert changes.effect.kept == 1


def _class(kind: str, school: UUID, *members: tuple[UUID, str]) -> list[ClassMember]:
    class_id = uuid4()
    return [ClassMember(class_id, kind, school, person, role) for person, role in members]


def test_homerooms_say_who_advises_and_where_there_are_none_every_class_does() -> None:
    cole, ibarra, mia, noa = (uuid4() for _ in range(4))

    pairs = advisory_pairs(
        [
            *_class("homeroom", NORTH, (cole, "teacher"), (mia, "student")),
            *_class("scheduled", NORTH, (ibarra, "teacher"), (mia, "student")),
            *_class("scheduled", SOUTH, (ibarra, "teacher"), (noa, "student"), (cole, "other")),
        ]
    )

    assert pairs == {(cole, mia): NORTH, (ibarra, noa): SOUTH}


def test_nobody_advises_themselves() -> None:
    assert advisory_pairs(_class("homeroom", NORTH, (ANA, "teacher"), (ANA, "student"))) == {}
