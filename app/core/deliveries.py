"""Delivering events: in order within a subject, at least once, and past a fault only when an operator says so (P4).

A consumer runs in the transaction that advances the subject's cursor, so that what it does inside the database
happens exactly once. What it must do outside (mail) it asks for as a job of that same transaction.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from prometheus_client import Counter
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Unit
from app.core.jobs import DELIVER, Workshop, ask_for, working
from app.core.metrics import REGISTRY
from app.core.problems import NotFound
from app.core.tables import Delivery, Event

Consume = Callable[[AsyncSession, Event], Awaitable[None]]
# Told of an event that is given up, after how many attempts; runs in the transaction that gives it up.
OnDead = Callable[[AsyncSession, Event, int], Awaitable[None]]

MOST_ATTEMPTS = 8
SHORTEST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
# A subject this far behind has lost its job; the sweep asks for another.
OVERDUE = timedelta(minutes=2)
_MOST_AT_ONCE = 1000

DELIVERIES = Counter(
    "event_deliveries",
    "Events handed to their consumers, by outcome: delivered, faulted (tried again later) or dead.",
    ("outcome",),
    registry=REGISTRY,
)

_log = structlog.get_logger(__name__)

_BEHIND = """
SELECT happened.subject_id
FROM (
  SELECT subject_id, max(subject_seq) AS seq FROM events
  WHERE tenant_id = %(tenant)s AND created_at >= %(since)s AND created_at < %(before)s
  GROUP BY subject_id
) happened
LEFT JOIN deliveries d ON d.tenant_id = %(tenant)s AND d.id = happened.subject_id
WHERE coalesce(d.delivered_seq, 0) < happened.seq AND d.dead_at IS NULL
  AND (d.retry_at IS NULL OR d.retry_at < %(before)s)
  AND happened.subject_id::text NOT IN (
    SELECT args->>'subject_id' FROM procrastinate_jobs
    WHERE task_name = %(task)s AND status IN ('todo', 'doing') AND args->>'subject_id' IS NOT NULL
  )
ORDER BY happened.subject_id
LIMIT %(most)s
"""


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after that many failed attempts: a minute, doubling, an hour at most."""
    return min(SHORTEST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)


async def deliver(
    work: Workshop, tenant_id: UUID, subject_id: UUID, consume: Consume, *, on_dead: OnDead | None = None
) -> None:
    """Hand the events of one subject to `consume`, in order, one transaction each, until none is left.

    Somebody else delivering the same subject is waited for, not passed by: they may have looked before our event
    was committed. A fault of the consumer is noted, not raised; what is raised is a fault of the database.
    """
    while await _deliver_next(work, tenant_id, subject_id, consume, on_dead):
        pass


async def replay(session: AsyncSession, tenant_id: UUID, subject_id: UUID) -> None:
    """Try a dead letter again when this transaction commits; raises NotFound where none is dead."""
    delivery = await _dead(session, tenant_id, subject_id)
    _go_on(session, delivery)


async def skip(session: AsyncSession, tenant_id: UUID, subject_id: UUID) -> None:
    """Leave a dead letter undelivered and go on with the subject's next event; raises NotFound where none is dead."""
    delivery = await _dead(session, tenant_id, subject_id)
    delivery.delivered_seq += 1
    _go_on(session, delivery)


async def ask_for_overdue(unit: Unit, tenant_id: UUID, now: datetime, *, since: datetime) -> int:
    """Ask for delivery of subjects whose events since then are overdue and have no job, and return how many."""
    rows = await unit.rows(
        _BEHIND,
        {
            "tenant": tenant_id,
            "since": since,
            "before": now - OVERDUE,
            "task": DELIVER,
            "most": _MOST_AT_ONCE,
        },
    )
    for (subject_id,) in rows:
        ask_for(unit, DELIVER, tenant_id=tenant_id, subject_id=subject_id)
    return len(rows)


