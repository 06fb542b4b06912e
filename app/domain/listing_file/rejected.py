"""Hand the rows that were not taken back to whoever sent them, ready to mend and send again."""

import csv
import io
from collections.abc import Sequence

from app.domain.listing_file.listing import ListingFile

_OWN_COLUMNS = ("kithwork_line", "kithwork_code", "kithwork_reason")


def rejected_csv(file: ListingFile, locale: str = "en") -> bytes:
    """Give the rejected rows as CSV: the original columns and cells, then the line, the code and the reason of each."""
    rejected = [(fault.line, fault.code, fault.sentence(locale), fault.cells) for fault in file.rejected]
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
