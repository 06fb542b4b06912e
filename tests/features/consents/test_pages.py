"""Consent by link, as a page in a browser."""

import base64
import hashlib
import re

import httpx

from tests.features.consents.reading import read
from tests.network import ask, secret
from tests.world import World


async def test_the_page_has_five_answers_and_nothing_from_elsewhere(
    world: World, client: httpx.AsyncClient
) -> None:
    asked = await ask(world)

    page = await client.get(f"/consent/{await secret(world, asked.id)}")

    found = read(page)
    assert page.status_code == 200, page.text
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert found.attributes["html.lang"] == ["en"]
    assert found.attributes["button.value"] == ["accept", "decline", "not_me", "never", "erase"]
    assert found.tags.count("h1") == 1
    assert not {"script", "img", "link", "iframe"} & set(found.tags)
    assert "Zenobia Quillfeather" in page.text
    assert "Rosa" not in page.text


async def test_the_page_allows_its_own_style_and_nothing_else(
    world: World, client: httpx.AsyncClient
) -> None:
    asked = await ask(world)

    page = await client.get(f"/consent/{await secret(world, asked.id)}")

    style = re.search(r"<style>(.*?)</style>", page.text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert page.headers["Content-Security-Policy"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


async def test_what_a_contributor_typed_is_only_ever_text(world: World, client: httpx.AsyncClient) -> None:
    asked = await ask(world, job_title="<script>alert(1)</script>")

    page = await client.get(f"/consent/{await secret(world, asked.id)}")

    assert "script" not in read(page).tags
    assert "&lt;script&gt;" in page.text


async def test_the_page_is_in_spanish_for_whoever_reads_spanish(
    world: World, client: httpx.AsyncClient
) -> None:
    hers = await ask(world, locale="es")
    his = await ask(world, email="other@hospital.example")

    written = await client.get(f"/consent/{await secret(world, hers.id)}")
    browsing = await client.get(
        f"/consent/{await secret(world, his.id)}", headers={"Accept-Language": "es-MX,es;q=0.9"}
    )

    for page in (written, browsing):
        assert read(page).attributes["html.lang"] == ["es"]
        assert "Esto es todo lo que tenemos sobre usted" in page.text


async def test_a_button_answers_once(world: World, client: httpx.AsyncClient) -> None:
    asked = await ask(world)
    path = f"/consent/{await secret(world, asked.id)}"

    thanks = await client.post(path, data={"answer": "accept"})
    again = await client.post(path, data={"answer": "erase"})
    later = await client.get(path)

    assert thanks.status_code == 200, thanks.text
    assert "Thank you" in thanks.text
    assert [again.status_code, later.status_code] == [410, 410]
    assert again.headers["Content-Type"].startswith("text/html")
    assert read(again).attributes["html.lang"] == ["en"]


async def test_the_choices_page_leads_on_to_the_next_link(world: World, client: httpx.AsyncClient) -> None:
    asked = await ask(world)
    await client.post(f"/consent/{await secret(world, asked.id)}", data={"answer": "accept"})
    path = f"/choices/{await secret(world, asked.id, 'consent_confirmed')}"

    shown = await client.get(path)
    paused = await client.post(path, data={"answer": "pause"})
    following = read(paused).attributes["a.href"][0]
    resumable = await client.get(following[following.index("/choices/") :])

    assert read(shown).attributes["button.value"] == ["pause", "never", "erase"]
    assert read(resumable).attributes["button.value"] == ["resume", "never", "erase"]


async def test_an_unreadable_form_is_told_on_a_page(world: World, client: httpx.AsyncClient) -> None:
    asked = await ask(world)
    path = f"/consent/{await secret(world, asked.id)}"

    odd = await client.post(path, data={"answer": "perhaps"})
    empty = await client.post(path, headers={"Accept-Language": "es"})
    unknown = await client.get("/consent/no-such-link")

    assert [odd.status_code, empty.status_code, unknown.status_code] == [422, 422, 404]
    assert "vuelva a abrir el enlace" in empty.text.lower()
    assert all(page.headers["Content-Type"].startswith("text/html") for page in (odd, empty, unknown))
