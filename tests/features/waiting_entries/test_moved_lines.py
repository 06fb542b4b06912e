"""The data migration that moves the lines, with rows in place."""

import importlib.util
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from app.domain.tenant_settings import DEFAULTS
from tests.standing_in_line import Owner
from tests.world import World

HELD = datetime(2031, 1, 2, 3, 4, tzinfo=UTC)


def migration() -> ModuleType:
    path = Path(__file__).parents[3] / "migrations/versions/0007_move_the_lines.py"
    spec = importlib.util.spec_from_file_location("moving", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_held_seat_becomes_an_offer_and_nothing_moves_twice(world: World, owner: Owner) -> None:
    owner.execute("UPDATE pursuits SET seat_held_until = %s WHERE id = %s", [HELD, world["leo_pursuit"]])

    owner.execute(migration().LINES)
    owner.execute(migration().LINES)

    assert owner.execute(
        "SELECT status, offer_until, student_id, opportunity_id FROM waiting_entries"
    ).fetchall() == [("offered", HELD, world["leo"], world["internship"])]


def test_a_request_where_no_seat_is_free_stands_in_line_since_it_was_made(world: World, owner: Owner) -> None:
    owner.execute("UPDATE opportunities SET seats_taken = seats WHERE id = %s", [world["internship"]])

    owner.execute(migration().LINES)

    assert owner.execute(
        "SELECT e.status, e.joined_at = p.requested_at FROM waiting_entries e"
        " JOIN pursuits p ON p.student_id = e.student_id AND p.status = 'requested'"
    ).fetchall() == [("waiting", True)]


def test_a_request_where_a_seat_is_free_stands_in_no_line(world: World, owner: Owner) -> None:
    owner.execute(migration().LINES)

    assert world["leo_pursuit"]
    assert owner.execute("SELECT count(*) FROM waiting_entries").fetchone() == (0,)


@pytest.mark.parametrize("nonsense", ['"30"', "30.5", "0", "900", "99999999999", "null", "[30]"])
def test_a_tenants_days_are_taken_along_when_they_make_sense(
    world: World, owner: Owner, nonsense: str
) -> None:
    for slug, days in (("lakeside", "21"), ("riverton", nonsense)):
        owner.execute(
            "UPDATE tenants SET settings = jsonb_build_object('pursuit_days', %s::jsonb) WHERE slug = %s",
            [days, slug],
        )

    owner.execute(migration().SETTINGS)

    assert owner.execute(
        "SELECT tenant_id, pursuit_days, waitlist_hours, sensitive_industries FROM tenant_settings"
    ).fetchall() == [(world["lakeside"], 21, DEFAULTS.waitlist_hours, list(DEFAULTS.sensitive_industries))]
