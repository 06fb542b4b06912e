"""Check the rows of one file, each by itself: what it must hold, and that it holds it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain.oneroster.binding import FILES, LIFECYCLE, Column, FileBinding, Kind, Mode
from app.domain.oneroster.cells import BLANKS, READERS, Unreadable, instant
from app.domain.oneroster.faults import Fault, shown
from app.domain.oneroster.rows import BUILDERS, Row, Source
from app.domain.oneroster.sheet import Record, Sheet, record_fault

DATE_PAIRS = (("startDate", "endDate"), ("beginDate", "endDate"))
_STATUSES = {"active": False, "tobedeleted": True}


@dataclass(slots=True)
class Draft:
    """One record on its way: typed if it can be, with what it refers to and what is wrong with it so far."""

    file: str
    record: Record
    sourced_id: str = ""
    row: Row | None = None
    references: tuple[tuple[str, str, str], ...] = ()
    """(column, target file's name, sourcedId)."""
    ended: bool = False
    repeated: bool = False
    faults: list[Fault] = field(default_factory=list)

    def blame(self, column: str, code: str, value: str = "", detail: str = "") -> None:
        """Note a fault, which rejects the row."""
        self.faults.append(Fault(self.file, self.record.line, column, code, shown(value), detail))


def header_faults(binding: FileBinding, header: tuple[str, ...], mode: Mode) -> list[Fault]:
    """Columns that OneRoster requires and the file lacks, and columns it has twice. Columns it adds are its own affair."""
    lacking = [column.name for column in binding.columns if (column.required or column.expected)]
    lacking = [*lacking, *LIFECYCLE] if mode is Mode.DELTA else lacking
    repeated = {name for name, times in Counter(header).items() if name and times > 1}
    return [
        *(Fault(binding.file, 1, name, "header_missing_column") for name in lacking if name not in header),
        *(Fault(binding.file, 1, name, "header_repeated_column") for name in sorted(repeated)),
    ]


def drafts_of(name: str, sheet: Sheet, mode: Mode) -> list[Draft]:
    """Every record of a file as a Draft, faults of form, of cells, of life cycle and of repeated sourcedIds noted."""
    reader = _FileReader(name, sheet, mode)
    drafts = [reader.draft(record) for record in sheet.records]
    _find_repeated(drafts)
    return drafts


class _FileReader:
    """What is the same for all rows of a file, looked up once: there may be a hundred thousand of them."""

    def __init__(self, name: str, sheet: Sheet, mode: Mode) -> None:
        binding = FILES[name]
        self.file = binding.file
        self.header = sheet.header
        self.delta = mode is Mode.DELTA
        where = {column: index for index, column in reversed(list(enumerate(sheet.header)))}
        present = [column for column in binding.columns if column.name in where]
        absent = [column for column in binding.columns if column.name not in where]
        self.columns = [(where[column.name], column, READERS[column.kind]) for column in present]
        self.blanks: dict[str, Any] = {column.name: BLANKS[column.kind] for column in absent}
        self.lifecycle = [(column, where[column]) for column in LIFECYCLE if column in where]
        self.id_at = where.get("sourcedId")
        self.references = [
            column for column in present if column.kind in {Kind.REFERENCE, Kind.REFERENCES} and column.target
        ]
        self.date_pairs = [pair for pair in DATE_PAIRS if all(name in where for name in pair)]
        # Without a required column no typed row can be made; the package is refused for its header then.
        complete = not any(column.required for column in absent)
        self.build = BUILDERS.get(name) if complete else None

    def draft(self, record: Record) -> Draft:
        draft = Draft(self.file, record)
        fault = record_fault(self.file, record, len(self.header))
        if fault is not None:
            draft.faults.append(fault)
            # The id is kept where it can be: what was stored under it must not be taken for absent.
            if self.id_at is not None and len(record.cells) > self.id_at:
                draft.sourced_id = record.cells[self.id_at].strip(' "')
            return draft
        self._read_lifecycle(draft)
        values = self.blanks.copy()
        columns = self.columns[:1] if draft.ended and self.id_at is not None else self.columns
        for index, column, read in columns:
            raw = record.cells[index].strip()
            if raw:
                try:
                    values[column.name] = read(raw, column)
                    continue
                except Unreadable as error:
                    draft.blame(column.name, error.code, error.value, error.detail)
            elif column.required:
                draft.blame(column.name, "required_blank")
            values[column.name] = BLANKS[column.kind]
        draft.sourced_id = values.get("sourcedId", "")
        if draft.ended:
            return draft
        self._check_dates(draft, values)
        draft.references = tuple(_references(self.references, values))
        if self.build is not None and not draft.faults:
            draft.row = self.build(Source(self.file, record.line, self.header, record.cells), values)
        return draft

    def _read_lifecycle(self, draft: Draft) -> None:
        """In bulk both cells are blank; in delta both are filled (CSV binding, section on the record life cycle)."""
        for column, index in self.lifecycle:
            raw = draft.record.cells[index].strip()
            if not self.delta:
                if raw:
                    draft.blame(column, "lifecycle_not_empty", raw)
            elif not raw:
                draft.blame(column, "lifecycle_required")
            elif column == "status":
                ended = _STATUSES.get(raw.lower())
                if ended is None:
                    draft.blame(column, "bad_token", raw, ", ".join(_STATUSES))
                draft.ended = bool(ended)
            else:
                try:
                    instant(raw)
                except Unreadable as error:
                    draft.blame(column, error.code, error.value)

    def _check_dates(self, draft: Draft, values: dict[str, Any]) -> None:
        for first, last in self.date_pairs:
            begins, ends = values.get(first), values.get(last)
            if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
                draft.blame(last, "date_order", ends.isoformat(), f"{first} ({begins.isoformat()})")


def _references(columns: Iterable[Column], values: dict[str, Any]) -> Iterable[tuple[str, str, str]]:
    for column in columns:
        held = values[column.name]
        if not held:
            continue
        for each in (held,) if column.kind is Kind.REFERENCE else held:
            yield column.name, column.target, each


def _find_repeated(drafts: list[Draft]) -> None:
    first: dict[str, Draft] = {}
    for draft in drafts:
        if not draft.sourced_id:
            continue
        holder = first.setdefault(draft.sourced_id, draft)
        if holder is not draft:
            draft.repeated = True
            draft.blame("sourcedId", "duplicate_sourced_id", draft.sourced_id, str(holder.record.line))
