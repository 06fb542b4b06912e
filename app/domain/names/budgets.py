"""The names of the codes of budgets and of imported connections."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.domain.budget import AskKind
from app.domain.codes import Names
from app.domain.contact_basis import ContactBasis

N = Names

NAMES: dict[type[StrEnum], Mapping[Any, Names]] = {
    AskKind: {
        AskKind.INVITATION: N(
            "Invitation of somebody who works there", "Invitación a alguien que trabaja allí"
        ),
        AskKind.INTRODUCTION: N("Introduction of a student", "Presentación de un estudiante"),
        AskKind.OUTREACH_BY_STAFF: N("Call or letter by staff", "Llamada o carta del personal"),
        AskKind.RECONFIRMATION: N(
            "Question whether listings still hold", "Pregunta de si las ofertas siguen vigentes"
        ),
        AskKind.HOST_AGAIN: N("Question whether they host again", "Pregunta de si reciben de nuevo"),
        AskKind.FEEDBACK: N(
            "Question for feedback on a project", "Pregunta por su opinión sobre un proyecto"
        ),
    },
    ContactBasis: {
        ContactBasis.ASKED_AND_AGREED: N(
            "Was asked, and agreed to hear from the school",
            "Se le preguntó y aceptó que la escuela le escriba",
        ),
        ContactBasis.EXISTING_PARTNER: N("Works with the school already", "Ya colabora con la escuela"),
        ContactBasis.PUBLIC_LISTING: N(
            "Business address from a public listing", "Dirección comercial de un directorio público"
        ),
        ContactBasis.CONTRIBUTOR_OFFERED: N(
            "Offered by the named contributor", "La ofreció la persona nombrada"
        ),
    },
}
