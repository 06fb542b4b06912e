"""Erasure with real mails in real files: nothing of a person who said no can be found anywhere."""

from pathlib import Path
from typing import Any

import httpx
import psycopg

from app.features.mails import jobs as mails
from tests.network import TRACES, ask, holding, secret, workshop
from tests.world import World


def found_in_files(home: Path) -> list[Path]:
    files = [path for path in home.rglob("*") if path.is_file()]
    return [path for path in files if any(t in path.read_text(errors="replace").lower() for t in TRACES)]


async def test_the_link_in_the_letter_erases_the_letter_too(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    work, home = workshop(world), world.app.state.settings.kithwork_home
    asked = await ask(world)
    ((mail_id,),) = owner.execute("SELECT id FROM mails").fetchall()
    await mails.send_mail(work, world["lakeside"], mail_id)
    (letter,) = found_in_files(home)
    words = letter.read_text().replace("=\n", "").replace("=3D", "=")
    start = words.index("/consent/") + len("/consent/")
    token = words[start : start + 43]

    given = await client.post(f"/v1/consents/{token}/never")
    await mails.erase_mail_files(work, world["lakeside"], asked.id)

    assert given.status_code == 200, given.text
    assert found_in_files(home) == []
    assert holding(owner, *TRACES) == {}
    assert not any(name in words for name in ("Leo", "Rosa", "Maya"))


async def test_a_suppressed_mailbox_leaves_the_same_rows_as_any_other_but_no_letter(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    work, home = workshop(world), world.app.state.settings.kithwork_home
    told = []
    for number in range(2):
        asked = await ask(world)
        rows = owner.execute("SELECT id FROM mails WHERE contact_id = %s", (asked.id,)).fetchall()
        await mails.send_mail(work, world["lakeside"], rows[0][0])
        files = found_in_files(home)
        told.append(
            owner.execute(
                "SELECT c.status, m.template, m.state, m.fault, m.attempts FROM contacts c"
                " JOIN mails m ON m.contact_id = c.id WHERE c.id = %s",
                (asked.id,),
            ).fetchall()
        )
        assert len(files) == 1 - number
        if number == 0:
            words = files[0].read_text()
            start = words.index("/consent/") + len("/consent/")
            await client.post(f"/v1/consents/{words[start : start + 43]}/never")
            await mails.erase_mail_files(work, world["lakeside"], asked.id)

    assert told[0] == told[1]


async def test_whoever_takes_a_break_gets_the_next_link_by_mail(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    work, home = workshop(world), world.app.state.settings.kithwork_home
    asked = await ask(world, locale="es")
    await client.post(f"/v1/consents/{await secret(world, asked.id)}/accept")
    token = await secret(world, asked.id, "consent_confirmed")
    await client.post(f"/v1/contact_choices/{token}/pause")
    ((mail_id,),) = owner.execute("SELECT id FROM mails WHERE template = 'consent_changed'").fetchall()

    await mails.send_mail(work, world["lakeside"], mail_id)

    (letter,) = found_in_files(home)
    words = letter.read_text()
    start = words.index("/choices/") + len("/choices/")
    left = await client.post(f"/v1/contact_choices/{words[start : start + 43]}/erase")
    await mails.erase_mail_files(work, world["lakeside"], asked.id)
    assert left.status_code == 200, left.text
    assert found_in_files(home) == []
    assert holding(owner, *TRACES) == {}
