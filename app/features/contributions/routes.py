"""HTTP of contributing by link, as JSON and as a page for a phone; and of inviting people to it."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse
from pydantic import ValidationError
from starlette.datastructures import FormData

from app.access import CurrentActor, PublicSession, Session, once
from app.core.contract import CREATE, refusals
from app.core.jobs import provisionally
from app.core.languages import Language, Speaks
from app.core.pages import PageRoute, render_page
from app.core.problems import Unprocessable
from app.core.routing import UnitRoute
from app.domain.outreach import ContributionInvitationOutcome
from app.features.connections.schemas import ConnectionIn
from app.features.contributions import service, wording
from app.features.contributions.schemas import (
    ContributedOut,
    ContributionInvitationsIn,
    ContributionInvitationsOut,
    ContributionOut,
)
from app.features.outreach.schemas import OutreachAnswersIn

_PAGES = Path(__file__).parent / "pages"
# Of the page's form, with every box ticked.
_MOST_FIELDS = 60

router = APIRouter(prefix="/v1/contributions", tags=["contributions"], route_class=UnitRoute)
invitations = APIRouter(prefix="/v1/contribution_invitations", tags=["contributions"], route_class=UnitRoute)
pages = APIRouter(
    prefix="/contribute",
    route_class=PageRoute,
    default_response_class=HTMLResponse,
    include_in_schema=False,
)

Secret = Annotated[
    str, InPath(max_length=100, description="The secret at the end of the link, or the printed code.")
]


@router.get("/{secret}", response_model=ContributionOut, responses=refusals(404, 410, 422))
async def get_contribution(secret: Secret, speaks: Speaks, session: PublicSession) -> Any:
    """Read what the holder of a link is asked. Looking changes nothing, leaves no trace and may be repeated."""
    return (await service.look(session, secret, speaks))[0]


@router.post(
    "/{secret}", response_model=ContributedOut, responses=refusals(400, 403, 404, 409, 410, 413, 422)
)
async def offer_contribution(
    secret: Secret, body: ConnectionIn, request: Request, speaks: Speaks, session: PublicSession
) -> Any:
    """Offer somebody, or some workplace, without an account: as `POST /v1/connections`, by the link.

    The link is used up, and `next_link` opens another one. Left out, `school_id` is the only school the holder belongs
    to, or the one that is asking.
    """
    result, _ = await service.offer(session, secret, body, speaks)
    return _answered(request, result)


@router.post(
    "/{secret}/answers", response_model=ContributedOut, responses=refusals(400, 404, 409, 410, 413, 422)
)
async def answer_contribution_questions(
    secret: Secret, body: OutreachAnswersIn, request: Request, speaks: Speaks, session: PublicSession
) -> Any:
    """Answer the questions of the school, once for the whole family; the answers are counted and belong to nobody.

    The link is used up, and `next_link` opens the form for whoever came to mind. Not answering leaves no trace.
    """
    result, _ = await service.answer(session, secret, body.answers, speaks)
    return _answered(request, result)


@invitations.post(
    "",
    response_model=ContributionInvitationsOut,
    dependencies=[once("contribution_invitation.create")],
    **CREATE(status=201),
)
async def create_contribution_invitations(
    body: ContributionInvitationsIn, actor: CurrentActor, session: Session
) -> Any:
    """Mail up to 500 guardians and staff a link to offer a connection by, without an account.

    Everybody asked for is in the answer, with what became of it. A family that was asked this month is left in peace,
    and so is whoever must not be written to. The link works for 30 days, and as long as its holder is a guardian or on
    the staff.
    """
    items = await service.invite(session, actor, body.person_ids)
    invited = sum(item["outcome"] is ContributionInvitationOutcome.INVITED for item in items)
    return {"invited": invited, "items": items}


@pages.get("/{secret}")
async def show_contribution_page(secret: Secret, speaks: Speaks, session: PublicSession) -> Response:
    """Show the form; looking changes nothing."""
    asked, language = await service.look(session, secret, speaks)
    return _form(secret, asked, language, wording.empty(language))


@pages.post("/{secret}")
async def take_contribution_form(
    secret: Secret, request: Request, speaks: Speaks, session: PublicSession
) -> Response:
    """Take the form; what cannot be taken is shown again with what was typed, because a phone forgets it."""
    typed = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    try:
        async with provisionally(session.info["unit"]) as work:
            body = ConnectionIn.model_validate(wording.connection(typed))
            result, language = await service.offer(session, secret, body, speaks)
            work.kept = True
    except (ValidationError, Unprocessable) as error:
        return await _again(secret, speaks, session, typed, error)
    return render_page("contributed.html", language, folder=_PAGES, result=_answered(request, result))


@pages.post("/{secret}/answers")
async def take_answers_form(
    secret: Secret, request: Request, speaks: Speaks, session: PublicSession
) -> Response:
    """Take the answers to the questions."""
    typed = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    result, language = await service.answer(session, secret, wording.answers(typed), speaks)
    return render_page("contributed.html", language, folder=_PAGES, result=_answered(request, result))


async def _again(
    secret: str,
    speaks: Speaks,
    session: PublicSession,
    typed: FormData,
    error: ValidationError | Unprocessable,
) -> Response:
    asked, language = await service.look(session, secret, speaks)
    return _form(secret, asked, language, wording.typed(typed), wording.fault(error, language))


def _form(
    secret: str,
    asked: dict[str, Any],
    language: Language,
    values: dict[str, Any],
    fault: dict[str, Any] | None = None,
) -> Response:
    return render_page(
        "contribute.html",
        language,
        200 if fault is None else 422,
        folder=_PAGES,
        secret=secret,
        asked=asked,
        values=values,
        fault=fault or {"sentence": "", "fields": ()},
        choices=wording.choices(language),
        until=wording.day(asked["valid_until"], asked["zone"], language),
    )


def _answered(request: Request, result: dict[str, Any]) -> dict[str, Any]:
    base: str = request.app.state.settings.base_url
    return {"message": result["message"], "next_link": f"{base}/contribute/{result['next_secret']}"}
