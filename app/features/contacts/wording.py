"""What a suggested contact is told about: how we know of them, and what they were thought of for."""

from collections.abc import Iterable, Mapping

from app.domain.codes import Names
from app.domain.connection import ConnectionDomain, Offer

FIELDS: Mapping[str, Names] = {
    "name": Names("Your name", "Su nombre"),
    "email": Names("Your e-mail address", "Su correo electrónico"),
    "phone": Names("Your telephone number", "Su número de teléfono"),
    "employer": Names("Where you work", "Dónde trabaja"),
    "job_title": Names("What you do there", "Lo que hace allí"),
    "graduation": Names("The school you graduated from", "La escuela de la que egresó"),
    "relationship": Names("How the person who thought of you knows you", "De dónde le conoce quien pensó en usted"),
    "personal_relation": Names("Your address", "Su dirección"),
    "fields": Names("What you work in", "En qué trabaja"),
    "note": Names("A note from the person who thought of you", "Una nota de quien pensó en usted"),
}  # fmt: skip

PRIVATELY = Names(
    "the person who thought of you knows you privately and says that this address is your private one",
    "quien pensó en usted le conoce en privado y dice que esta dirección es la suya privada",
)

_RELATIONS: Mapping[ConnectionDomain, Names] = {
    ConnectionDomain.HOUSEHOLD: Names("from the same household", "del mismo hogar"),
    ConnectionDomain.FAMILY: Names("from the family", "de la familia"),
    ConnectionDomain.NEIGHBOURS: Names("from the neighborhood", "del vecindario"),
    ConnectionDomain.FAITH: Names("from a faith community", "de una comunidad de fe"),
    ConnectionDomain.CLUB: Names("from a club or a team", "de un club o un equipo"),
    ConnectionDomain.WORK: Names("from work", "del trabajo"),
    ConnectionDomain.FRIENDS: Names("as a friend", "por amistad"),
    ConnectionDomain.SCHOOL: Names("from school", "de la escuela"),
}

_OFFERS: Mapping[Offer, Names] = {
    Offer.HOST: Names("welcome a student at your workplace", "recibir a un estudiante en su lugar de trabajo"),
    Offer.SHADOW: Names("let a student watch you at work for a day", "dejar que un estudiante le acompañe un día de trabajo"),
    Offer.TALK: Names("tell students about your work", "contar a los estudiantes en qué consiste su trabajo"),
    Offer.MENTOR: Names("be a mentor", "ser mentor o mentora"),
    Offer.VOUCH: Names("put in a good word for a student", "recomendar a un estudiante"),
    Offer.ANSWER_QUESTIONS: Names("answer a student's questions", "responder las preguntas de un estudiante"),
}  # fmt: skip

_NOTHING_SAID = Names(
    "someone thought that students could learn from what you do.",
    "alguien pensó que los estudiantes podrían aprender de lo que usted hace.",
)
_THOUGHT = Names(
    "someone who knows you thought that you might be willing to",
    "alguien que le conoce pensó que usted tal vez querría",
)


def why(offers: Iterable[str], language: str) -> str:
    """Say in a sentence what the contact was thought of for. It names nobody."""
    wanted = set(offers)
    phrases = [names.in_language(language) for offer, names in _OFFERS.items() if offer.value in wanted]
    if not phrases:
        return _NOTHING_SAID.in_language(language)
    *most, last = phrases
    joint = Names(" or ", " o ").in_language(language)
    listed = f"{', '.join(most)}{joint}{last}" if most else last
    return f"{_THOUGHT.in_language(language)} {listed}."


def offer(code: Offer, language: str) -> str:
    """Say what an offer is, as something its reader would do."""
    return _OFFERS[code].in_language(language)


def relationship(
    domain: ConnectionDomain, closeness: int, frequency: int, years_known: int | None, language: str
) -> str:
    """Say how the contributor knows the contact, with every number that is held about it."""
    spanish = language == "es"
    parts = [
        _RELATIONS[domain].in_language(language),
        f"cercanía {closeness} de 3" if spanish else f"closeness {closeness} of 3",
        f"trato {frequency} de 5" if spanish else f"in touch {frequency} of 5",
    ]
    if years_known is not None:
        parts.append(f"años: {years_known}" if spanish else f"years known: {years_known}")
    return "; ".join(parts)
