"""Make every table, and the wall of row-level security around each tenant's rows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# ENABLEd, not FORCEd: with FORCE the owner's own data migrations would change no row, in silence.
TENANT_TABLES = (
    "deliveries",
    "employers",
    "events",
    "people",
    "schools",
    "stored_answers",
    "terms",
    "uploads",
    "contacts",
    "courses",
    "imports",
    "machine_clients",
    "notifications",
    "worksites",
    "advisor_links",
    "classes",
    "connections",
    "guardian_links",
    "import_rows",
    "mails",
    "memberships",
    "enrollments",
    "opportunities",
    "favorites",
    "pursuits",
    "placements",
)
POLICY = "tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('human', 'machine')", name=op.f("ck_accounts_kind")),
        sa.CheckConstraint("login = lower(login)", name=op.f("ck_accounts_login_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
    )
    op.create_table(
        "contact_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('invitation', 'reminder')", name=op.f("ck_contact_attempts_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempts")),
    )
    op.create_index(
        op.f("ix_contact_attempts_address_hash_created_at"),
        "contact_attempts",
        ["address_hash", "created_at"],
        unique=False,
    )
    op.create_table(
        "rate_limits",
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("window_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_rate_limits")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "suppressions",
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_suppressions")),
    )
    op.create_table(
        "tenants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("locale IN ('en', 'es')", name=op.f("ck_tenants_locale")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenants")),
        sa.UniqueConstraint("slug", name=op.f("uq_tenants_slug")),
    )
    op.create_table(
        "account_tenants",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_account_tenants_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_account_tenants_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("account_id", "tenant_id", name=op.f("pk_account_tenants")),
        sa.UniqueConstraint("tenant_id", "person_id", name=op.f("uq_account_tenants_tenant_id_person_id")),
    )
    op.create_table(
        "deliveries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False, comment="the subject"),
        sa.Column("delivered_seq", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_deliveries_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_deliveries")),
    )
    op.create_index(
        op.f("ix_deliveries_tenant_id_dead_at"),
        "deliveries",
        ["tenant_id", "dead_at"],
        unique=False,
        postgresql_where="dead_at IS NOT NULL",
    )
    op.create_index(
        op.f("ix_deliveries_tenant_id_retry_at"),
        "deliveries",
        ["tenant_id", "retry_at"],
        unique=False,
        postgresql_where="retry_at IS NOT NULL",
    )
    op.create_table(
        "employers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("naics", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("external_key", sa.Text(), nullable=True),
        sa.Column("monthly_contact_cap", sa.SmallInteger(), nullable=False),
        sa.Column("vetting_note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("naics ~ '^[0-9]{2,6}$'", name=op.f("ck_employers_naics")),
        sa.CheckConstraint(
            "status IN ('prospect', 'vetted', 'suspended', 'archived')", name=op.f("ck_employers_status")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_employers_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_employers")),
        sa.UniqueConstraint("tenant_id", "external_key", name=op.f("uq_employers_tenant_id_external_key")),
    )
    op.create_index(
        op.f("ix_employers_tenant_id_name_id"), "employers", ["tenant_id", "name", "id"], unique=False
    )
    op.create_table(
        "events",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("subject_seq", sa.Integer(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_account_id", sa.Uuid(), nullable=True),
        sa.Column("actor_person_id", sa.Uuid(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("changed", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("actor_kind IN ('account', 'link', 'system')", name=op.f("ck_events_actor_kind")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_events_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_events")),
        sa.UniqueConstraint(
            "tenant_id", "subject_id", "subject_seq", name=op.f("uq_events_tenant_id_subject_id_subject_seq")
        ),
    )
    op.create_index(
        op.f("ix_events_tenant_id_created_at_id"), "events", ["tenant_id", "created_at", "id"], unique=False
    )
    op.create_index(
        op.f("ix_events_tenant_id_person_id_created_at_id"),
        "events",
        ["tenant_id", "person_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_events_tenant_id_school_id_created_at_id"),
        "events",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "link_tokens",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=True, comment="what an invited person will sign in with"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('invitation', 'consent', 'contact_choices', 'password_reset')",
            name=op.f("ck_link_tokens_purpose"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_link_tokens_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_link_tokens")),
    )
    op.create_index(op.f("ix_link_tokens_expires_at"), "link_tokens", ["expires_at"], unique=False)
    op.create_index(
        op.f("ix_link_tokens_login"),
        "link_tokens",
        ["login"],
        unique=False,
        postgresql_where="login IS NOT NULL",
    )
    op.create_index(op.f("ix_link_tokens_subject_id"), "link_tokens", ["subject_id"], unique=False)
    op.create_index(
        op.f("ix_link_tokens_tenant_id_subject_id"), "link_tokens", ["tenant_id", "subject_id"], unique=False
    )
    op.create_table(
        "login_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("refresh_hash", sa.LargeBinary(), nullable=True),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=True),
        sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device_hash", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_login_sessions_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_login_sessions_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
    )
    op.create_index(op.f("ix_login_sessions_account_id"), "login_sessions", ["account_id"], unique=False)
    op.create_index(op.f("ix_login_sessions_expires_at"), "login_sessions", ["expires_at"], unique=False)
    op.create_index(
        op.f("ix_login_sessions_tenant_id_person_id"),
        "login_sessions",
        ["tenant_id", "person_id"],
        unique=False,
    )
    op.create_table(
        "people",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("grades", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("sourced_id", sa.Text(), nullable=True),
        sa.Column("sourced_username", sa.Text(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("locale IN ('en', 'es')", name=op.f("ck_people_locale")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_people_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people")),
        sa.UniqueConstraint("tenant_id", "sourced_id", name=op.f("uq_people_tenant_id_sourced_id")),
    )
    op.create_index(
        op.f("ix_people_tenant_id_family_name_given_name_id"),
        "people",
        ["tenant_id", "family_name", "given_name", "id"],
        unique=False,
    )
    op.create_table(
        "schools",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sourced_id", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('school', 'district', 'other')", name=op.f("ck_schools_kind")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"], ["schools.tenant_id", "schools.id"], name="fk_parent_id_schools"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_schools_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_schools")),
        sa.UniqueConstraint("tenant_id", "sourced_id", name=op.f("uq_schools_tenant_id_sourced_id")),
    )
    op.create_index(
        op.f("ix_schools_tenant_id_name_id"), "schools", ["tenant_id", "name", "id"], unique=False
    )
    op.create_index(
        op.f("ix_schools_tenant_id_parent_id"), "schools", ["tenant_id", "parent_id"], unique=False
    )
    op.create_table(
        "stored_answers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_ids", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_stored_answers_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_stored_answers")),
        sa.UniqueConstraint(
            "tenant_id", "account_id", "key", name=op.f("uq_stored_answers_tenant_id_account_id_key")
        ),
    )
    op.create_index(
        op.f("ix_stored_answers_subject_ids"),
        "stored_answers",
        ["subject_ids"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        op.f("ix_stored_answers_tenant_id_created_at"),
        "stored_answers",
        ["tenant_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "terms",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("school_year", sa.Text(), nullable=True),
        sa.Column("sourced_id", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_terms_window")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_terms_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_terms")),
        sa.UniqueConstraint("tenant_id", "sourced_id", name=op.f("uq_terms_tenant_id_sourced_id")),
    )
    op.create_index(
        op.f("ix_terms_tenant_id_starts_on_id"), "terms", ["tenant_id", "starts_on", "id"], unique=False
    )
    op.create_table(
        "uploads",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("erase_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_uploads_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_uploads")),
    )
    op.create_index(
        op.f("ix_uploads_tenant_id_erase_at"),
        "uploads",
        ["tenant_id", "erase_at"],
        unique=False,
        postgresql_where="data IS NOT NULL",
    )
    op.create_table(
        "contacts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=True),
        sa.Column("family_name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("job_title", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("suggested_by_role", sa.Text(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("locale IN ('en', 'es')", name=op.f("ck_contacts_locale")),
        sa.CheckConstraint(
            "status IN ('proposed', 'invited', 'consented', 'paused', 'declined', 'not_me', 'never', 'no_answer', 'erased')",
            name=op.f("ck_contacts_status"),
        ),
        sa.CheckConstraint(
            "erased_at IS NULL OR num_nonnulls(given_name, family_name, email, phone, job_title) = 0",
            name=op.f("ck_contacts_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employers.tenant_id", "employers.id"],
            name="fk_employer_id_employers",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_contacts_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contacts")),
    )
    op.create_index(
        op.f("ix_contacts_tenant_id_answer_due_at"),
        "contacts",
        ["tenant_id", "answer_due_at"],
        unique=False,
        postgresql_where="answer_due_at IS NOT NULL",
    )
    op.create_index(
        op.f("ix_contacts_tenant_id_email"),
        "contacts",
        ["tenant_id", "email"],
        unique=False,
        postgresql_where="email IS NOT NULL",
    )
    op.create_index(
        op.f("ix_contacts_tenant_id_employer_id"), "contacts", ["tenant_id", "employer_id"], unique=False
    )
    op.create_index(
        op.f("ix_contacts_tenant_id_remind_at"),
        "contacts",
        ["tenant_id", "remind_at"],
        unique=False,
        postgresql_where="remind_at IS NOT NULL",
    )
    op.create_index(
        op.f("ix_contacts_tenant_id_school_id_created_at_id"),
        "contacts",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "courses",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("sourced_id", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_courses_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_courses")),
        sa.UniqueConstraint("tenant_id", "sourced_id", name=op.f("uq_courses_tenant_id_sourced_id")),
    )
    op.create_index(
        op.f("ix_courses_tenant_id_school_id"), "courses", ["tenant_id", "school_id"], unique=False
    )
    op.create_table(
        "imports",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("upload_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_account_id", sa.Uuid(), nullable=True),
        sa.Column("applied_by_id", sa.Uuid(), nullable=True),
        sa.Column("applied_by_account_id", sa.Uuid(), nullable=True),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=True),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("summary", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("fault_code", sa.Text(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('roster', 'opportunities')", name=op.f("ck_imports_kind")),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'tried', 'held', 'applied', 'refused', 'failed')",
            name=op.f("ck_imports_status"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "applied_by_id"], ["people.tenant_id", "people.id"], name="fk_applied_by_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by_id"], ["people.tenant_id", "people.id"], name="fk_created_by_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "upload_id"], ["uploads.tenant_id", "uploads.id"], name="fk_upload_id_uploads"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_imports_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_imports")),
    )
    op.create_index(
        op.f("ix_imports_tenant_id_applied_by_id"), "imports", ["tenant_id", "applied_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_imports_tenant_id_created_at_id"), "imports", ["tenant_id", "created_at", "id"], unique=False
    )
    op.create_index(
        op.f("ix_imports_tenant_id_created_by_id"), "imports", ["tenant_id", "created_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_imports_tenant_id_upload_id"), "imports", ["tenant_id", "upload_id"], unique=False
    )
    op.create_table(
        "machine_clients",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_machine_clients_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by_id"], ["people.tenant_id", "people.id"], name="fk_created_by_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_machine_clients_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_machine_clients")),
        sa.UniqueConstraint("tenant_id", "account_id", name=op.f("uq_machine_clients_tenant_id_account_id")),
    )
    op.create_index(
        op.f("ix_machine_clients_tenant_id_created_by_id"),
        "machine_clients",
        ["tenant_id", "created_by_id"],
        unique=False,
    )
    op.create_table(
        "notifications",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("needs_action", sa.Boolean(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people.tenant_id", "people.id"], name="fk_person_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_notifications_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_notifications")),
        sa.UniqueConstraint(
            "tenant_id",
            "person_id",
            "event_id",
            "kind",
            name=op.f("uq_notifications_tenant_id_person_id_event_id_kind"),
        ),
    )
    op.create_index(
        op.f("ix_notifications_tenant_id_person_id_created_at_id"),
        "notifications",
        ["tenant_id", "person_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_notifications_tenant_id_subject_id"),
        "notifications",
        ["tenant_id", "subject_id"],
        unique=False,
    )
    op.create_table(
        "worksites",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("external_key", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_worksites_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_worksites_longitude")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employers.tenant_id", "employers.id"],
            name="fk_employer_id_employers",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_worksites_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_worksites")),
        sa.UniqueConstraint("tenant_id", "external_key", name=op.f("uq_worksites_tenant_id_external_key")),
    )
    op.create_index(
        op.f("ix_worksites_tenant_id_employer_id"), "worksites", ["tenant_id", "employer_id"], unique=False
    )
    op.create_table(
        "advisor_links",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("advisor_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "import_id", sa.Uuid(), nullable=True, comment="the import that last made, changed or ended it"
        ),
        sa.Column("ended_by_roster", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("source IN ('roster', 'staff')", name=op.f("ck_advisor_links_source")),
        sa.CheckConstraint("student_id <> advisor_id", name=op.f("ck_advisor_links_two_people")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "advisor_id"], ["people.tenant_id", "people.id"], name="fk_advisor_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "import_id"], ["imports.tenant_id", "imports.id"], name="fk_import_id_imports"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_advisor_links_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_advisor_links")),
        sa.UniqueConstraint(
            "tenant_id",
            "advisor_id",
            "student_id",
            name=op.f("uq_advisor_links_tenant_id_advisor_id_student_id"),
        ),
    )
    op.create_index(
        op.f("ix_advisor_links_tenant_id_import_id"),
        "advisor_links",
        ["tenant_id", "import_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_advisor_links_tenant_id_school_id"),
        "advisor_links",
        ["tenant_id", "school_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_advisor_links_tenant_id_student_id"),
        "advisor_links",
        ["tenant_id", "student_id"],
        unique=False,
    )
    op.create_table(
        "classes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("class_type", sa.Text(), nullable=False),
        sa.Column("sourced_id", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("class_type IN ('homeroom', 'scheduled')", name=op.f("ck_classes_class_type")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "course_id"], ["courses.tenant_id", "courses.id"], name="fk_course_id_courses"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_classes_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_classes")),
        sa.UniqueConstraint("tenant_id", "sourced_id", name=op.f("uq_classes_tenant_id_sourced_id")),
    )
    op.create_index(
        op.f("ix_classes_tenant_id_course_id"), "classes", ["tenant_id", "course_id"], unique=False
    )
    op.create_index(
        op.f("ix_classes_tenant_id_school_id"), "classes", ["tenant_id", "school_id"], unique=False
    )
    op.create_table(
        "connections",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("contributor_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("closeness", sa.SmallInteger(), nullable=False),
        sa.Column("frequency", sa.SmallInteger(), nullable=False),
        sa.Column("years_known", sa.SmallInteger(), nullable=True),
        sa.Column("offers", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("share_scope", sa.Text(), nullable=False),
        sa.Column("credit_wanted", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "domain IN ('household', 'family', 'neighbours', 'faith', 'club', 'work', 'friends', 'school')",
            name=op.f("ck_connections_domain"),
        ),
        sa.CheckConstraint(
            "share_scope IN ('advisory', 'school', 'tenant')", name=op.f("ck_connections_share_scope")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'proposed', 'screened', 'active', 'dormant', 'withdrawn', 'rejected')",
            name=op.f("ck_connections_status"),
        ),
        sa.CheckConstraint("closeness BETWEEN 1 AND 3", name=op.f("ck_connections_closeness")),
        sa.CheckConstraint(
            "contact_id IS NOT NULL OR employer_id IS NOT NULL", name=op.f("ck_connections_someone")
        ),
        sa.CheckConstraint("frequency BETWEEN 1 AND 5", name=op.f("ck_connections_frequency")),
        sa.CheckConstraint("years_known BETWEEN 0 AND 100", name=op.f("ck_connections_years_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"], ["contacts.tenant_id", "contacts.id"], name="fk_contact_id_contacts"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contributor_id"],
            ["people.tenant_id", "people.id"],
            name="fk_contributor_id_people",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employers.tenant_id", "employers.id"],
            name="fk_employer_id_employers",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_connections_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_connections")),
    )
    op.create_index(
        op.f("ix_connections_tenant_id_contact_id"), "connections", ["tenant_id", "contact_id"], unique=False
    )
    op.create_index(
        op.f("ix_connections_tenant_id_contributor_id"),
        "connections",
        ["tenant_id", "contributor_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_connections_tenant_id_employer_id"),
        "connections",
        ["tenant_id", "employer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_connections_tenant_id_school_id_created_at_id"),
        "connections",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "guardian_links",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("relationship_kind", sa.Text(), nullable=False),
        sa.Column("may_see", sa.Boolean(), nullable=False),
        sa.Column("may_sign", sa.Boolean(), nullable=False),
        sa.Column("no_contact", sa.Boolean(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "import_id", sa.Uuid(), nullable=True, comment="the import that last made, changed or ended it"
        ),
        sa.Column("ended_by_roster", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "relationship_kind IN ('guardian', 'parent', 'relative', 'other')",
            name=op.f("ck_guardian_links_relationship_kind"),
        ),
        sa.CheckConstraint("source IN ('roster', 'staff')", name=op.f("ck_guardian_links_source")),
        sa.CheckConstraint("student_id <> guardian_id", name=op.f("ck_guardian_links_two_people")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "guardian_id"], ["people.tenant_id", "people.id"], name="fk_guardian_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "import_id"], ["imports.tenant_id", "imports.id"], name="fk_import_id_imports"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_guardian_links_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_guardian_links")),
        sa.UniqueConstraint(
            "tenant_id",
            "student_id",
            "guardian_id",
            name=op.f("uq_guardian_links_tenant_id_student_id_guardian_id"),
        ),
    )
    op.create_index(
        op.f("ix_guardian_links_tenant_id_guardian_id_student_id"),
        "guardian_links",
        ["tenant_id", "guardian_id", "student_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_guardian_links_tenant_id_import_id"),
        "guardian_links",
        ["tenant_id", "import_id"],
        unique=False,
    )
    op.create_table(
        "import_rows",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("column", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("values", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("severity IN ('rejected', 'notice')", name=op.f("ck_import_rows_severity")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "import_id"],
            ["imports.tenant_id", "imports.id"],
            name="fk_import_id_imports",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_import_rows_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_import_rows")),
    )
    op.create_index(
        op.f("ix_import_rows_tenant_id_import_id_position_id"),
        "import_rows",
        ["tenant_id", "import_id", "position", "id"],
        unique=False,
    )
    op.create_table(
        "mails",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'done', 'failed')", name=op.f("ck_mails_state")),
        sa.CheckConstraint(
            "num_nonnulls(person_id, contact_id, account_id) = 1", name=op.f("ck_mails_one_recipient")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"], ["contacts.tenant_id", "contacts.id"], name="fk_contact_id_contacts"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people.tenant_id", "people.id"], name="fk_person_id_people"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_mails_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_mails")),
        sa.UniqueConstraint(
            "tenant_id",
            "event_id",
            "template",
            "person_id",
            "contact_id",
            name=op.f("uq_mails_tenant_id_event_id_template_person_id_contact_id"),
            postgresql_nulls_not_distinct=False,
        ),
    )
    op.create_index(op.f("ix_mails_tenant_id_contact_id"), "mails", ["tenant_id", "contact_id"], unique=False)
    op.create_index(
        op.f("ix_mails_tenant_id_due_at"),
        "mails",
        ["tenant_id", "due_at"],
        unique=False,
        postgresql_where="state = 'waiting'",
    )
    op.create_index(op.f("ix_mails_tenant_id_person_id"), "mails", ["tenant_id", "person_id"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "sourced_ids",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="the roster's rows that give it",
        ),
        sa.Column(
            "import_id", sa.Uuid(), nullable=True, comment="the import that last made, changed or ended it"
        ),
        sa.Column("ended_by_roster", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('student', 'guardian', 'supervisor', 'advisor', 'coordinator', 'district_admin', 'integration', 'operator')",
            name=op.f("ck_memberships_role"),
        ),
        sa.CheckConstraint("source IN ('roster', 'staff')", name=op.f("ck_memberships_source")),
        sa.CheckConstraint(
            "school_id IS NULL OR employer_id IS NULL", name=op.f("ck_memberships_one_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employers.tenant_id", "employers.id"],
            name="fk_employer_id_employers",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "import_id"], ["imports.tenant_id", "imports.id"], name="fk_import_id_imports"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people.tenant_id", "people.id"], name="fk_person_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_memberships_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_memberships")),
    )
    op.create_index(
        op.f("ix_memberships_tenant_id_employer_id"),
        "memberships",
        ["tenant_id", "employer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_memberships_tenant_id_import_id"), "memberships", ["tenant_id", "import_id"], unique=False
    )
    op.create_index(
        op.f("ix_memberships_tenant_id_person_id"), "memberships", ["tenant_id", "person_id"], unique=False
    )
    op.create_index(
        op.f("ix_memberships_tenant_id_school_id_role_person_id"),
        "memberships",
        ["tenant_id", "school_id", "role", "person_id"],
        unique=False,
    )
    op.create_index(
        "uq_memberships_live",
        "memberships",
        ["tenant_id", "person_id", "role", "school_id", "employer_id"],
        unique=True,
        postgresql_where="ended_at IS NULL",
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "enrollments",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("sourced_id", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('student', 'teacher', 'other')", name=op.f("ck_enrollments_role")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "class_id"], ["classes.tenant_id", "classes.id"], name="fk_class_id_classes"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people.tenant_id", "people.id"], name="fk_person_id_people"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_enrollments_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_enrollments")),
        sa.UniqueConstraint("tenant_id", "sourced_id", name=op.f("uq_enrollments_tenant_id_sourced_id")),
    )
    op.create_index(
        op.f("ix_enrollments_tenant_id_class_id_role"),
        "enrollments",
        ["tenant_id", "class_id", "role"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrollments_tenant_id_person_id"), "enrollments", ["tenant_id", "person_id"], unique=False
    )
    op.create_table(
        "opportunities",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("clusters", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("categories", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("worksite_id", sa.Uuid(), nullable=True),
        sa.Column("connection_id", sa.Uuid(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("seats_taken", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("schedule", sa.Text(), nullable=True),
        sa.Column("minimum_age", sa.SmallInteger(), nullable=True),
        sa.Column("maximum_age", sa.SmallInteger(), nullable=True),
        sa.Column("remote", sa.Boolean(), nullable=False),
        sa.Column("pay", sa.Text(), nullable=False),
        sa.Column("pay_cents_per_hour", sa.Integer(), nullable=True),
        sa.Column("credit", sa.Boolean(), nullable=False),
        sa.Column("external_key", sa.Text(), nullable=True),
        sa.Column("external_hash", sa.Text(), nullable=True, comment="of what an import last wrote here"),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "setweight(to_tsvector('english'::regconfig, title), 'A') || setweight(to_tsvector('english'::regconfig, description), 'B')",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "pay IN ('paid', 'unpaid', 'stipend', 'unknown')", name=op.f("ck_opportunities_pay")
        ),
        sa.CheckConstraint(
            "scope = 'tenant' OR school_id IS NOT NULL", name=op.f("ck_opportunities_scope_school")
        ),
        sa.CheckConstraint("scope IN ('school', 'tenant')", name=op.f("ck_opportunities_scope")),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'changes_requested', 'rejected', 'published', 'paused', 'hidden', 'stale', 'archived')",
            name=op.f("ck_opportunities_status"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_opportunities_window")),
        sa.CheckConstraint("seats BETWEEN 0 AND 10000", name=op.f("ck_opportunities_seats")),
        sa.CheckConstraint("seats_taken BETWEEN 0 AND seats", name=op.f("ck_opportunities_seats_taken")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name="fk_connection_id_connections",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employers.tenant_id", "employers.id"],
            name="fk_employer_id_employers",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "owner_id"], ["people.tenant_id", "people.id"], name="fk_owner_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "worksite_id"],
            ["worksites.tenant_id", "worksites.id"],
            name="fk_worksite_id_worksites",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_opportunities_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_opportunities")),
        sa.UniqueConstraint(
            "tenant_id", "external_key", name=op.f("uq_opportunities_tenant_id_external_key")
        ),
    )
    op.create_index(
        "ix_opportunities_catalogue",
        "opportunities",
        ["tenant_id", "published_at", "id"],
        unique=False,
        postgresql_where="status = 'published'",
    )
    op.create_index(
        op.f("ix_opportunities_tenant_id_connection_id"),
        "opportunities",
        ["tenant_id", "connection_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_opportunities_tenant_id_created_at_id"),
        "opportunities",
        ["tenant_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_opportunities_tenant_id_employer_id"),
        "opportunities",
        ["tenant_id", "employer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_opportunities_tenant_id_owner_id"), "opportunities", ["tenant_id", "owner_id"], unique=False
    )
    op.create_index(
        op.f("ix_opportunities_tenant_id_school_id_created_at_id"),
        "opportunities",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_opportunities_tenant_id_worksite_id"),
        "opportunities",
        ["tenant_id", "worksite_id"],
        unique=False,
    )
    op.create_table(
        "favorites",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "opportunity_id"],
            ["opportunities.tenant_id", "opportunities.id"],
            name="fk_opportunity_id_opportunities",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_favorites_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_favorites")),
        sa.UniqueConstraint(
            "tenant_id",
            "student_id",
            "opportunity_id",
            name=op.f("uq_favorites_tenant_id_student_id_opportunity_id"),
        ),
    )
    op.create_index(
        op.f("ix_favorites_tenant_id_opportunity_id"),
        "favorites",
        ["tenant_id", "opportunity_id"],
        unique=False,
    )
    op.create_table(
        "pursuits",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("checks", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seat_held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("start_goals", sa.Text(), nullable=True),
        sa.Column("start_schedule", sa.Text(), nullable=True),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('requested', 'approved', 'landed', 'start_requested', 'converted', 'declined', 'expired', 'withdrawn', 'not_selected', 'released')",
            name=op.f("ck_pursuits_status"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "decided_by_id"], ["people.tenant_id", "people.id"], name="fk_decided_by_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "opportunity_id"],
            ["opportunities.tenant_id", "opportunities.id"],
            name="fk_opportunity_id_opportunities",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_pursuits_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pursuits")),
    )
    op.create_index(
        "ix_pursuits_expiring",
        "pursuits",
        ["tenant_id", "expires_at"],
        unique=False,
        postgresql_where="status = 'approved'",
    )
    op.create_index(
        "ix_pursuits_holding",
        "pursuits",
        ["tenant_id", "seat_held_until"],
        unique=False,
        postgresql_where="seat_held_until IS NOT NULL",
    )
    op.create_index(
        op.f("ix_pursuits_tenant_id_decided_by_id"), "pursuits", ["tenant_id", "decided_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_pursuits_tenant_id_opportunity_id_status_requested_at_id"),
        "pursuits",
        ["tenant_id", "opportunity_id", "status", "requested_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_pursuits_tenant_id_remind_at"),
        "pursuits",
        ["tenant_id", "remind_at"],
        unique=False,
        postgresql_where="remind_at IS NOT NULL",
    )
    op.create_index(
        op.f("ix_pursuits_tenant_id_school_id_created_at_id"),
        "pursuits",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_pursuits_tenant_id_student_id_created_at_id"),
        "pursuits",
        ["tenant_id", "student_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_pursuits_live",
        "pursuits",
        ["tenant_id", "student_id", "opportunity_id"],
        unique=True,
        postgresql_where="status IN ('requested', 'approved', 'landed', 'start_requested')",
    )
    op.create_table(
        "placements",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("pursuit_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("advisor_id", sa.Uuid(), nullable=True),
        sa.Column("connection_id", sa.Uuid(), nullable=True),
        sa.Column("contributor_id", sa.Uuid(), nullable=True),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('setup', 'awaiting_signatures', 'cleared', 'active', 'end_requested', 'completed', 'ended_early', 'no_show')",
            name=op.f("ck_placements_status"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_placements_window")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "advisor_id"], ["people.tenant_id", "people.id"], name="fk_advisor_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name="fk_connection_id_connections",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contributor_id"],
            ["people.tenant_id", "people.id"],
            name="fk_contributor_id_people",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employers.tenant_id", "employers.id"],
            name="fk_employer_id_employers",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "opportunity_id"],
            ["opportunities.tenant_id", "opportunities.id"],
            name="fk_opportunity_id_opportunities",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pursuit_id"], ["pursuits.tenant_id", "pursuits.id"], name="fk_pursuit_id_pursuits"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_placements_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_placements")),
        sa.UniqueConstraint("tenant_id", "pursuit_id", name=op.f("uq_placements_tenant_id_pursuit_id")),
    )
    op.create_index(
        op.f("ix_placements_tenant_id_advisor_id"), "placements", ["tenant_id", "advisor_id"], unique=False
    )
    op.create_index(
        op.f("ix_placements_tenant_id_connection_id"),
        "placements",
        ["tenant_id", "connection_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_placements_tenant_id_contributor_id"),
        "placements",
        ["tenant_id", "contributor_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_placements_tenant_id_employer_id_created_at_id"),
        "placements",
        ["tenant_id", "employer_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_placements_tenant_id_opportunity_id"),
        "placements",
        ["tenant_id", "opportunity_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_placements_tenant_id_school_id_created_at_id"),
        "placements",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_placements_tenant_id_student_id_created_at_id"),
        "placements",
        ["tenant_id", "student_id", "created_at", "id"],
        unique=False,
    )
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} USING ({POLICY}) WITH CHECK ({POLICY})")


def downgrade() -> None:
    op.drop_index(op.f("ix_placements_tenant_id_student_id_created_at_id"), table_name="placements")
    op.drop_index(op.f("ix_placements_tenant_id_school_id_created_at_id"), table_name="placements")
    op.drop_index(op.f("ix_placements_tenant_id_opportunity_id"), table_name="placements")
    op.drop_index(op.f("ix_placements_tenant_id_employer_id_created_at_id"), table_name="placements")
    op.drop_index(op.f("ix_placements_tenant_id_contributor_id"), table_name="placements")
    op.drop_index(op.f("ix_placements_tenant_id_connection_id"), table_name="placements")
    op.drop_index(op.f("ix_placements_tenant_id_advisor_id"), table_name="placements")
    op.drop_table("placements")
    op.drop_index(
        "uq_pursuits_live",
        table_name="pursuits",
        postgresql_where="status IN ('requested', 'approved', 'landed', 'start_requested')",
    )
    op.drop_index(op.f("ix_pursuits_tenant_id_student_id_created_at_id"), table_name="pursuits")
    op.drop_index(op.f("ix_pursuits_tenant_id_school_id_created_at_id"), table_name="pursuits")
    op.drop_index(
        op.f("ix_pursuits_tenant_id_remind_at"),
        table_name="pursuits",
        postgresql_where="remind_at IS NOT NULL",
    )
    op.drop_index(op.f("ix_pursuits_tenant_id_opportunity_id_status_requested_at_id"), table_name="pursuits")
    op.drop_index(op.f("ix_pursuits_tenant_id_decided_by_id"), table_name="pursuits")
    op.drop_index(
        "ix_pursuits_holding", table_name="pursuits", postgresql_where="seat_held_until IS NOT NULL"
    )
    op.drop_index("ix_pursuits_expiring", table_name="pursuits", postgresql_where="status = 'approved'")
    op.drop_table("pursuits")
    op.drop_index(op.f("ix_favorites_tenant_id_opportunity_id"), table_name="favorites")
    op.drop_table("favorites")
    op.drop_index(op.f("ix_opportunities_tenant_id_worksite_id"), table_name="opportunities")
    op.drop_index(op.f("ix_opportunities_tenant_id_school_id_created_at_id"), table_name="opportunities")
    op.drop_index(op.f("ix_opportunities_tenant_id_owner_id"), table_name="opportunities")
    op.drop_index(op.f("ix_opportunities_tenant_id_employer_id"), table_name="opportunities")
    op.drop_index(op.f("ix_opportunities_tenant_id_created_at_id"), table_name="opportunities")
    op.drop_index(op.f("ix_opportunities_tenant_id_connection_id"), table_name="opportunities")
    op.drop_index(
        "ix_opportunities_catalogue", table_name="opportunities", postgresql_where="status = 'published'"
    )
    op.drop_table("opportunities")
    op.drop_index(op.f("ix_enrollments_tenant_id_person_id"), table_name="enrollments")
    op.drop_index(op.f("ix_enrollments_tenant_id_class_id_role"), table_name="enrollments")
    op.drop_table("enrollments")
    op.drop_index(
        "uq_memberships_live",
        table_name="memberships",
        postgresql_where="ended_at IS NULL",
        postgresql_nulls_not_distinct=True,
    )
    op.drop_index(op.f("ix_memberships_tenant_id_school_id_role_person_id"), table_name="memberships")
    op.drop_index(op.f("ix_memberships_tenant_id_person_id"), table_name="memberships")
    op.drop_index(op.f("ix_memberships_tenant_id_import_id"), table_name="memberships")
    op.drop_index(op.f("ix_memberships_tenant_id_employer_id"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_mails_tenant_id_person_id"), table_name="mails")
    op.drop_index(op.f("ix_mails_tenant_id_due_at"), table_name="mails", postgresql_where="state = 'waiting'")
    op.drop_index(op.f("ix_mails_tenant_id_contact_id"), table_name="mails")
    op.drop_table("mails")
    op.drop_index(op.f("ix_import_rows_tenant_id_import_id_position_id"), table_name="import_rows")
    op.drop_table("import_rows")
    op.drop_index(op.f("ix_guardian_links_tenant_id_import_id"), table_name="guardian_links")
    op.drop_index(op.f("ix_guardian_links_tenant_id_guardian_id_student_id"), table_name="guardian_links")
    op.drop_table("guardian_links")
    op.drop_index(op.f("ix_connections_tenant_id_school_id_created_at_id"), table_name="connections")
    op.drop_index(op.f("ix_connections_tenant_id_employer_id"), table_name="connections")
    op.drop_index(op.f("ix_connections_tenant_id_contributor_id"), table_name="connections")
    op.drop_index(op.f("ix_connections_tenant_id_contact_id"), table_name="connections")
    op.drop_table("connections")
    op.drop_index(op.f("ix_classes_tenant_id_school_id"), table_name="classes")
    op.drop_index(op.f("ix_classes_tenant_id_course_id"), table_name="classes")
    op.drop_table("classes")
    op.drop_index(op.f("ix_advisor_links_tenant_id_student_id"), table_name="advisor_links")
    op.drop_index(op.f("ix_advisor_links_tenant_id_school_id"), table_name="advisor_links")
    op.drop_index(op.f("ix_advisor_links_tenant_id_import_id"), table_name="advisor_links")
    op.drop_table("advisor_links")
    op.drop_index(op.f("ix_worksites_tenant_id_employer_id"), table_name="worksites")
    op.drop_table("worksites")
    op.drop_index(op.f("ix_notifications_tenant_id_subject_id"), table_name="notifications")
    op.drop_index(op.f("ix_notifications_tenant_id_person_id_created_at_id"), table_name="notifications")
    op.drop_table("notifications")
    op.drop_index(op.f("ix_machine_clients_tenant_id_created_by_id"), table_name="machine_clients")
    op.drop_table("machine_clients")
    op.drop_index(op.f("ix_imports_tenant_id_upload_id"), table_name="imports")
    op.drop_index(op.f("ix_imports_tenant_id_created_by_id"), table_name="imports")
    op.drop_index(op.f("ix_imports_tenant_id_created_at_id"), table_name="imports")
    op.drop_index(op.f("ix_imports_tenant_id_applied_by_id"), table_name="imports")
    op.drop_table("imports")
    op.drop_index(op.f("ix_courses_tenant_id_school_id"), table_name="courses")
    op.drop_table("courses")
    op.drop_index(op.f("ix_contacts_tenant_id_school_id_created_at_id"), table_name="contacts")
    op.drop_index(
        op.f("ix_contacts_tenant_id_remind_at"),
        table_name="contacts",
        postgresql_where="remind_at IS NOT NULL",
    )
    op.drop_index(op.f("ix_contacts_tenant_id_employer_id"), table_name="contacts")
    op.drop_index(
        op.f("ix_contacts_tenant_id_email"), table_name="contacts", postgresql_where="email IS NOT NULL"
    )
    op.drop_index(
        op.f("ix_contacts_tenant_id_answer_due_at"),
        table_name="contacts",
        postgresql_where="answer_due_at IS NOT NULL",
    )
    op.drop_table("contacts")
    op.drop_index(
        op.f("ix_uploads_tenant_id_erase_at"), table_name="uploads", postgresql_where="data IS NOT NULL"
    )
    op.drop_table("uploads")
    op.drop_index(op.f("ix_terms_tenant_id_starts_on_id"), table_name="terms")
    op.drop_table("terms")
    op.drop_index(op.f("ix_stored_answers_tenant_id_created_at"), table_name="stored_answers")
    op.drop_index(op.f("ix_stored_answers_subject_ids"), table_name="stored_answers", postgresql_using="gin")
    op.drop_table("stored_answers")
    op.drop_index(op.f("ix_schools_tenant_id_parent_id"), table_name="schools")
    op.drop_index(op.f("ix_schools_tenant_id_name_id"), table_name="schools")
    op.drop_table("schools")
    op.drop_index(op.f("ix_people_tenant_id_family_name_given_name_id"), table_name="people")
    op.drop_table("people")
    op.drop_index(op.f("ix_login_sessions_tenant_id_person_id"), table_name="login_sessions")
    op.drop_index(op.f("ix_login_sessions_expires_at"), table_name="login_sessions")
    op.drop_index(op.f("ix_login_sessions_account_id"), table_name="login_sessions")
    op.drop_table("login_sessions")
    op.drop_index(op.f("ix_link_tokens_tenant_id_subject_id"), table_name="link_tokens")
    op.drop_index(op.f("ix_link_tokens_subject_id"), table_name="link_tokens")
    op.drop_index(
        op.f("ix_link_tokens_login"), table_name="link_tokens", postgresql_where="login IS NOT NULL"
    )
    op.drop_index(op.f("ix_link_tokens_expires_at"), table_name="link_tokens")
    op.drop_table("link_tokens")
    op.drop_index(op.f("ix_events_tenant_id_school_id_created_at_id"), table_name="events")
    op.drop_index(op.f("ix_events_tenant_id_person_id_created_at_id"), table_name="events")
    op.drop_index(op.f("ix_events_tenant_id_created_at_id"), table_name="events")
    op.drop_table("events")
    op.drop_index(op.f("ix_employers_tenant_id_name_id"), table_name="employers")
    op.drop_table("employers")
    op.drop_index(
        op.f("ix_deliveries_tenant_id_retry_at"),
        table_name="deliveries",
        postgresql_where="retry_at IS NOT NULL",
    )
    op.drop_index(
        op.f("ix_deliveries_tenant_id_dead_at"),
        table_name="deliveries",
        postgresql_where="dead_at IS NOT NULL",
    )
    op.drop_table("deliveries")
    op.drop_table("account_tenants")
    op.drop_table("tenants")
    op.drop_table("suppressions")
    op.drop_table("rate_limits")
    op.drop_index(op.f("ix_contact_attempts_address_hash_created_at"), table_name="contact_attempts")
    op.drop_table("contact_attempts")
    op.drop_table("accounts")
