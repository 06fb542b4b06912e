"""Suggestions over HTTP: what may be meant, and never what the caller may not see."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.core import clock
from app.core.jobs import Workshop, working
from app.features.suggestion_index import jobs
from app.features.upkeep import service as upkeep
from tests.explaining import Explain, recording, whole_reads
from tests.world import World


async def _index(world: World, workshop: Workshop) -> None:
    for tenant in ("lakeside", "riverton"):
        await jobs.sweep(workshop, world[tenant], clock.now())


async def _suggested(world: World, who: str, q: str, **more: Any) -> dict[str, Any]:
    headers = more.pop("headers", {})
    answer = await world.as_(who, **headers).get("/v1/suggestions", params={"q": q, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _texts(found: dict[str, Any]) -> list[str]:
    return [item["text"] for item in found["items"]]


@pytest.fixture
async def listed(world: World, workshop: Workshop, owner: psycopg.Connection) -> World:
    owner.execute(
        "UPDATE opportunities SET skills = '{teamwork}', tags = '{Four-legged friends}' WHERE id = %s",
        (world["internship"],),
    )
    owner.commit()
    await _index(world, workshop)
    return world


async def test_titles_employers_clusters_skills_and_tags_are_suggested(listed: World) -> None:
    found = {
        q: [(item["kind"], item["text"]) for item in (await _suggested(listed, "maya", q))["items"]]
        for q in ("veter", "lakeside v", "health", "team", "four leg")
    }

    assert found == {
        "veter": [
            ("title", "Veterinary assistant internship"),
            ("employer", "Lakeside Veterinary Clinic"),
        ],
        "lakeside v": [("employer", "Lakeside Veterinary Clinic")],
        "health": [("cluster", "Healthcare & Human Services")],
        "team": [("skill", "Teamwork")],
        "four leg": [("tag", "Four-legged friends")],
    }


async def test_what_is_chosen_can_be_filtered_by(listed: World) -> None:
    items = [(await _suggested(listed, "maya", q))["items"][0] for q in ("lakeside", "health", "team")]

    assert [item["value"] for item in items] == [
        str(listed["clinic"]),
        "healthcare_human_services",
        "teamwork",
    ]


async def test_spanish_and_english_words_are_both_understood(listed: World) -> None:
    spanish = await _suggested(listed, "maya", "salud", headers={"Accept-Language": "es"})
    english = await _suggested(listed, "maya", "salud")

    assert _texts(spanish) == ["Salud y servicios humanos"]
    assert _texts(english) == ["Healthcare & Human Services"]


@pytest.mark.parametrize("typed", ["vetrin", "vetreinary", "vetterinary", "evterinary", "VETERÍN"])
async def test_misspelt_words_are_understood(typed: str, listed: World) -> None:
    found = await _suggested(listed, "maya", typed)

    assert "Veterinary assistant internship" in _texts(found)
    assert found["mended"] in {"veterinary", None}


async def test_words_in_another_order_are_understood(listed: World) -> None:
    found = await _suggested(listed, "maya", "internship vet")

    assert _texts(found) == ["Veterinary assistant internship"]
    assert found["items"][0]["marks"] == [[0, 3], [21, 10]]


async def test_a_schools_own_listing_is_suggested_there_and_nowhere_else(listed: World) -> None:
    north = await _suggested(listed, "maya", "garden")
    south = await _suggested(listed, "ines", "garden")
    elsewhere = await _suggested(listed, "ria", "garden")

    assert _texts(north) == ["School garden project"]
    assert _texts(south) == []
    # Riverton has a garden project of its own, at its own school.
    assert [item["value"] for item in elsewhere["items"]] == ["School garden project"]


async def _many(world: World, owner: psycopg.Connection, title: str, school: str | None, count: int) -> None:
    """Listings of one title each, for one school or for all."""
    owner.execute(
        "INSERT INTO opportunities (tenant_id, id, status, title, description, type, employer_id, school_id, scope,"
        " seats, seats_taken, remote, pay, credit, published_at, version, created_at, updated_at)"
        " SELECT %s, gen_random_uuid(), 'published', %s || ' ' || n, '', 'job_shadow', %s, %s, %s, 1, 0, false,"
        " 'unknown', false, now(), 1, now(), now() FROM generate_series(1, %s) n, generate_series(1, 2)",
        (
            world["lakeside"],
            title,
            world["clinic"],
            world[school or "north"],
            "school" if school else "tenant",
            count,
        ),
    )
    owner.commit()


async def test_what_only_other_schools_see_crowds_nothing_out(
    listed: World, workshop: Workshop, owner: psycopg.Connection
) -> None:
    await _many(listed, owner, "Garden party", None, 1)
    await _many(listed, owner, "Garden hour", "north", 30)
    await jobs.make_anew(workshop, listed["lakeside"], await _seen(workshop, listed["lakeside"]))

    assert _texts(await _suggested(listed, "ines", "garden")) == ["Garden party 1"]


async def test_suggestions_of_one_kind_are_not_crowded_out_by_titles(
    listed: World, workshop: Workshop, owner: psycopg.Connection
) -> None:
    await _many(listed, owner, "Teamwork hour", None, 30)
    await jobs.make_anew(workshop, listed["lakeside"], await _seen(workshop, listed["lakeside"]))

    found = await _suggested(listed, "maya", "teamw", kind="skill")

    assert [(item["kind"], item["text"]) for item in found["items"]] == [("skill", "Teamwork")]


async def test_many_misspelt_words_are_answered_at_once(listed: World, explain: Explain) -> None:
    async def type_them() -> None:
        await _suggested(listed, "maya", " ".join(f"vatarinery{letter}" for letter in "abcdefg"))

    plans = await explain(listed["lakeside"], type_them)

    # One look for the words as typed, one for those of them that are known: nothing of the spellings is read.
    assert len([plan for plan in plans if "suggestion_words" in plan[0]]) == 1


async def test_another_communitys_words_are_not_suggested(
    listed: World, workshop: Workshop, owner: psycopg.Connection
) -> None:
    owner.execute(
        "UPDATE opportunities SET title = 'Quarry tour' WHERE id = %s", (listed["river_internship"],)
    )
    owner.commit()
    await jobs.make_anew(workshop, listed["riverton"], await _seen(workshop, listed["riverton"]))

    assert _texts(await _suggested(listed, "ria", "quar")) == ["Quarry tour"]
    assert _texts(await _suggested(listed, "maya", "quar")) == []
    assert (await _suggested(listed, "ellis", "quary"))["mended"] is None


async def _seen(workshop: Workshop, tenant: UUID) -> Any:
    async with working(workshop.database, tenant) as unit:
        return await upkeep.last(unit.session, tenant, "suggestions anew")


async def test_drafts_are_not_suggested_not_even_to_staff(listed: World) -> None:
    assert _texts(await _suggested(listed, "clara", "front desk")) == []


async def test_what_is_hidden_now_is_no_longer_suggested(listed: World) -> None:
    clara, path = listed.as_("clara"), f"/v1/opportunities/{listed['school_only']}"
    version = (await clara.get(path)).json()["version"]
    hidden = await clara.post(f"{path}/hide", json={"reason": "Not safe."}, version=version)
    assert hidden.status_code == 200, hidden.text

    assert _texts(await _suggested(listed, "maya", "garden")) == []


async def test_a_title_that_nobody_has_any_more_is_not_suggested(listed: World) -> None:
    clara = listed.as_("clara")
    path = f"/v1/opportunities/{listed['internship']}"
    version = (await clara.get(path)).json()["version"]
    changed = await clara.patch(path, json={"title": "Animal care internship"}, version=version)
    assert changed.status_code == 200, changed.text

    assert "Veterinary assistant internship" not in _texts(await _suggested(listed, "maya", "veter"))


async def test_what_is_published_is_suggested_a_minute_later(listed: World, workshop: Workshop) -> None:
    clara, path = listed.as_("clara"), f"/v1/opportunities/{listed['draft']}"
    submitted = await clara.post(f"{path}/submit", version=1)
    await clara.post(f"{path}/publish", version=submitted.json()["version"])
    await _index(listed, workshop)

    assert _texts(await _suggested(listed, "maya", "front d")) == ["Front desk job shadow"]


async def test_indexing_again_counts_nothing_twice(
    listed: World, workshop: Workshop, owner: psycopg.Connection
) -> None:
    clara, path = listed.as_("clara"), f"/v1/opportunities/{listed['internship']}"
    version = (await clara.get(path)).json()["version"]
    changed = await clara.patch(path, json={"seats": 3}, version=version)
    assert changed.status_code == 200, changed.text
    await _index(listed, workshop)
    await _index(listed, workshop)

    uses = owner.execute(
        "SELECT uses FROM suggestion_terms WHERE tenant_id = %s AND kind = 'title' ORDER BY uses",
        (listed["lakeside"],),
    ).fetchall()
    assert [row[0] for row in uses] == [1, 1]


async def test_what_waits_to_be_confirmed_is_still_suggested(
    listed: World, workshop: Workshop, owner: psycopg.Connection
) -> None:
    owner.execute("UPDATE opportunities SET status = 'stale' WHERE id = %s", (listed["internship"],))
    owner.commit()
    before = await _suggested(listed, "maya", "veterinary a")
    owner.execute("DELETE FROM suggestion_terms WHERE tenant_id = %s", (listed["lakeside"],))
    owner.commit()
    await jobs.make_anew(workshop, listed["lakeside"], await _seen(workshop, listed["lakeside"]))

    after = await _suggested(listed, "maya", "veterinary a")
    assert _texts(before) == _texts(after) == ["Veterinary assistant internship"]


async def test_an_employer_is_suggested_by_the_new_name_a_minute_later(
    listed: World, workshop: Workshop
) -> None:
    clara, path = listed.as_("clara"), f"/v1/employers/{listed['clinic']}"
    version = (await clara.get(path)).json()["version"]
    renamed = await clara.patch(path, json={"name": "Harbor Animal Hospital"}, version=version)
    assert renamed.status_code == 200, renamed.text
    at_once = await _suggested(listed, "maya", "lakeside v")
    await _index(listed, workshop)

    assert _texts(at_once) == []
    assert _texts(await _suggested(listed, "maya", "harbor")) == ["Harbor Animal Hospital"]


@pytest.mark.parametrize(
    "q",
    [
        "",
        " ",
        "'",
        '"',
        "& | !",
        "a:*",
        "%",
        "\\",
        "🙂",
        "the of and",
        "x" * 10_000,
        "\x00",
        "\uff4e\uff55rse",
        "((((",
    ],
)
async def test_anything_may_be_typed(q: str, listed: World) -> None:
    await _suggested(listed, "maya", q)


@pytest.mark.parametrize(
    "q",
    [
        "\ufdfa" * 200,
        "veteq internq assisq clinq",
        "veteqinary internqhip assistanq",
        "veteqinaqy " * 18,
        "a b c d e f g h i j k l m n o p q r s t",
        "v" * 200,
        "va vb vc vd ve vf vg vh vi vj veterinary",
    ],
)
async def test_whatever_is_typed_asks_the_database_for_little(q: str, listed: World) -> None:
    maya = listed.as_("maya")
    statements: list[tuple[str, Any]] = []

    async with recording(statements):
        answer = await maya.get("/v1/suggestions", params={"q": q[:200]})

    assert answer.status_code == 200, answer.text
    looked = [text for text, _ in statements if "suggestion_" in text]
    # Two ways to read it, what is known of its words, three of them mended by two letters each, and who may see it.
    assert len(looked) <= 2 + 1 + 6 + 2 + 1
    assert all("LIMIT" in text or "= ANY (" in text for text in looked)


async def test_an_unknown_parameter_and_a_limit_too_high_are_refused(world: World) -> None:
    maya = world.as_("maya")

    for params in ({"q": "a", "colour": "red"}, {"q": "a", "limit": 21}, {"q": "a", "kind": "person"}):
        answer = await maya.get("/v1/suggestions", params=params)
        assert answer.status_code == 422, params


async def test_an_operator_is_suggested_nothing(world: World) -> None:
    assert (await world.as_("olga").get("/v1/suggestions", params={"q": "a"})).status_code == 403


async def test_no_plan_reads_a_whole_table(
    world: World, workshop: Workshop, owner: psycopg.Connection, explain: Explain
) -> None:
    tenant = world["lakeside"]
    owner.execute(
        "INSERT INTO opportunities (tenant_id, id, status, title, description, type, employer_id, scope, seats,"
        " seats_taken, remote, pay, credit, published_at, version, created_at, updated_at)"
        " SELECT %s, gen_random_uuid(), 'published', 'Word' || n || ' day at place' || n %% 700, '', 'job_shadow',"
        " %s, 'tenant', 1, 0, false, 'unknown', false, now(), 1, now(), now() FROM generate_series(1, 3000) n",
        (tenant, world["clinic"]),
    )
    owner.commit()
    await jobs.make_anew(workshop, tenant)
    owner.execute("ANALYZE suggestion_terms, suggestion_keys, suggestion_words, opportunities")
    owner.commit()

    async def type_them() -> None:
        for q in ("w", "place12", "day at pl", "place12 word", "plaec12"):
            await _suggested(world, "maya", q)

    plans = await explain(tenant, type_them)

    mine = [plan for plan in plans if "suggestion_" in plan[0]]
    assert len(mine) >= 9
    tables = ("suggestion_terms", "suggestion_keys", "suggestion_words", "opportunities")
    assert whole_reads(mine, tables) == []
