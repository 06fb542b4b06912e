"""HTTP of imports: send a file, watch it, read its report, mend what was not taken, apply it."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, LIST_OF, READ, located, refusals
from app.core.errors import in_spanish
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.intake import ImportKind
from app.domain.policy import Actor
from app.features.imports import queries, service
from app.features.imports.schemas import (
    ApplyIn,
    ConnectionParams,
    ImportFilters,
    ImportItem,
    ImportOut,
    ImportRowFilters,
    ImportRowOut,
    ListingParams,
    RejectedParams,
    RosterParams,
)

router = APIRouter(prefix="/v1/imports", tags=["imports"], route_class=UnitRoute)

_SENT = CREATE("get_import", "import_id", status=202)
_SENT["responses"] |= refusals(415)


def _body(kind: ImportKind) -> dict[str, Any]:
    content = {
        media_type: {"schema": {"type": "string", "format": "binary"}}
        for media_type in service.MEDIA_TYPES[kind]
    }
    return {"requestBody": {"required": True, "content": content}}


@router.post(
    "/roster",
    response_model=ImportOut,
    dependencies=[once("import.create")],
    openapi_extra=_body(ImportKind.ROSTER),
    **_SENT,
)
async def import_roster(
    request: Request,
    response: Response,
    actor: CurrentActor,
    session: Session,
    params: Annotated[RosterParams, Query()],
) -> Any:
    """Send a roster as a OneRoster 1.2 CSV package (a ZIP, at most 25 MiB), bulk or delta.

    It is only tried unless `dry_run=false`: read the import until it has ended, then its report, then apply it. Rows that
    cannot be taken are reported, the others are taken. A roster that would end many people is held for a person to look at.
    """
    data = await request.body()
    service.check_body(ImportKind.ROSTER, request.headers.get("content-type"), data)
    import_id = await service.send_roster(session, actor, params, data)
    return await _sent(request, response, session, actor, import_id)


@router.post(
    "/opportunities",
    response_model=ImportOut,
    dependencies=[once("import.create_listings")],
    openapi_extra=_body(ImportKind.OPPORTUNITIES),
    **_SENT,
)
async def import_opportunities(
    request: Request,
    response: Response,
    actor: CurrentActor,
    session: Session,
    params: Annotated[ListingParams, Query()],
) -> Any:
    """Send a list of programmes as CSV, whatever its columns are called.

    It is only tried unless `dry_run=false`. The import shows which column was read as which field; send `mapping` to say it
    yourself. Rows that repeat a programme are merged into it. What people edited after an earlier import stays as it is.

    Columns, named in English or Spanish: title, employer, description, street, city, region, postal code, latitude,
    longitude, minimum and maximum age, category, clusters, type, seats, start date, end date, apply by, schedule, weekly
    timetable («mon 14:00-17:00; wed 9:00-11:30»), remote, paid, pay per hour, pay total, credit, skills, tags, languages,
    clearances, fields, dress code, deliverable, total hours, hours a month, next available on, url; several values in one
    cell are parted by `;` or `|`. A row whose value cannot be read is reported with its line, column and reason.

    A file of `GET /v1/opportunities/export` changes what was changed in it since the export and nothing else.

    A coordinator sends listings of a school of theirs: `school_id`, which one with a single school may leave out. Rows of
    listings that another school looks after are refused, or left as they are.
    """
    data = await request.body()
    service.check_body(ImportKind.OPPORTUNITIES, request.headers.get("content-type"), data)
    import_id = await service.send_listings(session, actor, params, data)
    return await _sent(request, response, session, actor, import_id)


@router.post(
    "/connections",
    response_model=ImportOut,
    dependencies=[once("import.create_connections")],
    openapi_extra=_body(ImportKind.CONNECTIONS),
    **_SENT,
)
async def import_connections(
    request: Request,
    response: Response,
    actor: CurrentActor,
    session: Session,
    params: Annotated[ConnectionParams, Query()],
) -> Any:
    """Send people and workplaces that a school's families and staff know, as CSV or vCards (at most 25 MiB).

    Every row or card becomes a connection to be screened, as if offered by hand, by its `contributor` (an e-mail address or
    roster id of somebody of the school) or by you. Each states its basis: on what ground the school holds it. It is only
    tried unless `dry_run=false`; the same file again changes nothing, and the file is erased after a week.

    Columns, named in English or Spanish: given name, family name, email, phone, job title, employer, street, city, region,
    postal code, domain, closeness, frequency, years known, offers and fields (several parted by `;` or `|`), share scope,
    credit, note, language, basis, contributor, personal relation. A card says the same in `X-KITHWORK-…` properties, such
    as `X-KITHWORK-DOMAIN`; its notes, birthdays, photographs and home addresses are never read.
    """
    data = await request.body()
    content_type = request.headers.get("content-type")
    service.check_body(ImportKind.CONNECTIONS, content_type, data)
    import_id = await service.send_connections(session, actor, params, content_type, data)
    return await _sent(request, response, session, actor, import_id)


@router.get("", response_model=Page[ImportItem], dependencies=[needs("import.read")], **LIST)
async def list_imports(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[ImportFilters, Query()]
) -> Response:
    """Page through the imports, the latest first."""
    after = cursor_values(request, queries.LATEST, filters.cursor)
    rows = await queries.page(session, actor, filters, after)
    return page_response(request, *finish_page(request, queries.LATEST, rows, filters.limit))


@router.get("/{import_id}", response_model=ImportOut, dependencies=[needs("import.read")], **READ)
async def get_import(
    import_id: UUID, request: Request, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read how far an import has come, what it did, and what may be done with it now."""
    return await _shown(request, response, session, actor, import_id)


