"""Reading a file of programmes as its sender chose, and handing back the rows of it that were not taken."""

from collections.abc import Collection
from typing import Any

import orjson

from app.core.problems import FieldError, Unprocessable
from app.domain.import_report import LISTINGS_FILE
from app.domain.listing_file import DEFAULT_TYPE, Fault, ListingFile, read_listings, rejected_csv


def mapping_of(given: str | None) -> dict[str, str] | None:
    """Read the mapping from fields to columns that a sender gave; raises Unprocessable."""
    if given is None:
        return None
    try:
        mapping = orjson.loads(given)
    except orjson.JSONDecodeError:
        mapping = None
    if not isinstance(mapping, dict) or not all(isinstance(each, str) for each in mapping.values()):
        raise Unprocessable(
            'write the mapping as a JSON object of field to column name, e.g. {"title": "Program"}',
            spanish='escriba la correspondencia como objeto JSON de campo a columna, p. ej. {"title": "Programa"}',
            errors=[FieldError("not a JSON object of texts", "bad_mapping", name="mapping")],
        )
    return mapping


def read(options: dict[str, Any], data: bytes) -> ListingFile:
    """Read a file; raises FileRefused. Slow: call it in a thread."""
    default_type = options.get("default_type") or DEFAULT_TYPE
    return read_listings(data, options.get("mapping"), file=LISTINGS_FILE, default_type=default_type)


def rejected(
    options: dict[str, Any], data: bytes, remarks: Collection[dict[str, Any]], locale: str
) -> tuple[str, bytes]:
    """Return the rows that were not taken as CSV, under a name for it; `remarks` tell of those refused when stored."""
    file = read(options, data)
    told = {fault.line for fault in file.rejected}
    refused = [Fault(LISTINGS_FILE, **each) for each in remarks if each["line"] not in told]
    return "opportunities-rejected.csv", rejected_csv(file, locale, refused)
