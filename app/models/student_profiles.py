"""What a student says of their interests, week and way: for search now, and for matching later."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, SmallInteger, UniqueConstraint
from sqlalchemy.dialects.postgresql import BIT, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, Strings, Versioned, one_of, ref
from app.domain.availability import SLOTS
from app.domain.travel import TravelMode


class StudentProfile(Versioned, Base):
    """One student's interests, week and home area; all of it personal, and gone with the student.

    `riasec` holds the six scores of the questionnaire, 0 to 100 by letter, never the answers. The home is rounded to
    about a hundred metres before it is written.
    """

    __tablename__ = "student_profiles"

    student_id: Mapped[UUID]
    clusters: Mapped[Strings]
    skills: Mapped[Strings]
    tags: Mapped[Strings]
    riasec: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    availability: Mapped[str | None] = mapped_column(BIT(SLOTS))
    home_latitude: Mapped[float | None]
    home_longitude: Mapped[float | None]
    travel_mode: Mapped[TravelMode | None] = mapped_column(EnumText(TravelMode))
    travel_minutes: Mapped[int | None] = mapped_column(SmallInteger)

    __table_args__ = (
        one_of("travel_mode", TravelMode),
        CheckConstraint("home_latitude BETWEEN -90 AND 90", name="home_latitude"),
        CheckConstraint("home_longitude BETWEEN -180 AND 180", name="home_longitude"),
        CheckConstraint("num_nonnulls(home_latitude, home_longitude) IN (0, 2)", name="home"),
        CheckConstraint("travel_minutes BETWEEN 5 AND 240", name="travel_minutes"),
        UniqueConstraint("tenant_id", "student_id"),
        ref("student_id", "people"),
    )
