"""Who I am, over HTTP."""

from datetime import timedelta
from typing import Any

import psycopg

from app.core import clock
from tests.world import World


def _needs(answer: Any) -> dict[str, int]:
    assert answer.status_code == 200, answer.text
    return {need["kind"]: need["count"] for need in answer.json()["needs_me"]}


async def test_a_student_reads_who_they_are(world: World) -> None:
    answer = await world.as_("maya").get("/v1/me")

    me = answer.json()
    north = {"id": str(world["north"]), "name": "North School"}
    assert answer.status_code == 200, answer.text
    assert answer.headers["ETag"] == '"1"'
    assert (me["person"]["id"], me["person"]["version"]) == (str(world["maya"]), 1)
    assert me["tenant"] == {"id": str(world["lakeside"]), "slug": "lakeside", "name": "Lakeside"}
    assert me["roles"] == [{"role": "student", "school": north, "employer": None}]
    assert me["schools"] == [north]
    assert (me["client"], me["other_tenants"], me["children"], me["advisees"]) == (None, [], [], 0)
    assert (me["locale"], me["scopes"], me["needs_me"]) == ("en", [], [])


async def test_a_guardian_sees_children_with_rights(world: World) -> None:
    answer = await world.as_("rosa").get("/v1/me")

    (child,) = answer.json()["children"]
    assert child == {
        "id": str(world["leo"]),
        "given_name": "Leo",
        "family_name": "Leoson",
        "school": {"id": str(world["north"]), "name": "North School"},
        "relationship": "guardian",
        "may_see": True,
        "may_sign": True,
        "until_on": None,
    }


async def test_a_guardian_without_the_right_sees_no_child(world: World) -> None:
    await world.as_("clara").patch(
        f"/v1/guardian_links/{world['rosa_leo']}", json={"no_contact": True}, version=1
    )

    answer = await world.as_("rosa").get("/v1/me")

    assert answer.json()["children"] == []


async def test_a_supervisor_sees_the_employer_and_an_advisor_the_advisees(world: World) -> None:
    sam = (await world.as_("sam").get("/v1/me")).json()
    ada = (await world.as_("ada").get("/v1/me")).json()

    assert sam["roles"][0]["employer"] == {"id": str(world["clinic"]), "name": "Lakeside Veterinary Clinic"}
    assert ada["advisees"] == 2


async def test_other_communities_of_the_login_are_named(world: World, owner: psycopg.Connection[Any]) -> None:
    owner.execute(
        "INSERT INTO account_tenants (account_id, tenant_id, person_id) VALUES (%s, %s, NULL)",
        (world.residents["ada"].account_id, world["riverton"]),
    )

    answer = await world.as_("ada").get("/v1/me")

    assert answer.json()["other_tenants"] == [{"slug": "riverton", "name": "Riverton"}]


async def test_a_machine_client_is_no_person(world: World) -> None:
    answer = await world.as_("lakeside_sis").get("/v1/me")

    me = answer.json()
    assert answer.status_code == 200, answer.text
    assert "ETag" not in answer.headers
    assert (me["person"], me["client"]["name"]) == (None, "lakeside_sis")
    assert me["scopes"] == ["catalogue.read", "placements.read", "roster.read", "roster.write"]
    assert me["roles"] == [{"role": "integration", "school": None, "employer": None}]


async def test_what_needs_whom(world: World, owner: psycopg.Connection[Any]) -> None:
    before = _needs(await world.as_("clara").get("/v1/me"))
    owner.execute(
        """INSERT INTO waiting_entries (tenant_id, id, created_at, updated_at, version, status, opportunity_id,
                                        student_id, school_id, joined_at, offered_at, offer_until)
           SELECT tenant_id, id, now(), now(), 1, 'offered', opportunity_id, student_id, school_id, now(), now(), %s
           FROM pursuits WHERE status = 'requested'""",
        (clock.now() + timedelta(hours=1),),
    )
    held = _needs(await world.as_("leo").get("/v1/me"))
    owner.execute("UPDATE pursuits SET status = 'approved' WHERE status = 'requested'")
    owner.execute("UPDATE waiting_entries SET status = 'seated', ended_at = now()")
    to_land = _needs(await world.as_("leo").get("/v1/me"))
    owner.execute("UPDATE pursuits SET status = 'start_requested' WHERE status = 'approved'")
    to_start = _needs(await world.as_("ada").get("/v1/me"))
    owner.execute("UPDATE connections SET status = 'proposed'")
    owner.execute("UPDATE opportunities SET status = 'submitted' WHERE id = %s", (world["draft"],))
    after = _needs(await world.as_("clara").get("/v1/me"))

    assert before == {"pursuits_to_decide": 1, "placements_to_clear": 1}
    assert held == {"seats_held": 1}
    assert to_land == {"pursuits_to_land": 1}
    assert to_start == {"starts_to_approve": 1}
    assert after == {"connections_to_screen": 1, "opportunities_to_review": 1, "placements_to_clear": 1}


async def test_what_needs_a_coordinator_is_of_their_school(world: World) -> None:
    assert _needs(await world.as_("dario").get("/v1/me")) == {}


async def test_where_it_waits_can_be_opened(world: World) -> None:
    clara = world.as_("clara")
    needs = (await clara.get("/v1/me")).json()["needs_me"]

    for need in needs:
        opened = await clara.get(need["href"])

        assert opened.status_code == 200, opened.text
        assert len(opened.json()["items"]) == need["count"]


async def test_everybody_chooses_their_language(world: World, owner: psycopg.Connection[Any]) -> None:
    maya = world.as_("maya")

    answer = await maya.patch("/v1/me", json={"locale": "es"}, version=1)

    assert answer.status_code == 200, answer.text
    assert (answer.json()["locale"], answer.headers["ETag"]) == ("es", '"2"')
    assert (await maya.get("/v1/me")).json()["locale"] == "es"
    row = owner.execute("SELECT action, changed, actor_person_id FROM events").fetchone()
    assert row == ("person.update", ["locale"], world["maya"])


async def test_nothing_else_of_me_can_be_changed_here(world: World) -> None:
    maya = world.as_("maya")

    more = await maya.patch("/v1/me", json={"locale": "es", "given_name": "May"}, version=1)
    unknown = await maya.patch("/v1/me", json={"locale": "fr"}, version=1)
    stale = await maya.patch("/v1/me", json={"locale": "es"}, version=9)
    blind = await maya.patch("/v1/me", json={"locale": "es"})
    machine = await world.as_("lakeside_sis").patch("/v1/me", json={"locale": "es"}, version=1)

    statuses = [answer.status_code for answer in (more, unknown, stale, blind, machine)]
    assert statuses == [422, 422, 412, 428, 403]


async def test_whoever_lost_every_role_still_finds_out(world: World, owner: psycopg.Connection[Any]) -> None:
    owner.execute("UPDATE memberships SET ended_at = now() WHERE person_id = %s", (world["maya"],))

    answer = await world.as_("maya").get("/v1/me")

    assert answer.status_code == 200, answer.text
    assert (answer.json()["roles"], answer.json()["needs_me"]) == ([], [])
