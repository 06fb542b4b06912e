"""A family whose turn it is, and what a family is asked."""

from datetime import date
from typing import NamedTuple
from uuid import UUID


class Family(NamedTuple):
    """A household, its lot, and the guardians who are told: those with an address, or all where nobody has one."""

    household_id: UUID
    lot: str
    guardians: list[UUID]


class Asked(NamedTuple):
    """What a household is asked: by which campaign, in whose words, about which clusters."""

    ask_id: UUID
    campaign_id: UUID
    school_id: UUID
    school_name: str
    zone: str
    title: str
    message: str
    closes_on: date
    clusters: list[str]
