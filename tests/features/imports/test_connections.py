"""Files of people and workplaces: what they make, what is reported, and that nothing is made twice."""

import asyncio
import csv
import io
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from app.core.jobs import Workshop
from app.domain.intake import ImportKind
from app.features.imports.jobs import run_import
from app.features.imports.service import KEPT_CONNECTIONS
from tests.draining import drain
from tests.features.imports import worker_child
from tests.features.imports.packages import effect, read
from tests.world import World

Owner = psycopg.Connection[Any]

HEADER = "given name,family name,email,job title,employer,city,offers,basis,contributor,note\n"
ROWS = (
    "Nora,Nguyen,nora@bakery.example,Baker,Lake Bakery,Lakeside,host;talk,asked_and_agreed,rosa@example.org,\n"
    "Paul,Price,paul@garage.example,,Third Street Garage,,shadow,existing_partner,,Knows engines\n"
    ",,,,Riverside Library,Lakeside,talk,public_listing,user-ada,\n"
    "Quinn,Quist,quinn@depot.example,,Depot,,host,,,\n"
    "Ruth,Reyes,ruth@office.example,,Office,,host,because,,\n"
    "Tess,Tran,tess@lab.example,,Lab,,host,public_listing,petra@example.org,\n"
)
FILE = (HEADER + ROWS).encode()
CARDS = (
    b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Nguyen;Nora;;;\r\nEMAIL;TYPE=WORK:nora@bakery.example\r\nORG:Lake Bakery\r\n"
    b"END:VCARD\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nFN broken\r\nEND:VCARD\r\n"
    b"BEGIN:VCARD\r\nVERSION:2.1\r\nN:Price;Paul\r\nEMAIL;INTERNET:paul@garage.example\r\n"
    b"X-KITHWORK-BASIS:existing_partner\r\nEND:VCARD\r\n"
)


async def _send(
    world: World, data: bytes, *, by: str = "clara", media_type: str = "text/csv", **params: Any
) -> httpx.Response:
    headers = {"Content-Type": media_type}
    return await world.as_(by).post("/v1/imports/connections", content=data, headers=headers, params=params)


async def _run(world: World, workshop: Workshop, data: bytes, **params: Any) -> dict[str, Any]:
    sent = await _send(world, data, **params)
    assert sent.status_code == 202, sent.text
    await run_import(workshop, world["lakeside"], UUID(sent.json()["id"]))
    return await read(world, sent.json()["id"], by=params.get("by", "clara"))


async def _remarks(world: World, entry: dict[str, Any], language: str = "en") -> list[dict[str, Any]]:
    clara = world.as_("clara", **{"Accept-Language": language})
    answer = await clara.get(f"/v1/imports/{entry['id']}/rows", params={"limit": 100})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def _made(owner: Owner) -> list[tuple[Any, ...]]:
    return owner.execute(
        "SELECT c.status, p.given_name, k.email, e.name, c.basis, c.offers FROM connections c"
        " JOIN people p ON p.id = c.contributor_id LEFT JOIN contacts k ON k.id = c.contact_id"
        " LEFT JOIN employers e ON e.id = c.employer_id WHERE c.import_id IS NOT NULL ORDER BY c.id"
    ).fetchall()


