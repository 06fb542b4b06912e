"""The names of the codes of freshness, moderation and employers' own changes."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.domain.codes import Names
from app.domain.freshness import Freshness, ListingAnswer, ReconfirmationAction, ReconfirmationStatus
from app.domain.listing_change import ListingChangeAction, ListingChangeStatus
from app.domain.moderation import CaseAction, CaseStatus, ReportReason

N = Names

NAMES: dict[type[StrEnum], Mapping[Any, Names]] = {
    Freshness: {
        Freshness.FRESH: N("Confirmed lately", "Confirmada hace poco"),
        Freshness.DUE_SOON: N("To be confirmed soon", "Pronto habrá que confirmarla"),
        Freshness.STALE: N("Being re-confirmed", "Se vuelve a preguntar si sigue vigente"),
        Freshness.PAUSED: N("Paused", "En pausa"),
    },
    ReconfirmationStatus: {
        ReconfirmationStatus.ASKED: N("Asked", "Preguntado"),
        ReconfirmationStatus.ANSWERED: N("Answered", "Respondido"),
        ReconfirmationStatus.LAPSED: N("No answer in time", "Sin respuesta a tiempo"),
    },
    ReconfirmationAction: {
        ReconfirmationAction.ANSWER: N("Answer", "Responder"),
        ReconfirmationAction.LAPSE: N("Let it lapse", "Dejar que venza"),
    },
    ListingAnswer: {
        ListingAnswer.CONFIRM: N("It still holds", "Sigue vigente"),
        ListingAnswer.PAUSE: N("Pause it", "Ponerla en pausa"),
        ListingAnswer.ARCHIVE: N("It is over", "Se acabó"),
    },
    ListingChangeStatus: {
        ListingChangeStatus.PROPOSED: N("Waits for the school", "Espera a la escuela"),
        ListingChangeStatus.ACCEPTED: N("Accepted", "Aceptado"),
        ListingChangeStatus.DECLINED: N("Declined", "Rechazado"),
        ListingChangeStatus.REPLACED: N("Replaced by a later one", "Sustituido por uno posterior"),
    },
    ListingChangeAction: {
        ListingChangeAction.ACCEPT: N("Accept", "Aceptar"),
        ListingChangeAction.DECLINE: N("Decline", "Rechazar"),
        ListingChangeAction.REPLACE: N("Replace", "Sustituir"),
    },
    ReportReason: {
        ReportReason.UNSAFE: N("It is not safe", "No es seguro"),
        ReportReason.INAPPROPRIATE: N("Somebody behaves wrongly", "Alguien se comporta mal"),
        ReportReason.DISCRIMINATES: N("It shuts people out", "Excluye a personas"),
        ReportReason.ASKS_FOR_MONEY: N("It asks for money", "Pide dinero"),
        ReportReason.ASKS_FOR_PERSONAL_DATA: N("It asks for personal data", "Pide datos personales"),
        ReportReason.MISLEADING: N("It is not what it says", "No es lo que dice"),
        ReportReason.NOT_REAL: N("It does not exist", "No existe"),
        ReportReason.CLOSED: N("It is closed or taken", "Está cerrada u ocupada"),
        ReportReason.OTHER: N("Something else", "Otra cosa"),
    },
    CaseStatus: {
        CaseStatus.OPEN: N("Being looked at", "En revisión"),
        CaseStatus.UPHELD: N("Upheld", "Confirmada"),
        CaseStatus.DISMISSED: N("Dismissed", "Desestimada"),
    },
    CaseAction: {
        CaseAction.UPHOLD: N("Uphold", "Confirmar"),
        CaseAction.DISMISS: N("Dismiss", "Desestimar"),
    },
}
