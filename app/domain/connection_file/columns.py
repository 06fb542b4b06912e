"""The columns of a file of connections by their names in English and Spanish, and the words that stand in them."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import TypeVar

from app.domain.connection import ConnectionDomain, Offer, ShareScope
from app.domain.contact_basis import ContactBasis
from app.domain.fields import FIELDS, field_name
from app.domain.listing_file.columns import plain_name

E = TypeVar("E", bound=StrEnum)

# Field → the names of its column; the first is the one that is handed back.
COLUMNS: dict[str, tuple[str, ...]] = {
    "given_name": ("given name", "first name", "nombre", "nombre de pila", "forename"),
    "family_name": ("family name", "last name", "surname", "apellido", "apellidos"),
    "full_name": ("name", "full name", "person", "nombre completo", "nombre y apellido", "persona"),
    "email": ("email", "e mail", "mail", "email address", "correo", "correo electronico", "direccion de correo"),
    "phone": ("phone", "telephone", "phone number", "tel", "telefono", "celular", "movil"),
    "job_title": ("job title", "title", "position", "occupation", "cargo", "puesto", "ocupacion", "profesion"),
    "employer": ("employer", "organisation", "organization", "company", "workplace", "business", "empleador",
                 "empresa", "organizacion", "lugar de trabajo", "negocio"),
    "street": ("street", "address", "street address", "calle", "direccion", "domicilio"),
    "city": ("city", "town", "ciudad", "localidad"),
    "region": ("region", "state", "province", "estado", "provincia"),
    "postal_code": ("postal code", "zip", "zip code", "postcode", "codigo postal", "cp"),
    "domain": ("domain", "known through", "through", "ambito", "conocido por", "relacion"),
    "closeness": ("closeness", "how close", "cercania"),
    "frequency": ("frequency", "how often", "frecuencia"),
    "years_known": ("years known", "years", "anos", "anos de conocerse", "anos de relacion"),
    "offers": ("offers", "could offer", "ofrece", "ofertas", "podria ofrecer"),
    "fields": ("fields", "field", "field of work", "clusters", "campos", "campo", "campo laboral"),
    "share_scope": ("share scope", "shared with", "sharing", "compartir", "alcance", "se comparte con"),
    "credit": ("credit", "credit wanted", "named", "credito", "reconocimiento"),
    "note": ("note", "notes", "nota", "notas", "comentario"),
    "language": ("language", "locale", "idioma", "lengua"),
    "basis": ("basis", "legal basis", "ground", "fundamento", "base", "base legal"),
    "contributor": ("contributor", "offered by", "contributed by", "contribuyente", "ofrecido por", "aportado por"),
    "personal_relation": ("personal relation", "private address", "relacion personal", "direccion privada"),
}  # fmt: skip
FIELD_OF = {plain_name(name): field for field, names in COLUMNS.items() for name in (field, *names)}

BASES: Mapping[ContactBasis, tuple[str, ...]] = {
    ContactBasis.ASKED_AND_AGREED: ("asked", "agreed", "consent", "acepto", "de acuerdo", "se le pregunto y acepto"),
    ContactBasis.EXISTING_PARTNER: ("partner", "current partner", "socio", "colabora", "socio actual"),
    ContactBasis.PUBLIC_LISTING: ("public", "directory", "publico", "directorio", "directorio publico"),
    ContactBasis.CONTRIBUTOR_OFFERED: ("offered", "contributor", "ofrecido", "lo ofrecio", "ofrecido por familia"),
}  # fmt: skip
DOMAINS: Mapping[ConnectionDomain, tuple[str, ...]] = {
    ConnectionDomain.HOUSEHOLD: ("home", "hogar", "casa"),
    ConnectionDomain.FAMILY: ("familia", "relative", "pariente"),
    ConnectionDomain.NEIGHBOURS: ("neighbors", "neighbour", "neighbor", "vecinos", "vecino", "vecina"),
    ConnectionDomain.FAITH: ("church", "fe", "iglesia", "religion"),
    ConnectionDomain.CLUB: ("sports", "association", "asociacion", "deporte"),
    ConnectionDomain.WORK: ("job", "business", "trabajo", "negocio"),
    ConnectionDomain.FRIENDS: ("friend", "amigos", "amigo", "amiga", "amistad"),
    ConnectionDomain.SCHOOL: ("escuela", "colegio"),
}  # fmt: skip
OFFERS: Mapping[Offer, tuple[str, ...]] = {
    Offer.HOST: ("internship", "placement", "recibir", "recibir estudiantes", "practicas", "pasantia"),
    Offer.SHADOW: ("job shadow", "shadowing", "observacion", "dia de observacion", "acompanar"),
    Offer.TALK: ("speaker", "guest speaker", "charla", "hablar"),
    Offer.MENTOR: ("mentoring", "mentoria", "mentora"),
    Offer.VOUCH: ("reference", "recommend", "recomendar", "referencia"),
    Offer.ANSWER_QUESTIONS: ("questions", "interview", "preguntas", "responder preguntas", "entrevista"),
}  # fmt: skip
SCOPES: Mapping[ShareScope, tuple[str, ...]] = {
    ShareScope.ADVISORY: ("my advisory", "asesoria", "grupo de asesoria"),
    ShareScope.SCHOOL: ("my school", "escuela", "mi escuela"),
    ShareScope.TENANT: ("all", "everybody", "community", "district", "todos", "comunidad", "distrito"),
}  # fmt: skip
LANGUAGES = {
    "en": "en",
    "english": "en",
    "ingles": "en",
    "es": "es",
    "spanish": "es",
    "espanol": "es",
    "castellano": "es",
}
YES = frozenset({"yes", "y", "true", "1", "x", "si", "s", "verdadero"})
NO = frozenset({"no", "n", "false", "0", "falso"})


@cache
def _words_of(enum: type[StrEnum]) -> dict[str, str]:
    tables: tuple[Mapping[StrEnum, tuple[str, ...]], ...] = (BASES, DOMAINS, OFFERS, SCOPES)  # type: ignore[assignment] # a key of one is a key of all
    table = next(each for each in tables if isinstance(next(iter(each)), enum))
    return {
        plain_name(word): member.value for member, words in table.items() for word in (member.value, *words)
    }


def member_of(enum: type[E], word: str) -> E | None:
    """Return the member that a code, or a word in English or Spanish, stands for."""
    found = _words_of(enum).get(plain_name(word))
    return None if found is None else enum(found)


@cache
def _fields() -> dict[str, str]:
    named: dict[str, str] = {}
    for code in sorted(FIELDS):
        names = field_name(code)
        for word in (code, names.en, names.es):
            named.setdefault(plain_name(word), code)
    return named


def field_code(word: str) -> str | None:
    """Return the code of a field of work that a code, or its name in English or Spanish, stands for."""
    return _fields().get(plain_name(word))


def known(enum: Iterable[StrEnum]) -> str:
    """List the codes of an enumeration for a sentence."""
    return ", ".join(member.value for member in enum)
