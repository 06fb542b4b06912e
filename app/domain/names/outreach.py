"""The names of the codes of outreach campaigns and of invitations to contribute."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.domain.codes import Names
from app.domain.outreach import (
    ContributionInvitationOutcome,
    OutreachAction,
    OutreachAnswer,
    OutreachStatus,
)

N = Names

NAMES: dict[type[StrEnum], Mapping[Any, Names]] = {
    OutreachStatus: {
        OutreachStatus.DRAFT: N("Draft", "Borrador"),
        OutreachStatus.OPEN: N("Open", "Abierta"),
        OutreachStatus.CLOSED: N("Closed", "Cerrada"),
        OutreachStatus.CANCELLED: N("Cancelled", "Cancelada"),
    },
    OutreachAction: {
        OutreachAction.OPEN: N("Open", "Abrir"),
        OutreachAction.CLOSE: N("Close", "Cerrar"),
        OutreachAction.LAPSE: N("Close after its last day", "Cerrar tras el último día"),
        OutreachAction.CANCEL: N("Cancel", "Cancelar"),
    },
    OutreachAnswer: {
        OutreachAnswer.KNOW: N("Yes, we know someone", "Sí, conocemos a alguien"),
        OutreachAnswer.NOBODY: N("Nobody comes to mind", "No se nos ocurre nadie"),
    },
    ContributionInvitationOutcome: {
        ContributionInvitationOutcome.INVITED: N("Invited", "Invitación hecha"),
        ContributionInvitationOutcome.ASKED_THIS_MONTH: N(
            "The family was asked this month; ask next month",
            "Ya se preguntó a la familia este mes; espere al próximo",
        ),
        ContributionInvitationOutcome.NO_EMAIL: N("No e-mail address is known", "Sin correo electrónico"),
        ContributionInvitationOutcome.MAY_NOT_BE_ASKED: N(
            "Not a guardian or member of staff who may be written to",
            "No es tutor ni personal a quien se pueda escribir",
        ),
        ContributionInvitationOutcome.NOT_FOUND: N(
            "Nobody here with this id whom you may invite",
            "Nadie aquí con ese id a quien usted pueda invitar",
        ),
    },
}
