"""What an introduction promises, clause by clause: issue 3, section 4."""

import asyncio
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from app.core import clock
from app.core.jobs import Workshop, working
from app.domain.connection import Offer
from app.domain.contact import Availability, ContactAction
from app.domain.introduction import SLOT, SLOTS, IntroductionState
from app.features.contacts import service as contacts
from tests.draining import drain
from tests.introducing import (
    WORDING,
    Way,
    add_path,
    answer,
    approved,
    ask,
    days,
    hops,
    mails,
    open_hop,
    pass_time,
    secret_of,
)
from tests.world import World

# Everything by which one of the three could be told; the town's people have names that stand nowhere else.
MAYA, ROSA, VERA = ("maya", "mayason"), ("rosa", "rosason"), ("vera", "vetter", "clinic.example")
READ = ("/v1/introductions", "/v1/introduction_hops", "/v1/events", "/v1/notifications", "/v1/me")
EVERYONE = (
    "maya",
    "omar",
    "ada",
    "clara",
    "ellis",
    "rosa",
    "leo",
    "ines",
    "dario",
    "petra",
    "sam",
    "olga",
    "ria",
    "cora",
)


def _marks(world: World, name: str, words: tuple[str, ...], *more: str) -> tuple[str, ...]:
    accounts = (str(world.residents[name].account_id),) if name in world.residents else ()
    return (*words, str(world[name]), *accounts, *more)


def _parties(world: World) -> dict[str, tuple[str, ...]]:
    return {
        "maya": _marks(world, "maya", MAYA),
        "rosa": _marks(world, "rosa", ROSA),
        "vera": _marks(world, "cousin", VERA, str(world["cousin_connection"])),
    }


def _told_in(text: str, marks: tuple[str, ...]) -> list[str]:
    spoken = text.lower()
    return [mark for mark in marks if re.search(rf"(?<![\w-]){re.escape(mark.lower())}(?![\w-])", spoken)]


async def _everything_read(world: World, way: Way) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in EVERYONE:
        caller = world.as_(name)
        texts = []
        for path in (*READ, way.path):
            reply = await caller.get(path)
            texts += [str(dict(reply.headers)), reply.text]
        mine = (await caller.get("/v1/introduction_hops")).json().get("items", [])
        texts += [(await caller.get(f"/v1/introduction_hops/{hop['id']}")).text for hop in mine]
        found[name] = "\n".join(texts)
    return found


async def _tell_nobody(
    world: World, way: Way, home: Path, owner: psycopg.Connection[Any], logs: Callable[[], str]
) -> None:
    """Look at all that anybody could read, was sent, or is logged: nobody but the school knows more than one of them."""
    parties = _parties(world)
    for name, text in (await _everything_read(world, way)).items():
        # The student's own school, family and advisor know the student; nobody but the contributor knows of the contributor.
        known = {"maya"} if name in {"maya", "omar", "ada", "clara", "ellis"} else set()
        known |= {"rosa"} if name == "rosa" else set()
        # Who is somebody's coordinator or neighbour at large reads of them elsewhere, and not in these answers.
        for party, marks in parties.items():
            if party not in known:
                assert _told_in(text, marks) == [], (name, party)
    for to, letters in mails(home).items():
        for party, marks in parties.items():
            own = {"maya": "maya@", "rosa": "rosa@", "vera": "vera@"}[party]
            coordinator = party == "maya" and to.startswith("clara@")
            if own not in to and not coordinator:
                assert _told_in("\n".join(letters), marks) == [], (to, party)
    for line in logs().splitlines():
        told = {party for party, marks in parties.items() if _told_in(line, marks)}
        assert len(told) <= 1, line
        assert not any(_told_in(line, words) for words in (MAYA, ROSA, VERA)), line
    for (facts,) in owner.execute("SELECT facts::text || changed::text || coalesce(reason, '') FROM events"):
        assert not any(_told_in(facts, marks) for marks in parties.values()), facts


