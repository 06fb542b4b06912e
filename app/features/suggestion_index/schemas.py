"""What the index of suggestions is made of."""

from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from app.domain.suggestion import SuggestionKind

# Listings that a term remembers, the newest first: enough that one of them is still there tomorrow.
SAMPLES = 6


class Said(NamedTuple):
    """What a listing of the catalogue says that can be suggested; `school_id` where only that school sees it."""

    id: UUID
    title: str
    employer_id: UUID
    employer_name: str
    clusters: list[str]
    skills: list[str]
    tags: list[str]
    school_id: UUID | None


class Name(NamedTuple):
    """What tells one term from another."""

    kind: SuggestionKind
    value: str
    school_id: UUID | None


@dataclass(slots=True)
class Tally:
    """How often a term is said, how it reads, and where."""

    text_en: str
    text_es: str
    uses: int = 0
    samples: list[UUID] = field(default_factory=list)

    def add(self, listing_id: UUID) -> None:
        """Count one listing more, newer than those before."""
        self.uses += 1
        self.samples.insert(0, listing_id)
        del self.samples[SAMPLES:]


class Term(NamedTuple):
    """A term as the index has it."""

    id: UUID
    name: Name
    text_en: str
    text_es: str
    uses: int
    samples: list[UUID]
