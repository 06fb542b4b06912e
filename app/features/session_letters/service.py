"""Letters about the host of a session. Low level, without routes.

To a contact who hosts: that it is called off, or moved. To the staff: that a host takes part no more.
"""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.jobs import Workshop
from app.core.languages import Language
from app.domain.session import in_language
from app.features.contacts import service as contacts
from app.features.session_letters import queries
from app.features.tenant_settings import service as tenant_settings
from app.models import Mail, OpportunitySession

# So many dates and patterns are named in one letter.
_NAMED = 20


async def tell_host(
    session: AsyncSession, found: OpportunitySession, template: str, *, event_id: UUID
) -> None:
    """Write to the contact who hosts, if one does and still takes part."""
    if found.host_contact_id is None:
        return
    host = await queries.host(session, found.tenant_id, found.host_contact_id)
    if host is not None:
        contacts.write_to(session, host, template, event_id=event_id, subject_id=found.id)


async def link_for(session: AsyncSession, mail: Mail) -> str | None:
    """Make the link by which a host takes a break or leaves, and return its path; None for who has left."""
    if mail.contact_id is None:
        return None
    host = await queries.host(session, mail.tenant_id, mail.contact_id)
    return None if host is None else f"/choices/{await contacts.choices_secret(session, host)}"


async def letter(
    _work: Workshop, session: AsyncSession, mail: Mail, language: Language
) -> dict[str, Any] | None:
    """Return the values of a letter, all but its link; None when there is nothing to say any more."""
    if mail.subject_id is None or mail.event_id is None:
        return None
    found = await queries.told(session, mail.tenant_id, mail.subject_id)
    if found is None:
        return None
    values = {
        "tenant_name": found.tenant_name,
        "school_name": found.school_name,
        "opportunity_title": found.opportunity_title,
        "begins_at": found.starts_at.astimezone(ZoneInfo(found.zone)),
    }
    if mail.template == "session_called_off":
        why = await queries.reason(session, mail.tenant_id, mail.event_id)
        values["reason"] = in_language(why, language) or ""
    return values


async def path_without_host(_session: AsyncSession, _mail: Mail) -> str | None:
    """Return where whatever has no host now is found."""
    return "/opportunity_sessions?needs_host=true"


async def without_host(
    _work: Workshop, session: AsyncSession, mail: Mail, language: Language
) -> dict[str, Any] | None:
    """Return what a letter says of a host's sessions and patterns; None when each has another host, or is cancelled."""
    if mail.event_id is None:
        return None
    facts = await queries.facts(session, mail.tenant_id, mail.event_id)
    ids = {noun: [UUID(one) for one in facts.get(noun, ())] for noun in ("sessions", "patterns")}
    dates = await queries.sessions_without_host(session, mail.tenant_id, ids["sessions"], clock.now())
    patterns = await queries.patterns_without_host(session, mail.tenant_id, ids["patterns"])
    if not dates and not patterns:
        return None
    weekly = "semanal" if language == "es" else "weekly"
    lines = [f"{one.title} · {weekly} · {one.starts_time:%H:%M} ({one.zone})" for one in patterns]
    lines += [
        f"{one.title} · {one.starts_at.astimezone(ZoneInfo(one.zone)):%Y-%m-%d %H:%M} ({one.zone})"
        for one in dates
    ]
    settings = await tenant_settings.of(session, mail.tenant_id)
    return {
        "school_name": [*dates, *patterns][0].school_name,
        "dates": lines[:_NAMED],
        "more": len(lines) - len(lines[:_NAMED]),
        "hours": settings.session_cancel_hours,
    }
