"""Who I am, in JSON."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.core.schemas import In, Out
from app.domain.family import Relationship
from app.domain.policy import Role


class MyPerson(Out):
    """The person behind the login; `version` is the ETag that PATCH /v1/me wants."""

    id: UUID
    given_name: str
    family_name: str
    email: str | None
    born_on: date | None
    grades: list[str]
    version: int


class MyClient(Out):
    """The machine client behind the token."""

    id: UUID
    name: str


class MyTenant(Out):
    """A community."""

    id: UUID
    slug: str
    name: str


class OtherTenant(Out):
    """Another community of the same login; name its slug at POST /oauth/token to go there."""

    slug: str
    name: str


class Named(Out):
    """A thing by its name."""

    id: UUID
    name: str


class MyRole(Out):
    """A role held now, and where; both null: in the tenant as a whole."""

    role: Role
    school: Named | None
    employer: Named | None


class MyChild(Out):
    """A student whom the caller stands for and may see."""

    id: UUID
    given_name: str
    family_name: str
    school: Named | None
    relationship: Relationship
    may_see: bool
    may_sign: bool
    until_on: date | None


class Need(Out):
    """Something that waits for the caller."""

    kind: Annotated[
        Literal[
            "notifications",
            "connections_to_screen",
            "pursuits_to_decide",
            "opportunities_to_review",
            "placements_to_clear",
            "starts_to_approve",
            "pursuits_to_land",
            "seats_held",
        ],
        Field(description="What waits."),
    ]
    count: int
    href: Annotated[str, Field(description="Where to find it.")]


class MeOut(Out):
    """Who the caller is, what they may be about, and what needs them."""

    person: Annotated[MyPerson | None, Field(description="null for a machine client.")]
    client: Annotated[MyClient | None, Field(description="null for a person.")]
    tenant: MyTenant
    other_tenants: list[OtherTenant]
    roles: list[MyRole]
    schools: list[Named]
    children: list[MyChild]
    advisees: Annotated[int, Field(description="How many students the caller advises.")]
    locale: Literal["en", "es"]
    scopes: Annotated[list[str], Field(description="What a machine client was granted.")]
    needs_me: list[Need]


class MePatch(In):
    """What everybody may change about themselves."""

    locale: Annotated[Literal["en", "es"], Field(description="The language of mails and notifications.")]
