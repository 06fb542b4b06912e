"""What the clock does to listings: they grow stale, somebody is asked by mail, silence pauses, dates that passed end them."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.types.json import Jsonb

from app.core import clock
from app.core.jobs import Workshop, working
from app.core.mail import SmtpMailer
from app.domain.budget import AskKind
from app.domain.local_time import local_day
from app.features.budgets import service as budgets
from app.features.reconfirmations import jobs
from app.features.suppressions import service as suppressions
from app.settings import Settings
from tests.draining import drain
from tests.features.mails.post_office import PostOffice, opened, text_of
from tests.world import World

Owner = psycopg.Connection[Any]
STALE = timedelta(days=184)
SILENCE = timedelta(days=15)


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


@pytest.fixture
async def posting(workshop: Workshop, office: PostOffice, settings: Settings) -> AsyncIterator[Workshop]:
    """The workshop with a mail server instead of files."""
    async with opened(office) as url:
        mailer = SmtpMailer(url, settings.mail_from, timeout=5)
        yield replace(workshop, mailer=mailer)
        await mailer.close()


@pytest.fixture(autouse=True)
def signed_in_for_long(world: World, owner: Owner) -> None:
    """Whoever is signed in stays so while the clock moves half a year."""
    owner.execute(
        "UPDATE login_sessions SET expires_at = expires_at + interval '2 years' WHERE tenant_id = %s",
        (world["lakeside"],),
    )


async def sweep(work: Workshop, world: World) -> int:
    done = await jobs.sweep(work, world["lakeside"], clock.now())
    await drain(work)
    return done


def status(owner: Owner, world: World, name: str) -> str:
    row = owner.execute("SELECT status FROM opportunities WHERE id = %s", (world[name],)).fetchone()
    assert row is not None
    return str(row[0])


def event(owner: Owner, world: World, name: str, action: str) -> tuple[Any, ...]:
    row = owner.execute(
        "SELECT actor_kind, actor_person_id, reason, facts FROM events WHERE subject_id = %s AND action = %s"
        " ORDER BY subject_seq DESC LIMIT 1",
        (world[name], action),
    ).fetchone()
    assert row is not None
    return tuple(row)


async def use_up_the_budget(world: World) -> None:
    """Ask the clinic as often as it may be asked in a month."""
    for _ in range(4):
        async with working(world.database, world["lakeside"]) as unit:
            await budgets.take(
                unit.session,
                tenant_id=world["lakeside"],
                employer_id=world["clinic"],
                kind=AskKind.OUTREACH_BY_STAFF,
                school_id=None,
                subject_id=None,
                now=clock.now(),
            )


def secret_in(message: str, path: str) -> str:
    found = re.search(rf"http://\S+/{path}/([\w-]+)", message)
    assert found is not None, message
    return found[1]


async def test_a_listing_that_somebody_confirmed_lately_is_left_alone(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    with clock.shifted(timedelta(days=150)):
        done = await sweep(posting, world)

    assert done == 0
    assert status(owner, world, "internship") == "published"
    assert office.arrived == []


async def test_a_stale_listing_asks_the_person_it_came_through_by_a_mail_with_one_tap(
    world: World, posting: Workshop, office: PostOffice, owner: Owner, client: httpx.AsyncClient
) -> None:
    with clock.shifted(STALE):
        await sweep(posting, world)
        message = text_of(office.to("vera@clinic.example"))
        secret = secret_in(message, "reconfirm")
        page = await client.get(f"/reconfirm/{secret}")
        untouched = status(owner, world, "internship")
        tapped = await client.post(f"/reconfirm/{secret}", data={"answer": "all"})

    assert "Veterinary assistant internship" in message
    assert "/choices/" in message
    assert page.status_code == 200
    assert "Yes, everything still holds" in page.text
    assert untouched == "stale", "looking changes nothing"
    assert tapped.status_code == 200, tapped.text
    assert status(owner, world, "internship") == "published"
    kind, person, reason, facts = event(owner, world, "internship", "opportunity.mark_stale")
    assert (kind, person, facts["asked_of"]) == ("system", None, "contact")
    assert reason
    kind, person, _, facts = event(owner, world, "internship", "opportunity.confirm")
    assert (kind, person, facts["contact_id"]) == ("link", None, str(world["cousin"]))
    row = owner.execute(
        "SELECT confirmed_by, confirmed_at > published_at FROM opportunities WHERE id = %s",
        (world["internship"],),
    ).fetchone()
    assert row == ("employer", True)


async def test_a_listing_without_a_contact_asks_the_supervisor_and_says_who_answered(
    world: World, posting: Workshop, office: PostOffice, owner: Owner, client: httpx.AsyncClient
) -> None:
    with clock.shifted(STALE):
        await sweep(posting, world)
        message = text_of(office.to("sam@example.org"))
        answer = await client.post(f"/v1/reconfirmations/{secret_in(message, 'reconfirm')}", json={})

    assert "School garden project" in message
    assert answer.status_code == 200, answer.text
    kind, person, _, _ = event(owner, world, "school_only", "opportunity.confirm")
    assert (kind, person) == ("link", world["sam"])


async def test_all_listings_of_one_person_are_in_one_letter_with_those_that_soon_grow_stale(
    world: World, posting: Workshop, office: PostOffice, owner: Owner, client: httpx.AsyncClient
) -> None:
    owner.execute(
        "UPDATE opportunities SET connection_id = %s, confirmed_at = confirmed_at + interval '20 days' WHERE id = %s",
        (world["cousin_connection"], world["school_only"]),
    )
    with clock.shifted(STALE):
        await sweep(posting, world)
        message = text_of(office.to("vera@clinic.example"))
        secret = secret_in(message, "reconfirm")
        answer = await client.post(
            f"/v1/reconfirmations/{secret}",
            json={
                "answers": [
                    {"opportunity_id": str(world["internship"]), "answer": "archive"},
                    {"opportunity_id": str(world["school_only"]), "answer": "pause"},
                ]
            },
        )

    assert "Veterinary assistant internship" in message
    assert "School garden project" in message
    assert {item["title"]: item["status"] for item in answer.json()["listings"]} == {
        "Veterinary assistant internship": "archived",
        "School garden project": "paused",
    }


async def test_who_does_not_answer_is_reminded_once_and_then_the_listing_pauses(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    with clock.shifted(STALE):
        await sweep(posting, world)
    with clock.shifted(STALE + timedelta(days=8)):
        await sweep(posting, world)
        await sweep(posting, world)
        reminded = [each for each in office.arrived if each["To"] == "vera@clinic.example"]
        still = status(owner, world, "internship")
    with clock.shifted(STALE + SILENCE):
        await sweep(posting, world)

    assert len(reminded) == 2
    assert still == "stale"
    assert status(owner, world, "internship") == "paused"
    kind, _, reason, _ = event(owner, world, "internship", "opportunity.pause")
    assert (kind, reason) == ("system", "nobody said that it still holds")
    told = owner.execute(
        "SELECT count(*) FROM notifications WHERE kind = 'opportunity_paused' AND person_id = %s",
        (world["clara"],),
    ).fetchone()
    assert told == (2,)


async def test_a_late_answer_brings_back_what_silence_paused(
    world: World, posting: Workshop, office: PostOffice, owner: Owner, client: httpx.AsyncClient
) -> None:
    with clock.shifted(STALE):
        await sweep(posting, world)
        secret = secret_in(text_of(office.to("vera@clinic.example")), "reconfirm")
    with clock.shifted(STALE + SILENCE):
        await sweep(posting, world)
        answer = await client.post(f"/v1/reconfirmations/{secret}", json={})
        again = await client.post(f"/v1/reconfirmations/{secret}", json={})

    assert answer.json()["listings"][0]["status"] == "published"
    assert again.status_code == 410
    assert status(owner, world, "internship") == "published"


async def test_no_link_brings_back_what_a_coordinator_paused(
    world: World, posting: Workshop, office: PostOffice, owner: Owner, client: httpx.AsyncClient
) -> None:
    with clock.shifted(STALE):
        await sweep(posting, world)
        secret = secret_in(text_of(office.to("vera@clinic.example")), "reconfirm")
        listing = await world.as_("clara").get(f"/v1/opportunities/{world['internship']}")
        await world.as_("clara").post(
            f"/v1/opportunities/{world['internship']}/pause", version=listing.json()["version"]
        )
        seen = await client.get(f"/v1/reconfirmations/{secret}")
        answer = await client.post(f"/v1/reconfirmations/{secret}", json={})

    assert seen.json()["listings"][0]["open"] is False
    assert answer.status_code == 200
    assert status(owner, world, "internship") == "paused"


async def test_staff_who_confirm_in_time_keep_the_listing_open(
    world: World, posting: Workshop, owner: Owner
) -> None:
    with clock.shifted(STALE):
        await sweep(posting, world)
        clara = world.as_("clara")
        listing = (await clara.get(f"/v1/opportunities/{world['internship']}")).json()
        confirmed = await clara.post(
            f"/v1/opportunities/{world['internship']}/confirm", version=listing["version"]
        )
    with clock.shifted(STALE + SILENCE):
        await sweep(posting, world)

    assert (confirmed.json()["status"], confirmed.json()["confirmed_by"]) == ("published", "staff")
    assert status(owner, world, "internship") == "published"
    assert status(owner, world, "school_only") == "paused"


async def test_a_contact_who_said_never_elsewhere_is_not_written_to(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    async with working(posting.database, None) as unit:
        await suppressions.suppress(unit.session, posting.hash_key, "vera@clinic.example")
    with clock.shifted(STALE):
        await sweep(posting, world)

    assert [each for each in office.arrived if each["To"] == "vera@clinic.example"] == []
    state = owner.execute(
        "SELECT state, fault FROM mails WHERE template = 'reconfirmation_to_contact'"
    ).fetchone()
    assert state == ("done", None), "as if it had left"


async def test_an_employer_that_was_asked_often_enough_is_not_asked_again_but_its_owner_at_school_is(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    owner.execute("UPDATE opportunities SET owner_id = %s WHERE id = %s", (world["ada"], world["internship"]))
    with clock.shifted(STALE):
        await use_up_the_budget(world)
        await sweep(posting, world)

    assert [each for each in office.arrived if each["To"] == "vera@clinic.example"] == []
    assert "Veterinary assistant internship" in text_of(office.to("ada@example.org"))
    assert event(owner, world, "internship", "opportunity.mark_stale")[3]["asked_of"] == "staff"


async def test_an_owner_who_works_at_school_no_more_is_not_written_to(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    owner.execute("UPDATE opportunities SET owner_id = %s WHERE id = %s", (world["ada"], world["internship"]))
    owner.execute("UPDATE memberships SET ended_at = now() WHERE person_id = %s", (world["ada"],))
    with clock.shifted(STALE):
        await use_up_the_budget(world)
        await sweep(posting, world)

    assert [each for each in office.arrived if each["To"] == "ada@example.org"] == []
    assert event(owner, world, "internship", "opportunity.mark_stale")[3]["asked_of"] == "nobody"


async def test_what_was_confirmed_half_a_year_ago_is_asked_about_again(
    world: World, posting: Workshop, office: PostOffice, owner: Owner, client: httpx.AsyncClient
) -> None:
    with clock.shifted(STALE):
        await sweep(posting, world)
        secret = secret_in(text_of(office.to("vera@clinic.example")), "reconfirm")
        await client.post(f"/v1/reconfirmations/{secret}", json={})
    with clock.shifted(STALE * 2 + timedelta(days=1)):
        await sweep(posting, world)

    assert len([each for each in office.arrived if each["To"] == "vera@clinic.example"]) == 2
    assert status(owner, world, "internship") == "stale"


async def test_a_listing_whose_dates_have_passed_archives_by_itself(
    world: World, posting: Workshop, owner: Owner
) -> None:
    yesterday = clock.now().date() - timedelta(days=2)
    owner.execute("UPDATE opportunities SET ends_on = %s WHERE id = %s", (yesterday, world["internship"]))
    owner.execute("UPDATE opportunities SET apply_by = %s WHERE id = %s", (yesterday, world["school_only"]))

    done = await sweep(posting, world)
    again = await sweep(posting, world)

    assert (done, again) == (2, 0)
    assert status(owner, world, "internship") == status(owner, world, "school_only") == "archived"
    kind, _, reason, facts = event(owner, world, "school_only", "opportunity.archive")
    assert (kind, reason, facts["apply_by"]) == ("system", "its dates have passed", yesterday.isoformat())


async def test_the_last_day_still_counts(world: World, posting: Workshop, owner: Owner) -> None:
    tomorrow = clock.now().date() + timedelta(days=1)
    owner.execute("UPDATE opportunities SET ends_on = %s WHERE id = %s", (tomorrow, world["internship"]))

    await sweep(posting, world)

    assert status(owner, world, "internship") == "published"


async def test_the_last_day_ends_where_the_school_is(world: World, posting: Workshop, owner: Owner) -> None:
    # Twenty-five hours apart: the community's day is always a later one than the school's.
    owner.execute("UPDATE tenants SET zone = 'Pacific/Kiritimati' WHERE id = %s", (world["lakeside"],))
    owner.execute("UPDATE schools SET zone = 'Pacific/Pago_Pago' WHERE id = %s", (world["north"],))
    last = local_day(clock.now(), "Pacific/Pago_Pago")
    owner.execute("UPDATE opportunities SET ends_on = %s WHERE id = %s", (last, world["internship"]))

    await sweep(posting, world)
    before = status(owner, world, "internship")
    with clock.shifted(timedelta(days=1)):
        await sweep(posting, world)

    assert (before, status(owner, world, "internship")) == ("published", "archived")


async def test_two_sweeps_at_once_ask_once(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    with clock.shifted(STALE):
        now = clock.now()
        await asyncio.gather(*(jobs.sweep(posting, world["lakeside"], now) for _ in range(4)))
        await drain(posting)

    assert len([each for each in office.arrived if each["To"] == "vera@clinic.example"]) == 1
    marked = owner.execute(
        "SELECT count(*) FROM events WHERE action = 'opportunity.mark_stale' AND subject_id = %s",
        (world["internship"],),
    ).fetchone()
    assert marked == (1,)


async def test_a_spanish_reader_is_asked_in_spanish(
    world: World, posting: Workshop, office: PostOffice, owner: Owner, client: httpx.AsyncClient
) -> None:
    owner.execute("UPDATE contacts SET locale = 'es' WHERE id = %s", (world["cousin"],))
    with clock.shifted(STALE):
        await sweep(posting, world)
        message = text_of(office.to("vera@clinic.example"))
        page = await client.get(f"/reconfirm/{secret_in(message, 'reconfirm')}")

    assert "¿Sigue vigente?" in office.to("vera@clinic.example")["Subject"]
    assert "Sí, todo sigue vigente" in page.text


async def test_the_form_says_of_each_listing_what_holds(
    world: World, posting: Workshop, office: PostOffice, owner: Owner, client: httpx.AsyncClient
) -> None:
    owner.execute(
        "UPDATE opportunities SET connection_id = %s WHERE id = %s",
        (world["cousin_connection"], world["school_only"]),
    )
    with clock.shifted(STALE):
        await sweep(posting, world)
        secret = secret_in(text_of(office.to("vera@clinic.example")), "reconfirm")
        answer = await client.post(
            f"/reconfirm/{secret}", data={"answer": "chosen", "holds": [str(world["internship"])]}
        )

    assert answer.status_code == 200
    assert status(owner, world, "internship") == "published"
    assert status(owner, world, "school_only") == "paused"


@pytest.mark.parametrize(
    ("who", "undone"),
    [
        ("vera@clinic.example", "UPDATE contacts SET status = 'paused'"),
        ("vera@clinic.example", "UPDATE contacts SET visible_school_ids = '{}'"),
        ("sam@example.org", "UPDATE memberships SET ended_at = now() WHERE role = 'supervisor'"),
        ("sam@example.org", "UPDATE people SET enabled = false"),
    ],
)
async def test_who_no_longer_agrees_or_left_answers_nothing_by_an_old_letter(
    who: str,
    undone: str,
    world: World,
    posting: Workshop,
    office: PostOffice,
    owner: Owner,
    client: httpx.AsyncClient,
) -> None:
    with clock.shifted(STALE):
        await sweep(posting, world)
        secret = secret_in(text_of(office.to(who)), "reconfirm")
        owner.execute(undone)
        answers = [
            await client.get(f"/v1/reconfirmations/{secret}"),
            await client.get(f"/reconfirm/{secret}"),
            await client.post(f"/v1/reconfirmations/{secret}", json={}),
            await client.post(f"/reconfirm/{secret}", data={"answer": "all"}),
        ]
    with clock.shifted(STALE + timedelta(days=8)):
        await sweep(posting, world)

    assert [answer.status_code for answer in answers] == [410] * 4
    assert answers[0].json()["code"] == "not_yours_now"
    assert status(owner, world, "internship") == status(owner, world, "school_only") == "stale"
    assert len([each for each in office.arrived if each["To"] == who]) == 1, "nor are they reminded"


async def test_a_mail_scanner_that_opens_the_link_again_and_again_answers_nothing(
    world: World, posting: Workshop, office: PostOffice, owner: Owner, client: httpx.AsyncClient
) -> None:
    with clock.shifted(STALE):
        await sweep(posting, world)
        secret = secret_in(text_of(office.to("vera@clinic.example")), "reconfirm")
        before = owner.execute("SELECT count(*) FROM events").fetchone()
        for path in (f"/reconfirm/{secret}", f"/v1/reconfirmations/{secret}"):
            for query in ("", "?answer=all", "?answers="):
                for method in ("GET", "HEAD", "OPTIONS", "GET"):
                    assert (await client.request(method, path + query)).status_code < 500
        after = owner.execute("SELECT count(*) FROM events").fetchone()
        tapped = await client.post(f"/reconfirm/{secret}", data={"answer": "all"})

    assert before == after
    assert tapped.status_code == 200


async def test_a_contact_who_is_not_to_be_asked_now_is_passed_over(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    owner.execute(
        "UPDATE contacts SET availability = %s WHERE id = %s",
        (Jsonb({"from_on": "2090-01-01"}), world["cousin"]),
    )
    with clock.shifted(STALE):
        await sweep(posting, world)

    assert [each["To"] for each in office.arrived if each["To"] == "vera@clinic.example"] == []
    message = text_of(office.to("sam@example.org"))
    assert "Veterinary assistant internship" in message
    assert "School garden project" in message, "one letter about both"


async def test_what_came_through_one_person_is_not_shown_to_a_colleague(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    owner.execute("UPDATE connections SET contact_id = NULL WHERE id = %s", (world["cousin_connection"],))
    owner.execute("UPDATE memberships SET ended_at = now() WHERE role = 'supervisor'")
    with clock.shifted(STALE):
        await sweep(posting, world)

    message = text_of(office.to("vera@clinic.example"))
    assert "School garden project" in message
    assert "Veterinary assistant internship" not in message
    assert event(owner, world, "internship", "opportunity.mark_stale")[3]["asked_of"] != "contact"


async def test_a_listing_of_another_letter_is_refused(
    world: World, posting: Workshop, office: PostOffice, client: httpx.AsyncClient
) -> None:
    with clock.shifted(STALE):
        await sweep(posting, world)
        secret = secret_in(text_of(office.to("vera@clinic.example")), "reconfirm")
        answer = await client.post(
            f"/v1/reconfirmations/{secret}",
            json={"answers": [{"opportunity_id": str(world["school_only"]), "answer": "archive"}]},
        )

    assert answer.status_code == 422
    assert (await client.get("/v1/reconfirmations/" + "x" * 43)).status_code == 404
