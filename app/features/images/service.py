"""Pictures of opportunities and employers: taken in, shown, taken away.

Their bytes have addresses that carry their own permission, because a page cannot send a token for a picture. An
address that was given out while students could find the thing works only while they still can.
"""

import hashlib
import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock, signed
from app.core.db import Unit
from app.core.events import record
from app.core.files import FileStore
from app.core.ids import new_id
from app.core.jobs import ask_for
from app.core.pictures import MADE, MEDIA_TYPES, Picture, Pictures
from app.core.problems import Conflict, FieldError, NotFound, Unprocessable, UnsupportedMediaType
from app.domain.free_text import check_reason, holds_contact_data
from app.domain.image import check_room, works_until
from app.domain.opportunity import check_may_change
from app.domain.policy import Actor
from app.features.images import queries
from app.features.images.schemas import RemoveImageIn
from app.models import Employer, Image, Opportunity

Parent = Opportunity | Employer
ERASE_TASK = "erase_image_files"

_PURPOSE = "image"
_LINK = struct.Struct("!16s16sBI")
_SMALL, _WHILE_SHOWN = 1, 2


async def listed(
    session: AsyncSession, key: bytes, actor: Actor, noun: str, parent_id: UUID
) -> dict[str, Any]:
    """Return the pictures of an opportunity or an employer that the caller may read; raises NotFound."""
    return {"items": await _shown(session, key, await _parent(session, actor, f"{noun}.read", parent_id))}


async def covers(
    session: AsyncSession, key: bytes, actor: Actor, opportunity_ids: Sequence[UUID]
) -> dict[str, Any]:
    """Return the first picture of each of these opportunities that has one and that the caller may read."""
    found = await queries.first_of(session, actor, opportunity_ids)
    return {
        "items": [
            {"opportunity_id": row.pop("opportunity_id"), "image": _with_links(key, actor.tenant_id, row)}
            for row in found
        ]
    }


async def add(  # noqa: PLR0913 - where it goes, what it is, and what reads and keeps it
    session: AsyncSession,
    actor: Actor,
    noun: str,
    parent_id: UUID,
    *,
    key: bytes,
    alt: str,
    content_type: str | None,
    data: bytes,
    pictures: Pictures,
    files: FileStore,
) -> dict[str, Any]:
    """Take in a picture of an opportunity or an employer, made anew; returns it as ImageOut."""
    action = f"{noun}.add_image"
    parent = await _parent(session, actor, action, parent_id)
    _check_kind(content_type)
    _check_words(alt)
    made = await pictures.remake(data)
    # Only now the lock: nobody waits while a picture is drawn. What was read before may be out of date by now.
    session.expunge(parent)
    parent = await _parent(session, actor, action, parent_id, lock=True)
    if isinstance(parent, Opportunity):
        check_may_change(parent.status)
    sha256 = hashlib.sha256(made.large).digest()
    sums = await queries.sums(session, parent)
    if sha256 in sums:
        raise Conflict("this picture is there already", spanish="esta imagen ya está", code="same_image")
    check_room(len(sums))
    image = Image(
        tenant_id=actor.tenant_id,
        id=new_id(),
        opportunity_id=parent.id if isinstance(parent, Opportunity) else None,
        employer_id=parent.id if isinstance(parent, Employer) else None,
        alt=alt,
        width=made.width,
        height=made.height,
        size=len(made.large) + len(made.small),
        sha256=sha256,
        created_by_id=actor.person_id,
    )
    await _keep(files, image, made)
    session.add(image)
    await record(session, action, actor=actor, subject=parent, facts={"image_id": str(image.id)})
    return next(row for row in await _shown(session, key, parent) if row["id"] == image.id)


async def remove(
    session: AsyncSession,
    actor: Actor,
    noun: str,
    parent_id: UUID,
    body: RemoveImageIn,
    version: int,
    *,
    key: bytes,
) -> tuple[dict[str, Any], int]:
    """Take a picture away with its files; returns those that stay, and the parent's version."""
    action = f"{noun}.remove_image"
    parent = await _parent(session, actor, action, parent_id, lock=True)
    check_version(parent, version)
    check_reason(body.reason)
    image = await queries.one_of(session, parent, body.image_id)
    if image is None:
        raise Unprocessable(
            "name a picture that is here in image_id",
            spanish="indique en image_id una imagen que esté aquí",
            errors=[FieldError("no picture here", "unknown_image", pointer="/image_id")],
        )
    await session.delete(image)
    await record(
        session,
        action,
        actor=actor,
        subject=parent,
        reason=body.reason,
        facts={"image_id": str(body.image_id)},
    )
    unit: Unit = session.info["unit"]
    # Files do not roll back: they go when the row has gone for good.
    ask_for(unit, ERASE_TASK, tenant_id=actor.tenant_id, image_id=body.image_id)
    return {"items": await _shown(session, key, parent)}, parent.version


