"""The life of a session: a dated, capped occurrence of an opportunity, and of a student's place in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.domain.codes import Names
from app.domain.errors import Refused

# A session is a day or a few, never a season: what lasts longer is the opportunity's own window.
LONGEST = timedelta(days=14)
FURTHEST = timedelta(days=731)


class SessionStatus(StrEnum):
    """Where a session stands."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    HELD = "held"


class SessionAction(StrEnum):
    """What can happen to a session; `lapse`, `settle` and `conclude` are the clock's."""

    UPDATE = "update"
    CANCEL = "cancel"
    LAPSE = "lapse"
    SETTLE = "settle"
    RECORD_ATTENDANCE = "record_attendance"
    CONCLUDE = "conclude"


class EnrollmentStatus(StrEnum):
    """Where a student's place in a session stands."""

    ENROLLED = "enrolled"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    NO_SHOW = "no_show"


class EnrollmentAction(StrEnum):
    """What can happen to a student's place in a session."""

    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    LAPSE = "lapse"
    ATTEND = "attend"
    MISS = "miss"


class Recording(StrEnum):
    """Whether a virtual session is recorded: never, only when everybody there agrees, or always."""

    NONE = "none"
    ASKED = "asked"
    ALWAYS = "always"


class PatternStatus(StrEnum):
    """Where a weekly pattern stands; an ended one makes no more sessions."""

    ACTIVE = "active"
    ENDED = "ended"


class PatternAction(StrEnum):
    """What can happen to a weekly pattern."""

    END = "end"


@dataclass(frozen=True, slots=True)
class Host:
    """Who hosts: a contact, a person, or nobody named."""

    contact_id: UUID | None
    person_id: UUID | None

    @property
    def id(self) -> UUID | None:
        """Return whichever is named."""
        return self.contact_id or self.person_id


_S, _A = SessionStatus, SessionAction

TRANSITIONS = {
    (_S.SCHEDULED, _A.UPDATE): _S.SCHEDULED,
    (_S.SCHEDULED, _A.CANCEL): _S.CANCELLED,
    (_S.SCHEDULED, _A.LAPSE): _S.CANCELLED,
    (_S.SCHEDULED, _A.SETTLE): _S.SCHEDULED,
    (_S.SCHEDULED, _A.RECORD_ATTENDANCE): _S.SCHEDULED,
    (_S.SCHEDULED, _A.CONCLUDE): _S.HELD,
    (_S.HELD, _A.RECORD_ATTENDANCE): _S.HELD,
}

_E, _B = EnrollmentStatus, EnrollmentAction

ENROLLMENT_TRANSITIONS = {
    (_E.ENROLLED, _B.WITHDRAW): _E.WITHDRAWN,
    (_E.ENROLLED, _B.CANCEL): _E.CANCELLED,
    (_E.ENROLLED, _B.LAPSE): _E.CANCELLED,
    (_E.ENROLLED, _B.ATTEND): _E.ATTENDED,
    (_E.ENROLLED, _B.MISS): _E.NO_SHOW,
    (_E.ATTENDED, _B.MISS): _E.NO_SHOW,
    (_E.NO_SHOW, _B.ATTEND): _E.ATTENDED,
}

PATTERN_TRANSITIONS = {(PatternStatus.ACTIVE, PatternAction.END): PatternStatus.ENDED}

# Reasons in the service's own words: kept in English, and said to each reader in their language.
TOO_FEW = Names(
    "fewer students had enrolled than the session needs", "hubo menos inscripciones de las necesarias"
)
LISTING_OVER = Names("the listing is no longer offered", "la oferta ya no está disponible")
PATTERN_CHANGED = Names(
    "the weekly pattern has no session on this day any more", "el patrón semanal ya no tiene sesión ese día"
)
STUDENT_LEFT = Names("the student chose not to come", "el estudiante decidió no asistir")
LEFT_SCHOOL = Names(
    "the student is at no school here any more", "el estudiante ya no está en ninguna escuela de aquí"
)
NO_HOST = Names("nobody hosts this session any more", "ya no hay quien dirija esta sesión")
_OWN_WORDS = (TOO_FEW, LISTING_OVER, PATTERN_CHANGED, STUDENT_LEFT, LEFT_SCHOOL, NO_HOST)

