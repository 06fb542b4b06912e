"""CSV as RFC 4180 writes it, read strictly, one record at a time, so that one torn row costs one row."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from app.domain.oneroster.faults import Fault, shown

_BREAK = re.compile(r"(\r\n|\n|\r)")
_QUOTED = r'"(?:[^"]++|"")*+"'
_BARE = r'[^",\r\n]*+'
_WELL_FORMED = re.compile(rf"(?:{_QUOTED}|{_BARE})(?:,(?:{_QUOTED}|{_BARE}))*+")
_CELL = re.compile(rf"(?:^|,)({_QUOTED}|{_BARE})")
_ESCAPED_BYTE = re.compile(r"[\udc80-\udcff]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Record(NamedTuple):
    """One record of a file; `code` is "" or says why its cells cannot be trusted."""

    line: int
    cells: tuple[str, ...]
    code: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's header and records, cells exactly as sent (bytes that are not UTF-8 as surrogates, PEP 383).

    `fault` is set where not even the header could be read.
    """

    file: str
    header: tuple[str, ...]
    records: tuple[Record, ...]
    fault: Fault | None = None


def read_sheet(file: str, data: bytes) -> Sheet:
    """Split a CSV file: UTF-8 with or without BOM; CRLF, LF or CR; blank lines skipped.

    After a bad quote reading goes on at the next physical line: an unclosed quote must not swallow the rest of the file.
    """
    if data.startswith(_UTF16):
        return Sheet(file, (), (), Fault(file, 0, "", "file_encoding", "UTF-16"))
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    records = _records(text)
    if not records:
        return Sheet(file, (), (), Fault(file, 0, "", "file_empty"))
    head = records[0]
    if head.code:
        return Sheet(file, (), (), Fault(file, head.line, "", "header_unreadable"))
    return Sheet(file, tuple(name.strip() for name in head.cells), tuple(records[1:]))


def _records(text: str) -> list[Record]:
    parts = _BREAK.split(text)
    lines, breaks = parts[::2], parts[1::2]
    # Two scans of the whole text spare two scans of every line in the many files that are clean.
    torn = _ESCAPED_BYTE.search(text) is not None
    nul = "\0" in text
    records: list[Record] = []
    at = 0
    while at < len(lines):
        line, start, at = lines[at], at, at + 1
        if not line or line.isspace():
            continue
        code = ""
        whole = line
        if '"' in line:
            whole, last = _whole_record(lines, breaks, start)
            sound = _WELL_FORMED.fullmatch(whole) is not None
            cells = tuple(_bare(cell) for cell in (_CELL.findall(whole) if sound else line.split(",")))
            width = len(records[0].cells) if records else len(cells)
            if sound and not _has_swallowed(lines[start + 1 : last + 1], len(cells), width):
                at = last + 1
            else:
                cells, whole, code = tuple(line.split(",")), line, "csv_quote"
        else:
            cells = tuple(line.split(","))
        if torn and _ESCAPED_BYTE.search(whole):
            code = code or "row_encoding"
        if nul and "\0" in whole:
            code = code or "row_control"
        records.append(Record(start + 1, cells, code))
    return records


def _whole_record(lines: list[str], breaks: list[str], start: int) -> tuple[str, int]:
    """Join the record that starts on line `start` with the lines its quoted cells run on to; also its last line's index."""
    if lines[start].count('"') % 2 == 0:
        return lines[start], start
    parts = [lines[start]]
    for at in range(start + 1, len(lines)):
        parts += (breaks[at - 1], lines[at])
        if lines[at].count('"') % 2:
            return "".join(parts), at
    return lines[start], start


def _has_swallowed(continued: list[str], cells: int, width: int) -> bool:
    """Tell a cell that runs over lines from two rows between which a quote was lost.

    The latter is well-formed CSV by accident, may even have the right number of cells, and would make the rows in it vanish. It
    gives itself away by the wrong width, or by a further line that is as wide as a row of its own.
    """
    return bool(continued) and (cells != width or any(line.count(",") >= width - 1 for line in continued))


def _bare(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


def record_fault(file: str, record: Record, width: int) -> Fault | None:
    """Say what is wrong with a record's form: its quotes, its bytes, or the number of its cells."""
    if record.code:
        value = shown(",".join(record.cells)) if record.code == "csv_quote" else ""
        return Fault(file, record.line, "", record.code, value)
    if len(record.cells) != width:
        code = "row_too_short" if len(record.cells) < width else "row_too_long"
        return Fault(file, record.line, "", code, str(len(record.cells)), str(width))
    return None
