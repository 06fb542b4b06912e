"""Writing down what happened: one row in the same transaction, which is both the audit trail and the outbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Unit
from app.core.ids import new_id
from app.core.tables import TenantRow


class Author(Protocol):
    """Whoever acts with an account."""

    @property
    def account_id(self) -> UUID:
        """Return the account."""

    @property
    def person_id(self) -> UUID | None:
        """Return the person behind it, if it is not a machine."""

    @property
    def by_link(self) -> bool:
        """Say whether the person acts by a link they were sent, and not with an account."""


@dataclass(frozen=True, slots=True)
class ByAccount:
    """An account acting through a job that it asked for."""

    account_id: UUID
    person_id: UUID | None
    by_link: bool = False


# Who acts when no account does: the holder of a link, or the clock.
LINK = "link"
SYSTEM = "system"

_INSERT = """
INSERT INTO events (tenant_id, id, created_at, action, subject_type, subject_id, subject_seq, actor_kind,
                    actor_account_id, actor_person_id, school_id, person_id, reason, changed, facts, request_id)
SELECT %(tenant)s, %(id)s, %(at)s, %(action)s, %(type)s, %(subject)s, coalesce(max(subject_seq), 0) + 1, %(kind)s,
       %(account)s, %(actor)s, %(school)s, %(person)s, %(reason)s, %(changed)s, %(facts)s, %(request)s
FROM events WHERE tenant_id = %(tenant)s AND subject_id = %(subject)s
"""


@dataclass(slots=True)
class Recorded:
    """What one unit of work wrote down; its jobs are made of it before the commit."""

    subjects: dict[UUID, str] = field(default_factory=dict)


def recorded(unit: Unit) -> Recorded:
    """Return what this unit of work has written down so far."""
    notes = unit.info.setdefault("recorded", Recorded())
    assert isinstance(notes, Recorded)  # noqa: S101 - narrows the type for the reader and mypy
    return notes


async def record(
    session: AsyncSession,
    action: str,
    *,
    actor: Author | str,
    subject: TenantRow,
    reason: str | None = None,
    facts: Mapping[str, Any] | None = None,
    school_id: UUID | None = None,
    person_id: UUID | None = None,
) -> UUID:
    """Write `action` down in this transaction and return the event's id.

    Flushes first: the subject's row is then locked and has its new version, so that `subject_seq` counts
    without gaps. `changed` is what the flush is about to write: names only, because values may be personal;
    `facts` are values that never are. `person_id` is whom it is about, `school_id` whose coordinators may see it.
    """
    changed = _changed_columns(subject)
    await session.flush()  # locks the row and obtains its version
    unit: Unit = session.info["unit"]
    return await write(
        unit,
        action,
        actor=actor,
        subject_id=subject.id,
        changed=changed,
        reason=reason,
        facts=facts,
        school_id=school_id or getattr(subject, "school_id", None),
        person_id=person_id,
    )


async def write(  # noqa: PLR0913 - an event is this wide, and every part is named
    unit: Unit,
    action: str,
    *,
    actor: Author | str,
    subject_id: UUID,
    changed: Sequence[str] = (),
    reason: str | None = None,
    facts: Mapping[str, Any] | None = None,
    school_id: UUID | None = None,
    person_id: UUID | None = None,
) -> UUID:
    """Write an event about a row that was written without the session (see `record`), and return its id."""
    kind, account_id, actor_person_id = _named(actor)
    subject_type = action.split(".", 1)[0]
    event_id = new_id()
    await unit.driver.execute(
        _INSERT,
        {
            "tenant": unit.tenant_id,
            "id": event_id,
            "at": clock.now(),
            "action": action,
            "type": subject_type,
            "subject": subject_id,
            "kind": kind,
            "account": account_id,
            "actor": actor_person_id,
            "school": school_id,
            "person": person_id,
            "reason": reason,
            "changed": list(changed),
            "facts": Jsonb(dict(facts or {})),
            "request": unit.info.get("request_id"),
        },
    )
    recorded(unit).subjects.setdefault(subject_id, subject_type)
    return event_id


def _named(actor: Author | str) -> tuple[str, UUID | None, UUID | None]:
    if isinstance(actor, str):
        return actor, None, None
    if actor.by_link:
        return LINK, None, actor.person_id
    return "account", actor.account_id, actor.person_id


def _changed_columns(subject: TenantRow) -> Sequence[str]:
    state = inspect(subject, raiseerr=False)
    if state is None or state.transient:
        return []
    if state.pending:
        return sorted(
            attribute.key
            for attribute in state.attrs
            if attribute.key not in _BOOKKEEPING and state.dict.get(attribute.key) is not None
        )
    return sorted(
        attribute.key
        for attribute in state.attrs
        if attribute.key not in _BOOKKEEPING
        and attribute.key in state.dict
        and attribute.history.has_changes()
    )


_BOOKKEEPING = frozenset(
    {"tenant_id", "id", "version", "created_at", "updated_at", "search", "name_key", "keyed_at"}
)
