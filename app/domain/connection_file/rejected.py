"""Hand the rows and cards that were not taken back to whoever sent them, as CSV to mend and send again."""

from collections.abc import Iterable
from dataclasses import replace

from app.domain.connection_file.faults import Fault
from app.domain.connection_file.offered import ConnectionFile
from app.domain.listing_file import sheet_of_rejected


def rejected_csv(file: ConnectionFile, locale: str = "en", refused: Iterable[Fault] = ()) -> bytes:
    """Give the rejected rows as CSV: the original columns and cells, then the line, the code and the reason of each.

    `refused` are rows that could be read and were not taken all the same; their cells are found in the file.
    """
    cells = {line: row for offer in file.offers for line, row in zip(offer.lines, offer.cells, strict=True)}
    faults = [*file.rejected, *(replace(each, cells=cells.get(each.line, ())) for each in refused)]
    faults.sort(key=lambda each: each.line)
    rejected = [(each.line, each.code, each.sentence(locale), each.cells) for each in faults]
    return sheet_of_rejected(file.header, file.delimiter, rejected)
