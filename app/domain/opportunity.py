"""The life of an opportunity: what a student can do at an employer, from draft to published and on."""

from datetime import date
from enum import StrEnum

from app.domain.errors import Refused


class OpportunityStatus(StrEnum):
    """Where an opportunity stands; students see the published ones."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    PUBLISHED = "published"
    PAUSED = "paused"
    HIDDEN = "hidden"
    STALE = "stale"
    ARCHIVED = "archived"


class OpportunityAction(StrEnum):
    """What can happen to an opportunity."""

    SUBMIT = "submit"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"
    PUBLISH = "publish"
    PAUSE = "pause"
    RESUME = "resume"
    HIDE = "hide"
    RESTORE = "restore"
    MARK_STALE = "mark_stale"
    CONFIRM = "confirm"
    ARCHIVE = "archive"


class OpportunityScope(StrEnum):
    """Whose students may find it."""

    SCHOOL = "school"
    TENANT = "tenant"


class Pay(StrEnum):
    """Whether the student is paid."""

    PAID = "paid"
    UNPAID = "unpaid"
    STIPEND = "stipend"
    UNKNOWN = "unknown"


class ConfirmedBy(StrEnum):
    """Who last said that a listing still holds."""

    STAFF = "staff"
    EMPLOYER = "employer"


_S, _A = OpportunityStatus, OpportunityAction

TRANSITIONS = {
    (_S.DRAFT, _A.SUBMIT): _S.SUBMITTED,
    (_S.DRAFT, _A.ARCHIVE): _S.ARCHIVED,
    (_S.SUBMITTED, _A.REQUEST_CHANGES): _S.CHANGES_REQUESTED,
    (_S.SUBMITTED, _A.REJECT): _S.REJECTED,
    (_S.SUBMITTED, _A.PUBLISH): _S.PUBLISHED,
    (_S.SUBMITTED, _A.ARCHIVE): _S.ARCHIVED,
    (_S.CHANGES_REQUESTED, _A.SUBMIT): _S.SUBMITTED,
    (_S.CHANGES_REQUESTED, _A.ARCHIVE): _S.ARCHIVED,
    (_S.PUBLISHED, _A.PAUSE): _S.PAUSED,
    (_S.PUBLISHED, _A.HIDE): _S.HIDDEN,
    (_S.PUBLISHED, _A.MARK_STALE): _S.STALE,
    (_S.PUBLISHED, _A.CONFIRM): _S.PUBLISHED,
    (_S.PUBLISHED, _A.ARCHIVE): _S.ARCHIVED,
    (_S.PAUSED, _A.RESUME): _S.PUBLISHED,
    (_S.PAUSED, _A.HIDE): _S.HIDDEN,
    (_S.PAUSED, _A.ARCHIVE): _S.ARCHIVED,
    (_S.HIDDEN, _A.RESTORE): _S.PUBLISHED,
    (_S.HIDDEN, _A.ARCHIVE): _S.ARCHIVED,
    (_S.STALE, _A.CONFIRM): _S.PUBLISHED,
    (_S.STALE, _A.PAUSE): _S.PAUSED,
    (_S.STALE, _A.HIDE): _S.HIDDEN,
    (_S.STALE, _A.ARCHIVE): _S.ARCHIVED,
}

# While it stands in one of these, students may pursue it.
OPEN_TO_STUDENTS = frozenset({_S.PUBLISHED})
# While it stands in one of these, students see it: a stale one is marked as being re-confirmed, and cannot be pursued.
SHOWN_TO_STUDENTS = frozenset({_S.PUBLISHED, _S.STALE})
# From these nothing leads on: what a listing said then is what stays.
ENDED = frozenset({_S.REJECTED, _S.ARCHIVED})


def ended(status: OpportunityStatus) -> Refused:
    """Return the refusal to change what a listing says that is over for good."""
    english, spanish = (
        ("is archived", "está archivada") if status is _S.ARCHIVED else ("was rejected", "fue rechazada")
    )
    return Refused(
        "wrong_state",
        f"this listing {english} and stays as it was; clone it and change the new draft",
        f"esta oferta {spanish} y queda como estaba; clónela y cambie el nuevo borrador",
    )


def check_may_change(status: OpportunityStatus) -> None:
    """Refuse to change what a listing says that is over for good."""
    if status in ENDED:
        raise ended(status)


def check_publishable(*, employer_vetted: bool, has_connection: bool, connection_active: bool) -> None:
    """Refuse to show students a place that nobody vetted, or a person who has not said yes."""
    if not employer_vetted:
        raise Refused(
            "employer_not_vetted",
            "vet the employer first; students only see vetted employers",
            "primero verifique al empleador; los estudiantes solo ven empleadores verificados",
        )
    if has_connection and not connection_active:
        raise Refused(
            "connection_not_active",
            "the person this came through has not agreed yet; publish it once the connection is active",
            "la persona de contacto aún no ha aceptado; publíquelo cuando la conexión esté activa",
        )


def check_dates(starts_on: date | None, ends_on: date | None) -> None:
    """Refuse a window that ends before it starts."""
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise Refused(
            "ends_before_start",
            "give an end date on or after the start date",
            "indique una fecha de fin igual o posterior a la de inicio",
            pointer="/ends_on",
        )
