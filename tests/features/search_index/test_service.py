"""What search reads, held beside the listings."""

import asyncio
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.core import clock
from app.core.jobs import Workshop, working
from app.domain.skills import SKILLS
from app.features.search_index import jobs, queries, service
from app.models import Opportunity
from tests.features.merges.test_routes import employer, merge, pair
from tests.listings import found, listings
from tests.world import World

_MEETS = [{"day": "mon", "from": "14:00", "to": "17:00"}]


def _documents(owner: psycopg.Connection[Any], world: World) -> dict[UUID, tuple[Any, ...]]:
    rows = owner.execute(
        "SELECT id, made_from, seats_free, document::text FROM search_documents WHERE tenant_id = %s",
        (world["lakeside"],),
    ).fetchall()
    return {row[0]: row[1:] for row in rows}


async def test_a_document_holds_both_languages_and_begins_with_its_tenant(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    async with working(world.database, world["lakeside"]) as unit:
        await service.refresh(unit, world["lakeside"], [world["internship"]])

    document = _documents(owner, world)[world["internship"]][2]
    prefix = world["lakeside"].hex[-5:]
    assert all(lexeme.startswith(f"'{prefix}") for lexeme in document.split())
    assert f"'{prefix}wpasant'" in document
    assert f"'{prefix}tveterinari'" in document


async def test_a_listing_that_is_not_shown_has_no_document(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    async with working(world.database, world["lakeside"]) as unit:
        found = await unit.session.get_one(Opportunity, (world["lakeside"], world["internship"]))
        found.status = "paused"  # type: ignore[assignment] # as the database keeps it
        await service.refresh(unit.session, world["lakeside"], [world["internship"]])

    assert world["internship"] not in _documents(owner, world)


async def test_what_facets_count_stays_in_the_row_and_the_document_alone_goes_out_of_it(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    toast = owner.execute(
        "SELECT format('SELECT count(DISTINCT chunk_id) FROM pg_toast.%I', c.relname) FROM pg_class AS c"
        " JOIN pg_class AS documents ON documents.reltoastrelid = c.oid WHERE documents.relname = 'search_documents'"
    ).fetchone()
    assert toast is not None
    before = owner.execute(toast[0]).fetchone()
    said = {"description": "clay " * 900, "skills": sorted(SKILLS)[:20], "meets": _MEETS}

    made = await listings(world, {"title": "Kiln", **said})

    written = owner.execute(
        "SELECT cardinality(skills), meets IS NULL FROM search_documents WHERE id = %s", (made[0],)
    ).fetchone()
    after = owner.execute(toast[0]).fetchone()
    assert written == (20, False)
    assert before is not None
    assert after == (before[0] + 1,)


async def test_taking_a_seat_changes_the_document_without_touching_its_index(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("VACUUM ANALYZE search_documents")
    owner.execute("UPDATE opportunities SET seats_taken = 1 WHERE id = %s", (world["internship"],))
    where = "SELECT pg_relation_size('ix_search_documents_document')"
    before = owner.execute(where).fetchone()

    async with working(world.database, world["lakeside"]) as unit:
        await service.count_seats(unit, world["lakeside"], world["internship"])

    assert _documents(owner, world)[world["internship"]][1] == 1
    assert owner.execute(where).fetchone() == before


async def test_what_was_forgotten_is_mended(world: World, owner: psycopg.Connection[Any]) -> None:
    owner.execute("DELETE FROM search_documents WHERE id = %s", (world["internship"],))
    owner.execute(
        "UPDATE opportunities SET version = version + 1, title = 'Astronomy' WHERE id = %s",
        (world["school_only"],),
    )

    async with working(world.database, world["lakeside"]) as unit:
        first = await service.heal(unit, world["lakeside"])
        second = await service.heal(unit, world["lakeside"])

    assert (first, second) == (2, 0)
    assert "astronomi" in _documents(owner, world)[world["school_only"]][2]


async def test_a_full_memory_of_stems_takes_nothing_from_whoever_waits_for_the_database(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_forms", {})
    monkeypatch.setattr(service, "_MOST_FORMS", 3)

    async def ask(*words: str) -> set[str]:
        async with working(world.database, world["lakeside"]) as unit:
            return set(await service.stems_for(unit, words))

    await ask("kiln")
    both = await asyncio.gather(ask("kiln", "oven"), ask("wheel", "clay", "glaze"))

    assert list(both) == [{"kiln", "oven"}, {"wheel", "clay", "glaze"}]


async def test_the_clock_follows_what_happened(
    world: World, owner: psycopg.Connection[Any], workshop: Workshop
) -> None:
    await jobs.sweep(workshop, world["lakeside"], clock.now())
    path = f"/v1/opportunities/{world['school_only']}"
    clara = world.as_("clara")
    version = (await clara.get(path)).json()["version"]
    answer = await clara.patch(path, json={"title": "Astronomy"}, version=version)
    owner.execute("DELETE FROM search_documents WHERE id = %s", (world["school_only"],))

    done = await jobs.sweep(workshop, world["lakeside"], clock.now())

    assert answer.status_code == 200, answer.text
    assert done == 1
    assert "astronomi" in _documents(owner, world)[world["school_only"]][2]


async def test_every_change_of_a_listing_is_found_at_once(world: World) -> None:
    path = f"/v1/opportunities/{world['draft']}"
    clara = world.as_("clara")
    await clara.post(f"{path}/submit", version=1)
    await clara.post(f"{path}/publish", version=2)

    published = await found(world, "ines", q="desk")
    await clara.patch(path, json={"title": "Kiln"}, version=3)
    changed = await found(world, "ines", q="kiln")
    paused = await clara.post(f"{path}/pause", version=4)
    gone = await found(world, "ines", q="kiln")

    assert paused.status_code == 200, paused.text
    assert (published, changed, gone) == (["Front desk job shadow"], ["Kiln"], [])


async def _terms(owner: psycopg.Connection[Any], world: World) -> set[str]:
    rows = owner.execute(
        "SELECT term FROM search_terms WHERE tenant_id = %s", (world["lakeside"],)
    ).fetchall()
    return {row[0] for row in rows}


async def test_listings_follow_their_employer_through_a_merge_and_back(
    world: World, workshop: Workshop
) -> None:
    other = await employer(world, "Lake Vets")
    await listings(world, {"title": "Kiln", "employer_id": world[other]})
    await jobs.sweep(workshop, world["lakeside"], clock.now())
    found_pair = await pair(world, "clinic", other, "employer")
    at_clinic = {"q": "kiln", "employer_id": str(world["clinic"])}
    before = await found(world, "maya", **at_clinic)

    merged = await merge(world, found_pair, "clinic")
    done = await jobs.sweep(workshop, world["lakeside"], clock.now())

    assert merged.status_code == 200, merged.text
    assert done >= 1
    assert before == []
    assert await found(world, "maya", **at_clinic) == ["Kiln"]
    assert await found(world, "sam", q="kiln") == ["Kiln"]
    undone = await world.as_("clara").post(f"/v1/merges/{merged.json()['id']}/undo", version=1)
    await jobs.sweep(workshop, world["lakeside"], clock.now())
    assert undone.status_code == 200, undone.text
    assert await found(world, "maya", **at_clinic) == []
    assert await found(world, "maya", q="kiln", employer_id=str(world[other])) == ["Kiln"]


async def test_words_that_no_listing_says_any_more_are_forgotten_at_night(
    world: World, owner: psycopg.Connection[Any], workshop: Workshop
) -> None:
    (zeppelin, _) = await listings(world, {"title": "Zeppelins of Montgolfier"}, {"title": "A zeppelin"})
    (montgolfier, *_) = await listings(world, {"title": "Montgolfier's telescopes"}, {"title": "Telescope"})
    before = await _terms(owner, world)
    for listing in (zeppelin, montgolfier):
        await world.as_("clara").post(
            f"/v1/opportunities/{listing}/hide", json={"reason": "reported"}, version=1
        )

    await jobs.look_through(workshop, world["lakeside"])

    gone = before - await _terms(owner, world)
    assert {"zeppelins", "zeppelin", "montgolfiers", "montgolfier", "telescopes", "telescope"} <= before
    assert {term for term in gone if not term.startswith("mont")} <= {"of"}
    assert {"montgolfier", "montgolfiers"} <= gone
    assert await found(world, "maya", q="telescop") == ["Telescope"]
    told = (await world.as_("maya").get("/v1/opportunities", params={"q": "zepelin"})).json()
    assert told["understood"]["corrections"] == [{"typed": "zepelin", "read_as": ["zeppelin"]}]


async def test_many_words_are_looked_through_by_the_page(
    world: World, owner: psycopg.Connection[Any], workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_TERMS", 3)
    await listings(world, {"title": "Kiln"})
    before = await _terms(owner, world)
    owner.execute("DELETE FROM search_documents WHERE tenant_id = %s", (world["riverton"],))

    await jobs.look_through(workshop, world["lakeside"])
    kept = await _terms(owner, world)
    owner.execute("UPDATE opportunities SET status = 'hidden' WHERE tenant_id = %s", (world["lakeside"],))
    await jobs.look_through(workshop, world["lakeside"])

    assert kept == before
    assert await _terms(owner, world) == set()


async def test_no_word_is_forgotten_while_a_document_is_on_its_way(
    world: World, owner: psycopg.Connection[Any], workshop: Workshop
) -> None:
    (listing,) = await listings(world, {"title": "Zeppelin"})
    await world.as_("clara").post(f"/v1/opportunities/{listing}/hide", json={"reason": "reported"}, version=1)

    async with working(world.database, world["lakeside"]) as unit:
        await queries.begin_writing(unit, world["lakeside"])
        await jobs.look_through(workshop, world["lakeside"])
        kept = await _terms(owner, world)
    await jobs.look_through(workshop, world["lakeside"])

    assert "zeppelin" in kept
    assert "zeppelin" not in await _terms(owner, world)


async def test_words_are_looked_for_in_the_index_of_documents(world: World) -> None:
    await listings(world, {"title": "Kiln"})
    values = {"tenant": world["lakeside"], "stems": ["kiln"], "queries": ["'kiln'"]}

    async with working(world.database, world["lakeside"]) as unit:
        await unit.driver.execute(queries._BY_DOCUMENTS)
        plan = "\n".join(row[0] for row in await unit.rows(f"EXPLAIN {queries._UNSAID}", values))

    assert "Bitmap Index Scan on ix_search_documents_document" in plan
    assert "Index Cond: (document @@ (asked.query)::tsquery)" in plan
    assert "Seq Scan" not in plan
