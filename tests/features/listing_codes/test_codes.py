"""A code by mail opens an employer's own listings, and nothing tells whether an address is known."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest

from app.core import clock
from app.core.jobs import Workshop, working
from app.core.limits import MemoryBackoff
from app.core.mail import SmtpMailer
from app.domain.listing_code import code_of, is_code, network_of
from app.features.listing_codes import jobs
from app.features.suppressions import service as suppressions
from app.settings import Settings
from tests.draining import drain
from tests.explaining import recording
from tests.features.mails.post_office import PostOffice, opened, text_of
from tests.world import World

Owner = psycopg.Connection[Any]


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
def forgetful(world: World) -> None:
    """Nobody asked for a code before this test."""
    world.app.state.backoff = MemoryBackoff(key=world.app.state.hash_key)


async def ask(client: httpx.AsyncClient, email: str, **headers: str) -> httpx.Response:
    return await client.post("/v1/listing_codes", json={"email": email}, headers=headers)


def code_in(message: str) -> str:
    found = re.search(r"(?:code|código): (\d{4} \d{4})$", message, re.MULTILINE)
    assert found is not None, message
    return found[1]


async def test_a_mailed_code_opens_the_listings_of_a_contact_for_half_an_hour(
    world: World, posting: Workshop, office: PostOffice, client: httpx.AsyncClient
) -> None:
    asked = await ask(client, "Vera@Clinic.example")
    await drain(posting)
    message = text_of(office.to("vera@clinic.example"))
    door = asked.json()["id"]

    opened_it = await client.post(f"/v1/listing_codes/{door}/open", json={"code": code_in(message)})

    assert asked.status_code == 202
    assert f"/my_listings/{door}" in message
    assert "/choices/" in message
    assert opened_it.status_code == 200, opened_it.text
    # Vera is known in both communities: each is opened by a token of its own, and shows its own.
    lakeside, riverton = opened_it.json()["communities"]
    assert (lakeside["tenant_name"], riverton["tenant_name"]) == ("Lakeside", "Riverton")
    community = lakeside
    theirs = (await client.get(f"/v1/host_listings/{riverton['token']}")).json()
    assert theirs["tenant_name"] == "Riverton"
    foreign = await client.get(f"/v1/host_listings/{riverton['token']}/{world['internship']}")
    assert foreign.status_code == 404
    listings = await client.get(f"/v1/host_listings/{community['token']}")
    assert [item["title"] for item in listings.json()["items"]] == [
        "School garden project",
        "Veterinary assistant internship",
    ]
    with clock.shifted(timedelta(minutes=31)):
        late = await client.get(f"/v1/host_listings/{community['token']}")
    assert late.status_code == 410


async def test_a_supervisor_opens_the_listings_of_the_employer(
    posting: Workshop, office: PostOffice, client: httpx.AsyncClient
) -> None:
    asked = await ask(client, "sam@example.org")
    await drain(posting)
    code = code_in(text_of(office.to("sam@example.org")))

    opened_it = await client.post(f"/v1/listing_codes/{asked.json()['id']}/open", json={"code": code})

    token = opened_it.json()["communities"][0]["token"]
    items = (await client.get(f"/v1/host_listings/{token}")).json()["items"]
    assert {item["employer_name"] for item in items} == {"Lakeside Veterinary Clinic"}
    assert len(items) == 2, "a draft is the school's"


async def test_the_answer_is_the_same_for_an_address_that_nobody_has(
    posting: Workshop, office: PostOffice, owner: Owner, client: httpx.AsyncClient
) -> None:
    async with working(posting.database, None) as unit:
        await suppressions.suppress(unit.session, posting.hash_key, "sam@example.org")

    answers = [
        (await ask(client, email)).json()
        for email in ("vera@clinic.example", "nobody@nowhere.example", "sam@example.org", "rosa@example.org")
    ]
    await drain(posting)

    plain = [{name: value for name, value in answer.items() if name != "id"} for answer in answers]
    assert plain[0] == plain[1] == plain[2] == plain[3]
    assert {message["To"] for message in office.arrived} == {"vera@clinic.example"}
    refusals = [
        await client.post(f"/v1/listing_codes/{answer['id']}/open", json={"code": "0000 0000"})
        for answer in answers
    ]
    assert {(each.status_code, each.json()["code"], each.json()["detail"]) for each in refusals} == {
        (403, "wrong_code", refusals[0].json()["detail"])
    }
    kept = owner.execute("SELECT count(*) FROM listing_doors WHERE address IS NOT NULL").fetchone()
    assert kept == (0,), "an address is kept only until it was looked up"


async def test_the_request_does_the_same_work_for_an_address_that_nobody_has(
    world: World, client: httpx.AsyncClient
) -> None:
    sent: dict[str, list[str]] = {}
    for email in ("vera@clinic.example", "nobody@nowhere.example"):
        world.app.state.backoff = MemoryBackoff(key=world.app.state.hash_key)
        statements: list[tuple[str, Any]] = []
        async with recording(statements):
            await ask(client, email)
        sent[email] = [text for text, _ in statements]

    known, unknown = sent.values()
    assert known
    assert known == unknown


async def test_a_code_works_once_and_not_after_half_an_hour(
    posting: Workshop, office: PostOffice, client: httpx.AsyncClient
) -> None:
    asked = await ask(client, "vera@clinic.example")
    await drain(posting)
    path = f"/v1/listing_codes/{asked.json()['id']}/open"
    body = {"code": code_in(text_of(office.to("vera@clinic.example")))}

    with clock.shifted(timedelta(minutes=31)):
        late = await client.post(path, json=body)
    first, second = await client.post(path, json=body), await client.post(path, json=body)

    assert (late.status_code, first.status_code, second.status_code) == (410, 200, 410)


async def test_of_many_who_type_the_code_at_once_one_gets_in(
    posting: Workshop, office: PostOffice, client: httpx.AsyncClient
) -> None:
    asked = await ask(client, "vera@clinic.example")
    await drain(posting)
    body = {"code": code_in(text_of(office.to("vera@clinic.example")))}

    answers = await asyncio.gather(
        *(client.post(f"/v1/listing_codes/{asked.json()['id']}/open", json=body) for _ in range(8))
    )

    assert sorted(each.status_code for each in answers) == [200] + [410] * 7


async def test_five_wrong_codes_close_the_door_also_for_the_right_one(
    posting: Workshop, office: PostOffice, client: httpx.AsyncClient
) -> None:
    asked = await ask(client, "vera@clinic.example")
    await drain(posting)
    path = f"/v1/listing_codes/{asked.json()['id']}/open"
    right = code_in(text_of(office.to("vera@clinic.example")))
    wrong = "1111 1111" if right != "1111 1111" else "2222 2222"

    guesses = await asyncio.gather(*(client.post(path, json={"code": wrong}) for _ in range(9)))
    after = await client.post(path, json={"code": right})

    assert sorted(each.status_code for each in guesses) == [403] * 5 + [410] * 4
    assert after.status_code == 410


async def test_who_asks_again_and_again_is_slowed_and_gets_three_letters_at_most(
    posting: Workshop, office: PostOffice, client: httpx.AsyncClient
) -> None:
    answers = [await ask(client, "vera@clinic.example") for _ in range(9)]
    await drain(posting)

    assert [each.status_code for each in answers[:5]] == [202] * 5
    assert answers[-1].status_code == 429
    assert "Retry-After" in answers[-1].headers
    assert len(office.arrived) == 3


async def test_whoever_asked_for_the_code_of_somebody_else_does_not_learn_that_it_was_used(
    posting: Workshop, office: PostOffice, client: httpx.AsyncClient
) -> None:
    known, unknown = [
        (await ask(client, email)).json()["id"] for email in ("vera@clinic.example", "nobody@nowhere.example")
    ]
    await drain(posting)
    code = code_in(text_of(office.to("vera@clinic.example")))
    used = await client.post(f"/v1/listing_codes/{known}/open", json={"code": code})
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**8:08d}"

    guesses = {
        door: [
            (answer.status_code, answer.json()["detail"])
            for _ in range(7)
            for answer in [await client.post(f"/v1/listing_codes/{door}/open", json={"code": wrong})]
        ]
        for door in (known, unknown)
    }

    assert used.status_code == 200
    assert guesses[known] == guesses[unknown]
    assert [status for status, _ in guesses[known]] == [403] * 5 + [410] * 2


async def test_an_outsider_can_have_eight_letters_a_day_sent_to_a_mailbox_and_no_more(
    world: World, posting: Workshop, office: PostOffice, client: httpx.AsyncClient
) -> None:
    for hours in range(6):
        with clock.shifted(timedelta(hours=2 * hours)):
            for _ in range(3):
                world.app.state.backoff = MemoryBackoff(key=world.app.state.hash_key)
                await ask(client, "vera@clinic.example")
            await drain(posting)
            await jobs.sweep_global(posting, clock.now())

    assert len(office.arrived) == 8


def _from(world: World, network: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=world.app, client=(network, 50_000))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


async def test_an_outsider_who_uses_up_the_tries_locks_the_host_out_of_nothing(
    world: World, posting: Workshop, office: PostOffice, owner: Owner, client: httpx.AsyncClient
) -> None:
    """The outsider asks in the host's name until no letter leaves, and spends every try on each of the codes."""
    async with _from(world, "203.0.113.9") as outsider:
        doors = [(await ask(outsider, "vera@clinic.example")).json()["id"] for _ in range(3)]
        await drain(posting)
        mailed = text_of(office.arrived[0])
        code = code_in(mailed)
        wrong = f"{(int(code.replace(' ', '')) + 1) % 10**8:08d}"
        paths = [f"/v1/listing_codes/{door}/open" for door in doors]
        spent = [(await outsider.post(path, json={"code": wrong})).status_code for path in paths * 6]
    (theirs,) = (path for path, door in zip(paths, doors, strict=True) if door in mailed)

    # What the outsider had sent works for the host, and the host's own request is answered by a letter of its own.
    slip = await client.post(theirs, json={"code": wrong})
    in_by_theirs = await client.post(theirs, json={"code": code})
    asked = await ask(client, "vera@clinic.example")
    await drain(posting)
    letters = len(office.arrived)
    own = code_in(text_of(office.arrived[-1]))
    in_by_own = await client.post(f"/v1/listing_codes/{asked.json()['id']}/open", json={"code": own})

    assert spent == [403] * 15 + [410] * 3
    assert (slip.status_code, "4 tries are left" in slip.json()["detail"]) == (403, True)
    assert in_by_theirs.status_code == 200, in_by_theirs.text
    assert (letters, in_by_own.status_code) == (4, 200), in_by_own.text
    row = owner.execute("SELECT d::text FROM listing_doors d").fetchone()
    assert row is not None
    assert "203.0.113.9" not in row[0]


