"""Read a file of people and workplaces that a community knows (CSV or vCard): dirty bytes in, offers and an account of every row out."""

from app.domain.connection_file.cards import read_cards
from app.domain.connection_file.faults import (
    NOTICES,
    REFUSALS,
    ROW_FAULTS,
    ConnectionFileRefused,
    Fault,
    Notice,
    sentence,
)
from app.domain.connection_file.offered import ConnectionFile, Defaults, Offered
from app.domain.connection_file.reading import MOST_ROWS, read_table
from app.domain.connection_file.rejected import rejected_csv

__all__ = [
    "MOST_ROWS",
    "NOTICES",
    "REFUSALS",
    "ROW_FAULTS",
    "ConnectionFile",
    "ConnectionFileRefused",
    "Defaults",
    "Fault",
    "Notice",
    "Offered",
    "read_cards",
    "read_table",
    "rejected_csv",
    "sentence",
]
