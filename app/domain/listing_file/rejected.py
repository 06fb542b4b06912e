"""Hand the rows that were not taken back to whoever sent them, ready to mend and send again."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.domain.listing_file.faults import Fault
from app.domain.listing_file.listing import ListingFile

_OWN_COLUMNS = ("kithwork_line", "kithwork_code", "kithwork_reason")


def rejected_csv(file: ListingFile, locale: str = "en", refused: Iterable[Fault] = ()) -> bytes:
    """Give the rejected rows as CSV: the original columns and cells, then the line, the code and the reason of each.

    `refused` are rows that could be read and were not taken all the same; their cells are found in the file.
    """
    cells = {listing.lines[0]: listing.cells for listing in file.listings}
    faults = [*file.rejected, *(replace(each, cells=cells.get(each.line, ())) for each in refused)]
    faults.sort(key=lambda each: each.line)
    rejected = [(fault.line, fault.code, fault.sentence(locale), fault.cells) for fault in faults]
    return sheet_of_rejected(file.header, file.delimiter, rejected)


def sheet_of_rejected(
    header: Sequence[str], delimiter: str, rejected: Sequence[tuple[int, str, str, Sequence[str]]]
) -> bytes:
    """Write rejected rows (line, code, sentence, cells as sent) as CSV with the columns of their file.

    UTF-8 with a byte order mark, because spreadsheet programs take it for another encoding without, and with the delimiter
    of the file. The three added columns are ignored when the mended file is sent.
    """
    kept = [at for at, name in enumerate(header) if not name.strip().lower().startswith("kithwork_")]
    width = max([len(header), *(len(cells) for *_, cells in rejected)])
    order = [*kept, *range(len(header), width)]
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, delimiter=delimiter, lineterminator="\r\n")

    def row(cells: Sequence[str]) -> list[str]:
        return [cells[at] if at < len(cells) else "" for at in order]

    writer.writerow([*row(header), *_OWN_COLUMNS])
    for line, code, sentence, cells in rejected:
        clean = [cell.replace("\0", "") for cell in cells]
        writer.writerow([*row(clean), str(line), code, sentence])
    return sheet.getvalue().encode("utf-8-sig", "replace")
