"""What two rows that are made one must agree on: consent, standing, and which fields of the other are taken."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from app.domain.contact import ContactStatus
from app.domain.duplicates.lives import DuplicateKind
from app.domain.employer import EmployerStatus
from app.domain.errors import Refused


class Side(StrEnum):
    """One of the two rows of a pair."""

    LEFT = "left"
    RIGHT = "right"


class MergeField(StrEnum):
    """What may be taken from one side or the other."""

    NAME = "name"
    NAICS = "naics"
    WEBSITE = "website"
    PHONE = "phone"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    EMAIL = "email"
    JOB_TITLE = "job_title"
    EMPLOYER = "employer_id"


_F = MergeField

FIELDS: Mapping[DuplicateKind, tuple[MergeField, ...]] = {
    DuplicateKind.EMPLOYER: (_F.NAME, _F.NAICS, _F.WEBSITE, _F.PHONE),
    DuplicateKind.CONTACT: (_F.GIVEN_NAME, _F.FAMILY_NAME, _F.EMAIL, _F.PHONE, _F.JOB_TITLE, _F.EMPLOYER),
}


def exchanged(kind: DuplicateKind, keep: Side, fields: Mapping[MergeField, Side]) -> list[MergeField]:
    """Return the fields that the kept row takes from the other; raises Refused for one that such rows do not have."""
    for field in fields:
        if field not in FIELDS[kind]:
            raise Refused(
                "no_such_field",
                f"choose among: {', '.join(FIELDS[kind])}",
                f"elija entre: {', '.join(FIELDS[kind])}",
                pointer=f"/fields/{field.value}",
            )
    return [field for field in FIELDS[kind] if fields.get(field, keep) is not keep]


# Who stays when two workplaces are one: what somebody decided about it outweighs what nobody looked at.
_STANDING = {
    EmployerStatus.SUSPENDED: 2,
    EmployerStatus.VETTED: 2,
    EmployerStatus.PROSPECT: 1,
    EmployerStatus.ARCHIVED: 0,
}


def check_employers(kept: EmployerStatus, lost: EmployerStatus) -> None:
    """Refuse a merge that would lose a decision about a workplace: that it is vetted, or that nobody should go there."""
    if {kept, lost} == {EmployerStatus.SUSPENDED, EmployerStatus.VETTED}:
        raise Refused(
            "standings_differ",
            "one of them is vetted and the other is suspended; decide which it is to be, and merge them then",
            "uno está aprobado y el otro suspendido; decida primero cuál vale y únalos después",
        )
    if _STANDING[kept] < _STANDING[lost]:
        raise Refused(
            "keep_the_other",
            f"keep the one that is {lost.value}: what was decided about it would be lost",
            f"conserve el que está en estado {lost.value}: se perdería lo que se decidió sobre él",
            pointer="/keep",
        )


_CONSENT = {
    ContactStatus.PAUSED: 3,
    ContactStatus.CONSENTED: 2,
    ContactStatus.INVITED: 1,
    ContactStatus.PROPOSED: 0,
}
_AGREED = frozenset({ContactStatus.CONSENTED, ContactStatus.PAUSED})


def check_contacts(kept: ContactStatus, lost: ContactStatus, taken: Collection[MergeField]) -> None:
    """Refuse a merge that would make somebody agree to what they never agreed to. Consent is a person's and an address's.

    The one who said yes stays, and so does the address that did; whoever takes a break goes on taking it; a question
    that is open is answered first, and whoever said no is erased already.
    """
    if kept not in _CONSENT or lost not in _CONSENT:
        raise Refused(
            "erased",
            "one of them is closed and erased; there is nothing left to merge",
            "uno de ellos está cerrado y borrado; no queda nada que unir",
        )
    if lost is ContactStatus.INVITED:
        raise Refused(
            "awaiting_answer",
            "wait for the answer of the one that is not kept, or for the end of the thirty days",
            "espere la respuesta del que no se conserva, o el final de los treinta días",
        )
    if _CONSENT[kept] < _CONSENT[lost]:
        raise Refused(
            "keep_the_other",
            f"keep the one that is {lost.value}: it was that person's own decision",
            f"conserve el que está en estado {lost.value}: fue decisión de esa persona",
            pointer="/keep",
        )
    if MergeField.EMAIL in taken and (kept in _AGREED) != (lost in _AGREED):
        raise Refused(
            "address_agreed",
            "keep the address of the one who said yes; the other one never did",
            "conserve el correo de quien dijo que sí; el otro nunca lo dijo",
            pointer="/fields/email",
        )
    if MergeField.EMAIL in taken and kept is ContactStatus.INVITED:
        raise Refused(
            "awaiting_answer",
            "the kept one was asked at its own address; wait for the answer before you change it",
            "a quien se conserva se le preguntó en su propio correo; espere la respuesta antes de cambiarlo",
            pointer="/fields/email",
        )
