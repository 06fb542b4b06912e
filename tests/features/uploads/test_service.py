"""Files that were sent in forget whom the service forgets."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.core.jobs import Workshop, working
from app.features.contacts.jobs import sweep
from app.features.imports.jobs import run_import
from app.features.uploads.service import forget_contact
from tests.network import holding
from tests.world import World

Owner = psycopg.Connection[Any]

HEADER = "given name,family name,email,job title,employer,basis,note\n"
VERA = "Zenobia,Quillfeather,Zenobia@Hospital.example,Night nurse,Lake Hospital,public_listing,sings alto\n"
BROKEN = "Zenobia,Quillfeather,,Night nurse,Lake Hospital,public_listing,\n"
OTHER = "Paul,Price,paul@garage.example,,Garage,public_listing,\n"
TRACES = ("zenobia", "quillfeather", "night nurse", "sings alto")


async def _import(world: World, workshop: Workshop, data: bytes, **params: Any) -> UUID:
    sent = await world.as_("clara").post(
        "/v1/imports/connections",
        content=data,
        params={"dry_run": False, "file_name": "quillfeather.csv", **params},
        headers={"Content-Type": "text/csv"},
    )
    assert sent.status_code == 202, sent.text
    import_id = UUID(sent.json()["id"])
    await run_import(workshop, world["lakeside"], import_id)
    return import_id


def _bytes_kept(owner: Owner) -> list[bool]:
    return [kept for (kept,) in owner.execute("SELECT data IS NOT NULL FROM uploads ORDER BY id").fetchall()]


async def test_who_declines_is_gone_from_the_file_she_came_in(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await _import(world, workshop, (HEADER + VERA + BROKEN).encode())
    await _import(world, workshop, (HEADER + OTHER).encode(), file_name="others.csv")
    ((connection_id, version),) = owner.execute(
        "SELECT c.id, c.version FROM connections c JOIN contacts k ON k.id = c.contact_id"
        " WHERE k.given_name = 'Zenobia'"
    ).fetchall()
    assert holding(owner, *TRACES) != {}

    rejected = await world.as_("clara").post(
        f"/v1/connections/{connection_id}/reject", version=version, json={"reason": "not for our students"}
    )

    assert rejected.status_code == 200, rejected.text
    assert holding(owner, *TRACES) == {}
    assert _bytes_kept(owner) == [False, True]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
async def test_a_file_that_was_only_tried_forgets_her_too(
    world: World, workshop: Workshop, owner: Owner, encoding: str
) -> None:
    await _import(world, workshop, (HEADER + VERA + BROKEN).encode(encoding), dry_run=True)
    made = await world.as_("rosa").post(
        "/v1/connections",
        json={
            "person": {"given_name": "Z", "family_name": "Q", "email": "zenobia@hospital.example"},
            "domain": "club",
            "closeness": 2,
            "frequency": 2,
        },
    )

    withdrawn = await world.as_("rosa").post(f"{made.headers['Location']}/withdraw", version=1)

    assert withdrawn.status_code == 200, withdrawn.text
    assert holding(owner, *TRACES) == {}
    assert _bytes_kept(owner) == [False]


async def test_what_was_erased_is_said_when_its_rows_are_asked_for(world: World, workshop: Workshop) -> None:
    import_id = await _import(world, workshop, (HEADER + VERA + BROKEN).encode())
    async with working(world.database, world["lakeside"]) as unit:
        done = await forget_contact(
            unit.session, world["lakeside"], world["cousin"], address="zenobia@hospital.example"
        )
    clara = world.as_("clara")

    rejected = await clara.get(f"/v1/imports/{import_id}/rejected.csv", params={"file": "connections.csv"})
    report = await clara.get(f"/v1/imports/{import_id}/rows")

    assert done == 1
    assert rejected.status_code == 410
    assert [each["code"] for each in report.json()["items"]] == ["person_incomplete"]


async def test_rosters_are_left_alone(world: World, owner: Owner) -> None:
    sent = await world.as_("ellis").post(
        "/v1/imports/roster", content=b"vera@clinic.example", headers={"Content-Type": "application/zip"}
    )
    async with working(world.database, world["lakeside"]) as unit:
        done = await forget_contact(
            unit.session, world["lakeside"], world["cousin"], address="vera@clinic.example"
        )

    assert sent.status_code == 202
    assert done == 0
    assert _bytes_kept(owner) == [True]


async def test_an_answer_that_never_comes_erases_the_file_as_well(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await _import(world, workshop, (HEADER + VERA).encode())
    ((connection_id,),) = owner.execute(
        "SELECT c.id FROM connections c WHERE c.import_id IS NOT NULL"
    ).fetchall()
    await world.as_("clara").post(f"/v1/connections/{connection_id}/screen", version=1)
    ((due,),) = owner.execute("SELECT answer_due_at FROM contacts WHERE given_name = 'Zenobia'").fetchall()

    await sweep(workshop, world["lakeside"], due)

    assert holding(owner, *TRACES) == {}
