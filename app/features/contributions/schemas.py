"""Contributing by link, and the invitations to it, in JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.schemas import In, Out
from app.domain.outreach import ContributionInvitationOutcome
from app.features.outreach.schemas import OutreachQuestionOut

MOST_AT_ONCE = 500


class SchoolChoice(Out):
    """A school that may look after what is offered."""

    id: UUID
    name: str


class ContributionOut(Out):
    """What the holder of a link is asked: a connection, and up to three questions while their school asks them.

    `schools` are those they may offer to: with more than one, name it in `school_id`.
    """

    tenant_name: str
    school_name: str
    schools: list[SchoolChoice]
    message: Annotated[str | None, Field(description="The school's own words, while it asks questions.")]
    questions: list[OutreachQuestionOut]
    valid_until: datetime


class ContributedOut(Out):
    """What came of it. A link works once: `next_link` is the one for another person or workplace."""

    message: str
    next_link: str


class ContributionInvitationsIn(In):
    """Whom to invite: guardians and staff, with or without an account."""

    person_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE)]


class ContributionInvitationItem(Out):
    """What became of inviting one person."""

    person_id: UUID
    outcome: ContributionInvitationOutcome


class ContributionInvitationsOut(Out):
    """What became of every person, in the order asked for."""

    invited: int
    items: list[ContributionInvitationItem]
