"""Hand the rows that were not taken back to whoever sent them, ready to mend and send again."""

import csv
import io

from app.domain.listing_file.listing import ListingFile

_OWN_COLUMNS = ("kithwork_line", "kithwork_code", "kithwork_reason")


def rejected_csv(file: ListingFile, locale: str = "en") -> bytes:
    """Give the rejected rows as CSV: the original columns and cells, then the line, the code and the reason of each.

    UTF-8 with a byte order mark, because spreadsheet programs take it for another encoding without, and with the delimiter
    of the file. The three added columns are ignored when the mended file is sent.
    """
    kept = [at for at, name in enumerate(file.header) if not name.strip().lower().startswith("kithwork_")]
    width = max([len(file.header), *(len(fault.cells) for fault in file.rejected)])
    order = [*kept, *range(len(file.header), width)]
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, delimiter=file.delimiter, lineterminator="\r\n")

    def row(cells: tuple[str, ...]) -> list[str]:
        return [cells[at] if at < len(cells) else "" for at in order]

    writer.writerow([*row(file.header), *_OWN_COLUMNS])
    for fault in file.rejected:
        cells = tuple(cell.replace("\0", "") for cell in fault.cells)
        writer.writerow([*row(cells), str(fault.line), fault.code, fault.sentence(locale)])
    return sheet.getvalue().encode("utf-8-sig", "replace")
