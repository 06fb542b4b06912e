"""Invitations in JSON."""

from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import Field

from app.core.schemas import Clean, In, Out
from app.domain.account import InvitationOutcome, InvitationWay
from app.domain.policy import Role
from app.features.accounts.schemas import Password
from app.models import Person

MOST_AT_ONCE = 500

Username = Annotated[
    str,
    Field(
        min_length=3,
        max_length=100,
        description="3 to 40 letters a-z, digits and . _ - ; the login becomes `username@tenant`.",
    ),
    Clean,
]


class InvitationsIn(In):
    """Whom to invite, and how."""

    person_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE)]
    way: Annotated[
        InvitationWay,
        Field(
            description="mail: a link to each e-mail address. code: a printed code and a username for each."
        ),
    ]


class InvitationItem(Out):
    """What became of the invitation of one person.

    `code` is shown in this answer only: it is null when the answer is repeated. Inviting again makes a new one, and
    the old one stops working.
    """

    person_id: UUID
    outcome: InvitationOutcome
    code: str | None
    login: str | None
    expires_at: datetime | None


class InvitationsOut(Out):
    """What became of every person, in the order asked for."""

    invited: int
    items: list[InvitationItem]


class InvitationShown(Out):
    """What the holder of an invitation sees before accepting it.

    `login` is what they will sign in with; null means that they choose a username. `login_taken` means that an account
    has that login: sign in to it and accept with its access token, or choose a username.
    """

    tenant: str
    tenant_name: str
    given_name: str
    login: str | None
    login_taken: bool
    expires_at: datetime


class InvitationAccept(In):
    """How the holder of an invitation will sign in. Empty when they accept with the access token of their account."""

    password: Password | None = None
    username: Username | None = None


class InvitationAccepted(Out):
    """Who signs in how, and where."""

    login: str
    tenant: str
    person_id: UUID


class Candidate(NamedTuple):
    """Somebody who may be invited: who they are, where, as what, and whether they have an account."""

    person: Person
    school_id: UUID | None
    roles: frozenset[Role]
    has_account: bool