async def test_before_the_last_yes_nothing_that_anybody_reads_tells_of_another_party(
    world: World,
    workshop: Workshop,
    client: httpx.AsyncClient,
    home: Path,
    owner: psycopg.Connection[Any],
    capfd: pytest.CaptureFixture[str],
) -> None:
    said: list[str] = []

    def logs() -> str:
        said.extend(capfd.readouterr())
        return "".join(said)

    way = await approved(world, workshop)
    await _tell_nobody(world, way, home, owner, logs)

    asked = await secret_of(world, await open_hop(world, way, "contributor"))
    of_contributor = (await client.get(f"/v1/introduction_asks/{asked}")).text
    of_contributor += (await client.get(f"/introduction/{asked}")).text
    thanked = await client.post(f"/v1/introduction_asks/{asked}/yes")
    await drain(workshop)
    await _tell_nobody(world, way, home, owner, logs)
    asked = await secret_of(world, await open_hop(world, way, "contact"))
    of_contact = (await client.get(f"/v1/introduction_asks/{asked}")).text
    of_contact += (await client.get(f"/introduction/{asked}")).text

    parties = _parties(world)
    for text in (of_contributor, thanked.text, of_contact):
        assert WORDING in text or "Thank you" in text
        for marks in parties.values():
            assert _told_in(text, marks) == []
    assert thanked.json()["meeting"] is None
    # The test finds what is there to be found: after the last yes, the names are.
    await client.post(f"/v1/introduction_asks/{asked}/yes")
    assert _told_in((await _everything_read(world, way))["maya"], VERA) != []


async def test_names_are_told_to_everyone_at_once_when_everyone_has_agreed(
    world: World, workshop: Workshop, client: httpx.AsyncClient, home: Path
) -> None:
    way = await approved(world, workshop)
    await answer(world, way, client, "contributor", "yes")
    await drain(workshop)
    before = mails(home)

    last = await answer(world, way, client, "contact", "yes")
    await drain(workshop)

    assert last["meeting"] == {
        "student_name": "Maya Mayason",
        "school_name": "North School",
        "school_contact": "Clara C., North School, clara@example.org",
    }
    named = {
        "contact_name": "Vera Vetter",
        "job_title": None,
        "employer_name": "Lakeside Veterinary Clinic",
        "contributor_name": "Rosa Rosason",
    }
    for name in ("maya", "omar", "ada", "clara"):
        seen = await way.seen_by(name)
        assert (seen["state"], seen["meeting"]) == ("arranged", named), name
        letters = mails(home)[f"{name}@example.org"][len(before.get(f"{name}@example.org", [])) :]
        assert ["Vera V." in letter and "clara@example.org" in letter for letter in letters] == [True], name
    to_vera = mails(home)["vera@clinic.example"][-1]
    assert "Maya M." in to_vera
    assert "Mayason" not in to_vera
    assert "maya@example.org" not in to_vera
    assert "/choices/" in to_vera
    to_rosa = mails(home)["rosa@example.org"][-1]
    assert "Maya M." in to_rosa
    assert "Vera V." in to_rosa
    for letters in mails(home).values():
        # Contact goes through the school: no letter carries an address but the school's.
        assert all("vera@clinic.example" not in letter for letter in letters)


