"""Every operation x every role x one's own thing, another school's and another community's: the expected status."""

from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from app.access.public import PUBLIC
from app.domain.policy import POLICY
from app.main import ROUTERS
from tests.matrix import (
    ABOUT_ONE,
    CAST,
    IN_LISTS_ONLY,
    LISTS,
    OTHER_SCHOOL,
    OTHER_TENANT,
    OWN,
    PLACES,
    THINGS,
    Someone,
    cell,
    expected,
    holds,
)
from tests.matrix_makings import ABOUT_ME, MADE, MAKINGS, OPEN, PREVIEWED
from tests.world import World

pytest_plugins = ("tests.furnished",)

METHODS = ("get", "post", "put", "patch", "delete")
STALE = '"999999"'
ROWS = {*LISTS, *ABOUT_ONE, *MAKINGS, *ABOUT_ME, *OPEN}
# Nouns whose rows belong to no school.
OF_THE_TENANT = {"term", "machine_client", "dead_letter", "duplicate_scan"}

_ACTIONS: dict[str, str] = {
    route.name: dependency.dependency.kithwork_action  # type: ignore[union-attr] # set by needs() and once()
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for dependency in route.dependencies
    if hasattr(dependency.dependency, "kithwork_action")
}


async def _ask(world: World, name: str | None, method: str, path: str, **options: Any) -> httpx.Response:
    headers = {"If-Match": STALE, **options.pop("headers", {})}
    if name is not None:
        return await world.as_(name).request(method, path, headers=headers, **options)
    transport = httpx.ASGITransport(world.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://kithwork.test") as client:
        return await client.request(method, path, headers=headers, **options)


def _body(body: dict[str, Any] | None) -> dict[str, Any]:
    return {} if body is None else {"json": body}


def _with_id(path: str, thing_id: Any) -> str:
    before, _, rest = path.partition("{")
    return f"{before}{thing_id}{rest.partition('}')[2]}"


def test_every_operation_of_the_contract_has_its_row(operations: dict[str, tuple[str, str, Any]]) -> None:
    assert set(operations) - ROWS == set(), "give these operations a row in tests/matrix.py"
    assert ROWS - set(operations) == set(), "these rows have no operation any more"


def test_every_operation_but_the_open_ones_declares_its_action() -> None:
    assert set(OPEN) == PUBLIC
    assert ROWS - set(OPEN) - set(_ACTIONS) == {"get_me", "update_me"}
    assert set(_ACTIONS.values()) <= set(POLICY)


def test_every_noun_is_there_at_every_place() -> None:
    for noun in {*LISTS.values(), *(row.noun for row in ABOUT_ONE.values())}:
        places = {thing.place for thing in THINGS if thing.noun == noun}
        wanted = {OWN, OTHER_TENANT} if noun in OF_THE_TENANT else {OWN, OTHER_SCHOOL, OTHER_TENANT}
        assert places == wanted, noun


@pytest.mark.parametrize("name", sorted(LISTS))
async def test_a_list_holds_what_the_caller_may_read_and_nothing_else(
    name: str, kept: World, operations: dict[str, tuple[str, str, Any]]
) -> None:
    noun, action = LISTS[name], _ACTIONS[name]
    _, path, _ = operations[name]
    key = "subject_id" if noun == "dead_letter" else "id"

    anonymous = await _ask(kept, None, "GET", path)

    assert anonymous.status_code == 401
    for who in CAST:
        answer = await _ask(kept, who.name, "GET", path, params={"limit": 100})
        assert answer.status_code == (200 if cell(who, action) else 403), (who.name, answer.text)
        if answer.status_code == 200:
            wanted = {thing.name for thing in THINGS if thing.noun == noun and holds(who, action, thing)}
            names = {str(thing_id): thing for thing, thing_id in kept.ids.items()}
            listed = [names.get(item[key], item[key]) for item in answer.json()["items"]]
            assert len(listed) == len(set(listed))
            assert set(listed) == wanted, who.name
            assert answer.json()["next_cursor"] is None


async def _check_about_one(name: str, world: World, method: str, path: str) -> None:
    row, action = ABOUT_ONE[name], _ACTIONS[name]
    wrong = []
    cast: tuple[Someone | None, ...] = (None, *CAST)
    for thing in (thing for thing in THINGS if thing.noun == row.noun and thing.name not in IN_LISTS_ONLY):
        url = _with_id(path, world[thing.name]) + row.query
        for who in cast:
            wanted = 401 if who is None else expected(who, action, thing, row.allowed)
            answer = await _ask(world, who.name if who else None, method, url, **_body(row.body))
            if answer.status_code != wanted:
                wrong.append((who and who.name, thing.name, wanted, answer.status_code, answer.text[:200]))
    assert wrong == []


@pytest.mark.parametrize("name", sorted(name for name, row in ABOUT_ONE.items() if not row.leaves_traces))
async def test_one_thing_is_read_and_changed_by_whom_the_policy_names(
    name: str, kept: World, operations: dict[str, tuple[str, str, Any]]
) -> None:
    await _check_about_one(name, kept, *operations[name][:2])


@pytest.mark.parametrize("name", sorted(name for name, row in ABOUT_ONE.items() if row.leaves_traces))
async def test_one_thing_is_removed_or_added_to_by_whom_the_policy_names(
    name: str, fresh: World, operations: dict[str, tuple[str, str, Any]]
) -> None:
    await _check_about_one(name, fresh, *operations[name][:2])


@pytest.mark.parametrize("name", sorted(MAKINGS))
async def test_a_thing_is_made_where_the_policy_lets_it_be_made(
    name: str, fresh: World, operations: dict[str, tuple[str, str, Any]]
) -> None:
    making, action = MAKINGS[name], _ACTIONS[name]
    method, path, _ = operations[name]
    made = set()

    assert {who.role for who in CAST if cell(who, action)} == set(making.answers)
    for number, place in enumerate(PLACES[: max(map(len, making.answers.values()))]):
        options = making.options(fresh, place)
        assert (await _ask(fresh, None, method, path, **options)).status_code == 401
        for who in CAST:
            wanted = making.answers.get(who.role, (403,) * 3)[number]
            answer = await _ask(fresh, who.name, method, path, **options)
            seen = (who.name, place, wanted, answer.status_code, answer.text[:300])
            if isinstance(wanted, str):
                assert [item["outcome"] for item in answer.json()["items"]] == [wanted], seen
                made.add(answer.status_code)
            elif wanted == 201:
                assert answer.status_code in MADE, seen
                made.add(answer.status_code)
            else:
                assert answer.status_code == wanted, seen
    assert made - {409} or name in PREVIEWED


@pytest.mark.parametrize("name", sorted(ABOUT_ME))
async def test_what_is_mine_is_mine_alone(
    name: str, fresh: World, operations: dict[str, tuple[str, str, Any]]
) -> None:
    row = ABOUT_ME[name]
    method, path, _ = operations[name]

    assert (await _ask(fresh, None, method, path, **_body(row.body))).status_code == 401
    for who in CAST:
        answer = await _ask(fresh, who.name, method, path, **_body(row.body))
        assert answer.status_code == (403 if who.role in row.refused else row.allowed), (who, answer.text)
        if row.code is not None and who.role not in row.refused:
            assert answer.json()["code"] == row.code
        if name == "list_sessions" and answer.status_code == 200:
            mine = str(fresh.residents[who.name].session_id)
            assert [item["id"] for item in answer.json()["items"]] == [mine]
        if name == "mark_all_notifications_read" and answer.status_code == 200:
            assert answer.json() == {"marked": 1}
        if name.startswith("log_out") and answer.status_code == 200:
            assert answer.json() == {"sessions_ended": 1}
            assert (await _ask(fresh, who.name, "GET", "/v1/me")).status_code == 401


@pytest.mark.parametrize("name", sorted(OPEN))
async def test_what_is_open_is_the_same_for_everybody(
    name: str, kept: World, operations: dict[str, tuple[str, str, Any]]
) -> None:
    row = OPEN[name]
    method, path, _ = operations[name]

    for who in (None, *(who.name for who in CAST)):
        body = row.body and {
            field: value.format(who=who) if isinstance(value, str) else value
            for field, value in row.body.items()
        }
        answer = await _ask(kept, who, method, path.format(**(row.path or {})), **_body(body))
        assert answer.status_code == row.status, (who, answer.text)
