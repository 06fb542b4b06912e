"""What a tenant decides for itself, over HTTP."""

import psycopg
import pytest

from app.domain.tenant_settings import BOUNDS, DEFAULTS, TenantSettings, is_sensitive
from tests.world import World

DEFAULT_VALUES = {
    name: list(value) if isinstance(value := getattr(DEFAULTS, name), tuple) else value
    for name in TenantSettings.__slots__
}


async def test_a_tenant_that_changed_nothing_has_the_defaults(world: World) -> None:
    answer = await world.as_("clara").get("/v1/settings")

    assert answer.status_code == 200
    assert answer.headers["ETag"] == '"0"'
    assert answer.json() == {**DEFAULT_VALUES, "version": 0, "allowed_actions": []}


async def test_the_district_changes_some_and_the_others_stay(world: World) -> None:
    ellis = world.as_("ellis")

    first = await ellis.patch("/v1/settings", version=0, json={"waitlist_hours": 48})
    second = await ellis.patch(
        "/v1/settings",
        version=first.json()["version"],
        json={"sensitive_industries": ["722410", "7132", "7132"], "trusted_after": 5},
    )

    assert first.status_code == 200, first.text
    assert second.json() == {
        **DEFAULT_VALUES,
        "waitlist_hours": 48,
        "trusted_after": 5,
        "sensitive_industries": ["7132", "722410"],
        "version": 2,
        "allowed_actions": ["update"],
    }


async def test_each_community_has_its_own(world: World) -> None:
    await world.as_("ellis").patch("/v1/settings", version=0, json={"pursuit_days": 7})

    other = await world.as_("dora").get("/v1/settings")

    assert other.json()["pursuit_days"] == DEFAULTS.pursuit_days


async def test_who_changed_what_to_what_is_on_record(
    world: World, owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    await world.as_("ellis").patch("/v1/settings", version=0, json={"pursuit_days": 7})

    told = owner.execute(
        "SELECT actor_person_id, facts FROM events WHERE action = 'tenant_setting.update'"
    ).fetchall()

    assert told == [(world["ellis"], {"before": {"pursuit_days": 14}, "after": {"pursuit_days": 7}})]


@pytest.mark.parametrize(("name", "bounds"), sorted(BOUNDS.items()))
async def test_a_number_out_of_bounds_is_refused(world: World, name: str, bounds: tuple[int, int]) -> None:
    least, most = bounds
    ellis = world.as_("ellis")

    for wrong in (least - 1, most + 1, None, True, str(least)):
        answer = await ellis.patch("/v1/settings", version=0, json={name: wrong})
        assert answer.status_code == 422, (name, wrong)
        assert answer.json()["errors"][0]["pointer"] == f"/{name}"
    for right in (least, most):
        now = (await ellis.get("/v1/settings")).json()["version"]
        assert (await ellis.patch("/v1/settings", version=now, json={name: right})).status_code == 200


async def test_settings_are_read_by_staff_who_decide_and_changed_by_the_district(world: World) -> None:
    for name in ("maya", "rosa", "sam", "ada", "lakeside_sis", "olga"):
        assert (await world.as_(name).get("/v1/settings")).status_code == 403
    for name in ("clara", "ada"):
        answer = await world.as_(name).patch("/v1/settings", version=0, json={"pursuit_days": 7})
        assert answer.status_code == 403


async def test_a_change_from_an_old_version_is_refused(world: World) -> None:
    ellis = world.as_("ellis")
    await ellis.patch("/v1/settings", version=0, json={"pursuit_days": 7})

    again = await ellis.patch("/v1/settings", version=0, json={"pursuit_days": 8})
    blind = await ellis.patch("/v1/settings", json={"pursuit_days": 8})
    unknown = await ellis.patch("/v1/settings", version=1, json={"colour": "blue"})
    not_digits = await ellis.patch("/v1/settings", version=1, json={"sensitive_industries": ["bars"]})

    assert [again.status_code, blind.status_code] == [412, 428]
    assert [unknown.status_code, not_digits.status_code] == [422, 422]


def test_an_unknown_industry_and_a_named_one_are_sensitive() -> None:
    assert is_sensitive(None, DEFAULTS)
    assert is_sensitive("722410", DEFAULTS)
    assert not is_sensitive("541940", DEFAULTS)
