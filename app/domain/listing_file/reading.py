"""Read a file of programmes row by row into listings, and account for every row."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from app.domain.listing_file import guesses
from app.domain.listing_file.cells import unguarded
from app.domain.listing_file.columns import ColumnMapping, field_of, given_mapping, guess_mapping, plain_name
from app.domain.listing_file.encoding import decode, mend
from app.domain.listing_file.faults import Fault, FileRefused, MappingRefused, Notice, NotTaken
from app.domain.listing_file.listing import Listing, ListingFile
from app.domain.listing_file.records import Record, exported_records, guess_delimiter, read_records
from app.domain.listing_file.row import RowReader
from app.domain.listing_file.shape import RowShapes
from app.domain.opportunity import Pay

LONGEST_CELL = 20_000
MOST_COLUMNS = 200
MOST_ROWS = 100_000
_HEADER_WITHIN = 20
_LONGEST_COLUMN_NAME = 300
_LONGEST_SHOWN = 60
# The column that only an export of ours has.
_OWN = "listing_id"
_COMPARED = ("description", "coordinates", "seats", "url", "remote", "pay", "schedule")
_OPEN = (None, "", False, Pay.UNKNOWN)
_EMPTY: tuple[Any, ...] = (None, [], False)


def read_listings(
    data: bytes,
    mapping: Mapping[str, str] | None = None,
    *,
    file: str = "opportunities.csv",
    cluster_aliases: Mapping[str, str] = guesses.CLUSTER_ALIASES,
    default_type: str = guesses.DEFAULT_TYPE,
) -> ListingFile:
    """Read a CSV of programmes; `mapping` (field → column name) replaces the guess from the column names.

    Rows with the same title, organisation, address, ages and dates are one programme: their categories are collected, and of
    any other difference the first row that has a value is kept and the others get the notice `rows_differ`.
    Raises `FileRefused` when the whole file is of no use and its child `MappingRefused` when the mapping does not fit it.
    """
    text, encoding = decode(data)
    exported = exported_records(text, _OWN)
    delimiter = exported[0] if exported else guess_delimiter(text)
    found = exported[1] if exported else read_records(text, delimiter)
    records = list(islice(found, MOST_ROWS + _HEADER_WITHIN + 1))
    if records and records[0].cells[0].startswith("sep=") and len(text) > len(delimiter):
        records = records[1:]
    at = _header_at(records, mapping)
    header, rows = records[at], records[at + 1 :]
    _check_header(header, rows)
    names = tuple(mend(name)[0].strip() for name in header.cells)
    columns = given_mapping(names, mapping) if mapping is not None else guess_mapping(names)
    if "title" not in columns.positions:
        raise MappingRefused.because("title_not_mapped", columns=", ".join(name for name in names if name))
    row_reader = RowReader(file, columns, [row.cells for row in rows], cluster_aliases, default_type)
    shapes = RowShapes(columns, names, [() if row.torn else row.cells for row in rows])
    account = _Account(file, row_reader)
    for record, evidence in zip(rows, shapes.verdicts, strict=True):
        # The cells of a file that was exported, and is as well formed still, stand where they should.
        account.take(record, None if exported else evidence)
    if at:
        account.notice("lines_before_header", count=str(at))
    return ListingFile(
        file=file,
        encoding=encoding,
        delimiter=delimiter,
        header=names,
        mapping=columns,
        rows_read=len(rows),
        merged=account.merged,
        listings=list(account.listings.values()),
        rejected=account.rejected,
        notices=account.closing_notices(columns, default_type),
    )


def _header_at(records: Sequence[Record], mapping: Mapping[str, str] | None) -> int:
    """Find the row of column names: titles and remarks may stand above it."""
    if not records:
        raise FileRefused.because("file_empty")
    wanted = {plain_name(column) for column in mapping.values()} if mapping else set()
    best, most = 0, 0
    for at, record in enumerate(records[:_HEADER_WITHIN]):
        if wanted:
            known = len(wanted & {plain_name(cell) for cell in record.cells})
        else:
            known = len(
                {field for cell in record.cells if len(cell) <= _LONGEST_SHOWN and (field := field_of(cell))}
            )
        if known > most:
            best, most = at, known
    if most == 0 and mapping is None:
        raise FileRefused.because("header_missing")
    return best


def _check_header(header: Record, rows: Sequence[Record]) -> None:
    if len(header.cells) > MOST_COLUMNS:
        raise FileRefused.because("header_too_wide", count=len(header.cells), limit=MOST_COLUMNS)
    if any(len(name) > _LONGEST_COLUMN_NAME for name in header.cells):
        raise FileRefused.because("header_too_long", limit=_LONGEST_COLUMN_NAME)
    if len(rows) > MOST_ROWS:
        raise FileRefused.because("rows_too_many", limit=MOST_ROWS)


class _Account:
    """What was taken so far, and by which key; every row that comes in ends in exactly one of three places."""

    def __init__(self, file: str, row_reader: RowReader) -> None:
        self._file = file
        self._row_reader = row_reader
        self._notices: list[Notice] = []
        self.listings: dict[str, Listing] = {}
        self.rejected: list[Fault] = []
        self.merged = 0

    def notice(self, code: str, where: str | None = None, /, **parts: str) -> None:
        """Note something about the whole file."""
        self._notices.append(Notice(self._file, 0, code, where, parts))

    def closing_notices(self, mapping: ColumnMapping, default_type: str) -> list[Notice]:
        """Give the notices about the file, with those that only the last row completes."""
        for column in mapping.left_out:
            self.notice("contact_column_left_out", column, column=column)
        for category in self._row_reader.unknown_categories:
            self.notice("cluster_unknown", mapping.columns.get("category_name"), value=category)
        assumed = sum(1 for listing in self.listings.values() if not listing.type_guessed)
        if assumed:
            self.notice("type_assumed", count=str(assumed), type=default_type)
        return self._notices

    def take(self, record: Record, evidence: dict[str, str] | None) -> None:
        """Take one row, merge it or reject it; `evidence` is what shows that its cells are misplaced."""
        try:
            self._check(record, evidence)
            listing = self._row_reader.read(record)
        except NotTaken as verdict:
            fault = Fault(
                self._file,
                record.line,
                verdict.code,
                verdict.column,
                verdict.parts,
                record.end_line,
                record.cells,
            )
            self.rejected.append(fault)
            return
        same = listing.key if listing.listing_id is None else str(listing.listing_id)
        first = self.listings.setdefault(same, listing)
        if first is not listing:
            self._merge(first, listing)

    @staticmethod
    def _check(record: Record, evidence: dict[str, str] | None) -> None:
        cells = record.cells
        if record.torn:
            raise NotTaken("quotes_torn")
        if any("\0" in cell for cell in cells):
            raise NotTaken("nul_byte")
        if len(cells) > MOST_COLUMNS:
            raise NotTaken("columns_too_many", count=str(len(cells)), limit=str(MOST_COLUMNS))
        longest = max(len(unguarded(cell).replace("\r\n", "\n")) for cell in cells)
        if longest > LONGEST_CELL:
            raise NotTaken("cell_too_long", length=str(longest), limit=str(LONGEST_CELL))
        if not any(cell.strip() for cell in cells):
            raise NotTaken("row_empty")
        if evidence is not None:
            raise NotTaken("row_torn", **evidence)

    def _merge(self, first: Listing, again: Listing) -> None:
        """Add what a repeated row says: its categories and what the first left open; nothing said is overwritten."""
        self.merged += 1
        first.lines.extend(again.lines)
        first.categories.extend(pair for pair in again.categories if pair not in first.categories)
        first.clusters.extend(code for code in again.clusters if code not in first.clusters)
        known = {(notice.code, notice.column, tuple(notice.values.values())) for notice in first.notices}
        for notice in again.notices:
            if (notice.code, notice.column, tuple(notice.values.values())) not in known:
                first.notices.append(notice)
        for name in _COMPARED:
            kept, other = getattr(first, name), getattr(again, name)
            if other in _OPEN or kept == other:
                continue
            if kept in _OPEN:
                setattr(first, name, other)
            else:
                parts = {"first": str(first.lines[0]), "column": self._row_reader.column_of(name)}
                first.notices.append(
                    Notice(self._file, again.lines[0], "rows_differ", parts["column"], parts)
                )
        for name, other in again.more.items():
            kept = first.more[name]
            if other in _EMPTY or kept == other:
                continue
            if kept in _EMPTY:
                first.more[name] = other
            else:
                column = self._row_reader.column_of(name)
                parts = {"first": str(first.lines[0]), "column": column}
                first.notices.append(Notice(self._file, again.lines[0], "rows_differ", column, parts))
        if again.type_guessed and not first.type_guessed:
            first.type, first.type_guessed = again.type, True
