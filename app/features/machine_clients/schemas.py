"""Machine clients in JSON."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from app.core.paging import ListParams
from app.core.schemas import In, Line, Out


class GrantableScope(StrEnum):
    """What a machine client may be granted; the scopes of the policy's integration column."""

    ROSTER_WRITE = "roster.write"
    ROSTER_READ = "roster.read"
    CATALOGUE_READ = "catalogue.read"
    PLACEMENTS_READ = "placements.read"


def _once_each(scopes: list[GrantableScope]) -> list[GrantableScope]:
    return sorted(set(scopes))


class MachineClientIn(In):
    """A new machine client, such as the student information system."""

    name: Line
    scopes: Annotated[list[GrantableScope], Field(min_length=1, max_length=20), AfterValidator(_once_each)]


class MachineClientOut(Out):
    """A machine client; `client_id` is what it signs in with."""

    id: UUID
    name: str
    client_id: str
    scopes: list[GrantableScope]
    created_at: datetime
    created_by_id: UUID | None
    revoked_at: datetime | None
    version: int
    allowed_actions: list[str]


class MachineClientSecret(MachineClientOut):
    """A machine client with its secret.

    `client_secret` is in this answer only: it is null when the answer is repeated. Who lost it rotates it.
    """

    client_secret: str | None


class MachineClientFilters(ListParams):
    """The page of machine clients."""
