"""Somebody says that a listing is wrong; staff decide; the host never learns who it was."""

import asyncio
from typing import Any

import psycopg
import pytest

from app.domain.moderation import ReportReason, is_urgent
from tests.draining import Drain
from tests.world import World

Owner = psycopg.Connection[Any]
REPORTS, CASES = "/v1/listing_reports", "/v1/listing_cases"


def body(world: World, name: str = "internship", **more: Any) -> dict[str, Any]:
    return {"json": {"opportunity_id": str(world[name]), "reason": "misleading", **more}}


async def the_case(world: World, who: str = "clara") -> dict[str, Any]:
    (case,) = (await world.as_(who).get(CASES)).json()["items"]
    found: dict[str, Any] = (await world.as_(who).get(f"{CASES}/{case['id']}")).json()
    return found


@pytest.mark.parametrize("who", ["leo", "rosa", "ada", "clara", "ellis", "sam"])
async def test_whoever_sees_a_listing_may_report_it_and_reads_only_what_they_said(
    who: str, world: World
) -> None:
    made = await world.as_(who).post(REPORTS, **body(world, words="They want a deposit."))

    assert made.status_code == 201, made.text
    assert made.json()["status"] == "open"
    mine = (await world.as_(who).get(REPORTS)).json()["items"]
    assert [item["id"] for item in mine] == [made.json()["id"]]
    other = "leo" if who != "leo" else "maya"
    assert (await world.as_(other).get(f"{REPORTS}/{made.json()['id']}")).status_code == 404
    assert (await world.as_(other).get(REPORTS)).json()["items"] == []


async def test_what_the_caller_does_not_see_cannot_be_reported(world: World) -> None:
    for name in ("draft", "river_internship"):
        assert (await world.as_("leo").post(REPORTS, **body(world, name))).status_code == 404
    assert (await world.as_("ines").post(REPORTS, **body(world, "school_only"))).status_code == 404
    assert (await world.as_("olga").post(REPORTS, **body(world))).status_code == 403
    assert (await world.as_("lakeside_sis").post(REPORTS, **body(world))).status_code == 403


@pytest.mark.parametrize(
    "more",
    [
        {"reason": "boring"},
        {"words": ""},
        {"words": "<script>x</script>"},
        {"words": "x" * 100_001},
        {"words": "a\u202eb"},
        {"reporter_id": "0"},
    ],
)
async def test_a_report_that_cannot_be_is_refused(more: dict[str, Any], world: World) -> None:
    assert (await world.as_("leo").post(REPORTS, **body(world, **more))).status_code == 422


async def test_several_reports_of_one_listing_are_one_case(world: World) -> None:
    await world.as_("leo").post(REPORTS, **body(world))
    await world.as_("maya").post(REPORTS, **body(world, reason="closed", words="Nobody is there."))
    twice = await world.as_("leo").post(REPORTS, **body(world))

    case = await the_case(world)

    assert (twice.status_code, twice.json()["code"]) == (409, "reported_already")
    assert (case["reports"], case["reasons"], case["urgent"]) == (2, ["closed", "misleading"], False)
    assert [(said["reason"], said["words"], said["reporter_role"]) for said in case["said"]] == [
        ("misleading", None, "student"),
        ("closed", "Nobody is there.", "student"),
    ]
    assert case["allowed_actions"] == ["dismiss", "uphold"]


async def test_many_who_report_at_once_make_one_case(world: World) -> None:
    who = ("leo", "maya", "rosa", "omar", "ada", "clara")

    answers = await asyncio.gather(*(world.as_(name).post(REPORTS, **body(world)) for name in who))

    assert [each.status_code for each in answers] == [201] * 6
    assert (await the_case(world))["reports"] == 6


async def test_a_report_while_the_case_is_being_decided_makes_the_next_case(
    world: World, owner: Owner
) -> None:
    await world.as_("leo").post(REPORTS, **body(world))
    with owner.transaction():
        owner.execute("SET LOCAL statement_timeout = '5s'")
        owner.execute("SELECT 1 FROM opportunities WHERE id = %s FOR UPDATE", (world["internship"],))
        late = asyncio.create_task(world.as_("maya").post(REPORTS, **body(world)))
        while not waiting(owner):
            assert not late.done(), "it waits for whoever decides"
            await asyncio.sleep(0.01)
        # It holds nothing that whoever decides needs next.
        owner.execute("SELECT 1 FROM listing_cases WHERE status = 'open' FOR UPDATE NOWAIT")
        owner.execute("UPDATE listing_cases SET status = 'dismissed' WHERE status = 'open'")
    answer = await asyncio.wait_for(late, 20)

    assert answer.status_code == 201, answer.text
    cases = (await world.as_("clara").get(CASES)).json()["items"]
    assert [(each["status"], each["reports"]) for each in cases] == [("open", 1), ("dismissed", 1)]


