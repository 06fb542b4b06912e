"""What events and the clock write into the ledger of ties."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import select

from app.core import clock
from app.core.events import SYSTEM, write
from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.core.tables import Event
from app.domain.tie import End, TieEnd, TieEntryKind, TieEvidence, TieOrigin
from app.features.tie_ledger import service as ledger
from app.features.tie_ledger.service import Shown
from app.features.ties import jobs, service
from app.features.ties.jobs import sweep
from app.models import Meeting
from tests.draining import Drain
from tests.features.ties.ledger import check_folds, history, share_a_home
from tests.world import World

LATER = timedelta(days=2)
Act = Callable[..., Awaitable[None]]


@pytest.fixture
def act(world: World, drain: Drain) -> Act:
    """Let somebody act on one thing, and let what follows be delivered."""

    async def acting(who: str, path: str, version: int, **body: Any) -> None:
        options = {"json": body} if body else {}
        answer = await world.as_(who).post(path, version=version, **options)
        assert answer.status_code == 200, answer.text
        await drain()

    return acting


@pytest.fixture
async def frozen(world: World, workshop: Workshop) -> World:
    """The town with Leo and his mother Rosa in one home, and every intake frozen."""
    await share_a_home(world, "rosa", "leo")
    await sweep(workshop, world["lakeside"], clock.now() + LATER)
    return world


async def offer(world: World, who: str, **body: Any) -> dict[str, Any]:
    """Let somebody offer a workplace."""
    answer = await world.as_(who).post(
        "/v1/connections",
        json={
            "employer": {"name": "Corner Bakery"},
            "domain": "friends",
            "closeness": 2,
            "frequency": 2,
            **body,
        },
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_placement_forms_a_tie_to_the_supervisors_and_its_completion_strengthens_it(
    world: World, act: Act, owner: psycopg.Connection[Any]
) -> None:
    path = f"/v1/placements/{world['leo_placement']}"

    await act("clara", f"{path}/clear", 1)
    before = history(owner, world["leo"], world["sam"])
    await act("ada", f"{path}/activate", 2)
    begun = history(owner, world["leo"], world["sam"])
    await act("ada", f"{path}/complete", 3)

    assert before == []
    assert begun == ["placement", "formed"]
    assert history(owner, world["leo"], world["sam"]) == ["placement", "formed", "strengthened"]
    strength = owner.execute("SELECT strength FROM ties WHERE person_id = %s", [world["sam"]]).fetchone()
    assert strength == (65,)
    assert check_folds(owner) >= 1


async def test_without_supervisors_the_tie_is_to_the_contact_and_without_one_to_the_workplace(
    world: World, act: Act, owner: psycopg.Connection[Any]
) -> None:
    path = f"/v1/placements/{world['leo_placement']}"
    owner.execute("UPDATE memberships SET ended_at = now() WHERE role = 'supervisor'")
    owner.execute(
        "UPDATE placements SET connection_id = %s WHERE id = %s",
        [world["cousin_connection"], world["leo_placement"]],
    )
    await act("clara", f"{path}/clear", 1)

    await act("ada", f"{path}/activate", 2)
    owner.execute("UPDATE placements SET connection_id = NULL")
    await act("ada", f"{path}/complete", 3)

    assert history(owner, world["leo"], world["cousin"]) == ["placement", "formed", "strengthened"]
    assert history(owner, world["leo"], world["clinic"]) == ["employer", "formed", "strengthened"]
    check_folds(owner)


async def test_whoever_did_not_come_has_no_tie_left_but_one_that_something_else_shows_stays(
    world: World, act: Act, owner: psycopg.Connection[Any]
) -> None:
    path = f"/v1/placements/{world['leo_placement']}"
    await act("clara", f"{path}/clear", 1)
    await act("ada", f"{path}/activate", 2)

    await act("ada", f"{path}/record_no_show", 3, reason="He was never there.")

    assert history(owner, world["leo"], world["sam"]) == ["placement", "formed", "ended"]
    row = owner.execute("SELECT strength, ended_on IS NULL, fades_on FROM ties").fetchone()
    assert row == (0, False, None)
    check_folds(owner)


async def test_landing_uses_the_ties_through_which_the_opportunity_came(
    world: World, act: Act, owner: psycopg.Connection[Any]
) -> None:
    async with working(world.database, world["lakeside"]) as unit:
        for student, end in (("leo", "cousin"), ("maya", "cousin")):
            await ledger.form(
                unit.session,
                world["lakeside"],
                world[student],
                End(TieEnd.CONTACT, world[end]),
                TieOrigin.INTRODUCTION,
                Shown(clock.now(), TieEvidence.INTRODUCTION, new_id()),
            )
    path = f"/v1/pursuits/{world['leo_pursuit']}"
    await act("clara", f"{path}/approve", 1, expires_on=(clock.now() + timedelta(days=9)).date().isoformat())

    await act("leo", f"{path}/land", 2)

    assert history(owner, world["leo"], world["cousin"]) == ["introduction", "formed", "used"]
    assert history(owner, world["maya"], world["cousin"]) == ["introduction", "formed"]
    check_folds(owner)


async def test_a_meeting_forms_a_tie_to_the_contact(
    world: World, act: Act, owner: psycopg.Connection[Any]
) -> None:
    introduction_id = new_id()
    owner.execute(
        "INSERT INTO introductions (tenant_id, id, created_at, updated_at, version, status, student_id, school_id, field,"
        " slot, agreed_at) VALUES (%s, %s, now(), now(), 1, 'agreed', %s, %s, 'nurse', 1, now())",
        (world["lakeside"], introduction_id, world["maya"], world["north"]),
    )
    async with working(world.database, world["lakeside"]) as unit:
        unit.session.add(
            Meeting(
                tenant_id=world["lakeside"],
                introduction_id=introduction_id,
                student_id=world["maya"],
                school_id=world["north"],
                contact_id=world["cousin"],
                contributor_id=world["ada"],
                connection_id=world["cousin_connection"],
            )
        )
        await service.form_with_advisors(unit.session, world["lakeside"], clock.now(), limit=9)

    await act("ada", f"/v1/introductions/{introduction_id}/record_met", 1)

    assert history(owner, world["maya"], world["cousin"]) == ["introduction", "formed"]
    assert history(owner, world["maya"], world["ada"]) == ["staff", "formed", "used"]
    check_folds(owner)


async def test_an_advisor_is_tied_to_whoever_they_follow(
    world: World, act: Act, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    body = {
        "advisor_id": str(world["ada"]),
        "student_id": str(world["maya"]),
        "school_id": str(world["north"]),
    }
    await act("clara", f"/v1/advisor_links/{world['ada_maya']}/end", 1, reason="A change.")

    made = await world.as_("clara").post("/v1/advisor_links", json=body)
    await drain()

    assert made.status_code == 201
    assert history(owner, world["maya"], world["ada"]) == ["staff", "formed"]
    check_folds(owner)


async def test_the_clock_ties_advisors_whom_a_roster_brought(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    for _ in range(2):
        await sweep(workshop, world["lakeside"], clock.now())

    assert history(owner, world["leo"], world["ada"]) == ["staff", "formed"]
    assert history(owner, world["maya"], world["ada"]) == ["staff", "formed"]
    assert history(owner, world["ines"], world["ben"]) == ["staff", "formed"]
    assert check_folds(owner) == 3


async def test_what_the_family_brought_before_is_inherited_and_frozen_once(
    frozen: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    await sweep(workshop, frozen["lakeside"], clock.now() + LATER)

    assert history(owner, frozen["leo"], frozen["cousin"]) == ["inherited", "formed"]
    assert history(owner, frozen["maya"], frozen["cousin"]) == []
    frozen_rows = owner.execute("SELECT student_id, ties FROM student_intakes").fetchall()
    assert sorted(frozen_rows) == sorted([(frozen["leo"], 1), (frozen["maya"], 0), (frozen["ines"], 0)])
    came_with = owner.execute(
        "SELECT ties.student_id, ties.contact_id FROM ties JOIN tie_entries ON tie_entries.tie_id = ties.id"
        " WHERE tie_entries.origin = 'inherited' AND tie_entries.kind = 'formed'"
    ).fetchall()
    assert came_with == [(frozen["leo"], frozen["cousin"])]
    check_folds(owner)


@pytest.mark.parametrize(("seconds", "first"), [(40, 3), (0, 1)])
async def test_a_sweep_freezes_while_it_has_time_and_the_next_one_goes_on(
    seconds: int,
    first: int,
    world: World,
    workshop: Workshop,
    owner: psycopg.Connection[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "_STUDENTS_AT_ONCE", 1)
    monkeypatch.setattr(jobs, "_FREEZES_FOR", timedelta(seconds=seconds))
    found: list[int] = []

    for _ in range(4):
        await sweep(workshop, world["lakeside"], clock.now() + LATER)
        found += owner.execute("SELECT count(*) FROM student_intakes").fetchone() or ()

    assert found == [min(first * sweeps, 3) for sweeps in (1, 2, 3, 4)]
    assert history(owner, world["leo"], world["cousin"]) == ["inherited", "formed"]
    check_folds(owner)


async def test_a_family_that_the_guardian_links_join_is_inherited_from(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    await sweep(workshop, world["lakeside"], clock.now() + LATER)

    assert history(owner, world["leo"], world["cousin"]) == ["inherited", "formed"]
    assert history(owner, world["maya"], world["cousin"]) == []


async def test_what_a_guardian_who_is_linked_later_brings_is_household(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("UPDATE guardian_links SET ended_at = now() WHERE id = %s", [world["rosa_leo"]])
    await sweep(workshop, world["lakeside"], clock.now() + LATER)
    before = history(owner, world["leo"], world["cousin"])

    owner.execute(
        "UPDATE guardian_links SET ended_at = NULL, updated_at = now() WHERE id = %s", [world["rosa_leo"]]
    )
    for _ in range(2):
        await sweep(workshop, world["lakeside"], clock.now())

    assert before == []
    assert history(owner, world["leo"], world["cousin"]) == ["household", "formed"]
    assert owner.execute("SELECT sum(ties) FROM student_intakes").fetchone() == (0,)
    check_folds(owner)


async def test_nobody_is_frozen_before_a_day_has_passed(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    await sweep(workshop, world["lakeside"], clock.now())

    assert owner.execute("SELECT count(*) FROM student_intakes").fetchone() == (0,)


async def test_what_the_family_brings_later_is_household_and_never_inherited(
    frozen: World, workshop: Workshop, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    made = await offer(frozen, "rosa")
    await drain()
    await sweep(workshop, frozen["lakeside"], clock.now() + LATER)

    employer = UUID(made["employer_id"])
    assert history(owner, frozen["leo"], employer) == ["household", "formed"]
    assert history(owner, frozen["maya"], employer) == []
    assert owner.execute(
        "SELECT ties FROM student_intakes WHERE student_id = %s", [frozen["leo"]]
    ).fetchone() == (1,)
    assert owner.execute("SELECT count(*) FROM ties WHERE origin = 'inherited'").fetchone() == (1,)
    check_folds(owner)


async def test_a_connection_before_the_freeze_is_left_to_the_freeze(
    world: World, workshop: Workshop, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    await share_a_home(world, "rosa", "leo")
    made = await offer(world, "leo")
    await drain()
    before = history(owner, world["leo"], UUID(made["employer_id"]))

    await sweep(workshop, world["lakeside"], clock.now() + LATER)

    assert before == []
    assert history(owner, world["leo"], UUID(made["employer_id"])) == ["inherited", "formed"]


async def test_a_tie_of_the_family_ends_with_its_last_connection(
    frozen: World, act: Act, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    first = await offer(frozen, "rosa")
    second = await offer(frozen, "leo")
    await drain()
    employer = UUID(first["employer_id"])
    assert second["employer_id"] == first["employer_id"]

    await act("rosa", f"/v1/connections/{first['id']}/withdraw", 1)
    between = history(owner, frozen["leo"], employer)
    await act("leo", f"/v1/connections/{second['id']}/withdraw", 1)

    assert between == ["household", "formed", "formed"]
    assert history(owner, frozen["leo"], employer) == ["household", "formed", "formed", "ended"]
    check_folds(owner)


async def test_when_a_contact_leaves_every_tie_to_them_ends_and_the_ids_stay(
    frozen: World, owner: psycopg.Connection[Any]
) -> None:
    event = await _happened(frozen, "contact.close", frozen["cousin"])

    for _ in range(2):
        async with working(frozen.database, frozen["lakeside"]) as unit:
            await service.consume(unit.session, event)

    assert history(owner, frozen["leo"], frozen["cousin"]) == ["inherited", "formed", "ended"]
    assert owner.execute("SELECT contact_id, strength FROM ties WHERE contact_id IS NOT NULL").fetchall() == [
        (frozen["cousin"], 0)
    ]
    check_folds(owner)


async def test_time_fades_a_tie_unless_something_still_stands(
    frozen: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("UPDATE connections SET status = 'withdrawn' WHERE id = %s", [frozen["cousin_connection"]])

    in_a_year = clock.now() + LATER + timedelta(days=366)
    for _ in range(2):
        await sweep(workshop, frozen["lakeside"], in_a_year)

    assert history(owner, frozen["leo"], frozen["cousin"]) == ["inherited", "formed", "faded"]
    assert history(owner, frozen["leo"], frozen["ada"]) == ["staff", "formed", "confirmed"]
    strengths = owner.execute("SELECT origin, strength FROM ties ORDER BY origin, id").fetchall()
    assert strengths == [("inherited", 20), ("staff", 30), ("staff", 30), ("staff", 30)]
    check_folds(owner)


async def test_those_who_were_here_before_the_ledger_get_their_history(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    owner.execute(
        "UPDATE placements SET status = 'completed', cleared_at = created_at, ended_at = now() WHERE id = %s",
        [world["leo_placement"]],
    )

    for _ in range(2):
        await sweep(workshop, world["lakeside"], clock.now() + LATER)

    assert history(owner, world["leo"], world["sam"]) == ["placement", "formed", "strengthened"]
    check_folds(owner)


async def test_events_delivered_again_change_nothing(
    frozen: World, act: Act, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    path = f"/v1/placements/{frozen['leo_placement']}"
    await act("clara", f"{path}/clear", 1)
    await act("ada", f"{path}/activate", 2)
    await act("ada", f"{path}/complete", 3)
    await offer(frozen, "rosa")
    await drain()
    before = owner.execute("SELECT * FROM tie_entries ORDER BY id").fetchall()

    async with working(frozen.database, frozen["lakeside"]) as unit:
        for event in await _events(unit.session):
            await service.consume(unit.session, event)

    assert len(before) >= 6
    assert owner.execute("SELECT * FROM tie_entries ORDER BY id").fetchall() == before


async def test_many_writers_at_once_number_the_entries_without_a_gap(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    end = End(TieEnd.PERSON, world["sam"])

    async def one(number: int) -> None:
        async with working(world.database, world["lakeside"]) as unit:
            shown = Shown(clock.now(), TieEvidence.PLACEMENT, new_id(), new_id())
            await ledger.form(unit.session, world["lakeside"], world["leo"], end, TieOrigin.PLACEMENT, shown)
            (tie,) = await ledger.tied_to(unit.session, world["lakeside"], ends=[end])
            kind = TieEntryKind.USED if number % 2 else TieEntryKind.STRENGTHENED
            await ledger.note(unit.session, world["lakeside"], tie, kind, shown)

    await asyncio.gather(*(one(number) for number in range(16)))

    assert owner.execute("SELECT entries, uses FROM ties").fetchall() == [(32, 8)]
    assert check_folds(owner) == 1


async def test_two_freezes_and_an_offer_at_once_lose_nothing_and_freeze_once(
    world: World, workshop: Workshop, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    await share_a_home(world, "rosa", "leo")

    made, *_ = await asyncio.gather(
        offer(world, "rosa"),
        *(sweep(workshop, world["lakeside"], clock.now() + LATER) for _ in range(3)),
    )
    await drain()

    found = history(owner, world["leo"], UUID(made["employer_id"]))
    assert found in (["inherited", "formed"], ["household", "formed"])
    assert owner.execute("SELECT count(*) FROM student_intakes").fetchone() == (3,)
    assert check_folds(owner) == 5


@pytest.mark.parametrize("seed", range(4))
async def test_any_history_that_is_written_folds_to_what_the_table_says(
    seed: int, world: World, owner: psycopg.Connection[Any]
) -> None:
    chance = random.Random(seed)  # noqa: S311 - invents histories, guards nothing
    ends = [
        End(TieEnd.PERSON, world["sam"]),
        End(TieEnd.CONTACT, world["cousin"]),
        End(TieEnd.EMPLOYER, world["garage"]),
    ]
    subjects = [new_id() for _ in range(3)]
    for _ in range(40):
        async with working(world.database, world["lakeside"]) as unit:
            at = clock.now() + timedelta(days=chance.randint(-900, 900))
            subject = chance.choice(subjects)
            shown = Shown(at, chance.choice(list(TieEvidence)), subject, new_id())
            student, end = world[chance.choice(("leo", "maya"))], chance.choice(ends)
            if chance.random() < 0.4:
                origin = chance.choice(list(TieOrigin))
                await ledger.form(unit.session, world["lakeside"], student, end, origin, shown)
            else:
                ties = await ledger.tied_to(unit.session, world["lakeside"], student_id=student)
                kinds = [kind for kind in TieEntryKind if kind is not TieEntryKind.FORMED]
                await ledger.note_all(unit.session, world["lakeside"], ties, chance.choice(kinds), shown)

    assert check_folds(owner) >= 3


async def _happened(world: World, action: str, subject_id: UUID) -> Event:
    async with working(world.database, world["lakeside"]) as unit:
        await write(unit, action, actor=SYSTEM, subject_id=subject_id)
        return next(event for event in await _events(unit.session) if event.subject_id == subject_id)


async def _events(session: Any) -> list[Event]:
    return list(await session.scalars(select(Event).order_by(Event.created_at, Event.id)))


async def test_the_ledger_holds_ids_codes_and_dates_only(owner: psycopg.Connection[Any]) -> None:
    columns = owner.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'tie_entries'"
    ).fetchall()
    texts = {name for name, kind in columns if kind not in {"uuid", "integer", "timestamp with time zone"}}

    assert texts == {"kind", "origin", "evidence"}
    checks = owner.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'tie_entries'::regclass AND contype = 'c'"
    ).fetchall()
    assert all(any(f"({name} = ANY" in check for (check,) in checks) for name in texts)


async def test_nothing_in_the_ledger_can_be_rewritten(frozen: World) -> None:
    for statement in ("UPDATE tie_entries SET seq = seq RETURNING 1", "DELETE FROM tie_entries RETURNING 1"):
        async with frozen.database.unit() as unit:
            await unit.open(frozen["lakeside"])
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await unit.rows(statement)
