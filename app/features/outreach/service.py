"""What people do with outreach campaigns, and how a family is asked: three questions, once a month, and no more of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get, require_at_school
from app.core import clock
from app.core.events import record
from app.core.languages import Language
from app.core.problems import Conflict, FieldError, NotFound, Unprocessable
from app.domain.clusters import Cluster
from app.domain.lifecycle import next_status
from app.domain.local_time import local_day
from app.domain.outreach import (
    TRANSITIONS,
    OutreachAction,
    OutreachAnswer,
    OutreachStatus,
    check_answers,
    check_may_open,
    check_window,
    choose_questions,
    examples,
    link_ends,
    question,
)
from app.domain.policy import Actor
from app.features.family_asks import service as family_asks
from app.features.family_asks.schemas import Family
from app.features.links import service as links
from app.features.mails import service as mails
from app.features.outreach import queries
from app.features.outreach.schemas import OutreachAnswerIn, OutreachCampaignIn, OutreachCampaignPatch
from app.features.schools.service import school_is_open
from app.models import OutreachCampaign

LETTER = "outreach_question"
# Codes of one print run; the next run goes on with the families that are left.
MOST_CODES = 200
_MOST_FAMILIES = 5000


async def view(session: AsyncSession, actor: Actor, campaign_id: UUID) -> dict[str, Any]:
    """Return one campaign as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, campaign_id)
    if found is None:
        raise NotFound(
            "there is no outreach campaign here with this id that you may see",
            spanish="no existe aquí ninguna campaña con ese id que usted pueda ver",
        )
    return found


async def create(session: AsyncSession, actor: Actor, body: OutreachCampaignIn) -> UUID:
    """Draft a campaign of a school."""
    require_at_school(actor, "outreach_campaign.create", body.school_id)
    if not await school_is_open(session, actor.tenant_id, body.school_id):
        raise Unprocessable(
            "there is no school here with this id; choose one of GET /v1/schools",
            spanish="no existe aquí ninguna escuela con ese id; elija una de GET /v1/schools",
            errors=[FieldError("unknown school", "unknown_school", pointer="/school_id")],
        )
    check_window(body.opens_on, body.closes_on)
    campaign = OutreachCampaign(tenant_id=actor.tenant_id, **body.model_dump())
    session.add(campaign)
    await record(session, "outreach_campaign.create", actor=actor, subject=campaign)
    return campaign.id


async def change(
    session: AsyncSession, actor: Actor, campaign_id: UUID, body: OutreachCampaignPatch, version: int
) -> None:
    """Change a draft; once families were asked, what they were asked stays as it was."""
    campaign = await get(session, actor, "outreach_campaign.update", OutreachCampaign, campaign_id, lock=True)
    check_version(campaign, version)
    if campaign.status is not OutreachStatus.DRAFT:
        raise Conflict(
            "only a draft can be changed; cancel this campaign and draft another",
            spanish="solo se puede cambiar un borrador; cancele esta campaña y prepare otra",
            code="wrong_state",
        )
    for name, value in body.model_dump(exclude_unset=True).items():
        if value is not None:
            setattr(campaign, name, value)
    check_window(campaign.opens_on, campaign.closes_on)
    await record(session, "outreach_campaign.update", actor=actor, subject=campaign)


async def act(
    session: AsyncSession,
    actor: Actor,
    action: OutreachAction,
    campaign_id: UUID,
    version: int,
    reason: str | None = None,
) -> None:
    """Open, close or cancel a campaign; whoever has not been asked by then is not asked."""
    name = f"outreach_campaign.{action.value}"
    campaign = await get(session, actor, name, OutreachCampaign, campaign_id, lock=True)
    check_version(campaign, version)
    following = next_status(TRANSITIONS, campaign.status, action)
    if following is OutreachStatus.OPEN:
        zone = await queries.zone_of_school(session, actor.tenant_id, campaign.school_id)
        check_may_open(campaign.closes_on, local_day(clock.now(), zone))
    campaign.status = following
    await record(session, name, actor=actor, subject=campaign, reason=reason)


async def households_reaching(session: AsyncSession, tenant_id: UUID) -> dict[Cluster, int]:
    """Return how many households of the pool know somebody in each cluster: once for many families."""
    return await queries.households_reaching(session, tenant_id)


