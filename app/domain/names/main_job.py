"""The names of the codes of people, opportunities, pursuits, placements and imports."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.domain.account import InvitationOutcome, InvitationWay
from app.domain.clusters import CLUSTERS, Cluster
from app.domain.codes import Names
from app.domain.connection import ConnectionAction, ConnectionDomain, ConnectionStatus, Offer, ShareScope
from app.domain.contact import ContactAction, ContactStanding, ContactStatus
from app.domain.employer import EmployerAction, EmployerStatus
from app.domain.family import Relationship
from app.domain.import_report import Severity
from app.domain.intake import ImportAction, ImportKind, ImportStatus
from app.domain.opportunity import OpportunityAction, OpportunityScope, OpportunityStatus, Pay
from app.domain.opportunity_types import OPPORTUNITY_TYPES, OpportunityTypeCode, Stage
from app.domain.placement import PlacementAction, PlacementStatus
from app.domain.policy import Role
from app.domain.pursuit import PursuitAction, PursuitCheck, PursuitStatus
from app.domain.school import SchoolKind

N = Names

# fmt: off
NAMES: dict[type[StrEnum], Mapping[Any, Names]] = {
    Role: {
        Role.STUDENT: N("Student", "Estudiante"),
        Role.GUARDIAN: N("Guardian", "Madre, padre o tutor"),
        Role.SUPERVISOR: N("Worksite supervisor", "Supervisor en el lugar de trabajo"),
        Role.ADVISOR: N("Advisor", "Docente asesor"),
        Role.COORDINATOR: N("Coordinator", "Coordinador"),
        Role.DISTRICT_ADMIN: N("District administrator", "Administrador del distrito"),
        Role.INTEGRATION: N("Connected system", "Sistema conectado"),
        Role.OPERATOR: N("Operator", "Operador del servicio"),
    },
    SchoolKind: {
        SchoolKind.SCHOOL: N("School", "Escuela"),
        SchoolKind.DISTRICT: N("District", "Distrito"),
        SchoolKind.OTHER: N("Other organisation", "Otra organización"),
    },
    Relationship: {
        Relationship.GUARDIAN: N("Guardian", "Tutor legal"),
        Relationship.PARENT: N("Parent", "Madre o padre"),
        Relationship.RELATIVE: N("Relative", "Familiar"),
        Relationship.OTHER: N("Other", "Otra relación"),
    },
    InvitationWay: {
        InvitationWay.MAIL: N("By mail", "Por correo"),
        InvitationWay.CODE: N("By printed code", "Con código impreso"),
    },
    InvitationOutcome: {
        InvitationOutcome.INVITED: N("Invited", "Invitación hecha"),
        InvitationOutcome.NEW_PASSWORD: N("Has an account; the code sets a new password", "Ya tiene una cuenta; el código cambia la contraseña"),
        InvitationOutcome.HAS_ACCOUNT: N("Has an account already", "Ya tiene una cuenta"),
        InvitationOutcome.NO_EMAIL: N("No e-mail address is known; print a code", "Sin correo electrónico; imprima un código"),
        InvitationOutcome.ENDED: N("Is no longer here", "Ya no está aquí"),
        InvitationOutcome.STAFF_BY_MAIL: N("Staff are invited by mail only, so that nobody can take their place", "Al personal se le invita solo por correo, para que nadie ocupe su lugar"),
        InvitationOutcome.NOT_FOUND: N("Nobody here with this id whom you may invite", "Nadie aquí con ese id a quien usted pueda invitar"),
    },
    ConnectionStatus: {
        ConnectionStatus.DRAFT: N("Draft", "Borrador"),
        ConnectionStatus.PROPOSED: N("Proposed", "Propuesta"),
        ConnectionStatus.SCREENED: N("Screened", "Revisada"),
        ConnectionStatus.ACTIVE: N("Active", "Activa"),
        ConnectionStatus.DORMANT: N("Dormant", "En reposo"),
        ConnectionStatus.WITHDRAWN: N("Withdrawn", "Retirada"),
        ConnectionStatus.REJECTED: N("Rejected", "Rechazada"),
    },
    ConnectionAction: {
        ConnectionAction.PROPOSE: N("Propose", "Proponer"),
        ConnectionAction.SCREEN: N("Screen", "Revisar"),
        ConnectionAction.REJECT: N("Reject", "Rechazar"),
        ConnectionAction.ACTIVATE: N("Activate", "Activar"),
        ConnectionAction.REST: N("Let rest", "Dejar en reposo"),
        ConnectionAction.WITHDRAW: N("Withdraw", "Retirar"),
    },
    ConnectionDomain: {
        ConnectionDomain.HOUSEHOLD: N("Household", "Hogar"),
        ConnectionDomain.FAMILY: N("Family", "Familia"),
        ConnectionDomain.NEIGHBOURS: N("Neighbors", "Vecindario"),
        ConnectionDomain.FAITH: N("Faith community", "Comunidad de fe"),
        ConnectionDomain.CLUB: N("Club or team", "Club o equipo"),
        ConnectionDomain.WORK: N("Work", "Trabajo"),
        ConnectionDomain.FRIENDS: N("Friends", "Amistades"),
        ConnectionDomain.SCHOOL: N("School", "Escuela"),
    },
    Offer: {
        Offer.HOST: N("Host a student", "Recibir a un estudiante"),
        Offer.SHADOW: N("Be shadowed for a day", "Dejarse acompañar un día"),
        Offer.TALK: N("Talk to a class", "Hablar ante un grupo"),
        Offer.MENTOR: N("Mentor", "Ser mentor"),
        Offer.VOUCH: N("Vouch for a student", "Recomendar a un estudiante"),
        Offer.ANSWER_QUESTIONS: N("Answer questions", "Responder preguntas"),
    },
    ShareScope: {
        ShareScope.ADVISORY: N("The advisory", "El grupo de asesoría"),
        ShareScope.SCHOOL: N("The school", "La escuela"),
        ShareScope.TENANT: N("The whole community", "Toda la comunidad"),
    },
    ContactStatus: {
        ContactStatus.PROPOSED: N("Proposed", "Propuesto"),
        ContactStatus.INVITED: N("Invited", "Invitado"),
        ContactStatus.CONSENTED: N("Agreed", "Aceptó"),
        ContactStatus.PAUSED: N("Paused", "En pausa"),
        ContactStatus.DECLINED: N("Declined", "No aceptó"),
        ContactStatus.NOT_ME: N("Not the right person", "No era la persona"),
        ContactStatus.NEVER: N("Never to be contacted", "No contactar nunca"),
        ContactStatus.NO_ANSWER: N("No answer", "Sin respuesta"),
        ContactStatus.ERASED: N("Erased", "Borrado"),
    },
    ContactStanding: {
        ContactStanding.PROPOSED: N("Proposed", "Propuesto"),
        ContactStanding.INVITED: N("Invited", "Invitado"),
        ContactStanding.CONSENTED: N("Agreed", "Aceptó"),
        ContactStanding.PAUSED: N("Paused", "En pausa"),
        ContactStanding.CLOSED: N("Closed", "Cerrado"),
    },
    ContactAction: {
        ContactAction.INVITE: N("Invite", "Invitar"),
        ContactAction.REMIND: N("Remind", "Recordar"),
        ContactAction.ACCEPT: N("Accept", "Aceptar"),
        ContactAction.DECLINE: N("Decline", "No aceptar"),
        ContactAction.NOT_ME: N("Say it is not me", "Indicar que no soy yo"),
        ContactAction.NEVER: N("Never contact me", "No contactarme nunca"),
        ContactAction.LAPSE: N("Lapse without an answer", "Vencer sin respuesta"),
        ContactAction.PAUSE: N("Pause", "Pausar"),
        ContactAction.RESUME: N("Resume", "Reanudar"),
        ContactAction.CHOOSE: N("Choose what to offer, and when", "Elegir qué ofrecer y cuándo"),
        ContactAction.ERASE: N("Erase", "Borrar"),
    },
    EmployerStatus: {
        EmployerStatus.PROSPECT: N("Prospect", "Posible empleador"),
        EmployerStatus.VETTED: N("Vetted", "Verificado"),
        EmployerStatus.SUSPENDED: N("Suspended", "Suspendido"),
        EmployerStatus.ARCHIVED: N("Archived", "Archivado"),
    },
    EmployerAction: {
        EmployerAction.VET: N("Vet", "Verificar"),
        EmployerAction.SUSPEND: N("Suspend", "Suspender"),
        EmployerAction.ARCHIVE: N("Archive", "Archivar"),
    },
    OpportunityTypeCode: {code: kind.names for code, kind in OPPORTUNITY_TYPES.items()},
    Stage: {
        Stage.ABOUT: N("Learning about work", "Conocer el trabajo"),
        Stage.THROUGH: N("Learning through work", "Aprender mediante el trabajo"),
        Stage.AT: N("Learning at work", "Aprender en el trabajo"),
    },
    Cluster: CLUSTERS,
    OpportunityStatus: {
        OpportunityStatus.DRAFT: N("Draft", "Borrador"),
        OpportunityStatus.SUBMITTED: N("Submitted", "Enviada"),
        OpportunityStatus.CHANGES_REQUESTED: N("Changes requested", "Con cambios pedidos"),
        OpportunityStatus.REJECTED: N("Rejected", "Rechazada"),
        OpportunityStatus.PUBLISHED: N("Published", "Publicada"),
        OpportunityStatus.PAUSED: N("Paused", "En pausa"),
        OpportunityStatus.HIDDEN: N("Hidden", "Oculta"),
        OpportunityStatus.STALE: N("Waiting to be confirmed", "Pendiente de confirmar"),
        OpportunityStatus.ARCHIVED: N("Archived", "Archivada"),
    },
    OpportunityAction: {
        OpportunityAction.SUBMIT: N("Submit", "Enviar"),
        OpportunityAction.REQUEST_CHANGES: N("Request changes", "Pedir cambios"),
        OpportunityAction.REJECT: N("Reject", "Rechazar"),
        OpportunityAction.PUBLISH: N("Publish", "Publicar"),
        OpportunityAction.PAUSE: N("Pause", "Pausar"),
        OpportunityAction.RESUME: N("Resume", "Reanudar"),
        OpportunityAction.HIDE: N("Hide", "Ocultar"),
        OpportunityAction.RESTORE: N("Restore", "Restaurar"),
        OpportunityAction.MARK_STALE: N("Ask to confirm", "Pedir confirmación"),
        OpportunityAction.CONFIRM: N("Confirm", "Confirmar"),
        OpportunityAction.ARCHIVE: N("Archive", "Archivar"),
    },
    OpportunityScope: {
        OpportunityScope.SCHOOL: N("One school", "Una escuela"),
        OpportunityScope.TENANT: N("The whole community", "Toda la comunidad"),
    },
    Pay: {
        Pay.PAID: N("Paid", "Remunerada"),
        Pay.UNPAID: N("Unpaid", "No remunerada"),
        Pay.STIPEND: N("Stipend", "Con estipendio"),
        Pay.UNKNOWN: N("Not said", "Sin especificar"),
    },
    PursuitStatus: {
        PursuitStatus.REQUESTED: N("Requested", "Solicitada"),
        PursuitStatus.APPROVED: N("Approved", "Aprobada"),
        PursuitStatus.LANDED: N("Landed", "Conseguida"),
        PursuitStatus.START_REQUESTED: N("Start requested", "Inicio solicitado"),
        PursuitStatus.CONVERTED: N("Became a placement", "Convertida en colocación"),
        PursuitStatus.DECLINED: N("Declined", "Denegada"),
        PursuitStatus.EXPIRED: N("Expired", "Vencida"),
        PursuitStatus.WITHDRAWN: N("Withdrawn", "Retirada"),
        PursuitStatus.NOT_SELECTED: N("Not selected", "Sin selección"),
        PursuitStatus.RELEASED: N("Released", "Liberada"),
    },
    PursuitAction: {
        PursuitAction.APPROVE: N("Approve", "Aprobar"),
        PursuitAction.DECLINE: N("Decline", "Denegar"),
        PursuitAction.EXTEND: N("Extend", "Prorrogar"),
        PursuitAction.LAND: N("Land", "Conseguir"),
        PursuitAction.REQUEST_START: N("Request the start", "Solicitar el inicio"),
        PursuitAction.APPROVE_START: N("Approve the start", "Aprobar el inicio"),
        PursuitAction.RETURN_START: N("Return the start request", "Devolver la solicitud de inicio"),
        PursuitAction.EXPIRE: N("Expire", "Vencer"),
        PursuitAction.WITHDRAW: N("Withdraw", "Retirar"),
        PursuitAction.NOT_SELECT: N("Record that another was chosen", "Registrar que se eligió a otra persona"),
        PursuitAction.RELEASE: N("Release", "Liberar"),
    },
    PursuitCheck: {
        PursuitCheck.AGE_UNKNOWN: N("The age is not known", "No se conoce la edad"),
    },
    PlacementStatus: {
        PlacementStatus.SETUP: N("Being set up", "En preparación"),
        PlacementStatus.AWAITING_SIGNATURES: N("Awaiting signatures", "En espera de firmas"),
        PlacementStatus.CLEARED: N("Cleared", "Autorizada"),
        PlacementStatus.ACTIVE: N("Active", "Activa"),
        PlacementStatus.END_REQUESTED: N("End requested", "Fin solicitado"),
        PlacementStatus.COMPLETED: N("Completed", "Completada"),
        PlacementStatus.ENDED_EARLY: N("Ended early", "Terminada antes de tiempo"),
        PlacementStatus.NO_SHOW: N("No show", "No se presentó"),
    },
    PlacementAction: {
        PlacementAction.SEND_FOR_SIGNATURES: N("Send for signatures", "Enviar a firma"),
        PlacementAction.CLEAR: N("Clear", "Autorizar"),
        PlacementAction.ACTIVATE: N("Activate", "Activar"),
        PlacementAction.REQUEST_END: N("Request the end", "Solicitar el fin"),
        PlacementAction.COMPLETE: N("Complete", "Completar"),
        PlacementAction.END_EARLY: N("End early", "Terminar antes de tiempo"),
        PlacementAction.RECORD_NO_SHOW: N("Record a no-show", "Registrar que no se presentó"),
    },
    ImportKind: {
        ImportKind.ROSTER: N("Roster", "Lista escolar"),
        ImportKind.OPPORTUNITIES: N("Opportunities", "Oportunidades"),
        ImportKind.CONNECTIONS: N("Connections", "Conexiones"),
    },
    ImportStatus: {
        ImportStatus.QUEUED: N("Queued", "En cola"),
        ImportStatus.RUNNING: N("Running", "En curso"),
        ImportStatus.TRIED: N("Tried", "Probada"),
        ImportStatus.HELD: N("Held for a human", "Retenida para revisión"),
        ImportStatus.APPLIED: N("Applied", "Aplicada"),
        ImportStatus.REFUSED: N("Refused", "Rechazada"),
        ImportStatus.FAILED: N("Failed", "Fallida"),
    },
    Severity: {
        Severity.REJECTED: N("Not taken", "No incorporada"),
        Severity.NOTICE: N("Taken, with a remark", "Incorporada, con una observación"),
    },
    ImportAction: {
        ImportAction.START: N("Start", "Iniciar"),
        ImportAction.FINISH_TRIAL: N("Finish the trial", "Terminar la prueba"),
        ImportAction.FINISH: N("Finish", "Terminar"),
        ImportAction.HOLD: N("Hold", "Retener"),
        ImportAction.REFUSE: N("Refuse", "Rechazar"),
        ImportAction.FAIL: N("Fail", "Fallar"),
        ImportAction.APPLY: N("Apply", "Aplicar"),
    },
}
# fmt: on
