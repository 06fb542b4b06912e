"""Every SQL statement of ties: what events say of them, and how they are read."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, exists, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import allowed
from app.core.paging import Keyset
from app.domain.contact import ContactStatus
from app.domain.opportunity_types import OpportunityTypeCode
from app.domain.placement import PlacementStatus
from app.domain.policy import Actor, Role, may_ever
from app.domain.session import EnrollmentStatus
from app.domain.tie import REVEALED_BY, End, TieEnd
from app.features.ties.schemas import TieFilters
from app.models import (
    AdvisorLink,
    Connection,
    Contact,
    Employer,
    Meeting,
    Membership,
    Opportunity,
    OpportunitySession,
    Person,
    Placement,
    Pursuit,
    SessionEnrollment,
    Tie,
    TieEntry,
)

NEWEST = Keyset("ties by creation", Tie.created_at, Tie.id, descending=True)

_KIND = case(
    (Tie.person_id.is_not(None), TieEnd.PERSON.value),
    (Tie.contact_id.is_not(None), TieEnd.CONTACT.value),
    else_=TieEnd.EMPLOYER.value,
)
_BEGUN = (PlacementStatus.ACTIVE, PlacementStatus.END_REQUESTED, PlacementStatus.COMPLETED)
_WITH_US = (ContactStatus.CONSENTED, ContactStatus.PAUSED)


class Stay(NamedTuple):
    """A placement, as far as it makes ties."""

    id: UUID
    student_id: UUID
    employer_id: UUID
    connection_id: UUID | None
    begun_at: datetime
    completed_at: datetime | None
    near_peer: bool


_STAY = (
    Placement.id,
    Placement.student_id,
    Placement.employer_id,
    Placement.connection_id,
    func.coalesce(Placement.cleared_at, Placement.created_at).label("begun_at"),
    case((Placement.status == PlacementStatus.COMPLETED, Placement.ended_at)).label("completed_at"),
    select(Opportunity.type == OpportunityTypeCode.NEAR_PEER_MENTORING.value)
    .where(Opportunity.tenant_id == Placement.tenant_id, Opportunity.id == Placement.opportunity_id)
    .correlate(Placement)
    .scalar_subquery()
    .label("near_peer"),
)


async def stay(session: AsyncSession, tenant_id: UUID, placement_id: UUID) -> Stay | None:
    """Return a placement, as far as it makes ties."""
    found = await session.execute(
        select(*_STAY).where(Placement.tenant_id == tenant_id, Placement.id == placement_id)
    )
    row = found.one_or_none()
    return None if row is None else Stay(*row)


async def stays_of(session: AsyncSession, tenant_id: UUID, student_ids: Sequence[UUID]) -> list[Stay]:
    """Return the placements of students that have begun, or have ended after they had."""
    rows = await session.execute(
        select(*_STAY)
        .where(
            Placement.tenant_id == tenant_id,
            Placement.student_id.in_(student_ids),
            Placement.status.in_(_BEGUN),
        )
        .order_by(Placement.created_at, Placement.id)
    )
    return [Stay(*row) for row in rows]


async def people_at(session: AsyncSession, tenant_id: UUID, placement: Stay, today: date) -> list[End]:
    """Return whom a student meets in a placement: the supervisors, else the contact, else only the workplace.

    A near-peer mentor is the graduate through whom it came, whoever supervises at the place.
    """
    graduate = await _contact_of(session, tenant_id, placement) if placement.near_peer else None
    if graduate is not None:
        return [End(TieEnd.CONTACT, graduate)]
    supervisors = await session.scalars(
        select(Membership.person_id)
        .where(
            Membership.tenant_id == tenant_id,
            Membership.role == Role.SUPERVISOR,
            Membership.employer_id == placement.employer_id,
            Membership.ended_at.is_(None),
            or_(Membership.begins_on.is_(None), Membership.begins_on <= today),
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
        )
        .distinct()
        .order_by(Membership.person_id)
    )
    if found := [End(TieEnd.PERSON, person_id) for person_id in supervisors]:
        return found
    contact_id = await _contact_of(session, tenant_id, placement)
    if contact_id is not None:
        return [End(TieEnd.CONTACT, contact_id)]
    return [End(TieEnd.EMPLOYER, placement.employer_id)]


async def _contact_of(session: AsyncSession, tenant_id: UUID, placement: Stay) -> UUID | None:
    found: UUID | None = await session.scalar(
        select(Contact.id)
        .join(Connection, (Connection.tenant_id == Contact.tenant_id) & (Connection.contact_id == Contact.id))
        .where(
            Connection.tenant_id == tenant_id,
            Connection.id == placement.connection_id,
            Contact.status.in_(_WITH_US),
        )
    )
    return found


class Visit(NamedTuple):
    """A session a student came to, as far as it makes a tie: whom they met there."""

    student_id: UUID
    end: End
    near_peer: bool


async def visit(session: AsyncSession, tenant_id: UUID, enrollment_id: UUID) -> Visit | None:
    """Return whom a student met in a session they came to: who hosted it, else only the workplace."""
    found = await session.execute(
        select(
            SessionEnrollment.student_id,
            SessionEnrollment.employer_id,
            OpportunitySession.host_person_id,
            Contact.id,
            Opportunity.type,
        )
        .select_from(SessionEnrollment)
        .join(
            OpportunitySession,
            (OpportunitySession.tenant_id == SessionEnrollment.tenant_id)
            & (OpportunitySession.id == SessionEnrollment.session_id),
        )
        .join(
            Opportunity,
            (Opportunity.tenant_id == SessionEnrollment.tenant_id)
            & (Opportunity.id == SessionEnrollment.opportunity_id),
        )
        .outerjoin(
            Contact,
            (Contact.tenant_id == OpportunitySession.tenant_id)
            & (Contact.id == OpportunitySession.host_contact_id)
            & Contact.status.in_(_WITH_US),
        )
        .where(
            SessionEnrollment.tenant_id == tenant_id,
            SessionEnrollment.id == enrollment_id,
            SessionEnrollment.status == EnrollmentStatus.ATTENDED,
        )
    )
    row = found.one_or_none()
    if row is None:
        return None
    student_id, employer_id, person_id, contact_id, kind = row
    end = End(TieEnd.EMPLOYER, employer_id)
    if person_id is not None:
        end = End(TieEnd.PERSON, person_id)
    elif contact_id is not None:
        end = End(TieEnd.CONTACT, contact_id)
    near_peer = end.kind is TieEnd.CONTACT and kind == OpportunityTypeCode.NEAR_PEER_MENTORING.value
    return Visit(student_id, end, near_peer)


async def led_by(session: AsyncSession, tenant_id: UUID, pursuit_id: UUID) -> tuple[UUID, list[End]] | None:
    """Return the student of a pursuit, and everyone through whom the opportunity came."""
    found = (
        await session.execute(
            select(
                Pursuit.student_id, Opportunity.employer_id, Connection.contact_id, Connection.contributor_id
            )
            .join(
                Opportunity,
                (Opportunity.tenant_id == Pursuit.tenant_id) & (Opportunity.id == Pursuit.opportunity_id),
            )
            .outerjoin(
                Connection,
                (Connection.tenant_id == Pursuit.tenant_id) & (Connection.id == Opportunity.connection_id),
            )
            .where(Pursuit.tenant_id == tenant_id, Pursuit.id == pursuit_id)
        )
    ).one_or_none()
    if found is None:
        return None
    ends = [
        End(kind, value)
        for kind, value in (
            (TieEnd.EMPLOYER, found.employer_id),
            (TieEnd.CONTACT, found.contact_id),
            (TieEnd.PERSON, found.contributor_id),
        )
        if value is not None
    ]
    return found.student_id, ends


async def met(session: AsyncSession, tenant_id: UUID, introduction_id: UUID) -> Meeting | None:
    """Return the meeting that an introduction led to."""
    found: Meeting | None = await session.scalar(
        select(Meeting).where(Meeting.tenant_id == tenant_id, Meeting.introduction_id == introduction_id)
    )
    return found


async def is_with_us(session: AsyncSession, tenant_id: UUID, contact_id: UUID) -> bool:
    """Say whether a contact has not left the network."""
    found = await session.scalar(
        select(Contact.id).where(
            Contact.tenant_id == tenant_id, Contact.id == contact_id, Contact.erased_at.is_(None)
        )
    )
    return found is not None


async def advised(session: AsyncSession, tenant_id: UUID, link_id: UUID) -> AdvisorLink | None:
    """Return an advisor link."""
    found: AdvisorLink | None = await session.scalar(
        select(AdvisorLink).where(AdvisorLink.tenant_id == tenant_id, AdvisorLink.id == link_id)
    )
    return found


async def advised_without_tie(
    session: AsyncSession,
    tenant_id: UUID,
    limit: int,
    student_ids: Sequence[UUID] | None = None,
    since: datetime | None = None,
) -> list[AdvisorLink]:
    """Return links of advisors to whom their students have no tie yet."""
    tied = exists().where(
        Tie.tenant_id == AdvisorLink.tenant_id,
        Tie.student_id == AdvisorLink.student_id,
        Tie.person_id == AdvisorLink.advisor_id,
    )
    statement = select(AdvisorLink).where(
        AdvisorLink.tenant_id == tenant_id, AdvisorLink.ended_at.is_(None), ~tied
    )
    if student_ids is not None:
        statement = statement.where(AdvisorLink.student_id.in_(student_ids))
    if since is not None:
        statement = statement.where(AdvisorLink.updated_at >= since)
    return list(await session.scalars(statement.order_by(AdvisorLink.id).limit(limit)))


def _name(model: Any) -> Any:
    return func.nullif(func.concat_ws(" ", model.given_name, model.family_name), "")


def _selected(actor: Actor) -> Select[Any]:
    revealed = Tie.evidence.overlap(sorted(code.value for code in REVEALED_BY))
    sees_contact: ColumnElement[bool] = (
        allowed(actor, "contact.read", Contact) if may_ever(actor, "contact.read") else false()
    )
    return (
        select(
            Tie.id,
            Tie.student_id,
            Tie.origin,
            _KIND.label("other_end"),
            case(
                (Tie.person_id.is_not(None), _name(Person)),
                (or_(revealed, sees_contact) & Tie.contact_id.is_not(None), _name(Contact)),
                (revealed, Employer.name),
            ).label("name"),
            Tie.strength,
            Tie.formed_on,
            Tie.last_confirmed_on,
            Tie.uses,
            Tie.ended_on,
            Tie.evidence,
            Tie.created_at,
        )
        .outerjoin(Person, (Person.tenant_id == Tie.tenant_id) & (Person.id == Tie.person_id))
        .outerjoin(Contact, (Contact.tenant_id == Tie.tenant_id) & (Contact.id == Tie.contact_id))
        .outerjoin(Employer, (Employer.tenant_id == Tie.tenant_id) & (Employer.id == Tie.employer_id))
        .where(allowed(actor, "tie.read", Tie))
    )


async def page(
    session: AsyncSession, actor: Actor, filters: TieFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 ties the caller may read, latest first."""
    statement = _selected(actor).where(~Tie.twin)
    if filters.student_id is not None:
        statement = statement.where(Tie.student_id == filters.student_id)
    if filters.origin is not None:
        statement = statement.where(Tie.origin == filters.origin)
    if filters.current is not None:
        lasts = Tie.ended_on.is_(None)
        statement = statement.where(lasts if filters.current else ~lasts)
    rows = await session.execute(NEWEST.cut(statement, after, filters.limit))
    return [dict(row) for row in rows.mappings()]


async def view(session: AsyncSession, actor: Actor, tie_id: UUID) -> dict[str, Any] | None:
    """Return one tie as the caller may see it, or None."""
    found = (await session.execute(_selected(actor).where(Tie.id == tie_id))).mappings().one_or_none()
    if found is None:
        return None
    entries = await session.execute(
        select(TieEntry.seq, TieEntry.kind, TieEntry.at, TieEntry.evidence)
        .where(TieEntry.tenant_id == actor.tenant_id, TieEntry.tie_id == tie_id)
        .order_by(TieEntry.seq)
    )
    return {**found, "entries": [dict(entry) for entry in entries.mappings()]}
