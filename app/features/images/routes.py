"""HTTP of pictures: of opportunities and of employers, and the bytes themselves."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, refusals
from app.core.db import Manner
from app.core.pictures import MADE, MEDIA_TYPES
from app.core.routing import UnitRoute, limit
from app.core.schemas import etag
from app.features.images import service
from app.features.images.schemas import (
    CoverParams,
    CoversOut,
    ImageOut,
    ImageParams,
    ImagesOut,
    RemoveImageIn,
)


class PictureRoute(UnitRoute):
    """A picture got by its address: read without the ORM, because a page of the catalogue gets twenty at once.

    Counted by address of the picture: a whole school is behind one address of the network.
    """

    manner = Manner.READING

    async def count(self, request: Request) -> None:
        """Count an address that was given out by itself, and what somebody made up against whoever asks."""
        link = request.path_params["link"]
        known = service.is_given_out(request.app.state.hash_key, link)
        await limit(request, f"picture {link}" if known else None)


router = APIRouter(prefix="/v1/images", tags=["images"], route_class=PictureRoute)
of_opportunities = APIRouter(prefix="/v1/opportunities", tags=["images"], route_class=UnitRoute)
of_covers = APIRouter(prefix="/v1/covers", tags=["images"], route_class=UnitRoute)
of_employers = APIRouter(prefix="/v1/employers", tags=["images"], route_class=UnitRoute)

_LIST: dict[str, Any] = {"status_code": 200, "responses": refusals(401, 403, 404, 422)}
_ADD = CREATE()
_ADD["responses"] |= refusals(415)
_ADD["openapi_extra"] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES},
    }
}
_BYTES: dict[str, Any] = {
    "status_code": 200,
    "response_class": Response,
    "responses": {
        **refusals(404, 422),
        200: {
            "description": "The picture.",
            "content": {MADE: {"schema": {"type": "string", "format": "binary"}}},
        },
    },
}
# A picture is never changed, so a client may keep it; for an hour, so that what is hidden goes from its pages soon.
_KEEP = {
    "Cache-Control": "private, max-age=3600, immutable",
    "Content-Disposition": 'inline; filename="picture.webp"',
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@of_opportunities.get(
    "/{opportunity_id}/images",
    response_model=ImagesOut,
    dependencies=[needs("opportunity.read")],
    **_LIST,
)
async def list_opportunity_images(
    opportunity_id: UUID, request: Request, actor: CurrentActor, session: Session
) -> Any:
    """List the pictures of an opportunity, at most eight, the first one first."""
    return await service.listed(session, request.app.state.hash_key, actor, "opportunity", opportunity_id)


@of_opportunities.post(
    "/{opportunity_id}/images",
    response_model=ImageOut,
    dependencies=[once("opportunity.add_image")],
    **_ADD,
)
async def add_opportunity_image(
    opportunity_id: UUID,
    request: Request,
    actor: CurrentActor,
    session: Session,
    params: Annotated[ImageParams, Query()],
) -> Any:
    """Add a picture to an opportunity: the JPEG, PNG or WebP itself as the body, at most 10 MiB.

    It is drawn anew as WebP in two sizes; where and when it was taken, and everything else in the file, is not kept.
    Show nobody's face without asking them.
    """
    return await _add(request, actor, session, "opportunity", opportunity_id, params.alt)


@of_opportunities.post(
    "/{opportunity_id}/remove_image",
    response_model=ImagesOut,
    dependencies=[once("opportunity.remove_image")],
    **ACTION,
)
async def remove_opportunity_image(
    opportunity_id: UUID,
    body: RemoveImageIn,
    request: Request,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Take a picture off an opportunity. Its files are erased, and its addresses end at once."""
    key: bytes = request.app.state.hash_key
    found, now = await service.remove(session, actor, "opportunity", opportunity_id, body, version, key=key)
    etag(response, now)
    return found


@of_covers.get("", response_model=CoversOut, dependencies=[needs("opportunity.read")], **_LIST)
async def get_covers(
    request: Request, actor: CurrentActor, session: Session, params: Annotated[CoverParams, Query()]
) -> Any:
    """Get the first picture of each opportunity on a page of the catalogue, in one request beside the page's own."""
    return await service.covers(session, request.app.state.hash_key, actor, params.opportunity_id)


@of_employers.get(
    "/{employer_id}/images", response_model=ImagesOut, dependencies=[needs("employer.read")], **_LIST
)
async def list_employer_images(
    employer_id: UUID, request: Request, actor: CurrentActor, session: Session
) -> Any:
    """List the pictures of an employer, at most eight, the first one first."""
    return await service.listed(session, request.app.state.hash_key, actor, "employer", employer_id)


@of_employers.post(
    "/{employer_id}/images",
    response_model=ImageOut,
    dependencies=[once("employer.add_image")],
    **_ADD,
)
async def add_employer_image(
    employer_id: UUID,
    request: Request,
    actor: CurrentActor,
    session: Session,
    params: Annotated[ImageParams, Query()],
) -> Any:
    """Add a picture of an employer: the JPEG, PNG or WebP itself as the body, at most 10 MiB.

    It is drawn anew as WebP in two sizes; where and when it was taken, and everything else in the file, is not kept.
    """
    return await _add(request, actor, session, "employer", employer_id, params.alt)


@of_employers.post(
    "/{employer_id}/remove_image",
    response_model=ImagesOut,
    dependencies=[once("employer.remove_image")],
    **ACTION,
)
async def remove_employer_image(
    employer_id: UUID,
    body: RemoveImageIn,
    request: Request,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Take a picture of an employer away. Its files are erased, and its addresses end at once."""
    key: bytes = request.app.state.hash_key
    found, now = await service.remove(session, actor, "employer", employer_id, body, version, key=key)
    etag(response, now)
    return found


@router.get("/{link}", **_BYTES)
async def get_image(link: Annotated[str, Path(max_length=200)], request: Request) -> Response:
    """Get a picture by the address that a list of pictures gave out: no sign-in, until the end of the next day.

    An address from the catalogue ends earlier when students no longer find what the picture is of.
    """
    state = request.app.state
    found = await service.content(request.state.unit, state.hash_key, link, state.files)
    return Response(found, media_type=MADE, headers=_KEEP)


async def _add(
    request: Request, actor: CurrentActor, session: Session, noun: str, parent_id: UUID, alt: str
) -> dict[str, Any]:
    state = request.app.state
    return await service.add(
        session,
        actor,
        noun,
        parent_id,
        key=state.hash_key,
        alt=alt,
        content_type=request.headers.get("content-type"),
        data=await request.body(),
        pictures=state.pictures,
        files=state.files,
    )
