"""How adults on the way of an introduction are spoken to: by role, by field and by month, never with a name."""

from datetime import date

from app.core.languages import Language
from app.core.mail_templates import month_and_year
from app.domain.codes import Names
from app.domain.connection import ConnectionDomain
from app.domain.fields import field_name
from app.domain.introduction_hop import HopKind
from app.domain.names import NAMES

_WHO = Names("a student at {school}", "un estudiante de {school}")
_CONTRIBUTOR = Names(
    "You suggested someone in {month} ({domain}) who works in this field: {field}. May we ask that person?",
    "En {month} usted sugirió a alguien ({domain}) que trabaja en este campo: {field}. ¿Podemos preguntarle?",
)
_CONTACT = Names(
    "Someone who knows you thought of you, and you agreed to be asked. Would you meet the student once?",
    "Alguien que le conoce pensó en usted, y usted aceptó que le preguntáramos. ¿Se reuniría una vez con el estudiante?",
)

NO = Names(
    "Thank you for telling us. Nobody learns of your answer, and you need not give a reason.",
    "Gracias por decírnoslo. Nadie conocerá su respuesta y no tiene que dar ningún motivo.",
)
CONTRIBUTOR_YES = Names(
    "Thank you. We go on from here; you hear from us only if a meeting comes of it.",
    "Gracias. Desde aquí seguimos nosotros; le escribiremos solo si llega a haber un encuentro.",
)
CONTACT_YES = Names(
    "Thank you. The school arranges the meeting with you, and someone of its staff is there with the student.",
    "Gracias. La escuela acuerda el encuentro con usted, y alguien de su personal acompaña al estudiante.",
)


def who(school_name: str, language: str) -> str:
    """Say who would like to meet somebody."""
    return _WHO.in_language(language).replace("{school}", school_name)


def named(field: str, language: str) -> str:
    """Return the name of a field."""
    return field_name(field).in_language(language)


def through(
    kind: HopKind, field: str, domain: ConnectionDomain, suggested_on: date, language: Language
) -> str:
    """Say why the reader is asked: a contributor reads of the month, a contact that somebody knows them."""
    if kind is HopKind.CONTACT:
        return _CONTACT.in_language(language)
    return (
        _CONTRIBUTOR.in_language(language)
        .replace("{month}", month_and_year(suggested_on, language))
        .replace("{domain}", NAMES[ConnectionDomain][domain].in_language(language).lower())
        .replace("{field}", named(field, language))
    )
