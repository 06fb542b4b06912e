"""The names of where an introduction stands."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.domain.codes import Names
from app.domain.introduction import IntroductionAction, IntroductionState, IntroductionStatus
from app.domain.introduction_hop import HopAction, HopAnswer, HopKind, HopStatus

NAMES: dict[type[StrEnum], Mapping[Any, Names]] = {
    IntroductionStatus: {
        IntroductionStatus.ASKED: Names("Asked", "Pedida"),
        IntroductionStatus.WITH_CONTRIBUTOR: Names("With the contributor", "Con quien aporta la conexión"),
        IntroductionStatus.WITH_CONTACT: Names("With the contact", "Con el contacto"),
        IntroductionStatus.AGREED: Names("Agreed", "Acordada"),
        IntroductionStatus.MET: Names("Met", "Se conocieron"),
        IntroductionStatus.CLOSED: Names("Closed", "Cerrada"),
    },
    IntroductionAction: {
        IntroductionAction.APPROVE: Names("Approve", "Aprobar"),
        IntroductionAction.DECLINE: Names("Decline", "Rechazar"),
        IntroductionAction.FORWARD: Names("Pass on to the contact", "Pasar al contacto"),
        IntroductionAction.TRY_NEXT: Names("Try the next path", "Probar el siguiente camino"),
        IntroductionAction.AGREE: Names("Agree", "Acordar"),
        IntroductionAction.RECORD_MET: Names("Record the meeting", "Registrar el encuentro"),
        IntroductionAction.WITHDRAW: Names("Withdraw", "Retirar"),
        IntroductionAction.CLOSE: Names("Close", "Cerrar"),
        IntroductionAction.EXPIRE: Names("Expire", "Vencer"),
    },
    IntroductionState: {
        IntroductionState.LOOKING: Names("Looking", "Buscando"),
        IntroductionState.ARRANGED: Names("Arranged", "Arreglada"),
        IntroductionState.CLOSED: Names("Closed", "Cerrada"),
    },
    HopKind: {
        HopKind.CONTRIBUTOR: Names("Contributor", "Quien aporta la conexión"),
        HopKind.CONTACT: Names("Contact", "Contacto"),
    },
    HopStatus: {
        HopStatus.RESERVED: Names("Reserved", "Reservado"),
        HopStatus.ASKED: Names("Asked", "Preguntado"),
        HopStatus.AGREED: Names("Agreed", "Aceptado"),
        HopStatus.DECLINED: Names("Declined", "Rechazado"),
        HopStatus.LAPSED: Names("Lapsed", "Sin respuesta"),
        HopStatus.ENDED: Names("Ended", "Terminado"),
    },
    HopAction: {
        HopAction.ASK: Names("Ask", "Preguntar"),
        HopAction.AGREE: Names("Agree", "Aceptar"),
        HopAction.DECLINE: Names("Decline", "Rechazar"),
        HopAction.LAPSE: Names("Let lapse", "Dejar vencer"),
        HopAction.END: Names("End", "Terminar"),
    },
    HopAnswer: {
        HopAnswer.YES: Names("Yes", "Sí"),
        HopAnswer.NO: Names("No", "No"),
    },
}
