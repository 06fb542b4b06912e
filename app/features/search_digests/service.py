"""The letters of saved searches: what they say, and the link by which they stop.

Low level: the mails ask here when a letter leaves; the searches themselves are kept by features/saved_searches.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.events import LINK, record
from app.core.jobs import Workshop
from app.core.languages import Language
from app.core.problems import NotFound
from app.domain.saved_search import SavedSearchStatus
from app.features.links import service as links
from app.features.search_digests import queries
from app.features.search_digests.queries import Owner
from app.models import LinkToken, Mail, SavedSearch

LETTER = "saved_search_digest"
PURPOSE = "saved_search"
# A letter may lie unread for a summer, and must still be stopped by its link.
_LINK_LIFE = timedelta(days=120)


async def owner_of(session: AsyncSession, search: SavedSearch, now: datetime) -> Owner | None:
    """Return whose search it is, with what they are now; None for somebody who is not here any more."""
    return await queries.owner(session, search.tenant_id, search.person_id, now.date())


async def link_for(session: AsyncSession, mail: Mail) -> str | None:
    """Return the path of the link by which a letter's search stops coming by mail; None: it did meanwhile."""
    if await _wanted(session, mail) is None or mail.subject_id is None:
        return None
    secret = await links.issue(
        session,
        purpose=PURPOSE,
        tenant_id=mail.tenant_id,
        subject_id=mail.subject_id,
        expires_at=clock.now() + _LINK_LIFE,
    )
    return f"/saved_search/{secret}"


async def letter(
    work: Workshop, session: AsyncSession, mail: Mail, _speaks: Language
) -> dict[str, Any] | None:
    """Return what a letter says, all but its link; None when there is nothing left to tell."""
    search = await _wanted(session, mail)
    listed = [UUID(one) for one in mail.facts.get("listings", ())]
    reader = None if search is None else await owner_of(session, search, clock.now())
    # A letter may have waited for days: it says what its reader finds when it leaves.
    found = [] if reader is None else await queries.told(session, reader.actor, listed)
    if search is None or not found:
        return None
    return {
        "search_name": search.name or "",
        "listings": [" · ".join(filter(None, one)) for one in found],
        "more": max(0, int(mail.facts.get("found", 0)) - len(listed)),
        "search_link": f"{work.settings.base_url}/saved_searches/{search.id}",
    }


async def look(session: AsyncSession, secret: str) -> tuple[LinkToken, SavedSearch]:
    """Return the search that a link stops, without using the link up; raises NotFound, or Gone for a used one."""
    link = await links.look(session, secret, PURPOSE)
    return link, await _search(session, link)


async def stop_mails(session: AsyncSession, secret: str, *, every: bool) -> SavedSearch:
    """Let a saved search, or every one of its owner, come by mail no more; notices in the service go on."""
    link = await links.look(session, secret, PURPOSE)
    search = await _search(session, link, lock=True)
    await links.consume(session, link)
    if every:
        await queries.stop_all_mails(session, search.tenant_id, search.person_id)
        await session.refresh(search)
    search.by_mail = False
    await record(
        session,
        "saved_search.stop_mails",
        actor=LINK,
        subject=search,
        facts={"every": every},
        person_id=search.person_id,
    )
    return search


async def _wanted(session: AsyncSession, mail: Mail) -> SavedSearch | None:
    if mail.subject_id is None:
        raise ValueError("a digest is about a saved search")
    search = await queries.search(session, mail.tenant_id, mail.subject_id)
    if search is None or not search.by_mail or search.status is not SavedSearchStatus.ACTIVE:
        return None
    return search


async def _search(session: AsyncSession, link: LinkToken, *, lock: bool = False) -> SavedSearch:
    if link.tenant_id is None:
        raise ValueError("a saved search belongs to a tenant")
    await session.info["unit"].open(link.tenant_id)
    search = await queries.search(session, link.tenant_id, link.subject_id, lock=lock)
    if search is None:
        raise NotFound(
            "this saved search was deleted; no more mail comes of it",
            spanish="esta búsqueda guardada se borró; ya no llegan correos de ella",
            code="search_deleted",
        )
    return search
