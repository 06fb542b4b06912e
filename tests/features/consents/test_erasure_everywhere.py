"""Nothing of a person who does not take part is left anywhere: not in any table, mail, file, stored answer or log."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from app.core import clock
from app.core.jobs import Workshop
from app.features.contacts.jobs import sweep
from app.features.imports.jobs import run_import
from tests import introducing
from tests.draining import Drain
from tests.features.consents.test_erasure import found_in_files
from tests.network import PERSON, TRACES, ask, holding, secret
from tests.world import World

Owner = psycopg.Connection[Any]
End = Callable[[World, httpx.AsyncClient, Workshop, UUID, str], Awaitable[None]]

HERS: dict[str, Any] = {**PERSON, "email": "zenobia.quillfeather@gmail.com", "personal_relation": True}
OFFER: dict[str, Any] = {"domain": "club", "closeness": 1, "frequency": 2, "person": HERS}
FILE = (
    b"given name,family name,email,phone,job title,employer,offers,basis\n"
    b"Zenobia,Quillfeather,zenobia@hospital.example,+1 312 555 0177,Night nurse,,talk,asked_and_agreed\n"
    b"Zenobia,Quillfeather,zenobia@lab.example,,Night nurse,,talk,\n"
)


async def answered(client: httpx.AsyncClient, world: World, contact_id: UUID, answer: str) -> None:
    given = await client.post(f"/v1/consents/{await secret(world, contact_id)}/{answer}")
    assert given.status_code == 200, given.text


def by_answer(answer: str) -> End:
    async def end(world: World, client: httpx.AsyncClient, _: Workshop, contact_id: UUID, _path: str) -> None:
        await answered(client, world, contact_id, answer)

    return end


def after_a_yes(choice: str) -> End:
    async def end(world: World, client: httpx.AsyncClient, _: Workshop, contact_id: UUID, _path: str) -> None:
        await answered(client, world, contact_id, "accept")
        token = await secret(world, contact_id, "consent_confirmed")
        kept = await client.post(
            f"/v1/contact_choices/{token}",
            json={"offers": ["talk"], "monthly_cap": 1, "visible_school_ids": [str(world["north"])]},
        )
        token = kept.json()["next_link"].rsplit("/", 1)[1]
        left = await client.post(f"/v1/contact_choices/{token}/{choice}")
        assert left.status_code == 200, left.text

    return end


async def without_an_answer(
    world: World, _client: httpx.AsyncClient, work: Workshop, _contact_id: UUID, _path: str
) -> None:
    await sweep(work, world["lakeside"], clock.now() + timedelta(days=31))


async def by_the_contributors(
    world: World, _client: httpx.AsyncClient, _: Workshop, contact_id: UUID, path: str
) -> None:
    listed = (await world.as_("ellis").get("/v1/connections", params={"limit": 100})).json()["items"]
    paths = [f"/v1/connections/{row['id']}" for row in listed if row["contact_id"] == str(contact_id)]
    assert path in paths
    for one in paths:
        version = (await world.as_("ellis").get(one)).json()["version"]
        gone = await world.as_("ellis").post(f"{one}/withdraw", version=version)
        assert gone.status_code == 200, gone.text


ENDS: dict[str, End] = {
    "decline": by_answer("decline"),
    "not_me": by_answer("not_me"),
    "never": by_answer("never"),
    "erase": by_answer("erase"),
    "no answer": without_an_answer,
    "withdrawn by everybody": by_the_contributors,
    "left after a yes": after_a_yes("erase"),
    "never after a yes": after_a_yes("never"),
}


@pytest.mark.parametrize("end", ENDS)
async def test_she_is_erased_everywhere(
    world: World,
    client: httpx.AsyncClient,
    owner: Owner,
    workshop: Workshop,
    drain: Drain,
    home: Path,
    capsys: pytest.CaptureFixture[str],
    end: str,
) -> None:
    rosa, clara = world.as_("rosa"), world.as_("clara")
    asked = await ask(
        world, **{key: value for key, value in HERS.items() if key not in PERSON or key == "email"}
    )
    changed = await rosa.patch(
        asked.connection,
        json={"note": "Zenobia sings alto, a night nurse by trade", "fields": ["nurse"]},
        version=asked.version,
    )
    assert changed.status_code == 200, changed.text
    await world.as_("petra").post("/v1/connections", json={**OFFER, "note": "sings alto too"})
    await drain()
    for who, path in (("clara", "/v1/contacts"), ("clara", asked.connection), ("rosa", asked.connection)):
        assert (await world.as_(who).get(path)).status_code == 200
    await clara.get(f"/v1/contacts/{asked.id}")
    there = holding(owner, *TRACES)
    assert {"contacts", "connections", "stored_answers", "match_keys"} <= there.keys()
    assert found_in_files(home / "mail")

    await ENDS[end](world, client, workshop, asked.id, asked.connection)
    await drain()

    assert holding(owner, *TRACES) == {}
    assert found_in_files(home) == []
    said = capsys.readouterr()
    assert not any(trace in (said.out + said.err).lower() for trace in (*TRACES, "gmail.com"))
    assert owner.execute("SELECT count(*) FROM connection_fields WHERE field = 'nurse'").fetchone() == (0,)
    assert owner.execute("SELECT fields FROM connections WHERE contact_id = %s", (asked.id,)).fetchall() in (
        [([],), ([],)],
        [([],)],
    )


async def test_the_file_she_came_in_is_erased_with_her(
    world: World, client: httpx.AsyncClient, owner: Owner, workshop: Workshop, drain: Drain, home: Path
) -> None:
    clara = world.as_("clara")
    sent = await clara.post(
        "/v1/imports/connections",
        content=FILE,
        headers={"Content-Type": "text/csv"},
        params={"dry_run": "false", "file_name": "zenobia.csv"},
    )
    assert sent.status_code == 202, sent.text
    await run_import(workshop, world["lakeside"], UUID(sent.json()["id"]))
    ((contact_id, path),) = owner.execute(
        "SELECT k.id, c.id FROM contacts k JOIN connections c ON c.contact_id = k.id"
        " WHERE k.email = 'zenobia@hospital.example'"
    ).fetchall()
    screened = await clara.post(f"/v1/connections/{path}/screen", version=1)
    assert screened.status_code == 200, screened.text
    await drain()
    assert "uploads" in holding(owner, *TRACES)

    await answered(client, world, contact_id, "decline")
    await drain()

    assert holding(owner, *TRACES) == {}
    assert found_in_files(home) == []


async def test_whom_a_student_was_introduced_to_is_erased_from_every_letter_and_answer_too(
    world: World,
    client: httpx.AsyncClient,
    owner: Owner,
    workshop: Workshop,
    drain: Drain,
    home: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    owner.execute(
        "UPDATE contacts SET given_name = 'Zenobia', family_name = 'Quillfeather', email = 'zenobia@clinic.example'"
        " WHERE id = %s",
        (world["cousin"],),
    )
    way = await introducing.approved(world, workshop)
    for kind in ("contributor", "contact"):
        await introducing.answer(world, way, client, kind, "yes")
    await drain()
    assert (await way.act("ada", "record_met")).status_code == 200
    await drain()
    assert "Zenobia" in str(await way.seen_by("clara"))
    assert found_in_files(home / "mail")

    token = await secret(world, world["cousin"], "consent_changed")
    left = await client.post(f"/v1/contact_choices/{token}/erase")
    await drain()

    assert left.status_code == 200, left.text
    assert holding(owner, *TRACES) == {}
    assert found_in_files(home) == []
    said = capsys.readouterr()
    assert not any(trace in (said.out + said.err).lower() for trace in TRACES)


async def test_two_who_were_found_to_be_one_are_erased_and_left_in_peace_together(
    world: World, client: httpx.AsyncClient, owner: Owner, drain: Drain, home: Path
) -> None:
    first = await ask(world)
    second = await ask(world, email="zenobia.quillfeather@home.example")
    for one in (first, second):
        await answered(client, world, one.id, "accept")
    await drain()
    pairs = owner.execute(
        "SELECT id, version, left_id FROM duplicate_pairs WHERE kind = 'contact'"
    ).fetchall()
    assert len(pairs) == 1, pairs
    ((pair, version, left),) = pairs
    merged = await world.as_("clara").post(
        f"/v1/duplicates/{pair}/merge",
        json={"keep": "left" if left == first.id else "right"},
        version=version,
    )
    assert merged.status_code == 200, merged.text

    # By the link in the letter to the address that is not the kept one's.
    letters = [
        path.read_text().replace("=\n", "").replace("=3D", "=") for path in (home / "mail").rglob("*.eml")
    ]
    theirs = "hospital.example" if merged.json()["kept_id"] == str(second.id) else "home.example"
    (letter,) = [text for text in letters if "/choices/" in text and f"quillfeather@{theirs}" in text.lower()]
    found = re.search(r"/choices/([\w-]{43})", letter)
    assert found is not None
    given = await client.post(f"/v1/contact_choices/{found[1]}/never")
    await drain()

    assert given.status_code == 200, given.text
    assert holding(owner, *TRACES) == {}
    assert found_in_files(home) == []
    assert owner.execute("SELECT count(*) FROM suppressions").fetchone() == (2,)
    assert second.id != first.id


async def test_whoever_decides_about_her_likeness_does_not_write_down_her_name(
    world: World, owner: Owner, drain: Drain
) -> None:
    await ask(world)
    await ask(world, email="zenobia.quillfeather@home.example")
    await drain()
    clara = world.as_("clara")
    ((pair, version),) = owner.execute(
        "SELECT id, version FROM duplicate_pairs WHERE kind = 'contact'"
    ).fetchall()

    named = await clara.post(
        f"/v1/duplicates/{pair}/mark_different", json={"reason": "Quillfeather is rare"}, version=version
    )
    marked = await clara.post(
        f"/v1/duplicates/{pair}/mark_different", json={"reason": "they met at our fair"}, version=version
    )

    assert (named.status_code, named.json()["code"]) == (422, "contact_data")
    assert marked.status_code == 200, marked.text
