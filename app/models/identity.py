"""Login identities and links: global tables, because a request names its tenant only through them."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.ids import new_id
from app.core.tables import Base, Instant, Strings, Versioned, ref


class Account(Base):
    """A login: an e-mail address, a `name@tenant` username, or a machine client's id. Global."""

    __tablename__ = "accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(Text, default="human")
    secret_hash: Mapped[str | None] = mapped_column(Text)
    disabled_at: Mapped[Instant | None]
    created_at: Mapped[Instant] = mapped_column(default=now)

    __table_args__ = (
        CheckConstraint("kind IN ('human', 'machine')", name="kind"),
        CheckConstraint("login = lower(login)", name="login_lower"),
    )


class AccountTenant(Base):
    """Which person an account is in which tenant. Global."""

    __tablename__ = "account_tenants"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    person_id: Mapped[UUID | None]

    __table_args__ = (UniqueConstraint("tenant_id", "person_id"),)


class LoginSession(Base):
    """One login on one device, and its family of refresh tokens; only hashes are kept. Global."""

    __tablename__ = "login_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    person_id: Mapped[UUID | None]
    scopes: Mapped[Strings]
    refresh_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    rotated_at: Mapped[Instant | None]
    device_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    created_at: Mapped[Instant] = mapped_column(default=now)

    __table_args__ = (
        Index(None, "account_id"),
        Index(None, "tenant_id", "person_id"),
        Index(None, "expires_at"),
    )


class LinkToken(Base):
    """Hash of a link's secret → tenant, purpose and what it is about; single use. Global."""

    __tablename__ = "link_tokens"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    tenant_id: Mapped[UUID | None] = mapped_column(ForeignKey("tenants.id"))
    purpose: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID]
    login: Mapped[str | None] = mapped_column(Text, comment="what an invited person will sign in with")
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
    created_at: Mapped[Instant] = mapped_column(default=now)

    __table_args__ = (
        CheckConstraint(
            "purpose IN ('invitation', 'consent', 'contact_choices', 'password_reset', 'contribution',"
            " 'introduction', 'reconfirmation', 'host_listings', 'host_again', 'phase_feedback', 'saved_search')",
            name="purpose",
        ),
        Index(None, "tenant_id", "subject_id"),
        Index(None, "expires_at"),
        Index(None, "subject_id"),
        Index(None, "login", postgresql_where="login IS NOT NULL"),
    )


class MachineClient(Versioned, Base):
    """A machine client (student information system) and the scopes it was granted."""

    __tablename__ = "machine_clients"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(Text)
    scopes: Mapped[Strings]
    created_by_id: Mapped[UUID | None]
    revoked_at: Mapped[Instant | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "account_id"),
        ref("created_by_id", "people"),
        Index(None, "tenant_id", "created_by_id"),
    )


class Suppression(Base):
    """Keyed hash of an address whose owner said "never contact me", in any tenant. Global."""

    __tablename__ = "suppressions"

    address_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    created_at: Mapped[Instant] = mapped_column(default=now)


class ContactAttempt(Base):
    """Keyed hash of an address and when it was written to, so that ten tenants ask as one. Global."""

    __tablename__ = "contact_attempts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    address_hash: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Instant] = mapped_column(default=now)

    __table_args__ = (
        CheckConstraint("kind IN ('invitation', 'reminder')", name="kind"),
        Index(None, "address_hash", "created_at"),
    )