def is_given_out(key: bytes, link: str) -> bool:
    """Say whether an address is one that this service gave out."""
    return _read(key, link) is not None


async def content(unit: Unit, key: bytes, link: str, files: FileStore) -> bytes:
    """Return the bytes behind an address that was given out; raises NotFound once it has ended."""
    read = _read(key, link)
    if read is None:
        raise _nothing_here()
    tenant, image, flags, until = read
    if datetime.fromtimestamp(until, UTC) <= clock.now():
        raise _nothing_here()
    tenant_id, image_id = UUID(bytes=tenant), UUID(bytes=image)
    await unit.open(tenant_id)
    shown = await queries.is_shown(unit, tenant_id, image_id)
    if shown is None or (flags & _WHILE_SHOWN and not shown):
        raise _nothing_here()
    large, small = keys(tenant_id, image_id)
    found = await files.get(small if flags & _SMALL else large)
    if found is None:
        raise _nothing_here()
    return found


def folder(tenant_id: UUID) -> str:
    """Return where in the store the pictures of a community are."""
    return f"{tenant_id}/images"


def keys(tenant_id: UUID, image_id: UUID) -> tuple[str, str]:
    """Return the keys of the larger and the smaller file of a picture."""
    here = f"{folder(tenant_id)}/{image_id}"
    return f"{here}/large.webp", f"{here}/small.webp"


def _read(key: bytes, link: str) -> tuple[bytes, bytes, int, int] | None:
    payload = signed.read(key, _PURPOSE, link)
    if payload is None or len(payload) != _LINK.size:
        return None
    tenant, image, flags, until = _LINK.unpack(payload)
    return tenant, image, flags, until


async def _keep(files: FileStore, image: Image, made: Picture) -> None:
    large, small = keys(image.tenant_id, image.id)
    await files.put(large, made.large, MADE)
    await files.put(small, made.small, MADE)


async def _parent(
    session: AsyncSession, actor: Actor, action: str, parent_id: UUID, *, lock: bool = False
) -> Parent:
    if action.startswith("employer."):
        return await get(session, actor, action, Employer, parent_id, lock=lock)
    return await get(session, actor, action, Opportunity, parent_id, lock=lock)


def _check_kind(content_type: str | None) -> None:
    if (content_type or "").partition(";")[0].strip().lower() not in MEDIA_TYPES:
        raise UnsupportedMediaType(
            f"send the picture itself as the body, with Content-Type: {', '.join(MEDIA_TYPES)}",
            spanish=f"envíe la imagen misma como cuerpo, con Content-Type: {', '.join(MEDIA_TYPES)}",
            headers={"Accept": ", ".join(MEDIA_TYPES)},
        )


def _check_words(alt: str) -> None:
    if holds_contact_data(alt):
        raise Unprocessable(
            "leave e-mail addresses and telephone numbers out of what the picture shows",
            spanish="no escriba correos ni teléfonos en lo que muestra la imagen",
            errors=[FieldError("holds contact data", "contact_data", name="alt")],
        )


async def _shown(session: AsyncSession, key: bytes, parent: Parent) -> list[dict[str, Any]]:
    return [_with_links(key, parent.tenant_id, row) for row in await queries.of(session, parent)]


def _with_links(key: bytes, tenant_id: UUID, row: dict[str, Any]) -> dict[str, Any]:
    flags = _WHILE_SHOWN if row.pop("shown") else 0
    until = int(works_until(clock.now()).timestamp())

    def link(size: int) -> str:
        payload = _LINK.pack(tenant_id.bytes, row["id"].bytes, flags | size, until)
        return f"/v1/images/{signed.sign(key, _PURPOSE, payload)}"

    return {**row, "url": link(0), "small_url": link(_SMALL)}


def _nothing_here() -> NotFound:
    return NotFound(
        "there is no picture at this address any more; read the listing again for the present one",
        spanish="ya no hay ninguna imagen en esta dirección; lea de nuevo la oferta para obtener la actual",
    )
