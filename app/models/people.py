"""People of a tenant, what they are to which school, and to each other."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.core.tables import Base, EnumText, Instant, Strings, Versioned, one_of, ref
from app.domain.policy import Role


class Person(Versioned, Base):
    """A human known in one tenant, with or without an account. Names, dates and addresses are personal."""

    __tablename__ = "people"

    given_name: Mapped[str] = mapped_column(Text)
    family_name: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(Text, default="en")
    born_on: Mapped[date | None]
    grades: Mapped[Strings]
    sourced_id: Mapped[str | None] = mapped_column(Text)
    sourced_username: Mapped[str | None] = mapped_column(Text)
    enabled: Mapped[bool] = mapped_column(default=True)
    ended_at: Mapped[Instant | None]
    # The first word of either name as people say it. Columns, because row-level security lets no index on an
    # expression be used: lower() and split_part() are not leakproof.
    given_word: Mapped[str | None] = deferred(
        mapped_column(Text, Computed("lower(split_part(given_name, ' ', 1))", persisted=True))
    )
    family_word: Mapped[str | None] = deferred(
        mapped_column(Text, Computed("lower(split_part(family_name, ' ', 1))", persisted=True))
    )

    __table_args__ = (
        UniqueConstraint("tenant_id", "sourced_id"),
        Index(None, "tenant_id", "family_word", "given_word"),
        CheckConstraint("locale IN ('en', 'es')", name="locale"),
        Index(None, "tenant_id", "family_name", "given_name", "id"),
    )


class Membership(Versioned, Base):
    """Person, role and organisation, read anew on every request; employer_id for supervisors.

    A roster brings back only what a roster ended: what staff ended stays ended.
    """

    __tablename__ = "memberships"

    person_id: Mapped[UUID]
    role: Mapped[Role] = mapped_column(EnumText(Role))
    school_id: Mapped[UUID | None]
    employer_id: Mapped[UUID | None]
    begins_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text, default="staff")
    sourced_ids: Mapped[Strings] = mapped_column(comment="the roster's rows that give it")
    import_id: Mapped[UUID | None] = mapped_column(comment="the import that last made, changed or ended it")
    ended_by_roster: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("source IN ('roster', 'staff')", name="source"),
        CheckConstraint("school_id IS NULL OR employer_id IS NULL", name="one_organisation"),
        ref("person_id", "people"),
        ref("school_id", "schools"),
        ref("employer_id", "employers"),
        ref("import_id", "imports"),
        Index(None, "tenant_id", "import_id"),
        Index(None, "tenant_id", "person_id"),
        Index(None, "tenant_id", "school_id", "role", "person_id"),
        Index(None, "tenant_id", "employer_id"),
        Index(
            "uq_memberships_live",
            "tenant_id",
            "person_id",
            "role",
            "school_id",
            "employer_id",
            unique=True,
            postgresql_where="ended_at IS NULL",
            postgresql_nulls_not_distinct=True,
        ),
    )


class GuardianLink(Versioned, Base):
    """Which guardian stands for which student, and what that guardian may see and sign."""

    __tablename__ = "guardian_links"

    student_id: Mapped[UUID]
    guardian_id: Mapped[UUID]
    relationship_kind: Mapped[str] = mapped_column(Text, default="guardian")
    may_see: Mapped[bool] = mapped_column(default=True)
    may_sign: Mapped[bool] = mapped_column(default=True)
    no_contact: Mapped[bool] = mapped_column(default=False)
    until_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text, default="staff")
    import_id: Mapped[UUID | None] = mapped_column(comment="the import that last made, changed or ended it")
    ended_by_roster: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[Instant | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "student_id", "guardian_id"),
        CheckConstraint("student_id <> guardian_id", name="two_people"),
        CheckConstraint(
            "relationship_kind IN ('guardian', 'parent', 'relative', 'other')", name="relationship_kind"
        ),
        CheckConstraint("source IN ('roster', 'staff')", name="source"),
        ref("student_id", "people"),
        ref("guardian_id", "people"),
        ref("import_id", "imports"),
        Index(None, "tenant_id", "import_id"),
        Index(None, "tenant_id", "guardian_id", "student_id"),
        Index(None, "tenant_id", "updated_at"),
    )


class AdvisorLink(Versioned, Base):
    """Which advisor follows which student; from the roster's advisory classes or set by a coordinator."""

    __tablename__ = "advisor_links"

    advisor_id: Mapped[UUID]
    student_id: Mapped[UUID]
    school_id: Mapped[UUID]
    source: Mapped[str] = mapped_column(Text, default="staff")
    import_id: Mapped[UUID | None] = mapped_column(comment="the import that last made, changed or ended it")
    ended_by_roster: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[Instant | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "advisor_id", "student_id"),
        CheckConstraint("source IN ('roster', 'staff')", name="source"),
        CheckConstraint("student_id <> advisor_id", name="two_people"),
        ref("advisor_id", "people"),
        ref("student_id", "people"),
        ref("school_id", "schools"),
        ref("import_id", "imports"),
        Index(None, "tenant_id", "import_id"),
        Index(None, "tenant_id", "student_id"),
        Index(None, "tenant_id", "school_id"),
    )


class Course(Versioned, Base):
    """A course of the roster."""

    __tablename__ = "courses"

    title: Mapped[str] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(Text)
    school_id: Mapped[UUID | None]
    sourced_id: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[Instant | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "sourced_id"),
        ref("school_id", "schools"),
        Index(None, "tenant_id", "school_id"),
    )


class Class(Versioned, Base):
    """A class of the roster; in an advisory one, teacher and students are advisor and advisees."""

    __tablename__ = "classes"

    title: Mapped[str] = mapped_column(Text)
    school_id: Mapped[UUID]
    course_id: Mapped[UUID | None]
    class_type: Mapped[str] = mapped_column(Text, default="scheduled")
    sourced_id: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[Instant | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "sourced_id"),
        CheckConstraint("class_type IN ('homeroom', 'scheduled')", name="class_type"),
        ref("school_id", "schools"),
        ref("course_id", "courses"),
        Index(None, "tenant_id", "school_id"),
        Index(None, "tenant_id", "course_id"),
    )


class Enrollment(Versioned, Base):
    """Who takes or teaches a class, and when."""

    __tablename__ = "enrollments"

    class_id: Mapped[UUID]
    person_id: Mapped[UUID]
    role: Mapped[str] = mapped_column(Text)
    begins_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    sourced_id: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[Instant | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "sourced_id"),
        CheckConstraint("role IN ('student', 'teacher', 'other')", name="role"),
        ref("class_id", "classes"),
        ref("person_id", "people"),
        Index(None, "tenant_id", "class_id", "role"),
        Index(None, "tenant_id", "person_id"),
    )
