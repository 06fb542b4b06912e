"""Answering on the way of an introduction: by link, on a page, and signed in."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import psycopg
import pytest

from app.core import clock
from app.core.jobs import Workshop
from app.features.introduction_asks import jobs
from tests.draining import drain
from tests.introducing import (
    VET,
    WORDING,
    add_path,
    answer,
    approved,
    ask,
    days,
    hops,
    join_family,
    link_in,
    mails,
    open_hop,
    pass_time,
    secret_of,
)
from tests.world import World

# Early in a month, so that a few days later it is the same month.
START = datetime(2031, 9, 3, 15, tzinfo=UTC)


async def test_the_letters_lead_to_pages_that_ask_and_to_the_contact_s_own_choices(
    world: World, workshop: Workshop, client: httpx.AsyncClient, home: Any
) -> None:
    way = await approved(world, workshop)
    (to_rosa,) = mails(home)["rosa@example.org"]
    asked = link_in(to_rosa, "introduction")

    page = await client.get(f"/introduction/{asked}")
    again = await client.get(f"/introduction/{asked}")
    done = await client.post(f"/introduction/{asked}", data={"answer": "yes"})
    await drain(workshop)

    assert (page.status_code, again.status_code, done.status_code) == (200, 200, 200)
    assert WORDING in page.text
    (to_vera,) = mails(home)["vera@clinic.example"]
    choices = await client.get(f"/v1/contact_choices/{link_in(to_vera, 'choices')}")
    assert choices.status_code == 200
    last = await client.post(f"/introduction/{link_in(to_vera, 'introduction')}", data={"answer": "yes"})
    assert "Maya Mayason" in last.text
    assert (await way.seen_by("maya"))["state"] == "arranged"


async def test_an_ask_says_what_is_asked_in_the_reader_s_language(
    world: World, workshop: Workshop, client: httpx.AsyncClient
) -> None:
    way = await approved(world, workshop)
    secret = await secret_of(world, await open_hop(world, way, "contributor"))

    english = (await client.get(f"/v1/introduction_asks/{secret}")).json()
    spanish = (await client.get(f"/v1/introduction_asks/{secret}", headers={"Accept-Language": "es"})).json()

    month = clock.now().strftime("%B %Y")
    assert english.pop("answer_by")
    assert english == {
        "kind": "contributor",
        "tenant_name": "Lakeside",
        "school_name": "North School",
        "who": "a student at North School",
        "field": VET,
        "field_name": "Veterinarian",
        "wording": WORDING,
        "through": f"You suggested someone in {month} (family) who works in this field: Veterinarian."
        " May we ask that person?",
        "answers": ["yes", "no"],
    }
    assert spanish["who"] == "un estudiante de North School"


async def test_a_contributor_answers_signed_in_and_only_once(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    way = await approved(world, workshop)
    rosa = world.as_("rosa")
    (hop,) = (await rosa.get("/v1/introduction_hops", params={"open": "true"})).json()["items"]
    path = f"/v1/introduction_hops/{hop['id']}"

    stale = await rosa.post(f"{path}/agree", version=hop["version"] + 1)
    done = await rosa.post(f"{path}/agree", version=hop["version"])
    again = await rosa.post(f"{path}/decline", version=done.json()["version"])

    assert hop["allowed_actions"] == ["agree", "decline"]
    assert (stale.status_code, done.status_code, again.status_code) == (412, 200, 410)
    assert done.json()["allowed_actions"] == []
    assert done.json()["answered_at"] is not None
    assert hops(owner, way) == [(1, "contributor", "agreed"), (1, "contact", "asked")]
    assert (await rosa.get("/v1/introduction_hops", params={"open": "true"})).json()["items"] == []
    event = owner.execute(
        "SELECT actor_person_id, person_id FROM events WHERE action = 'introduction_hop.agree'"
    ).fetchone()
    assert event == (world["rosa"], world["rosa"])


@pytest.mark.parametrize("name", ["omar", "ada", "clara", "ellis", "dario"])
async def test_an_ask_is_the_contributor_s_alone(name: str, world: World, workshop: Workshop) -> None:
    way = await approved(world, workshop)
    hop_id = await open_hop(world, way, "contributor")
    caller = world.as_(name)

    read = await caller.get(f"/v1/introduction_hops/{hop_id}")
    said = await caller.post(f"/v1/introduction_hops/{hop_id}/agree", version=1)
    trail = await caller.get("/v1/events", params={"subject_id": str(hop_id)})

    assert (read.status_code, said.status_code) == (404, 404)
    assert trail.json()["items"] == []


async def test_a_contributor_cannot_answer_for_the_contact(
    world: World, workshop: Workshop, client: httpx.AsyncClient
) -> None:
    way = await approved(world, workshop)
    await answer(world, way, client, "contributor", "yes")
    hop_id = await open_hop(world, way, "contact")
    rosa = world.as_("rosa")

    read = await rosa.get(f"/v1/introduction_hops/{hop_id}")
    said = await rosa.post(f"/v1/introduction_hops/{hop_id}/agree", version=1)

    assert (read.status_code, said.status_code) == (404, 404)


async def test_a_no_moves_nothing_and_frees_the_contact_s_turn(
    world: World, workshop: Workshop, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    way = await approved(world, workshop)
    before = {name: await way.seen_by(name) for name in ("maya", "omar", "ada", "clara")}

    said = await answer(world, way, client, "contributor", "no")

    assert (said["answer"], said["meeting"]) == ("no", None)
    assert {name: await way.seen_by(name) for name in before} == before
    assert hops(owner, way) == [(1, "contributor", "declined"), (1, "contact", "ended")]


async def test_an_unknown_link_opens_nothing(client: httpx.AsyncClient, world: World) -> None:
    assert world
    for path in ("/v1/introduction_asks/x", "/introduction/x"):
        assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize("contributor", ["leo", "omar"])
async def test_a_student_and_the_own_family_are_never_asked(
    contributor: str, world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("UPDATE connections SET status = 'dormant'")
    await add_path(world, contributor, "Wilma")

    way = await approved(world, workshop)

    assert hops(owner, way) == []
    assert (await way.seen_by("clara"))["status"] == "with_contributor"


async def test_a_guardian_who_may_not_contact_the_student_is_never_on_the_way(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    await join_family(world, "rosa", "maya")
    owner.execute(
        "UPDATE guardian_links SET no_contact = true, ended_at = now() WHERE guardian_id = %s",
        (world["rosa"],),
    )
    # Nor as the person at the end: a contact with the address of somebody linked to the student.
    owner.execute("UPDATE people SET email = 'wilma@animals.example' WHERE id = %s", (world["rosa"],))
    await add_path(world, "petra", "Wilma")

    way = await approved(world, workshop)

    assert hops(owner, way) == []


@pytest.mark.parametrize(
    ("scope", "student", "found"),
    [("tenant", "ines", True), ("school", "ines", False), ("school", "maya", True), ("advisory", "maya", True),
     ("advisory", "ines", False)],
)  # fmt: skip
async def test_a_path_reaches_as_far_as_its_contributor_shares_it(
    scope: str, student: str, found: bool, world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    # Rosa is the mother of Leo, who shares Ada's advisory with Maya.
    owner.execute("UPDATE connections SET share_scope = %s", (scope,))

    way = await approved(world, workshop, student)

    assert bool(hops(owner, way)) is found


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE contacts SET offers = '{host}'",
        "UPDATE contacts SET visible_school_ids = '{}'",
        'UPDATE contacts SET availability = \'{"from_on": "2999-01-01"}\'',
        'UPDATE contacts SET availability = \'{"until_on": "2020-01-01"}\'',
        "UPDATE contacts SET status = 'paused'",
        "UPDATE employers SET monthly_contact_cap = 0",
        "UPDATE people SET enabled = false WHERE given_name = 'Rosa'",
        "UPDATE memberships SET ended_at = now() FROM people p WHERE p.id = person_id AND p.given_name = 'Rosa'",
        # Nobody can be reached who has neither an address nor a login.
        """
        WITH gone AS (DELETE FROM account_tenants WHERE person_id = (SELECT id FROM people WHERE given_name = 'Rosa'))
        UPDATE people SET email = NULL WHERE given_name = 'Rosa'
        """,
        """
        INSERT INTO memberships (tenant_id, id, created_at, version, updated_at, person_id, role, school_id, source,
                                 ended_by_roster)
        SELECT p.tenant_id, gen_random_uuid(), now(), 1, now(), p.id, 'student', s.id, 'staff', false
        FROM people p JOIN schools s ON s.tenant_id = p.tenant_id WHERE p.given_name = 'Rosa' LIMIT 1
        """,
    ],
)
async def test_who_may_not_be_asked_is_not_asked(
    change: str, world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    owner.execute(change.encode())

    way = await approved(world, workshop)

    assert hops(owner, way) == []


async def test_a_household_is_asked_once_a_week_and_the_slot_looks_again(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    start = clock.now()
    with clock.frozen(start):
        first = await approved(world, workshop)
    with clock.frozen(start + days(5.5)):
        await pass_time(world, workshop, clock.now())
        second = await approved(world, workshop, "ines")
    with clock.frozen(start + days(6.6)):
        await pass_time(world, workshop, clock.now())
        waiting = hops(owner, second)
    with clock.frozen(start + days(7.7)):
        await pass_time(world, workshop, clock.now())

    assert waiting == []
    assert [status for *_, status in hops(owner, first)] == ["lapsed", "ended"]
    assert [status for *_, status in hops(owner, second)] == ["asked", "reserved"]


async def test_an_employer_that_was_asked_enough_is_not_asked_after_the_contributor_s_yes(
    world: World, workshop: Workshop, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    way = await approved(world, workshop)
    owner.execute("UPDATE employers SET monthly_contact_cap = 0")

    said = await answer(world, way, client, "contributor", "yes")

    assert said["meeting"] is None
    assert hops(owner, way) == [(1, "contributor", "agreed"), (1, "contact", "ended")]
    assert (await way.seen_by("clara"))["status"] == "with_contributor"


async def test_a_contact_who_chose_to_be_asked_less_is_not_asked_after_the_contributor_s_yes(
    world: World, workshop: Workshop, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("UPDATE login_sessions SET expires_at = %s", (START + days(400),))
    with clock.frozen(START):
        first = await approved(world, workshop)
        await answer(world, first, client, "contributor", "yes")
    with clock.frozen(START + days(8)):
        second = await approved(world, workshop, "ines")
        assert hops(owner, second) == [(1, "contributor", "asked"), (1, "contact", "reserved")]
        # They were asked once this month already.
        owner.execute("UPDATE contacts SET monthly_cap = 1 WHERE id = %s", (world["cousin"],))

        said = await answer(world, second, client, "contributor", "yes")

    assert said["meeting"] is None
    assert hops(owner, first) == [(1, "contributor", "agreed"), (1, "contact", "asked")]
    assert hops(owner, second) == [(1, "contributor", "agreed"), (1, "contact", "ended")]
    assert owner.execute("SELECT count(*) FROM employer_asks").fetchone() == (1,)


async def test_asking_a_contact_is_counted_at_their_employer(
    world: World, workshop: Workshop, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    way = await approved(world, workshop)
    assert owner.execute("SELECT count(*) FROM employer_asks").fetchone() == (0,)

    await answer(world, way, client, "contributor", "yes")

    asked = owner.execute("SELECT kind, employer_id, school_id FROM employer_asks").fetchall()
    assert asked == [("introduction", world["clinic"], world["north"])]


async def test_two_workers_at_once_ask_one_contributor(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    await add_path(world, "petra", "Wilma")
    way = await ask(world)
    await way.act("clara", "approve", wording=WORDING)

    await asyncio.gather(*(jobs.advance(workshop, world["lakeside"], way.id, clock.now()) for _ in range(4)))

    assert hops(owner, way) == [(1, "contributor", "asked"), (1, "contact", "reserved")]
