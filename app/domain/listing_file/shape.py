"""Tell the rows whose cells stand under the wrong columns.

Text that was torn apart at a stray quotation mark and saved again is well-formed CSV: only the values show it. A row is
judged torn when text stands beyond the last named column, when values of two or more kinds stand where they cannot belong
(a decimal number for a city, a sentence for an age), when most of what other rows have is missing, or when it follows a
torn row and reads as the rest of its sentence. A row that merely says little, with no torn row beside it, is not torn.
"""

import re
from collections.abc import Callable, Sequence
from statistics import median

from app.domain.listing_file import values
from app.domain.listing_file.columns import ColumnMapping

_DECIMAL = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_POSTAL = re.compile(r"\d{3,10}\.0|[^.]{1,14}")
_WORDS_IN_A_SHORT_CELL = 12
_CERTAIN = 2
_FEW = 3
_LONGEST_NAME = 200
_LONGEST_PLACE = 80
_SPARSE = {"evidence": "sparse"}
_UNLIKELY_ENDS = (".", ":", ";", ",", '."', '"')


def _place_name(value: str) -> bool:
    return (
        _DECIMAL.fullmatch(value) is None
        and len(value.split()) <= _WORDS_IN_A_SHORT_CELL
        and len(value) <= _LONGEST_PLACE
    )


def _degrees(value: str) -> bool:
    return values.number(value) is not None or values.is_online_place(value)


def _age(value: str) -> bool:
    return values.ages(value) is not None or (len(value.split()) <= _FEW and not _DECIMAL.fullmatch(value))


def _short(value: str) -> bool:
    return len(value.split()) <= _WORDS_IN_A_SHORT_CELL


def _name(value: str) -> bool:
    return len(value) <= _LONGEST_NAME and not (_DECIMAL.fullmatch(value) and "." in value)


# Kind of value → the fields that hold it and the question whether a value can be one. A kind counts once in a row: an
# unreadable pair of coordinates alone is a bad value, not a torn row.
_KINDS: tuple[tuple[tuple[str, ...], Callable[[str], bool]], ...] = (
    (("latitude", "longitude"), _degrees),
    (("minimum_age", "maximum_age"), _age),
    (("postal_code",), lambda value: _POSTAL.fullmatch(value) is not None and not value.startswith("-")),
    (("city",), _place_name),
    (("region",), _place_name),
    (("organisation",), _name),
    (("category_code",), lambda value: len(value.split()) <= _FEW),
    (("category_name",), _short),
    (("starts_on", "ends_on"), _short),
    (("seats", "remote", "paid"), _short),
)


class RowShapes:
    """What the rows of one file usually look like, to tell the torn ones."""

    def __init__(self, mapping: ColumnMapping, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self._positions = mapping.positions
        self._columns = mapping.columns
        named = [at for at, name in enumerate(header) if name.strip()]
        self._beyond = named[-1] + 1 if named else 0
        self._unnamed = [at for at, name in enumerate(header[: self._beyond]) if not name.strip()]
        self._kinds = [
            (tuple((field, mapping.positions[field]) for field in fields if field in mapping.positions), fits)
            for fields, fits in _KINDS
        ]
        self._organisation = mapping.positions.get("organisation")
        self._title = mapping.positions.get("title", 0)
        self._answers: dict[tuple[int, str], bool] = {}
        counts = [filled for row in rows if (filled := self._filled(row)) > 1]
        self._usual = median(counts) if counts else 0.0
        self._known: set[str] = set()
        self.verdicts = self._judge(rows)

    def _judge(self, rows: Sequence[Sequence[str]]) -> list[dict[str, str] | None]:
        """Say of each row, in order, what shows that it is torn (the values of its fault), or None."""
        verdicts = [self._fault_by_itself(row) for row in rows]
        # Organisations beyond doubt are those of sound rows that do not stand behind a torn one.
        behind_sound = True
        for row, fault in zip(rows, verdicts, strict=True):
            if fault is None and behind_sound:
                self._known.add(self._organisation_of(row).strip())
            behind_sound = fault is None
        for at, row in enumerate(rows):
            if at and verdicts[at] is None and verdicts[at - 1] is not None and self._continues(row):
                verdicts[at] = {"evidence": "fragment"}
        self._absolve(rows, verdicts)
        return verdicts

    def _absolve(self, rows: Sequence[Sequence[str]], verdicts: list[dict[str, str] | None]) -> None:
        """Clear the rows that only say little: with a title and an organisation, and no torn row beside them."""
        written = [
            at for at, row in enumerate(rows) if any(cell.strip() for cell in row) or verdicts[at] != _SPARSE
        ]
        certain = {
            at for at in written if verdicts[at] is not None and not self._says_little(rows[at], verdicts[at])
        }
        for place, at in enumerate(written):
            beside = (*written[max(place - 1, 0) : place], *written[place + 1 : place + 2])
            if verdicts[at] == _SPARSE and at not in certain and certain.isdisjoint(beside):
                verdicts[at] = None

    def _says_little(self, row: Sequence[str], verdict: dict[str, str] | None) -> bool:
        named = self._organisation is None or bool(self._organisation_of(row).strip())
        titled = self._title < len(row) and bool(row[self._title].strip())
        return verdict == _SPARSE and named and titled and not self._continues(row)

    def _organisation_of(self, row: Sequence[str]) -> str:
        return (
            row[self._organisation]
            if self._organisation is not None and self._organisation < len(row)
            else ""
        )

    def _filled(self, row: Sequence[str]) -> int:
        return sum(1 for at in self._positions.values() if at < len(row) and row[at].strip())

    def _fault_by_itself(self, row: Sequence[str]) -> dict[str, str] | None:
        if any(cell.strip() for cell in row[self._beyond :]) or any(
            row[at].strip() for at in self._unnamed if at < len(row)
        ):
            return {"evidence": "overflow"}
        wrong = [
            column for fields, fits in self._kinds if (column := self._misfit(row, fields, fits)) is not None
        ]
        if len(wrong) >= _CERTAIN:
            return {"evidence": "misplaced", "columns": ", ".join(wrong)}
        if self._usual > _CERTAIN and 2 * self._filled(row) < self._usual:
            return _SPARSE
        return None

    def _misfit(
        self, row: Sequence[str], fields: tuple[tuple[str, int], ...], fits: Callable[[str], bool]
    ) -> str | None:
        for field, at in fields:
            if at >= len(row):
                continue
            cell = row[at]
            fit = self._answers.get((at, cell))
            if fit is None:
                fit = self._answers[at, cell] = values.is_nothing(cell) or fits(cell.strip())
            if not fit:
                return self._columns[field]
        return None

    def _continues(self, row: Sequence[str]) -> bool:
        organisation = self._organisation_of(row)
        if not organisation or organisation.strip() in self._known:
            return False
        title = row[self._title].strip()
        reads_on = organisation[:1].isspace() or organisation.strip()[:1].islower()
        return reads_on or title[:1].islower() or title[:1] in '•·-,;.\\"' or title.endswith(_UNLIKELY_ENDS)
