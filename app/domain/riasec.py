"""A short questionnaire of interests: 24 statements, six scores, and the career clusters they speak for.

Rule: John L. Holland, "Making Vocational Choices", 1997: interests and the places where people work fall into the same
six types, and a person is described by the order of the strongest ones. The statements, the scale, the scoring and the
reading of the 14 clusters are ours: a prompt for exploring, not a test. Nothing is hidden because of a score.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.clusters import Cluster
from app.domain.codes import Names
from app.domain.errors import Refused


class Interest(StrEnum):
    """One of Holland's six types, by its letter."""

    REALISTIC = "R"
    INVESTIGATIVE = "I"
    ARTISTIC = "A"
    SOCIAL = "S"
    ENTERPRISING = "E"
    CONVENTIONAL = "C"


_R, _I, _A, _S, _E, _C = Interest
_Cl = Cluster

# Named in every answer: scores of other statements could not be compared. A new wording makes a new number.
QUESTIONNAIRE = 1


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement about oneself, and the type it speaks for."""

    code: str
    interest: Interest
    words: Names


# In the order in which they are asked: the six types take turns, so that nobody can answer by the row.
STATEMENTS: tuple[Statement, ...] = (
    Statement("r1", _R, Names("I like it when a broken thing works again because of my hands.", "Me gusta que algo roto vuelva a funcionar gracias a mis manos.")),
    Statement("i1", _I, Names("When somebody says that is just how it is, I want to know why.", "Cuando alguien dice que las cosas son así y ya, quiero saber por qué.")),
    Statement("a1", _A, Names("I notice colors, sounds or sentences that others walk past.", "Me fijo en colores, sonidos o frases que a otros se les escapan.")),
    Statement("s1", _S, Names("Friends come to me when they have had a bad day.", "Mis amistades me buscan cuando han tenido un mal día.")),
    Statement("e1", _E, Names("I like to be the one who gets a group going.", "Me gusta ser quien pone en marcha al grupo.")),
    Statement("c1", _C, Names("I like it when everything has a place and stays there.", "Me gusta que cada cosa tenga su lugar y se quede ahí.")),
    Statement("r2", _R, Names("Give me a morning outside with tools rather than one at a desk.", "Prefiero una mañana afuera con herramientas que una frente a un escritorio.")),
    Statement("i2", _I, Names("I enjoy a puzzle most when it takes me days.", "Disfruto más un acertijo cuando me lleva días.")),
    Statement("a2", _A, Names("An empty page makes me curious, not nervous.", "Una hoja en blanco me da curiosidad, no nervios.")),
    Statement("s2", _S, Names("I like the moment when somebody understands what I explained.", "Me gusta el momento en que alguien entiende lo que le expliqué.")),
    Statement("e2", _E, Names("I can win people over to try something new.", "Sé animar a la gente a probar algo nuevo.")),
    Statement("c2", _C, Names("I spot the wrong number or the missing name in a list.", "Encuentro el número equivocado o el nombre que falta en una lista.")),
    Statement("r3", _R, Names("When something arrives in parts, I want to be the one who puts it together.", "Cuando algo llega en piezas, quiero ser quien lo arma.")),
    Statement("i3", _I, Names("I would try two ways of doing a thing just to see which is better.", "Probaría dos maneras de hacer algo solo para ver cuál es mejor.")),
    Statement("a3", _A, Names("I keep changing a song, an outfit or a drawing until it feels right.", "Sigo cambiando una canción, un atuendo o un dibujo hasta que se siente bien.")),
    Statement("s3", _S, Names("When a new person stands alone, I notice and go over.", "Cuando alguien nuevo está solo, me doy cuenta y me acerco.")),
    Statement("e3", _E, Names("I have thought of something that I could sell or start.", "He pensado en algo que podría vender o poner en marcha.")),
    Statement("c3", _C, Names("I would rather have clear steps than a surprise.", "Prefiero tener pasos claros que una sorpresa.")),
    Statement("r4", _R, Names("I learn a thing best by doing it, not by hearing about it.", "Aprendo mejor haciendo las cosas que oyendo hablar de ellas.")),
    Statement("i4", _I, Names("I look up how bodies, stars, animals or machines work without being told to.", "Busco cómo funcionan los cuerpos, las estrellas, los animales o las máquinas sin que me lo pidan.")),
    Statement("a4", _A, Names("I want room to do a task in a way of my own.", "Quiero espacio para hacer una tarea a mi manera.")),
    Statement("s4", _S, Names("A day on which I was of use to somebody was a good day.", "Un día en que le serví de algo a alguien fue un buen día.")),
    Statement("e4", _E, Names("When a plan needs a decision, I am glad to make it.", "Cuando un plan necesita una decisión, la tomo con gusto.")),
    Statement("c4", _C, Names("Keeping track of dates, money or supplies suits me.", "Llevar la cuenta de fechas, dinero o materiales va conmigo.")),
)  # fmt: skip

# What can be answered, from 0 up.
SCALE: tuple[Names, ...] = (
    Names("Not me at all", "Nada que ver conmigo"),
    Names("Hardly me", "Poco"),
    Names("Partly me", "En parte"),
    Names("Mostly me", "Bastante"),
    Names("Very much me", "Así soy yo"),
)

# Which types the work of a cluster asks for, the strongest first.
_READINGS: Mapping[Cluster, tuple[Interest, Interest, Interest]] = {
    _Cl.ADVANCED_MANUFACTURING: (_R, _C, _I),
    _Cl.AGRICULTURE: (_R, _I, _E),
    _Cl.ARTS_ENTERTAINMENT_DESIGN: (_A, _E, _S),
    _Cl.CONSTRUCTION: (_R, _E, _C),
    _Cl.DIGITAL_TECHNOLOGY: (_I, _C, _R),
    _Cl.EDUCATION: (_S, _A, _I),
    _Cl.ENERGY_NATURAL_RESOURCES: (_I, _R, _C),
    _Cl.FINANCIAL_SERVICES: (_C, _E, _I),
    _Cl.HEALTHCARE_HUMAN_SERVICES: (_S, _I, _C),
    _Cl.HOSPITALITY_EVENTS_TOURISM: (_E, _S, _C),
    _Cl.MANAGEMENT_ENTREPRENEURSHIP: (_E, _C, _S),
    _Cl.MARKETING_SALES: (_E, _A, _S),
    _Cl.PUBLIC_SERVICE_SAFETY: (_S, _E, _R),
    _Cl.SUPPLY_CHAIN_TRANSPORTATION: (_C, _R, _E),
}
_WEIGHTS = (3, 2, 1)
_SUGGESTED = 5
_LETTERS = 3
# Below this difference between the strongest and the weakest score, the answers lean nowhere.
_LEANS_FROM = 15

Scores = Mapping[Interest, int]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A cluster that somebody's interests speak for, how much (0 to 100), and by which of them."""

    cluster: Cluster
    fit: int
    because: tuple[Interest, ...]


