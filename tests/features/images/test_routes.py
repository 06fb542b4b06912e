"""Pictures over HTTP: added, listed, got by their address, taken away, and never left behind."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from PIL import Image

from app.core import clock
from app.core.files import open_files
from app.core.ids import new_id
from app.core.jobs import working
from app.core.limits import MemoryRateLimiter
from app.domain.duplicates.lives import DuplicateKind
from app.domain.image import MOST_IMAGES, works_until
from app.features.images import jobs
from app.features.images import service as images
from app.models import DuplicatePair
from tests.core.photographs import picture
from tests.draining import Drain
from tests.network import workshop
from tests.world import World

ALT = "Two people bandage a dog's paw."


async def add(
    world: World, who: str = "clara", thing: str = "internship", noun: str = "opportunities", **options: Any
) -> httpx.Response:
    """Send a picture."""
    headers = {"Content-Type": "image/jpeg", **options.pop("headers", {})}
    return await world.as_(who).post(
        f"/v1/{noun}/{world[thing]}/images",
        params={"alt": options.pop("alt", ALT)},
        content=options.pop("content", picture()),
        headers=headers,
    )


async def _added(world: World, **options: Any) -> dict[str, Any]:
    answer = await add(world, **options)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def _listed(
    world: World, who: str = "maya", thing: str = "internship", noun: str = "opportunities"
) -> Any:
    answer = await world.as_(who).get(f"/v1/{noun}/{world[thing]}/images")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def _remove(
    world: World,
    image_id: str,
    who: str = "clara",
    thing: str = "internship",
    noun: str = "opportunities",
    **body: Any,
) -> httpx.Response:
    path = f"/v1/{noun}/{world[thing]}"
    version = (await world.as_("clara").get(path)).json()["version"]
    return await world.as_(who).post(
        f"{path}/remove_image", json={"image_id": image_id, **body}, version=version
    )


def _files(home: Path) -> list[Path]:
    return [path for path in (home / "files").rglob("*") if path.is_file()]


@pytest.fixture(autouse=True)
async def _nothing_kept(settings: Any) -> None:
    files = open_files(settings)
    await files.remove([found.key async for found in files.listed("")])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_picture_is_added_and_seen_by_students_without_signing_in(
    kind: str, world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    made = await _added(world, content=picture(kind=kind), headers={"Content-Type": f"image/{kind.lower()}"})

    assert (made["alt"], made["width"], made["height"]) == (ALT, 900, 600)
    assert await _listed(world) == [made]
    for url, width in ((made["url"], 900), (made["small_url"], 480)):
        got = await client.get(url)
        assert got.status_code == 200
        assert got.headers["Content-Type"] == "image/webp"
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert got.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert got.headers["Cache-Control"] == "private, max-age=3600, immutable"
        assert got.headers["Content-Disposition"].startswith("inline")
        assert got.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert Image.open(BytesIO(got.content)).width == width
    action = owner.execute("SELECT action, subject_id, facts FROM events WHERE action LIKE '%image'")
    assert action.fetchall() == [("opportunity.add_image", world["internship"], {"image_id": made["id"]})]


async def test_whoever_may_change_the_pictures_is_told_so_and_nobody_else(world: World) -> None:
    for who, thing, noun, may in (
        ("clara", "internship", "opportunities", True),
        ("maya", "internship", "opportunities", False),
        ("ada", "internship", "opportunities", False),
        ("clara", "clinic", "employers", True),
        ("maya", "clinic", "employers", False),
    ):
        shown = (await world.as_(who).get(f"/v1/{noun}/{world[thing]}")).json()["allowed_actions"]
        assert ({"add_image", "remove_image"} <= set(shown)) is may, (who, thing)
        assert may or not {"add_image", "remove_image"} & set(shown), (who, thing)


async def test_an_employer_has_pictures_of_its_own(world: World, client: httpx.AsyncClient) -> None:
    made = await _added(world, thing="clinic", noun="employers")

    assert await _listed(world, "maya", "clinic", "employers") == [made]
    assert await _listed(world) == []
    assert (await client.get(made["small_url"])).status_code == 200
    removed = await _remove(world, made["id"], thing="clinic", noun="employers")
    assert (removed.status_code, removed.json()) == (200, {"items": []})


async def test_the_same_request_twice_adds_one_picture(world: World, home: Path) -> None:
    key = {"Idempotency-Key": str(uuid4())}

    first = await add(world, headers=key)
    second = await add(world, headers=key)

    assert (first.status_code, second.json()) == (201, first.json())
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(await _listed(world)) == 1
    assert len(_files(home)) == 2


async def test_the_same_picture_again_is_refused(world: World) -> None:
    await _added(world)

    again = await add(world, alt="Said otherwise")

    assert (again.status_code, again.json()["code"]) == (409, "same_image")


async def test_pictures_of_one_listing_have_a_limit_also_at_once(world: World, home: Path) -> None:
    for shade in range(MOST_IMAGES - 2):
        await _added(world, content=picture(shade=shade * 20))

    answers = await asyncio.gather(
        *(add(world, content=picture(shade=shade)) for shade in (190, 205, 220, 235))
    )

    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"images_full"}
    assert len(await _listed(world)) == MOST_IMAGES
    assert len(_files(home)) == 2 * MOST_IMAGES


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        ({"alt": ""}, 422, "invalid"),
        ({"alt": "x" * 301}, 422, "invalid"),
        ({"alt": "<img src=x onerror=alert(1)>"}, 422, "invalid"),
        ({"alt": "ab\u202ecd"}, 422, "invalid"),
        ({"alt": "Call Vera at 312-555-0100"}, 422, "invalid"),
        ({"content": b""}, 422, "not_a_picture"),
        ({"content": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}, 422, "not_a_picture"),
        ({"content": picture()[:500]}, 422, "damaged_picture"),
        ({"content": picture(kind="GIF")}, 422, "not_a_picture"),
        ({"headers": {"Content-Type": "image/svg+xml"}}, 415, "unsupported_media_type"),
        ({"headers": {"Content-Type": "application/octet-stream"}}, 415, "unsupported_media_type"),
        ({"content": b"\xff\xd8\xff" + b"x" * (10 * 1024 * 1024)}, 413, "too_large"),
        ({"content": picture(size=(20_001, 1), kind="PNG")}, 422, "picture_too_large"),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_what_is_no_picture_or_says_nothing_is_refused(
    options: dict[str, Any], status: int, code: str, world: World, home: Path
) -> None:
    answer = await add(world, **options)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["detail"]
    assert _files(home) == []


async def test_without_alternative_text_no_picture_is_taken(world: World) -> None:
    path = f"/v1/opportunities/{world['internship']}/images"

    answer = await world.as_("clara").post(path, content=picture(), headers={"Content-Type": "image/jpeg"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["name"] == "alt"


async def test_ten_megabytes_are_taken(world: World) -> None:
    whole = picture()
    padded = whole + b"\x00" * (10 * 1024 * 1024 - len(whole))

    assert (await add(world, content=padded)).status_code == 201


@pytest.mark.parametrize(
    ("who", "thing", "noun", "status"),
    [
        ("maya", "internship", "opportunities", 403),
        ("rosa", "internship", "opportunities", 403),
        ("sam", "internship", "opportunities", 403),
        ("ada", "internship", "opportunities", 403),
        ("dario", "internship", "opportunities", 403),
        ("cora", "internship", "opportunities", 404),
        ("ada", "clinic", "employers", 403),
        ("cora", "clinic", "employers", 404),
    ],
)
async def test_others_add_no_pictures(
    who: str, thing: str, noun: str, status: int, world: World, home: Path
) -> None:
    assert (await add(world, who, thing, noun)).status_code == status
    assert _files(home) == []


async def test_a_picture_of_what_one_may_not_read_is_not_listed(world: World) -> None:
    draft = await world.as_("maya").get(f"/v1/opportunities/{world['draft']}/images")
    elsewhere = await world.as_("ria").get(f"/v1/opportunities/{world['internship']}/images")

    assert (draft.status_code, elsewhere.status_code) == (404, 404)


async def test_a_picture_taken_away_is_gone_with_its_files(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any], home: Path, drain: Drain
) -> None:
    made, kept = await _added(world), await _added(world, content=picture(shade=10))

    answer = await _remove(world, made["id"], reason="it shows another place")
    gone = await client.get(made["url"])
    await drain()

    assert answer.status_code == 200, answer.text
    assert answer.json()["items"] == [kept]
    assert gone.status_code == 404
    assert {path.parent.name for path in _files(home)} == {kept["id"]}
    reasons = owner.execute("SELECT reason, facts FROM events WHERE action = 'opportunity.remove_image'")
    assert reasons.fetchall() == [("it shows another place", {"image_id": made["id"]})]
    assert (await client.get(kept["url"])).status_code == 200


@pytest.mark.parametrize("who", ["maya", "ada", "dario"])
async def test_others_take_no_pictures_away(who: str, world: World) -> None:
    made = await _added(world)

    assert (await _remove(world, made["id"], who)).status_code == 403
    assert await _listed(world) == [made]


async def test_a_picture_of_something_else_is_not_taken_away(world: World) -> None:
    made = await _added(world, thing="clinic", noun="employers")

    answer = await _remove(world, made["id"])
    stale = await world.as_("clara").post(
        f"/v1/employers/{world['clinic']}/remove_image", json={"image_id": made["id"]}, version=999
    )

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/image_id")
    assert stale.status_code == 412
    assert len(await _listed(world, "maya", "clinic", "employers")) == 1


async def test_pictures_of_an_employer_follow_it_into_a_merge(
    world: World, client: httpx.AsyncClient
) -> None:
    made = await _added(world, thing="garage", noun="employers")
    left, right = sorted((world["clinic"], world["garage"]))
    pair_id = new_id()
    async with working(world.database, world["lakeside"]) as unit:
        unit.session.add(
            DuplicatePair(
                tenant_id=world["lakeside"],
                id=pair_id,
                kind=DuplicateKind.EMPLOYER,
                left_id=left,
                right_id=right,
                score=0.9,
                reasons=["same_name"],
            )
        )
    keep = "left" if left == world["clinic"] else "right"

    merged = await world.as_("clara").post(f"/v1/duplicates/{pair_id}/merge", json={"keep": keep}, version=1)

    assert merged.status_code == 200, merged.text
    assert [each["id"] for each in await _listed(world, "clara", "clinic", "employers")] == [made["id"]]
    assert (await client.get(made["url"])).status_code == 200


async def test_addresses_from_the_catalogue_end_when_the_listing_leaves_it(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    await _added(world)
    given = (await _listed(world))[0]["url"]
    owner.execute("UPDATE opportunities SET status = 'hidden' WHERE id = %s", (world["internship"],))

    to_staff = (await _listed(world, "clara"))[0]["url"]

    assert (await client.get(given)).status_code == 404
    assert (await client.get(to_staff)).status_code == 200
    owner.execute("UPDATE opportunities SET status = 'published' WHERE id = %s", (world["internship"],))
    assert (await client.get(given)).status_code == 200


async def test_an_address_is_the_same_all_day_and_ends_with_the_next_one(
    world: World, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await _added(world)
    until = works_until(clock.now())

    assert (await _listed(world))[0]["url"] == made["url"]
    assert timedelta(hours=24) <= until - clock.now() <= timedelta(hours=48)
    monkeypatch.setattr(clock, "now", lambda: until - timedelta(seconds=1))
    assert (await client.get(made["url"])).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: until)
    assert (await client.get(made["url"])).status_code == 404


async def test_addresses_cannot_be_made_up_or_bent(world: World, client: httpx.AsyncClient) -> None:
    url = (await _added(world))["url"]
    link = url.rsplit("/", 1)[1]
    bent = [
        link[:-1] + ("A" if link[-1] != "A" else "B"), link + "A", link + "=", link[1:], link[:30], "x" * 43, "%00",
        str(world["internship"]), "..%2F..%2Fkeys.json",
    ]  # fmt: skip

    for other in bent:
        answer = await client.get(f"/v1/images/{other}")
        assert answer.status_code == 404, other
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert (await client.get(f"/v1/images/{'y' * 300}")).status_code == 422


async def _covers(world: World, who: str, *things: str) -> list[dict[str, Any]]:
    params = {"opportunity_id": [str(world[thing]) for thing in things]}
    answer = await world.as_(who).get("/v1/covers", params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_the_first_picture_of_each_listing_is_its_cover(world: World) -> None:
    first = await _added(world)
    await _added(world, content=picture(shade=10))
    other = await _added(world, thing="school_only", content=picture(shade=20))
    await _added(world, thing="draft", content=picture(shade=30))

    found = await _covers(world, "maya", "internship", "school_only", "draft", "river_internship")

    assert sorted(found, key=lambda item: item["image"]["id"]) == [
        {"opportunity_id": str(world["internship"]), "image": first},
        {"opportunity_id": str(world["school_only"]), "image": other},
    ]
    assert len(await _covers(world, "clara", "internship", "school_only", "draft")) == 3
    assert await _covers(world, "ria", "internship") == []


async def test_covers_are_asked_for_by_name_and_not_for_everything_at_once(world: World) -> None:
    maya, thing = world.as_("maya"), str(world["internship"])

    for params in (
        {},
        {"opportunity_id": ["x"]},
        {"opportunity_id": [thing] * 101},
        {"opportunity_id": thing, "x": 1},
    ):
        assert (await maya.get("/v1/covers", params=params)).status_code == 422


def _id_of(made: dict[str, Any]) -> UUID:
    """Return the id of a picture as the database has it."""
    return UUID(made["id"])


async def test_files_that_no_picture_names_are_removed_a_day_later(
    world: World, home: Path, settings: Any
) -> None:
    kept = await _added(world)
    files, tenant = open_files(settings), world["lakeside"]
    lost = images.keys(tenant, new_id())
    for key in (*lost, f"{images.folder(tenant)}/odd.txt"):
        await files.put(key, b"left behind", "image/webp")
    elsewhere = images.keys(world["riverton"], new_id())[0]
    await files.put(elsewhere, b"left behind", "image/webp")
    work = workshop(world)
    night = (clock.now() + timedelta(days=3)).replace(hour=4, minute=20)

    too_early = await jobs.sweep(work, tenant, clock.now().replace(hour=4, minute=20))
    by_day = await jobs.sweep(work, tenant, night.replace(hour=12))
    removed = await jobs.sweep(work, tenant, night)
    again = await jobs.sweep(work, tenant, night)

    assert (too_early, by_day, removed, again) == (0, 0, 3, 0)
    left = {path.relative_to(home / "files").as_posix() for path in _files(home)}
    assert left == {*images.keys(tenant, _id_of(kept)), elsewhere}


async def test_a_job_that_comes_twice_or_too_early_removes_nothing_it_should_not(
    world: World, home: Path
) -> None:
    made = await _added(world)
    work = workshop(world)

    await jobs.erase_image_files(work, world["lakeside"], _id_of(made))
    await jobs.erase_image_files(work, world["lakeside"], new_id())

    assert len(_files(home)) == 2


async def test_a_picture_whose_file_is_lost_is_a_404_and_no_fault(
    world: World, client: httpx.AsyncClient, settings: Any
) -> None:
    made = await _added(world)
    files = open_files(settings)
    await files.remove([found.key async for found in files.listed(str(world["lakeside"]))])

    assert (await client.get(made["url"])).status_code == 404


async def test_a_request_that_fails_after_the_file_was_written_leaves_a_file_and_no_picture(
    world: World,
    owner: psycopg.Connection[Any],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def break_down(*_: Any, **__: Any) -> None:
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr(images, "record", break_down)

    answer = await add(world)

    assert answer.status_code == 500
    assert owner.execute("SELECT count(*) FROM images").fetchone() == (0,)
    assert len(_files(home)) == 2
    night = (clock.now() + timedelta(days=3)).replace(hour=4, minute=20)
    assert await jobs.sweep(workshop(world), world["lakeside"], night) == 2
    assert _files(home) == []


@pytest.fixture
def three_a_minute(app: FastAPI) -> Iterator[None]:
    """Let nobody ask more than three times a minute."""
    usual = app.state.limiter
    app.state.limiter = MemoryRateLimiter("3/minute")
    yield
    app.state.limiter = usual


async def test_a_school_behind_one_address_gets_its_pictures_and_whoever_guesses_is_slowed_down(
    world: World, client: httpx.AsyncClient, request: pytest.FixtureRequest
) -> None:
    first, second = await _added(world), await _added(world, content=picture(shade=10))
    request.getfixturevalue("three_a_minute")

    urls = [made[size] for made in (first, second) for size in ("url", "small_url")]
    got = [(await client.get(url)).status_code for url in urls]
    same = [(await client.get(first["url"])).status_code for _ in range(3)]
    guessed = [(await client.get(f"/v1/images/{'x' * 60}{number}")).status_code for number in range(4)]

    assert got == [200] * 4
    assert same == [200, 200, 429]
    assert guessed == [404, 404, 404, 429]
