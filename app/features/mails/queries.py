"""Every SQL statement of mails: who reads one, and the few things a letter may say."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import Unit
from app.core.tables import Event
from app.domain.policy import Role
from app.models import (
    Account,
    AccountTenant,
    Connection,
    Contact,
    GuardianLink,
    Import,
    Introduction,
    Mail,
    Meeting,
    Membership,
    Opportunity,
    OpportunitySession,
    OutreachCampaign,
    Person,
    Placement,
    Pursuit,
    School,
    SessionEnrollment,
    Tenant,
    WaitingEntry,
)

_OVERDUE = """
SELECT id FROM mails
WHERE tenant_id = %(tenant)s AND state = 'waiting' AND due_at < %(before)s
  AND id::text NOT IN (
    SELECT args->>'mail_id' FROM procrastinate_jobs
    WHERE task_name = %(task)s AND status IN ('todo', 'doing') AND args->>'mail_id' IS NOT NULL
  )
ORDER BY due_at, id LIMIT 1000
"""

Statement = Select[*tuple[Any, ...]]


class Reader(NamedTuple):
    """Who a mail goes to, and in which language."""

    address: str | None
    locale: str


async def claim(session: AsyncSession, tenant_id: UUID, mail_id: UUID) -> Mail | None:
    """Return the mail if it still waits to be sent, locked."""
    found: Mail | None = await session.scalar(
        select(Mail)
        .where(Mail.tenant_id == tenant_id, Mail.id == mail_id, Mail.state == "waiting")
        .with_for_update()
    )
    return found


async def waiting(session: AsyncSession, tenant_id: UUID, mail_id: UUID) -> Mail | None:
    """Return the mail if it still waits to be sent."""
    found: Mail | None = await session.scalar(
        select(Mail).where(Mail.tenant_id == tenant_id, Mail.id == mail_id, Mail.state == "waiting")
    )
    return found


async def person(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> Reader | None:
    """Return where and how to write to a person who is still here."""
    row = (
        await session.execute(
            select(Person.email, Person.locale).where(
                Person.tenant_id == tenant_id,
                Person.id == person_id,
                Person.enabled,
                Person.ended_at.is_(None),
            )
        )
    ).one_or_none()
    return None if row is None else Reader(*row)


async def account(session: AsyncSession, tenant_id: UUID, account_id: UUID) -> Reader | None:
    """Return where and how to write to the holder of an account: to the login, which proved to be a mailbox."""
    row = (
        await session.execute(
            select(Account.login, func.coalesce(Person.locale, Tenant.locale))
            .join(AccountTenant, AccountTenant.account_id == Account.id)
            .join(Tenant, Tenant.id == AccountTenant.tenant_id)
            .outerjoin(
                Person,
                (Person.tenant_id == AccountTenant.tenant_id) & (Person.id == AccountTenant.person_id),
            )
            .where(
                Account.id == account_id,
                AccountTenant.tenant_id == tenant_id,
                Account.kind == "human",
                Account.disabled_at.is_(None),
            )
        )
    ).one_or_none()
    return None if row is None else Reader(*row)


async def contact(session: AsyncSession, tenant_id: UUID, contact_id: UUID) -> Contact:
    """Return a contact as it is now."""
    return await session.get_one(Contact, (tenant_id, contact_id), populate_existing=True)


async def tenant(session: AsyncSession, tenant_id: UUID) -> Tenant:
    """Return the tenant."""
    return await session.get_one(Tenant, tenant_id)


async def reason(session: AsyncSession, tenant_id: UUID, event_id: UUID) -> tuple[str, str | None]:
    """Return what an event was and the reason its author gave."""
    row = (
        await session.execute(
            select(Event.action, Event.reason).where(Event.tenant_id == tenant_id, Event.id == event_id)
        )
    ).one()
    return row[0], row[1]


_NAMED = (
    School.id.label("school_id"),
    School.name.label("school_name"),
    School.zone.label("zone"),
)
_STUDENT = (Person.given_name, Person.family_name, Opportunity.title.label("opportunity_title"))


def _at_school(model: Any) -> Any:
    return (School.tenant_id == model.tenant_id) & (School.id == model.school_id)


def _of_student(model: Any) -> Statement:
    # The model's own columns come first, so that every join starts from it.
    return (
        select(model.id.label("subject_id"), *_NAMED, *_STUDENT)
        .select_from(model)
        .join(School, _at_school(model))
        .join(Person, (Person.tenant_id == model.tenant_id) & (Person.id == model.student_id))
        .join(
            Opportunity,
            (Opportunity.tenant_id == model.tenant_id) & (Opportunity.id == model.opportunity_id),
        )
    )


_DATE = (OpportunitySession.starts_at.label("begins_at"), OpportunitySession.zone.label("zone"))
_SUBJECTS: Mapping[str, tuple[Any, Statement]] = {
    "place": (
        SessionEnrollment,
        select(
            SessionEnrollment.id.label("subject_id"),
            School.id.label("school_id"),
            School.name.label("school_name"),
            *_STUDENT,
            *_DATE,
        )
        .select_from(SessionEnrollment)
        .join(School, _at_school(SessionEnrollment))
        .join(
            Person,
            (Person.tenant_id == SessionEnrollment.tenant_id) & (Person.id == SessionEnrollment.student_id),
        )
        .join(
            Opportunity,
            (Opportunity.tenant_id == SessionEnrollment.tenant_id)
            & (Opportunity.id == SessionEnrollment.opportunity_id),
        )
        .join(
            OpportunitySession,
            (OpportunitySession.tenant_id == SessionEnrollment.tenant_id)
            & (OpportunitySession.id == SessionEnrollment.session_id),
        ),
    ),
    "session": (
        OpportunitySession,
        select(
            School.id.label("school_id"),
            School.name.label("school_name"),
            Opportunity.title.label("opportunity_title"),
            *_DATE,
        )
        .select_from(OpportunitySession)
        .outerjoin(School, _at_school(OpportunitySession))
        .join(
            Opportunity,
            (Opportunity.tenant_id == OpportunitySession.tenant_id)
            & (Opportunity.id == OpportunitySession.opportunity_id),
        ),
    ),
    "pursuit": (Pursuit, _of_student(Pursuit)),
    "placement": (Placement, _of_student(Placement).add_columns(Placement.starts_on)),
    "opportunity": (
        Opportunity,
        select(Opportunity.title.label("opportunity_title"), *_NAMED)
        .select_from(Opportunity)
        .outerjoin(School, _at_school(Opportunity)),
    ),
    "connection": (
        Connection,
        select(*_NAMED).select_from(Connection).join(School, _at_school(Connection)),
    ),
    "outreach": (
        OutreachCampaign,
        select(OutreachCampaign.message, *_NAMED)
        .select_from(OutreachCampaign)
        .join(School, _at_school(OutreachCampaign)),
    ),
    "seat": (
        WaitingEntry,
        select(WaitingEntry.id.label("subject_id"), *_NAMED, *_STUDENT)
        .select_from(WaitingEntry)
        .join(School, _at_school(WaitingEntry))
        .join(Person, (Person.tenant_id == WaitingEntry.tenant_id) & (Person.id == WaitingEntry.student_id))
        .outerjoin(
            OpportunitySession,
            (OpportunitySession.tenant_id == WaitingEntry.tenant_id)
            & (OpportunitySession.id == WaitingEntry.session_id),
        )
        .join(
            Opportunity,
            (Opportunity.tenant_id == WaitingEntry.tenant_id)
            & (
                Opportunity.id
                == func.coalesce(WaitingEntry.opportunity_id, OpportunitySession.opportunity_id)
            ),
        ),
    ),
    "import": (Import, select(Import.created_at.label("started_at"), Import.counts)),
    "introduction": (
        Introduction,
        select(
            *_NAMED,
            Person.given_name,
            Person.family_name,
            Introduction.field,
            func.concat(Contact.given_name, " ", func.left(Contact.family_name, 1), ".").label("met_name"),
            Contact.erased_at,
        )
        .select_from(Introduction)
        .join(School, _at_school(Introduction))
        .join(Person, (Person.tenant_id == Introduction.tenant_id) & (Person.id == Introduction.student_id))
        .outerjoin(
            Meeting,
            (Meeting.tenant_id == Introduction.tenant_id) & (Meeting.introduction_id == Introduction.id),
        )
        .outerjoin(Contact, (Contact.tenant_id == Meeting.tenant_id) & (Contact.id == Meeting.contact_id)),
    ),
}


async def subject(session: AsyncSession, tenant_id: UUID, noun: str, subject_id: UUID) -> dict[str, Any]:
    """Return what letters may tell of a thing; empty when it is gone."""
    model, statement = _SUBJECTS[noun]
    found = await session.execute(statement.where(model.tenant_id == tenant_id, model.id == subject_id))
    row = found.mappings().one_or_none()
    return {} if row is None else dict(row)


async def school_of(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> str | None:
    """Return the name of a school a person belongs to, through a role there or through a child."""
    children = select(GuardianLink.student_id).where(
        GuardianLink.tenant_id == tenant_id,
        GuardianLink.guardian_id == person_id,
        GuardianLink.ended_at.is_(None),
    )
    found: str | None = await session.scalar(
        select(School.name)
        .join(Membership, _at_school(Membership))
        .where(
            Membership.tenant_id == tenant_id,
            or_(Membership.person_id == person_id, Membership.person_id.in_(children)),
            Membership.ended_at.is_(None),
        )
        .order_by(Membership.person_id == person_id, School.name, School.id)
        .limit(1)
    )
    return found


async def coordinator(session: AsyncSession, tenant_id: UUID, school_id: UUID) -> tuple[str, str] | None:
    """Return name (first name, last initial) and address of a coordinator of the school who can be written to."""
    row = (
        await session.execute(
            select(Person.given_name, func.left(Person.family_name, 1), Person.email)
            .join(
                Membership,
                (Membership.tenant_id == Person.tenant_id) & (Membership.person_id == Person.id),
            )
            .where(
                Membership.tenant_id == tenant_id,
                Membership.role == Role.COORDINATOR,
                Membership.school_id == school_id,
                Membership.ended_at.is_(None),
                Person.enabled,
                Person.ended_at.is_(None),
                Person.email.is_not(None),
            )
            .order_by(Person.family_name, Person.given_name, Person.id)
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else (f"{row[0]} {row[1]}.", row[2])


async def of_contact(
    session: AsyncSession, tenant_id: UUID, contact_id: UUID, introduction_ids: list[UUID]
) -> list[UUID]:
    """Return the mails to a contact, and those about introductions that name them.

    Each is locked: one that is just being sent is waited for.
    """
    found = await session.scalars(
        select(Mail.id)
        .where(
            Mail.tenant_id == tenant_id,
            or_(Mail.contact_id == contact_id, Mail.subject_id.in_(introduction_ids)),
        )
        .order_by(Mail.id)
        .with_for_update()
    )
    return list(found)


async def overdue(unit: Unit, tenant_id: UUID, before: datetime, task: str) -> list[UUID]:
    """Return the mails that should have left before an instant and for which no job is queued."""
    rows = await unit.rows(_OVERDUE, {"tenant": tenant_id, "before": before, "task": task})
    return [mail_id for (mail_id,) in rows]
