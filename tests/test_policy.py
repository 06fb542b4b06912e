"""The policy itself: whole, used, and acting on the very next request (promise P6)."""

import ast
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi.routing import APIRoute

from app.access import MODELS
from app.core import clock
from app.domain.policy import (
    INTEGRATION_SCOPES,
    LINK_ACTIONS,
    POLICY,
    SYSTEM_ACTIONS,
    Role,
    Scope,
)
from app.main import ROUTERS
from tests.world import World

APP = Path(__file__).parents[1] / "app"

_DECLARED = {
    dependency.dependency.kithwork_action  # type: ignore[union-attr] # set by needs() and once()
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for dependency in route.dependencies
    if hasattr(dependency.dependency, "kithwork_action")
}


def _texts_in_code() -> set[str]:
    """Return every text that stands in the code, but for the policy's own table."""
    return {
        node.value
        for path in APP.rglob("*.py")
        if path.name != "policy.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_action_has_an_operation_or_is_asked_for_in_the_code() -> None:
    unused = set(POLICY) - _DECLARED

    assert unused - _texts_in_code() == set(), "take these rows out of the policy, or use them"
    assert set(POLICY) >= _DECLARED


def test_every_row_speaks_of_every_role() -> None:
    for action, cells in POLICY.items():
        assert set(cells) == set(Role), action
        assert any(cells.values()), f"{action} is for nobody; take the row out"


def test_every_noun_has_a_row_for_reading_it() -> None:
    for action in POLICY:
        noun = action.split(".")[0]
        if noun in MODELS:
            assert f"{noun}.read" in POLICY, action


def test_whoever_changes_a_thing_may_read_it_or_is_told_of_it() -> None:
    for action, cells in POLICY.items():
        noun, verb = action.split(".")
        if noun not in MODELS or verb.partition("_")[0] == "create":
            continue
        for role, scopes in cells.items():
            readable = POLICY[f"{noun}.read"][role]
            assert not scopes or readable, (action, role)
            assert Scope.TENANT in readable or scopes <= readable, (action, role)


def test_what_links_and_the_clock_do_is_not_in_the_table() -> None:
    by_link = frozenset().union(*LINK_ACTIONS.values())

    assert not by_link & set(POLICY)
    assert not SYSTEM_ACTIONS & set(POLICY)
    assert not by_link & SYSTEM_ACTIONS


def test_what_links_and_the_clock_do_is_recorded_somewhere() -> None:
    texts = _texts_in_code()
    for action in SYSTEM_ACTIONS | frozenset().union(*LINK_ACTIONS.values()):
        noun, verb = action.split(".")
        assert action in texts or verb in texts, action
        assert noun == noun.lower()


def test_a_machine_client_is_granted_only_what_its_column_grants() -> None:
    granted = frozenset().union(*INTEGRATION_SCOPES.values())

    assert granted == {
        action for action, cells in POLICY.items() if cells[Role.INTEGRATION] == {Scope.GRANTED}
    }
    assert all(action in POLICY for action in granted)


def test_an_operator_sees_nothing_of_anybody_else() -> None:
    for action, cells in POLICY.items():
        if not action.startswith("dead_letter."):
            assert cells[Role.OPERATOR] <= {Scope.OWN}, action


@pytest.mark.parametrize(
    ("name", "path"),
    [("clara", "/v1/pursuits"), ("ada", "/v1/pursuits"), ("sam", "/v1/placements"), ("ellis", "/v1/people")],
)
async def test_an_ended_membership_acts_on_the_next_request(
    name: str, path: str, world: World, owner: psycopg.Connection[Any]
) -> None:
    who = world.as_(name)
    before = await who.get(path)

    owner.execute("UPDATE memberships SET ended_at = now() WHERE person_id = %s", (world[name],))

    assert before.status_code == 200
    assert (await who.get(path)).status_code == 403
    assert (await who.get("/v1/me")).json()["roles"] == []


async def test_a_membership_that_is_ended_over_http_acts_on_the_next_request(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    row = owner.execute(
        "SELECT id, version FROM memberships WHERE person_id = %s", (world["clara"],)
    ).fetchone()
    assert row is not None
    clara = world.as_("clara")
    before = await clara.post(f"/v1/pursuits/{world['leo_pursuit']}/approve", json={}, version=99)

    ended = await world.as_("ellis").post(f"/v1/memberships/{row[0]}/end", json={}, version=row[1])

    after = await clara.post(f"/v1/pursuits/{world['leo_pursuit']}/approve", json={}, version=99)
    assert [before.status_code, ended.status_code, after.status_code] == [412, 200, 403]


@pytest.mark.parametrize("change", ["ends_on = %(yesterday)s", "begins_on = %(tomorrow)s, ends_on = NULL"])
async def test_a_membership_holds_only_between_its_days(
    change: str, world: World, owner: psycopg.Connection[Any]
) -> None:
    today = clock.now().date()
    days = {"yesterday": today - timedelta(days=1), "tomorrow": today + timedelta(days=1)}

    owner.execute(
        f"UPDATE memberships SET {change} WHERE person_id = %(who)s".encode(), {**days, "who": world["clara"]}
    )

    assert (await world.as_("clara").get("/v1/pursuits")).status_code == 403


async def test_a_membership_holds_on_its_last_day(world: World, owner: psycopg.Connection[Any]) -> None:
    today = clock.now().date()
    owner.execute("UPDATE memberships SET ends_on = %s WHERE person_id = %s", (today, world["clara"]))

    assert (await world.as_("clara").get("/v1/pursuits")).status_code == 200


async def _sees_leo(world: World) -> list[int]:
    rosa = world.as_("rosa")
    paths = (
        f"/v1/pursuits/{world['leo_pursuit']}",
        f"/v1/placements/{world['leo_placement']}",
        f"/v1/people/{world['leo']}",
    )
    listed = await rosa.get("/v1/pursuits")
    return [
        *[(await rosa.get(path)).status_code for path in paths],
        len(listed.json()["items"]),
    ]


@pytest.mark.parametrize(
    "change",
    ["ended_at = now()", "may_see = false", "no_contact = true", "until_on = current_date - 2"],
)
async def test_a_guardian_without_the_right_sees_nothing_of_the_child(
    change: str, world: World, owner: psycopg.Connection[Any]
) -> None:
    before = await _sees_leo(world)

    owner.execute(f"UPDATE guardian_links SET {change} WHERE id = %s".encode(), (world["rosa_leo"],))

    assert before == [200, 200, 200, 2]
    assert await _sees_leo(world) == [404, 404, 404, 0]


async def test_a_guardian_sees_the_child_on_the_last_day_of_the_right(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute(
        "UPDATE guardian_links SET until_on = %s WHERE id = %s", (clock.now().date(), world["rosa_leo"])
    )

    assert await _sees_leo(world) == [200, 200, 200, 2]


async def test_an_advisor_whose_link_ended_sees_nothing_of_the_student(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    ada = world.as_("ada")
    before = await ada.get(f"/v1/pursuits/{world['leo_pursuit']}")

    owner.execute("UPDATE advisor_links SET ended_at = now() WHERE id = %s", (world["ada_leo"],))

    assert before.status_code == 200
    assert (await ada.get(f"/v1/pursuits/{world['leo_pursuit']}")).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE people SET enabled = false WHERE id = %(person)s",
        "UPDATE people SET ended_at = now() WHERE id = %(person)s",
        "UPDATE accounts SET disabled_at = now() WHERE id = %(account)s",
        "UPDATE login_sessions SET revoked_at = now() WHERE id = %(session)s",
        "UPDATE login_sessions SET expires_at = now() - interval '1 second' WHERE id = %(session)s",
    ],
)
async def test_who_is_switched_off_is_signed_out_on_the_next_request(
    change: str, world: World, owner: psycopg.Connection[Any]
) -> None:
    maya = world.as_("maya")
    before = await maya.get("/v1/me")
    resident = world.residents["maya"]

    owner.execute(
        change.encode(),
        {"person": resident.person_id, "account": resident.account_id, "session": resident.session_id},
    )

    after = await maya.get("/v1/me")
    assert [before.status_code, after.status_code] == [200, 401]
    assert after.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("scope", "open_paths"),
    [
        ("roster.write", {"/v1/imports"}),
        ("roster.read", {"/v1/imports", "/v1/people", "/v1/memberships", "/v1/schools", "/v1/terms"}),
        ("catalogue.read", {"/v1/opportunities", "/v1/employers", "/v1/schools"}),
        ("placements.read", {"/v1/pursuits", "/v1/placements", "/v1/events"}),
    ],
)
async def test_a_machine_client_does_what_its_scope_names_and_nothing_else(
    scope: str, open_paths: set[str], world: World, owner: psycopg.Connection[Any]
) -> None:
    session_id = world.residents["lakeside_sis"].session_id
    owner.execute("UPDATE login_sessions SET scopes = %s WHERE id = %s", ([scope], session_id))
    machine = world.as_("lakeside_sis")
    paths = (
        "/v1/imports", "/v1/people", "/v1/memberships", "/v1/schools", "/v1/terms", "/v1/opportunities", "/v1/employers",
        "/v1/pursuits", "/v1/placements", "/v1/events", "/v1/contacts", "/v1/connections", "/v1/favorites",
        "/v1/machine_clients", "/v1/dead_letters", "/v1/notifications", "/v1/sessions",
    )  # fmt: skip

    answers = {path: (await machine.get(path)).status_code for path in paths}

    assert answers == {path: 200 if path in open_paths else 403 for path in paths}


async def test_the_token_of_one_community_opens_nothing_of_another(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    # The login session moves; the token still names the community it was made for.
    maya = world.as_("maya")
    session_id = world.residents["maya"].session_id

    owner.execute(
        "UPDATE login_sessions SET tenant_id = %s, person_id = %s WHERE id = %s",
        (world["riverton"], world["ria"], session_id),
    )

    assert (await maya.get("/v1/me")).status_code == 401
