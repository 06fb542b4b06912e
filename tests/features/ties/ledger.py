"""What the tests of ties share: families, and the ledger folded again beside its table."""

from typing import Any
from uuid import UUID

import psycopg

from app.core.ids import new_id
from app.core.jobs import working
from app.domain.tie import Entry, TieEntryKind, TieEvidence, TieOrigin, fold
from app.models import Household, HouseholdMember
from tests.world import World

TABLE = """
SELECT id, origin, formed_on, last_confirmed_on, strength, uses, ended_on, fades_on, evidence, entries,
       student_id, person_id, contact_id, employer_id
FROM ties ORDER BY id
"""
ENTRIES = """
SELECT seq, kind, origin, at, evidence, student_id, person_id, contact_id, employer_id
FROM tie_entries WHERE tie_id = %s ORDER BY seq
"""


async def share_a_home(world: World, *names: str) -> None:
    """Let people of Lakeside be one household."""
    async with working(world.database, world["lakeside"]) as unit:
        household = Household(tenant_id=world["lakeside"], id=new_id())
        unit.session.add(household)
        await unit.session.flush()
        for name in names:
            unit.session.add(
                HouseholdMember(tenant_id=world["lakeside"], household_id=household.id, person_id=world[name])
            )


def check_folds(owner: psycopg.Connection[Any]) -> int:
    """Fold every entry again, compare with the table, and return how many ties there are."""
    ties = owner.execute(TABLE).fetchall()
    for tie in ties:
        rows = owner.execute(ENTRIES, (tie[0],)).fetchall()
        assert [row[0] for row in rows] == list(range(1, tie[9] + 1)), "numbered without a gap"
        assert {row[5:] for row in rows} == {tie[10:]}
        folded = fold(
            Entry(seq, TieEntryKind(kind), TieOrigin(origin), at, TieEvidence(evidence))
            for seq, kind, origin, at, evidence, *_ in rows
        )
        assert tie[1:9] == (
            folded.origin.value,
            folded.formed_on,
            folded.last_confirmed_on,
            folded.strength,
            folded.uses,
            folded.ended_on,
            folded.fades_on,
            [code.value for code in folded.evidence],
        )
    return len(ties)


def history(owner: psycopg.Connection[Any], student_id: UUID, end_id: UUID) -> list[str]:
    """Return the kinds of entry between a student and another end, with the first one's origin before them."""
    rows = owner.execute(
        "SELECT kind, origin FROM tie_entries WHERE student_id = %s"
        " AND coalesce(person_id, contact_id, employer_id) = %s ORDER BY seq",
        (student_id, end_id),
    ).fetchall()
    return [*(origin for _, origin in rows[:1]), *(kind for kind, _ in rows)]
