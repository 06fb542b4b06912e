"""Mails: written down with the event they tell of, and given their address and their words when they leave."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import ask_for
from app.core.mail_templates import language
from app.domain.clusters import Cluster
from app.domain.fields import field_name
from app.domain.outreach import examples, question
from app.domain.session import in_language
from app.features.mails import queries
from app.features.mails.wording import LETTERS
from app.models import Mail

SEND_MAIL = "send_mail"

# Where a reader goes on; the web client serves these paths.
_PATHS = {
    "pursuit": "pursuits",
    "placement": "placements",
    "opportunity": "opportunities",
    "connection": "connections",
    "import": "imports",
    "introduction": "introductions",
    "outreach": "outreach_campaigns",
    "seat": "waiting_entries",
    "place": "session_enrollments",
    "session": "opportunity_sessions",
}
_PATH_OF = {
    "pursuit_declined": "/opportunities",
    "pursuit_expired": "/opportunities",
    "introduction_through_you": "/introduction_hops",
    "password_changed": "/reset",
    "listing_case_urgent": "/listing_cases",
}
_INVITED_BY = {"en": "The school office", "es": "La oficina de la escuela"}


async def post(
    session: AsyncSession,
    template: str,
    *,
    tenant_id: UUID,
    person_id: UUID,
    event_id: UUID | None = None,
    subject_id: UUID | None = None,
    facts: dict[str, Any] | None = None,
) -> UUID:
    """Let a mail to a person leave when this transaction commits, and return its id.

    `facts` are dates and counts of the letter that later changes must not change; nothing personal.
    """
    mail = Mail(
        tenant_id=tenant_id,
        id=new_id(),
        template=template,
        person_id=person_id,
        event_id=event_id,
        subject_id=subject_id,
        facts=facts or {},
        due_at=clock.now(),
    )
    session.add(mail)
    ask_for(session.info["unit"], SEND_MAIL, tenant_id=tenant_id, mail_id=mail.id)
    return mail.id


async def values(
    session: AsyncSession, mail: Mail, locale: str, base_url: str, link: str | None, until: datetime | None
) -> dict[str, Any] | None:
    """Return the values of a letter to a person or an account, or None when there is nothing to say any more.

    `link` and `until` are the link that was issued for this mail, if its letter has one of its own.
    """
    tenant = await queries.tenant(session, mail.tenant_id)
    known: dict[str, Any] = {"tenant_name": tenant.name, "event_id": mail.event_id}
    zone = ZoneInfo(tenant.zone)
    noun = mail.template.partition("_")[0]
    if noun in _PATHS and mail.subject_id is not None:
        found = await queries.subject(session, mail.tenant_id, noun, mail.subject_id)
        zone = ZoneInfo(found.get("zone") or tenant.zone)
        known |= await _of_subject(session, mail, found)
        if "field" in found:
            known["field_name"] = field_name(found["field"]).in_language(language(locale))
            known["contact_name"] = found["met_name"] if found["erased_at"] is None else None
        known["link"] = f"{base_url}{_PATH_OF.get(mail.template, f'/{_PATHS[noun]}/{mail.subject_id}')}"
    elif mail.person_id is not None:
        known["school_name"] = await queries.school_of(session, mail.tenant_id, mail.person_id)
    if mail.event_id is not None:
        known["event_type"], why = await queries.reason(session, mail.tenant_id, mail.event_id)
        known["reason"] = in_language(why, language(locale))
    known["school_name"] = known.get("school_name") or tenant.name
    known["invited_by"] = _INVITED_BY[language(locale)]
    known["changed_at"] = mail.created_at
    known |= mail.facts
    known["questions"] = [
        f"{question(Cluster(code)).in_language(language(locale))} ({examples(Cluster(code)).in_language(language(locale))})"
        for code in mail.facts.get("clusters", ())
    ]
    for name, read in _READ.items():
        if isinstance(known.get(name), str):
            known[name] = read(known[name])
    if link is not None:
        known |= {"link": link, "valid_until": until}
    known.setdefault("link", f"{base_url}{_PATH_OF.get(mail.template, '/')}")
    told = {
        name: value.astimezone(zone) if isinstance(value, datetime) else value
        for name in LETTERS[mail.template]
        if (value := known.get(name)) is not None
    }
    return told if told.keys() == LETTERS[mail.template] else None


async def _of_subject(session: AsyncSession, mail: Mail, found: dict[str, Any]) -> dict[str, Any]:
    known = dict(found)
    if "given_name" in found:
        known["student_name"] = f"{found['given_name']} {found['family_name'][:1]}.".strip()
    if found.get("school_id") is not None:
        coordinator = await queries.coordinator(session, mail.tenant_id, found["school_id"])
        whom = () if coordinator is None else coordinator
        known["school_contact"] = ", ".join((*whom[:1], found["school_name"], *whom[1:]))
    files = (found.get("counts") or {}).get("files", {}).values()
    for value, count in _ROWS.items():
        known[value] = sum(file.get(count, 0) for file in files)
    return known


_ROWS = {
    "rows_read": "read",
    "rows_taken": "taken",
    "rows_merged": "merged",
    "rows_reported": "rejected",
}
# Facts are kept as JSON.
_READ = {
    "until": date.fromisoformat,
    "held_until": datetime.fromisoformat,
    "failed_at": datetime.fromisoformat,
}


def wait_after(attempts: int) -> timedelta:
    """Return how long a mail waits after that many tries: a minute, doubling, an hour at most."""
    return min(timedelta(minutes=1 << min(attempts - 1, 10)), timedelta(hours=1))
