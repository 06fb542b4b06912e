"""What is said, in English and Spanish, about a row that was not taken or was taken with a change."""

from dataclasses import dataclass, field
from typing import Self

from app.domain.errors import Refused

# Code → (English, Spanish). The words in braces are filled with the values of the fault.
ROW_FAULTS: dict[str, tuple[str, str]] = {
    "quotes_torn": (
        "a quotation mark in this row is opened and never properly closed; double every quotation mark inside a cell",
        "en esta fila se abre una comilla que no se cierra bien; duplique cada comilla dentro de una celda",
    ),
    "row_torn": (
        "the cells of this row do not stand under their columns ({evidence}); put each value under its column",
        "las celdas de esta fila no están bajo sus columnas ({evidence}); ponga cada valor bajo su columna",
    ),
    "row_empty": (
        "this row is empty; delete it, or fill it in",
        "esta fila está vacía; elimínela o complétela",
    ),
    "nul_byte": (
        "this row holds a NUL character, which no text has; type the row again",
        "esta fila contiene un carácter NUL, que ningún texto tiene; escriba la fila de nuevo",
    ),
    "cell_too_long": (
        "a cell of this row has {length} characters; shorten it to at most {limit}",
        "una celda de esta fila tiene {length} caracteres; redúzcala a {limit} como máximo",
    ),
    "columns_too_many": (
        "this row has {count} cells; a row may have at most {limit}",
        "esta fila tiene {count} celdas; una fila puede tener {limit} como máximo",
    ),
    "title_missing": (
        "this row has no title; name the programme in the column {column}",
        "esta fila no tiene título; dé el nombre del programa en la columna {column}",
    ),
    "age_unreadable": (
        "«{value}» is not an age; write a whole number of years",
        "«{value}» no es una edad; escriba un número entero de años",
    ),
    "age_absurd": (
        "nobody takes part at the age of {value}; write an age from 2 to 99",
        "nadie participa a la edad de {value}; escriba una edad de 2 a 99",
    ),
    "date_unreadable": (
        "«{value}» is not a date; write it as 2027-05-31",
        "«{value}» no es una fecha; escríbala así: 2027-05-31",
    ),
    "code_unknown": (
        "«{value}» is not known in this column; write codes or names such as {known}",
        "«{value}» no se conoce en esta columna; escriba códigos o nombres como {known}",
    ),
    "language_unknown": (
        "«{value}» is not a language's code; write two letters, such as en or es",
        "«{value}» no es el código de un idioma; escriba dos letras, como en o es",
    ),
    "timetable_unreadable": (
        "«{value}» is not a weekly timetable; write it as «mon 14:00-17:00; wed 9:00-11:30», without overlaps",
        "«{value}» no es un horario semanal; escríbalo así: «lun 14:00-17:00; mié 9:00-11:30», sin solapamientos",
    ),
    "number_out_of_range": (
        "«{value}» is not a whole number from {first} to {last}",
        "«{value}» no es un número entero de {first} a {last}",
    ),
    "amount_unreadable": (
        "«{value}» is not an amount of money; write it as 15.50",
        "«{value}» no es una cantidad de dinero; escríbala así: 15.50",
    ),
    "answer_unreadable": (
        "«{value}» is neither yes nor no",
        "«{value}» no es ni sí ni no",
    ),
    "too_many_values": (
        "there are {count} values in this column; give at most {limit}",
        "hay {count} valores en esta columna; dé {limit} como máximo",
    ),
    "value_too_long": (
        "«{value}» is too long for this column; write at most {limit} characters",
        "«{value}» es demasiado largo para esta columna; escriba {limit} caracteres como máximo",
    ),
    "listing_id_unreadable": (
        "«{value}» is not the id of a listing; leave it as it was exported, or empty for a new listing",
        "«{value}» no es el id de un anuncio; déjelo como se exportó, o vacío para un anuncio nuevo",
    ),
    "listing_elsewhere": (
        "another school looks after this listing; ask one of its coordinators to change it",
        "de este anuncio se ocupa otra escuela; pida el cambio a alguien de su coordinación",
    ),
    "listing_for_people": (
        "what was exported is for a person to bring back; send the file signed in as who keeps the listing",
        "lo exportado lo devuelve una persona; envíe el archivo con la cuenta de quien se ocupa del anuncio",
    ),
    "employer_fixed": (
        "a listing stays with its employer; clone it for «{value}», or put the former name back",
        "un anuncio permanece con su empleador; clónelo para «{value}» o restituya el nombre anterior",
    ),
    "place_fixed": (
        "the address belongs to the worksite, which other listings share; change it there, and put it back here",
        "la dirección pertenece al lugar de trabajo, que otros anuncios comparten; cámbiela allí y restitúyala aquí",
    ),
    "row_refused": (
        "this row was not taken: {reason}",
        "esta fila no se tomó: {reason}",
    ),
}

