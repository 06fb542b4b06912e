"""What is said, in English and Spanish, about a row or card that was not taken or was taken with a change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from app.domain.errors import Refused
from app.domain.listing_file import NOTICES as LISTING_NOTICES
from app.domain.listing_file import ROW_FAULTS as LISTING_FAULTS

# What can be wrong with the row of any table is said as for a file of programmes.
_OF_TABLES = ("quotes_torn", "row_empty", "nul_byte", "cell_too_long", "columns_too_many")
_ROW_NOTICES = ("encoding_repaired", "encoding_doubtful", "quotes_repaired", "lines_before_header")

ROW_FAULTS: dict[str, tuple[str, str]] = {code: LISTING_FAULTS[code] for code in _OF_TABLES} | {
    "row_torn": (
        "this row has more cells than there are columns; put quotation marks around a cell that holds the delimiter",
        "esta fila tiene más celdas que columnas; ponga entre comillas la celda que contiene el separador",
    ),
    "card_unreadable": (
        "this card does not follow the vCard format; export it again, or send the person in a CSV file",
        "esta tarjeta no sigue el formato vCard; expórtela de nuevo o envíe a la persona en un archivo CSV",
    ),
    "card_never_closed": (
        "this card has no END:VCARD; add it, or export the card again",
        "esta tarjeta no tiene END:VCARD; añádalo o exporte la tarjeta de nuevo",
    ),
    "card_too_long": (
        "this card has {length} characters; shorten it to at most {limit}",
        "esta tarjeta tiene {length} caracteres; redúzcala a {limit} como máximo",
    ),
    "basis_missing": (
        "say on what ground the school holds this; write one of: {known}",
        "indique con qué fundamento la escuela tiene este dato; escriba uno de: {known}",
    ),
    "basis_unknown": (
        "«{value}» is no ground on which a school holds somebody's address; write one of: {known}",
        "«{value}» no es un fundamento para tener la dirección de alguien; escriba uno de: {known}",
    ),
    "nobody": (
        "this row names neither a person with an e-mail address nor an employer; fill in one of them",
        "esta fila no nombra ni a una persona con correo ni a un empleador; complete uno de los dos",
    ),
    "person_incomplete": (
        "a person needs a given name, a family name and an e-mail address; fill in this one",
        "una persona necesita nombre, apellido y correo electrónico; complete este dato",
    ),
    "email_unreadable": (
        "this is no e-mail address; correct it",
        "esto no es una dirección de correo electrónico; corríjala",
    ),
    "text_too_long": (
        "this has {length} characters; shorten it to at most {limit}",
        "esto tiene {length} caracteres; redúzcalo a {limit} como máximo",
    ),
    "value_unknown": (
        "«{value}» is not known here; write one of: {known}",
        "«{value}» no se conoce aquí; escriba uno de: {known}",
    ),
    "number_out_of_range": (
        "«{value}» is no whole number from {least} to {most}; write one",
        "«{value}» no es un número entero de {least} a {most}; escriba uno",
    ),
    "contributor_unknown": (
        "nobody of this school has this e-mail address or id; correct it, or leave it empty to offer it yourself",
        "nadie de esta escuela tiene este correo o identificador; corríjalo o déjelo vacío para ofrecerlo usted",
    ),
    "contributor_ambiguous": (
        "several people of this school have this e-mail address; give the id of the school's roster instead",
        "varias personas de esta escuela tienen este correo; indique el identificador de la lista escolar",
    ),
    "value_refused": (
        "this cannot be taken as it is written; correct it",
        "esto no se puede tomar como está escrito; corríjalo",
    ),
    "row_refused": ("{english}", "{spanish}"),
}

NOTICES: dict[str, tuple[str, str]] = {code: LISTING_NOTICES[code] for code in _ROW_NOTICES} | {
    "phone_left_out": (
        "this is no telephone number that can be dialled; it was left out",
        "esto no es un teléfono que se pueda marcar; se omitió",
    ),
    "value_left_out": (
        "«{value}» is not known here and was left out; the known ones are: {known}",
        "«{value}» no se conoce aquí y se omitió; los conocidos son: {known}",
    ),
    "field_left_out": (
        "«{value}» is no field of work of this service and was left out; GET /v1/codes lists them",
        "«{value}» no es un campo laboral de este servicio y se omitió; GET /v1/codes los enumera",
    ),
    "rows_differ": (
        "this row repeats the offer of line {first} with another {column}; the first was kept",
        "esta fila repite la oferta de la línea {first} con otro valor de {column}; se conservó el primero",
    ),
    "column_ignored": (
        "the column «{column}» is none that is read here; it was passed over",
        "la columna «{column}» no es de las que se leen aquí; se pasó por alto",
    ),
}

REFUSALS: dict[str, tuple[str, str]] = {
    "header_missing": (
        "no row of column names was found; put one on the first line: «given name,family name,email,employer,basis»",
        "no se encontró una fila de nombres de columna; póngala en la primera línea: «nombre,apellido,correo,fundamento»",
    ),
    "header_too_wide": (
        "the file has {count} columns; send at most {limit}",
        "el archivo tiene {count} columnas; envíe {limit} como máximo",
    ),
    "basis_column_missing": (
        "add a column «basis» that says of every row on what ground the school holds it: {known}",
        "añada una columna «fundamento» que indique de cada fila con qué fundamento la escuela la tiene: {known}",
    ),
    "rows_too_many": (
        "the file has more than {limit} rows; send it in parts",
        "el archivo tiene más de {limit} filas; envíelo por partes",
    ),
    "no_cards": (
        "the file holds no vCard; export the address book as vCard (.vcf), or send CSV as text/csv",
        "el archivo no contiene ninguna vCard; exporte la agenda como vCard (.vcf) o envíe CSV como text/csv",
    ),
}

_SHOWN = 60


def sentence(code: str, locale: str, values: Mapping[str, str], *, notice: bool) -> str:
    """Say a stored remark in `es`, or else in English."""
    return fill((NOTICES if notice else ROW_FAULTS)[code], locale, values)


def fill(pair: tuple[str, str], locale: str, values: Mapping[str, str]) -> str:
    """Say a sentence of these tables in `es`, or else in English."""
    return (pair[1] if locale == "es" else pair[0]).format_map(values)


def shown(value: str) -> str:
    """Shorten a value for a sentence."""
    return value if len(value) <= _SHOWN else value[:_SHOWN] + "…"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was changed or left out while a row was taken; `line` 0 for the whole file."""

    line: int
    code: str
    column: str | None = None
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one row or card was not taken: where it stands, what is wrong, and its cells as sent."""

    line: int
    code: str
    column: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    cells: tuple[str, ...] = ()

    def sentence(self, locale: str = "en") -> str:
        """Say it in English, or in Spanish."""
        return fill(ROW_FAULTS[self.code], locale, self.values)


class NotTaken(Exception):
    """One row cannot be taken: its code, the column at fault, and what fills the sentence."""

    def __init__(self, code: str, column: str | None = None, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.column = column
        self.values = values


class ConnectionFileRefused(Refused):
    """Nothing of the file can be read as connections; its sentence says what to send instead."""

    @classmethod
    def because(cls, code: str, **values: object) -> Self:
        """Build the refusal from the table of sentences."""
        texts = {name: str(value) for name, value in values.items()}
        return cls(code, fill(REFUSALS[code], "en", texts), fill(REFUSALS[code], "es", texts))
