"""The names of the codes of sessions, weekly patterns and students' places in them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.domain.codes import Names
from app.domain.session import (
    EnrollmentAction,
    EnrollmentStatus,
    PatternAction,
    PatternStatus,
    Recording,
    SessionAction,
    SessionStatus,
)
from app.domain.speed_networking import LACKS, TableLack

N = Names

NAMES: dict[type[StrEnum], Mapping[Any, Names]] = {
    TableLack: LACKS,
    SessionStatus: {
        SessionStatus.SCHEDULED: N("Scheduled", "Programada"),
        SessionStatus.CANCELLED: N("Cancelled", "Cancelada"),
        SessionStatus.HELD: N("Took place", "Realizada"),
    },
    SessionAction: {
        SessionAction.UPDATE: N("Change", "Cambiar"),
        SessionAction.CANCEL: N("Cancel", "Cancelar"),
        SessionAction.LAPSE: N("Cancel for lack of students", "Cancelar por falta de inscripciones"),
        SessionAction.SETTLE: N("Settle that it takes place", "Dar por segura"),
        SessionAction.RECORD_ATTENDANCE: N("Record who came", "Registrar la asistencia"),
        SessionAction.CONCLUDE: N("Conclude", "Dar por realizada"),
    },
    EnrollmentStatus: {
        EnrollmentStatus.ENROLLED: N("Enrolled", "Inscrito"),
        EnrollmentStatus.WITHDRAWN: N("Withdrawn", "Retirado"),
        EnrollmentStatus.CANCELLED: N("Cancelled", "Cancelado"),
        EnrollmentStatus.ATTENDED: N("Came", "Asistió"),
        EnrollmentStatus.NO_SHOW: N("Did not come", "No se presentó"),
    },
    EnrollmentAction: {
        EnrollmentAction.WITHDRAW: N("Withdraw", "Retirar"),
        EnrollmentAction.CANCEL: N("Cancel", "Cancelar"),
        EnrollmentAction.LAPSE: N("Cancel for lack of students", "Cancelar por falta de inscripciones"),
        EnrollmentAction.ATTEND: N("Record that the student came", "Registrar que asistió"),
        EnrollmentAction.MISS: N("Record that the student did not come", "Registrar que no se presentó"),
    },
    Recording: {
        Recording.NONE: N("Not recorded", "No se graba"),
        Recording.ASKED: N("Recorded only if everybody there agrees", "Se graba solo si todos aceptan"),
        Recording.ALWAYS: N("Recorded", "Se graba"),
    },
    PatternStatus: {
        PatternStatus.ACTIVE: N("Active", "Activa"),
        PatternStatus.ENDED: N("Ended", "Terminada"),
    },
    PatternAction: {
        PatternAction.END: N("End", "Terminar"),
    },
}
