"""The pooled network: employers, worksites, contacts and the connections that lead to them."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.core.tables import Base, EnumText, Instant, JsonObject, Strings, Versioned, one_of, ref
from app.domain.connection import ConnectionDomain, ConnectionStatus, ShareScope
from app.domain.contact import ContactStatus
from app.domain.contact_basis import ContactBasis
from app.domain.duplicates import name_key
from app.domain.employer import Access, EmployerStatus


class Employer(Versioned, Base):
    """An organisation that may host students."""

    __tablename__ = "employers"

    name: Mapped[str] = mapped_column(Text)
    naics: Mapped[str | None] = mapped_column(Text)
    website: Mapped[str | None] = mapped_column(Text)
    status: Mapped[EmployerStatus] = mapped_column(EnumText(EmployerStatus), default=EmployerStatus.PROSPECT)
    external_key: Mapped[str | None] = mapped_column(Text)
    monthly_contact_cap: Mapped[int] = mapped_column(SmallInteger, default=4)
    vetting_note: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    name_key: Mapped[str | None] = mapped_column(Text, comment="the name as names are compared")
    keyed_at: Mapped[Instant | None] = mapped_column(comment="when its match keys were made; null: they lack")
    merged_into_id: Mapped[UUID | None] = mapped_column(comment="the employer that stands for this one")
    owner_id: Mapped[UUID | None] = mapped_column(comment="the one member of staff who speaks with it")

    __table_args__ = (
        one_of("status", EmployerStatus),
        CheckConstraint("naics ~ '^[0-9]{2,6}$'", name="naics"),
        UniqueConstraint("tenant_id", "external_key"),
        ref("owner_id", "people"),
        ref("merged_into_id", "employers"),
        Index(None, "tenant_id", "name", "id"),
        Index(None, "tenant_id", "updated_at"),
        Index(None, "tenant_id", "name_key"),
        Index(None, "tenant_id", "merged_into_id", postgresql_where="merged_into_id IS NOT NULL"),
        Index("ix_employers_unkeyed", "tenant_id", "id", postgresql_where="keyed_at IS NULL"),
        Index(None, "tenant_id", "owner_id"),
    )

    @validates("name")
    def key_the_name(self, _field: str, name: str) -> str:
        """Keep the key beside the name."""
        self.name_key = name_key(name)
        return name


class Worksite(Versioned, Base):
    """A place of an employer where students would be."""

    __tablename__ = "worksites"

    employer_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    street: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str | None] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(Text)
    postal_code: Mapped[str | None] = mapped_column(Text)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    zone: Mapped[str] = mapped_column(Text, default="America/New_York")
    external_key: Mapped[str | None] = mapped_column(Text)
    access_step_free: Mapped[Access] = mapped_column(
        EnumText(Access), default=Access.UNKNOWN, server_default="unknown"
    )
    access_sensory: Mapped[Access] = mapped_column(
        EnumText(Access), default=Access.UNKNOWN, server_default="unknown"
    )
    access_transit: Mapped[Access] = mapped_column(
        EnumText(Access), default=Access.UNKNOWN, server_default="unknown"
    )
    access_note: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        one_of("access_step_free", Access),
        one_of("access_sensory", Access),
        one_of("access_transit", Access),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
        UniqueConstraint("tenant_id", "external_key"),
        ref("employer_id", "employers"),
        Index(None, "tenant_id", "employer_id"),
    )


class Contact(Versioned, Base):
    """The person at the end of connections; name, address, title and phone are erased unless they say yes.

    Who said yes chooses `offers` (empty: nothing narrowed), how many asks a month, when, and which schools see them.
    """

    __tablename__ = "contacts"

    status: Mapped[ContactStatus] = mapped_column(EnumText(ContactStatus), default=ContactStatus.PROPOSED)
    given_name: Mapped[str | None] = mapped_column(Text)
    family_name: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    job_title: Mapped[str | None] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(Text, default="en")
    employer_id: Mapped[UUID | None]
    school_id: Mapped[UUID]
    suggested_by_role: Mapped[str] = mapped_column(Text)
    invite_at: Mapped[Instant | None] = mapped_column(
        comment="the invitation waits until then: the employer's month was full"
    )
    invited_at: Mapped[Instant | None]
    remind_at: Mapped[Instant | None]
    answer_due_at: Mapped[Instant | None]
    answered_at: Mapped[Instant | None]
    erased_at: Mapped[Instant | None]
    keyed_at: Mapped[Instant | None] = mapped_column(comment="when its match keys were made; null: they lack")
    merged_into_id: Mapped[UUID | None] = mapped_column(comment="the contact that stands for this one")
    offers: Mapped[Strings]
    monthly_cap: Mapped[int] = mapped_column(SmallInteger, default=2, server_default="2")
    availability: Mapped[JsonObject]
    visible_school_ids: Mapped[list[UUID] | None] = mapped_column(
        ARRAY(Uuid), comment="null: every school of the tenant"
    )
    alumnus_of: Mapped[UUID | None] = mapped_column(comment="the school they left with a diploma")
    graduated_in: Mapped[int | None] = mapped_column(SmallInteger)

    __table_args__ = (
        one_of("status", ContactStatus),
        CheckConstraint("locale IN ('en', 'es')", name="locale"),
        CheckConstraint("monthly_cap BETWEEN 1 AND 8", name="monthly_cap"),
        CheckConstraint("graduated_in BETWEEN 1930 AND 2200", name="graduated_in"),
        CheckConstraint(
            "erased_at IS NULL OR num_nonnulls(given_name, family_name, email, phone, job_title) = 0",
            name="erased",
        ),
        ref("employer_id", "employers"),
        ref("school_id", "schools"),
        ref("alumnus_of", "schools"),
        ref("merged_into_id", "contacts"),
        Index(None, "tenant_id", "alumnus_of", postgresql_where="alumnus_of IS NOT NULL"),
        Index(None, "tenant_id", "merged_into_id", postgresql_where="merged_into_id IS NOT NULL"),
        Index(
            "ix_contacts_unkeyed",
            "tenant_id",
            "id",
            postgresql_where="keyed_at IS NULL AND erased_at IS NULL",
        ),
        Index(None, "tenant_id", "employer_id"),
        Index(None, "tenant_id", "updated_at"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
        # Newest first, for staff of a school: whom they may see is looked up one by one.
        Index(None, "tenant_id", "created_at", "id"),
        # One contact for one address: what is erased has none.
        Index("uq_contacts_address", "tenant_id", "email", unique=True, postgresql_where="email IS NOT NULL"),
        Index(None, "tenant_id", "invite_at", postgresql_where="invite_at IS NOT NULL"),
        Index(None, "tenant_id", "remind_at", postgresql_where="remind_at IS NOT NULL"),
        Index(None, "tenant_id", "answer_due_at", postgresql_where="answer_due_at IS NOT NULL"),
    )

    def names(self) -> list[str]:
        """Return by what names somebody could speak of them; none of whom is erased."""
        return [name for name in (self.given_name, self.family_name) if name]


class Connection(Versioned, Base):
    """A contributor's offer of someone or some workplace they know; `note` is personal."""

    __tablename__ = "connections"

    status: Mapped[ConnectionStatus] = mapped_column(
        EnumText(ConnectionStatus), default=ConnectionStatus.PROPOSED
    )
    contributor_id: Mapped[UUID]
    school_id: Mapped[UUID]
    contact_id: Mapped[UUID | None]
    employer_id: Mapped[UUID | None]
    domain: Mapped[ConnectionDomain] = mapped_column(EnumText(ConnectionDomain))
    closeness: Mapped[int] = mapped_column(SmallInteger)
    frequency: Mapped[int] = mapped_column(SmallInteger)
    years_known: Mapped[int | None] = mapped_column(SmallInteger)
    offers: Mapped[Strings]
    share_scope: Mapped[ShareScope] = mapped_column(EnumText(ShareScope), default=ShareScope.TENANT)
    credit_wanted: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str | None] = mapped_column(Text)
    basis: Mapped[ContactBasis | None] = mapped_column(
        EnumText(ContactBasis), comment="stated by whoever sent it in a file"
    )
    import_id: Mapped[UUID | None]
    import_key: Mapped[bytes | None] = mapped_column(
        LargeBinary,
        comment="keyed hash of contributor, address and workplace: the same row sent again is known",
    )
    fields: Mapped[Strings] = mapped_column(comment="as the contributor said; see connection_fields for all")
    personal_relation: Mapped[bool] = mapped_column(
        default=False, server_default="false", comment="the address is private, and the contributor says so"
    )
    thanked_for: Mapped[int] = mapped_column(
        SmallInteger,
        default=0,
        server_default="0",
        comment="the last number of students there were thanks for",
    )

    __table_args__ = (
        one_of("status", ConnectionStatus),
        one_of("domain", ConnectionDomain),
        one_of("share_scope", ShareScope),
        one_of("basis", ContactBasis),
        CheckConstraint("closeness BETWEEN 1 AND 3", name="closeness"),
        CheckConstraint("frequency BETWEEN 1 AND 5", name="frequency"),
        CheckConstraint("years_known BETWEEN 0 AND 100", name="years_known"),
        CheckConstraint("contact_id IS NOT NULL OR employer_id IS NOT NULL", name="someone"),
        ref("contributor_id", "people"),
        ref("school_id", "schools"),
        ref("contact_id", "contacts"),
        ref("employer_id", "employers"),
        ref("import_id", "imports"),
        Index(None, "tenant_id", "contributor_id"),
        # Newest first, where several schools' and one's own are in one list.
        Index(None, "tenant_id", "created_at", "id"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
        Index(None, "tenant_id", "contact_id"),
        Index(None, "tenant_id", "employer_id"),
        Index(None, "tenant_id", "updated_at"),
        Index(None, "tenant_id", "import_id", postgresql_where="import_id IS NOT NULL"),
        Index(None, "tenant_id", "import_key", postgresql_where="import_key IS NOT NULL"),
    )
