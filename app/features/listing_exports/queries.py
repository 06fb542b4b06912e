"""Which listings an export holds."""

from sqlalchemy import ColumnElement

from app.access import allowed
from app.domain.policy import Actor
from app.features.listing_exports.schemas import ExportFilters
from app.models import Opportunity


def clauses(actor: Actor, filters: ExportFilters) -> list[ColumnElement[bool]]:
    """Return what a listing must fulfil to be exported to this caller."""
    given = filters.model_dump(exclude_none=True)
    return [
        allowed(actor, "opportunity.export", Opportunity),
        *(getattr(Opportunity, name) == value for name, value in given.items()),
    ]
