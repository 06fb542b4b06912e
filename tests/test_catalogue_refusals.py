"""What the catalogue refuses, in one table over HTTP: what nobody can have meant, and what somebody means harm by.

Here stands one row for each kind of it. All values that a listing refuses are in
tests/features/opportunities/test_senseless_listings.py, those of a session, a pattern and a picture in their own
tests/features/*/test_routes.py, every field of every operation in tests/test_bad_input.py.
"""

import struct
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.core import clock
from tests.core.photographs import picture
from tests.sessioning import at, make_session, session_body
from tests.world import World

SESSIONS, PATTERNS, LISTINGS = "/v1/opportunity_sessions", "/v1/weekly_patterns", "/v1/opportunities"
SAVED, MAP, SUGGESTIONS = "/v1/saved_searches", "/v1/opportunities/map", "/v1/suggestions"
WINDOW = {"south": 42, "west": -81, "north": 43, "east": -80, "zoom": 10}


def listing(world: World, **said: Any) -> dict[str, Any]:
    """Return the body of a listing that is refused for what it says beside this, and for nothing else."""
    return {
        "title": "Sound",
        "type": "job_shadow",
        "employer_id": str(world["clinic"]),
        "school_id": str(world["north"]),
        "seats": 1,
        **said,
    }


def pattern(world: World, **said: Any) -> dict[str, Any]:
    """Return the body of a pattern of the next four weeks."""
    first = clock.now().date() + timedelta(days=2)
    return {
        "opportunity_id": str(world["internship"]),
        "rule": "FREQ=WEEKLY;BYDAY=TU",
        "starts_time": "14:00",
        "minutes": 60,
        "starts_on": first.isoformat(),
        "until": (first + timedelta(days=28)).isoformat(),
        "seats": 2,
        **said,
    }


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """Return a PNG of a few bytes that claims to be gigabytes once it is unpacked."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1_000)) + chunk(b"IEND", b"")


Body = Callable[[World], dict[str, Any]]
# What it is, where it is sent, the body, and the field that the answer points at.
BODIES: list[tuple[str, str, Body, str]] = [
    ("a session in the past", SESSIONS, lambda w: session_body(w, starts_at=at(-1)), "/starts_at"),
    ("a session a century off", SESSIONS, lambda w: session_body(w, starts_at=at(36_500)), "/starts_at"),
    ("an end before the start", SESSIONS, lambda w: session_body(w, ends_at=at(2)), "/ends_at"),
    ("a session of a month", SESSIONS, lambda w: session_body(w, ends_at=at(33)), "/ends_at"),
    (
        "two sessions of a host at once",
        SESSIONS,
        lambda w: session_body(w, starts_at=at(3, 1), host_contact_id=str(w["cousin"])),
        "/starts_at",
    ),
    ("a day that no month has", PATTERNS, lambda w: pattern(w, starts_on="2031-02-30"), "/starts_on"),
    (
        "the 30th of every February",
        PATTERNS,
        lambda w: pattern(w, rule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        "/rule",
    ),
    ("never", PATTERNS, lambda w: pattern(w, rule="FREQ=WEEKLY;INTERVAL=0"), "/rule"),
    ("two ends", PATTERNS, lambda w: pattern(w, rule="FREQ=WEEKLY;COUNT=2;UNTIL=20991231"), "/rule"),
    ("every second", PATTERNS, lambda w: pattern(w, rule="FREQ=SECONDLY"), "/rule"),
    ("two rules", PATTERNS, lambda w: pattern(w, rule="FREQ=WEEKLY\nRRULE:FREQ=DAILY"), "/rule"),
    ("only exceptions", PATTERNS, lambda w: pattern(w, rule="FREQ=WEEKLY;UNTIL=20200101"), "/rule"),
    ("for ever", PATTERNS, lambda w: pattern(w, until="9999-12-31"), "/until"),
    ("a pattern of the past", PATTERNS, lambda w: pattern(w, starts_on="2020-01-01", until="2020-02-01"), "/until"),
    ("25 o'clock", PATTERNS, lambda w: pattern(w, starts_time="25:00"), "/starts_time"),
    ("100,000 characters", LISTINGS, lambda w: listing(w, description="x" * 100_000), "/description"),
    ("a script", LISTINGS, lambda w: listing(w, description="<script>alert(1)</script>"), "/description"),
    ("markup", LISTINGS, lambda w: listing(w, title="<b>Vet</b>"), "/title"),
    ("text that runs backwards", LISTINGS, lambda w: listing(w, title="Vet \u202e tev"), "/title"),
    ("no seats", LISTINGS, lambda w: listing(w, seats=0), "/seats"),
    (
        "a listing that ends before it starts",
        LISTINGS,
        lambda w: listing(w, starts_on="2031-06-01", ends_on="2031-05-31"),
        "/ends_on",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "body", "pointer"), [row[1:] for row in BODIES], ids=[row[0] for row in BODIES]
)
async def test_what_cannot_be_meant_is_refused_at_its_field(
    path: str, body: Body, pointer: str, world: World
) -> None:
    await make_session(world, host_contact_id=str(world["cousin"]))

    answer = await world.as_("clara").post(path, json=body(world))

    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert [fault["pointer"] for fault in problem["errors"]] == [pointer]
    assert problem["detail"]
    assert len(answer.content) < 2_000, "what was sent is not sent back"


async def test_a_session_cannot_be_moved_over_another_one_of_its_host_nor_given_to_a_busy_host(
    world: World,
) -> None:
    cousin = {"host_contact_id": str(world["cousin"])}
    await make_session(world, **cousin)
    later = await make_session(world, starts_at=at(5), **cousin)
    nobodys = await make_session(world, starts_at=at(3, 1))
    clara = world.as_("clara")

    moved = await clara.patch(
        f"{SESSIONS}/{later['id']}",
        json={"starts_at": at(3, 1).isoformat(), "ends_at": at(3, 3).isoformat()},
        version=1,
    )
    given = await clara.patch(f"{SESSIONS}/{nobodys['id']}", json=cousin, version=1)

    for answer in (moved, given):
        assert (answer.status_code, answer.json()["code"]) == (422, "host_busy"), answer.text


# What it is, what is sent, as what, and how it is refused.
FILES: list[tuple[str, bytes, str, int, str]] = [
    ("nothing", b"", "image/png", 422, "not_a_picture"),
    ("a text", b"hello", "image/png", 422, "not_a_picture"),
    ("a web page", b"<html><script>alert(1)</script></html>", "image/jpeg", 422, "not_a_picture"),
    ("a drawing with a script", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/webp", 422, "not_a_picture"),
    ("a document", b"%PDF-1.7\n", "image/png", 422, "not_a_picture"),
    ("an archive", b"PK\x03\x04" + b"\0" * 100, "image/png", 422, "not_a_picture"),
    ("only the beginning of a picture", b"\x89PNG\r\n\x1a\n", "image/png", 422, "damaged_picture"),
    ("half a picture", picture()[:400], "image/jpeg", 422, "damaged_picture"),
    ("a picture of another kind", picture(kind="GIF"), "image/png", 422, "not_a_picture"),
    ("a decompression bomb", bomb(), "image/png", 422, "picture_too_large"),
    ("another media type", picture(), "application/pdf", 415, "unsupported_media_type"),
    ("more than ten megabytes", b"\xff\xd8\xff" + b"x" * (10 * 1024 * 1024), "image/jpeg", 413, "too_large"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"), [row[1:] for row in FILES], ids=[row[0] for row in FILES]
)
async def test_a_file_that_is_no_picture_is_refused(
    content: bytes, kind: str, status: int, code: str, world: World
) -> None:
    path = f"{LISTINGS}/{world['internship']}/images"

    answer = await world.as_("clara").post(
        path, params={"alt": "A dog."}, content=content, headers={"Content-Type": kind}
    )

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await world.as_("clara").get(path)).json()["items"] == []


def _forgeries(cursor: str) -> dict[str, str]:
    middle = len(cursor) // 2
    other = "A" if cursor[middle] != "A" else "B"
    return {
        "one letter changed": cursor[:middle] + other + cursor[middle + 1 :],
        "cut off": cursor[:-4],
        "longer": cursor + "AAAA",
        "backwards": cursor[::-1],
        "made up": "eyJpZCI6IDF9",
        "empty": "",
        "twice": cursor * 2,
    }


async def _first_cursor(world: World, path: str, params: dict[str, Any]) -> str:
    answer = await world.as_("clara").get(path, params=params)
    assert answer.status_code == 200, answer.text
    cursor = answer.json()["next_cursor"]
    assert cursor, "the list has a second page"
    return str(cursor)


@pytest.mark.parametrize("path", [LISTINGS, SESSIONS, PATTERNS])
async def test_a_cursor_that_is_forged_or_of_another_query_is_refused(path: str, world: World) -> None:
    clara = world.as_("clara")
    for ahead in (4, 5, 6):
        await make_session(world, starts_at=at(ahead))
        made = await clara.post(PATTERNS, json=pattern(world, starts_time=f"{ahead + 6:02d}:00"))
        assert made.status_code == 201, made.text
    asked: dict[str, Any] = {"limit": 1}
    cursor = await _first_cursor(world, path, asked)
    elsewhere = next(other for other in (SESSIONS, PATTERNS) if other != path)

    wrong: dict[str, httpx.Response] = {
        name: await clara.get(path, params={**asked, "cursor": forged})
        for name, forged in _forgeries(cursor).items()
    }
    wrong["another limit"] = await clara.get(path, params={"limit": 2, "cursor": cursor})
    narrowed = {"opportunity_id": str(world["internship"])} if path != LISTINGS else {"type": "job_shadow"}
    wrong["another filter"] = await clara.get(path, params={**asked, **narrowed, "cursor": cursor})
    wrong["another list"] = await clara.get(elsewhere, params={**asked, "cursor": cursor})

    assert {
        name: (answer.status_code, answer.json()["code"]) for name, answer in wrong.items()
    } == dict.fromkeys(wrong, (422, "bad_cursor"))
    assert (await clara.get(path, params={**asked, "cursor": cursor})).status_code == 200


TEXTS = {
    "operators": "& | ! <-> :* ((((",
    "a quote": "O'Brien's \"vet",
    "a statement": "'); DROP TABLE opportunities; --",
    "a backslash": "\\' \\",
    "wildcards": "%_%*?",
    "only small words": "the of and de la y",
    "only minus": "- -- -a",
    "10,000 characters": "veterinaria " * 833,
    "10,000 letters in one word": "x" * 10_000,
    "emoji": "🦄 👩🏽‍🔬 🇲🇽",
    "combining marks": "e" + "\u0301" * 2_000,
    "other scripts": "日本語 العربية ไทย",
    "control characters": "\t\u0000\u202e\u2066",
    "markup": "<script>alert(1)</script>",
    "nothing": "   ",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
async def test_whatever_is_typed_is_answered_wherever_one_types(text: str, world: World) -> None:
    maya, clara = world.as_("maya"), world.as_("clara")

    answers = {
        "search": await maya.get(LISTINGS, params={"q": text}),
        "search of staff": await clara.get(LISTINGS, params={"q": text, "sort": "relevance"}),
        "map": await maya.get(MAP, params={"q": text, **WINDOW}),
        "suggestions": await maya.get(SUGGESTIONS, params={"q": text}),
    }

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 200)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
async def test_whatever_is_saved_to_be_looked_for_is_saved_or_refused(text: str, world: World) -> None:
    answer = await world.as_("maya").post(SAVED, json={"name": "Mine", "filters": {"q": text}})

    assert answer.status_code in {201, 422}, answer.text
    if answer.status_code == 422:
        assert answer.json()["errors"][0]["pointer"].startswith("/filters")
