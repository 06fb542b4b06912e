"""Who is told what, and in which words, when something happened: one table, read across and changed in one place."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from app.domain.codes import Names


class Audience(StrEnum):
    """Whom something concerns; `features/notices` says which people these are for each noun."""

    STUDENT = "student"
    GUARDIANS = "guardians"  # whose link says may_see and does not say no_contact
    ADVISORS = "advisors"
    COORDINATORS = "coordinators"  # of the school; the district's admins where it has none
    CONTRIBUTOR = "contributor"
    OWNER = "owner"
    SUPERVISORS = "supervisors"
    IMPORTER = "importer"
    OPERATORS = "operators"


class Notice(NamedTuple):
    """One thing that one audience is told: the notification's kind, the letter that is mailed, what it asks for."""

    audience: Audience
    kind: str
    letter: str | None = None
    needs_action: bool = False


_STUDENT, _GUARDIANS, _ADVISORS = Audience.STUDENT, Audience.GUARDIANS, Audience.ADVISORS
_COORDINATORS, _CONTRIBUTOR, _OWNER = Audience.COORDINATORS, Audience.CONTRIBUTOR, Audience.OWNER
_SUPERVISORS, _IMPORTER, _OPERATORS = Audience.SUPERVISORS, Audience.IMPORTER, Audience.OPERATORS

