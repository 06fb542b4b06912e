"""Read a table of connections (CSV, from whatever program) row by row, and account for every row."""

from collections.abc import Sequence
from itertools import islice

from app.domain.connection_file.columns import FIELD_OF, known
from app.domain.connection_file.faults import ConnectionFileRefused, Fault, Notice, NotTaken
from app.domain.connection_file.offered import Account, ConnectionFile, Defaults
from app.domain.connection_file.row import RowReader
from app.domain.contact_basis import ContactBasis
from app.domain.listing_file import Record, decode, guess_delimiter, mend, read_records
from app.domain.listing_file.columns import is_own, plain_name

MOST_ROWS = 20_000
LONGEST_CELL = 20_000
MOST_COLUMNS = 200
_HEADER_WITHIN = 20


def read_table(data: bytes, *, file: str, defaults: Defaults | None = None) -> ConnectionFile:
    """Read a CSV of people and workplaces, with column names in English or Spanish.

    Every row states its basis. Rows by the same contributor about the same person (by e-mail address) or workplace are one
    offer. Raises `Refused` when the whole file is of no use: not text, no column names, no column of the basis, too many rows.
    """
    text, encoding = decode(data)
    delimiter = guess_delimiter(text)
    records = list(islice(read_records(text, delimiter), MOST_ROWS + _HEADER_WITHIN + 1))
    if records and records[0].cells[0].startswith("sep=") and len(text) > len(delimiter):
        records = records[1:]
    at = _header_at(records)
    names = tuple(mend(name)[0].strip() for name in records[at].cells)
    rows = records[at + 1 :]
    if len(names) > MOST_COLUMNS:
        raise ConnectionFileRefused.because("header_too_wide", count=len(names), limit=MOST_COLUMNS)
    if len(rows) > MOST_ROWS:
        raise ConnectionFileRefused.because("rows_too_many", limit=MOST_ROWS)
    positions: dict[str, int] = {}
    for position, name in enumerate(names):
        if (field := FIELD_OF.get(plain_name(name))) is not None:
            positions.setdefault(field, position)
    if "basis" not in positions:
        raise ConnectionFileRefused.because("basis_column_missing", known=known(ContactBasis))
    columns = {field: names[position] for field, position in positions.items()}
    reader = RowReader(columns, defaults or Defaults())
    account = Account()
    for record in rows:
        try:
            _check(record, len(names))
            cells = {
                field: record.cells[position]
                for field, position in positions.items()
                if position < len(record.cells)
            }
            offer = reader.read(record.line, cells)
            offer.cells.append(record.cells)
        except NotTaken as verdict:
            account.rejected.append(
                Fault(record.line, verdict.code, verdict.column, verdict.values, record.cells)
            )
            continue
        if record.repaired:
            offer.notices.append(Notice(record.line, "quotes_repaired"))
        account.take(offer)
    used = set(positions.values())
    unmapped = tuple(
        name for position, name in enumerate(names) if name and position not in used and not is_own(name)
    )
    notices = [Notice(0, "lines_before_header", None, {"count": str(at)})] if at else []
    return ConnectionFile(
        file=file,
        encoding=encoding,
        delimiter=delimiter,
        header=names,
        columns=columns,
        unmapped=unmapped,
        rows_read=len(rows),
        merged=account.merged,
        offers=list(account.offers.values()),
        rejected=account.rejected,
        notices=notices + [Notice(0, "column_ignored", name, {"column": name}) for name in unmapped],
    )


def _header_at(records: Sequence[Record]) -> int:
    """Find the row of column names: titles and remarks may stand above it."""
    best, most = 0, 0
    for at, record in enumerate(records[:_HEADER_WITHIN]):
        count = len({FIELD_OF[plain] for cell in record.cells if (plain := plain_name(cell)) in FIELD_OF})
        if count > most:
            best, most = at, count
    if most == 0:
        raise ConnectionFileRefused.because("header_missing")
    return best


def _check(record: Record, width: int) -> None:
    cells = record.cells
    if record.torn:
        raise NotTaken("quotes_torn")
    if any("\0" in cell for cell in cells):
        raise NotTaken("nul_byte")
    if len(cells) > MOST_COLUMNS:
        raise NotTaken("columns_too_many", count=str(len(cells)), limit=str(MOST_COLUMNS))
    if (longest := max(len(cell) for cell in cells)) > LONGEST_CELL:
        raise NotTaken("cell_too_long", length=str(longest), limit=str(LONGEST_CELL))
    if not any(cell.strip() for cell in cells):
        raise NotTaken("row_empty")
    if any(cell.strip() for cell in cells[width:]):
        raise NotTaken("row_torn")
