"""Reports of listings: anybody who sees one may say that something is wrong; staff decide; the host learns of nobody."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.events import SYSTEM, record
from app.core.ids import new_id
from app.core.problems import Conflict, Forbidden, NotFound, TooManyRequests
from app.domain.lifecycle import next_status
from app.domain.moderation import TRANSITIONS, CaseAction, CaseStatus, is_urgent
from app.domain.opportunity import TRANSITIONS as LISTING_TRANSITIONS
from app.domain.opportunity import ConfirmedBy, OpportunityAction, OpportunityStatus
from app.domain.policy import Actor, Role
from app.features.listing_reports import queries
from app.features.listing_reports.schemas import DismissIn, ListingReportIn, UpholdIn
from app.features.standings import service as standings
from app.models import ListingCase, ListingReport, Opportunity

MOST_A_DAY = 10
# In which capacity somebody reports who has several.
_AS = (Role.STUDENT, Role.GUARDIAN, Role.ADVISOR, Role.COORDINATOR, Role.DISTRICT_ADMIN, Role.SUPERVISOR)


async def report(session: AsyncSession, actor: Actor, body: ListingReportIn) -> UUID:
    """Say that something about a listing is wrong; raises NotFound for one the caller does not see.

    Several reports of one listing are one case. Raises Conflict for a second one of the same person.
    """
    if actor.person_id is None:
        raise Forbidden(
            "only a person can report a listing", spanish="solo una persona puede denunciar una oferta"
        )
    # Locked before its case, as by whoever decides: the case cannot be closed between finding it and adding to it.
    opportunity = await get(session, actor, "opportunity.read", Opportunity, body.opportunity_id, lock=True)
    now = clock.now()
    since = now - timedelta(days=1)
    if await queries.count_since(session, actor.tenant_id, actor.person_id, since) >= MOST_A_DAY:
        raise TooManyRequests(
            "you have reported many listings today; speak with your school directly",
            spanish="hoy ya denunció muchas ofertas; hable directamente con su escuela",
            headers={"Retry-After": "3600"},
        )
    case, is_new = await queries.open_case(session, opportunity, now)
    if await queries.has_reported(session, case, actor.person_id):
        raise Conflict(
            "you reported this listing already; your school is looking at it",
            spanish="ya denunció esta oferta; su escuela la está revisando",
            code="reported_already",
        )
    said = ListingReport(
        tenant_id=actor.tenant_id,
        id=new_id(),
        case_id=case.id,
        opportunity_id=opportunity.id,
        reporter_id=actor.person_id,
        reporter_role=next((role.value for role in _AS if role in actor.roles), "other"),
        reason=body.reason,
        words=body.words,
    )
    session.add(said)
    was_urgent = case.urgent
    case.reports += 1
    case.reasons = sorted({*case.reasons, body.reason.value})
    case.urgent = was_urgent or is_urgent([body.reason])
    await record(
        session,
        "listing_report.create",
        actor=actor,
        subject=said,
        facts={"reason": body.reason.value},
        school_id=case.school_id,
        person_id=actor.person_id,
    )
    step = "escalate" if case.urgent and not was_urgent else "open" if is_new else "add_report"
    # By nobody: who reported is in no record that others read.
    await record(
        session,
        f"listing_case.{step}",
        actor=SYSTEM,
        subject=case,
        reason="somebody reported the listing",
        facts={"reports": case.reports, "reasons": case.reasons},
    )
    return said.id


async def view_report(session: AsyncSession, actor: Actor, report_id: UUID) -> dict[str, Any]:
    """Return one of the caller's own reports; raises NotFound."""
    found = await queries.report_view(session, actor, report_id)
    if found is None:
        raise NotFound(
            "there is no report of yours with this id", spanish="no hay ninguna denuncia suya con ese id"
        )
    return found


async def view_case(session: AsyncSession, actor: Actor, case_id: UUID) -> dict[str, Any]:
    """Return one case with its reports; raises NotFound."""
    found = await queries.case_view(session, actor, case_id)
    if found is None:
        raise NotFound(
            "there is no listing case here with this id that you may see",
            spanish="no existe aquí ningún caso con ese id que usted pueda ver",
        )
    return found


async def uphold(session: AsyncSession, actor: Actor, case_id: UUID, body: UpholdIn, version: int) -> None:
    """Say that the reports are right, and hide the listing."""
    opportunity = await _decide(session, actor, CaseAction.UPHOLD, case_id, version, body.reason)
    if body.hide and (opportunity.status, OpportunityAction.HIDE) in LISTING_TRANSITIONS:
        await standings.move(
            session,
            opportunity,
            OpportunityAction.HIDE,
            actor=actor,
            reason=body.reason,
            facts={"listing_case_id": str(case_id)},
        )


async def dismiss(session: AsyncSession, actor: Actor, case_id: UUID, body: DismissIn, version: int) -> None:
    """Say that nothing is wrong, and show the listing again if that is wanted."""
    opportunity = await _decide(session, actor, CaseAction.DISMISS, case_id, version, body.reason)
    if body.restore and opportunity.status is OpportunityStatus.HIDDEN:
        await standings.move(
            session,
            opportunity,
            OpportunityAction.RESTORE,
            actor=actor,
            reason=body.reason,
            facts={"listing_case_id": str(case_id)},
            confirmed_by=ConfirmedBy.STAFF,
        )


async def _decide(
    session: AsyncSession, actor: Actor, action: CaseAction, case_id: UUID, version: int, reason: str
) -> Opportunity:
    name = f"listing_case.{action.value}"
    seen = await get(session, actor, name, ListingCase, case_id)
    # The listing first, as everybody locks them.
    opportunity = await standings.locked(session, actor.tenant_id, seen.opportunity_id)
    case = await get(session, actor, name, ListingCase, case_id, lock=True)
    check_version(case, version)
    if opportunity is None:
        raise NotFound("the listing of this case is gone", spanish="la oferta de este caso ya no existe")
    case.status = next_status(TRANSITIONS, case.status, action)
    case.decided_at, case.decided_by_id, case.decision = clock.now(), actor.person_id, reason
    await record(session, name, actor=actor, subject=case, reason=reason, facts={"reports": case.reports})
    for said in await queries.reports_of(session, case):
        said.status = CaseStatus(case.status)
        # The reporter hears that it was decided; the reason, which may name others, stays with the case.
        await record(
            session,
            f"listing_report.{action.value}",
            actor=actor,
            subject=said,
            school_id=case.school_id,
            person_id=said.reporter_id,
        )
    return opportunity
