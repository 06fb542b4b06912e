"""HTTP of contacts, for the staff who screen connections."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, Session, needs, once
from app.core.contract import ACTION, LIST, READ
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.features.contacts import queries, service
from app.features.contacts.schemas import ContactFilters, ContactOut, GraduationIn

router = APIRouter(prefix="/v1/contacts", tags=["contacts"], route_class=UnitRoute)


@router.get("", response_model=Page[ContactOut], dependencies=[needs("contact.read")], **LIST)
async def list_contacts(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[ContactFilters, Query()]
) -> Response:
    """Page through the people suggested at the caller's schools, newest first.

    `closed` stands for every way in which it came to nothing; nothing is left of those people.
    """
    rows = await queries.page(session, actor, filters, cursor_values(request, queries.NEWEST, filters.cursor))
    return page_response(request, *finish_page(request, queries.NEWEST, rows, filters.limit))


@router.get("/{contact_id}", response_model=ContactOut, dependencies=[needs("contact.read")], **READ)
async def get_contact(contact_id: UUID, actor: CurrentActor, session: Session) -> Any:
    """Read one contact. What becomes of it is for the person themselves to say, by the link they were sent."""
    return await service.view(session, actor, contact_id)


@router.post(
    "/{contact_id}/note_graduation",
    response_model=ContactOut,
    dependencies=[once("contact.note_graduation")],
    **ACTION,
)
async def note_graduation_of_contact(
    contact_id: UUID, body: GraduationIn, actor: CurrentActor, session: Session
) -> Any:
    """Note from which school here somebody graduated, and when: near-peer mentoring comes through graduates.

    It replaces what was noted before and needs no If-Match: a contact shows no version, as its number would tell how
    it came to an end.
    """
    await service.note_graduation(session, actor, contact_id, body)
    return await service.view(session, actor, contact_id)
