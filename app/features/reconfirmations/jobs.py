"""What the clock does to listings: put away what is over, ask about what grew old, remind once, pause what is silent.

Each listing that is over, and each letter, is one transaction that looks again under the locks: running twice, or on
two workers at once, changes nothing more.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from app.core.events import SYSTEM
from app.core.jobs import Workshop, working
from app.domain.freshness import ASKED_ALONG, LIVE, MOST_IN_A_LETTER, is_over
from app.domain.local_time import local_day
from app.domain.opportunity import OpportunityAction
from app.features.hosts import service as hosts
from app.features.hosts.service import Host
from app.features.offers import service as offers
from app.features.reconfirmations import queries, service
from app.features.reconfirmations.queries import Due
from app.features.reconfirmations.service import Spans
from app.features.schools.service import zone_of_tenant
from app.features.standings import service as standings
from app.features.tenant_settings import service as tenant_settings
from app.models import Reconfirmation

# Of one kind in one sweep; what is left is as due in the next one.
_MOST = 1000


class _Letter(NamedTuple):
    """What goes into one letter: of one employer, in the name of one school, to one person."""

    employer_id: UUID
    school_id: UUID | None
    host: Host | None
    owner_id: UUID | None


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Do what is due in a tenant at `now`; returns how many listings and letters changed."""
    async with working(work.database, tenant_id) as unit:
        settings = await tenant_settings.of(unit.session, tenant_id)
        today = local_day(now, await zone_of_tenant(unit.session, tenant_id))
        over = await queries.due_to_archive(unit.session, tenant_id, today, _MOST)
        silent = await hosts.unanswered(unit.session, Reconfirmation, tenant_id, now, _MOST)
    done = 0
    for listing_id in over:
        async with working(work.database, tenant_id) as unit:
            opportunity = await standings.locked(unit.session, tenant_id, listing_id)
            if opportunity is None or opportunity.status not in LIVE:
                continue
            here = await offers.today_at(unit.session, tenant_id, opportunity.school_id)
            if not is_over(ends_on=opportunity.ends_on, apply_by=opportunity.apply_by, today=here):
                continue  # the day is not over at its school yet
            days = {"ends_on": opportunity.ends_on, "apply_by": opportunity.apply_by}
            await standings.move(
                unit.session,
                opportunity,
                OpportunityAction.ARCHIVE,
                actor=SYSTEM,
                reason="its dates have passed",
                facts={name: day.isoformat() for name, day in days.items() if day is not None},
            )
            done += 1
    for letter_id in silent:
        async with working(work.database, tenant_id) as unit:
            done += await service.lapse(unit.session, tenant_id, letter_id, now)
    done += await _ask(work, tenant_id, Spans(settings.stale_after_days, settings.stale_silence_days), now)
    async with working(work.database, tenant_id) as unit:
        due = await queries.due_to_remind(unit.session, tenant_id, now, _MOST)
    for letter_id in due:
        async with working(work.database, tenant_id) as unit:
            done += await service.remind(unit.session, tenant_id, letter_id, now)
    return done


async def _ask(work: Workshop, tenant_id: UUID, spans: Spans, now: datetime) -> int:
    """Write one letter to each person whose listings grew old, about all of them."""
    before = now - timedelta(days=spans.stale_after)
    async with working(work.database, tenant_id) as unit:
        old = await queries.due_to_ask(unit.session, tenant_id, before, _MOST)
        hosts_of = await service.whom_to_ask(unit.session, tenant_id, old)
    letters: dict[_Letter, list[Due]] = {}
    for due in old:
        letters.setdefault(_letter(due, hosts_of[due.id]), []).append(due)
    done = 0
    for letter, all_of_them in letters.items():
        stale = all_of_them[:MOST_IN_A_LETTER]
        async with working(work.database, tenant_id) as unit:
            session = unit.session
            soon = await queries.due_soon(
                session, tenant_id, letter.employer_id, before + ASKED_ALONG, MOST_IN_A_LETTER
            )
            known = {due.id for due in all_of_them}
            others = [due for due in soon if due.id not in known]
            hosts_of = await service.whom_to_ask(session, tenant_id, others)
            along = [due for due in others if _letter(due, hosts_of[due.id]) == letter]
            room = MOST_IN_A_LETTER - len(stale)
            done += await service.ask(session, tenant_id, letter.host, stale, along[:room], spans, now)
    return done


def _letter(due: Due, host: Host | None) -> _Letter:
    return _Letter(due.employer_id, due.school_id, host, due.owner_id if host is None else None)
