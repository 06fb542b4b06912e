"""The book the demo community is written into before it is loaded: rows, their histories and who was told."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from app.core.events import LINK, SYSTEM
from app.core.tables import Base, Delivery, Event
from app.demo.places import TENANT_SLUG
from app.domain.lifecycle import next_status
from app.models import Account, AccountTenant, Notification

Row = dict[str, Any]
S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)

_BOOKKEEPING = frozenset({"tenant_id", "id", "version", "created_at", "updated_at"})
_READ_AFTER = timedelta(days=6)


class Step(NamedTuple):
    """One thing that happened to a subject; `by` is a person's row, LINK or SYSTEM."""

    action: StrEnum
    at: datetime
    by: Row | str
    reason: str | None = None


class Ledger:
    """Collects every row by table. The same day gives the same rows, ids included: chance is seeded by nothing else.

    Instants lie before the midnight (UTC) that begins `today`, except those that are due later.
    """

    def __init__(self, today: date) -> None:
        self.today = today
        self.midnight = datetime.combine(today, time(), UTC)
        self.random = Random(f"{TENANT_SLUG} {today.isoformat()}")  # noqa: S311 - invents people, guards nothing
        self.rows: dict[type[Base], list[Row]] = {}
        self.tenant_id = self.new_id(self.ago(700))
        self._seqs: dict[UUID, int] = {}
        self._logins: set[str] = set()
        self._accounts: dict[UUID, UUID] = {}

    def ago(self, longest: float, shortest: float | None = None) -> datetime:
        """Return an instant that many days before today; with two numbers, some instant between them."""
        days = longest if shortest is None else self.random.uniform(shortest, longest)
        return self.midnight - timedelta(days=days)

    def later(self, at: datetime, longest: float, shortest: float = 0.02) -> datetime:
        """Return an instant some days after another one, but before today."""
        found = at + timedelta(days=self.random.uniform(shortest, longest))
        room = self.midnight - at
        return found if found < self.midnight else at + room * self.random.uniform(0.1, 0.9)

    def new_id(self, at: datetime) -> UUID:
        """Return an identifier of the form of a UUIDv7 made at that instant (RFC 9562), from seeded chance."""
        milliseconds = int(at.timestamp() * 1000)
        head = (milliseconds << 16) | (0x7 << 12) | self.random.getrandbits(12)
        return UUID(int=(head << 64) | (0b10 << 62) | self.random.getrandbits(62))

    def add(self, model: type[Base], at: datetime, **values: Any) -> Row:
        """Write down a new row of the tenant, made at that instant."""
        row: Row = {
            "tenant_id": self.tenant_id,
            "id": self.new_id(at),
            "created_at": at,
            "updated_at": at,
            "version": 1,
            **values,
        }
        self.rows.setdefault(model, []).append(row)
        return row

    def open_account(self, person: Row, login: str) -> None:
        """Give a person an account, without a password, under a login that `unused_login` gave."""
        account_id = self.new_id(person["created_at"])
        self.rows.setdefault(Account, []).append(
            {"id": account_id, "login": login, "created_at": person["created_at"]}
        )
        self.rows.setdefault(AccountTenant, []).append(
            {"account_id": account_id, "tenant_id": self.tenant_id, "person_id": person["id"]}
        )
        self._accounts[person["id"]] = account_id

    def unused_login(self, wanted: str) -> str:
        """Return the login, or the first numbered form of it that nobody has; it counts as used from now on."""
        name, _, place = wanted.partition("@")
        login, number = wanted, 1
        while login in self._logins:
            number += 1
            login = f"{name}{number}@{place}"
        self._logins.add(login)
        return login

    def created(self, noun: str, row: Row, by: Row | str, about: UUID | None = None) -> Row:
        """Record that a row was made, by whom, and which columns it was given."""
        given = sorted(name for name, value in row.items() if value is not None and name not in _BOOKKEEPING)
        return self._event(f"{noun}.create", row, row["created_at"], by, about=about, changed=given)

    def follow(
        self,
        noun: str,
        table: Mapping[tuple[S, A], S],
        row: Row,
        steps: Sequence[Step],
        about: UUID | None = None,
    ) -> dict[str, Row]:
        """Lead a row along its life, each step by the domain's table; return the events by action.

        Raises Refused for a step that the table does not have.
        """
        events: dict[str, Row] = {}
        for step in steps:
            row["status"] = next_status(table, row["status"], step.action)  # type: ignore[type-var] # a step of this table
            row["version"] += 1
            row["updated_at"] = step.at
            events[step.action.value] = self._event(
                f"{noun}.{step.action.value}", row, step.at, step.by, reason=step.reason, about=about
            )
        return events

    def note(self, action: str, row: Row, at: datetime, by: Row | str, about: UUID | None = None) -> Row:
        """Record something that moved no status."""
        return self._event(action, row, at, by, about=about)

    def tell(self, person: Row, kind: str, event: Row, *, needs_action: bool = False) -> None:
        """Notify a person of an event; what is older was read."""
        old = event["created_at"] < self.midnight - _READ_AFTER
        read = not needs_action and (old or self.random.random() < 1 / 3)
        self.add(
            Notification,
            event["created_at"],
            person_id=person["id"],
            event_id=event["id"],
            kind=kind,
            subject_type=event["subject_type"],
            subject_id=event["subject_id"],
            needs_action=needs_action,
            read_at=self.later(event["created_at"], 2) if read else None,
        )

    def _event(  # noqa: PLR0913 - one argument for each column that differs
        self,
        action: str,
        row: Row,
        at: datetime,
        by: Row | str,
        *,
        reason: str | None = None,
        about: UUID | None = None,
        changed: Sequence[str] = ("status",),
    ) -> Row:
        subject_id: UUID = row["id"]
        self._seqs[subject_id] = seq = self._seqs.get(subject_id, 0) + 1
        event: Row = {
            "tenant_id": self.tenant_id,
            "id": self.new_id(at),
            "created_at": at,
            "action": action,
            "subject_type": action.split(".", 1)[0],
            "subject_id": subject_id,
            "subject_seq": seq,
            "actor_kind": by if isinstance(by, str) else "account",
            "actor_account_id": None if isinstance(by, str) else self._accounts[by["id"]],
            "actor_person_id": None if isinstance(by, str) else by["id"],
            "school_id": row.get("school_id"),
            "person_id": about,
            "reason": reason,
            "changed": list(changed),
        }
        self.rows.setdefault(Event, []).append(event)
        return event

    def close(self) -> None:
        """Note that every event was delivered: nothing is sent again when the worker starts."""
        self.rows[Delivery] = [
            {"tenant_id": self.tenant_id, "id": subject_id, "delivered_seq": seq}
            for subject_id, seq in self._seqs.items()
        ]


__all__ = ["LINK", "SYSTEM", "Ledger", "Row", "Step"]
