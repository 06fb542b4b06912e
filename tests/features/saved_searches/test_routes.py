"""Saved searches over HTTP: one's own, and how they stop coming by mail."""

from typing import Any

import httpx
import psycopg
import pytest

from app.features.catalogue.schemas import CatalogueFilters
from app.features.saved_searches.schemas import NOT_SAVED, SavedFilters
from tests.world import World

ANIMALS = {"name": "Animals, near home", "filters": {"q": "animals", "remote": False}}


async def _saved(world: World, who: str, **changes: Any) -> dict[str, Any]:
    answer = await world.as_(who).post("/v1/saved_searches", json={**ANIMALS, **changes})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_every_filter_of_the_catalogue_can_be_saved() -> None:
    assert set(SavedFilters.model_fields) == set(CatalogueFilters.model_fields) - NOT_SAVED


@pytest.mark.parametrize("who", ["maya", "rosa", "ada", "clara", "ellis"])
async def test_students_families_and_staff_save_what_they_look_for(who: str, world: World) -> None:
    saved = await _saved(world, who)

    listed = (await world.as_(who).get("/v1/saved_searches")).json()["items"]
    assert [one["id"] for one in listed] == [saved["id"]]
    assert saved["filters"] == {"q": "animals", "remote": False}
    assert saved["status"] == "active"
    assert saved["due_at"] is not None
    assert saved["allowed_actions"] == ["delete", "pause", "update"]


@pytest.mark.parametrize("who", ["sam", "lakeside_sis", "olga"])
async def test_supervisors_machines_and_operators_save_nothing(who: str, world: World) -> None:
    answer = await world.as_(who).post("/v1/saved_searches", json=ANIMALS)

    assert answer.status_code == 403


@pytest.mark.parametrize("who", ["leo", "rosa", "ada", "clara", "ellis", "ria"])
async def test_nobody_else_reads_or_changes_it(who: str, world: World) -> None:
    saved = await _saved(world, "maya")
    path, other = f"/v1/saved_searches/{saved['id']}", world.as_(who)

    answers = [
        await other.get(path),
        await other.get(f"{path}/hits"),
        await other.patch(path, json={"name": "Mine"}, version=1),
        await other.post(f"{path}/pause", version=1),
        await other.delete(path),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5


async def test_not_even_the_audit_trail_tells_staff_of_it(world: World) -> None:
    await _saved(world, "maya")

    seen = {
        who: [
            event["action"]
            for event in (await world.as_(who).get("/v1/events", params={"limit": 100})).json()["items"]
        ]
        for who in ("maya", "clara", "ellis")
    }

    assert "saved_search.create" in seen["maya"]
    assert "saved_search.create" not in seen["clara"] + seen["ellis"]


async def test_it_can_be_changed_paused_resumed_and_deleted(world: World) -> None:
    maya, saved = world.as_("maya"), await _saved(world, "maya")
    path = f"/v1/saved_searches/{saved['id']}"

    changed = await maya.patch(path, json={"digest": "weekly", "filters": {"paid": True}}, version=1)
    paused = await maya.post(f"{path}/pause", version=2)
    resumed = await maya.post(f"{path}/resume", version=3)
    stale = await maya.post(f"{path}/pause", version=3)
    gone = await maya.delete(path)

    assert changed.json()["filters"] == {"paid": True}
    assert changed.json()["digest"] == "weekly"
    assert (paused.json()["status"], paused.json()["due_at"]) == ("paused", None)
    assert resumed.json()["status"] == "active"
    assert resumed.json()["due_at"] is not None
    assert (stale.status_code, gone.status_code) == (412, 204)
    assert (await maya.get(path)).status_code == 404


async def test_a_paused_one_cannot_be_paused_again(world: World) -> None:
    maya, saved = world.as_("maya"), await _saved(world, "maya")
    path = f"/v1/saved_searches/{saved['id']}"
    await maya.post(f"{path}/pause", version=1)

    answer = await maya.post(f"{path}/pause", version=2)

    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("filters", "pointer"),
    [
        ({}, "/filters"),
        ({"colour": "red"}, "/filters/colour"),
        ({"limit": 5}, "/filters/limit"),
        ({"status": "draft"}, "/filters/status"),
        ({"cluster": "magic"}, "/filters/cluster"),
        ({"remote": "yes"}, "/filters/remote"),
        ({"latitude": 91, "longitude": 0}, "/filters/latitude"),
        ({"latitude": 41.8}, "/filters"),
        ({"pay": "paid", "paid": True}, "/filters"),
    ],
)
async def test_filters_that_the_catalogue_would_refuse_are_refused(
    filters: dict[str, Any], pointer: str, world: World
) -> None:
    answer = await world.as_("maya").post("/v1/saved_searches", json={**ANIMALS, "filters": filters})

    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_twenty_are_enough(world: World, owner: psycopg.Connection) -> None:
    saved = await _saved(world, "maya")
    owner.execute(
        "INSERT INTO saved_searches (tenant_id, id, created_at, version, updated_at, person_id, status, name, filters,"
        " digest, by_mail, news_from, last_found_at, told) SELECT tenant_id, gen_random_uuid(), now(), 1, now(),"
        " person_id, status, name, filters, digest, by_mail, now(), now(), 0"
        " FROM saved_searches, generate_series(1, 19) WHERE id = %s",
        (saved["id"],),
    )
    owner.commit()

    answer = await world.as_("maya").post("/v1/saved_searches", json=ANIMALS)

    assert (answer.status_code, answer.json()["code"]) == (409, "saved_searches_full")


async def test_the_same_key_saves_it_once(world: World) -> None:
    maya = world.as_("maya")
    key = {"Idempotency-Key": "one-intention-of-maya"}

    first = await maya.post("/v1/saved_searches", json=ANIMALS, headers=key)
    again = await maya.post("/v1/saved_searches", json=ANIMALS, headers=key)

    assert first.json()["id"] == again.json()["id"]
    assert len((await maya.get("/v1/saved_searches")).json()["items"]) == 1


async def test_an_unknown_link_is_told_so_in_both_languages(client: httpx.AsyncClient) -> None:
    told = await client.get("/v1/saved_search_mails/nothing")
    page = await client.get("/saved_search/nothing", headers={"Accept-Language": "es"})

    assert told.status_code == 404
    assert page.status_code == 404
    assert "enlace" in page.text
