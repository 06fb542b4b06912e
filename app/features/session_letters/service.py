"""Letters to a contact who hosts a session: that it is called off, or moved. Low level, without routes."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.jobs import Workshop
from app.core.languages import Language
from app.domain.session import in_language
from app.features.contacts import service as contacts
from app.features.session_letters import queries
from app.models import Mail, OpportunitySession


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
