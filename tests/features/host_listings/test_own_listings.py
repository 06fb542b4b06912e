"""What an employer without an account sees and does, by the token that a code opened."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import working
from app.features.links import service as links
from app.models import ListingDoor
from tests.draining import Drain
from tests.world import World

Owner = psycopg.Connection[Any]


async def token_of(world: World, **key: UUID) -> str:
    """Open a door as the code would, for a contact or a supervisor of Lakeside."""
    door_id, tenant_id = new_id(), world["lakeside"]
    keys = [{"tenant_id": str(tenant_id), **{name: str(value) for name, value in key.items()}}]
    async with working(world.database, None) as unit:
        until = clock.now() + timedelta(minutes=30)
        unit.session.add(
            ListingDoor(id=door_id, address_hash=b"x", keys=keys, salt=b"x", expires_at=until, locale="en")
        )
        return await links.issue(
            unit.session, purpose="host_listings", tenant_id=tenant_id, subject_id=door_id, expires_at=until
        )


@pytest.fixture
async def vera(world: World) -> str:
    """The token of the cousin, through whom the internship came."""
    return await token_of(world, contact_id=world["cousin"])


@pytest.fixture
async def sam(world: World) -> str:
    """The token of the clinic's supervisor."""
    return await token_of(world, person_id=world["sam"])


def path(token: str, world: World, name: str = "internship") -> str:
    return f"/v1/host_listings/{token}/{world[name]}"


async def change(
    client: httpx.AsyncClient, where: str, body: dict[str, Any], version: int | None = None
) -> httpx.Response:
    if version is None:
        version = (await client.get(where)).json()["version"]
    return await client.patch(where, json=body, headers={"If-Match": f'"{version}"'})


def last_event(owner: Owner, world: World, action: str, name: str = "internship") -> tuple[Any, ...] | None:
    return owner.execute(
        "SELECT actor_kind, actor_person_id, changed FROM events WHERE subject_id = %s AND action = %s",
        (world[name], action),
    ).fetchone()


async def test_dates_seats_and_the_like_change_at_once(
    world: World, vera: str, owner: Owner, client: httpx.AsyncClient
) -> None:
    answer = await change(
        client,
        path(vera, world),
        {"seats": 3, "dress_code": "Closed shoes", "schedule": "Mondays 14:00-16:00"},
    )

    assert answer.status_code == 200, answer.text
    assert (answer.json()["seats"], answer.json()["dress_code"]) == (3, "Closed shoes")
    assert answer.json()["change"] is None
    event = last_event(owner, world, "opportunity.update")
    assert event is not None
    assert event[0] == "link"
    assert set(event[2]) == {"seats", "dress_code", "schedule"}


async def test_the_words_of_a_published_listing_wait_for_a_person_of_the_school(
    world: World, vera: str, client: httpx.AsyncClient
) -> None:
    asked = await change(client, path(vera, world), {"title": "Come and see", "seats": 3})
    shown = (await world.as_("leo").get(f"/v1/opportunities/{world['internship']}")).json()
    (waiting,) = (await world.as_("clara").get("/v1/listing_changes")).json()["items"]

    accepted = await world.as_("clara").post(
        f"/v1/listing_changes/{waiting['id']}/accept", version=waiting["version"]
    )

    assert asked.json()["change"] == {
        "status": "proposed",
        "wanted": {"title": "Come and see"},
        "decision": None,
    }
    assert (asked.json()["title"], asked.json()["seats"]) == ("Veterinary assistant internship", 3)
    assert shown["title"] == "Veterinary assistant internship"
    assert waiting["present"] == {"title": "Veterinary assistant internship"}
    assert waiting["allowed_actions"] == ["accept", "decline"]
    assert accepted.status_code == 200, accepted.text
    shown = (await world.as_("leo").get(f"/v1/opportunities/{world['internship']}")).json()
    assert shown["title"] == "Come and see"


async def test_a_declined_change_leaves_the_listing_and_tells_the_employer_why(
    world: World, vera: str, owner: Owner, client: httpx.AsyncClient, drain: Drain, mail_folder: Path
) -> None:
    await change(client, path(vera, world), {"description": "Bring your own scalpel."})
    (waiting,) = (await world.as_("clara").get("/v1/listing_changes?status=proposed")).json()["items"]

    declined = await world.as_("clara").post(
        f"/v1/listing_changes/{waiting['id']}/decline",
        json={"reason": "Not safe."},
        version=waiting["version"],
    )
    again = await world.as_("clara").post(
        f"/v1/listing_changes/{waiting['id']}/accept", version=declined.json()["version"]
    )

    await drain()

    (mail,) = owner.execute(
        "SELECT id, state FROM mails WHERE template = 'listing_change_declined_to_contact'"
    ).fetchall()
    assert mail[1] == "done"
    letter = (mail_folder / f"{mail[0]}.eml").read_text()
    assert "Not safe." in letter
    assert "/my_listings" in letter
    assert declined.json()["status"] == "declined"
    assert again.status_code == 409
    seen = (await client.get(path(vera, world))).json()
    assert seen["description"].startswith("Care for animals")
    assert (seen["change"]["status"], seen["change"]["decision"]) == ("declined", "Not safe.")


