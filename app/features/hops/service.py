"""The adults on the way of an introduction, as far as others end it: whoever withdraws is asked nothing more.

Low level, without routes: consents, contacts and connections end hops in the same unit of work in which somebody
says no, takes a break, leaves or is erased. Nothing of the introduction itself changes; nobody can see that it happened.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.events import SYSTEM, Author, record
from app.domain.introduction_hop import TRANSITIONS, HopAction, HopKind, HopStatus
from app.domain.introduction_paths import Answers, base_score
from app.domain.lifecycle import next_status
from app.features.hops import queries
from app.features.links import service as links
from app.models import Hop

PURPOSE = "introduction"


async def end_for_contact(session: AsyncSession, tenant_id: UUID, contact_id: UUID) -> None:
    """End every open hop on a path to a contact: they left, take a break, or are erased."""
    await close(session, await queries.open_hops(session, tenant_id, Hop.contact_id == contact_id))


async def end_for_merge(session: AsyncSession, tenant_id: UUID, *, lost_id: UUID, kept_id: UUID) -> None:
    """End every open hop on a path to a contact who is somebody else's twin, and the turns kept for that other one.

    Each was weighed as a person of their own; as one they could be asked oftener than the caps allow, or once more
    about one student. What the kept one was asked already, they may still answer.
    """
    waiting = (Hop.kind == HopKind.CONTRIBUTOR) | (Hop.status == HopStatus.RESERVED)
    which = (Hop.contact_id == lost_id) | ((Hop.contact_id == kept_id) & waiting)
    await close(session, await queries.open_hops(session, tenant_id, which))


async def end_for_contact_outside(
    session: AsyncSession, tenant_id: UUID, contact_id: UUID, school_ids: Iterable[UUID]
) -> None:
    """End every open hop on a path to a contact for other schools than these: the others may not see them any more."""
    outside = (Hop.contact_id == contact_id) & Hop.school_id.not_in(list(school_ids))
    await close(session, await queries.open_hops(session, tenant_id, outside))


async def end_for_connections(session: AsyncSession, tenant_id: UUID, connection_ids: Iterable[UUID]) -> None:
    """End every open hop on a path through one of these connections: they rest, or were taken back."""
    ids = list(connection_ids)
    if ids:
        await close(session, await queries.open_hops(session, tenant_id, Hop.connection_id.in_(ids)))


async def end_for_introduction(session: AsyncSession, tenant_id: UUID, introduction_id: UUID) -> None:
    """End every open hop of an introduction that was withdrawn or closed, or is over."""
    which = Hop.introduction_id == introduction_id
    await close(session, await queries.open_hops(session, tenant_id, which))


async def let_lapse(session: AsyncSession, tenant_id: UUID, introduction_id: UUID) -> None:
    """Let the open hops of a slot that is over lapse: who was asked did not answer, who waited is free again."""
    which = Hop.introduction_id == introduction_id
    found = await queries.open_hops(session, tenant_id, which)
    await close(session, found, HopAction.LAPSE)


async def close(session: AsyncSession, hops: list[Hop], action: HopAction = HopAction.END) -> None:
    """End hops that are locked; their links open nothing any more."""
    for hop in hops:
        step = HopAction.END if hop.status is HopStatus.RESERVED else action
        await take_step(session, hop, step, actor=SYSTEM)
    if hops:
        await links.revoke_all(session, subject_ids=tuple(hop.id for hop in hops), purposes=(PURPOSE,))


async def take_step(session: AsyncSession, hop: Hop, action: HopAction, *, actor: Author | str) -> UUID:
    """Move a hop that is locked, and write it down where only the contributor who was asked can read it."""
    hop.status = next_status(TRANSITIONS, hop.status, action)
    return await record(
        session,
        f"introduction_hop.{action.value}",
        actor=actor,
        subject=hop,
        person_id=hop.person_id,
    )


async def answer_by(session: AsyncSession, tenant_id: UUID, hop_id: UUID) -> datetime | None:
    """Return until when a hop may be answered; None when nobody is asked any more."""
    return await queries.answer_by(session, tenant_id, hop_id)


async def introductions_with(session: AsyncSession, tenant_id: UUID, contact_id: UUID) -> list[UUID]:
    """Return the introductions whose answers and letters name a contact: they are erased with the contact."""
    return await queries.introductions_with(session, tenant_id, contact_id)


async def score(session: AsyncSession, tenant_id: UUID, connection_ids: Iterable[UUID]) -> None:
    """Reckon the base scores of connections anew, and keep them beside their fields.

    Call it when a connection's fields, closeness or frequency change, and when its people have answered.
    """
    ids = sorted(set(connection_ids))
    if not ids:
        return
    await session.flush()  # what is reckoned from is read from the database
    scores = {
        found.connection_id: base_score(
            found.closeness,
            found.frequency,
            Answers(found.household_asked, found.household_agreed),
            Answers(found.contact_asked, found.contact_agreed),
        )
        for found in await queries.records(session, tenant_id, ids)
    }
    await queries.keep_scores(session, tenant_id, scores)


async def learn(session: AsyncSession, tenant_id: UUID, household_id: UUID, contact_id: UUID) -> None:
    """Reckon anew whatever an answer of this household, or of this contact, changes."""
    near = await queries.connections_near(session, tenant_id, household_id, contact_id)
    await score(session, tenant_id, near)
