"""Codes for employers without an account, in JSON."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.core.schemas import Clean, In, Out


class ListingCodeIn(In):
    """Where to mail a code to."""

    email: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
        ),
        Clean,
    ]


class ListingCodeAskedOut(Out):
    """The same for every address: whether anybody has it here is not told."""

    accepted: Literal[True]
    id: Annotated[UUID, Field(description="Send the code to `POST /v1/listing_codes/{id}/open`.")]
    valid_minutes: int
    message: str


Digits = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[0-9][0-9 ]{5,10}$"),
    Field(description="The digits from the mail; spaces do not matter.", examples=["12345678"]),
]


class CodeIn(In):
    """The code from the mail."""

    code: Digits


class CommunityOut(Out):
    """A community in which the listings can be seen and changed, by a token of its own."""

    tenant_name: str
    token: Annotated[str, Field(description="For `GET /v1/host_listings/{token}`.")]
    link: str


class OpenedOut(Out):
    """What the code opened, and until when."""

    open_until: datetime
    communities: list[CommunityOut]
