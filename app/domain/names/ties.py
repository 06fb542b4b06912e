"""The names of the codes of the ledger of ties and of relationship mapping."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.domain.codes import Names
from app.domain.relationship_round import RoundAction, RoundScope, RoundStatus
from app.domain.tie import TieEnd, TieEntryKind, TieEvidence, TieOrigin

N = Names

# fmt: off
NAMES: dict[type[StrEnum], Mapping[Any, Names]] = {
    TieOrigin: {
        TieOrigin.INHERITED: N("Inherited: of the family, before school", "Heredado: de la familia, antes de la escuela"),
        TieOrigin.HOUSEHOLD: N("Of the household", "Del hogar"),
        TieOrigin.STAFF: N("Of the school's staff", "Del personal de la escuela"),
        TieOrigin.EMPLOYER: N("Through an employer", "Por un empleador"),
        TieOrigin.PLACEMENT: N("Through a placement", "Por una práctica"),
        TieOrigin.INTRODUCTION: N("Through an introduction", "Por una presentación"),
        TieOrigin.NEAR_PEER: N("Near-peer", "Entre pares cercanos"),
    },
    TieEntryKind: {
        TieEntryKind.FORMED: N("Formed", "Formado"),
        TieEntryKind.STRENGTHENED: N("Strengthened", "Fortalecido"),
        TieEntryKind.CONFIRMED: N("Confirmed", "Confirmado"),
        TieEntryKind.USED: N("Used", "Aprovechado"),
        TieEntryKind.FADED: N("Faded", "Debilitado"),
        TieEntryKind.ENDED: N("Ended", "Terminado"),
    },
    TieEvidence: {
        TieEvidence.ADVISOR_LINK: N("Advisor of the student", "Asesor del estudiante"),
        TieEvidence.CONNECTION: N("Connection of the household", "Conexión del hogar"),
        TieEvidence.CONTACT: N("The contact left the network", "El contacto dejó la red"),
        TieEvidence.INTRODUCTION: N("Introduction", "Presentación"),
        TieEvidence.PLACEMENT: N("Placement", "Práctica"),
        TieEvidence.PURSUIT: N("Pursuit", "Solicitud"),
        TieEvidence.SESSION: N("Session", "Sesión"),
        TieEvidence.TIME: N("Time", "El paso del tiempo"),
    },
    TieEnd: {
        TieEnd.PERSON: N("A person of the community", "Una persona de la comunidad"),
        TieEnd.CONTACT: N("A contact", "Un contacto"),
        TieEnd.EMPLOYER: N("A workplace", "Un lugar de trabajo"),
    },
    RoundStatus: {
        RoundStatus.DRAFT: N("Draft", "Borrador"),
        RoundStatus.OPEN: N("Open", "Abierta"),
        RoundStatus.CLOSED: N("Closed", "Cerrada"),
    },
    RoundAction: {
        RoundAction.OPEN: N("Open", "Abrir"),
        RoundAction.CLOSE: N("Close", "Cerrar"),
    },
    RoundScope: {
        RoundScope.SCHOOL: N("The whole school", "Toda la escuela"),
        RoundScope.GRADE: N("One grade", "Un grado"),
        RoundScope.TEAM: N("A team: the students of some advisors", "Un equipo: los estudiantes de algunos asesores"),
    },
}
