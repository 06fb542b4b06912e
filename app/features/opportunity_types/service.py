"""Kinds of opportunity: what a community makes of those it began with."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version
from app.core.db import Unit
from app.core.events import record
from app.core.ids import new_id
from app.core.problems import FieldError, NotFound, Unprocessable
from app.domain.codes import Names
from app.domain.opportunity_kind import (
    FIRST,
    FIRST_KINDS,
    Kind,
    always_needed,
    check_code_is_new,
    check_needs,
    check_retired,
)
from app.domain.policy import Actor, may_ever
from app.features.opportunity_types import queries
from app.features.opportunity_types.schemas import OpportunityTypeIn, OpportunityTypePatch
from app.models import OpportunityTypeVersion

_MAY_BE_NULL = {"ceds", "minimum_age"}


async def kinds_of(session: AsyncSession, tenant_id: UUID) -> dict[str, Kind]:
    """Return every kind of the community by its code, retired ones too: its own, and those it never changed."""
    changed = {row.code: _kind(row) for row in await queries.current(session, tenant_id)}
    return {**FIRST_KINDS, **changed}


async def kind_of(session: AsyncSession, tenant_id: UUID, code: str) -> Kind:
    """Return the present version of a kind; raises NotFound."""
    row = await queries.current_of(session, tenant_id, code)
    kind = FIRST_KINDS.get(code) if row is None else _kind(row)
    if kind is None:
        raise NotFound(
            "there is no opportunity type here with this code; GET /v1/opportunity_types lists them",
            spanish="no existe aquí ningún tipo de oportunidad con ese código; consulte GET /v1/opportunity_types",
        )
    return kind


async def version_of(session: AsyncSession, tenant_id: UUID, code: str, number: int | None) -> Kind:
    """Return the version under which a listing was written; None is the first. Raises NotFound.

    Read once in a unit of work, however many listings were written under it: a version is never changed.
    """
    unit: Unit = session.info["unit"]
    known: dict[tuple[UUID, str, int], Kind] = unit.info.setdefault("kinds", {})
    key = (tenant_id, code, number or FIRST)
    if key not in known:
        row = await queries.numbered(session, *key)
        kind = FIRST_KINDS.get(code) if row is None else _kind(row)
        if kind is None:
            return await kind_of(session, tenant_id, code)
        known[key] = kind
    return known[key]


async def kind_for_listing(
    session: AsyncSession, tenant_id: UUID, code: str, *, pointer: str = "/type"
) -> Kind:
    """Return the kind that a listing is to have; raises Unprocessable for an unknown or a retired one."""
    kind = (await kinds_of(session, tenant_id)).get(code)
    if kind is None or kind.retired:
        raise Unprocessable(
            "choose a type that GET /v1/opportunity_types lists and that is not retired",
            spanish="elija un tipo de GET /v1/opportunity_types que no esté retirado",
            errors=[FieldError("no such type here, or retired", "unknown_type", pointer=pointer)],
        )
    return kind


async def show_all(session: AsyncSession, actor: Actor, language: str) -> list[dict[str, Any]]:
    """Return every kind, those in use first, each in its own order."""
    kinds = (await kinds_of(session, actor.tenant_id)).values()
    return [shown(kind, actor, language) for kind in sorted(kinds, key=lambda kind: kind.retired)]


async def show(session: AsyncSession, actor: Actor, code: str, language: str) -> dict[str, Any]:
    """Return one kind; raises NotFound."""
    return shown(await kind_of(session, actor.tenant_id, code), actor, language)


async def show_versions(
    session: AsyncSession, actor: Actor, code: str, limit: int, after: list[Any] | None, language: str
) -> list[dict[str, Any]]:
    """Return up to limit + 1 versions of a kind, the latest first; raises NotFound."""
    kind = await kind_of(session, actor.tenant_id, code)
    rows = await queries.versions(session, actor.tenant_id, code, limit, after)
    if not rows and after is None:
        return [{**_named(kind, language), "id": None, "created_at": None, "current": True}]
    return [
        {
            **_named(_kind(row), language),
            "id": row.id,
            "created_at": None if row.number == FIRST and code in FIRST_KINDS else row.created_at,
            "current": row.current,
        }
        for row in rows
    ]


async def create(session: AsyncSession, actor: Actor, body: OpportunityTypeIn) -> str:
    """Add a kind of the community's own and return its code."""
    await queries.lock(session, actor.tenant_id)
    check_code_is_new(body.code, await kinds_of(session, actor.tenant_id))
    kind = Kind(
        code=body.code,
        names=Names(body.names.en, body.names.es),
        stage=body.stage,
        ceds=body.ceds,
        workflow=body.workflow,
        requires_agreement=body.requires_agreement,
        clearances=_each_once(body.clearances),
        minimum_age=body.minimum_age,
        needs=_each_once(body.needs),
    )
    row = _row(actor.tenant_id, kind)
    session.add(row)
    await record(session, "opportunity_type.create", actor=actor, subject=row, facts=_facts(kind))
    return body.code


