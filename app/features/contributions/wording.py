"""What the page of a contribution says and reads: the choices of its form, and what was typed into it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData

from app.core.languages import Language
from app.core.problems import Unprocessable
from app.domain.clusters import CLUSTERS, Cluster
from app.domain.codes import Names
from app.domain.connection import ConnectionDomain, Offer, ShareScope
from app.domain.local_time import local_day
from app.domain.names import NAMES
from app.domain.outreach import OutreachAnswer
from app.features.outreach.schemas import OutreachAnswerIn

_PERSON = ("given_name", "family_name", "email", "phone", "job_title")
_PLACE = {"employer_name": "name", "employer_city": "city"}
_ONE_LINE = (
    *_PERSON,
    *_PLACE,
    "locale",
    "domain",
    "closeness",
    "frequency",
    "years_known",
    "field",
    "share_scope",
    "note",
    "school_id",
)
_BOXES = ("personal_relation", "anonymous")
_LONGEST = 4000

_CLOSENESS = {
    "1": Names("Barely", "Apenas"),
    "2": Names("Fairly well", "Bastante bien"),
    "3": Names("Well", "Muy bien"),
}
_FREQUENCY = {
    "1": Names("Hardly ever", "Casi nunca"),
    "2": Names("Once a year or so", "Una vez al año, más o menos"),
    "3": Names("Several times a year", "Varias veces al año"),
    "4": Names("Every month", "Cada mes"),
    "5": Names("Every week", "Cada semana"),
}
_SHARE = {
    ShareScope.TENANT: Names(
        "All schools here: it helps most", "Todas las escuelas de aquí: es lo que más ayuda"
    ),
    ShareScope.SCHOOL: Names("Only my school", "Solo mi escuela"),
    ShareScope.ADVISORY: Names("Only my advisory group", "Solo mi grupo de asesoría"),
}
_NOBODY_NAMED = Names(
    "Tell us whom you know: a person with name and e-mail address, a workplace, or both.",
    "Díganos a quién conoce: una persona con nombre y correo electrónico, un lugar de trabajo, o ambos.",
)
_MARKED = Names(
    "Something is missing or cannot be read. It is marked below.",
    "Falta algo o no se puede leer. Está señalado abajo.",
)


def choices(language: Language) -> dict[str, list[tuple[str, str]]]:
    """Return the codes and names of every choice of the form."""
    named = {
        "domain": _names(ConnectionDomain),
        "offers": _names(Offer),
        "closeness": _CLOSENESS,
        "frequency": _FREQUENCY,
        "share_scope": _SHARE,
        "field": CLUSTERS,
        "answer": _names(OutreachAnswer),
    }
    return {
        field: [(str(code), names.in_language(language)) for code, names in codes.items()]
        for field, codes in named.items()
    }


def empty(language: Language) -> dict[str, Any]:
    """Return what the form holds at first: the language of the page, and the widest sharing."""
    return {
        **dict.fromkeys(_ONE_LINE, ""),
        **dict.fromkeys(_BOXES, False),
        "offers": [],
        "locale": language,
        "share_scope": ShareScope.TENANT.value,
    }


def typed(form: FormData) -> dict[str, Any]:
    """Return what was typed, to be shown again."""
    return {
        **{name: _text(form, name) for name in _ONE_LINE},
        **{name: name in form for name in _BOXES},
        "offers": [str(offer) for offer in form.getlist("offers")],
    }


def connection(form: FormData) -> dict[str, Any]:
    """Return what was typed as the body of a connection; what is wrong with it, the body itself says."""
    given = {name: text for name in _ONE_LINE if (text := _text(form, name))}
    body: dict[str, Any] = {
        name: given[name] for name in ("domain", "share_scope", "note", "school_id") if name in given
    }
    for name in ("closeness", "frequency", "years_known"):
        if name in given:
            text = given[name]
            body[name] = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else text  # noqa: PLR2004 - years of a life
    if any(name in given for name in _PERSON):
        body["person"] = {name: given[name] for name in (*_PERSON, "locale") if name in given}
        body["person"]["personal_relation"] = "personal_relation" in form
    if any(name in given for name in _PLACE):
        body["employer"] = {field: given[name] for name, field in _PLACE.items() if name in given}
    body["offers"] = [str(offer) for offer in form.getlist("offers")]
    body["fields"] = [given["field"]] if "field" in given else []
    body["credit_wanted"] = "anonymous" not in form
    return body


def answers(form: FormData) -> list[OutreachAnswerIn]:
    """Return the answers that were given; raises Unprocessable when there is none."""
    found = [
        OutreachAnswerIn(cluster=cluster, answer=OutreachAnswer(given))
        for cluster in Cluster
        if (given := _text(form, cluster.value)) in set(OutreachAnswer)
    ]
    if not found:
        raise Unprocessable(
            "choose an answer to one question at least, or just leave this page",
            spanish="elija una respuesta al menos a una pregunta, o simplemente salga de esta página",
            code="nothing_answered",
        )
    return found


def fault(error: ValidationError | Unprocessable, language: Language) -> dict[str, Any]:
    """Return what is wrong with what was typed: one sentence, and the fields of the form that are at fault."""
    if isinstance(error, Unprocessable):
        told = (error.spanish if language == "es" else None) or error.detail
        pointers: Iterable[str] = (fault.pointer or "" for fault in error.errors)
        return {"sentence": f"{told[:1].upper()}{told[1:]}.", "fields": _fields(pointers)}
    places = [[str(part) for part in found["loc"]] for found in error.errors()]
    if [] in places or ["employer"] in places:
        return {"sentence": _NOBODY_NAMED.in_language(language), "fields": ("given_name", "employer_name")}
    return {
        "sentence": _MARKED.in_language(language),
        "fields": _fields("/" + "/".join(place) for place in places),
    }


def day(instant: datetime, zone: str, language: Language) -> str:
    """Return the day of an instant as people write it."""
    local = local_day(instant, zone)
    return f"{local:%d/%m/%Y}" if language == "es" else f"{local:%B} {local.day}, {local.year}"


def _fields(pointers: Iterable[str]) -> tuple[str, ...]:
    at_fault = set()
    for pointer in pointers:
        part, _, rest = pointer.removeprefix("/").partition("/")
        if part == "employer":
            at_fault.add(f"employer_{rest or 'name'}")
        elif part == "fields":
            at_fault.add("field")
        else:
            at_fault.add(rest if part == "person" and rest else part)
    return tuple(sorted(at_fault))


def _names(enum: type[StrEnum]) -> Mapping[Any, Names]:
    return NAMES[enum]


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""
