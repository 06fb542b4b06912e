"""Invitations take from the budget of the employer; where there is none left they wait for the next month."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.core import clock
from app.core.jobs import Workshop, working
from app.core.tokens import keyed_hash
from app.domain.local_time import month_after, month_of, starts_at
from app.features.contacts.jobs import sweep
from app.models import Employer
from tests.network import ask, workshop
from tests.world import World

Owner = psycopg.Connection[Any]
ZONE = "America/New_York"


@pytest.fixture
def work(world: World) -> Workshop:
    return workshop(world)


def _next_month() -> datetime:
    return starts_at(month_after(month_of(clock.now(), ZONE)), ZONE)


async def _cap(world: World, cap: int) -> None:
    async with working(world.database, world["lakeside"]) as unit:
        found = await unit.session.get_one(Employer, (world["lakeside"], world["clinic"]))
        found.monthly_contact_cap = cap


async def _suggest(world: World, name: str) -> dict[str, Any]:
    """Let Rosa suggest somebody at the clinic, and Clara screen it; return the connection."""
    person = {"given_name": name, "family_name": "Novak", "email": f"{name.lower()}@clinic.example"}
    made = await world.as_("rosa").post(
        "/v1/connections",
        json={
            "person": person,
            "employer": {"id": str(world["clinic"])},
            "domain": "work",
            "closeness": 2,
            "frequency": 2,
        },
    )
    assert made.status_code == 201, made.text
    screened = await world.as_("clara").post(f"{made.headers['Location']}/screen", version=1)
    assert screened.status_code == 200, screened.text
    found: dict[str, Any] = screened.json()
    return found


def _statuses(owner: Owner) -> list[str]:
    rows = owner.execute(
        "SELECT status FROM contacts WHERE email LIKE '%@clinic.example' ORDER BY id"
    ).fetchall()
    return [status for (status,) in rows if status != "consented"]


async def test_the_invitations_beyond_the_cap_wait(world: World, owner: Owner) -> None:
    await _cap(world, 2)

    shown = [await _suggest(world, name) for name in ("Ana", "Bea", "Cleo")]

    assert _statuses(owner) == ["invited", "invited", "proposed"]
    assert [each["contact_status"] for each in shown] == ["invited", "invited", "proposed"]
    assert owner.execute("SELECT kind, school_id, subject_id FROM employer_asks ORDER BY id").fetchall() == [
        ("invitation", world["north"], UUID(shown[0]["contact_id"])),
        ("invitation", world["north"], UUID(shown[1]["contact_id"])),
    ]
    assert owner.execute("SELECT count(*) FROM mails").fetchone() == (2,)
    assert owner.execute("SELECT invite_at FROM contacts WHERE invite_at IS NOT NULL").fetchall() == [
        (_next_month(),)
    ]


async def test_who_waited_is_invited_when_the_month_turns_as_far_as_that_months_budget_goes(
    world: World, work: Workshop, owner: Owner
) -> None:
    await _cap(world, 1)
    for name in ("Ana", "Bea", "Cleo"):
        await _suggest(world, name)

    before = await sweep(work, world["lakeside"], clock.now() + timedelta(hours=1))
    with clock.frozen(_next_month()):
        done = await asyncio.gather(*(sweep(work, world["lakeside"], clock.now()) for _ in range(3)))

    assert before == 0
    invited = owner.execute("SELECT count(*) FROM contacts WHERE status = 'invited'").fetchone()
    assert invited == (2,)
    assert sum(done) >= 1
    assert owner.execute("SELECT month, asks FROM employer_months ORDER BY month").fetchall() == [
        (month_of(clock.now(), ZONE), 1),
        (_next_month().date(), 1),
    ]
    waiting = owner.execute("SELECT invite_at FROM contacts WHERE status = 'proposed'").fetchall()
    with clock.frozen(_next_month()):
        assert waiting == [(_next_month(),)]


async def test_a_raised_cap_lets_them_go_at_the_next_sweep(
    world: World, work: Workshop, owner: Owner
) -> None:
    await _cap(world, 1)
    for name in ("Ana", "Bea"):
        await _suggest(world, name)
    clinic = await world.as_("clara").get(f"/v1/employers/{world['clinic']}")
    version = clinic.json()["version"]

    changed = await world.as_("clara").patch(
        f"/v1/employers/{world['clinic']}", json={"monthly_contact_cap": 2}, version=version
    )
    done = await sweep(work, world["lakeside"], clock.now())

    assert changed.status_code == 200, changed.text
    assert done == 1
    assert _statuses(owner) == ["invited", "invited"]


async def test_who_is_let_go_while_they_wait_is_erased_and_never_invited(
    world: World, work: Workshop, owner: Owner
) -> None:
    await _cap(world, 0)
    shown = await _suggest(world, "Ana")

    answer = await world.as_("rosa").post(f"/v1/connections/{shown['id']}/withdraw", version=shown["version"])
    with clock.frozen(_next_month()):
        done = await sweep(work, world["lakeside"], clock.now())

    assert answer.status_code == 200, answer.text
    assert done == 0
    found = owner.execute(
        "SELECT status, email, invite_at FROM contacts WHERE erased_at IS NOT NULL"
    ).fetchall()
    assert found == [("erased", None, None)]
    assert owner.execute("SELECT count(*) FROM mails").fetchone() == (0,)


async def test_a_suppressed_address_takes_its_turn_like_any_other(world: World, owner: Owner) -> None:
    owner.execute(
        "INSERT INTO suppressions (address_hash, created_at) VALUES (%s, now())",
        (keyed_hash(world.app.state.hash_key, "ana@clinic.example"),),
    )
    await _cap(world, 1)

    suppressed = await _suggest(world, "Ana")
    other = await _suggest(world, "Bea")

    assert (suppressed["contact_status"], other["contact_status"]) == ("invited", "proposed")
    assert owner.execute("SELECT asks FROM employer_months").fetchall() == [(1,)]


async def test_a_person_without_a_workplace_takes_from_nobodys_budget(world: World, owner: Owner) -> None:
    asked = await ask(world)

    assert asked.id is not None
    assert owner.execute("SELECT count(*) FROM employer_asks").fetchone() == (0,)


async def test_a_workplace_named_later_counts_as_well(world: World, owner: Owner) -> None:
    await _cap(world, 0)
    person = {"given_name": "Ana", "family_name": "Novak", "email": "ana@clinic.example"}
    common = {"person": person, "domain": "work", "closeness": 2, "frequency": 2}
    first = await world.as_("rosa").post("/v1/connections", json=common)
    await world.as_("ada").post("/v1/connections", json={**common, "employer": {"id": str(world["clinic"])}})

    screened = await world.as_("clara").post(f"{first.headers['Location']}/screen", version=1)

    assert screened.json()["contact_status"] == "proposed"
    assert owner.execute("SELECT count(*) FROM mails").fetchone() == (0,)