async def test_a_later_wish_replaces_the_one_that_waits(
    world: World, vera: str, client: httpx.AsyncClient
) -> None:
    await change(client, path(vera, world), {"title": "One"})
    await change(client, path(vera, world), {"title": "Two", "description": "New words."})

    items = (await world.as_("clara").get("/v1/listing_changes")).json()["items"]

    assert [(item["status"], item["wanted"]) for item in items] == [
        ("proposed", {"title": "Two", "description": "New words."}),
        ("replaced", {"title": "One"}),
    ]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, None),
        ({"seats": 0}, 422, None),
        ({"title": None}, 422, None),
        ({"title": "<script>alert(1)</script>"}, 422, None),
        ({"description": "x" * 100_001}, 422, None),
        ({"schedule": "Mon\u202eday"}, 422, None),
        ({"starts_on": "2031-05-02", "ends_on": "2031-05-01"}, 422, "ends_before_start"),
        ({"apply_by": "2020-01-01"}, 409, "dates_over"),
        ({"school_id": str(new_id())}, 422, None),
        ({"status": "published"}, 422, None),
    ],
)
async def test_a_change_that_cannot_be_is_refused(
    body: dict[str, Any], status: int, code: str | None, world: World, vera: str, client: httpx.AsyncClient
) -> None:
    answer = await change(client, path(vera, world), body)

    assert answer.status_code == status, answer.text
    assert code is None or answer.json()["code"] == code


async def test_seats_never_fall_below_those_taken(
    world: World, sam: str, owner: Owner, client: httpx.AsyncClient
) -> None:
    owner.execute("UPDATE opportunities SET seats = 3, seats_taken = 2 WHERE id = %s", (world["internship"],))

    answer = await change(client, path(sam, world), {"seats": 1})

    assert answer.status_code == 422
    assert answer.json()["code"] == "fewer_seats_than_taken"


async def test_an_old_version_changes_nothing(world: World, vera: str, client: httpx.AsyncClient) -> None:
    stale = await change(client, path(vera, world), {"seats": 5}, version=99)
    without = await client.patch(path(vera, world), json={"seats": 5})

    assert (stale.status_code, without.status_code) == (412, 428)


async def test_an_employer_pauses_confirms_and_resumes_its_own_listing(
    world: World, sam: str, owner: Owner, client: httpx.AsyncClient
) -> None:
    where = path(sam, world)

    confirmed = await client.post(f"{where}/confirm")
    paused = await client.post(f"{where}/pause")
    gone = await world.as_("leo").get(f"/v1/opportunities/{world['internship']}")
    resumed = await client.post(f"{where}/resume")

    assert (confirmed.json()["status"], confirmed.json()["confirmed_by"]) == ("published", "employer")
    assert (paused.json()["status"], paused.json()["allowed_actions"]) == ("paused", ["resume", "update"])
    assert gone.status_code == 404
    assert resumed.json()["status"] == "published"
    event = last_event(owner, world, "opportunity.pause")
    assert event is not None
    assert event[:2] == ("link", world["sam"])
    seen = (await world.as_("leo").get(f"/v1/opportunities/{world['internship']}")).json()
    assert seen["confirmed_by"] == "employer"
    assert seen["confirmed_at"] is not None


async def test_what_the_school_paused_or_hid_is_the_schools_to_show(
    world: World, sam: str, client: httpx.AsyncClient
) -> None:
    clara, listing = world.as_("clara"), f"/v1/opportunities/{world['internship']}"
    version = (await clara.get(listing)).json()["version"]
    paused = await clara.post(f"{listing}/pause", version=version)
    seen = (await client.get(path(sam, world))).json()
    resumed = await client.post(f"{path(sam, world)}/resume")
    await clara.post(f"{listing}/hide", json={"reason": "Look."}, version=paused.json()["version"])
    hidden = (await client.get(path(sam, world))).json()
    tried = [await client.post(f"{path(sam, world)}/{action}") for action in ("confirm", "pause", "resume")]
    changed = await change(client, path(sam, world), {"seats": 9})

    assert seen["allowed_actions"] == ["update"]
    assert (resumed.status_code, resumed.json()["code"]) == (409, "not_yours_to_resume")
    assert (hidden["status"], hidden["allowed_actions"]) == ("hidden", [])
    assert [each.status_code for each in tried] == [409, 409, 409]
    assert changed.json()["code"] == "hidden_listing"


