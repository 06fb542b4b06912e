"""Two rows made one, over every table there is: nothing points at what was merged away, and undoing gives it all back."""

from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import working
from app.domain.duplicates.lives import DuplicateKind
from app.features.merges.queries import _unique_keys, pointers
from app.models import Base, DuplicatePair, EmployerAsk, EmployerMonth, Membership, Tie
from tests.world import World

pytest_plugins = ("tests.furnished",)

# What is the machinery's own, says that something happened, or is made anew from the rest.
_NOT_COMPARED = {
    "events",
    "deliveries",
    "stored_answers",
    "merges",
    "rate_limits",
    "match_keys",
    "connection_fields",
}
_BOOKKEEPING = {"version", "updated_at", "keyed_at"}


def content(owner: psycopg.Connection[Any]) -> dict[str, dict[str, Any]]:
    found = {}
    for name in Base.metadata.tables:
        if name in _NOT_COMPARED:
            continue
        rows = owner.execute(f'SELECT row_to_json(t) FROM "{name}" t'.encode()).fetchall()
        found[name] = {
            str(row.get("id", number)): {key: value for key, value in row.items() if key not in _BOOKKEEPING}
            for number, (row,) in enumerate(rows)
        }
    return found


def pointing_at(owner: psycopg.Connection[Any], kind: DuplicateKind, lost: UUID) -> dict[str, int]:
    found = {}
    for pointer in pointers(kind):
        statement = f'SELECT count(*) FROM "{pointer.table.name}" WHERE "{pointer.column}" = %s'
        ((number,),) = owner.execute(statement.encode(), (lost,)).fetchall()
        if number:
            found[pointer.name] = number
    return found


async def paired(world: World, kind: DuplicateKind, one: str, other: str) -> dict[str, Any]:
    left, right = sorted((world[one], world[other]))
    if {one, other} == {"aunt", "uncle"} and "south_contact_pair" in world.ids:
        return {"id": world["south_contact_pair"], "left": left, "right": right}
    pair_id = new_id()
    async with working(world.database, world["lakeside"]) as unit:
        unit.session.add(
            DuplicatePair(
                tenant_id=world["lakeside"],
                id=pair_id,
                kind=kind,
                left_id=left,
                right_id=right,
                score=0.9,
                reasons=["same_name"],
            )
        )
    return {"id": pair_id, "left": left, "right": right}


def side(pair: dict[str, Any], keep: UUID) -> str:
    return "left" if pair["left"] == keep else "right"


async def colliding(world: World) -> None:
    """Give both employers, and both contacts, rows that cannot stand beside each other."""
    month = date(2026, 11, 1)
    async with working(world.database, world["lakeside"]) as unit:
        common: dict[str, Any] = {"tenant_id": world["lakeside"]}
        for employer in ("clinic", "library"):
            unit.session.add(EmployerMonth(employer_id=world[employer], month=month, asks=1, **common))
            unit.session.add(
                EmployerAsk(
                    employer_id=world[employer],
                    month=month,
                    kind="invitation",
                    asked_at=clock.now(),
                    **common,
                )
            )
        unit.session.add(
            Membership(person_id=world["sam"], role="supervisor", employer_id=world["library"], **common)
        )
        for contact in ("aunt", "uncle"):
            unit.session.add(
                Tie(
                    student_id=world["ines"],
                    contact_id=world[contact],
                    origin="introduction",
                    formed_on=month,
                    last_confirmed_on=month,
                    strength=10,
                    uses=0,
                    entries=0,
                    **common,
                )
            )


