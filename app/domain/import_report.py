"""The report of an import: one remark per row that was not taken or was taken with a change, in a form that can be stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.domain import connection_file, listing_file, oneroster
from app.domain.intake import ImportKind

# A file that is wrong in every row is understood after the first thousands.
MOST_STORED = 20_000

# The one file of an import of opportunities, whatever its sender calls it.
LISTINGS_FILE = "opportunities.csv"
# And of one of connections, by its format.
CONNECTIONS_FILES = {"csv": "connections.csv", "vcard": "connections.vcf"}


class Severity(StrEnum):
    """Whether the row was left out, or taken with a remark."""

    REJECTED = "rejected"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark: where (`line` and `column` None where the whole file is meant), what, and what fills its sentence."""

    file: str
    line: int | None
    column: str | None
    code: str
    severity: Severity
    values: Mapping[str, str] = field(default_factory=dict)


class _Erased(dict[str, str]):
    """Values of a sentence of which some were erased."""

    def __missing__(self, _name: str) -> str:
        return "…"


def roster_remarks(faults: Iterable[oneroster.Fault], severity: Severity) -> list[Remark]:
    """Make remarks of what a roster package reports."""
    return [
        Remark(
            each.file,
            each.line or None,
            each.column or None,
            each.code,
            severity,
            {"value": each.value, "detail": each.detail},
        )
        for each in faults
    ]


def listing_remarks(
    file: listing_file.ListingFile,
    refused: Iterable[listing_file.Fault] = (),
    remarked: Iterable[listing_file.Notice] = (),
) -> list[Remark]:
    """Make remarks of everything that a file of programmes reports, the rejected rows first.

    `refused` are rows that could be read and were not taken all the same; `remarked` is what storing the others showed.
    """
    faults = sorted([*file.rejected, *refused], key=lambda fault: fault.line)
    rejected = [
        Remark(each.file, each.line, each.column, each.code, Severity.REJECTED, each.values)
        for each in faults
    ]
    notices = [*file.notices, *remarked, *(notice for listing in file.listings for notice in listing.notices)]
    return rejected + [
        Remark(each.file, each.line or None, each.column, each.code, Severity.NOTICE, each.values)
        for each in sorted(notices, key=lambda notice: notice.line)
    ]


def connection_remarks(
    file: connection_file.ConnectionFile, refused: Iterable[connection_file.Fault]
) -> list[Remark]:
    """Make remarks of everything that a file of connections reports, the rows that were not taken first.

    `refused` are rows that could be read and were not taken all the same.
    """
    faults = sorted([*file.rejected, *refused], key=lambda fault: fault.line)
    told = {fault.line for fault in faults}
    notices = [*file.notices, *(notice for offer in file.offers for notice in offer.notices)]
    return [
        Remark(file.file, each.line, each.column, each.code, Severity.REJECTED, each.values)
        for each in faults
    ] + [
        Remark(file.file, each.line or None, each.column, each.code, Severity.NOTICE, each.values)
        for each in sorted(notices, key=lambda notice: notice.line)
        if each.line not in told
    ]


def sentence(kind: ImportKind, row: Mapping[str, Any], locale: str) -> str:
    """Say a stored remark in `en` or `es`; what was erased with the upload is left open."""
    values = _Erased(row["values"])
    file, line, column, code = row["file"], row["line"] or 0, row["column"] or "", row["code"]
    if kind is ImportKind.ROSTER:
        fault = oneroster.Fault(file, line, column, code, values["value"], values["detail"])
        return fault.sentence_in(locale)
    if kind is ImportKind.CONNECTIONS:
        return connection_file.sentence(code, locale, values, notice=row["severity"] == Severity.NOTICE)
    if row["severity"] == Severity.NOTICE:
        return listing_file.Notice(file, line, code, column, values).sentence(locale)
    return listing_file.Fault(file, line, code, column, values).sentence(locale)


def held_sentence(ending: int, active: int) -> tuple[str, str]:
    """Say in English and Spanish why a roster is held."""
    english = (
        f"this roster would end {ending} of {active} people; look at the file, and if it is right, apply it with "
        f"accept_ended {ending}"
    )
    spanish = (
        f"esta lista terminaría a {ending} de {active} personas; revise el archivo y, si es correcto, aplíquelo con "
        f"accept_ended {ending}"
    )
    return english, spanish


FAILED = (
    "the import stopped several times and nothing of it was stored; send the file again, and say so to who runs this service",
    "la importación se detuvo varias veces y no se guardó nada; envíe el archivo de nuevo y avise a quien administra esto",
)
ERASED = (
    "the file of this import has been erased; send it again",
    "el archivo de esta importación se borró; envíelo de nuevo",
)
