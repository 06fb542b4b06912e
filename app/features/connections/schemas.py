"""Connections in JSON."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, EmailStr, Field, model_validator

from app.core.paging import ListParams
from app.core.schemas import Bool, Clean, In, Int, Line, Note, OptionalLine, Out
from app.domain.connection import ConnectionDomain, ConnectionStatus, Offer, ShareScope
from app.domain.contact import ContactStanding
from app.domain.contact_basis import ContactBasis
from app.features.contacts.schemas import AlumnusOf, GraduatedIn
from app.features.pool.schemas import FieldCode


def _one_space(text: str) -> str:
    return " ".join(text.split())


Name = Annotated[Line, AfterValidator(_one_space)]
Phone = Annotated[
    str, Field(pattern=r"^\+?[0-9(][0-9 ()./-]{5,28}[0-9]$", examples=["+1 312 555 0100"]), Clean
]


class SuggestedPerson(In):
    """The person at the end; they are asked before anyone but a coordinator hears of them."""

    given_name: Name
    family_name: Name
    email: Annotated[EmailStr, Field(max_length=254), Clean]
    phone: Phone | None = None
    job_title: OptionalLine | None = None
    alumnus_of: AlumnusOf | None = None
    graduated_in: GraduatedIn | None = None
    locale: Annotated[Literal["en", "es"], Field(description="The language they are written to in.")] = "en"
    personal_relation: Annotated[
        Bool,
        Field(description="I know this person privately, and this address is their private one."),
    ] = False


class SuggestedEmployer(In):
    """The workplace: the id of one that is known here, or its name."""

    id: UUID | None = None
    name: Name | None = None
    street: OptionalLine | None = None
    city: OptionalLine | None = None
    region: OptionalLine | None = None
    postal_code: OptionalLine | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        """Refuse both, and neither."""
        if (self.id is None) == (self.name is None):
            raise ValueError("give the employer's id, or its name")
        return self


Closeness = Annotated[Int, Field(ge=1, le=3, description="1: barely, 3: well.")]
Frequency = Annotated[
    Int, Field(ge=1, le=5, description="How often you are in touch; 1: hardly, 5: every week.")
]
YearsKnown = Annotated[Int | None, Field(ge=0, le=100)]
Offers = Annotated[list[Offer], Field(max_length=6, description="What they might do for a student.")]
Fields = Annotated[
    list[FieldCode],
    Field(max_length=5, description="What they work in: career clusters or occupations of `GET /v1/codes`."),
]


class ConnectionIn(In):
    """Somebody, or some workplace, that the contributor knows: a minute on a phone."""

    person: SuggestedPerson | None = None
    employer: SuggestedEmployer | None = None
    domain: Annotated[ConnectionDomain, Field(description="Through which part of life you know them.")]
    closeness: Closeness
    frequency: Frequency
    years_known: YearsKnown = None
    offers: Offers = Field(default_factory=list)
    fields: Fields = Field(default_factory=list)
    share_scope: ShareScope = ShareScope.TENANT
    credit_wanted: Annotated[Bool, Field(description="false: students never see that it came from you.")] = (
        True
    )
    note: Annotated[
        Note | None,
        Field(description="Without addresses, numbers, or names of students: the person reads it."),
    ] = None
    school_id: Annotated[UUID | None, Field(description="Left out: your only school, or your child's.")] = (
        None
    )

    @model_validator(mode="after")
    def somebody(self) -> Self:
        """Refuse a connection that leads nowhere."""
        if self.person is None and self.employer is None:
            raise ValueError("say whom you know: a person, a workplace, or both")
        return self


class ConnectionPatch(In):
    """Changes to a connection; what is left out stays as it is. Whom it leads to never changes."""

    domain: ConnectionDomain | None = None
    closeness: Closeness | None = None
    frequency: Frequency | None = None
    years_known: YearsKnown = None
    offers: Offers | None = None
    fields: Fields | None = None
    share_scope: Annotated[
        ShareScope | None, Field(description="Narrower is your choice; it is written down.")
    ] = None
    credit_wanted: Bool | None = None
    note: Annotated[
        Note | None,
        Field(description="Without addresses, numbers, or names of students: the person reads it."),
    ] = None


class ConnectionReason(In):
    """Why; kept with the decision."""

    reason: Note


class ConnectionOut(Out):
    """A connection.

    Its contributor sees where it stands, never what is held about the person or what they answered:
    `contact_id`, `contact_name` and `contact_status` are for those who screen connections.
    """

    id: UUID
    status: ConnectionStatus
    contributor_id: UUID
    contributor_name: str
    school_id: UUID
    employer_id: UUID | None
    employer_name: str | None
    has_person: bool
    contact_id: UUID | None
    contact_name: str | None
    contact_status: ContactStanding | None
    domain: ConnectionDomain
    closeness: int
    frequency: int
    years_known: int | None
    offers: list[Offer]
    fields: Annotated[list[str], Field(description="What the contributor said the person works in.")]
    personal_relation: bool
    basis: Annotated[
        ContactBasis | None,
        Field(
            description="On what ground the school holds it, for those who screen; null unless it came in a file."
        ),
    ]
    share_scope: ShareScope
    credit_wanted: bool
    note: str | None
    students_helped: Annotated[
        int | None,
        Field(description="Students whom it led to a placement or a meeting; null for fewer than three."),
    ]
    created_at: datetime
    version: int
    allowed_actions: list[str]


class ConnectionFilters(ListParams):
    """What the list of connections can be narrowed by; newest first."""

    status: ConnectionStatus | None = None
    school_id: UUID | None = None