async def test_who_is_coming_is_told_by_first_name_and_initial_only(
    world: World, sam: str, owner: Owner, client: httpx.AsyncClient
) -> None:
    owner.execute("UPDATE pursuits SET status = 'approved' WHERE id = %s", (world["leo_pursuit"],))

    going = await client.get(f"{path(sam, world)}/coming")
    placed = await client.get(f"{path(sam, world, 'school_only')}/coming")

    row = owner.execute(
        "SELECT given_name, family_name FROM people WHERE id = %s", (world["leo"],)
    ).fetchone()
    assert row is not None
    name = f"{row[0]} {row[1][0]}."
    assert [(each["name"], each["stage"]) for each in going.json()["items"]] == [(name, "approved")]
    assert [(each["name"], each["stage"]) for each in placed.json()["items"]] == [(name, "placed")]
    assert row[1] not in going.text + placed.text
    assert str(world["leo"]) not in going.text + placed.text


async def test_another_employers_listing_is_not_there(
    world: World, sam: str, owner: Owner, client: httpx.AsyncClient
) -> None:
    owner.execute(
        "UPDATE opportunities SET employer_id = %s WHERE id = %s", (world["garage"], world["draft"])
    )
    owner.execute("UPDATE opportunities SET status = 'paused' WHERE id = %s", (world["draft"],))

    for name in ("draft", "river_internship"):
        assert (await client.get(path(sam, world, name))).status_code == 404
        assert (await client.get(f"{path(sam, world, name)}/coming")).status_code == 404
        assert (await client.post(f"{path(sam, world, name)}/confirm")).status_code == 404
        assert (await change(client, path(sam, world, name), {"seats": 9}, version=1)).status_code == 404


async def test_a_contact_sees_what_came_through_them_and_nothing_that_came_through_a_colleague(
    world: World, vera: str, owner: Owner, client: httpx.AsyncClient
) -> None:
    owner.execute("UPDATE connections SET contact_id = NULL WHERE id = %s", (world["cousin_connection"],))

    items = (await client.get(f"/v1/host_listings/{vera}")).json()["items"]

    assert [item["title"] for item in items] == ["School garden project"]


@pytest.mark.parametrize(
    "undone",
    [
        "UPDATE contacts SET status = 'paused'",
        "UPDATE memberships SET ended_at = now() WHERE role = 'supervisor'",
    ],
)
async def test_who_no_longer_agrees_or_left_finds_nothing_within_the_half_hour(
    undone: str, vera: str, sam: str, owner: Owner, client: httpx.AsyncClient
) -> None:
    token = vera if "contacts" in undone else sam
    before = (await client.get(f"/v1/host_listings/{token}")).json()["items"]

    owner.execute(undone)

    after = (await client.get(f"/v1/host_listings/{token}")).json()["items"]
    assert (len(before), after) == (2, [])


async def test_the_page_shows_the_listing_and_takes_its_forms_in_both_languages(
    world: World, sam: str, client: httpx.AsyncClient
) -> None:
    where = f"/host_listings/{sam}/{world['internship']}"
    page = await client.get(where, headers={"Accept-Language": "es"})
    untouched = (await client.get(path(sam, world))).json()
    paused = await client.post(where, data={"action": "pause"})
    version = (await client.get(path(sam, world))).json()["version"]
    saved = await client.post(
        f"{where}/details",
        data={
            "version": str(version),
            "title": untouched["title"],
            "description": untouched["description"],
            "schedule": "",
            "seats": "4",
        },
    )

    assert "Quién viene" in page.text
    assert untouched["status"] == "published", "looking changes nothing"
    assert (paused.status_code, saved.status_code) == (303, 303)
    seen = (await client.get(path(sam, world))).json()
    assert (seen["status"], seen["seats"], seen["change"]) == ("paused", 4, None)
    assert "It is paused." in (await client.get(where)).text


async def test_a_token_that_is_not_ours_opens_nothing(world: World, client: httpx.AsyncClient) -> None:
    for where in ("x" * 43, f"{'x' * 43}/{world['internship']}"):
        assert (await client.get(f"/v1/host_listings/{where}")).status_code == 404
