"""What the tests of bad input share: who asks for what, how it is sent, and what a proper refusal is."""

from typing import Any
from uuid import uuid4

import httpx

from app.access.public import PUBLIC
from tests.matrix import ABOUT_ONE, LISTS
from tests.matrix_makings import ABOUT_ME, MAKINGS, OPEN
from tests.world import World

JSON = "application/json"
NOBODY = "0192f3a4-7c1e-7b2a-9d53-3f0c2a6b8e11"
SECRET = "x" * 43

# Who has the action, where that is not the district administrator.
ASKED_BY = {
    "create_pursuit": "leo",
    "create_waiting_entry": "leo",
    "accept_offered_seat": "leo",
    "decline_offered_seat": "leo",
    "leave_line": "leo",
    "create_introduction": "leo",
    "withdraw_introduction": "leo",
    "create_favorite": "leo",
    "delete_favorite": "leo",
    "get_favorite": "leo",
    "list_favorites": "leo",
    "request_start_of_pursuit": "leo",
    "withdraw_pursuit": "leo",
    "approve_start_of_pursuit": "ada",
    "return_start_of_pursuit": "ada",
    "get_outreach_questions": "rosa",
    "answer_outreach_questions": "rosa",
    "create_goal": "leo",
    "create_map_entry": "leo",
    "create_map_share": "leo",
    "delete_goal": "leo",
    "delete_map_entry": "leo",
    "drop_goal": "leo",
    "erase_network_map": "leo",
    "get_goal": "leo",
    "get_map_entry": "leo",
    "get_map_share": "leo",
    "get_network_map": "leo",
    "get_network_map_picture": "leo",
    "get_network_map_table": "leo",
    "get_shared_network_map": "leo",
    "get_shared_network_map_picture": "leo",
    "get_shared_network_map_table": "leo",
    "list_goal_helpers": "leo",
    "list_goals": "leo",
    "list_map_adults": "leo",
    "list_map_shares": "leo",
    "offer_map_entry": "leo",
    "reach_goal": "leo",
    "reopen_goal": "leo",
    "revoke_map_share": "leo",
    "update_goal": "leo",
    "update_map_entry": "leo",
    "list_round_nominations": "leo",
    "list_round_students": "ada",
    "record_follow_up_of_student": "ada",
    "set_round_marks": "ada",
    "set_round_nominations": "leo",
    "step_back_from_student": "ada",
    "volunteer_for_student": "ada",
    "get_student_profile": "leo",
    "update_student_profile": "leo",
    "erase_student_profile": "leo",
    "answer_questionnaire": "leo",
    "list_dead_letters": "olga",
    "replay_dead_letter": "olga",
    "skip_dead_letter": "olga",
}

# Taken or refused: anything but a break.
ORDINARY = range(200, 500)
HUGE = "9" * 5_000
# Values for every filter of a list; a filter that takes one of them answers 200.
FILTERS = (
    "%00", "a%00b", "%ff", "%ed%a0%80", "", "x" * 10_000, HUGE, str(2**63), "NaN", "'; DROP TABLE people; --",
    "%25%25%25", "%5C", "((((", "%22", "a%20%26%20!%20b", "%E2%80%AE", "0000-01-01", "9999-12-31", "99999-01-01",
    "2026-09-14T06:00:00Z", "0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59", "not-a-uuid", "yes", "[]", "{}",
)  # fmt: skip


def names(*, bodies: bool | None = None) -> list[str]:
    """Return the operations, those with a JSON body, or those without one."""
    with_body = {
        *(name for name, row in ABOUT_ONE.items() if row.body),
        *(name for name in MAKINGS if not name.startswith(("import_", "export_", "get_", "scan_"))),
        *(name for name, mine in ABOUT_ME.items() if mine.body),
        *(name for name, row in OPEN.items() if row.body),
    }
    every = {*LISTS, *ABOUT_ONE, *MAKINGS, *ABOUT_ME, *OPEN}
    return sorted(every if bodies is None else with_body if bodies else every - with_body)


def client_of(world: World, name: str) -> httpx.AsyncClient:
    headers = {"If-Match": '"1"'}
    if name not in PUBLIC:
        headers["Authorization"] = f"Bearer {world.token(ASKED_BY.get(name, 'ellis'))}"
    transport = httpx.ASGITransport(world.app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://kithwork.test", headers=headers)


def url(path: str) -> str:
    filled = path.replace("{token}", SECRET).replace("{answer}", "accept").replace("{choice}", "pause")
    before, brace, rest = filled.partition("{")
    return f"{before}{NOBODY}{rest.partition('}')[2]}" if brace else filled


async def send(client: httpx.AsyncClient, method: str, url: str, **options: Any) -> httpx.Response:
    headers = options.pop("headers", {})
    if method == "POST":
        headers = {"Idempotency-Key": str(uuid4()), **headers}
    return await client.request(method, url, headers=headers, **options)


def fault_of(answer: httpx.Response, *, among: Any = range(400, 500)) -> str | None:
    """Say what is wrong with a refusal, if anything is."""
    if answer.status_code not in among:
        return f"{answer.status_code} {answer.text[:300]}"
    if answer.status_code < 400:
        return None
    kind = answer.headers.get("content-type", "")
    body = answer.json()
    if answer.request.url.path.startswith("/oauth/") and kind == JSON:
        return None if body["error"] and body["error_description"] else f"no RFC 6749 error: {body}"
    if kind != "application/problem+json":
        return f"{answer.status_code} is {kind}"
    told = body["code"] and body["detail"] and " " in body["detail"] and body["request_id"]
    right = body["status"] == answer.status_code and body["request_id"] == answer.headers["x-request-id"]
    return None if told and right else f"an incomplete problem: {body}"