# In these a student has a place in the session, or had one when it took place.
LIVE = frozenset({_E.ENROLLED, _E.ATTENDED, _E.NO_SHOW})

# Whoever is to come, or came.
PRESENT = frozenset({_E.ENROLLED, _E.ATTENDED})

# The stricter policy has the higher number: it may not come over students who enrolled under a milder one.
_STRICTNESS = {Recording.NONE: 0, Recording.ASKED: 1, Recording.ALWAYS: 2}


def check_times(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Refuse a session in the past, one that ends before it starts, and one too long or too far off to be meant."""
    if ends_at <= starts_at:
        raise Refused(
            "ends_before_start",
            "give an end that is later than the start",
            "indique un final posterior al comienzo",
            pointer="/ends_at",
        )
    if starts_at <= now:
        raise Refused(
            "in_the_past",
            "this start is over already; choose one that is still to come",
            "ese comienzo ya pasó; elija uno que aún esté por llegar",
            pointer="/starts_at",
        )
    if ends_at - starts_at > LONGEST:
        raise Refused(
            "too_long",
            f"a session lasts {LONGEST.days} days at most; make several of it, or use the opportunity's own dates",
            f"una sesión dura como máximo {LONGEST.days} días; haga varias o use las fechas de la oportunidad",
            pointer="/ends_at",
        )
    if starts_at - now > FURTHEST:
        raise Refused(
            "too_far_off",
            "choose a start within the next two years",
            "elija un comienzo dentro de los próximos dos años",
            pointer="/starts_at",
        )


def check_seats(seats: int, minimum: int, *, kept: int = 0) -> None:
    """Refuse fewer seats than are taken, and a minimum that the seats cannot hold."""
    if seats < kept:
        raise Refused(
            "fewer_seats_than_taken",
            f"{kept} seats are taken or kept for somebody in line; keep at least as many",
            f"hay {kept} plazas ocupadas o reservadas para la lista de espera; deje al menos esas",
            pointer="/seats",
        )
    if minimum > seats:
        raise Refused(
            "minimum_above_seats",
            "ask for no more students than there are seats",
            "no exija más estudiantes que plazas",
            pointer="/minimum_enrollment",
        )


def decides_at(starts_at: datetime, hours: int) -> datetime:
    """Return when it is decided whether enough students enrolled: the tenant's hours before the start."""
    return starts_at - timedelta(hours=hours)


def check_minimum_in_time(minimum: int, starts_at: datetime, now: datetime, hours: int) -> None:
    """Refuse a minimum for a session that is to be decided on at once: nobody could enrol before that."""
    if minimum > 0 and decides_at(starts_at, hours) <= now:
        raise Refused(
            "too_late_for_a_minimum",
            f"a session that needs a minimum is decided on {hours} hours before it starts; leave the minimum out, "
            "or choose a later start",
            f"las sesiones con un mínimo se deciden {hours} horas antes; quite el mínimo o elija un comienzo posterior",
            pointer="/minimum_enrollment",
        )


def check_video(*, virtual: bool, join_url: str | None, recording: Recording) -> None:
    """Refuse a join link or a recording for a session where people meet in person."""
    if virtual:
        return
    if join_url is not None:
        raise Refused(
            "not_virtual",
            "only a virtual session has a join link; make it virtual, or leave the link out",
            "solo una sesión virtual tiene enlace; hágala virtual o quite el enlace",
            pointer="/join_url",
        )
    if recording is not Recording.NONE:
        raise Refused(
            "not_virtual",
            "only a virtual session can be recorded; make it virtual, or set recording to none",
            "solo se puede grabar una sesión virtual; hágala virtual o ponga recording en none",
            pointer="/recording",
        )


def check_recording_change(before: Recording, after: Recording, enrolled: int) -> None:
    """Refuse to record more than the students who enrolled were told."""
    if enrolled and _STRICTNESS[after] > _STRICTNESS[before]:
        raise Refused(
            "recording_promised",
            "students enrolled when it was to be recorded less; keep that, or cancel this session and make another",
            "hay estudiantes inscritos con una regla de grabación más suave; consérvela o cancele esta sesión "
            "y cree otra",
            pointer="/recording",
        )


def host_busy() -> Refused:
    """Build the refusal of a session whose host is in another one at that time."""
    return Refused(
        "host_busy",
        "this host has another session at that time; choose another time, or another host",
        "esa persona tiene otra sesión a esa hora; elija otra hora u otra persona",
        pointer="/starts_at",
    )


def student_busy() -> Refused:
    """Build the refusal of a place in two sessions at the same time."""
    return Refused(
        "student_busy",
        "this student is enrolled in another session at that time; withdraw from that one first",
        "hay otra sesión con inscripción a esa hora; primero hay que retirarse de ella",
    )


def full() -> Refused:
    """Build the refusal of a full session: it offers the line."""
    return Refused(
        "full",
        "no seat is free; join the line with POST /v1/waiting_entries, and you are told when it is your turn",
        "no hay plazas libres; entra en la lista de espera con POST /v1/waiting_entries y se te avisará a tu turno",
    )


def check_recording_seen(recording: Recording, seen: Recording | None) -> None:
    """Refuse to enrol somebody in a recorded session who was not shown that it is recorded, or how."""
    if recording is not Recording.NONE and seen is not recording:
        raise Refused(
            "recording_not_seen",
            f"this session's recording policy is {recording.value}; show it, then send it back in recording_seen",
            f"la regla de grabación de esta sesión es {recording.value}; muéstrela y envíela en recording_seen",
            pointer="/recording_seen",
        )


def check_open(status: SessionStatus, starts_at: datetime, now: datetime) -> None:
    """Refuse to enrol in a session that was cancelled, took place or has begun."""
    if status is not SessionStatus.SCHEDULED:
        raise Refused(
            "not_open",
            f"this session is {status.value}; choose another one",
            "esta sesión se canceló o ya se realizó; elija otra",
        )
    if starts_at <= now:
        raise Refused(
            "begun",
            "this session has begun; choose another one",
            "esta sesión ya comenzó; elija otra",
        )


def check_not_begun(starts_at: datetime, now: datetime) -> None:
    """Refuse to change or leave what has begun: who came is recorded instead."""
    if starts_at <= now:
        raise Refused(
            "begun",
            "this session has begun; record who came instead",
            "esta sesión ya comenzó; registre la asistencia",
        )


def check_begun(starts_at: datetime, now: datetime) -> None:
    """Refuse to record who came to what has not begun."""
    if starts_at > now:
        raise Refused(
            "not_begun",
            "this session has not begun; record who came once it has",
            "esta sesión aún no comienza; registre la asistencia cuando haya comenzado",
        )


def audio_only(*, virtual: bool, consented: bool) -> bool:
    """Say whether a student takes part without a picture: on video, and nobody consented to it."""
    return virtual and not consented


def sees_join_link(status: SessionStatus, enrollment: EnrollmentStatus | None, *, staff: bool) -> bool:
    """Say whether the link to a virtual session is for this reader: its enrolled students, and those who run it.

    For students only until it is over: often the next sessions have the same link, and it is not theirs there.
    """
    return staff or (status is SessionStatus.SCHEDULED and enrollment is EnrollmentStatus.ENROLLED)


def in_language(reason: str | None, language: str) -> str | None:
    """Return a reason in `en` or `es` where it is the service's own; what people wrote stays as they wrote it."""
    found = next((names for names in _OWN_WORDS if names.en == reason), None)
    return reason if found is None else found.in_language(language)
