"""In which words people are told what happened: a sentence for every kind of notification."""

from collections.abc import Mapping

from app.domain.codes import Names
from app.domain.session_sentences import SESSION_SENTENCES

# {title} is the name of an opportunity, an employer or a file; never a person's name. {students} is a number.
SENTENCES: Mapping[str, Names] = {
    **SESSION_SENTENCES,
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
    "connection_helped": Names(
        "A connection of yours has helped for the first time; thank you.",
        "Una conexión suya ha ayudado por primera vez; gracias.",
    ),
    "connection_helped_many": Names(
        "A connection of yours has helped {students} students by now; thank you.",
        "Una conexión suya ya ha ayudado a {students} estudiantes; gracias.",
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
    "saved_search_found": Names(
        "A saved search has found something new.",
        "Una búsqueda guardada encontró novedades.",
    ),
    "saved_search_resting": Names(
        "A saved search has found nothing new for a long time and is paused; change it or delete it.",
        "Una búsqueda guardada no encuentra nada nuevo desde hace tiempo y quedó en pausa; se puede cambiar o borrar.",
    ),
    "introduction_requested": Names(
        "A student asks to be introduced to somebody; word the request or decline it.",
        "Un estudiante pide que le presenten a alguien; redacte la solicitud o recházela.",
    ),
    "introduction_asked_for": Names(
        "A student you look after asks to be introduced to somebody.",
        "Un estudiante a su cargo pide que le presenten a alguien.",
    ),
    "introduction_looking": Names(
        "Your school is looking for somebody you could meet.",
        "Tu escuela está buscando a alguien a quien puedas conocer.",
    ),
    "introduction_declined": Names(
        "Your school did not approve your request to meet somebody; read why, and ask again.",
        "Tu escuela no aprobó tu solicitud de conocer a alguien; lee por qué y vuelve a pedirlo.",
    ),
    "introduction_arranged": Names(
        "Somebody would like to meet you; your school arranges it.",
        "Alguien quiere conocerte; tu escuela lo organiza.",
    ),
    "student_introduction_arranged": Names(
        "Everyone has agreed that a student meets somebody; the school arranges it.",
        "Todos aceptaron que un estudiante conozca a alguien; la escuela lo organiza.",
    ),
    "introduction_through_you": Names(
        "Somebody you suggested will meet a student; thank you.",
        "Alguien que usted sugirió conocerá a un estudiante; gracias.",
    ),
    "introduction_closed": Names(
        "Nobody could be found for you to meet this time; you can ask again.",
        "Esta vez no se encontró a nadie a quien puedas conocer; puedes volver a pedirlo.",
    ),
    "student_introduction_closed": Names(
        "A student's request to be introduced to somebody has ended.",
        "Terminó la solicitud de un estudiante de que le presenten a alguien.",
    ),
    "introduction_stopped": Names(
        "Your school closed your request to meet somebody; read why.",
        "Tu escuela cerró tu solicitud de conocer a alguien; lee por qué.",
    ),
    "student_withdrew_introduction": Names(
        "A student took back a request to be introduced to somebody.",
        "Un estudiante retiró su solicitud de que le presenten a alguien.",
    ),
    "introduction_asked": Names(
        "A student would like to meet somebody you suggested; may we ask that person?",
        "Un estudiante quisiera conocer a alguien que usted sugirió; ¿podemos preguntarle?",
    ),
    "outreach_closed": Names(
        "The outreach campaign “{title}” has ended; see what came of it.",
        "La campaña «{title}» terminó; vea qué resultó de ella.",
    ),
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
    "employer_assigned": Names(
        "It is you who speaks with “{title}” from now on, for all schools.",
        "Desde ahora es usted quien habla con «{title}», en nombre de todas las escuelas.",
    ),
    "opportunity_confirmed": Names(
        "It was confirmed that “{title}” still holds.", "Se confirmó que «{title}» sigue vigente."
    ),
    "opportunity_archived": Names("“{title}” was put away.", "«{title}» se retiró."),
    "listing_change_proposed": Names(
        "The employer would like to change “{title}”; accept or decline it.",
        "El empleador quiere cambiar «{title}»; acéptelo o rechácelo.",
    ),
    "listing_reported": Names(
        "Somebody reported “{title}”; look at it.", "Alguien denunció «{title}»; revísela."
    ),
    "listing_reported_urgently": Names(
        "Somebody reported “{title}”, and a student may not be safe: look at it now.",
        "Alguien denunció «{title}», y un estudiante podría no estar seguro: revísela ahora.",
    ),
    "report_upheld": Names(
        "Thank you for reporting “{title}”. Your school has acted on it.",
        "Gracias por denunciar «{title}». La escuela ha tomado medidas.",
    ),
    "report_dismissed": Names(
        "Your school looked at “{title}”, which you reported, and found nothing wrong. Thank you for telling.",
        "La escuela revisó «{title}», por la denuncia recibida, y no encontró nada malo. Gracias por avisar.",
    ),
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
    "seat_offered": Names(
        "You are next in line: a seat in “{title}” is offered to you; say in time whether you take it.",
        "Es tu turno: te ofrecen una plaza en «{title}»; di a tiempo si la tomas.",
    ),
    "seat_lapsed": Names(
        "The seat in “{title}” went on to the next in line; you can join the line again, at its end.",
        "La plaza en «{title}» pasó a quien sigue en la fila; puedes volver a ponerte al final.",
    ),
    "line_closed": Names(
        "There is no line for “{title}” any more.", "Ya no hay lista de espera para «{title}»."
    ),
    "student_accepted_seat": Names(
        "A student in line accepted the seat in “{title}”; decide on the request.",
        "Un estudiante de la fila aceptó la plaza en «{title}»; decida sobre la solicitud.",
    ),
    "kept_seat_undecided": Names(
        "The seat in “{title}” that a student in line accepted stays empty until you decide on the request.",
        "La plaza en «{title}» que aceptó un estudiante de la fila sigue vacía hasta que decida sobre la solicitud.",
    ),
    "request_undecided": Names(
        "A student's request for “{title}” has waited for your decision for a week.",
        "La solicitud de un estudiante para «{title}» espera su decisión desde hace una semana.",
    ),
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
    "map_step_due": Names(
        "Today is the day of a next step on your network map.",
        "Hoy es el día de un próximo paso de tu mapa de red.",
    ),
    "map_shared_with_you": Names(
        "A student shows you their network map; read it with care, and for yourself alone.",
        "Un estudiante le muestra su mapa de red; léalo con cuidado y solo para usted.",
    ),
    "host_answered": Names(
        "An employer answered whether it hosts again; read the answer and its reasons.",
        "Un empleador respondió si recibe de nuevo a estudiantes; lea la respuesta y sus motivos.",
    ),
    "host_silent": Names(
        "An employer did not answer whether it hosts again; a call may help.",
        "Un empleador no respondió si recibe de nuevo a estudiantes; una llamada puede ayudar.",
    ),
    "team_feedback": Names(
        "There is feedback on your team's project.",
        "Hay comentarios sobre el proyecto de tu equipo.",
    ),
    "feedback_to_share": Names(
        "An expert wrote feedback on a team's project; read it, and share it with the team.",
        "Una persona experta opinó sobre el proyecto de un equipo; léalo y compártalo con el equipo.",
    ),
    "feedback_lapsed": Names(
        "An expert did not answer about a team's project in time.",
        "Una persona experta no respondió a tiempo sobre el proyecto de un equipo.",
    ),
    "round_opened": Names(
        "Your school maps its relationships: mark the students with whom you have a trusting relationship. Only you see it.",
        "Su escuela hace un mapa de relaciones: marque a los estudiantes con quienes tiene una relación de confianza. Solo usted lo ve.",
    ),
    "round_asks_you": Names(
        "Your school asks which adults you would turn to. No adult sees whom you name.",
        "Tu escuela pregunta a qué adultos acudirías. Ningún adulto ve a quién nombras.",
    ),
    "round_results": Names(
        "A relationship round is closed; see which students need somebody.",
        "Se cerró una ronda de relaciones; vea qué estudiantes necesitan a alguien.",
    ),
    "round_closed": Names(
        "A relationship round is closed; you can step forward for a student who needs somebody.",
        "Se cerró una ronda de relaciones; puede ofrecerse para un estudiante que necesita a alguien.",
    ),
    "round_volunteer_stepped_back": Names(
        "An adult stepped back from a student of a relationship round; somebody is needed again.",
        "Una persona adulta dejó a un estudiante de una ronda de relaciones; hace falta alguien de nuevo.",
    ),
    "round_volunteer_left": Names(
        "The adult of a student of a relationship round has left the school; somebody is needed again.",
        "La persona adulta de un estudiante de una ronda de relaciones dejó la escuela; hace falta alguien de nuevo.",
    ),
    "round_follow_up_due": Names(
        "You stepped forward for a student a while ago; see how it goes, and note that you did.",
        "Hace un tiempo se ofreció para un estudiante; vea cómo va y anote que lo hizo.",
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


def sentence(kind: str, language: str, title: str | None, students: int | None = None) -> str:
    """Say in `en` or `es` what a notification of that kind tells; `title` names the thing it is about."""
    missing = "una oportunidad" if language == "es" else "an opportunity"
    said = SENTENCES[kind].in_language(language).replace("{title}", title or missing)
    return said.replace("{students}", str(students))
