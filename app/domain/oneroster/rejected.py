"""Hand the rows that were not taken back, to be mended and sent again."""

import csv
import io

from app.domain.oneroster.binding import FILES
from app.domain.oneroster.package import Package

CODE, REASON, SURPLUS = "kithwork_code", "kithwork_reason", "kithwork_surplus"
_OURS = {CODE, REASON, SURPLUS}
_SECRET = "password"  # noqa: S105  the name of OneRoster's column


def rejected_csv(package: Package, name: str, locale: str = "en") -> bytes:
    """One file's rejected rows under its own header, plus why: UTF-8 with BOM (spreadsheets ask for one), CRLF.

    Cells are exactly as sent, even one that begins with "=": whatever would make it harmless to a spreadsheet (an apostrophe in
    front) would also be sent again as part of the value, and corrupt the roster. Only the password column is blank, because
    Kithwork never takes it. Cells beyond the header stand in `kithwork_surplus`. Columns of ours from an earlier round are replaced.
    """
    header = package.headers.get(name, ())
    kept = [index for index, column in enumerate(header) if column not in _OURS]
    rows = package.rejected.get(name, ())
    surplus = any(len(row.cells) > len(header) for row in rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*(header[index] for index in kept), CODE, REASON, *([SURPLUS] if surplus else [])])
    for row in rows:
        cells = row.cells + ("",) * (len(header) - len(row.cells))
        writer.writerow(
            [
                *("" if header[index] == _SECRET else cells[index] for index in kept),
                " ".join(dict.fromkeys(fault.code for fault in row.faults)),
                " ".join(dict.fromkeys(fault.sentence_in(locale) for fault in row.faults)),
                *([",".join(cells[len(header) :])] if surplus else []),
            ]
        )
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "surrogateescape")


def rejected_name(name: str) -> str:
    """Name the file for its reader: "users-rejected.csv"."""
    return FILES[name].file.replace(".csv", "-rejected.csv")
