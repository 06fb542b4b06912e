"""The yearly question to hosts: asked by mail, answered in half a minute, seen by staff."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from app.core import clock
from app.core.events import SYSTEM
from app.core.jobs import Workshop, working
from app.features.contacts import service as contacts
from app.features.erasures import service as erasures
from app.features.host_again import jobs, service
from app.models import Mail
from tests.draining import Drain
from tests.introducing import link_in, mails
from tests.world import World

PATH = "/v1/host_asks"


def _hosted_long_ago(world: World, owner: psycopg.Connection[Any]) -> None:
    owner.execute(
        "UPDATE opportunities SET published_at = now() - interval '400 days' WHERE id = %s",
        (world["internship"],),
    )


async def _asked(world: World, owner: psycopg.Connection[Any], workshop: Workshop) -> dict[str, Any]:
    _hosted_long_ago(world, owner)
    await jobs.sweep(workshop, world["lakeside"], clock.now())
    (found,) = (await world.as_("clara").get(PATH)).json()["items"]
    asked: dict[str, Any] = found
    return asked


async def _secret(world: World, ask_id: str) -> str:
    async with working(world.database, world["lakeside"]) as unit:
        mail = Mail(tenant_id=world["lakeside"], subject_id=UUID(ask_id))
        path = await service.link_for(unit.session, mail)
    assert path is not None
    return path.rsplit("/", 1)[1]


async def _internship(world: World) -> dict[str, Any]:
    answer = await world.as_("clara").get(f"/v1/opportunities/{world['internship']}")
    found: dict[str, Any] = answer.json()
    return found


async def test_a_host_is_asked_once_a_year_by_one_letter(
    world: World, owner: psycopg.Connection[Any], workshop: Workshop, drain: Drain
) -> None:
    _hosted_long_ago(world, owner)
    now = clock.now()

    counts = [await jobs.sweep(workshop, world["lakeside"], now) for _ in range(2)]
    await drain()
    next_year = await jobs.sweep(workshop, world["lakeside"], now + timedelta(days=370))

    assert counts == [1, 0]
    letters = mails(workshop.settings.kithwork_home)["vera@clinic.example"]
    assert len(letters) == 1
    assert "thirty seconds" in letters[0]
    assert link_in(letters[0], "host_again")
    assert link_in(letters[0], "choices")
    assert next_year == 2, "the old question ended, and the new one was asked"


async def test_who_has_hosted_nobody_yet_is_not_asked(world: World, workshop: Workshop) -> None:
    assert await jobs.sweep(workshop, world["lakeside"], clock.now()) == 0


async def test_after_a_placement_the_host_is_asked_without_waiting_a_year(
    world: World, owner: psycopg.Connection[Any], workshop: Workshop
) -> None:
    owner.execute(
        "UPDATE placements SET status = 'completed', ended_at = now() WHERE id = %s",
        (world["leo_placement"],),
    )

    assert await jobs.sweep(workshop, world["lakeside"], clock.now()) == 1


async def test_of_two_workers_one_asks(
    world: World, owner: psycopg.Connection[Any], workshop: Workshop
) -> None:
    _hosted_long_ago(world, owner)
    now = clock.now()

    counts = await asyncio.gather(*(jobs.sweep(workshop, world["lakeside"], now) for _ in range(4)))

    assert sum(counts) == 1
    assert owner.execute("SELECT count(*) FROM mails").fetchone() == (1,)


async def test_an_employer_whose_month_is_full_waits(
    world: World, owner: psycopg.Connection[Any], workshop: Workshop
) -> None:
    _hosted_long_ago(world, owner)
    owner.execute("UPDATE employers SET monthly_contact_cap = 1 WHERE id = %s", (world["clinic"],))
    called = await world.as_("clara").post(f"/v1/employers/{world['clinic']}/asks", json={})
    now = clock.now()

    full = await jobs.sweep(workshop, world["lakeside"], now)
    later = await jobs.sweep(workshop, world["lakeside"], now + timedelta(days=32))

    assert called.status_code == 201, called.text
    assert [full, later] == [0, 1]


async def test_yes_is_one_tap_and_makes_the_host_available(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any], workshop: Workshop
) -> None:
    asked = await _asked(world, owner, workshop)
    owner.execute(
        "UPDATE opportunities SET next_available_on = '2031-01-01' WHERE id = %s", (world["internship"],)
    )
    secret = await _secret(world, asked["id"])

    page = await client.get(f"/host_again/{secret}", headers={"Accept-Language": "es"})
    again = await client.get(f"/host_again/{secret}")
    sent = await client.post(f"/host_again/{secret}", data={"answer": "yes"})
    used = await client.post(f"/host_again/{secret}", data={"answer": "no", "reasons": ["cost"]})

    assert page.status_code == 200, page.text
    assert "¿Recibiría de nuevo" in page.text
    assert again.status_code == 200
    assert sent.status_code == 200, sent.text
    assert used.status_code == 410
    seen = (await world.as_("clara").get(f"{PATH}/{asked['id']}")).json()
    assert [seen["status"], seen["answer"], seen["reasons"]] == ["answered", "yes", []]
    assert [(await _internship(world))[name] for name in ("status", "next_available_on")] == [
        "published",
        None,
    ]


async def test_not_now_tells_students_from_when(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any], workshop: Workshop
) -> None:
    asked = await _asked(world, owner, workshop)
    day = (clock.now().date() + timedelta(days=90)).isoformat()

    answer = await client.post(
        f"/v1/host_again/{await _secret(world, asked['id'])}",
        json={"answer": "not_now", "reasons": ["no_staff", "no_staff"], "next_available_on": day},
    )

    assert answer.status_code == 200, answer.text
    seen = (await world.as_("maya").get(f"/v1/opportunities/{world['internship']}")).json()
    assert seen["next_available_on"] == day
    noted = (await world.as_("clara").get(PATH, params={"answer": "not_now"})).json()["items"][0]
    assert [noted["reasons"], noted["next_available_on"]] == [["no_staff"], day]


async def test_no_needs_a_reason_and_takes_the_listings_out_of_sight(
    world: World,
    client: httpx.AsyncClient,
    owner: psycopg.Connection[Any],
    workshop: Workshop,
    drain: Drain,
) -> None:
    asked = await _asked(world, owner, workshop)
    secret = await _secret(world, asked["id"])

    bare = await client.post(f"/v1/host_again/{secret}", json={"answer": "no"})
    told = await client.post(
        f"/v1/host_again/{secret}", json={"answer": "no", "reasons": ["paperwork"], "note": "Too many forms."}
    )
    await drain()

    assert [bare.status_code, bare.json()["errors"][0]["pointer"]] == [422, "/reasons"]
    assert told.status_code == 200, told.text
    assert (await _internship(world))["status"] == "paused"
    clara = world.as_("clara")
    assert (await clara.get(f"{PATH}/{asked['id']}")).json()["note"] == "Too many forms."
    kinds = [note["kind"] for note in (await clara.get("/v1/notifications")).json()["items"]]
    assert "host_answered" in kinds
    row = owner.execute("SELECT actor_kind, facts FROM events WHERE action = 'host_ask.answer'").fetchone()
    assert row == ("link", {"answer": "no", "reasons": ["paperwork"]})


@pytest.mark.parametrize(
    "body",
    [
        {"answer": "maybe"},
        {"answer": "yes", "reasons": ["cost"]},
        {"answer": "not_now", "next_available_on": "2001-01-01"},
        {"answer": "not_now", "next_available_on": "2999-01-01"},
        {"answer": "no", "reasons": ["cost"], "next_available_on": "2027-01-01"},
        {"answer": "no", "reasons": ["boredom"]},
        {"answer": "no", "reasons": ["other"], "note": "<script>"},
        {"answer": "no", "reasons": ["other"], "note": "x" * 100_000},
    ],
)
async def test_an_answer_that_makes_no_sense_is_refused_and_the_link_still_works(
    world: World,
    client: httpx.AsyncClient,
    owner: psycopg.Connection[Any],
    workshop: Workshop,
    body: dict[str, Any],
) -> None:
    asked = await _asked(world, owner, workshop)
    secret = await _secret(world, asked["id"])

    answer = await client.post(f"/v1/host_again/{secret}", json=body)

    assert answer.status_code == 422, answer.text
    assert (await client.get(f"/v1/host_again/{secret}")).status_code == 200


async def test_silence_ends_it_and_staff_can_write_down_a_call(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any], workshop: Workshop
) -> None:
    asked = await _asked(world, owner, workshop)
    secret = await _secret(world, asked["id"])
    await jobs.sweep(workshop, world["lakeside"], clock.now() + timedelta(days=31))
    clara = world.as_("clara")
    lapsed = (await clara.get(f"{PATH}/{asked['id']}")).json()

    noted = await clara.post(
        f"{PATH}/{asked['id']}/note_answer",
        json={"answer": "yes", "note": "Glad to."},
        version=lapsed["version"],
    )
    twice = await clara.post(
        f"{PATH}/{asked['id']}/note_answer", json={"answer": "yes"}, version=noted.json()["version"]
    )

    assert [lapsed["status"], lapsed["allowed_actions"]] == ["lapsed", ["note_answer"]]
    assert [noted.json()["status"], noted.json()["answer"]] == ["answered", "yes"], noted.text
    assert twice.status_code == 409
    assert (await client.get(f"/v1/host_again/{secret}")).status_code == 410


async def test_where_nobody_can_be_written_to_staff_are_told(
    world: World, owner: psycopg.Connection[Any], workshop: Workshop
) -> None:
    owner.execute("UPDATE contacts SET status = 'paused' WHERE id = %s", (world["cousin"],))
    owner.execute("UPDATE memberships SET ended_at = now() WHERE person_id = %s", (world["sam"],))

    asked = await _asked(world, owner, workshop)

    assert [asked["status"], asked["contact_id"], asked["person_id"]] == ["lapsed", None, None]
    assert owner.execute("SELECT count(*) FROM mails").fetchone() == (0,)


async def test_what_a_contact_wrote_goes_when_they_are_erased(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any], workshop: Workshop
) -> None:
    asked = await _asked(world, owner, workshop)
    await client.post(
        f"/v1/host_again/{await _secret(world, asked['id'])}",
        json={"answer": "no", "reasons": ["other"], "note": "I move to Ohio."},
    )
    async with working(world.database, world["lakeside"]) as unit:
        contact = await contacts.locked(unit.session, world["lakeside"], world["cousin"])
        assert contact is not None
        secret = await contacts.choices_secret(unit.session, contact)

    gone = await client.post(f"/v1/contact_choices/{secret}/erase")

    assert gone.status_code == 200, gone.text
    assert owner.execute("SELECT note, answer FROM host_asks").fetchone() == (None, "no")


@pytest.mark.parametrize(("who", "status"), [("maya", 403), ("sam", 403), ("ada", 403), ("cora", 404)])
async def test_only_staff_who_keep_employers_see_the_answers(
    world: World, owner: psycopg.Connection[Any], workshop: Workshop, who: str, status: int
) -> None:
    asked = await _asked(world, owner, workshop)

    assert (await world.as_(who).get(f"{PATH}/{asked['id']}")).status_code == status


_NOTE = {"answer": "no", "reasons": ["other"], "note": "I am Vera."}


async def test_a_contact_who_was_erased_says_nothing_more(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any], workshop: Workshop
) -> None:
    asked = await _asked(world, owner, workshop)
    secret = await _secret(world, asked["id"])
    before = await client.get(f"/v1/host_again/{secret}")
    async with working(world.database, world["lakeside"]) as unit:
        contact = await contacts.locked(unit.session, world["lakeside"], world["cousin"])
        assert contact is not None
        choices = await contacts.choices_secret(unit.session, contact)
    await client.post(f"/v1/contact_choices/{choices}/erase")

    looked = await client.get(f"/v1/host_again/{secret}")
    answered = await client.post(f"/v1/host_again/{secret}", json=_NOTE)

    assert [before.status_code, looked.status_code, answered.status_code] == [200, 410, 410]
    assert [looked.json()["code"], answered.json()["code"]] == ["not_yours_now"] * 2
    assert owner.execute("SELECT status, note, answer FROM host_asks").fetchone() == ("asked", None, None)


async def test_who_answers_while_they_are_erased_waits_and_says_nothing(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any], workshop: Workshop
) -> None:
    asked = await _asked(world, owner, workshop)
    secret = await _secret(world, asked["id"])

    async with working(world.database, world["lakeside"]) as unit:
        contact = await contacts.locked(unit.session, world["lakeside"], world["cousin"])
        assert contact is not None
        answering = asyncio.create_task(client.post(f"/v1/host_again/{secret}", json=_NOTE))
        _, waiting = await asyncio.wait([answering], timeout=0.5)
        await erasures.erase(unit.session, contact, actor=SYSTEM)
    answered = await answering

    assert waiting, "or what they write comes after what is blanked"
    assert answered.status_code == 410, answered.text
    assert owner.execute("SELECT status, note, answer FROM host_asks").fetchone() == ("asked", None, None)


async def test_a_supervisor_who_left_says_nothing_more(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any], workshop: Workshop
) -> None:
    owner.execute("UPDATE contacts SET status = 'paused' WHERE id = %s", (world["cousin"],))
    asked = await _asked(world, owner, workshop)
    secret = await _secret(world, asked["id"])

    before = await client.get(f"/v1/host_again/{secret}")
    owner.execute("UPDATE people SET ended_at = now() WHERE id = %s", (world["sam"],))
    after = await client.get(f"/v1/host_again/{secret}")

    assert asked["person_id"] == str(world["sam"])
    assert [before.status_code, after.status_code] == [200, 410]


@pytest.mark.parametrize("field", ["note", "next_available_on", "reasons"])
async def test_a_file_in_the_form_is_refused(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any], workshop: Workshop, field: str
) -> None:
    asked = await _asked(world, owner, workshop)
    secret = await _secret(world, asked["id"])

    answer = await client.post(
        f"/host_again/{secret}", data={"answer": "not_now"}, files={field: ("a.txt", b"x")}
    )

    assert answer.status_code == 422
    assert owner.execute("SELECT status FROM host_asks").fetchone() == ("asked",)