async def test_all_networks_together_have_a_hundred_tries_and_the_mailbox_six_letters_an_hour(
    world: World, posting: Workshop, office: PostOffice, owner: Owner, client: httpx.AsyncClient
) -> None:
    asked = await ask(client, "vera@clinic.example")
    await drain(posting)
    path = f"/v1/listing_codes/{asked.json()['id']}/open"
    wrong = f"{(int(code_in(text_of(office.to('vera@clinic.example'))).replace(' ', '')) + 1) % 10**8:08d}"
    owner.execute("UPDATE listing_doors SET tries = 98")

    guesses = []
    for number in range(3):
        async with _from(world, f"203.0.113.{number}") as outsider:
            guesses.append((await outsider.post(path, json={"code": wrong})).status_code)
            for _ in range(3):
                await ask(outsider, "vera@clinic.example")
    await drain(posting)

    assert guesses == [403, 403, 410]
    assert len(office.arrived) == 6


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_addresses_are_counted_by_network(address: str, network: str) -> None:
    assert network_of(address) == network


async def test_no_table_holds_the_code(
    posting: Workshop, office: PostOffice, owner: Owner, client: httpx.AsyncClient
) -> None:
    await ask(client, "vera@clinic.example")
    await drain(posting)
    code = code_in(text_of(office.to("vera@clinic.example"))).replace(" ", "")

    doors = owner.execute("SELECT d::text FROM listing_doors d").fetchall()
    mails = owner.execute("SELECT m::text FROM mails m").fetchall()
    queued = owner.execute("SELECT j::text FROM procrastinate_jobs j").fetchall()

    assert [row for (row,) in (*doors, *mails, *queued) if code in row] == []


