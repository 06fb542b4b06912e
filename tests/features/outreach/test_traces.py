"""Skipping leaves no trace: the whole database is compared, and the log."""

import re
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from psycopg import sql

from app.core.jobs import Workshop
from app.core.mail import MailDeferred, MailRefused, Message
from app.core.metrics import REGISTRY
from app.features.mails import jobs as mail_jobs
from tests.draining import Drain
from tests.features.contributions.links import link_of
from tests.features.outreach.families import asks, campaign, families, home_of, sweep
from tests.network import content, holding, tables
from tests.world import World

Owner = psycopg.Connection[Any]


class _Post:
    """A mail server that takes letters, refuses those to some readers, or puts them off."""

    def __init__(self, refused: set[str], *, deferred: bool = False) -> None:
        self.refused = refused
        self.deferred = deferred
        self.taken: list[str] = []
        self.letters: list[str] = []

    async def send(self, message: Message) -> None:
        if message.to in self.refused:
            raise MailDeferred("451") if self.deferred else MailRefused("550")
        self.taken.append(message.to)
        self.letters.append(message.text)

    async def close(self) -> None:
        """Nothing to close."""


async def _send_all(work: Workshop, owner: Owner, post: _Post) -> None:
    """Send every waiting mail, as the worker does."""
    equipped = Workshop(work.database, work.settings, work.hash_key, post)
    for tenant_id, mail_id in owner.execute(
        "SELECT tenant_id, id FROM mails WHERE state = 'waiting' ORDER BY id"
    ).fetchall():
        await mail_jobs.send_mail(equipped, tenant_id, mail_id)
    owner.execute("DELETE FROM procrastinate_jobs")


