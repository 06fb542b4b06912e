"""Who looks at the catalogue."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from app.domain.catalogue_barriers import Seeker
from app.domain.policy import Actor
from app.features.student_profiles.service import Profile


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, as far as it changes what is found and how it is told; `seeker` is a student's."""

    actor: Actor
    profile: Profile = field(default_factory=Profile)
    seeker: Seeker | None = None


class StudentFacts(NamedTuple):
    """What the catalogue asks of the student who looks, beside their profile."""

    born_on: date | None
    group_ids: list[UUID]
