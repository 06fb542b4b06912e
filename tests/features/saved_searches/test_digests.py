"""Telling what is new: once, when it is due, to whom it may be told, and not by mail once that is stopped."""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import Workshop
from app.features.saved_searches import jobs, service
from app.features.search_index import jobs as search_index
from tests.draining import Drain
from tests.world import World

# A Monday; in New York, where the community is, the clocks say eleven.
MONDAY = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.shifted(MONDAY - clock.now()):
        yield


class Town:
    """The world with its clock, its listings and its mail."""

    def __init__(
        self, world: World, workshop: Workshop, owner: psycopg.Connection, drain: Drain, mail: Path
    ) -> None:
        self.world, self._workshop, self._owner, self._drain, self._mail = world, workshop, owner, drain, mail

    async def save(self, who: str, filters: dict[str, Any], **more: Any) -> dict[str, Any]:
        body = {"name": "What I look for", "filters": filters, **more}
        answer = await self.world.as_(who).post("/v1/saved_searches", json=body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def publish(self, title: str, *, school_only: bool = False, city: bool = True) -> str:
        """A new listing at the clinic, by North School."""
        found, now = new_id(), clock.now()
        self._owner.execute(
            "INSERT INTO opportunities (tenant_id, id, status, title, description, type, clusters, employer_id,"
            " worksite_id, school_id, scope, seats, seats_taken, remote, pay, credit, published_at, version,"
            " created_at, updated_at) VALUES (%s, %s, 'published', %s, 'Care for animals.', 'job_shadow',"
            " '{healthcare_human_services}', %s, %s, %s, %s, 2, 0, false, 'unpaid', false, %s, 1, %s, %s)",
            (
                self.world["lakeside"],
                found,
                title,
                self.world["clinic"],
                self.world["clinic_site"] if city else None,
                self.world["north"],
                "school" if school_only else "tenant",
                now,
                now,
                now,
            ),
        )
        self._owner.commit()
        await search_index.look_through(self._workshop, self.world["lakeside"])
        return str(found)

    def address(self, who: str, email: str | None) -> None:
        self._owner.execute("UPDATE people SET email = %s WHERE id = %s", (email, self.world[who]))
        self._owner.commit()

    async def pass_to(self, **after: float) -> int:
        """Let the clock of the saved searches stand this long after the Monday."""
        told = await jobs.sweep(self._workshop, self.world["lakeside"], MONDAY + timedelta(**after))
        await self._drain()
        return told

    async def notices(self, who: str) -> list[str]:
        answer = await self.world.as_(who).get("/v1/notifications", params={"limit": 100})
        return [one["kind"] for one in answer.json()["items"] if one["kind"].startswith("saved_search")]

    async def hits(self, who: str, search: dict[str, Any]) -> list[str]:
        answer = await self.world.as_(who).get(f"/v1/saved_searches/{search['id']}/hits")
        return [one["title"] for one in answer.json()["items"]]

    def mails(self) -> list[str]:
        return [
            path.read_text()
            for path in sorted(self._mail.rglob("*.eml"), key=lambda one: one.stat().st_mtime)
        ]


@pytest.fixture
def town(
    world: World, workshop: Workshop, owner: psycopg.Connection, drain: Drain, mail_folder: Path
) -> Town:
    return Town(world, workshop, owner, drain, mail_folder)


async def test_what_is_published_after_it_was_saved_is_told_once(town: Town) -> None:
    town.address("maya", "maya@home.example")
    search = await town.save("maya", {"q": "animals"})
    await town.publish("Kennel job shadow")

    first = await town.pass_to(days=1)
    second = await town.pass_to(days=2)

    assert (first, second) == (1, 0)
    assert await town.notices("maya") == ["saved_search_found"]
    assert await town.hits("maya", search) == ["Kennel job shadow"]
    (mail,) = town.mails()
    assert "Kennel job shadow" in mail
    assert "Lakeside Veterinary Clinic" in mail
    # Mail programs show a button of their own.
    assert re.search(r"^List-Unsubscribe: <http\S+/saved_search/[\w-]+>", mail, re.MULTILINE)


async def test_nothing_is_told_before_it_is_due(town: Town) -> None:
    await town.save("maya", {"q": "animals"}, digest="weekly")
    await town.publish("Kennel job shadow")

    assert await town.pass_to(days=1) == 0
    assert await town.pass_to(days=7) == 1


async def test_several_are_one_digest_and_only_those_that_fit(town: Town) -> None:
    town.address("maya", "maya@home.example")
    search = await town.save("maya", {"q": "kennel"})
    for title in ("Kennel job shadow", "Kennel tour", "Front desk shadow"):
        await town.publish(title)

    told = await town.pass_to(days=1)

    assert told == 2
    assert sorted(await town.hits("maya", search)) == ["Kennel job shadow", "Kennel tour"]
    assert len(town.mails()) == 1
    assert await town.notices("maya") == ["saved_search_found"]


async def test_a_listing_that_is_paused_and_published_again_is_not_told_again(
    town: Town, owner: psycopg.Connection, workshop: Workshop
) -> None:
    await town.save("maya", {"q": "animals"})
    listing = await town.publish("Kennel job shadow")
    await town.pass_to(days=1)
    owner.execute(
        "UPDATE opportunities SET title = 'Kennel day', published_at = %s, version = 2 WHERE id = %s",
        (MONDAY + timedelta(days=1, hours=1), listing),
    )
    owner.commit()
    await search_index.look_through(workshop, town.world["lakeside"])

    assert await town.pass_to(days=3) == 0


async def test_nobody_is_told_of_what_they_may_not_see(town: Town) -> None:
    here, elsewhere = await town.save("maya", {"q": "animals"}), await town.save("ines", {"q": "animals"})
    await town.publish("Kennel job shadow", school_only=True)

    await town.pass_to(days=1)

    assert await town.hits("maya", here) == ["Kennel job shadow"]
    assert await town.hits("ines", elsewhere) == []
    assert await town.notices("ines") == []


async def test_what_was_hidden_meanwhile_is_not_in_the_letter(town: Town, owner: psycopg.Connection) -> None:
    town.address("maya", "maya@home.example")
    search = await town.save("maya", {"q": "animals"})
    listing = await town.publish("Kennel job shadow")
    owner.execute("UPDATE opportunities SET status = 'hidden', version = 2 WHERE id = %s", (listing,))
    owner.commit()

    assert await town.pass_to(days=1) == 0
    assert town.mails() == []
    assert await town.hits("maya", search) == []


async def test_a_letter_that_waited_says_only_what_its_reader_finds_when_it_leaves(
    town: Town, owner: psycopg.Connection, workshop: Workshop, drain: Drain
) -> None:
    town.address("maya", "maya@home.example")
    await town.save("maya", {"q": "animals"})
    ours, theirs = await town.publish("Kennel job shadow"), await town.publish("Stable job shadow")
    assert await jobs.sweep(workshop, town.world["lakeside"], MONDAY + timedelta(days=1)) == 2
    owner.execute("UPDATE opportunities SET status = 'stale', version = 2 WHERE id = %s", (ours,))
    owner.execute(
        "UPDATE opportunities SET scope = 'school', school_id = %s, version = 2 WHERE id = %s",
        (town.world["south"], theirs),
    )
    owner.commit()
    await drain()

    (mail,) = town.mails()
    assert "Kennel job shadow" in mail
    assert "Stable job shadow" not in mail


async def test_no_mail_where_there_is_no_address_or_it_is_not_wanted(town: Town) -> None:
    town.address("maya", None)
    town.address("leo", "leo@home.example")
    await town.save("maya", {"q": "animals"})
    await town.save("leo", {"q": "animals"}, by_mail=False)
    await town.publish("Kennel job shadow")

    told = await town.pass_to(days=1)

    assert told == 2
    assert town.mails() == []
    assert await town.notices("maya") == await town.notices("leo") == ["saved_search_found"]


async def test_a_paused_search_tells_nothing_and_the_resumed_one_what_it_missed(town: Town) -> None:
    search = await town.save("maya", {"q": "animals"})
    path, maya = f"/v1/saved_searches/{search['id']}", town.world.as_("maya")
    await maya.post(f"{path}/pause", version=1)
    await town.publish("Kennel job shadow")
    while_paused = await town.pass_to(days=1)
    await maya.post(f"{path}/resume", version=2)

    assert while_paused == 0
    assert await town.pass_to(days=2) == 1


async def test_what_was_there_before_another_question_is_no_news(town: Town) -> None:
    search = await town.save("maya", {"q": "welding"})
    await town.publish("Kennel job shadow")
    await town.world.as_("maya").patch(
        f"/v1/saved_searches/{search['id']}", json={"filters": {"q": "animals"}}, version=1
    )

    assert await town.pass_to(days=1) == 0


async def test_a_search_that_finds_nothing_for_three_months_rests_and_says_so_once(town: Town) -> None:
    search = await town.save("maya", {"q": "submarines"})

    for days in (1, 89, 92, 93, 120):
        await town.pass_to(days=days)

    found = (await town.world.as_("maya").get(f"/v1/saved_searches/{search['id']}")).json()
    assert (found["status"], found["due_at"]) == ("paused", None)
    assert await town.notices("maya") == ["saved_search_resting"]


async def test_somebody_who_has_left_is_told_nothing(town: Town, owner: psycopg.Connection) -> None:
    await town.save("maya", {"q": "animals"})
    await town.publish("Kennel job shadow")
    owner.execute("UPDATE people SET enabled = false WHERE id = %s", (town.world["maya"],))
    owner.commit()

    assert await town.pass_to(days=1) == 0


async def test_searches_go_with_who_made_them_after_a_month(town: Town, owner: psycopg.Connection) -> None:
    gone, here = await town.save("maya", {"q": "animals"}), await town.save("leo", {"q": "animals"})
    ended = "UPDATE memberships SET ended_at = %s WHERE person_id = %s"
    owner.execute(ended, (MONDAY, town.world["maya"]))
    owner.commit()

    def left() -> list[str]:
        rows = owner.execute(
            "SELECT id FROM saved_searches WHERE id = ANY(%s)", ([gone["id"], here["id"]],)
        ).fetchall()
        owner.commit()
        return sorted(str(row[0]) for row in rows)

    # At three in the night, by universal time.
    await town.pass_to(days=29, hours=11)
    after_a_month_less_a_day = left()
    await town.pass_to(days=31, hours=11)

    assert after_a_month_less_a_day == sorted([gone["id"], here["id"]])
    assert left() == [here["id"]]
    told = owner.execute(
        "SELECT facts::text FROM events WHERE action = 'saved_search.lapse' AND subject_id = %s",
        (gone["id"],),
    ).fetchall()
    owner.commit()
    assert len(told) == 1
    assert "animals" not in told[0][0]


async def test_a_digest_that_cannot_be_made_keeps_nobody_else_waiting(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = await town.save("maya", {"q": "animals"})
    await town.save("leo", {"q": "animals"})
    await town.publish("Kennel job shadow")
    make = service.make_digest

    async def make_digest(session: Any, tenant_id: UUID, search_id: UUID, now: datetime) -> int:
        if str(search_id) == broken["id"]:
            raise RuntimeError("cannot be made")
        return await make(session, tenant_id, search_id, now)

    monkeypatch.setattr(service, "make_digest", make_digest)
    first = await town.pass_to(days=1)
    monkeypatch.undo()

    assert first == 1
    assert await town.pass_to(days=1, hours=1) == 0
    assert await town.pass_to(days=2) == 1


async def test_two_workers_at_once_tell_it_once(town: Town, workshop: Workshop) -> None:
    await town.save("maya", {"q": "animals"})
    await town.publish("Kennel job shadow")
    tomorrow = MONDAY + timedelta(days=1)

    told = await asyncio.gather(*(jobs.sweep(workshop, town.world["lakeside"], tomorrow) for _ in range(4)))

    assert sum(told) == 1


async def test_one_tap_stops_the_mails_and_looking_does_not(town: Town, client: httpx.AsyncClient) -> None:
    town.address("maya", "maya@home.example")
    search = await town.save("maya", {"q": "animals"})
    await town.publish("Kennel job shadow")
    await town.pass_to(days=1)
    (link,) = set(re.findall(r"/saved_search/([\w-]+)", town.mails()[0].replace("=\n", "")))

    page = await client.get(f"/saved_search/{link}", headers={"Accept-Language": "es"})
    looked = await client.get(f"/v1/saved_search_mails/{link}")
    # What a mail program's own button sends (RFC 8058).
    stopped = await client.post(f"/saved_search/{link}", data={"List-Unsubscribe": "One-Click"})
    again = await client.post(f"/saved_search/{link}")
    await town.publish("Stable job shadow")
    told = await town.pass_to(days=2)

    assert page.status_code == 200
    assert "What I look for" in page.text
    assert looked.json() == {"name": "What I look for", "digest": "daily", "by_mail": True}
    assert stopped.status_code == 200, stopped.text
    assert again.status_code == 410
    assert told == 1
    assert len(town.mails()) == 1
    assert await town.notices("maya") == ["saved_search_found", "saved_search_found"]
    shown = (await town.world.as_("maya").get(f"/v1/saved_searches/{search['id']}")).json()
    assert (shown["by_mail"], shown["status"]) == (False, "active")


async def test_one_link_can_stop_the_mails_of_every_search(town: Town, client: httpx.AsyncClient) -> None:
    town.address("maya", "maya@home.example")
    await town.save("maya", {"q": "animals"})
    await town.save("maya", {"q": "submarines"})
    await town.publish("Kennel job shadow")
    await town.pass_to(days=1)
    (link,) = set(re.findall(r"/saved_search/([\w-]+)", town.mails()[0].replace("=\n", "")))

    answer = await client.post(f"/v1/saved_search_mails/{link}/stop", json={"every": True})

    listed = (await town.world.as_("maya").get("/v1/saved_searches")).json()["items"]
    assert answer.json()["by_mail"] is False
    assert [one["by_mail"] for one in listed] == [False, False]
