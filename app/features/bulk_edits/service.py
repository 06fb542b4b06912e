"""Editing many opportunities at once: shown row by row first, then done for all of them or for none."""

import base64
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import get
from app.core.db import Unit
from app.core.events import record
from app.core.jobs import provisionally
from app.core.problems import AppError, Conflict, FieldError, Unprocessable
from app.core.tokens import keyed_hash
from app.domain.errors import Refused
from app.domain.opportunity import OpportunityAction
from app.domain.policy import Actor
from app.features.bulk_edits import queries
from app.features.bulk_edits.schemas import MOST_ROWS, BulkChanges, BulkEditIn, BulkPreviewIn
from app.features.opportunities import service as opportunities
from app.features.opportunities.schemas import OpportunityPatch
from app.features.search_index import service as search_index
from app.features.seats import service as seats
from app.models import Opportunity

# Rows whose locks a preview holds together.
_AT_ONCE = 100
_DATES = ("starts_on", "ends_on", "apply_by", "next_available_on")
_LISTS = ("skills", "tags")
_OWN = {"action", "reason", "owner_id", "move_days"} | {
    f"{verb}_{name}" for verb in ("add", "remove") for name in _LISTS
}
# What a row of the preview shows, where it differs.
_SHOWN = (
    "status",
    *(name for name in BulkChanges.model_fields if name not in _OWN),
    "owner_id",
)
_WOULD_BE = {
    "en": "with what it has already, this listing would not be sound: {}",
    "es": "con lo que ya tiene, este anuncio no sería válido: {}",
}

Row = dict[str, Any]


async def preview(
    session: AsyncSession, actor: Actor, body: BulkPreviewIn, key: bytes, language: str
) -> dict[str, Any]:
    """Say what the edit would do, by doing it and undoing it: what applies then is what applied here."""
    wanted = await _wanted(session, actor, body)
    rows = await _tried(session, actor, wanted, body.changes, language)
    versions = {row["id"]: row["version"] for row in rows if row["changes"] and not row["refusals"]}
    refused = sum(1 for row in rows if row["refusals"])
    return {
        "rows": rows,
        "changing": len(versions),
        "refused": refused,
        "unchanged": len(rows) - len(versions) - refused,
        "versions": versions,
        "hash": _hash(key, actor, body.changes, versions),
    }


async def _wanted(session: AsyncSession, actor: Actor, body: BulkPreviewIn) -> Sequence[UUID]:
    if body.where is None:
        return list(dict.fromkeys(body.ids or ()))
    found = await queries.matching(session, actor, body.where, MOST_ROWS + 1)
    if len(found) > MOST_ROWS:
        raise Unprocessable(
            f"more than {MOST_ROWS} opportunities match; narrow the filter",
            spanish=f"hay más de {MOST_ROWS} oportunidades que coinciden; limite el filtro",
            errors=[FieldError("matches too many", "too_many_rows", pointer="/where")],
        )
    return found


async def _tried(
    session: AsyncSession, actor: Actor, ids: Sequence[UUID], changes: BulkChanges, language: str
) -> list[Row]:
    unit: Unit = session.info["unit"]
    rows: list[Row] = []
    for start in range(0, len(ids), _AT_ONCE):
        # Undone some rows at a time, which gives their locks back: students go on taking seats meanwhile.
        async with provisionally(unit):
            edit = await _begin(session, actor, ids[start : start + _AT_ONCE], changes, language)
            rows += [await edit.do(each) for each in ids[start : start + _AT_ONCE]]
    return rows


async def _begin(
    session: AsyncSession, actor: Actor, ids: Sequence[UUID], changes: BulkChanges, language: str
) -> "_Edit":
    """Lock the rows that the caller may edit so, in one statement."""
    actions = ["opportunity.edit_in_bulk"]
    if changes.model_fields_set - {"action", "reason"}:
        actions.append("opportunity.update")
    if changes.action is not None:
        actions.append(f"opportunity.{changes.action.value}")
    held = await queries.held(session, actor, ids, actions)
    return _Edit(session, actor, changes, language, actions, held)


