"""Logins and passwords in JSON."""

from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import Clean, In, Out

# Bounds only what is hashed or looked up at all; the rules for a password answer with sentences of their own.
Password = Annotated[str, Field(max_length=1000, description="12 to 128 characters; several words are fine.")]
Login = Annotated[str, Field(min_length=1, max_length=254), Clean]
LinkSecret = Annotated[
    str, Field(min_length=1, max_length=200, description="From the link or the printed code.")
]


class PasswordChange(In):
    """A new password from somebody who knows the old one."""

    old_password: Annotated[str, Field(max_length=1000)]
    new_password: Password


class ResetRequest(In):
    """Whose password was forgotten."""

    login: Annotated[Login, Field(description="The e-mail address that the person signs in with.")]


class PasswordReset(In):
    """A new password from the holder of a link."""

    token: LinkSecret
    password: Password


class SessionsEnded(Out):
    """How many logins were ended."""

    sessions_ended: int


class ResetAsked(Out):
    """What is answered whether the address is known or not."""

    accepted: bool


class PasswordSet(Out):
    """The new password holds, and every earlier login was ended."""

    login: str


class SessionItem(Out):
    """One login of mine, on one device; `current` is the one that asks."""

    id: UUID
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    tenant: str
    current: bool


class SessionFilters(ListParams):
    """The page of logins."""


class Credentials(NamedTuple):
    """What a login is checked against."""

    account_id: UUID
    kind: str
    secret_hash: str | None
    disabled: bool


class Standing(NamedTuple):
    """Who an account is in one tenant."""

    tenant_id: UUID
    slug: str
    person_id: UUID | None
