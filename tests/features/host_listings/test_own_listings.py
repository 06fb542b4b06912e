"""What an employer without an account sees and does, by the token that a code opened."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import working
from app.features.links import service as links
from app.models import ListingDoor
from tests.draining import Drain
from tests.sessioning import at, enroll, make_session, read_session
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
    answer = await change(client, path(vera, world), {"seats": 3, "apply_by": "2031-05-01"})

    assert answer.status_code == 200, answer.text
    assert (answer.json()["seats"], answer.json()["apply_by"]) == (3, "2031-05-01")
    assert answer.json()["change"] is None
    event = last_event(owner, world, "opportunity.update")
    assert event is not None
    assert event[0] == "link"
    assert set(event[2]) == {"seats", "apply_by"}


@pytest.mark.parametrize("field", ["title", "description", "schedule", "dress_code", "deliverable"])
async def test_no_word_reaches_students_before_the_school_has_looked(
    field: str, world: World, vera: str, owner: Owner, client: httpx.AsyncClient
) -> None:
    said = "Come alone and ring me at home"
    answer = await change(client, path(vera, world), {field: said, "seats": 3})

    seen = await world.as_("leo").get(f"/v1/opportunities/{world['internship']}")
    assert answer.json()["change"]["wanted"] == {field: said}
    assert said not in seen.text
    event = last_event(owner, world, "opportunity.update")
    assert event is not None
    assert event[2] == ["seats"], "what waits was not changed"


async def test_what_was_changed_meanwhile_is_not_overwritten_by_what_an_employer_wanted(
    world: World, vera: str, client: httpx.AsyncClient
) -> None:
    clara, listing = world.as_("clara"), f"/v1/opportunities/{world['internship']}"
    await change(client, path(vera, world), {"title": "Come and see"})
    version = (await clara.get(listing)).json()["version"]
    changed = await clara.patch(listing, json={"title": "By the school"}, version=version)
    (waiting,) = (await clara.get("/v1/listing_changes")).json()["items"]

    accepted = await clara.post(f"/v1/listing_changes/{waiting['id']}/accept", version=waiting["version"])

    assert changed.status_code == 200, changed.text
    assert (accepted.status_code, accepted.json()["code"]) == (409, "changed_since")
    assert (await clara.get(listing)).json()["title"] == "By the school"


async def test_a_change_that_no_longer_fits_the_listing_cannot_be_accepted(
    world: World, vera: str, owner: Owner, client: httpx.AsyncClient
) -> None:
    await change(client, path(vera, world), {"minimum_age": 16})
    owner.execute("UPDATE opportunities SET maximum_age = 15 WHERE id = %s", (world["internship"],))
    (waiting,) = (await world.as_("clara").get("/v1/listing_changes")).json()["items"]

    accepted = await world.as_("clara").post(
        f"/v1/listing_changes/{waiting['id']}/accept", version=waiting["version"]
    )

    assert accepted.status_code == 422, accepted.text
    assert (await world.as_("clara").get("/v1/listing_changes")).json()["items"][0]["status"] == "proposed"


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


async def test_who_is_coming_to_sessions_is_those_enrolled_in_dates_ahead_of_this_listing(
    world: World, sam: str, client: httpx.AsyncClient
) -> None:
    ahead, off, left, elsewhere = [
        await make_session(world, opportunity=name, starts_at=at(days))
        for days, name in ((3, "internship"), (4, "internship"), (5, "internship"), (6, "school_only"))
    ]
    for session in (ahead, off, elsewhere):
        await enroll(world, "leo", session["id"])
    gone = await enroll(world, "leo", left["id"])
    withdrawn = await world.as_("leo").post(
        f"/v1/session_enrollments/{gone['id']}/withdraw", json={}, version=gone["version"]
    )
    version = (await read_session(world, "clara", off["id"]))["version"]
    cancelled = await world.as_("clara").post(
        f"/v1/opportunity_sessions/{off['id']}/cancel", json={"reason": "Flood."}, version=version
    )

    seen = await client.get(f"{path(sam, world)}/coming")
    page = await client.get(f"/host_listings/{sam}/{world['internship']}")
    with clock.shifted(timedelta(days=4)):
        token = await token_of(world, person_id=world["sam"])
        after = await client.get(f"{path(token, world)}/coming")

    assert (withdrawn.status_code, cancelled.status_code) == (200, 200), cancelled.text
    (one,) = [each for each in seen.json()["items"] if each["stage"] == "enrolled"]
    assert set(one) == {"name", "stage", "starts_on", "session_starts_at", "session_zone"}
    starts_at = datetime.fromisoformat(ahead["starts_at"])
    assert datetime.fromisoformat(one["session_starts_at"]) == starts_at
    local = starts_at.astimezone(ZoneInfo(ahead["zone"]))
    assert f"{one['name']}: is coming to a session ({local:%Y-%m-%d %H:%M})" in page.text
    assert [each for each in after.json()["items"] if each["stage"] == "enrolled"] == []


async def test_of_a_listing_that_the_school_hid_nobody_is_named(
    world: World, sam: str, owner: Owner, client: httpx.AsyncClient
) -> None:
    owner.execute("UPDATE pursuits SET status = 'approved' WHERE id = %s", (world["leo_pursuit"],))
    before = (await client.get(f"{path(sam, world)}/coming")).json()["items"]
    owner.execute("UPDATE opportunities SET status = 'hidden' WHERE id = %s", (world["internship"],))

    after = await client.get(f"{path(sam, world)}/coming")

    assert len(before) == 1
    assert (after.status_code, after.json()["items"]) == (200, [])


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
        "UPDATE employers SET status = 'suspended'",
    ],
)
async def test_who_no_longer_agrees_left_or_was_suspended_finds_nothing_within_the_half_hour(
    undone: str, vera: str, sam: str, owner: Owner, client: httpx.AsyncClient
) -> None:
    theirs = {"contacts": [vera], "memberships": [sam], "employers": [vera, sam]}[undone.split()[1]]
    before = [(await client.get(f"/v1/host_listings/{token}")).json()["items"] for token in theirs]

    owner.execute(undone)

    after = [(await client.get(f"/v1/host_listings/{token}")).json()["items"] for token in theirs]
    assert [len(items) for items in before] == [2] * len(theirs)
    assert after == [[]] * len(theirs)


async def test_a_token_of_nobody_opens_nothing(world: World, client: httpx.AsyncClient) -> None:
    token = await token_of(world)

    assert (await client.get(f"/v1/host_listings/{token}")).json()["items"] == []
    assert (await client.get(f"{path(token, world)}/coming")).status_code == 404


async def test_looking_at_every_page_again_and_again_changes_nothing(
    world: World, vera: str, owner: Owner, client: httpx.AsyncClient
) -> None:
    def everything() -> tuple[Any, ...] | None:
        return owner.execute(
            "SELECT (SELECT count(*) FROM events), (SELECT max(version) FROM opportunities),"
            " (SELECT count(*) FROM link_tokens WHERE used_at IS NOT NULL), (SELECT count(*) FROM mails)"
        ).fetchone()

    before = everything()

    for where in (f"/host_listings/{vera}", f"/host_listings/{vera}/{world['internship']}"):
        for method in ("GET", "HEAD", "OPTIONS", "GET"):
            for base in ("", "/v1"):
                assert (await client.request(method, f"{base}{where}")).status_code < 500
        for tail in ("details", "confirm", "pause"):
            assert (await client.get(f"{where}/{tail}")).status_code in {404, 405, 422}

    assert everything() == before


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
