"""The life of an import: sent once, worked on by one, never half done, and erased in the end."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from app.core import clock
from app.core.jobs import Workshop
from app.domain.intake import ImportKind, ImportStatus
from app.features.imports.jobs import TRIES, import_file, run_import, sweep
from tests.domain.roster_packages import bulk_package, changed
from tests.features.imports.packages import effect, read, remarks, run, send, stored
from tests.world import World

Owner = psycopg.Connection[Any]

STOPPER = """
CREATE FUNCTION stop_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the disk is full'; END $$;
CREATE TRIGGER stop_here BEFORE INSERT ON enrollments EXECUTE FUNCTION stop_here();
"""


def _count(owner: Owner, sql: str, *params: Any) -> Any:
    (row,) = owner.execute(sql.encode(), params)
    return row[0]


async def test_sending_answers_where_to_look(world: World) -> None:
    answer = await send(world, "roster", bulk_package(), file_name="larkmoor.zip")

    assert answer.status_code == 202, answer.text
    sent = answer.json()
    assert answer.headers["Location"] == f"/v1/imports/{sent['id']}"
    assert answer.headers["ETag"] == '"1"'
    assert (sent["status"], sent["percent"], sent["dry_run"], sent["file_name"]) == (
        "queued", 0, True, "larkmoor.zip",
    )  # fmt: skip


async def test_a_job_is_asked_for_and_everything_is_recorded(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    entry = await run(world, workshop, "roster", bulk_package())

    job = owner.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'run_import'").fetchone()
    assert job == ({"tenant_id": str(world["lakeside"]), "import_id": entry["id"]},)
    events = owner.execute(
        "SELECT action, actor_person_id FROM events WHERE subject_id = %s ORDER BY subject_seq",
        (entry["id"],),
    ).fetchall()
    assert events == [("import.create", world["ellis"]), ("import.finish_trial", world["ellis"])]


async def test_the_same_key_sends_a_file_once(world: World, owner: Owner) -> None:
    ellis = world.as_("ellis", **{"Content-Type": "application/zip", "Idempotency-Key": str(uuid4())})

    first = await ellis.post("/v1/imports/roster", content=bulk_package())
    again = await ellis.post("/v1/imports/roster", content=bulk_package())
    other = await ellis.post("/v1/imports/roster", content=bulk_package(roles=None))

    assert again.status_code == 202
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert other.status_code == 422
    assert _count(owner, "SELECT count(*) FROM imports") == 1


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"sourcedId", "text/csv", 415),
        (b"sourcedId", "", 415),
        (b"", "application/zip", 422),
        (b"x" * (25 * 1024 * 1024 + 1), "application/zip", 413),
    ],
)
async def test_a_body_that_is_no_package_is_refused(
    world: World, content: bytes, content_type: str, status: int
) -> None:
    answer = await world.as_("ellis").post(
        "/v1/imports/roster", content=content, headers={"Content-Type": content_type}
    )

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_what_is_not_a_zip_is_refused_by_the_job(world: World, workshop: Workshop) -> None:
    entry = await run(world, workshop, "roster", b"not a zip at all")

    assert entry["status"] == "refused"
    assert entry["fault"]["code"] == "not_a_zip"
    assert entry["allowed_actions"] == []


async def test_an_unknown_parameter_is_refused(world: World) -> None:
    answer = await send(world, "roster", bulk_package(), dryrun=False)

    assert answer.status_code == 422


async def test_the_list_shows_the_latest_first_and_pages(world: World) -> None:
    await send(world, "roster", bulk_package())
    await send(world, "opportunities", b"title\nRobots\n")
    ellis = world.as_("ellis")

    first = await ellis.get("/v1/imports", params={"limit": 1})
    second = await ellis.get("/v1/imports", params={"limit": 1, "cursor": first.json()["next_cursor"]})
    narrow = await ellis.get("/v1/imports", params={"kind": "roster", "status": "queued"})

    assert [each["kind"] for each in first.json()["items"]] == ["opportunities"], first.text
    assert [each["kind"] for each in second.json()["items"]] == ["roster"], second.text
    assert [each["kind"] for each in narrow.json()["items"]] == ["roster"]
    foreign = await world.as_("dora").get("/v1/imports")
    assert foreign.json()["items"] == []


async def test_nobody_without_the_role_reads_imports(world: World, workshop: Workshop) -> None:
    entry = await run(world, workshop, "roster", bulk_package())

    for name in ("ada", "maya", "olga"):
        answer = await world.as_(name).get(f"/v1/imports/{entry['id']}")
        assert answer.status_code == 403, name
    for path in ("", "/rows", "/rejected.csv?file=users.csv"):
        for name in ("clara", "dora"):
            answer = await world.as_(name).get(f"/v1/imports/{entry['id']}{path}")
            assert answer.status_code == 404, (name, path)


async def test_the_report_speaks_the_callers_language_and_pages(world: World, workshop: Workshop) -> None:
    entry = await run(world, workshop, "roster", bulk_package(users=changed("st-03", email="nope")))
    path = f"/v1/imports/{entry['id']}/rows"

    english = (await remarks(world, entry["id"], file="users.csv"))[0]
    spanish = await world.as_("ellis", **{"Accept-Language": "es"}).get(path, params={"limit": 1})
    second = await world.as_("ellis").get(
        path,
        params={
            "limit": 1,
            "cursor": (await world.as_("ellis").get(path, params={"limit": 1})).json()["next_cursor"],
        },
    )

    assert english["code"] == "bad_email"
    assert (english["line"], english["column"], english["severity"]) == (4, "email", "rejected")
    assert english["sentence"].startswith("email is not an e-mail address")
    assert spanish.json()["items"][0]["sentence"] != english["sentence"]
    assert second.json()["items"][0]["position"] == 2


async def test_two_workers_on_one_import_have_one_effect(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    sent = await send(world, "roster", bulk_package(), dry_run=False)
    import_id = UUID(sent.json()["id"])

    await asyncio.gather(*(run_import(workshop, world["lakeside"], import_id) for _ in range(3)))
    await run_import(workshop, world["lakeside"], import_id)

    entry = await read(world, str(import_id))
    assert entry["status"] == "applied"
    assert effect(entry, "people")[0] == 25
    assert _count(owner, "SELECT count(*) FROM events WHERE action = 'import.finish'") == 1


async def test_two_rosters_of_one_tenant_take_turns(world: World, workshop: Workshop) -> None:
    ids = [UUID((await send(world, "roster", bulk_package(), dry_run=False)).json()["id"]) for _ in range(2)]

    await asyncio.gather(*(run_import(workshop, world["lakeside"], each) for each in ids))

    made = [effect(await read(world, str(each)), "people")[0] for each in ids]
    assert sorted(made) == [0, 25]


async def test_an_import_that_stops_in_the_middle_leaves_nothing_and_is_done_whole_later(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    sent = await send(world, "roster", bulk_package(), dry_run=False)
    import_id = UUID(sent.json()["id"])
    owner.execute(STOPPER)
    try:
        with pytest.raises(Exception, match="the disk is full"):
            await run_import(workshop, world["lakeside"], import_id)
    finally:
        owner.execute("DROP FUNCTION stop_here CASCADE")
    halted = await read(world, str(import_id))
    left = _count(owner, "SELECT count(*) FROM people WHERE sourced_id LIKE 'st-%%'")

    await run_import(workshop, world["lakeside"], import_id)

    assert halted["status"] == "running"
    assert left == 0
    assert (await read(world, str(import_id)))["status"] == "applied"


async def test_an_import_that_stops_every_time_fails_with_a_sentence(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    sent = await send(world, "roster", bulk_package(), dry_run=False)
    import_id = UUID(sent.json()["id"])
    owner.execute(STOPPER)
    try:
        for _ in range(TRIES):
            with pytest.raises(Exception, match="the disk is full"):
                await run_import(workshop, world["lakeside"], import_id)
    finally:
        owner.execute("DROP FUNCTION stop_here CASCADE")

    await run_import(workshop, world["lakeside"], import_id)

    entry = await read(world, str(import_id))
    assert entry["status"] == "failed"
    assert entry["fault"]["code"] == "import_failed"


async def test_applying_asks_for_the_version_that_was_read(world: World, workshop: Workshop) -> None:
    tried = await run(world, workshop, "roster", bulk_package())
    path = f"/v1/imports/{tried['id']}/apply"
    ellis = world.as_("ellis")

    without = await ellis.post(path, json={})
    stale = await ellis.post(path, json={}, version=tried["version"] - 1)
    foreign = await world.as_("dora").post(path, json={}, version=tried["version"])
    first = await ellis.post(path, json={}, version=tried["version"])
    second = await ellis.post(path, json={}, version=first.json()["version"])

    assert (without.status_code, stale.status_code, foreign.status_code) == (428, 412, 404)
    assert first.status_code == 200, first.text
    assert second.status_code == 409, "it is queued already"


async def test_the_file_and_what_the_report_quotes_are_erased_in_time(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    tried = await run(world, workshop, "roster", bulk_package(users=changed("st-03", email="nope")))
    later = clock.now() + timedelta(days=31)

    early = await sweep(workshop, world["lakeside"], clock.now())
    erased = await sweep(workshop, world["lakeside"], later)
    twice = await sweep(workshop, world["lakeside"], later)

    assert (early, erased, twice) == (0, 1, 0)
    assert _count(owner, "SELECT count(*) FROM uploads WHERE data IS NOT NULL") == 0
    report = await remarks(world, tried["id"])
    assert report
    assert not any("nope" in each["sentence"] for each in report)
    ellis = world.as_("ellis")
    sheet = await ellis.get(f"/v1/imports/{tried['id']}/rejected.csv", params={"file": "users.csv"})
    applied = await ellis.post(f"/v1/imports/{tried['id']}/apply", json={}, version=tried["version"])
    assert (sheet.status_code, applied.status_code) == (410, 410)


async def test_an_import_whose_worker_is_gone_is_asked_for_again(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await send(world, "roster", bulk_package())
    later = clock.now() + timedelta(minutes=20)

    waiting = await sweep(workshop, world["lakeside"], later)
    owner.execute("DELETE FROM procrastinate_jobs")
    stranded = await sweep(workshop, world["lakeside"], later)
    again = await sweep(workshop, world["lakeside"], later)

    assert (waiting, stranded, again) == (0, 1, 0)
    assert _count(owner, "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'run_import'") == 1


async def test_a_file_of_this_machine_is_imported_without_a_queue(
    world: World, workshop: Workshop, tmp_path: Path
) -> None:
    path = tmp_path / "roster.zip"
    path.write_bytes(bulk_package())
    seen: list[tuple[int, int | None]] = []

    entry = await import_file(
        workshop,
        world["lakeside"],
        ImportKind.ROSTER,
        path,
        dry_run=False,
        on_progress=lambda done, total: seen.append((done, total)),
    )

    assert entry.status is ImportStatus.APPLIED
    assert entry.counts["effects"]["people"]["created"] == 25
    assert seen[-1] == (entry.rows_total, entry.rows_total)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


async def test_progress_is_shown_while_it_runs(world: World, workshop: Workshop) -> None:
    sent = await send(world, "roster", bulk_package(), dry_run=False)
    import_id = sent.json()["id"]
    shown: list[tuple[str, int]] = []

    async def watch() -> None:
        while not shown or shown[-1][0] in {"queued", "running"}:
            entry = await read(world, import_id)
            shown.append((entry["status"], entry["percent"]))

    await asyncio.gather(watch(), run_import(workshop, world["lakeside"], UUID(import_id)))

    assert "running" in {status for status, _ in shown}
    assert shown[-1] == ("applied", 100)
    assert all(percent < 100 for status, percent in shown if status == "running")


async def test_an_empty_roster_of_another_tenant_touches_nobody_here(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await stored(world, workshop, bulk_package())

    entry = await stored(world, workshop, bulk_package(), by="dora")

    assert effect(entry, "people")[0] == 25
    assert _count(owner, "SELECT count(*) FROM people WHERE sourced_id = 'st-01'") == 2
