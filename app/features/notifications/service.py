"""Reading notifications and marking them; what makes them is `features/notices`.

Marking is not written down as an event: it decides nothing about anybody, and reading would fill the audit trail.
"""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.domain.notice_sentences import sentence
from app.domain.policy import Actor
from app.features.notifications import queries
from app.models import Notification


def shown(row: dict[str, Any], language: str) -> dict[str, Any]:
    """Put a notification into words."""
    title, students = row.pop("title"), row.pop("students")
    row["text"] = sentence(row["kind"], language, title, students)
    row["allowed_actions"] = ["mark_read"] if row["read_at"] is None else []
    return row


async def mark_read(
    session: AsyncSession, actor: Actor, notification_id: UUID, version: int, language: str
) -> dict[str, Any]:
    """Mark one as read; marking it again changes nothing."""
    found = await get(session, actor, "notification.mark_read", Notification, notification_id, lock=True)
    check_version(found, version)
    if found.read_at is None:
        found.read_at = clock.now()
        await session.flush()  # obtains the new version, which the answer shows
    return shown(await queries.view(session, actor, notification_id), language)


async def mark_all_read(session: AsyncSession, actor: Actor) -> dict[str, int]:
    """Mark everything as read."""
    return {"marked": await queries.mark_all_read(session, actor, clock.now())}