NOTICES: dict[str, tuple[str, str]] = {
    "encoding_repaired": (
        "letters that were garbled by an earlier conversion were put right; check the text",
        "se corrigieron letras dañadas por una conversión anterior; revise el texto",
    ),
    "encoding_doubtful": (
        "some letters were lost in an earlier conversion and could not be restored; correct the text",
        "se perdieron letras en una conversión anterior y no se pudieron restaurar; corrija el texto",
    ),
    "quotes_repaired": (
        "quotation marks inside a cell were not doubled; the row was read as it was most likely meant",
        "había comillas sin duplicar dentro de una celda; la fila se leyó como probablemente se quiso escribir",
    ),
    "coordinates_left_out": (
        "«{value}» is no place on the map; the coordinates were left out",
        "«{value}» no es un lugar en el mapa; se omitieron las coordenadas",
    ),
    "ages_swapped": (
        "the minimum age was above the maximum age; the two were exchanged",
        "la edad mínima era mayor que la máxima; se intercambiaron",
    ),
    "age_open": (
        "the age {value} was read as «no limit»",
        "la edad {value} se leyó como «sin límite»",
    ),
    "value_left_out": (
        "«{value}» cannot be read in this column; it was left out",
        "«{value}» no se puede leer en esta columna; se omitió",
    ),
    "dates_out_of_order": (
        "the programme ends before it starts; the end was left out",
        "el programa termina antes de empezar; se omitió el final",
    ),
    "contact_removed": (
        "a telephone number or e-mail address was removed from the text; contact goes through the service",
        "se quitó del texto un teléfono o correo electrónico; el contacto se hace a través del servicio",
    ),
    "text_shortened": (
        "the text was longer than {limit} characters and was shortened",
        "el texto tenía más de {limit} caracteres y se acortó",
    ),
    "listing_edited": (
        "somebody edited this listing after the file was made; it was left as it is",
        "alguien editó este anuncio después de crearse el archivo; se dejó como está",
    ),
    "kept_elsewhere": (
        "another school looks after this listing already; it was left as it is",
        "de este anuncio ya se ocupa otra escuela; se dejó como está",
    ),
    "not_published": (
        "the listing stays a draft: {reason}",
        "el anuncio queda como borrador: {reason}",
    ),
    "rows_differ": (
        "this row repeats the programme of line {first} with another {column}; the first was kept",
        "esta fila repite el programa de la línea {first} con otro valor de {column}; se conservó el primero",
    ),
    "contact_column_left_out": (
        "the column «{column}» holds personal contacts; it never becomes part of a listing",
        "la columna «{column}» contiene datos de contacto personales; nunca forma parte de un anuncio",
    ),
    "lines_before_header": (
        "{count} rows above the column names were passed over",
        "se pasaron por alto {count} filas anteriores a los nombres de columna",
    ),
    "type_assumed": (
        "{count} programmes do not say what type they are; they were read as «{type}»",
        "{count} programas no indican su tipo; se leyeron como «{type}»",
    ),
    "cluster_unknown": (
        "no career cluster is known for the category «{value}»",
        "no se conoce ningún área profesional para la categoría «{value}»",
    ),
}