# A kind is worded for everyone who gets it: `pursuit_*` speaks to the student, `student_*` to the adults around.
NOTICES: Mapping[str, tuple[Notice, ...]] = {
    "connection.create": (Notice(_COORDINATORS, "connection_proposed", needs_action=True),),
    "connection.screen": (Notice(_CONTRIBUTOR, "connection_screened"),),
    "connection.reject": (Notice(_CONTRIBUTOR, "connection_rejected"),),
    "connection.activate": (
        Notice(_CONTRIBUTOR, "connection_active", "connection_active"),
        Notice(_COORDINATORS, "connection_ready"),
    ),
    "connection.rest": (Notice(_COORDINATORS, "connection_resting"),),
    "connection.withdraw": (Notice(_COORDINATORS, "connection_withdrawn"),),
    "contact.accept": (Notice(_COORDINATORS, "contact_agreed", needs_action=True),),
    # Stands for a no, "not me", "never" and silence alike: which it was is nobody's business.
    "contact.close": (Notice(_COORDINATORS, "contact_closed"),),
    "contact.pause": (Notice(_COORDINATORS, "contact_paused"),),
    "contact.resume": (Notice(_COORDINATORS, "contact_resumed"),),
    "opportunity.submit": (Notice(_COORDINATORS, "opportunity_submitted", needs_action=True),),
    "opportunity.request_changes": (
        Notice(_OWNER, "opportunity_changes_requested", "opportunity_changes_requested", needs_action=True),
    ),
    "opportunity.reject": (Notice(_OWNER, "opportunity_rejected"),),
    "opportunity.publish": (
        Notice(_OWNER, "opportunity_published", "opportunity_published"),
        Notice(_COORDINATORS, "opportunity_published", "opportunity_published"),
        Notice(_CONTRIBUTOR, "opportunity_through_you"),
    ),
    "opportunity.pause": (Notice(_OWNER, "opportunity_paused"),),
    "opportunity.hide": (Notice(_OWNER, "opportunity_hidden"),),
    "opportunity.restore": (Notice(_OWNER, "opportunity_restored"),),
    "opportunity.mark_stale": (
        Notice(_OWNER, "opportunity_stale", needs_action=True),
        Notice(_COORDINATORS, "opportunity_stale", needs_action=True),
    ),
    "pursuit.create": (
        Notice(_COORDINATORS, "student_asks", "pursuit_requested", needs_action=True),
        Notice(_ADVISORS, "student_asks"),
        Notice(_GUARDIANS, "student_asks"),
    ),
    "pursuit.approve": (
        Notice(_STUDENT, "pursuit_approved", "pursuit_approved", needs_action=True),
        Notice(_ADVISORS, "student_approved"),
        Notice(_GUARDIANS, "student_approved"),
    ),
    "pursuit.decline": (
        Notice(_STUDENT, "pursuit_declined", "pursuit_declined"),
        Notice(_ADVISORS, "student_declined"),
    ),
    "pursuit.extend": (Notice(_STUDENT, "pursuit_extended"), Notice(_ADVISORS, "student_extended")),
    "pursuit.remind": (Notice(_STUDENT, "pursuit_expiring", "pursuit_expiring", needs_action=True),),
    "pursuit.expire": (
        Notice(_STUDENT, "pursuit_expired", "pursuit_expired"),
        Notice(_ADVISORS, "student_expired"),
    ),
    "pursuit.hold_seat": (
        Notice(_STUDENT, "pursuit_seat_held", "pursuit_seat_returned"),
        Notice(_COORDINATORS, "student_next_in_line", needs_action=True),
    ),
    "pursuit.lose_hold": (Notice(_STUDENT, "pursuit_hold_lost"),),
    "pursuit.land": (
        Notice(_STUDENT, "pursuit_landed", needs_action=True),
        Notice(_COORDINATORS, "student_landed", "pursuit_landed"),
        Notice(_ADVISORS, "student_landed", "pursuit_landed"),
        Notice(_GUARDIANS, "student_landed"),
    ),
    "pursuit.request_start": (
        Notice(_ADVISORS, "student_asks_to_start", "pursuit_start_requested", needs_action=True),
        Notice(_COORDINATORS, "student_asks_to_start"),
    ),
    "pursuit.approve_start": (Notice(_STUDENT, "pursuit_start_approved"),),
    "pursuit.return_start": (Notice(_STUDENT, "pursuit_start_returned", needs_action=True),),
    "pursuit.withdraw": (Notice(_COORDINATORS, "student_withdrew"), Notice(_ADVISORS, "student_withdrew")),
    "pursuit.not_select": (
        Notice(_STUDENT, "pursuit_not_selected"),
        Notice(_COORDINATORS, "student_not_selected"),
        Notice(_ADVISORS, "student_not_selected"),
    ),
    "pursuit.release": (
        Notice(_STUDENT, "pursuit_released"),
        Notice(_ADVISORS, "student_released"),
    ),
    "placement.create": (
        Notice(_STUDENT, "placement_made", "placement_made"),
        Notice(_GUARDIANS, "placement_made", "placement_made"),
        Notice(_COORDINATORS, "placement_made", "placement_made", needs_action=True),
        Notice(_ADVISORS, "placement_made", "placement_made"),
        Notice(_SUPERVISORS, "placement_made"),
    ),
    "placement.clear": (
        Notice(_STUDENT, "placement_cleared"),
        Notice(_ADVISORS, "placement_cleared", needs_action=True),
    ),
    "placement.activate": (
        Notice(_STUDENT, "placement_active", "placement_active"),
        Notice(_GUARDIANS, "placement_active", "placement_active"),
        Notice(_COORDINATORS, "placement_active", "placement_active"),
        Notice(_ADVISORS, "placement_active", "placement_active"),
        Notice(_SUPERVISORS, "placement_active"),
        Notice(_CONTRIBUTOR, "placement_through_you"),
    ),
    "placement.request_end": (
        Notice(_COORDINATORS, "placement_end_requested", needs_action=True),
        Notice(_ADVISORS, "placement_end_requested", needs_action=True),
    ),
    "placement.complete": (
        Notice(_STUDENT, "placement_completed", "placement_completed"),
        Notice(_GUARDIANS, "placement_completed", "placement_completed"),
        Notice(_COORDINATORS, "placement_completed", "placement_completed"),
        Notice(_ADVISORS, "placement_completed", "placement_completed"),
        Notice(_SUPERVISORS, "placement_completed"),
    ),
    "placement.end_early": (
        Notice(_STUDENT, "placement_ended_early", "placement_ended_early"),
        Notice(_GUARDIANS, "placement_ended_early", "placement_ended_early"),
        Notice(_COORDINATORS, "placement_ended_early", "placement_ended_early"),
        Notice(_ADVISORS, "placement_ended_early", "placement_ended_early"),
        Notice(_SUPERVISORS, "placement_ended_early"),
    ),
    "placement.record_no_show": (
        Notice(_STUDENT, "placement_no_show"),
        Notice(_GUARDIANS, "placement_no_show"),
        Notice(_COORDINATORS, "placement_no_show"),
        Notice(_ADVISORS, "placement_no_show"),
    ),
    "import.finish_trial": (Notice(_IMPORTER, "import_tried"),),
    "import.finish": (Notice(_IMPORTER, "import_finished", "import_finished"),),
    "import.hold": (Notice(_IMPORTER, "import_held", needs_action=True),),
    "import.refuse": (Notice(_IMPORTER, "import_refused"),),
    "import.fail": (Notice(_IMPORTER, "import_failed"),),
}