async def ask(
    session: AsyncSession,
    campaign: OutreachCampaign,
    family: Family,
    households: Mapping[Cluster, int],
    zone: str,
    now: datetime,
) -> bool:
    """Ask one family, whose turn it is in a campaign that the caller has locked; False when it was asked this month.

    Every guardian who may be written to gets one letter with a link of their own.
    """
    clusters = await _take(session, campaign, family, households, campaign.families_asked, now)
    await queries.note_progress(session, campaign, asked_through=family.lot)
    if not clusters:
        return False
    await queries.note_progress(
        session,
        campaign,
        families_asked=campaign.families_asked + 1,
        batch_left=max(0, campaign.batch_left - 1),
    )
    facts = {
        "clusters": [cluster.value for cluster in clusters],
        "valid_until": link_ends(now, campaign.closes_on, zone).isoformat(),
    }
    for guardian_id in family.guardians:
        await mails.post(
            session,
            LETTER,
            tenant_id=campaign.tenant_id,
            person_id=guardian_id,
            subject_id=campaign.id,
            facts=facts,
        )
    return True


async def print_codes(
    session: AsyncSession, actor: Actor, campaign_id: UUID, version: int
) -> list[dict[str, Any]]:
    """Ask the families whom nothing but paper reaches: a code for one guardian of each, to be typed behind /contribute/.

    The same questions by the same rule, and the same cap: a family that was asked this month is left out.
    """
    campaign = await get(
        session, actor, "outreach_campaign.print_codes", OutreachCampaign, campaign_id, lock=True
    )
    check_version(campaign, version)
    now = clock.now()
    zone = await queries.zone_of_school(session, actor.tenant_id, campaign.school_id)
    today = local_day(now, zone)
    if campaign.status is not OutreachStatus.OPEN or not campaign.opens_on <= today <= campaign.closes_on:
        raise Conflict(
            "codes are for a campaign that is open now; open it, or wait for its first day",
            spanish="los códigos son para una campaña que está abierta; ábrala o espere a su primer día",
            code="wrong_state",
        )
    households = await queries.households_reaching(session, actor.tenant_id)
    printed: list[dict[str, Any]] = []
    until = link_ends(now, campaign.closes_on, zone)
    for family in await family_asks.families_on_paper(session.info["unit"], campaign, today, _MOST_FAMILIES):
        if len(printed) == MOST_CODES:
            break
        turn = campaign.families_asked + len(printed)
        if await _take(session, campaign, family, households, turn, now):
            holder = family.guardians[0]
            code = await links.issue_code(
                session,
                purpose="contribution",
                tenant_id=campaign.tenant_id,
                subject_id=holder,
                expires_at=until,
            )
            printed.append({"person_id": holder, "code": code, "expires_at": until})
    await queries.note_progress(session, campaign, families_asked=campaign.families_asked + len(printed))
    await record(
        session,
        "outreach_campaign.print_codes",
        actor=actor,
        subject=campaign,
        facts={"codes": len(printed)},
    )
    return printed


async def _take(
    session: AsyncSession,
    campaign: OutreachCampaign,
    family: Family,
    households: Mapping[Cluster, int],
    turn: int,
    now: datetime,
) -> list[Cluster]:
    """Take a family's month with the questions that promise most now; empty when it was asked this month.

    What is being asked counts at once, so that the next family is asked something else.
    """
    clusters = choose_questions(
        await queries.stats(session, campaign.tenant_id, campaign.id, households),
        k=campaign.k,
        seed=f"{campaign.id} {turn}",
    )
    taken = await family_asks.take_month(
        session,
        campaign.tenant_id,
        family.household_id,
        now,
        campaign_id=campaign.id,
        clusters=clusters,
    )
    if not taken:
        return []
    await queries.count_asked(session, campaign.tenant_id, campaign.id, clusters)
    return clusters


def told(clusters: Sequence[str], language: Language) -> list[dict[str, Any]]:
    """Return the questions about these clusters in a language."""
    return [
        {
            "cluster": cluster,
            "question": question(Cluster(cluster)).in_language(language),
            "examples": examples(Cluster(cluster)).in_language(language),
        }
        for cluster in clusters
    ]


async def answer(
    session: AsyncSession, tenant_id: UUID, person_id: UUID, answers: Sequence[OutreachAnswerIn]
) -> None:
    """Count a family's answers, once; nothing says whose they are. Raises Conflict when nothing is open."""
    asked = await family_asks.asked(session, tenant_id, person_id)
    if asked is None:
        raise _nothing_open()
    check_answers([given.cluster for given in answers], asked.clusters)
    if not await family_asks.take_questions(session, tenant_id, asked.ask_id):
        raise _nothing_open()
    yes = [given.cluster for given in answers if given.answer is OutreachAnswer.KNOW]
    await queries.count_yes(session, tenant_id, asked.campaign_id, yes)


def _nothing_open() -> Conflict:
    return Conflict(
        "no question is open for your family now; you can still offer a connection",
        spanish="no hay preguntas abiertas para su familia; aun así puede ofrecer una conexión",
        code="nothing_asked",
    )