REFUSALS: dict[str, tuple[str, str]] = {
    "file_empty": (
        "the file is empty; send a CSV file with a row of column names and one row for each programme",
        "el archivo está vacío; envíe un CSV con una fila de nombres de columna y una fila por programa",
    ),
    "file_not_text": (
        "the file is not text; open it in the spreadsheet program and save it as CSV (UTF-8)",
        "el archivo no es texto; ábralo en la hoja de cálculo y guárdelo como CSV (UTF-8)",
    ),
    "header_missing": (
        "no row of column names was found; put one on the first line, for instance «title,organisation,description»",
        "no se encontró una fila de nombres de columna; póngala en la primera línea: «título,organización,descripción»",
    ),
    "header_too_wide": (
        "the file has {count} columns; send at most {limit}",
        "el archivo tiene {count} columnas; envíe {limit} como máximo",
    ),
    "header_too_long": (
        "a column name is longer than {limit} characters; close the quotation mark on the first line",
        "un nombre de columna tiene más de {limit} caracteres; cierre la comilla de la primera línea",
    ),
    "rows_too_many": (
        "the file has more than {limit} rows; send it in parts",
        "el archivo tiene más de {limit} filas; envíelo por partes",
    ),
    "title_not_mapped": (
        "no column is known to hold the title; name it in the mapping. The columns are: {columns}",
        "ninguna columna parece contener el título; indíquela en la correspondencia. Las columnas son: {columns}",
    ),
    "field_unknown": (
        "«{field}» is not a field of a listing; use one of: {fields}",
        "«{field}» no es un campo de un anuncio; use uno de: {fields}",
    ),
    "column_unknown": (
        "the file has no column «{column}»; its columns are: {columns}",
        "el archivo no tiene la columna «{column}»; sus columnas son: {columns}",
    ),
    "column_ambiguous": (
        "the file has several columns named «{column}»; give them different names",
        "el archivo tiene varias columnas llamadas «{column}»; déles nombres distintos",
    ),
    "column_twice": (
        "the column «{column}» is given for two fields; give one column for each field",
        "la columna «{column}» se da para dos campos; dé una columna para cada campo",
    ),
    "column_personal": (
        "the column «{column}» holds personal contacts, which are never published; leave it out of the mapping",
        "la columna «{column}» contiene datos de contacto, que nunca se publican; quítela de la correspondencia",
    ),
}

# What tells that the cells of a row stand under the wrong columns.
TORN_EVIDENCE: dict[str, tuple[str, str]] = {
    "overflow": (
        "there is text beyond the last named column",
        "hay texto después de la última columna con nombre",
    ),
    "misplaced": (
        "the values do not fit the columns {columns}",
        "los valores no corresponden a las columnas {columns}",
    ),
    "sparse": ("most of its cells are empty", "la mayoría de sus celdas están vacías"),
    "fragment": (
        "it reads as the rest of the torn row above it",
        "parece el resto de la fila rota que la precede",
    ),
}

_SPANISH = "es"


def _fill(pair: tuple[str, str], locale: str, values: dict[str, str]) -> str:
    template = pair[1] if locale.lower().startswith(_SPANISH) else pair[0]
    return template.format_map(values)


@dataclass(frozen=True, slots=True)
class _Remark:
    file: str
    line: int
    code: str
    column: str | None = None
    values: dict[str, str] = field(default_factory=dict)

    def _values(self, locale: str) -> dict[str, str]:
        """Return the values with what is itself a sentence in the language wanted."""
        if "evidence" in self.values:
            evidence = _fill(TORN_EVIDENCE[self.values["evidence"]], locale, self.values)
            return {**self.values, "evidence": evidence}
        if "reason_es" in self.values:
            spanish = locale.lower().startswith(_SPANISH)
            return {**self.values, "reason": self.values["reason_es" if spanish else "reason_en"]}
        return self.values


@dataclass(frozen=True, slots=True)
class Notice(_Remark):
    """Something that was changed or left out while a row was taken; `line` 1 or more, 0 for the whole file."""

    def sentence(self, locale: str = "en") -> str:
        """Say it in English, or in Spanish where the locale begins with `es`."""
        return _fill(NOTICES[self.code], locale, self._values(locale))


@dataclass(frozen=True, slots=True)
class Fault(_Remark):
    """Why one row was not taken: where it stands (first line to `end_line`), what is wrong, and its cells as sent."""

    end_line: int = 0
    cells: tuple[str, ...] = ()

    def sentence(self, locale: str = "en") -> str:
        """Say it in English, or in Spanish where the locale begins with `es`."""
        return _fill(ROW_FAULTS[self.code], locale, self._values(locale))


class NotTaken(Exception):
    """One row cannot be taken: the code and the values of its fault."""

    def __init__(self, code: str, where: str | None = None, /, **parts: str) -> None:
        super().__init__(code)
        self.code = code
        self.column = where
        self.parts = parts


class FileRefused(Refused):
    """Nothing of the file can be read as a list of programmes; its sentence says what to send instead."""

    @classmethod
    def because(cls, code: str, **values: object) -> Self:
        """Build the refusal from the table of sentences."""
        texts = {name: str(value) for name, value in values.items()}
        return cls(code, _fill(REFUSALS[code], "en", texts), _fill(REFUSALS[code], _SPANISH, texts))


class MappingRefused(FileRefused):
    """The mapping from fields to columns does not fit the file; its sentence says which part."""
