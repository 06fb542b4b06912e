"""HTTP of people."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.people import queries, service
from app.features.people.schemas import PersonFilters, PersonIn, PersonOut, PersonPatch

router = APIRouter(prefix="/v1/people", tags=["people"], route_class=UnitRoute)


@router.get("", response_model=Page[PersonOut], dependencies=[needs("person.read")], **LIST)
async def list_people(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[PersonFilters, Query()]
) -> Response:
    """Page through the people the caller may see, by family name.

    Students see themselves, guardians their children too, advisors their advisees, coordinators the people of their
    schools (students, staff, guardians) and supervisors. What is not for the caller's eyes is null.
    """
    keyset = queries.BY_NAME
    rows = await queries.page(session, actor, filters, cursor_values(request, keyset, filters.cursor))
    return page_response(request, *finish_page(request, keyset, rows, filters.limit))


@router.post("", response_model=PersonOut, dependencies=[once("person.create")], **CREATE("get_person"))
async def create_person(body: PersonIn, response: Response, actor: CurrentActor, session: Session) -> Any:
    """Add a person with their first role.

    A coordinator adds students, guardians and advisors at an own school, and supervisors at an employer; only a
    district administrator makes coordinators and district administrators. Nobody gets a login by this: send an
    invitation.
    """
    person_id = await service.create(session, actor, body)
    return located(response, f"/v1/people/{person_id}", await _shown(session, actor, person_id, response))


@router.get("/{person_id}", response_model=PersonOut, dependencies=[needs("person.read")], **READ)
async def get_person(person_id: UUID, response: Response, actor: CurrentActor, session: Session) -> Any:
    """Read one person; what is not for the caller's eyes is null."""
    return await _shown(session, actor, person_id, response)


@router.patch("/{person_id}", response_model=PersonOut, dependencies=[needs("person.update")], **ACTION)
async def update_person(
    person_id: UUID,
    body: PersonPatch,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Change what is known of a person. What the roster says comes back with the next roster."""
    await service.change(session, actor, person_id, body, version)
    return await _shown(session, actor, person_id, response)


async def _shown(session: Session, actor: Actor, person_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, person_id)
    etag(response, found["version"])
    return found
