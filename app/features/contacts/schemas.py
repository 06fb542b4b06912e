"""Contacts in JSON, as the school's staff see them."""

from datetime import datetime
from uuid import UUID

from app.core.paging import ListParams
from app.core.schemas import Out
from app.domain.contact import ContactStanding


class ContactOut(Out):
    """A suggested person. E-mail and telephone are shown to coordinators only; of a closed one nothing is left."""

    id: UUID
    status: ContactStanding
    given_name: str | None
    family_name: str | None
    email: str | None
    phone: str | None
    job_title: str | None
    locale: str
    employer_id: UUID | None
    employer_name: str | None
    school_id: UUID
    suggested_by_role: str
    invited_at: datetime | None
    answer_by: datetime | None
    created_at: datetime
    allowed_actions: list[str]


class ContactFilters(ListParams):
    """What the list of contacts can be narrowed by; newest first."""

    status: ContactStanding | None = None
    school_id: UUID | None = None
