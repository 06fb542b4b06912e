"""What a student does with their own map; nobody else changes it, and one adult reads it while it is shared.

Events of a map name the student and nobody's school, and `app/access/rows.py` shows them to the student alone. What a
label says is the student's own word for somebody: it stays on the map when a contact that was made of the entry is
erased, because the map is the student's memory and not the service's knowledge of that contact.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.events import record
from app.core.idempotency import blank_answers_about
from app.core.ids import new_id
from app.core.languages import Language, negotiate
from app.core.problems import FieldError, Forbidden, NotFound, Unprocessable
from app.domain.connection import ConnectionDomain
from app.domain.fields import FIELDS, field_name
from app.domain.free_text import holds_contact_data
from app.domain.local_time import local_day
from app.domain.names import NAMES
from app.domain.network_map import (
    PROMPTS,
    HelpKind,
    Known,
    MapTie,
    check_due,
    check_not_offered,
    check_room,
    reminder,
    summary,
)
from app.domain.policy import Actor
from app.features.connections import service as connections
from app.features.connections.schemas import ConnectionIn
from app.features.network_map import queries
from app.features.network_map.schemas import MapEntryIn, MapEntryOffer, MapEntryPatch
from app.models import MapEntry, Person


def student(actor: Actor) -> UUID:
    """Return whose map the caller's own is; raises Forbidden for a caller who is no person."""
    if actor.person_id is None:
        raise Forbidden("only students have network maps", spanish="solo los estudiantes tienen mapas de red")
    return actor.person_id


def language(accept_language: str | None, actor: Actor) -> Language:
    """Return the language that a map is shown in: the one asked for, or else the caller's own."""
    if accept_language:
        return negotiate(accept_language)
    return "es" if actor.locale == "es" else "en"


async def require_shown(session: AsyncSession, actor: Actor, student_id: UUID) -> None:
    """Refuse, as if it did not exist, a map that is not the caller's and not shared with them now."""
    await get(session, actor, "network_map.read", Person, student_id)


async def view(session: AsyncSession, actor: Actor, student_id: UUID, speaks: str) -> dict[str, Any]:
    """Return everybody on a map and what it shows, in the language `speaks`; only what the caller may read is in it."""
    rows = await queries.entries(session, actor, student_id=student_id)
    return {"student_id": student_id, "entries": rows, "summary": _summary(rows, speaks)}


async def goal_titles(session: AsyncSession, actor: Actor, student_id: UUID) -> dict[UUID, str]:
    """Return what a student's goals say, by id, as far as the caller may read them."""
    return await queries.goal_titles(session, actor, student_id)


async def entry(session: AsyncSession, actor: Actor, entry_id: UUID) -> dict[str, Any]:
    """Return one entry as the caller may see it; raises NotFound."""
    found = await queries.entries(session, actor, entry_id=entry_id)
    if not found:
        raise NotFound(
            "there is nobody here with this id whom you may see",
            spanish="no hay aquí nadie con ese id que puedas ver",
        )
    return found[0]


async def add(session: AsyncSession, actor: Actor, body: MapEntryIn) -> UUID:
    """Put somebody on the caller's map."""
    student_id = student(actor)
    check_texts({"/label": body.label, "/next_step": body.next_step})
    check_room(await queries.lock_and_count(session, actor.tenant_id, student_id))
    await _check_goals(session, actor, body.goal_ids)
    made = MapEntry(
        tenant_id=actor.tenant_id,
        id=new_id(),
        student_id=student_id,
        help=_each_once(body.help),
        fields=_each_once(body.fields),
        **body.model_dump(exclude={"help", "fields", "goal_ids"}),
    )
    await _set_reminder(session, made)
    session.add(made)
    await record(session, "map_entry.create", actor=actor, subject=made, person_id=student_id)
    await queries.set_goals(session, made, body.goal_ids)
    return made.id


async def change(
    session: AsyncSession, actor: Actor, entry_id: UUID, body: MapEntryPatch, version: int
) -> None:
    """Change somebody on the caller's map; a new day for the next step reminds again."""
    found = await get(session, actor, "map_entry.update", MapEntry, entry_id, lock=True)
    check_version(found, version)
    given = {name: getattr(body, name) for name in body.model_fields_set}
    check_texts({f"/{name}": given.get(name) for name in ("label", "next_step")})
    goal_ids = given.pop("goal_ids", None)
    if goal_ids is not None:
        await _check_goals(session, actor, goal_ids)
        await queries.set_goals(session, found, goal_ids)
        # The links stand beside the entry: its version has to rise for them too.
        found.updated_at = clock.now()
    for name in ("help", "fields"):
        if name in given:
            given[name] = _each_once(given[name])
    if "next_step" in given and given["next_step"] is None:
        given.setdefault("next_step_due_on", None)
    before = found.next_step_due_on
    for name, value in given.items():
        setattr(found, name, value)
    if found.next_step is None and found.next_step_due_on is not None:
        raise Unprocessable(
            "say what the next step is, or leave out its day",
            spanish="escribe cuál es el próximo paso o deja fuera la fecha",
            errors=[FieldError("a day without a step", "step_missing", pointer="/next_step_due_on")],
        )
    if found.next_step_due_on != before:
        await _set_reminder(session, found)
    await record(session, "map_entry.update", actor=actor, subject=found, person_id=found.student_id)


