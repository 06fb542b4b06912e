"""Cut the text of a CSV file into records, and keep the harm of one stray quotation mark to one record.

A reader that trusts every quotation mark swallows hundreds of good rows when one is left open. Here a record is taken as
written when its quotes are well formed. When they are not, the record is read again as it was most likely meant (quotes
inside a cell that were not doubled, or escaped with a backslash), and accepted only if that gives one cell for each
column in exactly one way. Otherwise the record ends where the next well-formed one begins, and is handed on as torn.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_DELIMITERS = ",;\t|"
_MOST_LINES = 300
_MOST_CHARACTERS = 200_000
# A line is never cut into more cells than this; the last one keeps the rest.
_MOST_CELLS = 1_000
_HEAD_OF_LINE = 20_000
_SAMPLE = 200
_CERTAIN = 2
_MOST_STEPS = 2_000


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its cells, its first and last line (from 1, over CR, LF and CRLF), and how sure the reading is.

    `repaired`: the quotes were not well formed but only one reading fits. `torn`: no reading fits; the cells are then a
    best effort, to show what was sent.
    """

    cells: tuple[str, ...]
    line: int
    end_line: int
    repaired: bool = False
    torn: bool = False


def guess_delimiter(text: str) -> str:
    """Tell which of comma, semicolon, tab and bar parts the cells: the one that gives most lines the same width."""
    lines = [line[:_HEAD_OF_LINE] for line in (found.group() for found in _heads(text)) if line.strip()][:50]
    if lines and (named := re.fullmatch(r"sep=(.)[\r\n]*", lines[0])) is not None:
        return named.group(1)

    def evenness(delimiter: str) -> float:
        if not lines:
            return 0.0
        widths = [len(cells) for line in lines if (cells := _strictly([line], delimiter)) is not None]
        return max(((width - 1) * count for width, count in Counter(widths).items()), default=0) / len(lines)

    return max(_DELIMITERS, key=evenness)


def _heads(text: str) -> Iterator[re.Match[str]]:
    for count, found in enumerate(_LINES.finditer(text)):
        if count >= _SAMPLE:
            return
        yield found


def read_records(text: str, delimiter: str | None = None) -> Iterator[Record]:
    """Give every record of the text in order; lines that are wholly blank are no records, rows of empty cells are."""
    return _Cutter(text, delimiter or guess_delimiter(text)).records()


def exported_records(text: str, column: str) -> tuple[str, Iterator[Record]] | None:
    """Give the delimiter and the records of a file with this column, if the whole of it is well formed; else None.

    Such a file was written by a program. Its long cells with many lines are taken as written, without the suspicion that
    files typed by hand deserve; saving it in a spreadsheet program keeps it so.
    """
    head = next((line for line in _LINES.findall(text[:_MOST_CHARACTERS]) if line.strip()), "")
    if column not in head:
        return None
    for delimiter in _DELIMITERS:
        names = _strictly([head], delimiter)
        if names is not None and len(names) > 1 and column in names:
            records = _all_strictly(text, delimiter)
            return None if records is None else (delimiter, iter(records))
    return None


def _all_strictly(text: str, delimiter: str) -> list[Record] | None:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[Record] = []
    begun = 0
    try:
        for cells in rows:
            if cells:
                records.append(Record(tuple(cells), begun + 1, rows.line_num))
            begun = rows.line_num
    except csv.Error:
        return None
    width = len(records[0].cells)
    return records if all(len(record.cells) == width for record in records) else None


def _strictly(lines: list[str], delimiter: str, escape: str | None = None) -> tuple[str, ...] | None:
    """Give the cells if the lines are exactly one well-formed record, else None."""
    try:
        rows = list(
            csv.reader(lines, delimiter=delimiter, strict=True, escapechar=escape, doublequote=escape is None)
        )
    except csv.Error:
        return None
    return tuple(rows[0]) if len(rows) == 1 else None