async def change(
    session: AsyncSession, actor: Actor, code: str, body: OpportunityTypePatch, version: int
) -> None:
    """Make the next version of a kind."""
    await queries.lock(session, actor.tenant_id)
    kind = await kind_of(session, actor.tenant_id, code)
    check_version(kind, version)
    check_retired(kind, retired=False)
    changes = body.model_dump(exclude_unset=True)
    for name, value in changes.items():
        if value is None and name not in _MAY_BE_NULL:
            raise Unprocessable(
                f"give {name} a value, or leave it out to keep the present one",
                spanish=f"dé un valor a {name} u omítalo para conservar el actual",
                errors=[FieldError("may not be null", "null", pointer=f"/{name}")],
            )
    if "names" in changes:
        changes["names"] = Names(**changes["names"])
    for name in ("clearances", "needs"):
        if name in changes:
            changes[name] = _each_once(changes[name])
    if "needs" in changes:
        check_needs(code, changes["needs"])
    await _next(session, actor, kind, changes, "opportunity_type.update")


async def retire(session: AsyncSession, actor: Actor, code: str, version: int, reason: str) -> None:
    """Offer a kind no longer; listings that have it keep it."""
    await queries.lock(session, actor.tenant_id)
    kind = await kind_of(session, actor.tenant_id, code)
    check_version(kind, version)
    check_retired(kind, retired=False)
    await _next(session, actor, kind, {"retired": True}, "opportunity_type.retire", reason)


async def reinstate(session: AsyncSession, actor: Actor, code: str, version: int) -> None:
    """Offer a retired kind again, as it was."""
    await queries.lock(session, actor.tenant_id)
    kind = await kind_of(session, actor.tenant_id, code)
    check_version(kind, version)
    check_retired(kind, retired=True)
    await _next(session, actor, kind, {"retired": False}, "opportunity_type.reinstate")


def describe(kind: Kind) -> dict[str, Any]:
    """Return a kind in JSON."""
    return {
        "code": kind.code,
        "number": kind.number,
        "names": {"en": kind.names.en, "es": kind.names.es},
        "stage": kind.stage.value,
        "ceds": kind.ceds,
        "workflow": kind.workflow.value,
        "requires_agreement": kind.requires_agreement,
        "clearances": list(kind.clearances),
        "minimum_age": kind.minimum_age,
        "needs": list(kind.needs),
        "retired": kind.retired,
    }


def shown(kind: Kind, actor: Actor, language: str) -> dict[str, Any]:
    """Return a kind with what the caller may do with it now."""
    possible = ("reinstate",) if kind.retired else ("retire", "update")
    allowed = [verb for verb in possible if may_ever(actor, f"opportunity_type.{verb}")]
    return {**_named(kind, language), "allowed_actions": allowed}


def _named(kind: Kind, language: str) -> dict[str, Any]:
    return {**describe(kind), "name": kind.names.in_language(language)}


async def _next(
    session: AsyncSession,
    actor: Actor,
    kind: Kind,
    changes: Mapping[str, Any],
    action: str,
    reason: str | None = None,
) -> None:
    present = await queries.current_of(session, actor.tenant_id, kind.code)
    if present is None:
        # What the community began with is kept beside what it made of it.
        present = _row(actor.tenant_id, kind)
        session.add(present)
    present.current = False
    await (
        session.flush()
    )  # one version is the present one: the old one must have given way before the next comes
    following = _changed(kind, changes)
    row = _row(actor.tenant_id, following)
    session.add(row)
    await record(session, action, actor=actor, subject=row, reason=reason, facts=_facts(following))


def _changed(kind: Kind, changes: Mapping[str, Any]) -> Kind:
    said = {name: getattr(kind, name) for name in Kind.__dataclass_fields__}
    return Kind(**{**said, **changes, "number": kind.number + 1})


def _facts(kind: Kind) -> dict[str, Any]:
    return {"code": kind.code, "number": kind.number}


def _each_once(codes: list[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code.value for code in codes))


def _kind(row: OpportunityTypeVersion) -> Kind:
    return Kind(
        code=row.code,
        names=Names(row.name_en, row.name_es),
        stage=row.stage,
        ceds=row.ceds,
        workflow=row.workflow,
        requires_agreement=row.requires_agreement,
        clearances=tuple(row.clearances),
        minimum_age=row.minimum_age,
        needs=tuple(dict.fromkeys([*always_needed(row.code), *row.needs])),
        number=row.number,
        retired=row.retired,
    )


def _row(tenant_id: UUID, kind: Kind) -> OpportunityTypeVersion:
    return OpportunityTypeVersion(
        tenant_id=tenant_id,
        id=new_id(),
        code=kind.code,
        number=kind.number,
        name_en=kind.names.en,
        name_es=kind.names.es,
        ceds=kind.ceds,
        stage=kind.stage,
        workflow=kind.workflow,
        requires_agreement=kind.requires_agreement,
        clearances=list(kind.clearances),
        minimum_age=kind.minimum_age,
        needs=list(kind.needs),
        retired=kind.retired,
        current=True,
    )