@router.get(
    "/{import_id}/rows",
    response_model=Page[ImportRowOut],
    dependencies=[needs("import.read")],
    **LIST_OF,
)
async def list_import_rows(
    import_id: UUID,
    request: Request,
    actor: CurrentActor,
    session: Session,
    filters: Annotated[ImportRowFilters, Query()],
) -> Response:
    """Page through the report of an import: every row that was not taken, and every remark on one that was."""
    after = cursor_values(request, queries.IN_ORDER, filters.cursor)
    rows = await service.rows(session, actor, import_id, filters, after, _locale(request))
    return page_response(request, *finish_page(request, queries.IN_ORDER, rows, filters.limit))


@router.get(
    "/{import_id}/rejected.csv",
    response_class=Response,
    dependencies=[needs("import.read")],
    status_code=200,
    responses={
        **refusals(400, 401, 403, 404, 409, 410, 422),
        200: {
            "description": "The rows as they were sent, and why each was not taken.",
            "content": {"text/csv": {"schema": {"type": "string"}}},
        },
    },
)
async def get_rejected_rows(
    import_id: UUID,
    request: Request,
    actor: CurrentActor,
    session: Session,
    params: Annotated[RejectedParams, Query()],
) -> Response:
    """Get the rows of one file that were not taken as CSV, to mend and send again; the added columns are ignored then."""
    entry, data = await service.file_of(session, actor, import_id, params.file)
    known = await service.known_to(session, entry)
    name, sheet = await asyncio.to_thread(
        service.rejected_rows, entry, data, known, params.file, _locale(request)
    )
    return Response(
        sheet,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post("/{import_id}/apply", response_model=ImportOut, dependencies=[once("import.apply")], **ACTION)
async def apply_import(
    import_id: UUID,
    body: Annotated[ApplyIn, Body(default_factory=ApplyIn)],
    request: Request,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Store what was tried; a held roster is accepted by naming in `accept_ended` how many people it ends.

    The file is read again, against what is stored by then: a roster that would end another number of people is held again.
    """
    await service.apply(session, actor, import_id, body.accept_ended, version)
    return await _shown(request, response, session, actor, import_id)


def _locale(request: Request) -> str:
    return "es" if in_spanish(request) else "en"


async def _sent(
    request: Request, response: Response, session: Session, actor: Actor, import_id: UUID
) -> dict[str, Any]:
    shown = await _shown(request, response, session, actor, import_id)
    located(response, f"/v1/imports/{import_id}", shown)
    return shown


async def _shown(
    request: Request, response: Response, session: Session, actor: Actor, import_id: UUID
) -> dict[str, Any]:
    found = await service.view(session, actor, import_id, _locale(request))
    etag(response, found["version"])
    return found