def _rows_about(owner: Owner, *ids: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table that names one of these ids, without what differs between any two rows."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in tables(owner):
        rows = owner.execute(sql.SQL("SELECT to_jsonb(t), t::text FROM {} t").format(sql.Identifier(table)))
        for row, text in rows.fetchall():
            if any(str(each) in text for each in ids):
                found.setdefault(table, []).append(
                    {name: value for name, value in row.items() if name not in _OWN_OF_EACH}
                )
    return found


# Ids, secrets, names and the instants at which two families were asked one after the other.
_OWN_OF_EACH = {
    "id",
    "created_at",
    "updated_at",
    "token_hash",
    "subject_id",
    "person_id",
    "guardian_id",
    "student_id",
    "household_id",
    "expires_at",
    "given_name",
    "email",
    "clusters",
}


async def test_a_family_that_looks_and_passes_over_leaves_the_database_as_it_was(
    world: World, client: httpx.AsyncClient, owner: Owner, workshop: Workshop
) -> None:
    await campaign(world)
    await sweep(workshop, world)
    post = _Post(set())
    await _send_all(workshop, owner, post)
    secrets = [re.search(r"/contribute/([\w-]{43})", letter) for letter in post.letters]
    never_opened = content(owner)

    for secret in secrets:
        assert secret is not None
        for path in (f"/contribute/{secret[1]}", f"/v1/contributions/{secret[1]}"):
            for _ in range(2):
                assert (await client.get(path)).status_code == 200
    for name in ("rosa", "omar"):
        shown = await world.as_(name).get("/v1/outreach/questions")
        assert len(shown.json()["questions"]) == 3

    assert content(owner) == never_opened


async def test_nothing_of_the_letters_is_kept_but_that_the_family_was_asked_and_an_open_link(
    world: World, owner: Owner, workshop: Workshop
) -> None:
    await campaign(world)
    (family,) = await families(world, 1, "north")
    before = set(_rows_about(owner, *family.guardians, home_of(owner, family.guardians[0])))

    await sweep(workshop, world)
    await _send_all(workshop, owner, _Post(set()))

    after = _rows_about(owner, *family.guardians, home_of(owner, family.guardians[0]))
    assert set(after) - before == {"outreach_asks", "link_tokens"}
    assert owner.execute("SELECT count(*) FROM mails").fetchone() == (0,)
    assert [link["used_at"] for link in after["link_tokens"]] == [None, None]


@pytest.mark.parametrize("deferred", [False, True])
async def test_a_mailbox_that_sends_the_letter_back_looks_like_one_that_took_it(
    *, deferred: bool, world: World, owner: Owner, workshop: Workshop
) -> None:
    back, took = await families(world, 2, "north")
    await campaign(world)
    await sweep(workshop, world)
    addresses = {f"{guardian.hex}@example.org" for guardian in back.guardians}
    counted = REGISTRY.get_sample_value("mails_total", {"outcome": "failed"}) or 0
    post = _Post(addresses, deferred=deferred)

    await _send_all(workshop, owner, post)
    for _ in range(3 if deferred else 0):
        owner.execute("UPDATE mails SET due_at = now() - interval '1 minute'")
        await _send_all(workshop, owner, post)
    if deferred:
        owner.execute(
            "UPDATE mails SET due_at = now() - interval '1 minute', created_at = now() - interval '6 days'"
        )
        await _send_all(workshop, owner, post)

    assert len(post.taken) == 4
    rows = [
        _rows_about(owner, *family.guardians, home_of(owner, family.guardians[0])) for family in (back, took)
    ]
    assert rows[0] == rows[1]
    assert len(rows[0]["link_tokens"]) == 2
    assert "mails" not in rows[0]
    assert (REGISTRY.get_sample_value("mails_total", {"outcome": "failed"}) or 0) == counted


async def test_the_log_of_requests_does_not_say_who_looked_at_the_questions(
    world: World, workshop: Workshop, client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await campaign(world)
    await sweep(workshop, world)
    secret = await link_of(world, "rosa")
    capsys.readouterr()

    await world.as_("rosa").get("/v1/outreach/questions")
    await client.get(f"/contribute/{secret}")
    lines = [line for line in capsys.readouterr().err.splitlines() if '"request"' in line]

    assert len(lines) == 2
    rosa = world.residents["rosa"]
    for line in lines:
        assert str(rosa.account_id) not in line
        assert str(rosa.person_id) not in line
        assert secret not in line


async def test_an_answer_is_counted_and_nothing_ties_it_to_the_family(
    world: World, client: httpx.AsyncClient, owner: Owner, workshop: Workshop
) -> None:
    await campaign(world)
    await sweep(workshop, world)
    secret = await link_of(world, "rosa")
    cluster = (await client.get(f"/v1/contributions/{secret}")).json()["questions"][0]["cluster"]
    before, events = content(owner), owner.execute("SELECT count(*) FROM events").fetchone()

    answered = await client.post(
        f"/v1/contributions/{secret}/answers", json={"answers": [{"cluster": cluster, "answer": "know"}]}
    )

    assert answered.status_code == 200, answered.text
    after = content(owner)
    assert {table for table in after if after[table] != before[table]} == {
        "outreach_asks",
        "outreach_counts",
        "link_tokens",
    }
    assert owner.execute("SELECT count(*) FROM events").fetchone() == events
    assert asks(owner)[home_of(owner, world["rosa"])] == []
    following = answered.json()["next_link"].rsplit("/", 1)[1]
    assert (await client.get(f"/v1/contributions/{following}")).json()["questions"] == []


async def test_a_connection_offered_on_the_link_is_not_tied_to_the_question(
    world: World, client: httpx.AsyncClient, owner: Owner, workshop: Workshop
) -> None:
    path = await campaign(world)
    await sweep(workshop, world)
    secret = await link_of(world, "rosa")
    body = {"employer": {"name": "Corner Bakery"}, "domain": "work", "closeness": 2, "frequency": 2}
    before = owner.execute("SELECT sum(yes) FROM outreach_counts").fetchone()

    offered = await client.post(f"/v1/contributions/{secret}", json=body)

    assert offered.status_code == 200
    assert owner.execute("SELECT sum(yes) FROM outreach_counts").fetchone() == before
    assert len(asks(owner)[home_of(owner, world["rosa"])]) == 3
    assert (
        path.rsplit("/", 1)[1]
        not in owner.execute(
            "SELECT string_agg(c::text, ' ') FROM connections c WHERE domain = 'work'"
        ).fetchall()[0][0]
    )


async def test_when_the_month_is_over_nothing_says_that_a_family_was_asked(
    world: World, owner: Owner, workshop: Workshop, drain: Drain
) -> None:
    (family,) = await families(world, 1, "north")
    home = home_of(owner, family.guardians[0])
    before = set(_rows_about(owner, home))
    await campaign(world)
    await sweep(workshop, world)
    await drain()
    owner.execute("UPDATE outreach_asks SET month = month - interval '1 month'")

    await sweep(workshop, world)

    assert set(_rows_about(owner, home)) == before
    assert "outreach_asks" not in holding(owner, str(home))


async def test_the_page_asks_the_questions_and_takes_the_answers(
    world: World, client: httpx.AsyncClient, owner: Owner, workshop: Workshop
) -> None:
    await campaign(world)
    await sweep(workshop, world)
    secret = await link_of(world, "rosa")
    clusters = asks(owner)[home_of(owner, world["rosa"])]

    page = await client.get(f"/contribute/{secret}", headers={"Accept-Language": "es"})
    empty = await client.post(f"/contribute/{secret}/answers", data={"anything": "know"})
    done = await client.post(
        f"/contribute/{secret}/answers", data={clusters[0]: "know", clusters[2]: "nobody"}
    )

    assert page.text.count("¿A quién conocemos en ") == 3
    assert page.text.count('<input type="radio"') == 6
    assert (empty.status_code, done.status_code) == (422, 200)
    assert re.search(r'href="[^"]*/contribute/[\w-]{43}"', done.text)
    assert owner.execute("SELECT cluster FROM outreach_counts WHERE yes > 0").fetchall() == [(clusters[0],)]