async def remove(session: AsyncSession, actor: Actor, entry_id: UUID) -> None:
    """Take somebody off the caller's map, out of stored answers as well; a connection made of them stays."""
    found = await get(session, actor, "map_entry.delete", MapEntry, entry_id, lock=True)
    await session.delete(found)
    await record(session, "map_entry.delete", actor=actor, subject=found, person_id=found.student_id)
    await forget_answers(session, actor.tenant_id, [entry_id])


async def offer(
    session: AsyncSession, actor: Actor, entry_id: UUID, body: MapEntryOffer, version: int
) -> None:
    """Offer one person of the map to the pool: a connection of what the body states, and nothing else of the entry."""
    found = await get(session, actor, "map_entry.offer", MapEntry, entry_id, lock=True)
    check_version(found, version)
    check_not_offered(offered=found.connection_id is not None)
    # First of the events: a repeated request is authorised on the first subject, and that is the entry.
    await record(session, "map_entry.offer", actor=actor, subject=found, person_id=found.student_id)
    stated = {name: getattr(body, name) for name in ConnectionIn.model_fields}
    for name in ("domain", "closeness", "frequency"):
        if stated[name] is None:
            stated[name] = getattr(found, name)
    found.connection_id = await connections.create(session, actor, ConnectionIn(**stated))
    await session.flush()  # obtains the new version, which the answer shows


async def erase_own(session: AsyncSession, actor: Actor) -> None:
    """Erase everything the caller ever put on their map, with their goals and shares."""
    student_id = student(actor)
    person = await get(session, actor, "network_map.erase", Person, student_id, lock=True)
    await erase(session, actor.tenant_id, student_id)
    await record(session, "network_map.erase", actor=actor, subject=person, person_id=student_id)


async def erase(session: AsyncSession, tenant_id: UUID, student_id: UUID) -> None:
    """Erase a student's map, goals and shares, out of stored answers as well: for them, and when a person is erased.

    Until then a map is kept, also when the student has left: nobody reads it, because a share ends with what makes
    them a student here, and they find it again when they come back.
    """
    gone = await queries.erase(session, tenant_id, student_id)
    await forget_answers(session, tenant_id, gone)


async def forget_answers(session: AsyncSession, tenant_id: UUID, subject_ids: list[UUID]) -> None:
    """Blank the stored answers about these subjects."""
    await blank_answers_about(session, tenant_id, subject_ids)


def check_texts(written: Mapping[str, str | None]) -> None:
    """Refuse e-mail addresses and telephone numbers in a student's own words; the keys are JSON Pointers."""
    at_fault = [place for place, text in written.items() if text and holds_contact_data(text)]
    if at_fault:
        raise Unprocessable(
            "leave e-mail addresses and telephone numbers out; keep them where you keep them now",
            spanish="no escribas correos ni teléfonos; guárdalos donde ya los tienes",
            errors=[FieldError("holds contact data", "contact_data", pointer=place) for place in at_fault],
        )


def _each_once(values: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(str(value) for value in values))


async def _check_goals(session: AsyncSession, actor: Actor, goal_ids: Sequence[UUID]) -> None:
    if not goal_ids:
        return
    known = await queries.goals_among(session, actor.tenant_id, student(actor), goal_ids)
    if not known.issuperset(goal_ids):
        raise Unprocessable(
            "name goals of your own in goal_ids",
            spanish="indica en goal_ids metas tuyas",
            errors=[FieldError("not a goal of yours", "unknown_goal", pointer="/goal_ids")],
        )


async def _set_reminder(session: AsyncSession, found: MapEntry) -> None:
    if found.next_step_due_on is None:
        found.remind_at = None
        return
    zone = await queries.zone_of(session, found.tenant_id, found.student_id)
    check_due(found.next_step_due_on, local_day(clock.now(), zone))
    found.remind_at = reminder(found.next_step_due_on, zone)


def _summary(rows: Sequence[Mapping[str, Any]], speaks: str) -> dict[str, Any]:
    shown = summary(
        Known(row["domain"], row["closeness"], row["frequency"], row["help"], row["fields"]) for row in rows
    )

    def named(code: ConnectionDomain | HelpKind) -> str:
        return NAMES[type(code)][code].in_language(speaks)

    return {
        "people": shown.people,
        "domains": [
            {"domain": domain, "name": named(domain), "people": people}
            for domain, people in shown.domains.items()
        ],
        "ties": {tie.value: shown.ties[tie] for tie in MapTie},
        "help": [
            {"kind": kind, "name": named(kind), "people": people} for kind, people in shown.help.items()
        ],
        "fields": [
            {"field": field, "name": field_name(field).in_language(speaks)}
            for field in shown.fields
            if field in FIELDS  # a release may drop one from the vocabulary
        ],
        "empty_domains": [
            {"domain": domain, "name": named(domain), "question": PROMPTS[domain].in_language(speaks)}
            for domain in shown.empty_domains
        ],
    }
