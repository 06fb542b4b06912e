"""Read a CSV of programmes from anywhere: dirty bytes in, listings and an account of every row out."""

from app.domain.listing_file.columns import FIELDS, ColumnMapping, guess_mapping
from app.domain.listing_file.encoding import decode, mend
from app.domain.listing_file.faults import NOTICES, ROW_FAULTS, Fault, FileRefused, MappingRefused, Notice
from app.domain.listing_file.guesses import CLUSTER_ALIASES, DEFAULT_TYPE
from app.domain.listing_file.listing import Listing, ListingFile
from app.domain.listing_file.reading import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, read_listings
from app.domain.listing_file.records import Record, guess_delimiter, read_records
from app.domain.listing_file.rejected import rejected_csv, sheet_of_rejected

__all__ = [
    "CLUSTER_ALIASES",
    "DEFAULT_TYPE",
    "FIELDS",
    "LONGEST_CELL",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "NOTICES",
    "ROW_FAULTS",
    "ColumnMapping",
    "Fault",
    "FileRefused",
    "Listing",
    "ListingFile",
    "MappingRefused",
    "Notice",
    "Record",
    "decode",
    "guess_delimiter",
    "guess_mapping",
    "mend",
    "read_listings",
    "read_records",
    "rejected_csv",
    "sheet_of_rejected",
]