def score(answers: Mapping[str, int]) -> dict[Interest, int]:
    """Return the six scores, 0 to 100, of a whole set of answers (statement -> place on the scale); raises Refused."""
    missing = [statement.code for statement in STATEMENTS if statement.code not in answers]
    unknown = answers.keys() - {statement.code for statement in STATEMENTS}
    if missing or unknown:
        raise Refused(
            "answers_incomplete",
            f"answer each of the {len(STATEMENTS)} statements once; missing: {', '.join(missing) or 'none'}",
            f"responde cada una de las {len(STATEMENTS)} frases una vez; faltan: {', '.join(missing) or 'ninguna'}",
            pointer="/answers",
        )
    top = len(SCALE) - 1
    found = {}
    for interest in Interest:
        codes = [statement.code for statement in STATEMENTS if statement.interest is interest]
        found[interest] = round(100 * sum(answers[code] for code in codes) / (top * len(codes)))
    return found


def leans(scores: Scores) -> bool:
    """Say whether the scores differ enough to speak for anything."""
    return max(scores.values()) - min(scores.values()) >= _LEANS_FROM


def letters(scores: Scores) -> tuple[Interest, ...]:
    """Return the three strongest types, the strongest first; none where the answers lean nowhere."""
    if not leans(scores):
        return ()
    order = list(Interest)
    return tuple(sorted(Interest, key=lambda each: (-scores[each], order.index(each)))[:_LETTERS])


def suggestions(scores: Scores) -> tuple[Suggestion, ...]:
    """Return the five clusters that the scores speak for most; none where the answers lean nowhere."""
    strongest = letters(scores)
    if not strongest:
        return ()
    found = []
    for cluster, reading in _READINGS.items():
        weighed = sum(weight * scores[each] for weight, each in zip(_WEIGHTS, reading, strict=True))
        because = tuple(each for each in reading if each in strongest)
        found.append((weighed, Suggestion(cluster, round(weighed / sum(_WEIGHTS)), because)))
    order = list(_READINGS)
    found.sort(key=lambda pair: (-pair[0], order.index(pair[1].cluster)))
    return tuple(suggestion for _, suggestion in found[:_SUGGESTED])


def clusters_of(scores: Scores) -> tuple[Cluster, ...]:
    """Return the clusters that the scores speak for, the first most."""
    return tuple(suggestion.cluster for suggestion in suggestions(scores))