@dataclass(slots=True)
class _Edit:
    session: AsyncSession
    actor: Actor
    changes: BulkChanges
    language: str
    actions: Sequence[str]
    held: Mapping[UUID, Opportunity]
    # Those whose seats or status are others now: somebody in line may be next.
    moved: list[Opportunity] = field(default_factory=list)

    async def do(self, opportunity_id: UUID) -> Row:
        """Do one row; where it may not be done the row says why, and the caller undoes what there is of it."""
        row: Row = {"id": opportunity_id, "title": None, "version": None, "changes": [], "refusals": []}
        opportunity = self.held.get(opportunity_id)
        try:
            opportunity = opportunity or await self._get(opportunity_id)
            row |= {"title": opportunity.title, "version": opportunity.version}
            row["changes"] = await self._edit(opportunity)
            row["becomes"] = opportunity.version
        except (Refused, AppError, ValidationError) as refused:
            row["refusals"] = _refusals(refused, self.language)
            row["changes"] = []
            if opportunity is not None:
                # What was set and not written yet would be written with the next row.
                self.session.expire(opportunity)
        return row

    async def _get(self, opportunity_id: UUID) -> Opportunity:
        """Say why a row was not among those that were locked, as everywhere: it is not here, or not theirs to edit."""
        found = [
            await get(self.session, self.actor, action, Opportunity, opportunity_id, lock=True)
            for action in self.actions
        ]
        return found[-1]

    async def _edit(self, opportunity: Opportunity) -> list[dict[str, Any]]:
        """Change one opportunity as one person would by hand, and return which fields are different now."""
        session, actor, changes = self.session, self.actor, self.changes
        before = _shown(opportunity)
        said = _wanted_of(opportunity, changes)
        wanted = {name: value for name, value in said.items() if value != before.get(name)}
        moved = False
        if wanted:
            patch = OpportunityPatch.model_validate(orjson.loads(orjson.dumps(wanted)))
            moved = await opportunities.rewrite(session, actor, opportunity, patch)
        if "owner_id" in changes.model_fields_set and changes.owner_id != opportunity.owner_id:
            await _give(session, actor, opportunity, changes.owner_id)
        if changes.action is not None:
            action = OpportunityAction(changes.action)
            moved |= await opportunities.move(session, actor, action, opportunity, changes.reason)
        if moved:
            self.moved.append(opportunity)
        after = _shown(opportunity)
        confirmed = changes.action is OpportunityAction.CONFIRM
        return [
            {"field": name, "before": before[name], "after": after[name]}
            for name in (*_SHOWN, *(("confirmed_at",) if confirmed else ()))
            if before[name] != after[name]
        ]


def _refusals(refused: Refused | AppError | ValidationError, language: str) -> list[dict[str, Any]]:
    if isinstance(refused, Refused):
        sentence = refused.spanish if language == "es" else refused.sentence
        return [_refusal(refused.pointer, refused.code, sentence)]
    if isinstance(refused, AppError):
        sentence = (refused.spanish if language == "es" else None) or refused.detail
        return [
            _refusal(fault.pointer, fault.code, sentence) for fault in refused.errors if fault.pointer
        ] or [_refusal(None, refused.code, sentence)]
    # Each value was sound for itself; only what they add up to in this listing is not.
    return [
        _refusal(f"/{fault['loc'][0]}", fault["type"], _WOULD_BE[language].format(fault["msg"]))
        for fault in refused.errors()
    ]


def _refusal(pointer: str | None, code: str, detail: str) -> dict[str, Any]:
    field = (pointer or "").strip("/").partition("/")[0] or None
    return {"field": field, "code": code, "detail": detail}


