"""The names of every code in English and Spanish: what `GET /v1/codes` shows and no client has to invent.

Each part of the business names its own codes in a module beside this one.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.domain.codes import Names
from app.domain.names import (
    budgets,
    contacts,
    duplicates,
    introductions,
    main_job,
    network_map,
    offers,
    outreach,
    pool,
    saved_searches,
    seats,
    sessions,
    student_profiles,
    ties,
    trust,
)

NAMES: dict[type[StrEnum], Mapping[Any, Names]] = {
    **budgets.NAMES,
    **contacts.NAMES,
    **duplicates.NAMES,
    **introductions.NAMES,
    **main_job.NAMES,
    **network_map.NAMES,
    **offers.NAMES,
    **outreach.NAMES,
    **pool.NAMES,
    **saved_searches.NAMES,
    **seats.NAMES,
    **sessions.NAMES,
    **student_profiles.NAMES,
    **ties.NAMES,
    **trust.NAMES,
}

# OAuth scopes of machine clients.
OAUTH_SCOPE_NAMES: dict[str, Names] = {
    "roster.write": Names("Send the roster", "Enviar la lista escolar"),
    "roster.read": Names("Read the roster", "Leer la lista escolar"),
    "catalogue.read": Names("Read the catalogue", "Leer el catálogo"),
    "placements.read": Names("Read pursuits and placements", "Leer solicitudes y colocaciones"),
}