async def test_a_contributor_who_wants_no_credit_stays_unnamed_to_student_and_family(
    world: World, workshop: Workshop, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("UPDATE connections SET credit_wanted = false")
    way = await approved(world, workshop)
    await answer(world, way, client, "contributor", "yes")

    await answer(world, way, client, "contact", "yes")

    names = {
        name: (await way.seen_by(name))["meeting"]["contributor_name"] for name in ("maya", "omar", "clara")
    }
    assert names == {"maya": None, "omar": None, "clara": "Rosa Rosason"}


@pytest.mark.parametrize("stage", ["contributor", "contact"])
@pytest.mark.parametrize("withdrawal", ["pause", "never", "erase", "take_back", "suspend"])
async def test_consent_withdrawn_between_asking_and_answering_stops_the_request_in_the_same_transaction(
    stage: str,
    withdrawal: str,
    world: World,
    workshop: Workshop,
    client: httpx.AsyncClient,
    owner: psycopg.Connection[Any],
) -> None:
    way = await approved(world, workshop)
    if stage == "contact":
        await answer(world, way, client, "contributor", "yes")
    secret = await secret_of(world, await open_hop(world, way, stage))
    seen = await way.seen_by("maya")

    await _withdraw(world, withdrawal)

    # Without any background work: the hop was ended in the transaction that withdrew.
    assert {status for _, _, status in hops(owner, way)} <= {"ended", "agreed"}
    reply = await client.post(f"/v1/introduction_asks/{secret}/yes")
    assert reply.status_code == 410
    assert (await client.get(f"/introduction/{secret}")).status_code == 410
    assert owner.execute("SELECT count(*) FROM meetings").fetchone() == (0,)
    assert await way.seen_by("maya") == seen


async def _withdraw(world: World, how: str) -> None:
    if how == "take_back":
        rosa = world.as_("rosa")
        version = (await rosa.get(f"/v1/connections/{world['cousin_connection']}")).json()["version"]
        done = await rosa.post(f"/v1/connections/{world['cousin_connection']}/withdraw", version=version)
        assert done.status_code == 200, done.text
        return
    if how == "suspend":
        clara = world.as_("clara")
        version = (await clara.get(f"/v1/employers/{world['clinic']}")).json()["version"]
        done = await clara.post(
            f"/v1/employers/{world['clinic']}/suspend", json={"reason": "they moved"}, version=version
        )
        assert done.status_code == 200, done.text
        return
    async with working(world.database, world["lakeside"]) as unit:
        contact = await contacts.locked(unit.session, world["lakeside"], world["cousin"])
        assert contact is not None
        action = ContactAction(how)
        if action is ContactAction.PAUSE:
            await contacts.take_or_end_break(unit.session, contact, action)
        else:
            await contacts.close(unit.session, contact, action, hash_key=b"k" * 32, actor="link")


@pytest.mark.parametrize(("school", "goes_on"), [("south", False), ("north", True)])
async def test_a_contact_who_lets_only_other_schools_see_them_ends_the_asks_of_this_one(
    school: str,
    goes_on: bool,
    world: World,
    workshop: Workshop,
    owner: psycopg.Connection[Any],
) -> None:
    way = await approved(world, workshop)

    async with working(world.database, world["lakeside"]) as unit:
        contact = await contacts.locked(unit.session, world["lakeside"], world["cousin"])
        assert contact is not None
        await contacts.choose(
            unit.session,
            contact,
            offers=list(Offer),
            monthly_cap=2,
            availability=Availability(),
            visible_school_ids=[world[school]],
        )

    states = ("asked", "reserved") if goes_on else ("ended", "ended")
    assert hops(owner, way) == [(1, "contributor", states[0]), (1, "contact", states[1])]


async def test_a_withdrawal_that_is_rolled_back_stops_nothing(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    way = await approved(world, workshop)

    async def withdraw() -> None:
        async with working(world.database, world["lakeside"]) as unit:
            contact = await contacts.locked(unit.session, world["lakeside"], world["cousin"])
            assert contact is not None
            await contacts.close(unit.session, contact, ContactAction.ERASE, hash_key=None, actor="link")
            raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        await withdraw()

    assert hops(owner, way) == [(1, "contributor", "asked"), (1, "contact", "reserved")]


async def test_deleting_a_contact_ends_its_open_hops(
    world: World, workshop: Workshop, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    way = await approved(world, workshop)
    await answer(world, way, client, "contributor", "yes")

    await _withdraw(world, "erase")
    await drain(workshop)

    assert hops(owner, way) == [(1, "contributor", "agreed"), (1, "contact", "ended")]
    assert owner.execute("SELECT email FROM contacts WHERE id = %s", (world["cousin"],)).fetchone() == (None,)


async def test_an_erased_contact_is_named_no_more_where_they_were_met(
    world: World, workshop: Workshop, client: httpx.AsyncClient, home: Path, owner: psycopg.Connection[Any]
) -> None:
    way = await approved(world, workshop)
    await answer(world, way, client, "contributor", "yes")
    await answer(world, way, client, "contact", "yes")
    await drain(workshop)
    await way.act("ada", "record_met")
    assert "Vera" in "".join(text for letters in mails(home).values() for text in letters)

    await _withdraw(world, "erase")
    await drain(workshop)

    assert (await way.seen_by("maya"))["meeting"]["contact_name"] is None
    assert "Vera" not in "".join(text for letters in mails(home).values() for text in letters)
    bodies = owner.execute("SELECT body FROM stored_answers WHERE body IS NOT NULL").fetchall()
    assert not any(b"Vetter" in body for (body,) in bodies)


async def test_two_parallel_yes_answers_make_one_meeting(
    world: World, workshop: Workshop, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    way = await approved(world, workshop)
    await answer(world, way, client, "contributor", "yes")
    hop_id = await open_hop(world, way, "contact")
    secrets = [await secret_of(world, hop_id) for _ in range(3)]

    replies = await asyncio.gather(
        *(client.post(f"/v1/introduction_asks/{secret}/yes") for secret in (*secrets, secrets[0], secrets[1]))
    )

    assert sorted(reply.status_code for reply in replies) == [200, 410, 410, 410, 410]
    assert owner.execute("SELECT count(*) FROM meetings").fetchone() == (1,)
    agreed = owner.execute("SELECT count(*) FROM events WHERE action = 'introduction.agree'").fetchone()
    assert agreed == (1,)
    assert owner.execute("SELECT count(*) FROM mails WHERE template = 'introduction_meeting'").fetchone() == (
        1,
    )


async def test_a_late_yes_on_an_old_path_and_a_yes_on_the_new_one_make_one_meeting(
    world: World, workshop: Workshop, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    await add_path(world, "petra", "Wilma")
    start = clock.now()
    with clock.frozen(start):
        way = await approved(world, workshop)
        await answer(world, way, client, "contributor", "yes")
        old = await secret_of(world, await open_hop(world, way, "contact"))
    with clock.frozen(start + days(10.01)):
        await pass_time(world, workshop, clock.now())
        await answer(world, way, client, "contributor", "yes")
        new = await secret_of(world, await open_hop(world, way, "contact"))

        late, now = await asyncio.gather(
            client.post(f"/v1/introduction_asks/{old}/yes"), client.post(f"/v1/introduction_asks/{new}/yes")
        )

    assert (late.status_code, now.status_code) == (410, 200)
    assert owner.execute("SELECT count(*) FROM meetings").fetchone() == (1,)


async def test_a_yes_and_a_withdrawal_at_once_leave_one_truth(
    world: World, workshop: Workshop, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    way = await approved(world, workshop)
    await answer(world, way, client, "contributor", "yes")
    secret = await secret_of(world, await open_hop(world, way, "contact"))

    said, taken_back = await asyncio.gather(
        client.post(f"/v1/introduction_asks/{secret}/yes"), way.act("maya", "withdraw")
    )

    met = owner.execute("SELECT count(*) FROM meetings").fetchone()
    state = (await way.seen_by("maya"))["state"]
    assert ((said.status_code, met, state) == (200, (1,), "arranged")) is (taken_back.status_code != 200)
    assert ((said.status_code, met, state) == (410, (0,), "closed")) is (taken_back.status_code == 200)


async def test_the_student_sees_only_looking_arranged_or_closed(
    world: World, workshop: Workshop, client: httpx.AsyncClient
) -> None:
    way = await ask(world)
    seen = [await way.seen_by("maya")]
    await way.act("clara", "approve", wording=WORDING)
    await drain(workshop)
    seen.append(await way.seen_by("maya"))
    await answer(world, way, client, "contributor", "yes")
    seen.append(await way.seen_by("maya"))
    await answer(world, way, client, "contact", "yes")
    seen.append(await way.seen_by("maya"))
    await way.act("clara", "record_met")
    seen.append(await way.seen_by("maya"))

    assert [one["state"] for one in seen] == ["looking", "looking", "looking", "arranged", "arranged"]
    assert {one["status"] for one in seen} == {None}
    assert {state.value for state in IntroductionState} == {"looking", "arranged", "closed"}
    words = ""
    for path in ("/v1/events", "/v1/notifications", way.path):
        words += (await world.as_("maya").get(path)).text
    assert not re.search(r"with_contact|with_contributor|hop", words)


START = datetime(2031, 9, 3, 15, tzinfo=UTC)
FILM = (0.0, 0.5, 1.1, 2.0, 3.5, 5.01, 7.0, 9.99, 10.01, 15.01, 19.99, 20.01, 25.01, 29.99, 30.0, 30.01, 31.0)
# What happens on the way: at which days whoever is asked then says what.
SILENCE: dict[float, tuple[str, str]] = {}
STORIES: dict[str, dict[float, tuple[str, str]]] = {
    "nobody answers": SILENCE,
    "the contributor says no at once": {0.5: ("contributor", "no")},
    "the contact says no": {0.5: ("contributor", "yes"), 2.0: ("contact", "no")},
    "the contact never answers": {1.1: ("contributor", "yes")},
    "each contributor says no": {
        0.5: ("contributor", "no"),
        10.01: ("contributor", "no"),
        20.01: ("contributor", "no"),
    },
    "the last contact says no": {20.01: ("contributor", "yes"), 25.01: ("contact", "no")},
    "the contact leaves": {0.5: ("contributor", "yes"), 2.0: ("contact", "leaves")},
    "there is nobody to ask": {0.0: ("everybody", "rests")},
}


def _timeless(value: Any, start: datetime) -> Any:
    """Put ids and instants into a form in which two runs can be compared: an instant is how long after the start."""
    if isinstance(value, dict):
        return {key: _timeless(one, start) for key, one in value.items() if key != "request_id"}
    if isinstance(value, list):
        return [_timeless(one, start) for one in value]
    if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{8}-[0-9a-f-]{27}", value):
        return "an id"
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT.*", value):
        return str(datetime.fromisoformat(value) - start)
    return value


async def _frame(way: Way, start: datetime, home: Path) -> str:
    """Return all that the student, the family and the advisor can see at this instant."""
    shown: list[Any] = []
    for name in ("maya", "omar", "ada"):
        caller = way.world.as_(name)
        for path in (
            way.path,
            "/v1/introductions",
            "/v1/notifications",
            f"/v1/events?subject_id={way.id}",
            "/v1/me",
        ):
            reply = await caller.get(path)
            shown.append([reply.status_code, reply.headers.get("ETag"), _timeless(reply.json(), start)])
    shown.append(
        {to: len(found) for to, found in mails(home).items() if to.split("@")[0] in {"maya", "omar", "ada"}}
    )
    return json.dumps(shown, sort_keys=True)


async def _film(story: str, world: World, work: Workshop, client: httpx.AsyncClient, home: Path) -> list[str]:
    """Play a story with the clock standing still at each moment, and return what is seen after it."""
    happens = STORIES[story]
    if happens.get(0.0) == ("everybody", "rests"):
        async with working(world.database, world["lakeside"]) as unit:
            for name in ("cousin", "wilma", "xenia"):
                contact = await contacts.locked(unit.session, world["lakeside"], world[name])
                assert contact is not None
                await contacts.take_or_end_break(unit.session, contact, ContactAction.PAUSE)
    with clock.frozen(START):
        way = await approved(world, work)
    seen = []
    for day in FILM:
        with clock.frozen(START + days(day)):
            await pass_time(world, work, clock.now())
            what = happens.get(day)
            if what == ("contact", "leaves"):
                (contact_id,) = hops(_OWNER[0], way, "contact_id")[-1]
                async with working(world.database, world["lakeside"]) as unit:
                    contact = await contacts.locked(unit.session, world["lakeside"], contact_id)
                    assert contact is not None
                    await contacts.close(
                        unit.session, contact, ContactAction.ERASE, hash_key=None, actor="link"
                    )
            elif what is not None and what[0] != "everybody":
                await answer(world, way, client, *what)
            await drain(work)
            seen.append(await _frame(way, START, home))
    return seen


_OWNER: list[psycopg.Connection[Any]] = []
_FILMS: dict[str, list[str]] = {}


@pytest.mark.parametrize("story", STORIES)
async def test_declined_and_expired_look_the_same_to_the_student_in_content_and_in_timing(
    story: str,
    world: World,
    workshop: Workshop,
    client: httpx.AsyncClient,
    home: Path,
    owner: psycopg.Connection[Any],
) -> None:
    _OWNER[:] = [owner]
    await add_path(world, "petra", "Wilma")
    await add_path(world, "ben", "Xenia")
    owner.execute("UPDATE login_sessions SET expires_at = %s", (START + timedelta(days=400),))

    film = await _film(story, world, workshop, client, home)

    # From the approval to the fixed end nothing moves at all, and after it nothing more.
    for day, frame in zip(FILM, film, strict=True):
        assert frame == (film[0] if day < (SLOT * SLOTS).days else film[-1]), day
    # And every story begins and ends as every other that this process has played.
    assert _FILMS.setdefault("any story", film) == film
    (_, etag, shown), _, told, trail, _ = json.loads(film[-1])[:5]
    assert (etag, shown["state"], shown["reason"], shown["meeting"]) == ('"3"', "closed", None, None)
    assert [row["kind"] for row in told[2]["items"]] == ["introduction_closed", "introduction_looking"]
    assert [(row["action"], row["at"]) for row in trail[2]["items"]] == [
        ("introduction.expire", "30 days, 0:00:00"),
        ("introduction.approve", "0:00:00"),
        ("introduction.create", "0:00:00"),
    ]


async def test_a_request_takes_three_paths_at_most_each_at_its_hour_and_then_ends(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    for contributor, name in (("petra", "Wilma"), ("ben", "Xenia"), ("clara", "Yara")):
        await add_path(world, contributor, name)
    start = clock.now()
    with clock.frozen(start):
        way = await approved(world, workshop)
    for day in (5.01, 9.99, 10.01, 20.01, 29.99, 30.01, 40.01):
        with clock.frozen(start + days(day)):
            await pass_time(world, workshop, clock.now())

    found = hops(owner, way, "slot", "kind", "status", "asked_at", "contact_id", "household_id")
    asked = [row for row in found if row[1] == "contributor"]
    assert [(slot, status) for slot, _, status, *_ in asked] == [(1, "lapsed"), (2, "lapsed"), (3, "lapsed")]
    assert [at - start for *_, at, _, _ in asked] == [days(0), days(10.01), days(20.01)]
    assert {status for _, kind, status, *_ in found if kind == "contact"} == {"ended"}
    assert len({row[4] for row in asked}) == len({row[5] for row in asked}) == 3
    # Asked of the database: by now every login of the town has expired.
    ended = owner.execute("SELECT status, closed_at FROM introductions WHERE id = %s", (way.id,)).fetchone()
    assert ended == ("closed", start + days(30.01))


async def test_a_contact_whose_request_is_taken_back_by_the_school_hears_that_it_is_over(
    world: World, workshop: Workshop, client: httpx.AsyncClient
) -> None:
    way = await approved(world, workshop)
    await answer(world, way, client, "contributor", "yes")
    secret = await secret_of(world, await open_hop(world, way, "contact"))

    await way.act("clara", "close", reason="the student found another way")

    assert (await client.get(f"/v1/introduction_asks/{secret}")).status_code == 410