async def apply(
    session: AsyncSession, actor: Actor, body: BulkEditIn, key: bytes, language: str
) -> dict[str, Any]:
    """Do what a preview showed: every row, or none and Conflict naming those that are not as they were."""
    seen = _hash(key, actor, body.changes, body.versions)
    if not hmac.compare_digest(seen.encode(), body.hash.encode()):
        raise Unprocessable(
            "preview this edit first, and send its hash with the same changes and versions",
            spanish="previsualice antes esta edición y envíe su hash con los mismos cambios y versiones",
            code="preview_needed",
            errors=[FieldError("is not of these changes and versions", "preview_needed", pointer="/hash")],
        )
    rows, moved = [], []
    edit = await _begin(session, actor, list(body.versions), body.changes, language)
    for opportunity_id in sorted(body.versions):
        row = await edit.do(opportunity_id)
        if row["version"] != body.versions[opportunity_id]:
            detail = "somebody changed it since the preview"
            moved.append(FieldError(detail, "changed", pointer=f"/versions/{opportunity_id}"))
        elif row["refusals"] or not row["changes"]:
            detail = row["refusals"][0]["detail"] if row["refusals"] else "it is so already"
            moved.append(FieldError(detail, "refused", pointer=f"/versions/{opportunity_id}"))
        else:
            rows.append(row)
    if moved:
        # Raising undoes the rows that went well: the whole request is one transaction.
        raise Conflict(
            f"{len(moved)} of these are not as the preview showed them, and nothing was changed; preview the edit again",
            spanish=f"{len(moved)} de estas ya no están como en la previsualización y no se cambió nada; repítala",
            code="changed_since_preview",
            errors=moved,
        )
    # Only now, when every row is what it becomes: nobody is offered a seat of what closes in the same edit.
    await seats.offer_next_of(session, actor.tenant_id, edit.moved)
    await search_index.refresh(session, actor.tenant_id, body.versions)
    return {"rows": [{**row, "version": row["becomes"]} for row in rows], "changed": len(rows)}


def _wanted_of(opportunity: Opportunity, changes: BulkChanges) -> dict[str, Any]:
    said = changes.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude=_OWN)
    if changes.move_days:
        moved = timedelta(days=changes.move_days)
        for name in _DATES:
            day: date | None = getattr(opportunity, name)
            if day is not None and name not in said:
                said[name] = _later(day, moved).isoformat()
    for name in _LISTS:
        added, removed = getattr(changes, f"add_{name}") or [], getattr(changes, f"remove_{name}") or []
        if added or removed:
            present = said.get(name) or getattr(opportunity, name)
            said[name] = [each for each in dict.fromkeys([*present, *added]) if each not in set(removed)]
    return said


def _later(day: date, moved: timedelta) -> date:
    try:
        return day + moved
    except OverflowError:
        raise Refused(
            "date_out_of_range",
            "moved so far, a date of this listing would leave the calendar",
            "con ese cambio, una fecha de este anuncio saldría del calendario",
            pointer="/move_days",
        ) from None


async def _give(session: AsyncSession, actor: Actor, opportunity: Opportunity, owner_id: UUID | None) -> None:
    staff = owner_id is not None and await queries.is_staff(
        session, actor.tenant_id, owner_id, opportunity.school_id
    )
    if not staff:
        raise Refused(
            "not_staff",
            "choose somebody who works for the listing's school, or for the whole community",
            "elija a alguien que trabaje en la escuela del anuncio o para toda la comunidad",
            pointer="/owner_id",
        )
    opportunity.owner_id = owner_id
    await record(session, "opportunity.update", actor=actor, subject=opportunity, person_id=owner_id)


def _shown(opportunity: Opportunity) -> dict[str, Any]:
    """Return what the preview compares, as JSON has it."""
    values = {name: getattr(opportunity, name) for name in (*_SHOWN, "confirmed_at")}
    shown: dict[str, Any] = orjson.loads(orjson.dumps(values))
    return shown


def _hash(key: bytes, actor: Actor, changes: BulkChanges, versions: Mapping[UUID, int]) -> str:
    """Return what only a preview by this caller, of these changes to these versions, is answered."""
    said = {
        "tenant": actor.tenant_id,
        "account": actor.account_id,
        "changes": changes.model_dump(mode="json", by_alias=True, exclude_unset=True),
        "versions": {str(each): version for each, version in versions.items()},
    }
    text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()
    return base64.urlsafe_b64encode(keyed_hash(key, f"bulk edit {text}")).decode().rstrip("=")
