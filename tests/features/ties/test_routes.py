"""Ties over HTTP: who reads which, and when a name is told."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.domain.tie import End, TieEnd, TieEvidence, TieOrigin
from app.features.tie_ledger import service as ledger
from app.features.tie_ledger.service import Shown
from app.features.ties.jobs import sweep
from tests.features.ties.ledger import share_a_home
from tests.world import World


@pytest.fixture
async def tied(world: World, workshop: Workshop) -> World:
    """Leo with what his family brought (Rosa's cousin), his advisor, and Ines with hers."""
    await share_a_home(world, "rosa", "leo")
    await sweep(workshop, world["lakeside"], clock.now() + timedelta(days=2))
    return world


async def listed(world: World, who: str, **params: Any) -> list[dict[str, Any]]:
    """Return the ties that somebody sees."""
    answer = await world.as_(who).get("/v1/ties", params=params)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def _told(items: list[dict[str, Any]]) -> dict[str, tuple[str | None, str]]:
    return {item["origin"]: (item["name"], item["described"]) for item in items}


async def test_a_student_reads_who_is_around_them_and_no_contact_of_the_family_by_name(tied: World) -> None:
    items = await listed(tied, "leo")

    assert _told(items) == {
        "inherited": (None, "A connection of your family"),
        "staff": ("Ada Adason", "Somebody at your school"),
    }
    inherited = next(item for item in items if item["origin"] == "inherited")
    assert (inherited["other_end"], inherited["strength"], inherited["uses"]) == ("contact", 40, 0)
    assert inherited["evidence"] == ["connection"]
    assert inherited["ended_on"] is None
    assert not {"contact_id", "person_id", "employer_id"} & inherited.keys()
    whole = (await tied.as_("leo").get(f"/v1/ties/{inherited['id']}")).text
    for secret in ("Vera", "Vetter", "vera@clinic.example", str(tied["cousin"])):
        assert secret not in whole


async def test_once_they_have_met_the_student_reads_the_name(tied: World) -> None:
    async with working(tied.database, tied["lakeside"]) as unit:
        await ledger.form(
            unit.session,
            tied["lakeside"],
            tied["leo"],
            End(TieEnd.CONTACT, tied["cousin"]),
            TieOrigin.INTRODUCTION,
            Shown(clock.now(), TieEvidence.INTRODUCTION, new_id()),
        )

    found = _told(await listed(tied, "leo"))["inherited"]

    assert found == ("Vera Vetter", "A connection of your family")


async def test_adults_read_what_the_student_reads_and_coordinators_whom_they_may_know(tied: World) -> None:
    family = "A connection of the student's family"

    found = {who: _told(await listed(tied, who)) for who in ("rosa", "ada", "clara", "ellis")}

    assert found["rosa"]["inherited"] == (None, family)
    assert found["ada"]["inherited"] == (None, family)
    assert found["clara"]["inherited"] == ("Vera Vetter", family)
    assert found["ellis"]["inherited"] == ("Vera Vetter", family)


async def test_the_list_is_in_the_readers_language(tied: World) -> None:
    answer = await tied.as_("leo", **{"Accept-Language": "es"}).get("/v1/ties")

    assert {item["described"] for item in answer.json()["items"]} == {
        "Una conexión de tu familia",
        "Alguien de tu escuela",
    }


async def test_filters_and_pages(tied: World, owner: psycopg.Connection[Any]) -> None:
    owner.execute("UPDATE ties SET ended_on = current_date WHERE origin = 'inherited'")

    by_origin = await listed(tied, "leo", origin="staff")
    current = await listed(tied, "leo", current="true")
    ended = await listed(tied, "leo", current="false")
    of_maya = await listed(tied, "clara", student_id=str(tied["maya"]))
    first = (await tied.as_("leo").get("/v1/ties", params={"limit": 1})).json()
    second = (
        await tied.as_("leo").get("/v1/ties", params={"limit": 1, "cursor": first["next_cursor"]})
    ).json()

    assert [item["origin"] for item in by_origin] == ["staff"]
    assert [item["origin"] for item in current] == ["staff"]
    assert [item["origin"] for item in ended] == ["inherited"]
    assert [item["student_id"] for item in of_maya] == [str(tied["maya"])]
    assert {first["items"][0]["origin"], second["items"][0]["origin"]} == {"staff", "inherited"}
    assert second["next_cursor"] is None


async def test_one_tie_is_read_with_its_entries(tied: World) -> None:
    (staff,) = await listed(tied, "leo", origin="staff")

    answer = await tied.as_("ada").get(f"/v1/ties/{staff['id']}")

    assert answer.status_code == 200
    (entry,) = answer.json()["entries"]
    assert (entry["seq"], entry["kind"], entry["evidence"]) == (1, "formed", "advisor_link")


async def test_the_wrong_people_see_nothing(tied: World) -> None:
    (staff,) = await listed(tied, "leo", origin="staff")

    answers = {
        who: (await tied.as_(who).get(f"/v1/ties/{staff['id']}")).status_code
        for who in ("maya", "omar", "ben", "dario", "ria", "cora", "sam", "lakeside_sis")
    }

    assert answers == {
        "maya": 404, "omar": 404, "ben": 404, "dario": 404, "ria": 404, "cora": 404, "sam": 403,
        "lakeside_sis": 403,
    }  # fmt: skip
    assert (await tied.as_("leo").get(f"/v1/ties/{new_id()}")).status_code == 404
