"""A student's own network map: the people they know, what ties them, and what the map as a whole shows.

The questions asked about each person (part of life, closeness, frequency, kinds of help) follow the tradition of
Tracy and Whittaker, "The Social Network Map: Assessing Social Support in Clinical Practice", Families in Society
71(8), 1990; what counts as strong and weak follows Granovetter, "The Strength of Weak Ties", 1973. The words are ours.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.codes import Names
from app.domain.connection import ConnectionDomain
from app.domain.errors import Refused
from app.domain.fields import FIELDS, cluster_of

# A map is somebody's people, not an address book: more than this is an import gone wrong.
MOST_ENTRIES = 120
# At this hour of the due day, where the student lives, they are reminded of a next step.
_REMINDS_AT = time(8)
_LATEST_STEP = timedelta(days=731)


class HelpKind(StrEnum):
    """How somebody helps."""

    CONCRETE = "concrete"
    EMOTIONAL = "emotional"
    ADVICE = "advice"
    INTRODUCTIONS = "introductions"


class MapTie(StrEnum):
    """How strong a tie on the map is."""

    STRONG = "strong"
    BETWEEN = "between"
    WEAK = "weak"


# closeness (1-3) times frequency (1-5) runs from 1 to 15. Strong: well known and seen at least monthly (3 x 3), or
# somewhat known and seen every week (2 x 5). Weak: barely known, or hardly ever seen: the ties that lead elsewhere.
_STRONG_FROM = 9
_WEAK_UP_TO = 4

PROMPTS: Mapping[ConnectionDomain, Names] = {
    ConnectionDomain.HOUSEHOLD: Names(
        "Who lives with you, or did, and what do they do all day?",
        "¿Quién vive o vivía contigo, y qué hace durante el día?",
    ),
    ConnectionDomain.FAMILY: Names(
        "Which aunt, uncle, cousin or grandparent could tell you about their work?",
        "¿Qué tía, tío, prima, primo o abuelo podría contarte de su trabajo?",
    ),
    ConnectionDomain.NEIGHBOURS: Names(
        "Who on your street or in your building says hello to you?",
        "¿Quién te saluda en tu calle o en tu edificio?",
    ),
    ConnectionDomain.FAITH: Names(
        "Is there somebody at a church, mosque, temple or other community whom you would ask for advice?",
        "¿Hay alguien en una iglesia, mezquita, templo u otra comunidad a quien pedirías un consejo?",
    ),
    ConnectionDomain.CLUB: Names(
        "Who leads, coaches or shows up at a team, club or class that you go to?",
        "¿Quién dirige, entrena o asiste a un equipo, club o clase adonde vas?",
    ),
    ConnectionDomain.WORK: Names(
        "Whom have you met at a job, as a volunteer, or at a place where you are a customer?",
        "¿A quién conociste en un trabajo, como voluntario o en un lugar donde eres cliente?",
    ),
    ConnectionDomain.FRIENDS: Names(
        "Whose parents, brothers or sisters do you know through your friends?",
        "¿A qué padres, hermanos o hermanas conoces por tus amistades?",
    ),
    ConnectionDomain.SCHOOL: Names(
        "Which adult at school knows you by name, now or at a school before?",
        "¿Qué persona adulta de tu escuela, o de una anterior, te conoce por tu nombre?",
    ),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the summary needs to know of one person on the map."""

    domain: ConnectionDomain
    closeness: int
    frequency: int
    help: Sequence[HelpKind]
    fields: Sequence[str]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a map shows as a whole; every domain and every kind of help is there, also with nobody."""

    people: int
    domains: Mapping[ConnectionDomain, int]
    ties: Mapping[MapTie, int]
    help: Mapping[HelpKind, int]
    fields: tuple[str, ...]
    empty_domains: tuple[ConnectionDomain, ...]


def tie(closeness: int, frequency: int) -> MapTie:
    """Return how strong a tie is: strong from 9, weak up to 4, of closeness (1-3) times frequency (1-5)."""
    strength = closeness * frequency
    if strength >= _STRONG_FROM:
        return MapTie.STRONG
    return MapTie.WEAK if strength <= _WEAK_UP_TO else MapTie.BETWEEN


def summary(people: Iterable[Known]) -> Summary:
    """Count what a map holds; the order of the people does not matter."""
    known = list(people)
    domains = Counter(person.domain for person in known)
    ties = Counter(tie(person.closeness, person.frequency) for person in known)
    helped = Counter(kind for person in known for kind in set(person.help))
    return Summary(
        people=len(known),
        domains={domain: domains[domain] for domain in ConnectionDomain},
        ties={strength: ties[strength] for strength in MapTie},
        help={kind: helped[kind] for kind in HelpKind},
        fields=tuple(sorted({field for person in known for field in person.fields})),
        empty_domains=tuple(domain for domain in ConnectionDomain if not domains[domain]),
    )


def could_help(wanted: str, known: Iterable[str]) -> bool:
    """Say whether somebody with these fields could help with a goal in the field `wanted`.

    The same field does, and a cluster stands for its occupations both ways; two occupations of one cluster do not: a
    nurse is no veterinarian.
    """
    cluster = cluster_of(wanted).value
    if wanted == cluster:
        return any(cluster_of(field).value == cluster for field in known if field in FIELDS)
    return any(field in (wanted, cluster) for field in known)


def reminder(due_on: date, zone: str) -> datetime:
    """Return when a student is reminded of a next step: on the morning of its day, in their own time zone."""
    return datetime.combine(due_on, _REMINDS_AT, ZoneInfo(zone))


def check_due(due_on: date, today: date) -> None:
    """Refuse a day that is over, or so far away that nobody plans for it; raises Refused."""
    if not today <= due_on <= today + _LATEST_STEP:
        raise Refused(
            "due_out_of_range",
            "choose a day from today to two years from now",
            "elige un día desde hoy hasta dentro de dos años",
            pointer="/next_step_due_on",
        )


def check_room(entries: int) -> None:
    """Refuse one more person on a full map; raises Refused."""
    if entries >= MOST_ENTRIES:
        raise Refused(
            "map_full",
            f"a map holds {MOST_ENTRIES} people; take somebody off it first",
            f"en un mapa caben {MOST_ENTRIES} personas; quita primero a alguien",
        )


def check_not_offered(*, offered: bool) -> None:
    """Refuse to offer one person of the map to the pool a second time; raises Refused."""
    if offered:
        raise Refused(
            "offered_before",
            "you offered this person already; see the connection of this entry",
            "ya ofreciste a esta persona; mira la conexión de esta entrada",
        )
