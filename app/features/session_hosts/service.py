"""Who hosts a session, and that nobody hosts two at a time. Low level, without routes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.problems import FieldError, Unprocessable
from app.domain.contact import ContactStatus
from app.domain.policy import Actor
from app.domain.session import Host, host_busy
from app.features.session_hosts import queries


async def check(session: AsyncSession, actor: Actor, host: Host, employer_id: UUID) -> None:
    """Refuse a host who has not agreed, or who has nothing to do with the employer."""
    if host.contact_id is not None and host.person_id is not None:
        raise _bad_host(
            "name one host: a contact or a person", "nombre solo a un contacto o a una persona", "person"
        )
    if host.contact_id is not None:
        status = await queries.contact_may_host(session, actor, host.contact_id, employer_id)
        if status is not ContactStatus.CONSENTED:
            raise _bad_host(
                "choose a contact of this employer who said yes",
                "elija un contacto de este empleador que haya dicho que sí",
                "contact",
            )
    if host.person_id is not None and not await queries.person_may_host(
        session, actor, host.person_id, employer_id
    ):
        raise _bad_host(
            "choose somebody who works for this employer or for a school",
            "elija a alguien que trabaje para este empleador o para una escuela",
            "person",
        )


async def has_left(session: AsyncSession, tenant_id: UUID, host: Host, employer_id: UUID) -> bool:
    """Say whether a host who was named takes part no more."""
    return await queries.has_left(session, tenant_id, host, employer_id)


async def take_time(
    session: AsyncSession,
    tenant_id: UUID,
    host: Host,
    starts_at: datetime,
    ends_at: datetime,
    besides: UUID | None = None,
) -> None:
    """Refuse a time at which the host has another session; whoever else asks for this host waits."""
    if not await is_free(session, tenant_id, host, starts_at, ends_at, besides):
        raise host_busy()


async def is_free(
    session: AsyncSession,
    tenant_id: UUID,
    host: Host,
    starts_at: datetime,
    ends_at: datetime,
    besides: UUID | None = None,
) -> bool:
    """Say whether a host, if one is named, has no other session at that time; whoever else asks for this host waits."""
    if host.id is None:
        return True
    await queries.turn_of_host(session, tenant_id, host.id)
    return not await queries.host_is_busy(
        session,
        tenant_id,
        contact_id=host.contact_id,
        person_id=host.person_id,
        starts_at=starts_at,
        ends_at=ends_at,
        besides=besides,
    )


def _bad_host(english: str, spanish: str, kind: str) -> Unprocessable:
    return Unprocessable(
        english,
        spanish=spanish,
        errors=[FieldError("cannot host this", "unknown_host", pointer=f"/host_{kind}_id")],
    )