def waiting(owner: Owner) -> bool:
    """Say whether somebody waits for a lock in this database."""
    found = owner.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    ).fetchone()
    return found != (0,)


async def test_an_upheld_case_hides_the_listing_and_nobody_finds_it_any_more(
    world: World, owner: Owner
) -> None:
    await world.as_("leo").post(REPORTS, **body(world, reason="asks_for_money"))
    case = await the_case(world)

    upheld = await world.as_("clara").post(
        f"{CASES}/{case['id']}/uphold", json={"reason": "They ask for a deposit."}, version=case["version"]
    )

    assert upheld.status_code == 200, upheld.text
    assert (upheld.json()["status"], upheld.json()["opportunity_status"]) == ("upheld", "hidden")
    assert (upheld.json()["decision"], upheld.json()["decided_by_id"]) == (
        "They ask for a deposit.",
        str(world["clara"]),
    )
    for who in ("leo", "maya", "rosa", "ada"):
        assert (await world.as_(who).get(f"/v1/opportunities/{world['internship']}")).status_code == 404
        found = await world.as_(who).get("/v1/opportunities")
        assert found.status_code == 200, found.text
        listed = found.json()["items"]
        assert str(world["internship"]) not in [item["id"] for item in listed]
    row = owner.execute(
        "SELECT reason, actor_person_id FROM events WHERE subject_id = %s AND action = 'opportunity.hide'",
        (world["internship"],),
    ).fetchone()
    assert row == ("They ask for a deposit.", world["clara"])


async def test_a_dismissed_case_leaves_the_listing_or_shows_it_again(world: World) -> None:
    await world.as_("leo").post(REPORTS, **body(world))
    listing = f"/v1/opportunities/{world['internship']}"
    version = (await world.as_("clara").get(listing)).json()["version"]
    await world.as_("clara").post(f"{listing}/hide", json={"reason": "To be sure."}, version=version)
    case = await the_case(world)

    dismissed = await world.as_("clara").post(
        f"{CASES}/{case['id']}/dismiss",
        json={"reason": "A misunderstanding.", "restore": True},
        version=case["version"],
    )
    again = await world.as_("clara").post(
        f"{CASES}/{case['id']}/uphold", json={"reason": "No."}, version=dismissed.json()["version"]
    )

    assert (dismissed.json()["status"], dismissed.json()["opportunity_status"]) == ("dismissed", "published")
    assert again.status_code == 409
    assert (await world.as_("leo").get(listing)).status_code == 200


async def test_the_reporter_hears_that_it_was_decided_and_nobody_else_does(
    world: World, owner: Owner, drain: Drain
) -> None:
    await world.as_("leo").post(REPORTS, **body(world))
    case = await the_case(world)
    await world.as_("clara").post(
        f"{CASES}/{case['id']}/uphold", json={"reason": "Right."}, version=case["version"]
    )

    await drain()

    told = owner.execute(
        "SELECT person_id, kind FROM notifications WHERE kind LIKE 'report_%%' OR kind LIKE 'listing_%%'"
    ).fetchall()
    assert sorted(told, key=str) == sorted(
        [(world["leo"], "report_upheld"), (world["clara"], "listing_reported")], key=str
    )
    mine = (await world.as_("leo").get("/v1/notifications")).json()["items"]
    assert any("Veterinary assistant internship" in item["text"] for item in mine)


async def test_a_case_where_a_student_may_not_be_safe_is_mailed_at_once(
    world: World, owner: Owner, drain: Drain
) -> None:
    await world.as_("leo").post(REPORTS, **body(world))
    await world.as_("maya").post(REPORTS, **body(world, reason="unsafe"))

    await drain()

    case = await the_case(world)
    assert case["urgent"] is True
    letters = owner.execute(
        "SELECT person_id, state FROM mails WHERE template = 'listing_case_urgent'"
    ).fetchall()
    assert letters == [(world["clara"], "done")]


async def test_nothing_that_others_read_says_who_reported(world: World, owner: Owner, drain: Drain) -> None:
    owner.execute("UPDATE opportunities SET owner_id = %s WHERE id = %s", (world["ada"], world["internship"]))
    await world.as_("leo").post(REPORTS, **body(world))
    await drain()

    # Ada made the listing, and is Leo's advisor.
    for who in ("ada", "clara"):
        events = (await world.as_(who).get("/v1/events?limit=100")).json()["items"]
        assert [item for item in events if item["action"].startswith("listing_report")] == []
    by_nobody = owner.execute(
        "SELECT actor_kind, actor_person_id, person_id FROM events WHERE action LIKE 'listing_case.%%'"
    ).fetchall()
    assert by_nobody == [("system", None, None)]
    assert (await world.as_("ada").get(CASES)).status_code == 403


