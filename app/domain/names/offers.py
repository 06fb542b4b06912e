"""The names of the codes of what is offered: kinds, needs, clearances, skills, projects and the yearly question."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.domain.clearance import ClearanceKind
from app.domain.codes import Names
from app.domain.employer import Access
from app.domain.host_again import HostAnswer, HostAskAction, HostAskStatus, HostReason
from app.domain.opportunity import ConfirmedBy
from app.domain.opportunity_kind import Need
from app.domain.opportunity_types import Workflow
from app.domain.project_phase import FeedbackAction, FeedbackStatus
from app.domain.skills import SkillKind

N = Names

# fmt: off
NAMES: dict[type[StrEnum], Mapping[Any, Names]] = {
    Workflow: {
        Workflow.PURSUIT: N("Request to pursue", "Solicitud"),
        Workflow.ENROLLMENT: N("Take a seat in a session", "Inscripción en una sesión"),
    },
    Need: {
        Need.DATES: N("First and last day", "Primer y último día"),
        Need.TIMETABLE: N("Weekly timetable", "Horario semanal"),
        Need.PLACE: N("Worksite, or remote", "Lugar de trabajo o a distancia"),
        Need.TOTAL_HOURS: N("Hours in all", "Horas en total"),
        Need.DELIVERABLE: N("What is delivered", "Lo que se entrega"),
        Need.PAY: N("Pay", "Remuneración"),
        Need.HOURS_A_MONTH: N("Hours a month", "Horas al mes"),
        Need.ALUMNUS: N("A graduate's connection", "Conexión de una persona egresada"),
        Need.PHASES: N("Phases", "Fases"),
        Need.APPLY_BY: N("Apply by", "Plazo de solicitud"),
    },
    ClearanceKind: {
        ClearanceKind.WORK_PERMIT: N("Work permit", "Permiso de trabajo"),
        ClearanceKind.PARENTAL_CONSENT: N("Parental consent", "Consentimiento de la familia"),
        ClearanceKind.SAFETY_FORM: N("Safety form", "Formulario de seguridad"),
        ClearanceKind.SAFETY_TRAINING: N("Safety training", "Formación en seguridad"),
        ClearanceKind.LIABILITY_INSURANCE: N("Liability insurance", "Seguro de responsabilidad"),
        ClearanceKind.HOST_BACKGROUND_CHECK: N("Background check of the host", "Verificación de antecedentes de quien recibe"),
        ClearanceKind.STUDENT_BACKGROUND_CHECK: N("Background check of the student", "Verificación de antecedentes del estudiante"),
        ClearanceKind.HEALTH_CHECK: N("Health check", "Examen de salud"),
        ClearanceKind.IMMUNIZATIONS: N("Immunizations", "Vacunas"),
        ClearanceKind.TUBERCULOSIS_TEST: N("Tuberculosis test", "Prueba de tuberculosis"),
        ClearanceKind.DRUG_TEST: N("Drug test", "Prueba de drogas"),
        ClearanceKind.CONFIDENTIALITY: N("Promise of confidentiality", "Compromiso de confidencialidad"),
        ClearanceKind.DRIVING_LICENSE: N("Driver's license", "Licencia de conducir"),
        ClearanceKind.PHOTO_ID: N("Photo identification", "Identificación con foto"),
    },
    Access: {
        Access.YES: N("Yes", "Sí"),
        Access.PARTLY: N("Partly", "En parte"),
        Access.NO: N("No", "No"),
        Access.UNKNOWN: N("Not said", "Sin especificar"),
    },
    ConfirmedBy: {
        ConfirmedBy.STAFF: N("Somebody at the school", "Alguien de la escuela"),
        ConfirmedBy.EMPLOYER: N("The employer", "El empleador"),
    },
    SkillKind: {
        SkillKind.WORK_READINESS: N("Work readiness", "Preparación para el trabajo"),
        SkillKind.TECHNICAL: N("Technical", "Técnica"),
    },
    FeedbackStatus: {
        FeedbackStatus.ASKED: N("Asked for", "Pedida"),
        FeedbackStatus.GIVEN: N("Given", "Recibida"),
        FeedbackStatus.SHARED: N("Shared with the team", "Compartida con el equipo"),
        FeedbackStatus.WITHHELD: N("Kept back", "Retenida"),
        FeedbackStatus.LAPSED: N("No answer", "Sin respuesta"),
    },
    FeedbackAction: {
        FeedbackAction.GIVE: N("Give feedback", "Dar la opinión"),
        FeedbackAction.SHARE: N("Share with the team", "Compartir con el equipo"),
        FeedbackAction.WITHHOLD: N("Keep back", "Retener"),
        FeedbackAction.LAPSE: N("Lapse without an answer", "Vencer sin respuesta"),
    },
    HostAskStatus: {
        HostAskStatus.ASKED: N("Asked", "Preguntado"),
        HostAskStatus.ANSWERED: N("Answered", "Respondido"),
        HostAskStatus.LAPSED: N("No answer", "Sin respuesta"),
    },
    HostAskAction: {
        HostAskAction.ANSWER: N("Answer", "Responder"),
        HostAskAction.LAPSE: N("Lapse without an answer", "Vencer sin respuesta"),
    },
    HostAnswer: {
        HostAnswer.YES: N("Yes, again", "Sí, otra vez"),
        HostAnswer.NOT_NOW: N("Not now", "Ahora no"),
        HostAnswer.NO: N("No", "No"),
    },
    HostReason: {
        HostReason.NO_TIME: N("It took too much time", "Exigió demasiado tiempo"),
        HostReason.NO_STAFF: N("Nobody here can look after a student", "Nadie aquí puede acompañar a un estudiante"),
        HostReason.NO_SUITABLE_WORK: N("There is no suitable work", "No hay trabajo adecuado"),
        HostReason.TIMETABLE: N("School hours do not fit ours", "El horario escolar no encaja con el nuestro"),
        HostReason.PREPARATION: N("The student was not prepared", "El estudiante no venía preparado"),
        HostReason.PAPERWORK: N("There was too much paperwork", "Hubo demasiados trámites"),
        HostReason.COST: N("It cost too much", "Costó demasiado"),
        HostReason.SAFETY_OR_INSURANCE: N("Safety or insurance", "Seguridad o seguros"),
        HostReason.MOVED_OR_CLOSED: N("We moved or closed", "Nos mudamos o cerramos"),
        HostReason.OTHER: N("Another reason", "Otro motivo"),
    },
}
# fmt: on