async def test_a_contact_who_has_not_said_yes_gets_no_code(
    posting: Workshop, office: PostOffice, owner: Owner, client: httpx.AsyncClient
) -> None:
    owner.execute("UPDATE contacts SET status = 'paused' WHERE email = 'vera@clinic.example'")

    await ask(client, "vera@clinic.example")
    await drain(posting)

    assert office.arrived == []


async def test_codes_of_yesterday_are_forgotten(
    posting: Workshop, owner: Owner, client: httpx.AsyncClient
) -> None:
    await ask(client, "vera@clinic.example")
    await drain(posting)

    with clock.shifted(timedelta(days=2)):
        gone = await jobs.sweep_global(posting, clock.now())

    assert gone == 1
    assert owner.execute("SELECT count(*) FROM listing_doors").fetchone() == (0,)


async def test_the_pages_lead_from_the_address_to_the_listings(
    world: World, posting: Workshop, office: PostOffice, owner: Owner, client: httpx.AsyncClient
) -> None:
    owner.execute(
        "UPDATE contacts SET email = 'other@clinic.example' WHERE id = %s", (world["river_cousin"],)
    )
    spanish = {"Accept-Language": "es"}
    form = await client.get("/my_listings", headers=spanish)
    told = await client.post("/my_listings", data={"email": "vera@clinic.example"}, headers=spanish)
    await drain(posting)
    message = text_of(office.to("vera@clinic.example"))
    path = re.search(r"http://[^/]+(/my_listings/[\w-]+)", message)
    assert path is not None
    looked = await client.get(path[1])

    entered = await client.post(path[1], data={"code": code_in(message)})

    assert "No necesita cuenta" in form.text
    assert "Si conocemos esta dirección" in told.text
    assert looked.status_code == 200
    assert entered.status_code == 303
    page = await client.get(entered.headers["location"])
    assert "Veterinary assistant internship" in page.text
    late = await client.post(path[1], data={"code": code_in(message)}, headers=spanish)
    assert late.status_code == 410
    assert "pida uno nuevo" in late.text


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "two words@example.org", "x" * 300 + "@example.org"])
async def test_what_is_no_address_is_refused(email: str, client: httpx.AsyncClient) -> None:
    answer = await ask(client, email)

    assert answer.status_code == 422


def test_a_code_is_eight_digits_of_its_own_door_and_key() -> None:
    code = code_of(b"key", b"door", b"salt")

    assert re.fullmatch(r"\d{8}", code)
    assert is_code(b"key", b"door", b"salt", code)
    assert not is_code(b"other", b"door", b"salt", code)
    assert not is_code(b"key", b"other", b"salt", code)
    assert not is_code(b"key", b"door", b"other", code)
    assert not is_code(b"key", b"door", b"salt", "")
