"""In which words people are told what happened to sessions; `notice_sentences` holds these with all others."""

from collections.abc import Mapping

from app.domain.codes import Names

SESSION_SENTENCES: Mapping[str, Names] = {
    "session_changed": Names(
        "A session of “{title}” that you are enrolled in has changed; look at its time and place.",
        "Cambió una sesión de «{title}» en la que te inscribiste; mira la hora y el lugar.",
    ),
    "session_soon": Names(
        "A session of “{title}” that you are enrolled in takes place soon.",
        "Pronto se realiza una sesión de «{title}» en la que te inscribiste.",
    ),
    "session_takes_place": Names(
        "A session of “{title}” takes place: enough students enrolled.",
        "Se realizará una sesión de «{title}»: hay suficientes inscripciones.",
    ),
    "session_cancelled": Names(
        "A session of “{title}” was cancelled.", "Se canceló una sesión de «{title}»."
    ),
    "session_lapsed": Names(
        "A session of “{title}” was cancelled because too few students enrolled.",
        "Se canceló una sesión de «{title}» por falta de inscripciones.",
    ),
    "speed_rounds_drawn": Names(
        "Who meets whom in “{title}” was drawn; look at your tables.",
        "Se sorteó quién se reúne con quién en «{title}»; mira tus mesas.",
    ),
    "pattern_skips_days": Names(
        "On some days “{title}” has no session: its host has another one then; look at its weekly pattern.",
        "Algunos días no hay sesión de «{title}»: la persona anfitriona tiene otra; mire el patrón semanal.",
    ),
    "host_left": Names(
        "The host of “{title}” takes part no more; name another for each of its dates and weekly patterns, or cancel.",
        "La persona anfitriona de «{title}» ya no participa; nombre a otra para sus fechas y patrones, o cancele.",
    ),
    "place_taken": Names(
        "You were enrolled in a session of “{title}”.", "Te inscribieron en una sesión de «{title}»."
    ),
    "student_place_taken": Names(
        "A student you look after is enrolled in a session of “{title}”.",
        "Un estudiante a su cargo está inscrito en una sesión de «{title}».",
    ),
    "place_withdrawn": Names(
        "Your school withdrew you from a session of “{title}”; the reason is there.",
        "Tu escuela te retiró de una sesión de «{title}»; ahí está el motivo.",
    ),
    "student_place_withdrawn": Names(
        "A student you look after is no longer enrolled in a session of “{title}”.",
        "Un estudiante a su cargo ya no está inscrito en una sesión de «{title}».",
    ),
    "place_cancelled": Names(
        "A session of “{title}” that you were enrolled in was cancelled; the reason is there.",
        "Se canceló una sesión de «{title}» en la que te inscribiste; ahí está el motivo.",
    ),
    "student_place_cancelled": Names(
        "A session of “{title}” that a student you look after was enrolled in was cancelled.",
        "Se canceló una sesión de «{title}» en la que estaba inscrito un estudiante a su cargo.",
    ),
    "place_lapsed": Names(
        "A session of “{title}” was cancelled because too few students enrolled; choose another date.",
        "Se canceló una sesión de «{title}» por falta de inscripciones; elige otra fecha.",
    ),
    "student_place_lapsed": Names(
        "A session of “{title}” was cancelled because too few students enrolled.",
        "Se canceló una sesión de «{title}» por falta de inscripciones.",
    ),
    "video_allowed": Names(
        "You may be seen on video in virtual sessions now.",
        "Ahora puedes aparecer en video en las sesiones virtuales.",
    ),
    "student_video_allowed": Names(
        "A student you look after may be seen on video in virtual sessions now.",
        "Un estudiante a su cargo puede aparecer ahora en video en las sesiones virtuales.",
    ),
    "video_not_allowed": Names(
        "In virtual sessions you take part by audio alone from now on.",
        "Desde ahora participas solo con audio en las sesiones virtuales.",
    ),
    "student_video_not_allowed": Names(
        "In virtual sessions a student you look after takes part by audio alone from now on.",
        "Desde ahora un estudiante a su cargo participa solo con audio en las sesiones virtuales.",
    ),
}