@pytest.mark.parametrize(
    ("kind", "kept", "lost", "fields"),
    [
        ("employer", "clinic", "library", ["name", "website"]),
        ("employer", "library", "clinic_two", []),
        ("contact", "aunt", "uncle", ["given_name", "email", "employer_id"]),
        ("contact", "uncle", "aunt", []),
    ],
)
async def test_a_merge_leaves_nothing_dangling_and_its_undoing_nothing_changed(
    kind: str, kept: str, lost: str, fields: list[str], fresh: World, owner: psycopg.Connection[Any]
) -> None:
    world, noun = fresh, DuplicateKind(kind)
    await colliding(world)
    pair = await paired(world, noun, kept, lost)
    before = content(owner)
    assert pointing_at(owner, noun, world[lost])
    ellis, other = world.as_("ellis"), "right" if side(pair, world[kept]) == "left" else "left"
    body = {"keep": side(pair, world[kept]), "fields": dict.fromkeys(fields, other)}

    merged = await ellis.post(f"/v1/duplicates/{pair['id']}/merge", json=body, version=1)

    assert merged.status_code == 200, merged.text
    assert merged.json()["kept_id"] == str(world[kept])
    assert merged.json()["exchanged"] == fields
    assert pointing_at(owner, noun, world[lost]) == {}
    during = content(owner)
    gone = {name for name, rows in before.items() if rows.keys() - during[name].keys()}
    assert gone == ({"employer_months", "memberships"} if (kept, lost) == ("clinic", "library") else set())

    undone = await ellis.post(f"/v1/merges/{merged.json()['id']}/undo", version=1)

    assert undone.status_code == 200, undone.text
    assert undone.json()["status"] == "undone"
    after = content(owner)
    # Who was asked for the one, or waited for either, is not asked again: neither by the merge nor by its undoing.
    for hop in before["introduction_hops"].values():
        waits = hop["kind"] == "contributor" or hop["status"] == "reserved"
        if hop["contact_id"] == str(world[lost]) or (hop["contact_id"] == str(world[kept]) and waits):
            hop["status"] = "ended" if hop["status"] in {"reserved", "asked"} else hop["status"]
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}


async def test_counters_of_asks_are_added_up_and_told_apart_again(
    fresh: World, owner: psycopg.Connection[Any]
) -> None:
    world = fresh
    await colliding(world)
    pair = await paired(world, DuplicateKind.EMPLOYER, "clinic", "library")
    counted = "SELECT employer_id, asks FROM employer_months ORDER BY employer_id"
    body = {"keep": side(pair, world["clinic"])}

    merged = await world.as_("ellis").post(f"/v1/duplicates/{pair['id']}/merge", json=body, version=1)

    assert owner.execute(counted).fetchall() == [(world["clinic"], 2)]
    await world.as_("ellis").post(f"/v1/merges/{merged.json()['id']}/undo", version=1)
    assert sorted(owner.execute(counted).fetchall()) == sorted([(world["clinic"], 1), (world["library"], 1)])


async def test_what_came_since_stays_with_the_one_that_was_kept(
    fresh: World, owner: psycopg.Connection[Any]
) -> None:
    world = fresh
    pair = await paired(world, DuplicateKind.EMPLOYER, "clinic", "library")
    merged = await world.as_("ellis").post(
        f"/v1/duplicates/{pair['id']}/merge", json={"keep": side(pair, world["clinic"])}, version=1
    )
    offer = {"employer": {"name": "The Library"}, "domain": "friends", "closeness": 1, "frequency": 1}
    made = await world.as_("ada").post("/v1/connections", json=offer)

    assert made.json()["employer_id"] == str(world["clinic"]), made.text
    await world.as_("ellis").post(f"/v1/merges/{merged.json()['id']}/undo", version=1)

    found = owner.execute(
        "SELECT employer_id FROM connections WHERE id = %s", (made.json()["id"],)
    ).fetchone()
    assert found == (world["clinic"],)


def test_rows_that_cannot_stay_are_not_pointed_at_by_others() -> None:
    # Such a row is deleted until the merge is undone; whatever pointed at it would dangle or forbid it.
    pointed_at = {
        constraint.referred_table.name
        for table in Base.metadata.tables.values()
        for constraint in table.foreign_key_constraints
    }
    unique_over = {
        pointer.table.name
        for kind in DuplicateKind
        for pointer in pointers(kind)
        for names, _, _ in _unique_keys(pointer.table)
        if pointer.column in names
    }

    assert unique_over == {"employer_months", "mails", "memberships", "speed_seats", "ties"}
    assert {name for name in unique_over & pointed_at if "twin" not in Base.metadata.tables[name].c} == set()
