"""What a person who said yes chooses: what to offer, how often, when, and which schools may see them."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from app.core.jobs import Workshop, working
from app.core.mail_templates import Rendered
from app.domain.connection import Offer
from app.features.contacts import service as contacts
from app.features.mails import jobs as mails
from app.features.mails.wording import LETTERS, TEMPLATES, TO_CONTACTS
from tests import introducing
from tests.features.consents.reading import read
from tests.network import PERSON, TRACES, ask, content, holding, secret
from tests.world import World

CHOSEN: dict[str, Any] = {
    "offers": ["talk", "answer_questions"],
    "monthly_cap": 5,
    "availability": {
        "from_on": "2031-02-01",
        "until_on": "2031-06-30",
        "weekdays": ["friday", "monday"],
        "parts_of_day": ["evening"],
    },
}


async def agreed(world: World, client: httpx.AsyncClient, **changes: Any) -> tuple[UUID, str]:
    """Let Zenobia say yes, and return her id and the secret of her choices."""
    asked = await ask(world, **changes)
    await client.post(f"/v1/consents/{await secret(world, asked.id)}/accept")
    return asked.id, await secret(world, asked.id, "consent_confirmed")


def next_of(answer: httpx.Response) -> str:
    link: str = answer.json()["next_link"]
    return link.rsplit("/", 1)[1]


async def may(world: World, contact_id: UUID, school: str, offer: Offer, today: date) -> bool:
    async with working(world.database, world["lakeside"]) as unit:
        contact = await contacts.locked(unit.session, world["lakeside"], contact_id)
        assert contact is not None
        return await contacts.may_be_asked(
            unit.session, contact, school_id=world[school], offer=offer, today=today
        )


async def test_she_chooses_by_link_and_can_change_it_again(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    contact_id, token = await agreed(world, client)
    at_first = await client.get(f"/v1/contact_choices/{token}")

    kept = await client.post(
        f"/v1/contact_choices/{token}", json={**CHOSEN, "visible_school_ids": [str(world["north"])]}
    )
    again = await client.post(f"/v1/contact_choices/{token}", json=CHOSEN)
    shown = await client.get(f"/v1/contact_choices/{next_of(kept)}")
    opened = await client.post(
        f"/v1/contact_choices/{next_of(kept)}", json={"offers": ["host"], "monthly_cap": 1}
    )
    wide = await client.get(f"/v1/contact_choices/{next_of(opened)}")

    assert at_first.status_code == 200, at_first.text
    assert (at_first.json()["offers"], at_first.json()["monthly_cap"]) == ([], 2)
    assert at_first.json()["visible_school_ids"] is None
    assert {school["name"] for school in at_first.json()["schools"]} == {"North School", "South School"}
    assert kept.status_code == 200, kept.text
    assert kept.json()["status"] == "consented"
    assert "whenever you like" in kept.json()["message"]
    assert again.status_code == 410
    told = shown.json()
    assert (told["offers"], told["monthly_cap"]) == (["talk", "answer_questions"], 5)
    assert told["availability"] == {**CHOSEN["availability"], "weekdays": ["monday", "friday"]}
    assert told["visible_school_ids"] == [str(world["north"])]
    assert wide.json()["visible_school_ids"] is None
    assert wide.json()["availability"] == {
        "from_on": None,
        "until_on": None,
        "weekdays": [],
        "parts_of_day": [],
    }
    events = owner.execute(
        "SELECT actor_kind, changed, facts FROM events WHERE subject_id = %s AND action = 'contact.choose'"
        " ORDER BY subject_seq",
        (contact_id,),
    ).fetchall()
    assert next((kind, set(changed), facts) for kind, changed, facts in events) == (
        "link",
        {"availability", "monthly_cap", "offers", "visible_school_ids"},
        {},
    )
    mailed = owner.execute("SELECT count(*) FROM mails WHERE template = 'consent_changed'").fetchone()
    assert mailed == (2,)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"offers": []}, "/offers"),
        ({"offers": ["money"]}, "/offers/0"),
        ({"monthly_cap": 0}, "/monthly_cap"),
        ({"monthly_cap": 9}, "/monthly_cap"),
        ({"monthly_cap": "2"}, "/monthly_cap"),
        ({"availability": {"weekdays": ["caturday"]}}, "/availability/weekdays/0"),
        ({"availability": {"from_on": "tomorrow"}}, "/availability/from_on"),
        ({"availability": {"from_on": "2031-02-02", "until_on": "2031-02-01"}}, "/availability/until_on"),
        ({"visible_school_ids": []}, "/visible_school_ids"),
        ({"visible_school_ids": ["0192f3a4-7c1e-7b2a-9d53-3f0c2a6b8e11"]}, "/visible_school_ids"),
        ({"status": "erased"}, "/status"),
    ],
)
async def test_what_cannot_be_chosen_uses_up_no_link(
    world: World, client: httpx.AsyncClient, change: dict[str, Any], pointer: str
) -> None:
    _, token = await agreed(world, client)

    refused = await client.post(f"/v1/contact_choices/{token}", json={**CHOSEN, **change})
    kept = await client.post(f"/v1/contact_choices/{token}", json=CHOSEN)

    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0].get("pointer") == pointer
    assert kept.status_code == 200, kept.text


async def test_a_school_of_another_community_cannot_be_chosen(
    world: World, client: httpx.AsyncClient
) -> None:
    _, token = await agreed(world, client)

    answer = await client.post(
        f"/v1/contact_choices/{token}", json={**CHOSEN, "visible_school_ids": [str(world["river"])]}
    )

    assert answer.status_code == 422


async def test_who_is_invited_or_gone_chooses_nothing(world: World, client: httpx.AsyncClient) -> None:
    asked = await ask(world)
    invited = await client.post(f"/v1/contact_choices/{await secret(world, asked.id)}", json=CHOSEN)
    _, token = await agreed(world, client, email="other@hospital.example")
    await client.post(f"/v1/contact_choices/{token}/erase")

    gone = await client.post(f"/v1/contact_choices/{token}", json=CHOSEN)
    unknown = await client.post("/v1/contact_choices/no-such-link", json=CHOSEN)

    assert [invited.status_code, gone.status_code, unknown.status_code] == [404, 410, 404]


async def test_a_break_keeps_what_was_chosen_and_it_can_be_changed_meanwhile(
    world: World, client: httpx.AsyncClient
) -> None:
    _, token = await agreed(world, client)
    paused = await client.post(f"/v1/contact_choices/{token}/pause")

    changed = await client.post(f"/v1/contact_choices/{next_of(paused)}", json=CHOSEN)
    resumed = await client.post(f"/v1/contact_choices/{next_of(changed)}/resume")

    assert changed.json()["status"] == "paused"
    shown = await client.get(f"/v1/contact_choices/{next_of(resumed)}")
    assert (shown.json()["status"], shown.json()["monthly_cap"]) == ("consented", 5)


async def test_two_choices_at_once_have_one_winner(world: World, client: httpx.AsyncClient) -> None:
    contact_id, token = await agreed(world, client)
    other = await secret(world, contact_id, "consent_changed")

    same = await asyncio.gather(
        *(client.post(f"/v1/contact_choices/{token}", json={**CHOSEN, "monthly_cap": cap}) for cap in (3, 4))
    )
    left = await asyncio.gather(
        client.post(f"/v1/contact_choices/{next_of(max(same, key=lambda a: a.status_code == 200))}/erase"),
        client.post(f"/v1/contact_choices/{other}", json=CHOSEN),
    )

    assert sorted(answer.status_code for answer in same) == [200, 410]
    assert left[0].status_code == 200, left[0].text
    assert left[1].status_code in {200, 410}


async def test_staff_see_what_was_chosen_and_asking_keeps_to_it(
    world: World, client: httpx.AsyncClient
) -> None:
    contact_id, token = await agreed(world, client)
    day = date(2031, 3, 3)
    before = await may(world, contact_id, "north", Offer.HOST, day)

    await client.post(
        f"/v1/contact_choices/{token}", json={**CHOSEN, "visible_school_ids": [str(world["north"])]}
    )

    seen = (await world.as_("clara").get(f"/v1/contacts/{contact_id}")).json()
    assert (seen["offers"], seen["monthly_cap"]) == (["talk", "answer_questions"], 5)
    assert seen["availability"]["parts_of_day"] == ["evening"]
    assert seen["visible_school_ids"] == [str(world["north"])]
    assert before
    assert await may(world, contact_id, "north", Offer.TALK, day)
    assert not await may(world, contact_id, "north", Offer.HOST, day)
    assert not await may(world, contact_id, "north", Offer.TALK, date(2031, 7, 1))
    assert not await may(world, contact_id, "south", Offer.TALK, day)


async def test_a_school_that_may_not_see_her_sees_nobody(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    contact_id, token = await agreed(world, client)
    made = await world.as_("petra").post(
        "/v1/connections", json={"domain": "work", "closeness": 1, "frequency": 1, "person": PERSON}
    )
    path = made.headers["Location"]
    dario = world.as_("dario")
    known = [await dario.get(f"/v1/contacts/{contact_id}"), await dario.get(path)]

    await client.post(
        f"/v1/contact_choices/{token}", json={**CHOSEN, "visible_school_ids": [str(world["north"])]}
    )

    hidden = [await dario.get(f"/v1/contacts/{contact_id}"), await dario.get(path)]
    listed = [await dario.get("/v1/contacts"), await dario.get("/v1/connections")]
    assert [answer.status_code for answer in known] == [200, 200]
    assert known[1].json()["contact_name"] == "Zenobia Quillfeather"
    assert [answer.status_code for answer in hidden] == [404, 200]
    said = hidden[1].json()
    assert (said["has_person"], said["contact_id"], said["contact_name"], said["contact_status"]) == (
        True,
        None,
        None,
        None,
    )
    assert not any(word in answer.text.lower() for answer in listed for word in TRACES)
    assert str(contact_id) not in str([answer.text for answer in listed])
    for who in ("clara", "ellis"):
        assert (await world.as_(who).get(f"/v1/contacts/{contact_id}")).status_code == 200
    # The other way round: even the school that suggested her.
    token = await secret(world, contact_id, "consent_changed")
    await client.post(
        f"/v1/contact_choices/{token}", json={**CHOSEN, "visible_school_ids": [str(world["south"])]}
    )
    assert (await world.as_("clara").get(f"/v1/contacts/{contact_id}")).status_code == 404
    assert (await dario.get(f"/v1/contacts/{contact_id}")).status_code == 200
    assert holding(owner, "zenobia") != {}


async def test_the_page_chooses_too(world: World, client: httpx.AsyncClient) -> None:
    contact_id, token = await agreed(world, client)

    page = await client.get(f"/choices/{token}")
    form = read(page).attributes
    form_kept = await client.post(
        f"/choices/{token}/details",
        data={
            "offers": ["talk", "mentor"],
            "monthly_cap": "8",
            "from_on": "2031-02-01",
            "until_on": "",
            "weekdays": ["monday"],
            "schools": [str(world["north"])],
        },
    )

    assert page.status_code == 200, page.text
    assert form["form.action"] == [f"{token}/details"]
    assert form["option.value"] == [str(cap) for cap in range(1, 9)]
    checked = read(page).tags.count("input")
    assert checked == 6 + 2 + 7 + 3 + 3
    assert form_kept.status_code == 200, form_kept.text
    assert "We keep to what you chose" in form_kept.text
    following = read(form_kept).attributes["a.href"][0]
    shown = await client.get(following[following.index("/choices/") :], headers={"Accept-Language": "es"})
    assert 'value="2031-02-01"' in shown.text
    assert "Escuelas que pueden verme" in shown.text
    seen = (await world.as_("clara").get(f"/v1/contacts/{contact_id}")).json()
    assert (seen["offers"], seen["monthly_cap"]) == (["talk", "mentor"], 8)
    assert seen["visible_school_ids"] == [str(world["north"])]


async def test_a_form_that_leaves_nothing_is_told_on_a_page_and_uses_up_no_link(
    world: World, client: httpx.AsyncClient
) -> None:
    _, token = await agreed(world, client)
    path = f"/choices/{token}/details"

    nothing = await client.post(path, data={"monthly_cap": "2", "schools": "all"})
    backwards = await client.post(
        path,
        data={
            "offers": "talk",
            "schools": "all",
            "monthly_cap": "2",
            "from_on": "2031-02-02",
            "until_on": "2031-02-01",
        },
    )
    odd = await client.post(path, data={"offers": "talk", "schools": "all", "monthly_cap": "99"})
    right = await client.post(path, data={"offers": "talk", "schools": "all", "monthly_cap": "2"})

    assert [nothing.status_code, backwards.status_code, odd.status_code, right.status_code] == [
        422,
        409,
        422,
        200,
    ]
    assert "at least one thing" in nothing.text
    assert all(page.headers["Content-Type"].startswith("text/html") for page in (nothing, backwards, odd))


async def test_looking_at_the_choices_changes_nothing(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    _, token = await agreed(world, client)
    before = content(owner)

    for path in (f"/v1/contact_choices/{token}", f"/choices/{token}"):
        assert (await client.get(path)).status_code == 200
        await client.head(path)
    await client.get(f"/choices/{token}/details")

    assert content(owner) == before


@pytest.mark.parametrize("letter", sorted(TO_CONTACTS))
@pytest.mark.parametrize("language", ["en", "es"])
async def test_she_can_leave_or_pause_from_every_letter_she_gets(letter: str, language: str) -> None:
    way_out = "choices_link" if "choices_link" in LETTERS[letter] else "link"
    values = {name: f"<{name}>" for name in LETTERS[letter]} | {"held": ["x"], "answer_by": date(2031, 1, 1)}
    values |= {
        "begins_at": datetime(2031, 1, 1, 9, tzinfo=UTC),
        "link": "https://kithwork.example/l",
        way_out: "https://kithwork.example/way-out",
    }

    written: Rendered = TEMPLATES.render(letter, language, **values)

    assert letter in mails.LINKED
    assert "https://kithwork.example/way-out" in written.text
    assert "https://kithwork.example/way-out" in written.html


async def test_no_other_letter_reaches_a_contact(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    await agreed(world, client)

    sent = {row[0] for row in owner.execute("SELECT template FROM mails WHERE contact_id IS NOT NULL")}

    assert sent <= TO_CONTACTS


@pytest.mark.parametrize("choice", ["south", "pause"])
async def test_who_takes_back_a_yes_is_asked_nothing_that_was_under_way(
    world: World, client: httpx.AsyncClient, workshop: Workshop, owner: psycopg.Connection[Any], choice: str
) -> None:
    await introducing.approved(world, workshop)
    under_way = "SELECT count(*) FROM introduction_hops WHERE status IN ('reserved', 'asked')"
    before = owner.execute(under_way).fetchone()
    token = await secret(world, world["cousin"], "consent_changed")

    if choice == "pause":
        answer = await client.post(f"/v1/contact_choices/{token}/pause")
    else:
        answer = await client.post(
            f"/v1/contact_choices/{token}", json={**CHOSEN, "visible_school_ids": [str(world["south"])]}
        )

    assert answer.status_code == 200, answer.text
    assert before != (0,)
    assert owner.execute(under_way).fetchone() == (0,)


async def test_she_is_shown_what_is_held_of_both_when_two_were_found_to_be_her(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    contact_id, token = await agreed(world, client)
    other = await ask(world, email="zq@home.example", phone="+1 312 555 0188", job_title="Singer")
    owner.execute("UPDATE contacts SET merged_into_id = %s WHERE id = %s", (contact_id, other.id))

    found = (await client.get(f"/v1/contact_choices/{token}")).json()

    held = [(thing["field"], thing["value"]) for thing in found["held"]]
    assert {("email", "zq@home.example"), ("phone", "+1 312 555 0188"), ("job_title", "Singer")} <= set(held)
    assert ("email", PERSON["email"].lower()) in held
    assert len(held) == len(set(held))
