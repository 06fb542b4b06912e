"""What people do with saved searches, and telling them what is new."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.events import SYSTEM, record
from app.core.ids import new_id
from app.core.problems import FieldError, NotFound, Unprocessable
from app.domain.lifecycle import next_status
from app.domain.policy import Actor
from app.domain.saved_search import (
    MOST_TOLD,
    TRANSITIONS,
    SavedSearchAction,
    SavedSearchStatus,
    check_room,
    is_tired,
    news_since,
    next_digest,
)
from app.features.catalogue import service as catalogue
from app.features.mails import service as mails
from app.features.saved_searches import queries
from app.features.saved_searches.schemas import SavedSearchIn, SavedSearchPatch
from app.features.search_digests import service as digests
from app.models import SavedSearch

# Found in one digest at the most; the rest is found in the next.
_MOST_FOUND = 200


async def view(session: AsyncSession, actor: Actor, search_id: UUID) -> dict[str, Any]:
    """Return one saved search of the caller's; raises NotFound."""
    found = await queries.view(session, actor, search_id)
    if found is None:
        raise NotFound(
            "there is no saved search of yours with this id",
            spanish="no existe ninguna búsqueda guardada suya con ese id",
        )
    return found


async def create(session: AsyncSession, actor: Actor, body: SavedSearchIn) -> UUID:
    """Save a search; what is published from now on is news to it."""
    person_id = _person(actor)
    now = clock.now()
    check_room(await queries.lock_and_count(session, actor.tenant_id, person_id))
    zone = await queries.zone(session, actor.tenant_id)
    search = SavedSearch(
        tenant_id=actor.tenant_id,
        id=new_id(),
        person_id=person_id,
        name=body.name,
        filters=body.filters.as_json(),
        digest=body.digest,
        by_mail=body.by_mail,
        due_at=next_digest(body.digest, now, zone),
        news_from=now,
        last_found_at=now,
    )
    session.add(search)
    await record(session, "saved_search.create", actor=actor, subject=search, person_id=person_id)
    return search.id


async def change(
    session: AsyncSession, actor: Actor, search_id: UUID, body: SavedSearchPatch, version: int
) -> None:
    """Change what a saved search looks for, and how its owner is told."""
    search = await get(session, actor, "saved_search.update", SavedSearch, search_id, lock=True)
    check_version(search, version)
    now = clock.now()
    for name in body.model_fields_set - {"filters"}:
        value = getattr(body, name)
        if value is None:
            raise Unprocessable(
                f"give {name} a value, or leave it out to keep the present one",
                spanish=f"dé un valor a {name} u omítalo para conservar el actual",
                errors=[FieldError("may not be null", "null", pointer=f"/{name}")],
            )
        setattr(search, name, value)
    if body.filters is not None and body.filters.as_json() != search.filters:
        # Another question: what was there before it was asked is no news.
        search.filters = body.filters.as_json()
        search.news_from = search.last_found_at = now
    if search.status is SavedSearchStatus.ACTIVE and "digest" in body.model_fields_set:
        search.due_at = next_digest(search.digest, now, await queries.zone(session, actor.tenant_id))
    await record(session, "saved_search.update", actor=actor, subject=search, person_id=search.person_id)


async def act(
    session: AsyncSession, actor: Actor, action: SavedSearchAction, search_id: UUID, version: int
) -> None:
    """Pause or resume a saved search; what it missed meanwhile, of the last month, is told when it is resumed."""
    name = f"saved_search.{action.value}"
    search = await get(session, actor, name, SavedSearch, search_id, lock=True)
    check_version(search, version)
    search.status = next_status(TRANSITIONS, search.status, action)
    search.due_at = None
    if search.status is SavedSearchStatus.ACTIVE:
        search.last_found_at = now = clock.now()
        search.due_at = next_digest(search.digest, now, await queries.zone(session, actor.tenant_id))
    await record(session, name, actor=actor, subject=search, person_id=search.person_id)


async def remove(session: AsyncSession, actor: Actor, search_id: UUID) -> None:
    """Delete a saved search, and what it told."""
    search = await get(session, actor, "saved_search.delete", SavedSearch, search_id, lock=True)
    await session.delete(search)
    await record(session, "saved_search.delete", actor=actor, subject=search, person_id=search.person_id)


async def make_digest(session: AsyncSession, tenant_id: UUID, search_id: UUID, now: datetime) -> int:
    """Tell the owner of a search whose digest is due what is new; returns how many listings that were.

    A listing is told once, however often it is changed, paused or published again; where nothing is new, nothing is
    sent. A search that found nothing for a long time rests, and says so once.
    """
    search = await queries.claim(session, tenant_id, search_id, now)
    if search is None:
        return 0
    zone = await queries.zone(session, tenant_id)
    owner = await digests.owner_of(session, search, now)
    following = next_digest(search.digest, now, zone)
    found = [] if owner is None else await _news(session, search, owner.actor, now)
    if found:
        await _tell(
            session, search, found, by_mail=search.by_mail and owner is not None and owner.has_mailbox
        )
        await queries.note(
            session, search, due_at=following, last_found_at=now, told=SavedSearch.told + len(found)
        )
    elif is_tired(search.last_found_at, now):
        search.status = next_status(TRANSITIONS, search.status, SavedSearchAction.REST)
        search.due_at = None
        await record(session, "saved_search.rest", actor=SYSTEM, subject=search, person_id=search.person_id)
    else:
        await queries.note(session, search, due_at=following)
    return len(found)


async def _news(session: AsyncSession, search: SavedSearch, actor: Actor, now: datetime) -> list[UUID]:
    if not actor.standings:
        return []
    try:
        return await catalogue.published_since(
            session,
            actor,
            search.filters,
            news_since(search.news_from, now),
            without_told_by=search.id,
            most=_MOST_FOUND,
        )
    except (Unprocessable, ValidationError):
        # It asks by a home or a timetable that its owner has taken out of the profile, or by a code that a release or
        # the tenant has dropped: it finds nothing, and rests one day.
        return []


async def _tell(session: AsyncSession, search: SavedSearch, found: list[UUID], *, by_mail: bool) -> None:
    event_id = await record(
        session,
        "saved_search.find",
        actor=SYSTEM,
        subject=search,
        facts={"found": len(found)},
        person_id=search.person_id,
    )
    await queries.tell(session, search, event_id, found)
    if by_mail:
        await mails.post(
            session,
            digests.LETTER,
            tenant_id=search.tenant_id,
            person_id=search.person_id,
            event_id=event_id,
            subject_id=search.id,
            facts={"found": len(found), "listings": [str(one) for one in found[:MOST_TOLD]]},
        )


async def put_off(session: AsyncSession, tenant_id: UUID, search_id: UUID, now: datetime) -> None:
    """Leave out a digest that could not be made: the next one tells what this one would have."""
    search = await queries.claim(session, tenant_id, search_id, now)
    if search is not None:
        following = next_digest(search.digest, now, await queries.zone(session, tenant_id))
        await queries.note(session, search, due_at=following)


async def lapse(session: AsyncSession, search: SavedSearch) -> None:
    """Delete a search, and what it told, whose owner has left."""
    await session.delete(search)
    await record(
        session,
        "saved_search.lapse",
        actor=SYSTEM,
        subject=search,
        reason="nobody here any more for a month",
        person_id=search.person_id,
    )


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise ValueError("the policy lets nobody save a search who is not a person")
    return actor.person_id