class _Cutter:
    def __init__(self, text: str, delimiter: str) -> None:
        self._lines: list[str] = _LINES.findall(text)
        self._delimiter = delimiter
        self._strict: dict[int, tuple[tuple[str, ...], int] | None] = {}
        self._width = self._usual_width()
        # Where the search for the next whole record ended last: a long torn stretch is searched once.
        self._target = 0

    def _usual_width(self) -> int:
        """How many cells a row has: what most well-formed ones of the head have, or else the first."""
        widths: list[int] = []
        at = 0
        while at < min(len(self._lines), _SAMPLE):
            found = self._well_formed(at) if self._lines[at].strip() else None
            if found is not None:
                widths.append(len(found[0]))
            at = found[1] if found is not None else at + 1
        if not widths:
            return 1
        width, count = Counter(widths).most_common(1)[0]
        return width if width > 1 and 2 * count > len(widths) else widths[0]

    def records(self) -> Iterator[Record]:
        at = 0
        while at < len(self._lines):
            if not self._lines[at].strip(" \r\n"):
                at += 1
                continue
            record = self._next(at)
            yield record
            at = record.end_line

    def _next(self, at: int) -> Record:
        found = self._well_formed(at)
        if found is not None:
            cells, end = found
            if end == at + 1 or len(cells) == self._width or not self._swallows(at, end):
                return Record(cells, at + 1, end)
        end = self._end_of_torn(at)
        for last in range(at + 1, end + 1) if end - at <= _CERTAIN else (at + 1, end):
            meant = self._as_meant(at, last)
            if meant is not None:
                return Record(meant, at + 1, last, repaired=True)
        loose = "".join(self._lines[at:end]).rstrip("\r\n").split(self._delimiter, _MOST_CELLS)
        return Record(tuple(loose), at + 1, end, torn=True)

    def _well_formed(self, at: int) -> tuple[tuple[str, ...], int] | None:
        """Give the cells of the well-formed record that begins on this line, and the index after its last line."""
        if at not in self._strict:
            self._strict[at] = self._find_well_formed(at)
        return self._strict[at]

    def _find_well_formed(self, at: int) -> tuple[tuple[str, ...], int] | None:
        line = self._lines[at]
        if '"' not in line:
            return tuple(line.rstrip("\r\n").split(self._delimiter, _MOST_CELLS)), at + 1
        marks = length = 0
        for end in range(at, min(at + _MOST_LINES, len(self._lines))):
            marks += self._lines[end].count('"')
            length += len(self._lines[end])
            if length > _MOST_CHARACTERS:
                return None
            # A closed record has an even number of marks; a lone one may also be an inch sign within one line.
            if marks % 2 and end > at:
                continue
            cells = _strictly(self._lines[at : end + 1], self._delimiter)
            if cells is not None:
                return cells, end + 1
            if not marks % 2 and not self._may_go_on(at, end):
                return None
        return None

    def _may_go_on(self, at: int, end: int) -> bool:
        """Ask whether the lines so far end inside a quoted cell, without a stray mark before."""
        try:
            list(csv.reader(self._lines[at : end + 1], delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            return "end of data" in str(error)
        return False

    def _swallows(self, at: int, end: int) -> bool:
        return any(self._is_whole(line) for line in range(at + 1, end))

    def _is_whole(self, at: int) -> bool:
        found = self._well_formed(at)
        return found is not None and len(found[0]) == self._width > 1

    def _end_of_torn(self, at: int) -> int:
        """Find the index of the line where the next plausible record begins."""
        if self._target <= at:
            self._target = at + 1
            while self._target < len(self._lines) and not self._is_whole(self._target):
                self._target += 1
        # A line inside that has most of the cells of a row was a row of its own, torn too.
        limit = min(self._target, at + _MOST_LINES)
        return next((line for line in range(at + 1, limit) if self._looks_like_a_start(line)), limit)

    def _looks_like_a_start(self, at: int) -> bool:
        cells = self._lines[at].count(self._delimiter) + 1
        return self._width > _CERTAIN and 3 * cells >= 2 * self._width

    def _as_meant(self, at: int, end: int) -> tuple[str, ...] | None:
        lines = self._lines[at:end]
        text = "".join(lines).rstrip("\r\n")
        if len(text) > _MOST_CHARACTERS or self._width <= 1:
            return None
        if '\\"' in text:
            escaped = _strictly(lines, self._delimiter, escape="\\")
            if escaped is not None and len(escaped) == self._width:
                return escaped
        readings = _readings(text, self._delimiter, self._width)
        return readings[0] if len(readings) == 1 else None


def _readings(text: str, delimiter: str, width: int) -> list[tuple[str, ...]]:
    """Give at most two ways to cut the text into exactly `width` cells when inner marks may be undoubled.

    A quoted cell may end at any mark that stands before a delimiter or the end.
    """
    found: list[tuple[str, ...]] = []
    closing = [mark.start() for mark in re.finditer(f'"(?={re.escape(delimiter)}|$)', text)]
    if len(closing) > 4 * width:
        return found
    steps = 0

    def cut(start: int, cells: tuple[str, ...]) -> None:
        nonlocal steps
        steps += 1
        if len(found) >= _CERTAIN or len(cells) >= width or steps > _MOST_STEPS:
            return
        if text.startswith('"', start):
            ends = [(mark + 1, text[start + 1 : mark].replace('""', '"')) for mark in closing if mark > start]
        else:
            end = text.find(delimiter, start)
            end = len(text) if end < 0 else end
            cell = text[start:end]
            ends = [] if "\n" in cell or "\r" in cell else [(end, cell)]
        for end, cell in ends:
            if end == len(text):
                if len(cells) + 1 == width:
                    found.append((*cells, cell))
            else:
                cut(end + 1, (*cells, cell))

    cut(0, ())
    return found