# What operators are told when an event of any subject is given up.
DEAD_LETTER = Notice(_OPERATORS, "dead_letter", "dead_letter", needs_action=True)

# {title} is the name of an opportunity, an employer or a file; never a person's name.
SENTENCES: Mapping[str, Names] = {
    "connection_proposed": Names(
        "A connection was offered at your school; screen it.",
        "Se ofreció una conexión en su escuela; revísela.",
    ),
    "connection_screened": Names(
        "The school screened the connection you offered.",
        "La escuela revisó la conexión que usted ofreció.",
    ),
    "connection_rejected": Names(
        "The school will not go on with a connection you offered.",
        "La escuela no seguirá adelante con una conexión que usted ofreció.",
    ),
    "connection_active": Names(
        "Someone you suggested is now part of the network; thank you.",
        "Alguien que usted sugirió ya forma parte de la red; gracias.",
    ),
    "connection_ready": Names(
        "A connection is active; an opportunity can be made of it.",
        "Una conexión está activa; ya puede dar lugar a una oportunidad.",
    ),
    "connection_resting": Names(
        "A connection is at rest; nothing new should be made of it now.",
        "Una conexión está en pausa; por ahora no debe dar lugar a nada nuevo.",
    ),
    "connection_withdrawn": Names("A connection was withdrawn.", "Se retiró una conexión."),
    "contact_agreed": Names(
        "A suggested person said yes; talk with the workplace next.",
        "Una persona sugerida dijo que sí; hable ahora con su lugar de trabajo.",
    ),
    "contact_closed": Names(
        "A suggested person will not take part, and their data were erased.",
        "Una persona sugerida no participará y se borraron sus datos.",
    ),
    "contact_paused": Names("A contact takes a break.", "Un contacto se toma un descanso."),
    "contact_resumed": Names("A contact is back from a break.", "Un contacto volvió de su descanso."),
    "opportunity_submitted": Names(
        "“{title}” was submitted; publish it or ask for changes.",
        "Se envió «{title}»; publíquela o pida cambios.",
    ),
    "opportunity_changes_requested": Names(
        "The school asks you to change something in “{title}”.",
        "La escuela le pide que cambie algo en «{title}».",
    ),
    "opportunity_rejected": Names("“{title}” will not be published.", "«{title}» no se publicará."),
    "opportunity_published": Names("“{title}” is published.", "Se publicó «{title}»."),
    "opportunity_through_you": Names(
        "A connection of yours led to “{title}”, which students can find now.",
        "Una conexión suya llevó a «{title}», que los estudiantes ya pueden encontrar.",
    ),
    "opportunity_paused": Names("“{title}” was paused.", "«{title}» quedó en pausa."),
    "opportunity_hidden": Names("The school has hidden “{title}”.", "La escuela ocultó «{title}»."),
    "opportunity_restored": Names("“{title}” can be found again.", "«{title}» se puede encontrar de nuevo."),
    "opportunity_stale": Names(
        "Nobody has confirmed “{title}” for a long time; confirm or pause it.",
        "Hace mucho que nadie confirma «{title}»; confírmela o póngala en pausa.",
    ),
    "student_asks": Names("A student asks to pursue “{title}”.", "Un estudiante solicita «{title}»."),
    "student_approved": Names(
        "A student you look after may pursue “{title}”.",
        "Un estudiante a su cargo puede ir por «{title}».",
    ),
    "student_declined": Names(
        "A student's request for “{title}” was not approved.",
        "No se aprobó la solicitud de un estudiante para «{title}».",
    ),
    "student_extended": Names(
        "A student has more time for “{title}”.", "Un estudiante tiene más tiempo para «{title}»."
    ),
    "student_expired": Names(
        "A student's time for “{title}” is over.", "A un estudiante se le acabó el plazo para «{title}»."
    ),
    "student_next_in_line": Names(
        "A seat in “{title}” is free again and held for the next in line; decide on that request.",
        "Hay otra vez una plaza en «{title}», reservada para quien sigue en la fila; decida sobre esa solicitud.",
    ),
    "student_landed": Names("A student landed “{title}”.", "Un estudiante consiguió «{title}»."),
    "student_asks_to_start": Names(
        "A student asks to start “{title}”.", "Un estudiante pide comenzar «{title}»."
    ),
    "student_withdrew": Names("A student withdrew from “{title}”.", "Un estudiante renunció a «{title}»."),
    "student_not_selected": Names(
        "A student was not selected for “{title}”.", "Un estudiante no fue seleccionado para «{title}»."
    ),
    "student_released": Names(
        "A student's seat in “{title}” was released.", "Se liberó la plaza de un estudiante en «{title}»."
    ),
    "pursuit_approved": Names(
        "You may pursue “{title}”; a seat is set aside for you.",
        "Puedes ir por «{title}»; tienes una plaza reservada.",
    ),
    "pursuit_declined": Names(
        "Your request for “{title}” was not approved this time.",
        "Esta vez no se aprobó tu solicitud para «{title}».",
    ),
    "pursuit_extended": Names("You have more time for “{title}”.", "Tienes más tiempo para «{title}»."),
    "pursuit_expiring": Names(
        "Your time for “{title}” is running out.", "Se te está acabando el plazo para «{title}»."
    ),
    "pursuit_expired": Names("Your time for “{title}” is over.", "Se acabó tu plazo para «{title}»."),
    "pursuit_seat_held": Names(
        "You are next in line: a seat in “{title}” is held for you.",
        "Es tu turno: hay una plaza en «{title}» reservada para ti.",
    ),
    "pursuit_hold_lost": Names(
        "The seat in “{title}” went on to the next in line; you are still on the list.",
        "La plaza en «{title}» pasó a quien sigue en la fila; sigues en la lista.",
    ),
    "pursuit_landed": Names(
        "You landed “{title}”; ask to start, with goals and a schedule.",
        "Conseguiste «{title}»; pide comenzar, con metas y un horario.",
    ),
    "pursuit_start_approved": Names(
        "Your start in “{title}” was approved.", "Se aprobó tu comienzo en «{title}»."
    ),
    "pursuit_start_returned": Names(
        "Your start request for “{title}” came back; look at what to change.",
        "Te devolvieron la solicitud de comienzo para «{title}»; mira qué hay que cambiar.",
    ),
    "pursuit_not_selected": Names("“{title}” chose someone else.", "«{title}» eligió a otra persona."),
    "pursuit_released": Names("Your seat in “{title}” was released.", "Se liberó tu plaza en «{title}»."),
    "placement_made": Names(
        "A placement in “{title}” is being set up.", "Se prepara una práctica en «{title}»."
    ),
    "placement_cleared": Names(
        "The placement in “{title}” is cleared and can begin.",
        "La práctica en «{title}» tiene el visto bueno y puede comenzar.",
    ),
    "placement_active": Names(
        "The placement in “{title}” is active.", "La práctica en «{title}» está activa."
    ),
    "placement_through_you": Names(
        "A student starts in “{title}” through a connection of yours; thank you.",
        "Un estudiante comienza en «{title}» gracias a una conexión suya; gracias.",
    ),
    "placement_end_requested": Names(
        "The end of a placement in “{title}” was asked for; decide on it.",
        "Se pidió terminar una práctica en «{title}»; decida al respecto.",
    ),
    "placement_completed": Names(
        "The placement in “{title}” is complete.", "La práctica en «{title}» está terminada."
    ),
    "placement_ended_early": Names(
        "The placement in “{title}” ended early.", "La práctica en «{title}» terminó antes de lo previsto."
    ),
    "placement_no_show": Names(
        "The student did not begin at “{title}”; the school gets in touch.",
        "El estudiante no comenzó en «{title}»; la escuela se pondrá en contacto.",
    ),
    "import_tried": Names(
        "The trial of your import is ready; look at the report and apply it.",
        "La prueba de su importación está lista; revise el informe y aplíquela.",
    ),
    "import_finished": Names("Your import has finished.", "Su importación ha terminado."),
    "import_held": Names(
        "Your import would end many people and is held; look at it before it is applied.",
        "Su importación daría de baja a muchas personas y está retenida; revísela antes de aplicarla.",
    ),
    "import_refused": Names(
        "Your import was refused; the report says why.",
        "Su importación fue rechazada; el informe dice por qué.",
    ),
    "import_failed": Names(
        "Your import failed; the report says what to do.", "Su importación falló; el informe dice qué hacer."
    ),
    "dead_letter": Names(
        "An event could not be delivered; replay or skip it.",
        "No se pudo entregar un evento; repítalo u omítalo.",
    ),
}


def sentence(kind: str, language: str, title: str | None) -> str:
    """Say in `en` or `es` what a notification of that kind tells; `title` names the thing it is about."""
    missing = "una oportunidad" if language == "es" else "an opportunity"
    return SENTENCES[kind].in_language(language).replace("{title}", title or missing)
