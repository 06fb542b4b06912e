"""Which rows of a table an actor may act on, and which actions each row allows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, bindparam, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.owners import MODELS
from app.access.scopes import CLAUSES, Clause, binds, me, tenant
from app.core.db import Unit
from app.core.hotread import HotSelect
from app.core.problems import Forbidden, NotFound
from app.core.tables import Event, TenantRow
from app.domain.policy import POLICY, PRIVATE_NOUNS, Actor, Scope, may_ever, scopes
from app.models import Contact, Employer

Row = TypeVar("Row", bound=TenantRow)

_WHOLE_TENANT = {Scope.TENANT, Scope.GRANTED}
_MERGEABLE = {Employer, Contact}


def require_ever(actor: Actor, action: str) -> None:
    """Refuse a caller none of whose roles ever has this action."""
    if not may_ever(actor, action):
        raise Forbidden(
            f"none of your roles may {action.replace('.', ': ')}; ask a coordinator of your school",
            spanish="ninguno de sus roles permite esta acción; consulte a un coordinador de su escuela",
        )


def require_at_school(actor: Actor, action: str, school_id: UUID) -> None:
    """Check a creation on its school: within one's schools, or anywhere for the whole tenant's roles."""
    found = scopes(actor, action)
    in_school = school_id in actor.schools(found.get(Scope.SCHOOL, ()))
    if not in_school and not found.keys() & _WHOLE_TENANT:
        raise Forbidden(
            "you may do this only for a school where you hold the role",
            spanish="solo puede hacerlo en una escuela donde tenga ese rol",
            code="other_school",
        )


def allowed(actor: Actor, action: str, model: type[Any]) -> Clause:
    """Return the WHERE clause of the rows of `model` on which `actor` may do `action`: the only way to ask.

    Reading one, listing, counting and exporting use the same clause, so they cannot disagree.
    """
    found = scopes(actor, action)
    in_tenant: Clause = model.tenant_id == tenant(actor)
    if model in _MERGEABLE:
        # What was merged into another one is there for the history only; the other one stands for it.
        in_tenant = and_(in_tenant, model.merged_into_id.is_(None))
    if model is Event:
        mine = Event.person_id == me(actor)
        in_tenant = and_(in_tenant, or_(Event.subject_type.not_in(sorted(PRIVATE_NOUNS)), mine))
    if found.keys() & _WHOLE_TENANT:
        return in_tenant
    if not found:
        return false()
    return and_(
        in_tenant, or_(*(CLAUSES[scope](actor, model, roles) for scope, roles in sorted(found.items())))
    )


async def get(
    session: AsyncSession, actor: Actor, action: str, model: type[Row], row_id: UUID, *, lock: bool = False
) -> Row:
    """Load the row an action is about: NotFound if the caller may not read it, Forbidden if not act on it.

    `lock` takes the row lock, for changes that look at more than this row.
    """
    noun = action.split(".", 1)[0]
    statement = select(model, allowed(actor, action, model).label("may")).where(
        model.id == row_id, or_(allowed(actor, f"{noun}.read", model), allowed(actor, action, model))
    )
    found = (await session.execute(statement.with_for_update(of=model) if lock else statement)).one_or_none()
    if found is None:
        raise _not_here(noun)
    row, may = found
    if not may:
        raise Forbidden(
            f"you may see this {noun.replace('_', ' ')}, but this is for someone else to do",
            spanish="puede ver este elemento, pero esta acción le corresponde a otra persona",
        )
    result: Row = row
    return result


_readable = HotSelect()


async def require_readable(unit: Unit, actor: Actor, noun: str, row_id: UUID) -> None:
    """Refuse, as if it did not exist, a thing that the caller may not read; on the driver, whatever the manner."""
    action, model = f"{noun}.read", MODELS[noun]

    def build() -> Select[Any]:
        return select(model.id).where(model.id == bindparam("row", type_=Uuid), allowed(actor, action, model))

    shape = (action, actor.roles, actor.oauth_scopes)
    if not await _readable.rows(unit, shape, build, {**binds(actor, action), "row": row_id}):
        raise _not_here(noun)


def was_merged(standing: UUID) -> NotFound:
    """Return the refusal of a row that was merged with another one, which the caller may read."""
    return NotFound(
        f"this was merged with another one; read {standing} instead",
        spanish=f"esto se unió con otro; lea {standing} en su lugar",
        code="merged",
    )


def _not_here(noun: str) -> NotFound:
    return NotFound(
        f"there is no {noun.replace('_', ' ')} here with this id that you may see",
        spanish="no existe aquí ningún elemento con ese id que usted pueda ver",
    )


class RowActions:
    """Which actions each row of a list or a representation allows this caller: boolean columns beside the row's own.

    Actions that the caller has by the same scopes share one column.
    """

    def __init__(self, actor: Actor, model: type[Any], actions: Iterable[str]) -> None:
        self._actor = actor
        self._model = model
        self._labels: dict[str, str] = {}
        self._actions: dict[str, str] = {}
        labels: dict[Any, str] = {}
        for action in actions:
            if found := scopes(actor, action):
                label = labels.setdefault(frozenset(found.items()), f"may_{len(labels)}")
                self._labels[action] = label
                self._actions.setdefault(label, action)
        self._known: dict[Any, list[str]] = {}

    @property
    def columns(self) -> list[ColumnElement[Any]]:
        """Return the columns to select beside the row's own."""
        return [
            allowed(self._actor, action, self._model).label(label) for label, action in self._actions.items()
        ]

    def take(self, row: dict[str, Any], possible: Sequence[str]) -> list[str]:
        """Return the verbs of `possible` that the row's flags allow, and remove the flags from the row."""
        flags = {label: row.pop(label) for label in self._actions}
        key = (id(possible), *flags.values())
        if key not in self._known:
            self._known[key] = sorted(
                action.split(".", 1)[1]
                for action in possible
                if flags.get(self._labels.get(action, ""), False)
            )
        return self._known[key]


def verbs(noun: str, transitions: Mapping[tuple[Any, Any], Any], *more: str) -> dict[str, list[str]]:
    """Return, for every status, the noun's actions that can lead on from it, with those possible in any status."""
    always = [f"{noun}.{verb}" for verb in more]
    found = {
        status.value: list(always)
        for status in {*transitions.values(), *(before for before, _ in transitions)}
    }
    for status, action in transitions:
        # What only the clock does (SYSTEM_ACTIONS) is in the table of the life, not in the policy.
        if (name := f"{noun}.{action.value}") in POLICY:
            found[status.value].append(name)
    return found
