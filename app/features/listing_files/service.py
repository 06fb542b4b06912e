"""Reading a file of programmes as its sender chose and may, and handing back the rows of it that were not taken."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import orjson

from app.access import require_at_school
from app.core.problems import FieldError, Forbidden, Unprocessable
from app.domain.import_report import LISTINGS_FILE
from app.domain.listing_file import DEFAULT_TYPE, Fault, ListingFile, read_listings, rejected_csv
from app.domain.policy import Actor, Scope, scopes

# Who exports listings keeps them, and may bring them back.
_KEEP = "opportunity.export"


def may_be_of_no_school(actor: Actor) -> bool:
    """Say whether the caller may send listings that no single school looks after."""
    return not scopes(actor, "import.create_listings").keys().isdisjoint({Scope.TENANT, Scope.GRANTED})


def check_school(actor: Actor, school_id: str | None) -> None:
    """Check that an import for this school, or for none, is still the caller's to apply; raises Forbidden."""
    if school_id is not None:
        require_at_school(actor, "import.create_listings", UUID(school_id))
    elif not may_be_of_no_school(actor):
        raise Forbidden(
            "these listings would belong to no school; send the file again for a school of yours",
            spanish="estos anuncios no serían de ninguna escuela; envíe de nuevo el archivo para una escuela suya",
            code="other_school",
        )


def kept_by(actor: Actor) -> dict[str, Any]:
    """Return, as options of an import, which of the listings that are here already the caller may change by it."""
    found = scopes(actor, _KEEP)
    if Scope.TENANT in found or Scope.SCHOOL not in found:
        return {"schools": None, "may_change": Scope.TENANT in found}
    return {"schools": [str(each) for each in actor.schools(found[Scope.SCHOOL])], "may_change": True}


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
