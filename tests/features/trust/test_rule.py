"""A known employer's next listing: published by a rule that says its facts, or left for a person."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from app.core import clock
from app.core.ids import new_id
from app.domain.trust import TrackRecord, judge
from tests.draining import Drain
from tests.world import World

Owner = psycopg.Connection[Any]


def make_known(owner: Owner, world: World, listings: int = 3) -> None:
    """Give the clinic listings that went well; it has two already."""
    for number in range(listings - 2):
        owner.execute(
            "INSERT INTO opportunities (tenant_id, id, created_at, version, updated_at, status, title, description, type,"
            " employer_id, school_id, scope, seats, seats_taken, remote, pay, credit, published_at, confirmed_at)"
            " SELECT tenant_id, %s, created_at, 1, updated_at, 'archived', %s, '', type, employer_id, school_id, scope,"
            " seats, 0, remote, pay, credit, published_at, confirmed_at FROM opportunities WHERE id = %s",
            (new_id(), f"Past {number}", world["school_only"]),
        )


async def submit(world: World) -> dict[str, Any]:
    """Draft a complete listing at the clinic and submit it."""
    clara = world.as_("clara")
    soon = clock.now().date() + timedelta(days=30)
    made = await clara.post(
        "/v1/opportunities",
        json={
            "title": "A morning at the clinic",
            "description": "Walk along with a vet.",
            "type": "job_shadow",
            "employer_id": str(world["clinic"]),
            "worksite_id": str(world["clinic_site"]),
            "school_id": str(world["north"]),
            "seats": 1,
            "starts_on": soon.isoformat(),
            "ends_on": soon.isoformat(),
            "schedule": "08:00-12:00",
        },
    )
    assert made.status_code == 201, made.text
    sent = await clara.post(f"/v1/opportunities/{made.json()['id']}/submit", version=made.json()["version"])
    assert sent.status_code == 200, sent.text
    result: dict[str, Any] = sent.json()
    return result


async def test_the_next_listing_of_a_known_employer_is_published_by_the_rule_which_says_its_facts(
    world: World, owner: Owner, drain: Drain
) -> None:
    make_known(owner, world)

    sent = await submit(world)
    await drain()

    assert (sent["status"], sent["confirmed_by"]) == ("published", "staff")
    row = owner.execute(
        "SELECT actor_kind, actor_person_id, reason, facts FROM events WHERE subject_id = %s AND action = 'opportunity.publish'",
        (sent["id"],),
    ).fetchone()
    assert row is not None
    kind, person, reason, facts = row
    assert (kind, person) == ("system", None)
    assert "rule for known employers" in reason
    assert facts == {
        "rule": "trusted_employer",
        "threshold": 3,
        "listings_shown": 3,
        "reports_upheld": 0,
        "listings_hidden": 0,
        "suspensions": 0,
        "open_cases": 0,
        "from": "submitted",
        "to": "published",
    }
    asked = owner.execute(
        "SELECT count(*) FROM notifications WHERE kind = 'opportunity_submitted'"
    ).fetchone()
    told = owner.execute(
        "SELECT count(*) FROM notifications WHERE kind = 'opportunity_published' AND person_id = %s",
        (world["clara"],),
    ).fetchone()
    assert asked == (0,), "nobody is asked to publish what is published"
    assert told == (1,)
    assert (await world.as_("leo").get(f"/v1/opportunities/{sent['id']}")).status_code == 200


async def test_an_employer_that_is_not_known_well_enough_waits_for_a_person(world: World) -> None:
    assert (await submit(world))["status"] == "submitted"


async def test_the_threshold_is_the_tenants_own(world: World) -> None:
    settings = await world.as_("ellis").get("/v1/settings")
    changed = await world.as_("ellis").patch(
        "/v1/settings", json={"trusted_after": 2}, version=settings.json()["version"]
    )

    assert changed.status_code == 200, changed.text
    assert (await submit(world))["status"] == "published"


@pytest.mark.parametrize("naics", [None, "622110"])
async def test_a_sensitive_or_unknown_industry_waits_for_a_person(
    naics: str | None, world: World, owner: Owner
) -> None:
    make_known(owner, world, 5)
    owner.execute("UPDATE employers SET naics = %s WHERE id = %s", (naics, world["clinic"]))

    assert (await submit(world))["status"] == "submitted"


async def test_a_listing_that_is_reported_or_hidden_makes_the_next_one_wait(
    world: World, owner: Owner
) -> None:
    make_known(owner, world, 5)
    reported = await world.as_("leo").post(
        "/v1/listing_reports", json={"opportunity_id": str(world["internship"]), "reason": "misleading"}
    )
    assert reported.status_code == 201, reported.text

    assert (await submit(world))["status"] == "submitted"


async def test_an_employer_that_was_suspended_lately_waits_for_a_person(world: World, owner: Owner) -> None:
    make_known(owner, world, 5)
    employer, clara = f"/v1/employers/{world['clinic']}", world.as_("clara")
    version = (await clara.get(employer)).json()["version"]
    suspended = await clara.post(f"{employer}/suspend", json={"reason": "Look."}, version=version)
    vetted = await clara.post(
        f"{employer}/vet", json={"reason": "Fine."}, version=suspended.json()["version"]
    )
    assert vetted.status_code == 200, vetted.text

    assert (await submit(world))["status"] == "submitted"


async def test_what_a_person_sent_back_is_for_a_person_to_look_at_again(world: World, owner: Owner) -> None:
    sent = await submit(world)
    clara, where = world.as_("clara"), f"/v1/opportunities/{sent['id']}"
    returned = await clara.post(
        f"{where}/request_changes", json={"reason": "Say when."}, version=sent["version"]
    )
    make_known(owner, world, 5)

    again = await clara.post(f"{where}/submit", version=returned.json()["version"])

    assert again.json()["status"] == "submitted"


CLEAN = TrackRecord(3, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("record", "options", "approved"),
    [
        (CLEAN, {}, True),
        (TrackRecord(2, 0, 0, 0, 0), {}, False),
        (TrackRecord(9, 1, 0, 0, 0), {}, False),
        (TrackRecord(9, 0, 1, 0, 0), {}, False),
        (TrackRecord(9, 0, 0, 1, 0), {}, False),
        (TrackRecord(9, 0, 0, 0, 1), {}, False),
        (CLEAN, {"is_sensitive": True}, False),
        (CLEAN, {"is_vetted": False}, False),
        (CLEAN, {"can_open": False}, False),
    ],
)
def test_the_rule_says_yes_only_when_everything_holds(
    record: TrackRecord, options: dict[str, bool], approved: bool
) -> None:
    found = judge(
        record, threshold=3, **{"is_vetted": True, "is_sensitive": False, "can_open": True, **options}
    )

    assert found.approved is approved
    assert found.reason
    assert found.facts["threshold"] == 3
