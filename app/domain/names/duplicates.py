"""The names of the codes of duplicates and merges."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.domain.codes import Names
from app.domain.duplicates.lives import (
    DuplicateAction,
    DuplicateKind,
    DuplicateStatus,
    MergeAction,
    MergeStatus,
    ScanAction,
    ScanStatus,
)
from app.domain.duplicates.merging import MergeField, Side
from app.domain.duplicates.reasons import Reason

N = Names

# fmt: off
NAMES: dict[type[StrEnum], Mapping[Any, Names]] = {
    DuplicateKind: {
        DuplicateKind.EMPLOYER: N("Employer", "Empleador"),
        DuplicateKind.CONTACT: N("Contact", "Contacto"),
    },
    DuplicateStatus: {
        DuplicateStatus.SUGGESTED: N("May be the same", "Puede ser el mismo"),
        DuplicateStatus.MERGED: N("Merged", "Unido"),
        DuplicateStatus.DIFFERENT: N("Not the same", "No es el mismo"),
    },
    DuplicateAction: {
        DuplicateAction.MERGE: N("Merge", "Unir"),
        DuplicateAction.MARK_DIFFERENT: N("Mark as not the same", "Marcar como distintos"),
        DuplicateAction.RESTORE: N("Suggest again", "Volver a sugerir"),
    },
    MergeStatus: {
        MergeStatus.DONE: N("Done", "Hecha"),
        MergeStatus.UNDONE: N("Undone", "Deshecha"),
    },
    MergeAction: {MergeAction.UNDO: N("Undo", "Deshacer")},
    ScanStatus: {
        ScanStatus.WAITING: N("Waiting", "En espera"),
        ScanStatus.RUNNING: N("Running", "En marcha"),
        ScanStatus.DONE: N("Done", "Terminada"),
        ScanStatus.FAILED: N("Failed", "Fallida"),
    },
    ScanAction: {
        ScanAction.START: N("Start", "Empezar"),
        ScanAction.FINISH: N("Finish", "Terminar"),
        ScanAction.FAIL: N("Give up", "Abandonar"),
    },
    Side: {
        Side.LEFT: N("The left one", "El de la izquierda"),
        Side.RIGHT: N("The right one", "El de la derecha"),
    },
    MergeField: {
        MergeField.NAME: N("Name", "Nombre"),
        MergeField.NAICS: N("Industry (NAICS)", "Sector (NAICS)"),
        MergeField.WEBSITE: N("Website", "Sitio web"),
        MergeField.PHONE: N("Telephone", "Teléfono"),
        MergeField.GIVEN_NAME: N("Given name", "Nombre de pila"),
        MergeField.FAMILY_NAME: N("Family name", "Apellido"),
        MergeField.EMAIL: N("E-mail address", "Correo electrónico"),
        MergeField.JOB_TITLE: N("Job title", "Puesto"),
        MergeField.EMPLOYER: N("Employer", "Empleador"),
    },
    Reason: {
        Reason.SAME_NAME: N("The same name", "El mismo nombre"),
        Reason.SIMILAR_NAME: N("A similar name", "Un nombre parecido"),
        Reason.SWAPPED_NAMES: N("Given and family name are swapped", "Nombre y apellido intercambiados"),
        Reason.NICKNAME: N("One given name is short for the other", "Un nombre es diminutivo del otro"),
        Reason.INITIAL: N("The same initial", "La misma inicial"),
        Reason.SAME_ADDRESS: N("The same address", "La misma dirección"),
        Reason.SIMILAR_ADDRESS: N("A similar address", "Una dirección parecida"),
        Reason.SAME_CITY: N("The same city", "La misma ciudad"),
        Reason.MOVED_ADDRESS: N("Another address in the same city", "Otra dirección en la misma ciudad"),
        Reason.OTHER_CITY: N("Another city", "Otra ciudad"),
        Reason.SAME_PHONE: N("The same telephone number", "El mismo teléfono"),
        Reason.OTHER_PHONE: N("Another telephone number", "Otro teléfono"),
        Reason.SAME_WEBSITE: N("The same website", "El mismo sitio web"),
        Reason.SAME_EMPLOYER: N("The same employer", "El mismo empleador"),
        Reason.OTHER_EMPLOYER: N("Another employer", "Otro empleador"),
        Reason.SAME_EMAIL: N("The same e-mail address", "El mismo correo electrónico"),
        Reason.SIMILAR_EMAIL: N("A similar e-mail address", "Un correo electrónico parecido"),
    },
}
# fmt: on
