"""Every code has a name in English and in Spanish."""

import importlib
import pkgutil
from enum import StrEnum

import pytest

import app.domain
from app.domain.catalogue_rank import Order
from app.domain.names import NAMES, OAUTH_SCOPE_NAMES
from app.domain.notices import Audience
from app.domain.oneroster.binding import Mode
from app.domain.opportunity_types import OPPORTUNITY_TYPES
from app.domain.policy import INTEGRATION_SCOPES, Scope

# No client ever sends or receives one of these.
INTERNAL = {Audience, Mode, Order, Scope}

# The options of CEDS element 001499, as its reference table lists them.
CEDS_001499 = {
    "Apprenticeship",
    "ClinicalWork",
    "CooperativeEducation",
    "Entrepreneurship",
    "JobShadowing",
    "Mentorship",
    "NonPaidInternship",
    "OnTheJob",
    "Other",
    "PaidInternship",
    "SchoolBasedEnterprise",
    "ServiceLearning",
    "SimulatedWorksite",
    "SupervisedAgricultural",
    "UnpaidInternship",
}


def _enumerations() -> list[type[StrEnum]]:
    found = set()
    for module in pkgutil.walk_packages(app.domain.__path__, "app.domain."):
        for thing in vars(importlib.import_module(module.name)).values():
            if isinstance(thing, type) and issubclass(thing, StrEnum) and thing is not StrEnum:
                found.add(thing)
    return sorted(found - INTERNAL, key=lambda enum: enum.__name__)


@pytest.mark.parametrize("enum", _enumerations(), ids=lambda enum: enum.__name__)
def test_every_member_of_an_enumeration_has_two_names(enum: type[StrEnum]) -> None:
    names = NAMES.get(enum, {})

    assert [member.value for member in enum if member not in names] == []
    assert all(found.en and found.es for found in names.values())
    assert len({found.en for found in names.values()}) == len(names)


def test_every_scope_of_a_machine_client_has_two_names() -> None:
    assert OAUTH_SCOPE_NAMES.keys() == INTEGRATION_SCOPES.keys()


def test_every_kind_maps_to_an_option_that_exists() -> None:
    mapped = {kind.ceds for kind in OPPORTUNITY_TYPES.values() if kind.ceds is not None}

    assert mapped <= CEDS_001499