async def test_good_rows_become_proposed_connections_of_their_contributors(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    entry = await _run(world, workshop, FILE, dry_run=False)

    assert entry["status"] == "applied", entry
    (file,) = entry["files"]
    assert (file["file"], file["read"], file["taken"], file["merged"], file["rejected"]) == (
        "connections.csv", 6, 3, 0, 3,
    )  # fmt: skip
    assert effect(entry, "connections") == (3, 0, 0, 0, 0)
    assert _made(owner) == [
        ("proposed", "Rosa", "nora@bakery.example", "Lake Bakery", "asked_and_agreed", ["host", "talk"]),
        ("proposed", "Clara", "paul@garage.example", "Third Street Garage", "existing_partner", ["shadow"]),
        ("proposed", "Ada", None, "Riverside Library", "public_listing", ["talk"]),
    ]
    assert owner.execute("SELECT suggested_by_role FROM contacts ORDER BY id DESC LIMIT 2").fetchall() == [
        ("coordinator",),
        ("guardian",),
    ]
    authors = owner.execute(
        "SELECT DISTINCT action, actor_person_id, actor_kind FROM events WHERE action = 'connection.create'"
    ).fetchall()
    assert authors == [("connection.create", world["clara"], "account")]


async def test_what_was_not_taken_is_reported_with_its_line_its_column_and_the_reason(
    world: World, workshop: Workshop
) -> None:
    entry = await _run(world, workshop, FILE)

    english = await _remarks(world, entry)
    spanish = await _remarks(world, entry, "es")

    assert entry["status"] == "tried"
    assert [(each["line"], each["column"], each["code"]) for each in english] == [
        (5, "basis", "basis_missing"),
        (6, "basis", "basis_unknown"),
        (7, "contributor", "contributor_unknown"),
    ]
    assert "asked_and_agreed" in english[0]["sentence"]
    assert spanish[2]["sentence"].startswith("nadie de esta escuela")


async def test_a_trial_makes_nothing_and_counts_the_same(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    tried = await _run(world, workshop, FILE)
    nothing = _made(owner)
    events = owner.execute("SELECT count(*) FROM events WHERE action = 'connection.create'").fetchone()
    clara = world.as_("clara")

    answer = await clara.post(f"/v1/imports/{tried['id']}/apply", version=tried["version"], json={})
    await run_import(workshop, world["lakeside"], UUID(tried["id"]))
    applied = await read(world, tried["id"], by="clara")

    assert (nothing, events) == ([], (0,))
    assert answer.status_code == 200, answer.text
    assert applied["effects"] == tried["effects"]
    assert applied["files"] == tried["files"]
    assert len(_made(owner)) == 3


async def test_the_same_file_again_changes_nothing(world: World, workshop: Workshop, owner: Owner) -> None:
    await _run(world, workshop, FILE, dry_run=False)
    before = owner.execute("SELECT id, version FROM connections ORDER BY id").fetchall()

    again = await _run(world, workshop, FILE, dry_run=False)

    assert effect(again, "connections") == (0, 0, 3, 0, 0)
    assert owner.execute("SELECT id, version FROM connections ORDER BY id").fetchall() == before


async def test_what_was_offered_by_hand_is_not_offered_again(world: World, workshop: Workshop) -> None:
    person = {"given_name": "Nora", "family_name": "Nguyen", "email": "nora@bakery.example"}
    body = {"person": person, "domain": "friends", "closeness": 2, "frequency": 2}
    made = await world.as_("rosa").post("/v1/connections", json=body)
    assert made.status_code == 201, made.text
    path = made.headers["Location"]
    await world.as_("rosa").post(f"{path}/withdraw", version=1)

    open_again = await world.as_("rosa").post("/v1/connections", json=body)
    entry = await _run(world, workshop, FILE, dry_run=False)

    assert open_again.status_code == 201, open_again.text
    assert effect(entry, "connections") == (2, 0, 1, 0, 0)


async def test_who_was_turned_down_does_not_come_back_with_the_file(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await _run(world, workshop, FILE, dry_run=False)
    ((connection_id,),) = owner.execute(
        "SELECT c.id FROM connections c JOIN contacts k ON k.id = c.contact_id WHERE k.email = 'nora@bakery.example'"
    ).fetchall()
    await world.as_("clara").post(
        f"/v1/connections/{connection_id}/reject", version=1, json={"reason": "too far away"}
    )

    again = await _run(world, workshop, FILE, dry_run=False)

    assert effect(again, "connections") == (0, 0, 2, 0, 1)
    found = owner.execute("SELECT count(*) FROM contacts WHERE email = 'nora@bakery.example'").fetchone()
    assert found == (0,), "the person stays erased"


async def test_free_text_is_screened_as_by_hand(world: World, workshop: Workshop) -> None:
    data = HEADER + (
        "Nora,Nguyen,nora@bakery.example,,Lake Bakery,,host,public_listing,,Call 312 555 0100 today\n"
        "Omar,Okafor,omar@bakery.example,,Lake Bakery,,host,public_listing,,Maya Mayason would love it\n"
        "Pia,Poe,pia@gmail.com,,Lake Bakery,,host,public_listing,,\n"
        "Quinn,Quist,quinn@bakery.example,,Lake Bakery,,host,public_listing,,\n"
    )

    entry = await _run(world, workshop, data.encode(), dry_run=False)

    said = await _remarks(world, entry)
    assert [(each["line"], each["code"]) for each in said] == [
        (2, "row_refused"),
        (3, "row_refused"),
        (4, "row_refused"),
    ]
    assert said[0]["column"] == "note"
    assert "telephone" in said[0]["sentence"]
    assert "student" in said[1]["sentence"]
    (file,) = entry["files"]
    assert (file["read"], file["taken"], file["rejected"]) == (4, 1, 3)


async def test_vcards_take_their_basis_from_the_sender(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    entry = await _run(
        world, workshop, CARDS, media_type="text/vcard", dry_run=False, basis="contributor_offered"
    )

    (file,) = entry["files"]
    assert (file["file"], file["read"], file["taken"], file["rejected"]) == ("connections.vcf", 3, 2, 1)
    assert [(each[2], each[4]) for each in _made(owner)] == [
        ("nora@bakery.example", "contributor_offered"),
        ("paul@garage.example", "existing_partner"),
    ]
    assert [each["code"] for each in await _remarks(world, entry)] == ["card_unreadable"]
    assert entry["options"]["basis"] == "contributor_offered"


async def test_the_rows_not_taken_come_back_to_be_mended(world: World, workshop: Workshop) -> None:
    entry = await _run(world, workshop, FILE, dry_run=False)
    clara = world.as_("clara")

    answer = await clara.get(f"/v1/imports/{entry['id']}/rejected.csv", params={"file": "connections.csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    for row in rows[1:]:
        row[7], row[8] = "public_listing", ""
    mended = io.StringIO()
    csv.writer(mended).writerows(rows)
    again = await _run(world, workshop, mended.getvalue().encode(), dry_run=False)

    assert [row[10:12] for row in rows[1:]] == [
        ["5", "basis_missing"],
        ["6", "basis_unknown"],
        ["7", "contributor_unknown"],
    ]
    assert effect(again, "connections") == (3, 0, 0, 0, 0)


async def test_an_interrupted_import_goes_on_and_makes_nothing_twice(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    rows = "".join(
        f"Nora{n},Nguyen,nora{n}@bakery.example,,Bakery {n % 7},,host,public_listing,,\n" for n in range(230)
    )
    sent = await _send(world, (HEADER + rows).encode(), dry_run=False)
    import_id = UUID(sent.json()["id"])
    owner.execute(
        "CREATE FUNCTION stop_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.email = 'nora150@bakery.example'"
        " THEN RAISE 'the disk is full'; END IF; RETURN NEW; END $$;"
        "CREATE TRIGGER stop_here BEFORE INSERT ON contacts FOR EACH ROW EXECUTE FUNCTION stop_here()"
    )
    try:
        with pytest.raises(Exception, match="the disk is full"):
            await run_import(workshop, world["lakeside"], import_id)
    finally:
        owner.execute("DROP TRIGGER stop_here ON contacts; DROP FUNCTION stop_here")
    halfway = len(_made(owner))

    await run_import(workshop, world["lakeside"], import_id)
    await run_import(workshop, world["lakeside"], import_id)

    entry = await read(world, str(import_id), by="clara")
    assert halfway == 100
    assert entry["status"] == "applied"
    assert effect(entry, "connections") == (230, 0, 0, 0, 0)
    made = _made(owner)
    assert len(made) == 230
    assert len({each[2] for each in made}) == 230


async def test_a_worker_killed_in_the_middle_loses_nothing_and_nothing_is_made_twice(
    world: World, workshop: Workshop, owner: Owner, database_url: str
) -> None:
    rows = "".join(
        f"Nora{n},Nguyen,nora{n}@bakery.example,,Bakery {n % 7},,host,public_listing,,\n" for n in range(330)
    )
    sent = await _send(world, (HEADER + rows).encode(), dry_run=False)
    import_id = UUID(sent.json()["id"])
    process = worker_child.start(
        database_url, workshop.settings.kithwork_home, workshop.hash_key, world["lakeside"], import_id
    )
    async with asyncio.timeout(60):
        while not _made(owner):  # noqa: ASYNC110 - another process makes them
            await asyncio.sleep(0.02)
    process.kill()
    await asyncio.to_thread(process.join)
    halfway = len(_made(owner))
    running = await read(world, str(import_id), by="clara")

    await run_import(workshop, world["lakeside"], import_id)

    entry = await read(world, str(import_id), by="clara")
    assert halfway in {100, 200, 300}
    assert running["status"] == "running"
    assert (entry["status"], effect(entry, "connections")) == ("applied", (330, 0, 0, 0, 0))
    assert sorted(each[2] for each in _made(owner)) == sorted(f"nora{n}@bakery.example" for n in range(330))
    assert owner.execute(
        "SELECT count(*), count(DISTINCT subject_id) FROM events WHERE action = 'connection.create'"
    ).fetchone() == (330, 330)


async def test_a_repeated_row_is_merged_and_counted(world: World, workshop: Workshop, owner: Owner) -> None:
    row = "Nora,Nguyen,nora@bakery.example,,Lake Bakery,,{},public_listing,,\n"
    data = HEADER + row.format("host") + row.format("talk")

    entry = await _run(world, workshop, data.encode(), dry_run=False)

    (file,) = entry["files"]
    assert (file["read"], file["taken"], file["merged"], file["rejected"]) == (2, 1, 1, 0)
    assert _made(owner)[0][5] == ["host", "talk"]


@pytest.mark.parametrize(
    ("by", "params", "status"),
    [
        ("clara", {}, 202),
        ("clara", {"school_id": "north"}, 202),
        ("clara", {"school_id": "south"}, 403),
        ("clara", {"school_id": "river"}, 403),
        ("ellis", {}, 422),
        ("ellis", {"school_id": "south"}, 202),
        ("ellis", {"school_id": "river"}, 422),
        ("clara", {"basis": "public_listing"}, 422),
        ("ada", {}, 403),
        ("rosa", {}, 403),
        ("maya", {}, 403),
        ("lakeside_sis", {}, 403),
        ("olga", {}, 403),
    ],
)
async def test_coordinators_send_for_their_school_and_administrators_for_any(
    world: World, by: str, params: dict[str, str], status: int
) -> None:
    given = {name: str(world[value]) if name == "school_id" else value for name, value in params.items()}

    answer = await _send(world, FILE, by=by, **given)

    assert answer.status_code == status, answer.text


async def test_an_administrator_sends_for_a_school_in_the_name_of_its_people(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    data = HEADER + (
        "Nora,Nguyen,nora@bakery.example,,,,host,public_listing,PETRA@example.org,\n"
        "Paul,Price,paul@garage.example,,,,host,public_listing,,\n"
        "Quinn,Quist,quinn@depot.example,,,,host,public_listing,user-rosa,\n"
    )

    entry = await _run(
        world, workshop, data.encode(), by="ellis", school_id=str(world["south"]), dry_run=False
    )

    assert [each[1] for each in _made(owner)] == ["Petra", "Ellis"]
    assert entry["files"][0]["rejected"] == 1, "Rosa is of another school"
    schools = owner.execute("SELECT DISTINCT school_id FROM connections WHERE import_id IS NOT NULL")
    assert schools.fetchall() == [(world["south"],)]


async def test_an_import_is_applied_by_whom_it_still_concerns(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    tried = await _run(world, workshop, FILE)
    owner.execute(
        "UPDATE memberships SET school_id = %s WHERE person_id = %s", (world["south"], world["clara"])
    )
    path = f"/v1/imports/{tried['id']}/apply"

    moved = await world.as_("clara").post(path, version=tried["version"], json={})
    stranger = await world.as_("dario").post(path, version=tried["version"], json={})
    district = await world.as_("ellis").post(path, version=tried["version"], json={})

    assert (moved.status_code, moved.json()["code"]) == (403, "other_school")
    assert (stranger.status_code, district.status_code) == (404, 200)


async def test_a_file_tells_nobody_of_every_row(world: World, workshop: Workshop, owner: Owner) -> None:
    owner.execute(
        "UPDATE memberships SET school_id = %s WHERE person_id = %s", (world["north"], world["dario"])
    )

    await _run(world, workshop, FILE, dry_run=False)
    await drain(workshop)

    kinds = owner.execute("SELECT kind, person_id FROM notifications").fetchall()
    assert ("import_finished", world["clara"]) not in kinds, "who caused it knows"
    assert [kind for kind, _ in kinds if kind == "connection_proposed"] == []


@pytest.mark.parametrize(("size", "status"), [(2 * 1024 * 1024, 202), (25 * 1024 * 1024 + 1, 413)])
async def test_an_address_book_may_be_large(world: World, size: int, status: int) -> None:
    answer = await _send(world, b"x" * size, media_type="text/vcard", basis="public_listing")

    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("media_type", ["application/zip", "application/json", "text/plain", ""])
async def test_another_kind_of_body_is_refused(world: World, media_type: str) -> None:
    answer = await _send(world, FILE, media_type=media_type)

    assert answer.status_code == 415
    assert "text/vcard" in answer.json()["detail"]


async def test_coordinators_see_their_own_imports_and_no_roster(world: World, workshop: Workshop) -> None:
    mine = await _run(world, workshop, FILE)
    zipped = {"Content-Type": "application/zip"}
    roster = await world.as_("ellis").post("/v1/imports/roster", content=b"PK", headers=zipped)
    programmes = await world.as_("ellis").post(
        "/v1/imports/opportunities", content=b"title\nRobots\n", headers={"Content-Type": "text/csv"}
    )
    roster_id = roster.json()["id"]

    listed = await world.as_("clara").get("/v1/imports")

    assert [each["id"] for each in listed.json()["items"]] == [mine["id"]]
    assert mine["allowed_actions"] == ["apply"]
    others = f"/v1/imports/{programmes.json()['id']}"
    for path in (f"/v1/imports/{roster_id}", f"/v1/imports/{roster_id}/rows", others):
        assert (await world.as_("clara").get(path)).status_code == 404
    assert (await world.as_("dario").get(f"/v1/imports/{mine['id']}")).status_code == 404
    assert (await world.as_("ellis").get(f"/v1/imports/{mine['id']}")).status_code == 200


@pytest.mark.parametrize("path", ["", "/rows", "/rejected.csv?file=connections.csv"])
async def test_the_system_that_sends_rosters_never_sees_whom_families_know(
    world: World, workshop: Workshop, path: str
) -> None:
    mine = await _run(world, workshop, FILE)

    answer = await world.as_("lakeside_sis").get(f"/v1/imports/{mine['id']}{path}")
    applied = await world.as_("lakeside_sis").post(
        f"/v1/imports/{mine['id']}/apply", version=mine["version"], json={}
    )
    listed = await world.as_("lakeside_sis").get("/v1/imports")

    assert (answer.status_code, applied.status_code) == (404, 404)
    assert listed.json()["items"] == []


async def test_staff_see_the_basis_and_contributors_do_not(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await _run(world, workshop, FILE, dry_run=False)
    ((connection_id,),) = owner.execute(
        "SELECT id FROM connections WHERE contributor_id = %s AND import_id IS NOT NULL", (world["rosa"],)
    ).fetchall()

    staff = await world.as_("clara").get(f"/v1/connections/{connection_id}")
    family = await world.as_("rosa").get(f"/v1/connections/{connection_id}")

    assert staff.json()["basis"] == "asked_and_agreed"
    assert family.json()["basis"] is None


async def test_the_file_is_kept_for_a_week_only(world: World, owner: Owner) -> None:
    await _send(world, FILE)

    ((kept,),) = owner.execute("SELECT erase_at - created_at FROM uploads").fetchall()

    assert abs(kept - KEPT_CONNECTIONS).total_seconds() < 5


async def test_a_file_of_no_use_is_refused_with_what_to_send(world: World, workshop: Workshop) -> None:
    entry = await _run(world, workshop, b"given name,email\nNora,nora@bakery.example\n")

    assert (entry["status"], entry["fault"]["code"]) == ("refused", "basis_column_missing")
    assert entry["kind"] == ImportKind.CONNECTIONS