async def _deliver_next(
    work: Workshop, tenant_id: UUID, subject_id: UUID, consume: Consume, on_dead: OnDead | None
) -> bool:
    async with working(work.database, tenant_id) as unit:
        session = unit.session
        delivery = await _claim(session, tenant_id, subject_id)
        now = clock.now()
        if delivery.dead_at is not None or (delivery.retry_at is not None and delivery.retry_at > now):
            return False
        event = await _event(session, tenant_id, subject_id, delivery.delivered_seq + 1)
        if event is None:
            return False
        try:
            # Its failure undoes its own work only: the lock on the cursor is kept until the fault is noted, or
            # everybody waiting for it would try, and count, in the same moment.
            async with session.begin_nested():
                await consume(session, event)
        except Exception as error:  # noqa: BLE001 - whatever a consumer raises holds back this subject and no other
            unit.info.pop("jobs", None)
            unit.info.pop("recorded", None)
            await _note_fault(session, delivery, error, on_dead)
            return False
        delivery.delivered_seq += 1
        delivery.attempts, delivery.retry_at, delivery.fault = 0, None, None
    DELIVERIES.labels("delivered").inc()
    return True


async def _note_fault(
    session: AsyncSession, delivery: Delivery, error: Exception, on_dead: OnDead | None
) -> None:
    # The rolled-back savepoint made the session forget what it had read.
    await session.refresh(delivery)
    event = await _event(session, delivery.tenant_id, delivery.id, delivery.delivered_seq + 1)
    if event is None:
        raise error
    now = clock.now()
    delivery.attempts += 1
    # The name of its class only: messages of errors quote values, and values may be personal.
    delivery.fault = type(error).__name__
    facts = {
        "tenant_id": event.tenant_id,
        "event_id": event.id,
        "action": event.action,
        "attempts": delivery.attempts,
        "fault": delivery.fault,
    }
    if delivery.attempts < MOST_ATTEMPTS:
        delivery.retry_at = now + wait_after(delivery.attempts)
        ask_for(
            session.info["unit"],
            DELIVER,
            at=delivery.retry_at,
            tenant_id=delivery.tenant_id,
            subject_id=delivery.id,
        )
        DELIVERIES.labels("faulted").inc()
        _log.warning("event not delivered, trying again later", retry_at=delivery.retry_at, **facts)
        return
    delivery.dead_at, delivery.retry_at = now, None
    if on_dead is not None:
        await on_dead(session, event, delivery.attempts)
    DELIVERIES.labels("dead").inc()
    _log.error("event given up; an operator must replay or skip it", exc_info=error, **facts)


async def _claim(session: AsyncSession, tenant_id: UUID, subject_id: UUID) -> Delivery:
    locked = (
        select(Delivery)
        .where(Delivery.tenant_id == tenant_id, Delivery.id == subject_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    delivery = await session.scalar(locked)
    if delivery is None:
        await session.execute(
            insert(Delivery).values(tenant_id=tenant_id, id=subject_id).on_conflict_do_nothing()
        )
        delivery = (await session.scalars(locked)).one()
    return delivery


async def _event(session: AsyncSession, tenant_id: UUID, subject_id: UUID, seq: int) -> Event | None:
    found: Event | None = await session.scalar(
        select(Event).where(
            Event.tenant_id == tenant_id, Event.subject_id == subject_id, Event.subject_seq == seq
        )
    )
    return found


async def _dead(session: AsyncSession, tenant_id: UUID, subject_id: UUID) -> Delivery:
    delivery: Delivery | None = await session.scalar(
        select(Delivery)
        .where(Delivery.tenant_id == tenant_id, Delivery.id == subject_id, Delivery.dead_at.is_not(None))
        .with_for_update()
    )
    if delivery is None:
        raise NotFound(
            "nothing of this subject is held back; look at the list of dead letters again",
            spanish="no hay nada retenido de este asunto; consulte de nuevo la lista de entregas fallidas",
        )
    return delivery


def _go_on(session: AsyncSession, delivery: Delivery) -> None:
    delivery.attempts, delivery.retry_at, delivery.dead_at, delivery.fault = 0, None, None, None
    ask_for(session.info["unit"], DELIVER, tenant_id=delivery.tenant_id, subject_id=delivery.id)
