"""Contributing by link, as a page on a phone."""

import re
from html.parser import HTMLParser
from typing import Any

import httpx
import psycopg

from tests.features.contributions.links import NURSE, link_of
from tests.network import content
from tests.world import World

Owner = psycopg.Connection[Any]

FORM = {
    **NURSE,
    "phone": "+1 312 555 0100",
    "locale": "es",
    "employer_name": "Lake Hospital",
    "employer_city": "Lakeside",
    "field": "healthcare_human_services",
    "domain": "friends",
    "closeness": "2",
    "frequency": "5",
    "years_known": "12",
    "offers": ["talk", "shadow"],
    "share_scope": "school",
    "anonymous": "yes",
    "note": "We sing in one choir.",
}


class _Reading(HTMLParser):
    """What a page is made of."""

    def __init__(self, page: httpx.Response) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(page.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def of(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


async def test_every_field_of_the_page_has_its_label_and_nothing_comes_from_elsewhere(
    world: World, client: httpx.AsyncClient
) -> None:
    page = await client.get(f"/contribute/{await link_of(world, 'rosa')}")

    assert page.status_code == 200, page.text
    found = _Reading(page)
    assert not {tag for tag, _ in found.elements} & {"script", "img", "link", "iframe"}
    assert [attributes["lang"] for attributes in found.of("html")] == ["en"]
    assert len(found.of("h1")) == 1
    labels = {attributes["for"] for attributes in found.of("label") if "for" in attributes}
    fields = found.of("input", "select", "textarea")
    assert {field["id"] for field in fields if "id" in field} == labels
    wrapped = re.findall(r'<label class="choice"><input type="(?:radio|checkbox)"', page.text)
    assert len(wrapped) == len([field for field in fields if "id" not in field]) > 6
    described = {part for field in fields for part in field.get("aria-describedby", "").split()}
    assert described <= {attributes.get("id") for _, attributes in found.elements}
    assert page.headers["Cache-Control"] == "no-store"
    assert "Leo" not in page.text


async def test_looking_at_the_page_changes_nothing(
    world: World, client: httpx.AsyncClient, owner: Owner
) -> None:
    secret = await link_of(world, "rosa")
    before = content(owner)

    for _ in range(3):
        await client.get(f"/contribute/{secret}")

    assert content(owner) == before


async def test_the_form_makes_a_connection_and_opens_another_form(
    world: World, client: httpx.AsyncClient, owner: Owner
) -> None:
    secret = await link_of(world, "rosa")

    done = await client.post(f"/contribute/{secret}", data=FORM)

    assert done.status_code == 200, done.text
    following = re.search(r'href="[^"]*/contribute/([^"]+)"', done.text)
    assert following is not None
    assert (await client.get(f"/contribute/{following[1]}")).status_code == 200
    made = owner.execute(
        "SELECT c.closeness, c.frequency, c.years_known, c.offers, c.fields, c.share_scope, c.credit_wanted, c.note,"
        " p.email, p.locale, e.name FROM connections c JOIN contacts p ON p.id = c.contact_id"
        " JOIN employers e ON e.id = c.employer_id WHERE c.domain = 'friends'"
    ).fetchone()
    assert made == (
        2,
        5,
        12,
        ["talk", "shadow"],
        ["healthcare_human_services"],
        "school",
        False,
        "We sing in one choir.",
        "nora@hospital.example",
        "es",
        "Lake Hospital",
    )


async def test_what_cannot_be_taken_is_shown_again_with_what_was_typed(
    world: World, client: httpx.AsyncClient, owner: Owner
) -> None:
    secret = await link_of(world, "rosa")
    before = content(owner)

    again = await client.post(f"/contribute/{secret}", data={**FORM, "note": "Call Nora at 312 555 0177"})

    assert again.status_code == 422
    found = _Reading(again)
    marked = [field["name"] for field in found.of("input", "select", "textarea") if "aria-invalid" in field]
    assert marked == ["note"]
    assert "Call Nora at 312 555 0177" in again.text
    typed = {field["name"]: field.get("value") for field in found.of("input") if "id" in field}
    assert typed["given_name"] == "Nora"
    assert typed["employer_name"] == "Lake Hospital"
    assert "They have fields" in again.text or "Leave e-mail addresses" in again.text
    assert content(owner) == before
    assert (await client.post(f"/contribute/{secret}", data=FORM)).status_code == 200


async def test_a_form_that_names_nobody_asks_for_somebody(world: World, client: httpx.AsyncClient) -> None:
    secret = await link_of(world, "rosa")
    form = {"domain": "friends", "closeness": "2", "frequency": "2"}

    page = await client.post(f"/contribute/{secret}", data=form, headers={"Accept-Language": "es"})

    assert page.status_code == 422
    assert "Díganos a quién conoce" in page.text


async def test_missing_choices_are_marked(world: World, client: httpx.AsyncClient) -> None:
    secret = await link_of(world, "rosa")

    page = await client.post(f"/contribute/{secret}", data={"given_name": "Nora", "years_known": "many"})

    marked = {
        field["name"] for field in _Reading(page).of("input", "select", "textarea") if "aria-invalid" in field
    }
    assert marked == {"family_name", "email", "domain", "closeness", "frequency", "years_known"}


async def test_what_is_typed_is_never_markup(world: World, client: httpx.AsyncClient) -> None:
    secret = await link_of(world, "rosa")

    page = await client.post(f"/contribute/{secret}", data={"given_name": '"><script>alert(1)</script>'})

    assert "<script" not in page.text


async def test_a_used_link_says_so_on_a_page(world: World, client: httpx.AsyncClient) -> None:
    secret = await link_of(world, "rosa")
    await client.post(f"/contribute/{secret}", data=FORM)

    pages = [
        await client.get(f"/contribute/{secret}", headers={"Accept-Language": "es"}),
        await client.post(f"/contribute/{secret}", data=FORM, headers={"Accept-Language": "es"}),
    ]

    assert [page.status_code for page in pages] == [410, 410]
    assert all("ya se usó" in page.text for page in pages)


async def test_anything_that_is_no_form_is_refused_politely(world: World, client: httpx.AsyncClient) -> None:
    secret = await link_of(world, "rosa")

    answers = [
        await client.post(f"/contribute/{secret}", content=body, headers={"Content-Type": kind})
        for body, kind in (
            (b"{}", "application/json"),
            (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
            (b"&".join(b"a%d=1" % n for n in range(500)), "application/x-www-form-urlencoded"),
            (b"note=%00&domain=%ff&given_name=a", "application/x-www-form-urlencoded"),
            (b"closeness=" + b"9" * 5000, "application/x-www-form-urlencoded"),
        )
    ]

    assert {answer.status_code for answer in answers} == {422}
    assert (await client.get(f"/contribute/{secret}")).status_code == 200