async def test_a_coordinator_who_made_the_listing_does_not_learn_who_reported_it(
    world: World, owner: Owner
) -> None:
    await world.as_("leo").post(REPORTS, **body(world))
    others = await the_case(world)
    owner.execute(
        "UPDATE opportunities SET owner_id = %s WHERE id = %s", (world["clara"], world["internship"])
    )

    own = await the_case(world)

    assert others["said"][0]["reporter_id"] == str(world["leo"])
    assert own["said"][0]["reporter_id"] is None


async def test_only_staff_of_the_school_decide(world: World) -> None:
    await world.as_("leo").post(REPORTS, **body(world))
    case = await the_case(world)
    where, options = f"{CASES}/{case['id']}/uphold", {"json": {"reason": "x"}, "version": case["version"]}

    for who, status in (
        ("leo", 403),
        ("rosa", 403),
        ("sam", 403),
        ("ada", 403),
        ("dario", 404),
        ("cora", 404),
    ):
        assert (await world.as_(who).post(where, **options)).status_code == status, who
    stale = await world.as_("clara").post(where, json={"reason": "x"}, version=99)
    without = await world.as_("clara").post(where, json={}, version=case["version"])
    assert (stale.status_code, without.status_code) == (412, 422)
    assert (await world.as_("ellis").post(where, **options)).status_code == 200


async def test_ten_reports_a_day_are_enough_for_one_person(world: World) -> None:
    for _ in range(10):
        made = await world.as_("leo").post(REPORTS, **body(world))
        assert made.status_code == 201, made.text
        case = next(
            item for item in (await world.as_("clara").get(CASES)).json()["items"] if item["status"] == "open"
        )
        await world.as_("clara").post(
            f"{CASES}/{case['id']}/dismiss", json={"reason": "Fine."}, version=case["version"]
        )

    assert (await world.as_("leo").post(REPORTS, **body(world))).status_code == 429


async def test_hiding_rejecting_and_restoring_carry_reasons_and_tell_the_owner(
    world: World, owner: Owner, drain: Drain
) -> None:
    owner.execute(
        "UPDATE opportunities SET owner_id = %s WHERE tenant_id = %s", (world["ada"], world["lakeside"])
    )
    owner.execute("UPDATE opportunities SET status = 'submitted' WHERE id = %s", (world["draft"],))
    clara, listing, draft = (
        world.as_("clara"),
        f"/v1/opportunities/{world['internship']}",
        f"/v1/opportunities/{world['draft']}",
    )
    version = (await clara.get(listing)).json()["version"]
    hidden = await clara.post(f"{listing}/hide", json={"reason": "Complaints."}, version=version)
    restored = await clara.post(
        f"{listing}/restore", json={"reason": "All is well."}, version=hidden.json()["version"]
    )
    rejected = await clara.post(
        f"{draft}/reject",
        json={"reason": "No adult there."},
        version=(await clara.get(draft)).json()["version"],
    )
    await drain()

    assert (restored.json()["status"], rejected.json()["status"]) == ("published", "rejected")
    reasons = owner.execute(
        "SELECT action, reason FROM events WHERE action IN ('opportunity.hide', 'opportunity.restore', 'opportunity.reject')"
        " ORDER BY created_at"
    ).fetchall()
    assert reasons == [
        ("opportunity.hide", "Complaints."),
        ("opportunity.restore", "All is well."),
        ("opportunity.reject", "No adult there."),
    ]
    letters = owner.execute(
        "SELECT template FROM mails WHERE person_id = %s AND state = 'done' ORDER BY template",
        (world["ada"],),
    ).fetchall()
    assert ("opportunity_hidden",) in letters
    assert ("opportunity_rejected",) in letters


async def test_cases_are_paged_and_narrowed(world: World) -> None:
    await world.as_("leo").post(REPORTS, **body(world, reason="unsafe"))
    await world.as_("leo").post(REPORTS, **body(world, "school_only"))
    clara = world.as_("clara")

    first = (await clara.get(f"{CASES}?limit=1")).json()
    second = (await clara.get(f"{CASES}?limit=1&cursor={first['next_cursor']}")).json()
    urgent = (await clara.get(f"{CASES}?urgent=true&status=open")).json()["items"]

    assert [first["items"][0]["title"], second["items"][0]["title"]] == [
        "School garden project",
        "Veterinary assistant internship",
    ]
    assert second["next_cursor"] is None
    assert [item["opportunity_id"] for item in urgent] == [str(world["internship"])]
    assert (await clara.get(f"{CASES}?cursor=forged")).status_code == 422
    assert (await clara.get(f"{CASES}?who=leo")).status_code == 422


def test_what_may_hurt_a_student_is_urgent() -> None:
    urgent = {reason for reason in ReportReason if is_urgent([reason])}

    assert urgent == {ReportReason.UNSAFE, ReportReason.INAPPROPRIATE, ReportReason.ASKS_FOR_PERSONAL_DATA}
    assert not is_urgent([])
