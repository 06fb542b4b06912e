"""Industry projects: their phases, the teams that work on them, and what an expert says of a team's work."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, Instant, TenantRow, Versioned, one_of, ref
from app.domain.project_phase import FeedbackStatus


class ProjectPhase(Versioned, Base):
    """One phase of a project: what is due by when; phases follow each other by position."""

    __tablename__ = "project_phases"

    opportunity_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str] = mapped_column(Text)
    deliverable: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    __table_args__ = (
        CheckConstraint("position BETWEEN 1 AND 12", name="position"),
        CheckConstraint("ends_on >= starts_on", name="window"),
        ref("opportunity_id", "opportunities"),
        # Not unique: phases change places within one unit of work, which holds the opportunity.
        Index(None, "tenant_id", "opportunity_id", "position"),
    )


class ProjectTeam(Versioned, Base):
    """A team of students on a project; it has a number, so that whoever is outside learns no name."""

    __tablename__ = "project_teams"

    opportunity_id: Mapped[UUID]
    school_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        CheckConstraint("number BETWEEN 1 AND 999", name="number"),
        ref("opportunity_id", "opportunities"),
        ref("school_id", "schools"),
        UniqueConstraint("tenant_id", "opportunity_id", "number"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
    )


class TeamMember(TenantRow, Base):
    """A student in a team; in one team of a project at a time."""

    __tablename__ = "team_members"

    opportunity_id: Mapped[UUID]
    team_id: Mapped[UUID]
    student_id: Mapped[UUID]

    __table_args__ = (
        ref("opportunity_id", "opportunities"),
        ref("team_id", "project_teams"),
        ref("student_id", "people"),
        UniqueConstraint("tenant_id", "opportunity_id", "student_id"),
        Index(None, "tenant_id", "team_id"),
        Index(None, "tenant_id", "student_id"),
    )


class PhaseFeedback(Versioned, Base):
    """What an expert, or staff, says of a team's work in a phase; the team sees it once staff has shared it."""

    __tablename__ = "phase_feedback"

    phase_id: Mapped[UUID]
    team_id: Mapped[UUID]
    school_id: Mapped[UUID]
    status: Mapped[FeedbackStatus] = mapped_column(EnumText(FeedbackStatus), default=FeedbackStatus.ASKED)
    shown: Mapped[str | None] = mapped_column(Text, comment="what the team made, as the expert is told")
    asked_by_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None] = mapped_column(comment="the expert who is asked by link")
    expert_id: Mapped[UUID | None] = mapped_column(comment="the supervisor who is asked by link")
    author_id: Mapped[UUID | None] = mapped_column(comment="the member of staff who wrote it")
    answer_by: Mapped[Instant | None]
    answered_at: Mapped[Instant | None]
    strong: Mapped[str | None] = mapped_column(Text)
    next_step: Mapped[str | None] = mapped_column(Text)
    quality: Mapped[int | None] = mapped_column(SmallInteger)
    thinking: Mapped[int | None] = mapped_column(SmallInteger)
    presentation: Mapped[int | None] = mapped_column(SmallInteger)

    __table_args__ = (
        one_of("status", FeedbackStatus),
        CheckConstraint(
            "quality BETWEEN 1 AND 4 AND thinking BETWEEN 1 AND 4 AND presentation BETWEEN 1 AND 4",
            name="marks",
        ),
        ref("phase_id", "project_phases"),
        ref("team_id", "project_teams"),
        ref("school_id", "schools"),
        ref("asked_by_id", "people"),
        ref("contact_id", "contacts"),
        ref("expert_id", "people"),
        ref("author_id", "people"),
        Index(None, "tenant_id", "phase_id"),
        Index(None, "tenant_id", "team_id", "created_at", "id"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
        Index(None, "tenant_id", "asked_by_id"),
        Index(None, "tenant_id", "contact_id"),
        Index(None, "tenant_id", "expert_id"),
        Index(None, "tenant_id", "author_id"),
        Index(None, "tenant_id", "answer_by", postgresql_where="status = 'asked'"),
    )
