"""The book the demo community is written into before it is loaded: rows, their histories and who was told."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import Any, NamedTuple, TypeVar, cast
from uuid import UUID

from app.core.events import LINK, SYSTEM
from app.core.tables import Base, Delivery, Event
from app.demo.places import TENANT_SLUG
from app.domain.connection import ConnectionAction
from app.domain.contact import ContactAction
from app.domain.employer import EmployerAction
from app.domain.goal import GoalAction
from app.domain.lifecycle import next_status
from app.domain.moderation import CaseAction
from app.domain.notices import NOTICES, Audience
from app.domain.opportunity import OpportunityAction
from app.domain.placement import PlacementAction
from app.domain.pursuit import PursuitAction
from app.domain.session import EnrollmentAction, SessionAction
from app.models import Account, AccountTenant, Notification

Row = dict[str, Any]
Whom = Mapping[Audience, Sequence[Row]]
S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)

_BOOKKEEPING = frozenset({"tenant_id", "id", "version", "created_at", "updated_at"})
_READ_AFTER = timedelta(days=6)
_FORGOTTEN_AFTER = timedelta(days=60)
_READ_SOON = 0.3
_NOUNS: dict[type[StrEnum], str] = {
    CaseAction: "listing_case",
    ConnectionAction: "connection",
    ContactAction: "contact",
    EmployerAction: "employer",
    EnrollmentAction: "session_enrollment",
    GoalAction: "goal",
    OpportunityAction: "opportunity",
    PlacementAction: "placement",
    PursuitAction: "pursuit",
    SessionAction: "opportunity_session",
}


class Step(NamedTuple):
    """One thing that happened to a subject; `by` is a person's row, LINK or SYSTEM."""

    action: StrEnum
    at: datetime
    by: Row | str
    reason: str | None = None


class _Happening(NamedTuple):
    """An event before it has a subject: what, when, by whom, why, and which columns changed."""

    action: str
    at: datetime
    by: Row | str
    reason: str | None
    changed: list[str]
    facts: dict[str, Any]


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

    def created(
        self,
        noun: str,
        row: Row,
        by: Row | str,
        about: UUID | None = None,
        whom: Whom | None = None,
        facts: dict[str, Any] | None = None,
    ) -> None:
        """Record that a row was made, by whom, and which columns it was given."""
        given = sorted(name for name, value in row.items() if value is not None and name not in _BOOKKEEPING)
        step = _Happening(f"{noun}.create", row["created_at"], by, None, given, facts or {})
        self._record(step, row, about, whom)

    def did(self, action: str, row: Row, by: Row, about: UUID | None = None) -> None:
        """Record what somebody did that made a row, where the action is not called creating."""
        given = sorted(name for name, value in row.items() if value is not None and name not in _BOOKKEEPING)
        self._record(_Happening(action, row["created_at"], by, None, given, {}), row, about, None)

    def follow(
        self,
        table: Mapping[tuple[S, A], S],
        row: Row,
        steps: Sequence[Step],
        about: UUID | None = None,
        whom: Whom | None = None,
    ) -> None:
        """Lead a row along its life, each step by the domain's table, and tell `whom` it concerns.

        Raises Refused for a step that the table does not have.
        """
        for step in steps:
            before: S = row["status"]
            after = next_status(table, before, cast("A", step.action))
            row["status"] = after
            row["version"] += 1
            row["updated_at"] = step.at
            noun = _NOUNS[type(step.action)]
            facts = {"from": before.value, "to": after.value}
            happening = _Happening(
                f"{noun}.{step.action.value}", step.at, step.by, step.reason, ["status"], facts
            )
            self._record(happening, row, about, whom)

    def note(
        self,
        action: str,
        row: Row,
        at: datetime,
        about: UUID | None = None,
        whom: Whom | None = None,
        facts: dict[str, Any] | None = None,
        by: Row | str = SYSTEM,
        reason: str | None = None,
    ) -> UUID:
        """Record what the clock, or somebody, did to a row without moving its status; return the event's id."""
        row["version"] += 1
        row["updated_at"] = at
        self._record(_Happening(action, at, by, reason, [], facts or {}), row, about, whom)
        event_id: UUID = self.rows[Event][-1]["id"]
        return event_id

    def _record(self, what: "_Happening", row: Row, about: UUID | None, whom: Whom | None) -> None:
        subject_id: UUID = row["id"]
        self._seqs[subject_id] = seq = self._seqs.get(subject_id, 0) + 1
        person = None if isinstance(what.by, str) else what.by
        event: Row = {
            "id": self.new_id(what.at),
            "created_at": what.at,
            "action": what.action,
            "subject_type": what.action.split(".", 1)[0],
            "subject_id": subject_id,
            "subject_seq": seq,
            "actor_kind": what.by if isinstance(what.by, str) else "account",
            "actor_account_id": None if person is None else self._accounts[person["id"]],
            "actor_person_id": None if person is None else person["id"],
            "school_id": row.get("school_id"),
            "person_id": about,
            "reason": what.reason,
            "changed": what.changed,
            "facts": what.facts,
        }
        self.rows.setdefault(Event, []).append(event)
        if whom:
            self._tell(event, whom)

    def _tell(self, event: Row, whom: Whom) -> None:
        """Notify those whom the domain's table of notices names, but whoever did it; what is older was read.

        What is very old is left out: it would be most of the demo, and nobody would look at it.
        """
        at: datetime = event["created_at"]
        if at < self.midnight - _FORGOTTEN_AFTER:
            return
        told: dict[tuple[UUID, str], bool] = {}
        for notice in NOTICES.get(event["action"], ()):
            for person in whom.get(notice.audience, ()):
                if person["id"] != event["actor_person_id"]:
                    key = (person["id"], notice.kind)
                    told[key] = told.get(key, False) or notice.needs_action
        for (person_id, kind), needs_action in told.items():
            read = at < self.midnight - _READ_AFTER or self.random.random() < _READ_SOON
            self.add(
                Notification,
                at,
                person_id=person_id,
                event_id=event["id"],
                kind=kind,
                subject_type=event["subject_type"],
                subject_id=event["subject_id"],
                needs_action=needs_action,
                read_at=self.later(at, 2) if read else None,
            )

    def close(self) -> None:
        """Note that every event was delivered: nothing is sent again when the worker starts."""
        self.rows[Delivery] = [
            {"id": subject_id, "delivered_seq": seq} for subject_id, seq in self._seqs.items()
        ]


__all__ = ["LINK", "SYSTEM", "Ledger", "Row", "Step", "Whom"]
