"""HTTP of students' profiles: the student's to write, and theirs to erase."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from app.access import CurrentActor, IfMatch, Session, needs
from app.core.contract import ACTION, READ, refusals
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.student_profiles import service
from app.features.student_profiles.schemas import StudentProfileOut, StudentProfilePatch

router = APIRouter(prefix="/v1/students", tags=["student profiles"], route_class=UnitRoute)


@router.get(
    "/{student_id}/profile",
    response_model=StudentProfileOut,
    dependencies=[needs("student_profile.read")],
    **READ,
)
async def get_student_profile(
    student_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read a student's interests, week and way: your own, your child's, your advisee's, or one of your school's.

    Where the student lives is shown to the student alone. A student who wrote nothing yet has an empty profile of
    version 0, from which the first change is made.
    """
    return await _shown(session, actor, student_id, response)


@router.patch(
    "/{student_id}/profile",
    response_model=StudentProfileOut,
    dependencies=[needs("student_profile.update")],
    **ACTION,
)
async def update_student_profile(
    student_id: UUID,
    body: StudentProfilePatch,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Change your own profile. Search and suggestions follow it from the next request on.

    Your home is rounded to about a hundred meters before it is kept, and nobody else reads it.
    """
    await service.change(session, actor, student_id, body, version)
    return await _shown(session, actor, student_id, response)


@router.delete(
    "/{student_id}/profile",
    status_code=204,
    dependencies=[needs("student_profile.erase")],
    responses=refusals(401, 403, 404, 422),
)
async def erase_student_profile(student_id: UUID, actor: CurrentActor, session: Session) -> None:
    """Erase your profile with its scores, for good. It also goes a month after you leave the community."""
    await service.erase_own(session, actor, student_id)


async def _shown(session: Session, actor: Actor, student_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, student_id)
    etag(response, found["version"])
    return found
