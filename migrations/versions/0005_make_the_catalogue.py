"""Make the catalogue: types, sessions, lines, profiles, search, trust and files."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TENANT_TABLES = (
    "opportunity_type_versions",
    "search_terms",
    "suggestion_words",
    "tenant_settings",
    "saved_searches",
    "student_groups",
    "student_profiles",
    "suggestion_terms",
    "video_consents",
    "group_members",
    "suggestion_keys",
    "host_asks",
    "reconfirmations",
    "images",
    "listing_cases",
    "listing_changes",
    "project_phases",
    "project_teams",
    "reconfirmation_listings",
    "saved_search_hits",
    "weekly_patterns",
    "listing_reports",
    "opportunity_sessions",
    "phase_feedback",
    "team_members",
    "seat_reserves",
    "session_enrollments",
    "speed_rounds",
    "waiting_entries",
    "reserved_seats",
    "speed_seats",
)
POLICY = "tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "listing_doors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("keys", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column(
            "salt",
            sa.LargeBinary(),
            nullable=False,
            comment="the code is a keyed hash of it, and in no table",
        ),
        sa.Column("asked_from", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("tries_from", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locale", sa.Text(), server_default="en", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_doors")),
    )
    op.create_index(
        op.f("ix_listing_doors_address_hash_created_at"),
        "listing_doors",
        ["address_hash", "created_at"],
        unique=False,
    )
    op.create_index(op.f("ix_listing_doors_expires_at"), "listing_doors", ["expires_at"], unique=False)
    op.create_table(
        "opportunity_type_versions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_es", sa.Text(), nullable=False),
        sa.Column("ceds", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("workflow", sa.Text(), nullable=False),
        sa.Column("requires_agreement", sa.Boolean(), nullable=False),
        sa.Column("clearances", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("minimum_age", sa.SmallInteger(), nullable=True),
        sa.Column(
            "needs",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="what a listing must say to be published",
        ),
        sa.Column("retired", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("current", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("code ~ '^[a-z][a-z0-9_]{1,59}$'", name=op.f("ck_opportunity_type_versions_code")),
        sa.CheckConstraint(
            "stage IN ('about_work', 'through_work', 'at_work')",
            name=op.f("ck_opportunity_type_versions_stage"),
        ),
        sa.CheckConstraint(
            "workflow IN ('pursuit', 'enrollment')", name=op.f("ck_opportunity_type_versions_workflow")
        ),
        sa.CheckConstraint(
            "minimum_age BETWEEN 5 AND 99", name=op.f("ck_opportunity_type_versions_minimum_age")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_opportunity_type_versions_number")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_opportunity_type_versions_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_opportunity_type_versions")),
        sa.UniqueConstraint(
            "tenant_id", "code", "number", name=op.f("uq_opportunity_type_versions_tenant_id_code_number")
        ),
    )
    op.create_index(
        "uq_opportunity_type_versions_current",
        "opportunity_type_versions",
        ["tenant_id", "code"],
        unique=True,
        postgresql_where="current",
    )
    op.create_table(
        "search_terms",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("term", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "initial",
            sa.Text(collation="C"),
            nullable=False,
            comment="of a word; empty for a stem, which nobody means to write",
        ),
        sa.Column("length", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_search_terms_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_search_terms")),
        sa.UniqueConstraint("tenant_id", "term", name=op.f("uq_search_terms_tenant_id_term")),
    )
    op.create_index(
        op.f("ix_search_terms_tenant_id_initial_length"),
        "search_terms",
        ["tenant_id", "initial", "length"],
        unique=False,
    )
    op.create_table(
        "suggestion_words",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_suggestion_words_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_suggestion_words")),
        sa.UniqueConstraint("tenant_id", "word", name=op.f("uq_suggestion_words_tenant_id_word")),
    )
    op.create_table(
        "tenant_settings",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("waitlist_hours", sa.SmallInteger(), nullable=False),
        sa.Column("pursuit_days", sa.SmallInteger(), nullable=False),
        sa.Column("stale_after_days", sa.SmallInteger(), nullable=False),
        sa.Column("stale_silence_days", sa.SmallInteger(), nullable=False),
        sa.Column("trusted_after", sa.SmallInteger(), nullable=False),
        sa.Column("sensitive_industries", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("session_cancel_hours", sa.SmallInteger(), nullable=False),
        sa.Column("host_again_months", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "host_again_months BETWEEN 1 AND 36", name=op.f("ck_tenant_settings_host_again_months")
        ),
        sa.CheckConstraint("pursuit_days BETWEEN 1 AND 120", name=op.f("ck_tenant_settings_pursuit_days")),
        sa.CheckConstraint(
            "session_cancel_hours BETWEEN 1 AND 336", name=op.f("ck_tenant_settings_session_cancel_hours")
        ),
        sa.CheckConstraint(
            "stale_after_days BETWEEN 7 AND 730", name=op.f("ck_tenant_settings_stale_after_days")
        ),
        sa.CheckConstraint(
            "stale_silence_days BETWEEN 1 AND 90", name=op.f("ck_tenant_settings_stale_silence_days")
        ),
        sa.CheckConstraint("trusted_after BETWEEN 1 AND 100", name=op.f("ck_tenant_settings_trusted_after")),
        sa.CheckConstraint(
            "waitlist_hours BETWEEN 1 AND 336", name=op.f("ck_tenant_settings_waitlist_hours")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_tenant_settings_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_tenant_settings")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_tenant_settings_tenant_id")),
    )
    op.create_table(
        "saved_searches",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("filters", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("news_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "last_found_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="or when it was saved or resumed: patience is counted from here",
        ),
        sa.Column("told", sa.Integer(), nullable=False, comment="listings told so far"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("digest IN ('daily', 'weekly')", name=op.f("ck_saved_searches_digest")),
        sa.CheckConstraint("status IN ('active', 'paused')", name=op.f("ck_saved_searches_status")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people.tenant_id", "people.id"], name="fk_person_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_saved_searches_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_saved_searches")),
    )
    op.create_index(
        op.f("ix_saved_searches_tenant_id_due_at_id"),
        "saved_searches",
        ["tenant_id", "due_at", "id"],
        unique=False,
        postgresql_where="due_at IS NOT NULL",
    )
    op.create_index(
        op.f("ix_saved_searches_tenant_id_person_id_created_at_id"),
        "saved_searches",
        ["tenant_id", "person_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "student_groups",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_student_groups_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_student_groups")),
    )
    op.create_index(
        op.f("ix_student_groups_tenant_id_school_id_created_at_id"),
        "student_groups",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "student_profiles",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("clusters", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("skills", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("riasec", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("availability", postgresql.BIT(length=336), nullable=True),
        sa.Column("home_latitude", sa.Double(), nullable=True),
        sa.Column("home_longitude", sa.Double(), nullable=True),
        sa.Column("travel_mode", sa.Text(), nullable=True),
        sa.Column("travel_minutes", sa.SmallInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "travel_mode IN ('walk', 'bike', 'transit', 'car')",
            name=op.f("ck_student_profiles_travel_mode"),
        ),
        sa.CheckConstraint(
            "home_latitude BETWEEN -90 AND 90", name=op.f("ck_student_profiles_home_latitude")
        ),
        sa.CheckConstraint(
            "home_longitude BETWEEN -180 AND 180", name=op.f("ck_student_profiles_home_longitude")
        ),
        sa.CheckConstraint(
            "num_nonnulls(home_latitude, home_longitude) IN (0, 2)", name=op.f("ck_student_profiles_home")
        ),
        sa.CheckConstraint(
            "travel_minutes BETWEEN 5 AND 240", name=op.f("ck_student_profiles_travel_minutes")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_student_profiles_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_student_profiles")),
        sa.UniqueConstraint("tenant_id", "student_id", name=op.f("uq_student_profiles_tenant_id_student_id")),
    )
    op.create_table(
        "suggestion_terms",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("text_es", sa.Text(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("samples", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('title', 'employer', 'cluster', 'skill', 'tag')",
            name=op.f("ck_suggestion_terms_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_suggestion_terms_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_suggestion_terms")),
        sa.UniqueConstraint(
            "tenant_id",
            "kind",
            "value",
            "school_id",
            name=op.f("uq_suggestion_terms_tenant_id_kind_value_school_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        op.f("ix_suggestion_terms_tenant_id_school_id"),
        "suggestion_terms",
        ["tenant_id", "school_id"],
        unique=False,
    )
    op.create_table(
        "video_consents",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("given_by_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "given_by_id"], ["people.tenant_id", "people.id"], name="fk_given_by_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "withdrawn_by_id"],
            ["people.tenant_id", "people.id"],
            name="fk_withdrawn_by_id_people",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_video_consents_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_video_consents")),
    )
    op.create_index(
        op.f("ix_video_consents_tenant_id_given_by_id"),
        "video_consents",
        ["tenant_id", "given_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_video_consents_tenant_id_school_id_created_at_id"),
        "video_consents",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_video_consents_tenant_id_student_id_created_at_id"),
        "video_consents",
        ["tenant_id", "student_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_video_consents_tenant_id_withdrawn_by_id"),
        "video_consents",
        ["tenant_id", "withdrawn_by_id"],
        unique=False,
    )
    op.create_index(
        "uq_video_consents_live",
        "video_consents",
        ["tenant_id", "student_id"],
        unique=True,
        postgresql_where="withdrawn_at IS NULL",
    )
    op.create_table(
        "group_members",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "group_id"],
            ["student_groups.tenant_id", "student_groups.id"],
            name="fk_group_id_student_groups",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_group_members_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_group_members")),
        sa.UniqueConstraint(
            "tenant_id",
            "group_id",
            "student_id",
            name=op.f("uq_group_members_tenant_id_group_id_student_id"),
        ),
    )
    op.create_index(
        op.f("ix_group_members_tenant_id_student_id"),
        "group_members",
        ["tenant_id", "student_id"],
        unique=False,
    )
    op.create_table(
        "suggestion_keys",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "weight",
            sa.SmallInteger(),
            nullable=False,
            comment="of the term's uses; see domain/suggestion.py",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "term_id"],
            ["suggestion_terms.tenant_id", "suggestion_terms.id"],
            name="fk_term_id_suggestion_terms",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_suggestion_keys_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_suggestion_keys")),
        sa.UniqueConstraint(
            "tenant_id", "term_id", "key", name=op.f("uq_suggestion_keys_tenant_id_term_id_key")
        ),
    )
    op.create_index(
        op.f("ix_suggestion_keys_tenant_id_key"), "suggestion_keys", ["tenant_id", "key"], unique=False
    )
    op.create_index(
        op.f("ix_suggestion_keys_tenant_id_word_weight_id"),
        "suggestion_keys",
        ["tenant_id", "word", "weight", "id"],
        unique=False,
    )
    op.create_table(
        "host_asks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True, comment="the school in whose name it is asked"),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True, comment="the supervisor who is asked"),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("reasons", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("next_available_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("answer IN ('yes', 'not_now', 'no')", name=op.f("ck_host_asks_answer")),
        sa.CheckConstraint("status IN ('asked', 'answered', 'lapsed')", name=op.f("ck_host_asks_status")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contacts.tenant_id", "contacts.id"],
            name="fk_contact_id_contacts",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employers.tenant_id", "employers.id"],
            name="fk_employer_id_employers",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people.tenant_id", "people.id"], name="fk_person_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_host_asks_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_host_asks")),
    )
    op.create_index(
        op.f("ix_host_asks_tenant_id_answer_by"),
        "host_asks",
        ["tenant_id", "answer_by"],
        unique=False,
        postgresql_where="status = 'asked'",
    )
    op.create_index(
        op.f("ix_host_asks_tenant_id_contact_id"), "host_asks", ["tenant_id", "contact_id"], unique=False
    )
    op.create_index(
        op.f("ix_host_asks_tenant_id_created_at_id"),
        "host_asks",
        ["tenant_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_host_asks_tenant_id_employer_id_asked_at"),
        "host_asks",
        ["tenant_id", "employer_id", "asked_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_host_asks_tenant_id_person_id"), "host_asks", ["tenant_id", "person_id"], unique=False
    )
    op.create_index(
        op.f("ix_host_asks_tenant_id_school_id_created_at_id"),
        "host_asks",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "reconfirmations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True, comment="the school in whose name it is asked"),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column(
            "person_id",
            sa.Uuid(),
            nullable=True,
            comment="a supervisor, or the member of staff who made it",
        ),
        sa.Column("is_staff", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('asked', 'answered', 'lapsed')", name=op.f("ck_reconfirmations_status")
        ),
        sa.CheckConstraint(
            "num_nonnulls(contact_id, person_id) <= 1", name=op.f("ck_reconfirmations_one_asked")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contacts.tenant_id", "contacts.id"],
            name="fk_contact_id_contacts",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employers.tenant_id", "employers.id"],
            name="fk_employer_id_employers",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people.tenant_id", "people.id"], name="fk_person_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_reconfirmations_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_reconfirmations")),
    )
    op.create_index(
        op.f("ix_reconfirmations_tenant_id_answer_by"),
        "reconfirmations",
        ["tenant_id", "answer_by"],
        unique=False,
        postgresql_where="status = 'asked'",
    )
    op.create_index(
        op.f("ix_reconfirmations_tenant_id_contact_id"),
        "reconfirmations",
        ["tenant_id", "contact_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_reconfirmations_tenant_id_employer_id"),
        "reconfirmations",
        ["tenant_id", "employer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_reconfirmations_tenant_id_person_id"),
        "reconfirmations",
        ["tenant_id", "person_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_reconfirmations_tenant_id_remind_at"),
        "reconfirmations",
        ["tenant_id", "remind_at"],
        unique=False,
        postgresql_where="remind_at IS NOT NULL",
    )
    op.create_index(
        op.f("ix_reconfirmations_tenant_id_school_id"),
        "reconfirmations",
        ["tenant_id", "school_id"],
        unique=False,
    )
    op.create_table(
        "images",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=True),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("width", sa.SmallInteger(), nullable=False),
        sa.Column("height", sa.SmallInteger(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes of both sizes"),
        sa.Column("sha256", sa.LargeBinary(), nullable=False, comment="of the larger one, as it is kept"),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(opportunity_id, employer_id) = 1", name=op.f("ck_images_one_subject")
        ),
        sa.CheckConstraint(
            "width BETWEEN 1 AND 1600 AND height BETWEEN 1 AND 1600", name=op.f("ck_images_size")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by_id"],
            ["people.tenant_id", "people.id"],
            name="fk_created_by_id_people",
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
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_images_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_images")),
    )
    op.create_index(
        op.f("ix_images_tenant_id_created_by_id"), "images", ["tenant_id", "created_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_images_tenant_id_employer_id_created_at_id"),
        "images",
        ["tenant_id", "employer_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_images_tenant_id_opportunity_id_created_at_id"),
        "images",
        ["tenant_id", "opportunity_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "listing_cases",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reasons", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("reports", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('open', 'upheld', 'dismissed')", name=op.f("ck_listing_cases_status")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "decided_by_id"],
            ["people.tenant_id", "people.id"],
            name="fk_decided_by_id_people",
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
            ["tenant_id"], ["tenants.id"], name=op.f("fk_listing_cases_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_listing_cases")),
    )
    op.create_index(
        op.f("ix_listing_cases_tenant_id_created_at_id"),
        "listing_cases",
        ["tenant_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_listing_cases_tenant_id_decided_by_id"),
        "listing_cases",
        ["tenant_id", "decided_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_listing_cases_tenant_id_opportunity_id"),
        "listing_cases",
        ["tenant_id", "opportunity_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_listing_cases_tenant_id_school_id_created_at_id"),
        "listing_cases",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_listing_cases_open",
        "listing_cases",
        ["tenant_id", "opportunity_id"],
        unique=True,
        postgresql_where="status = 'open'",
    )
    op.create_table(
        "listing_changes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("wanted", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("present", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('proposed', 'accepted', 'declined', 'replaced')",
            name=op.f("ck_listing_changes_status"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contacts.tenant_id", "contacts.id"],
            name="fk_contact_id_contacts",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "opportunity_id"],
            ["opportunities.tenant_id", "opportunities.id"],
            name="fk_opportunity_id_opportunities",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people.tenant_id", "people.id"], name="fk_person_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_listing_changes_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_listing_changes")),
    )
    op.create_index(
        op.f("ix_listing_changes_tenant_id_contact_id"),
        "listing_changes",
        ["tenant_id", "contact_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_listing_changes_tenant_id_created_at_id"),
        "listing_changes",
        ["tenant_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_listing_changes_tenant_id_opportunity_id"),
        "listing_changes",
        ["tenant_id", "opportunity_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_listing_changes_tenant_id_person_id"),
        "listing_changes",
        ["tenant_id", "person_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_listing_changes_tenant_id_school_id_created_at_id"),
        "listing_changes",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_listing_changes_proposed",
        "listing_changes",
        ["tenant_id", "opportunity_id"],
        unique=True,
        postgresql_where="status = 'proposed'",
    )
    op.create_table(
        "project_phases",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("deliverable", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_project_phases_window")),
        sa.CheckConstraint("position BETWEEN 1 AND 12", name=op.f("ck_project_phases_position")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "opportunity_id"],
            ["opportunities.tenant_id", "opportunities.id"],
            name="fk_opportunity_id_opportunities",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_project_phases_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_project_phases")),
    )
    op.create_index(
        op.f("ix_project_phases_tenant_id_opportunity_id_position"),
        "project_phases",
        ["tenant_id", "opportunity_id", "position"],
        unique=False,
    )
    op.create_table(
        "project_teams",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 999", name=op.f("ck_project_teams_number")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "opportunity_id"],
            ["opportunities.tenant_id", "opportunities.id"],
            name="fk_opportunity_id_opportunities",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_project_teams_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_project_teams")),
        sa.UniqueConstraint(
            "tenant_id",
            "opportunity_id",
            "number",
            name=op.f("uq_project_teams_tenant_id_opportunity_id_number"),
        ),
    )
    op.create_index(
        op.f("ix_project_teams_tenant_id_school_id_created_at_id"),
        "project_teams",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "reconfirmation_listings",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reconfirmation_id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "answer IN ('confirm', 'pause', 'archive')", name=op.f("ck_reconfirmation_listings_answer")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "opportunity_id"],
            ["opportunities.tenant_id", "opportunities.id"],
            name="fk_opportunity_id_opportunities",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reconfirmation_id"],
            ["reconfirmations.tenant_id", "reconfirmations.id"],
            name="fk_reconfirmation_id_reconfirmations",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_reconfirmation_listings_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_reconfirmation_listings")),
        sa.UniqueConstraint(
            "tenant_id",
            "reconfirmation_id",
            "opportunity_id",
            name=op.f("uq_reconfirmation_listings_tenant_id_reconfirmation_id_opportunity_id"),
        ),
    )
    op.create_index(
        op.f("ix_reconfirmation_listings_tenant_id_opportunity_id"),
        "reconfirmation_listings",
        ["tenant_id", "opportunity_id"],
        unique=False,
    )
    op.create_table(
        "saved_search_hits",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("saved_search_id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False, comment="the digest in which it was told"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "opportunity_id"],
            ["opportunities.tenant_id", "opportunities.id"],
            name="fk_opportunity_id_opportunities",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "saved_search_id"],
            ["saved_searches.tenant_id", "saved_searches.id"],
            name="fk_saved_search_id_saved_searches",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_saved_search_hits_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_saved_search_hits")),
        sa.UniqueConstraint(
            "tenant_id",
            "saved_search_id",
            "opportunity_id",
            name=op.f("uq_saved_search_hits_tenant_id_saved_search_id_opportunity_id"),
        ),
    )
    op.create_index(
        op.f("ix_saved_search_hits_tenant_id_event_id"),
        "saved_search_hits",
        ["tenant_id", "event_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_saved_search_hits_tenant_id_opportunity_id"),
        "saved_search_hits",
        ["tenant_id", "opportunity_id"],
        unique=False,
    )
    op.create_table(
        "search_documents",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False, comment="the opportunity's"),
        sa.Column("document", postgresql.TSVECTOR(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("apply_by", sa.Date(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column(
            "clusters",
            sa.Integer(),
            nullable=False,
            comment="a bit for each, in the order of domain/clusters.py",
        ),
        sa.Column("skills", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("pay", sa.Text(), nullable=False),
        sa.Column("remote", sa.Boolean(), nullable=False),
        sa.Column("minimum_age", sa.SmallInteger(), nullable=True),
        sa.Column("maximum_age", sa.SmallInteger(), nullable=True),
        sa.Column("seats_free", sa.Integer(), nullable=False),
        sa.Column("shuffle", sa.SmallInteger(), nullable=False, comment="0 to 1023, from the id"),
        sa.Column("latitude", sa.REAL(), nullable=True),
        sa.Column("longitude", sa.REAL(), nullable=True),
        sa.Column(
            "meets",
            postgresql.BIT(length=336),
            nullable=True,
            comment="the half hours it needs; null: not said",
        ),
        sa.Column(
            "made_from",
            sa.Integer(),
            nullable=False,
            comment="the opportunity's version when this was written",
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "room",
            sa.Text(),
            server_default=sa.text("repeat(' '::text, 2048)"),
            nullable=False,
            comment="see the docstring",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["opportunities.tenant_id", "opportunities.id"],
            name="fk_id_opportunities",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_search_documents_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_search_documents")),
        postgresql_with={"fillfactor": 85, "toast_tuple_target": 512},
    )
    op.create_index(
        op.f("ix_search_documents_document"),
        "search_documents",
        ["document"],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    op.create_table(
        "weekly_patterns",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("starts_time", sa.Time(), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("exceptions", sa.ARRAY(sa.Date()), server_default="{}", nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("minimum_enrollment", sa.Integer(), nullable=False),
        sa.Column("host_contact_id", sa.Uuid(), nullable=True),
        sa.Column("host_person_id", sa.Uuid(), nullable=True),
        sa.Column("host_left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("virtual", sa.Boolean(), nullable=False),
        sa.Column("join_url", sa.Text(), nullable=True),
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("place_note", sa.Text(), nullable=True),
        sa.Column("made_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "recording IN ('none', 'asked', 'always')", name=op.f("ck_weekly_patterns_recording")
        ),
        sa.CheckConstraint("status IN ('active', 'ended')", name=op.f("ck_weekly_patterns_status")),
        sa.CheckConstraint(
            "host_contact_id IS NULL OR host_person_id IS NULL", name=op.f("ck_weekly_patterns_one_host")
        ),
        sa.CheckConstraint(
            "minimum_enrollment BETWEEN 0 AND seats", name=op.f("ck_weekly_patterns_minimum_enrollment")
        ),
        sa.CheckConstraint("minutes BETWEEN 5 AND 1440", name=op.f("ck_weekly_patterns_minutes")),
        sa.CheckConstraint("seats BETWEEN 1 AND 10000", name=op.f("ck_weekly_patterns_seats")),
        sa.CheckConstraint("until >= starts_on", name=op.f("ck_weekly_patterns_window")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employers.tenant_id", "employers.id"],
            name="fk_employer_id_employers",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "host_contact_id"],
            ["contacts.tenant_id", "contacts.id"],
            name="fk_host_contact_id_contacts",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "host_person_id"],
            ["people.tenant_id", "people.id"],
            name="fk_host_person_id_people",
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
            ["tenant_id"], ["tenants.id"], name=op.f("fk_weekly_patterns_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_weekly_patterns")),
    )
    op.create_index(
        op.f("ix_weekly_patterns_tenant_id_employer_id"),
        "weekly_patterns",
        ["tenant_id", "employer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_weekly_patterns_tenant_id_host_contact_id"),
        "weekly_patterns",
        ["tenant_id", "host_contact_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_weekly_patterns_tenant_id_host_person_id"),
        "weekly_patterns",
        ["tenant_id", "host_person_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_weekly_patterns_tenant_id_made_until"),
        "weekly_patterns",
        ["tenant_id", "made_until"],
        unique=False,
        postgresql_where="status = 'active'",
    )
    op.create_index(
        op.f("ix_weekly_patterns_tenant_id_opportunity_id_created_at_id"),
        "weekly_patterns",
        ["tenant_id", "opportunity_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_weekly_patterns_tenant_id_school_id_created_at_id"),
        "weekly_patterns",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "listing_reports",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_role", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reason IN ('unsafe', 'inappropriate', 'discriminates', 'asks_for_money', 'asks_for_personal_data', 'misleading', 'not_real', 'closed', 'other')",
            name=op.f("ck_listing_reports_reason"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'upheld', 'dismissed')", name=op.f("ck_listing_reports_status")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["listing_cases.tenant_id", "listing_cases.id"],
            name="fk_case_id_listing_cases",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "opportunity_id"],
            ["opportunities.tenant_id", "opportunities.id"],
            name="fk_opportunity_id_opportunities",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reporter_id"], ["people.tenant_id", "people.id"], name="fk_reporter_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_listing_reports_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_listing_reports")),
        sa.UniqueConstraint(
            "tenant_id",
            "case_id",
            "reporter_id",
            name=op.f("uq_listing_reports_tenant_id_case_id_reporter_id"),
        ),
    )
    op.create_index(
        op.f("ix_listing_reports_tenant_id_created_at_id"),
        "listing_reports",
        ["tenant_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_listing_reports_tenant_id_opportunity_id"),
        "listing_reports",
        ["tenant_id", "opportunity_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_listing_reports_tenant_id_reporter_id_created_at_id"),
        "listing_reports",
        ["tenant_id", "reporter_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "opportunity_sessions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("pattern_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("seats_taken", sa.Integer(), nullable=False),
        sa.Column("minimum_enrollment", sa.Integer(), nullable=False),
        sa.Column("host_contact_id", sa.Uuid(), nullable=True),
        sa.Column("host_person_id", sa.Uuid(), nullable=True),
        sa.Column("host_left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("virtual", sa.Boolean(), nullable=False),
        sa.Column("join_url", sa.Text(), nullable=True),
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("place_note", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "recording IN ('none', 'asked', 'always')", name=op.f("ck_opportunity_sessions_recording")
        ),
        sa.CheckConstraint(
            "status IN ('scheduled', 'cancelled', 'held')", name=op.f("ck_opportunity_sessions_status")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_opportunity_sessions_window")),
        sa.CheckConstraint(
            "host_contact_id IS NULL OR host_person_id IS NULL",
            name=op.f("ck_opportunity_sessions_one_host"),
        ),
        sa.CheckConstraint(
            "minimum_enrollment BETWEEN 0 AND seats",
            name=op.f("ck_opportunity_sessions_minimum_enrollment"),
        ),
        sa.CheckConstraint("seats BETWEEN 1 AND 10000", name=op.f("ck_opportunity_sessions_seats")),
        sa.CheckConstraint(
            "seats_taken BETWEEN 0 AND seats", name=op.f("ck_opportunity_sessions_seats_taken")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "decided_by_id"],
            ["people.tenant_id", "people.id"],
            name="fk_decided_by_id_people",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employers.tenant_id", "employers.id"],
            name="fk_employer_id_employers",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "host_contact_id"],
            ["contacts.tenant_id", "contacts.id"],
            name="fk_host_contact_id_contacts",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "host_person_id"],
            ["people.tenant_id", "people.id"],
            name="fk_host_person_id_people",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "opportunity_id"],
            ["opportunities.tenant_id", "opportunities.id"],
            name="fk_opportunity_id_opportunities",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pattern_id"],
            ["weekly_patterns.tenant_id", "weekly_patterns.id"],
            name="fk_pattern_id_weekly_patterns",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_opportunity_sessions_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_opportunity_sessions")),
    )
    op.create_index(
        "ix_opportunity_sessions_coming",
        "opportunity_sessions",
        ["tenant_id", "ends_at"],
        unique=False,
        postgresql_where="status = 'scheduled'",
    )
    op.create_index(
        op.f("ix_opportunity_sessions_tenant_id_decided_by_id"),
        "opportunity_sessions",
        ["tenant_id", "decided_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_opportunity_sessions_tenant_id_employer_id_starts_at"),
        "opportunity_sessions",
        ["tenant_id", "employer_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_opportunity_sessions_tenant_id_host_contact_id_starts_at"),
        "opportunity_sessions",
        ["tenant_id", "host_contact_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_opportunity_sessions_tenant_id_host_person_id_starts_at"),
        "opportunity_sessions",
        ["tenant_id", "host_person_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_opportunity_sessions_tenant_id_opportunity_id_starts_at_id"),
        "opportunity_sessions",
        ["tenant_id", "opportunity_id", "starts_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_opportunity_sessions_tenant_id_pattern_id_starts_at"),
        "opportunity_sessions",
        ["tenant_id", "pattern_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_opportunity_sessions_tenant_id_school_id_starts_at_id"),
        "opportunity_sessions",
        ["tenant_id", "school_id", "starts_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_opportunity_sessions_tenant_id_starts_at_id"),
        "opportunity_sessions",
        ["tenant_id", "starts_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_opportunity_sessions_of_pattern",
        "opportunity_sessions",
        ["tenant_id", "pattern_id", "starts_at"],
        unique=True,
        postgresql_where="status <> 'cancelled'",
    )
    op.create_table(
        "phase_feedback",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phase_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=True, comment="what the team made, as the expert is told"),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True, comment="the expert who is asked by link"),
        sa.Column("expert_id", sa.Uuid(), nullable=True, comment="the supervisor who is asked by link"),
        sa.Column("author_id", sa.Uuid(), nullable=True, comment="the member of staff who wrote it"),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("strong", sa.Text(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("quality", sa.SmallInteger(), nullable=True),
        sa.Column("thinking", sa.SmallInteger(), nullable=True),
        sa.Column("presentation", sa.SmallInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('asked', 'given', 'shared', 'withheld', 'lapsed')",
            name=op.f("ck_phase_feedback_status"),
        ),
        sa.CheckConstraint(
            "quality BETWEEN 1 AND 4 AND thinking BETWEEN 1 AND 4 AND presentation BETWEEN 1 AND 4",
            name=op.f("ck_phase_feedback_marks"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asked_by_id"], ["people.tenant_id", "people.id"], name="fk_asked_by_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "author_id"], ["people.tenant_id", "people.id"], name="fk_author_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contacts.tenant_id", "contacts.id"],
            name="fk_contact_id_contacts",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "expert_id"], ["people.tenant_id", "people.id"], name="fk_expert_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "phase_id"],
            ["project_phases.tenant_id", "project_phases.id"],
            name="fk_phase_id_project_phases",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "team_id"],
            ["project_teams.tenant_id", "project_teams.id"],
            name="fk_team_id_project_teams",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_phase_feedback_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_phase_feedback")),
    )
    op.create_index(
        op.f("ix_phase_feedback_tenant_id_answer_by"),
        "phase_feedback",
        ["tenant_id", "answer_by"],
        unique=False,
        postgresql_where="status = 'asked'",
    )
    op.create_index(
        op.f("ix_phase_feedback_tenant_id_asked_by_id"),
        "phase_feedback",
        ["tenant_id", "asked_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_phase_feedback_tenant_id_author_id"),
        "phase_feedback",
        ["tenant_id", "author_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_phase_feedback_tenant_id_contact_id"),
        "phase_feedback",
        ["tenant_id", "contact_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_phase_feedback_tenant_id_expert_id"),
        "phase_feedback",
        ["tenant_id", "expert_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_phase_feedback_tenant_id_phase_id"),
        "phase_feedback",
        ["tenant_id", "phase_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_phase_feedback_tenant_id_school_id_created_at_id"),
        "phase_feedback",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_phase_feedback_tenant_id_team_id_created_at_id"),
        "phase_feedback",
        ["tenant_id", "team_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "team_members",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "opportunity_id"],
            ["opportunities.tenant_id", "opportunities.id"],
            name="fk_opportunity_id_opportunities",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "team_id"],
            ["project_teams.tenant_id", "project_teams.id"],
            name="fk_team_id_project_teams",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_team_members_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_team_members")),
        sa.UniqueConstraint(
            "tenant_id",
            "opportunity_id",
            "student_id",
            name=op.f("uq_team_members_tenant_id_opportunity_id_student_id"),
        ),
    )
    op.create_index(
        op.f("ix_team_members_tenant_id_student_id"),
        "team_members",
        ["tenant_id", "student_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_team_members_tenant_id_team_id"), "team_members", ["tenant_id", "team_id"], unique=False
    )
    op.create_table(
        "seat_reserves",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("seats_taken", sa.Integer(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(opportunity_id IS NULL) <> (session_id IS NULL)", name=op.f("ck_seat_reserves_target")
        ),
        sa.CheckConstraint(
            "(school_id IS NULL) <> (group_id IS NULL)", name=op.f("ck_seat_reserves_audience")
        ),
        sa.CheckConstraint("seats BETWEEN 1 AND 10000", name=op.f("ck_seat_reserves_seats")),
        sa.CheckConstraint("seats_taken BETWEEN 0 AND seats", name=op.f("ck_seat_reserves_seats_taken")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "group_id"],
            ["student_groups.tenant_id", "student_groups.id"],
            name="fk_group_id_student_groups",
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
            ["tenant_id", "session_id"],
            ["opportunity_sessions.tenant_id", "opportunity_sessions.id"],
            name="fk_session_id_opportunity_sessions",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_seat_reserves_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_seat_reserves")),
    )
    op.create_index(
        op.f("ix_seat_reserves_tenant_id_group_id"),
        "seat_reserves",
        ["tenant_id", "group_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_seat_reserves_tenant_id_opportunity_id"),
        "seat_reserves",
        ["tenant_id", "opportunity_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_seat_reserves_tenant_id_released_on"),
        "seat_reserves",
        ["tenant_id", "released_on"],
        unique=False,
        postgresql_where="released_at IS NULL",
    )
    op.create_index(
        op.f("ix_seat_reserves_tenant_id_school_id"),
        "seat_reserves",
        ["tenant_id", "school_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_seat_reserves_tenant_id_session_id"),
        "seat_reserves",
        ["tenant_id", "session_id"],
        unique=False,
    )
    op.create_table(
        "session_enrollments",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("host_school_id", sa.Uuid(), nullable=True),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("audio_only", sa.Boolean(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('enrolled', 'withdrawn', 'cancelled', 'attended', 'no_show')",
            name=op.f("ck_session_enrollments_status"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "decided_by_id"],
            ["people.tenant_id", "people.id"],
            name="fk_decided_by_id_people",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employers.tenant_id", "employers.id"],
            name="fk_employer_id_employers",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "host_school_id"],
            ["schools.tenant_id", "schools.id"],
            name="fk_host_school_id_schools",
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
            ["tenant_id", "session_id"],
            ["opportunity_sessions.tenant_id", "opportunity_sessions.id"],
            name="fk_session_id_opportunity_sessions",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_session_enrollments_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_session_enrollments")),
    )
    op.create_index(
        op.f("ix_session_enrollments_tenant_id_decided_by_id"),
        "session_enrollments",
        ["tenant_id", "decided_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_session_enrollments_tenant_id_employer_id"),
        "session_enrollments",
        ["tenant_id", "employer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_session_enrollments_tenant_id_host_school_id"),
        "session_enrollments",
        ["tenant_id", "host_school_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_session_enrollments_tenant_id_opportunity_id"),
        "session_enrollments",
        ["tenant_id", "opportunity_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_session_enrollments_tenant_id_school_id_created_at_id"),
        "session_enrollments",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_session_enrollments_tenant_id_session_id_created_at_id"),
        "session_enrollments",
        ["tenant_id", "session_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_session_enrollments_tenant_id_student_id_created_at_id"),
        "session_enrollments",
        ["tenant_id", "student_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_session_enrollments_live",
        "session_enrollments",
        ["tenant_id", "session_id", "student_id"],
        unique=True,
        postgresql_where="status IN ('enrolled', 'attended', 'no_show')",
    )
    op.create_table(
        "speed_rounds",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_speed_rounds_window")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_speed_rounds_number")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["opportunity_sessions.tenant_id", "opportunity_sessions.id"],
            name="fk_session_id_opportunity_sessions",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_speed_rounds_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_speed_rounds")),
        sa.UniqueConstraint(
            "tenant_id", "session_id", "number", name=op.f("uq_speed_rounds_tenant_id_session_id_number")
        ),
    )
    op.create_table(
        "waiting_entries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offer_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting', 'offered', 'accepted', 'seated', 'declined', 'lapsed', 'left', 'closed')",
            name=op.f("ck_waiting_entries_status"),
        ),
        sa.CheckConstraint(
            "(opportunity_id IS NULL) <> (session_id IS NULL)", name=op.f("ck_waiting_entries_target")
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
            ["tenant_id", "session_id"],
            ["opportunity_sessions.tenant_id", "opportunity_sessions.id"],
            name="fk_session_id_opportunity_sessions",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_waiting_entries_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_waiting_entries")),
    )
    op.create_index(
        "ix_waiting_entries_due",
        "waiting_entries",
        ["tenant_id", "offer_until", "id"],
        unique=False,
        postgresql_where="status = 'offered'",
    )
    op.create_index(
        "ix_waiting_entries_opportunity_line",
        "waiting_entries",
        ["tenant_id", "opportunity_id", "joined_at", "id"],
        unique=False,
        postgresql_where="status = 'waiting'",
    )
    op.create_index(
        "ix_waiting_entries_session_line",
        "waiting_entries",
        ["tenant_id", "session_id", "joined_at", "id"],
        unique=False,
        postgresql_where="status = 'waiting'",
    )
    op.create_index(
        op.f("ix_waiting_entries_tenant_id_opportunity_id_created_at_id"),
        "waiting_entries",
        ["tenant_id", "opportunity_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_waiting_entries_tenant_id_school_id_created_at_id"),
        "waiting_entries",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_waiting_entries_tenant_id_session_id_created_at_id"),
        "waiting_entries",
        ["tenant_id", "session_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_waiting_entries_tenant_id_student_id_created_at_id"),
        "waiting_entries",
        ["tenant_id", "student_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_waiting_entries_opportunity_live",
        "waiting_entries",
        ["tenant_id", "opportunity_id", "student_id"],
        unique=True,
        postgresql_where="opportunity_id IS NOT NULL AND status IN ('waiting', 'offered', 'accepted')",
    )
    op.create_index(
        "uq_waiting_entries_session_live",
        "waiting_entries",
        ["tenant_id", "session_id", "student_id"],
        unique=True,
        postgresql_where="session_id IS NOT NULL AND status IN ('waiting', 'offered', 'accepted')",
    )
    op.create_table(
        "reserved_seats",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reserve_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reserve_id"],
            ["seat_reserves.tenant_id", "seat_reserves.id"],
            name="fk_reserve_id_seat_reserves",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_reserved_seats_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_reserved_seats")),
        sa.UniqueConstraint(
            "tenant_id",
            "reserve_id",
            "student_id",
            name=op.f("uq_reserved_seats_tenant_id_reserve_id_student_id"),
        ),
    )
    op.create_index(
        op.f("ix_reserved_seats_tenant_id_student_id"),
        "reserved_seats",
        ["tenant_id", "student_id"],
        unique=False,
    )
    op.create_table(
        "speed_seats",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("table_number", sa.SmallInteger(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True, comment="a professional with an account"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(student_id, contact_id, person_id) = 1", name=op.f("ck_speed_seats_one_person")
        ),
        sa.CheckConstraint("table_number >= 1", name=op.f("ck_speed_seats_table_number")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contacts.tenant_id", "contacts.id"],
            name="fk_contact_id_contacts",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people.tenant_id", "people.id"], name="fk_person_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "round_id"],
            ["speed_rounds.tenant_id", "speed_rounds.id"],
            name="fk_round_id_speed_rounds",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_speed_seats_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_speed_seats")),
        sa.UniqueConstraint(
            "tenant_id", "round_id", "contact_id", name=op.f("uq_speed_seats_tenant_id_round_id_contact_id")
        ),
        sa.UniqueConstraint(
            "tenant_id", "round_id", "person_id", name=op.f("uq_speed_seats_tenant_id_round_id_person_id")
        ),
        sa.UniqueConstraint(
            "tenant_id", "round_id", "student_id", name=op.f("uq_speed_seats_tenant_id_round_id_student_id")
        ),
    )
    op.create_index(
        op.f("ix_speed_seats_tenant_id_contact_id"),
        "speed_seats",
        ["tenant_id", "contact_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_speed_seats_tenant_id_person_id"), "speed_seats", ["tenant_id", "person_id"], unique=False
    )
    op.create_index(
        op.f("ix_speed_seats_tenant_id_student_id"),
        "speed_seats",
        ["tenant_id", "student_id"],
        unique=False,
    )
    op.add_column(
        "contacts",
        sa.Column("alumnus_of", sa.Uuid(), nullable=True, comment="the school they left with a diploma"),
    )
    op.add_column("contacts", sa.Column("graduated_in", sa.SmallInteger(), nullable=True))
    op.create_foreign_key(
        "fk_alumnus_of_schools", "contacts", "schools", ["tenant_id", "alumnus_of"], ["tenant_id", "id"]
    )
    op.add_column(
        "opportunities",
        sa.Column(
            "type_number",
            sa.SmallInteger(),
            nullable=True,
            comment="the version of the type it was written under; null: the first",
        ),
    )
    op.add_column("opportunities", sa.Column("apply_by", sa.Date(), nullable=True))
    op.add_column(
        "opportunities",
        sa.Column("skills", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column(
        "opportunities", sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )
    op.add_column(
        "opportunities",
        sa.Column(
            "languages",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="that a student needs, as ISO 639-1 codes",
        ),
    )
    op.add_column(
        "opportunities",
        sa.Column(
            "clearances",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="that the host asks for, beside the type's own",
        ),
    )
    op.add_column(
        "opportunities",
        sa.Column("fields", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column("opportunities", sa.Column("dress_code", sa.Text(), nullable=True))
    op.add_column(
        "opportunities",
        sa.Column("next_available_on", sa.Date(), nullable=True, comment="the host takes nobody before"),
    )
    op.add_column("opportunities", sa.Column("total_hours", sa.Integer(), nullable=True))
    op.add_column("opportunities", sa.Column("deliverable", sa.Text(), nullable=True))
    op.add_column(
        "opportunities",
        sa.Column(
            "pay_cents_total",
            sa.Integer(),
            nullable=True,
            comment="for the whole of it, where it is not by the hour",
        ),
    )
    op.add_column("opportunities", sa.Column("hours_a_month", sa.SmallInteger(), nullable=True))
    op.add_column(
        "opportunities",
        sa.Column(
            "meets",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
            comment="the weekly timetable: day, from, to",
        ),
    )
    op.add_column("opportunities", sa.Column("confirmed_by", sa.Text(), nullable=True))
    op.add_column(
        "worksites", sa.Column("access_step_free", sa.Text(), server_default="unknown", nullable=False)
    )
    op.add_column(
        "worksites", sa.Column("access_sensory", sa.Text(), server_default="unknown", nullable=False)
    )
    op.add_column(
        "worksites", sa.Column("access_transit", sa.Text(), server_default="unknown", nullable=False)
    )
    op.add_column("worksites", sa.Column("access_note", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_contacts_graduated_in"),
        "contacts",
        """((graduated_in >= 1930) AND (graduated_in <= 2200))""",
    )
    op.drop_constraint("ck_employer_asks_kind", "employer_asks")
    op.create_check_constraint(
        op.f("ck_employer_asks_kind"),
        "employer_asks",
        """(kind = ANY (ARRAY['invitation'::text, 'introduction'::text, 'outreach_by_staff'::text, 'reconfirmation'::text, 'host_again'::text, 'feedback'::text]))""",
    )
    op.drop_constraint("ck_link_tokens_purpose", "link_tokens")
    op.create_check_constraint(
        op.f("ck_link_tokens_purpose"),
        "link_tokens",
        """(purpose = ANY (ARRAY['invitation'::text, 'consent'::text, 'contact_choices'::text, 'password_reset'::text, 'contribution'::text, 'introduction'::text, 'reconfirmation'::text, 'host_listings'::text, 'host_again'::text, 'phase_feedback'::text, 'saved_search'::text]))""",
    )
    op.create_check_constraint(
        op.f("ck_opportunities_confirmed_by"),
        "opportunities",
        """(confirmed_by = ANY (ARRAY['staff'::text, 'employer'::text]))""",
    )
    op.create_check_constraint(
        op.f("ck_opportunities_hours_a_month"),
        "opportunities",
        """((hours_a_month >= 1) AND (hours_a_month <= 200))""",
    )
    op.create_check_constraint(
        op.f("ck_opportunities_pay_cents_total"),
        "opportunities",
        """((pay_cents_total >= 0) AND (pay_cents_total <= 100000000))""",
    )
    op.create_check_constraint(
        op.f("ck_opportunities_total_hours"),
        "opportunities",
        """((total_hours >= 1) AND (total_hours <= 10000))""",
    )
    op.drop_constraint("ck_tie_entries_evidence", "tie_entries")
    op.create_check_constraint(
        op.f("ck_tie_entries_evidence"),
        "tie_entries",
        """(evidence = ANY (ARRAY['advisor_link'::text, 'connection'::text, 'contact'::text, 'introduction'::text, 'placement'::text, 'pursuit'::text, 'session'::text, 'time'::text]))""",
    )
    op.create_check_constraint(
        op.f("ck_worksites_access_sensory"),
        "worksites",
        """(access_sensory = ANY (ARRAY['yes'::text, 'partly'::text, 'no'::text, 'unknown'::text]))""",
    )
    op.create_check_constraint(
        op.f("ck_worksites_access_step_free"),
        "worksites",
        """(access_step_free = ANY (ARRAY['yes'::text, 'partly'::text, 'no'::text, 'unknown'::text]))""",
    )
    op.create_check_constraint(
        op.f("ck_worksites_access_transit"),
        "worksites",
        """(access_transit = ANY (ARRAY['yes'::text, 'partly'::text, 'no'::text, 'unknown'::text]))""",
    )
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} USING ({POLICY}) WITH CHECK ({POLICY})")

    op.execute(
        "ALTER TABLE search_documents ALTER COLUMN document SET STORAGE EXTERNAL, ALTER COLUMN room SET STORAGE MAIN,"
        " ALTER COLUMN type SET STORAGE PLAIN, ALTER COLUMN skills SET STORAGE PLAIN, ALTER COLUMN pay SET STORAGE PLAIN,"
        " ALTER COLUMN meets SET STORAGE PLAIN"
    )


def downgrade() -> None:
    op.drop_constraint("ck_contacts_graduated_in", "contacts")
    op.drop_constraint("ck_employer_asks_kind", "employer_asks")
    op.create_check_constraint(
        op.f("ck_employer_asks_kind"),
        "employer_asks",
        """(kind = ANY (ARRAY['invitation'::text, 'introduction'::text, 'outreach_by_staff'::text]))""",
    )
    op.drop_constraint("ck_link_tokens_purpose", "link_tokens")
    op.create_check_constraint(
        op.f("ck_link_tokens_purpose"),
        "link_tokens",
        """(purpose = ANY (ARRAY['invitation'::text, 'consent'::text, 'contact_choices'::text, 'password_reset'::text, 'contribution'::text, 'introduction'::text]))""",
    )
    op.drop_constraint("ck_opportunities_confirmed_by", "opportunities")
    op.drop_constraint("ck_opportunities_hours_a_month", "opportunities")
    op.drop_constraint("ck_opportunities_pay_cents_total", "opportunities")
    op.drop_constraint("ck_opportunities_total_hours", "opportunities")
    op.drop_constraint("ck_tie_entries_evidence", "tie_entries")
    op.create_check_constraint(
        op.f("ck_tie_entries_evidence"),
        "tie_entries",
        """(evidence = ANY (ARRAY['advisor_link'::text, 'connection'::text, 'contact'::text, 'introduction'::text, 'placement'::text, 'pursuit'::text, 'time'::text]))""",
    )
    op.drop_constraint("ck_worksites_access_sensory", "worksites")
    op.drop_constraint("ck_worksites_access_step_free", "worksites")
    op.drop_constraint("ck_worksites_access_transit", "worksites")
    op.drop_column("worksites", "access_note")
    op.drop_column("worksites", "access_transit")
    op.drop_column("worksites", "access_sensory")
    op.drop_column("worksites", "access_step_free")
    op.drop_column("opportunities", "confirmed_by")
    op.drop_column("opportunities", "meets")
    op.drop_column("opportunities", "hours_a_month")
    op.drop_column("opportunities", "pay_cents_total")
    op.drop_column("opportunities", "deliverable")
    op.drop_column("opportunities", "total_hours")
    op.drop_column("opportunities", "next_available_on")
    op.drop_column("opportunities", "dress_code")
    op.drop_column("opportunities", "fields")
    op.drop_column("opportunities", "clearances")
    op.drop_column("opportunities", "languages")
    op.drop_column("opportunities", "tags")
    op.drop_column("opportunities", "skills")
    op.drop_column("opportunities", "apply_by")
    op.drop_column("opportunities", "type_number")
    op.drop_constraint("fk_alumnus_of_schools", "contacts", type_="foreignkey")
    op.drop_column("contacts", "graduated_in")
    op.drop_column("contacts", "alumnus_of")
    op.drop_index(op.f("ix_speed_seats_tenant_id_student_id"), table_name="speed_seats")
    op.drop_index(op.f("ix_speed_seats_tenant_id_person_id"), table_name="speed_seats")
    op.drop_index(op.f("ix_speed_seats_tenant_id_contact_id"), table_name="speed_seats")
    op.drop_table("speed_seats")
    op.drop_index(op.f("ix_reserved_seats_tenant_id_student_id"), table_name="reserved_seats")
    op.drop_table("reserved_seats")
    op.drop_index(
        "uq_waiting_entries_session_live",
        table_name="waiting_entries",
        postgresql_where="session_id IS NOT NULL AND status IN ('waiting', 'offered', 'accepted')",
    )
    op.drop_index(
        "uq_waiting_entries_opportunity_live",
        table_name="waiting_entries",
        postgresql_where="opportunity_id IS NOT NULL AND status IN ('waiting', 'offered', 'accepted')",
    )
    op.drop_index(op.f("ix_waiting_entries_tenant_id_student_id_created_at_id"), table_name="waiting_entries")
    op.drop_index(op.f("ix_waiting_entries_tenant_id_session_id_created_at_id"), table_name="waiting_entries")
    op.drop_index(op.f("ix_waiting_entries_tenant_id_school_id_created_at_id"), table_name="waiting_entries")
    op.drop_index(
        op.f("ix_waiting_entries_tenant_id_opportunity_id_created_at_id"), table_name="waiting_entries"
    )
    op.drop_index(
        "ix_waiting_entries_session_line",
        table_name="waiting_entries",
        postgresql_where="status = 'waiting'",
    )
    op.drop_index(
        "ix_waiting_entries_opportunity_line",
        table_name="waiting_entries",
        postgresql_where="status = 'waiting'",
    )
    op.drop_index(
        "ix_waiting_entries_due", table_name="waiting_entries", postgresql_where="status = 'offered'"
    )
    op.drop_table("waiting_entries")
    op.drop_table("speed_rounds")
    op.drop_index(
        "uq_session_enrollments_live",
        table_name="session_enrollments",
        postgresql_where="status IN ('enrolled', 'attended', 'no_show')",
    )
    op.drop_index(
        op.f("ix_session_enrollments_tenant_id_student_id_created_at_id"), table_name="session_enrollments"
    )
    op.drop_index(
        op.f("ix_session_enrollments_tenant_id_session_id_created_at_id"), table_name="session_enrollments"
    )
    op.drop_index(
        op.f("ix_session_enrollments_tenant_id_school_id_created_at_id"), table_name="session_enrollments"
    )
    op.drop_index(op.f("ix_session_enrollments_tenant_id_opportunity_id"), table_name="session_enrollments")
    op.drop_index(op.f("ix_session_enrollments_tenant_id_host_school_id"), table_name="session_enrollments")
    op.drop_index(op.f("ix_session_enrollments_tenant_id_employer_id"), table_name="session_enrollments")
    op.drop_index(op.f("ix_session_enrollments_tenant_id_decided_by_id"), table_name="session_enrollments")
    op.drop_table("session_enrollments")
    op.drop_index(op.f("ix_seat_reserves_tenant_id_session_id"), table_name="seat_reserves")
    op.drop_index(op.f("ix_seat_reserves_tenant_id_school_id"), table_name="seat_reserves")
    op.drop_index(
        op.f("ix_seat_reserves_tenant_id_released_on"),
        table_name="seat_reserves",
        postgresql_where="released_at IS NULL",
    )
    op.drop_index(op.f("ix_seat_reserves_tenant_id_opportunity_id"), table_name="seat_reserves")
    op.drop_index(op.f("ix_seat_reserves_tenant_id_group_id"), table_name="seat_reserves")
    op.drop_table("seat_reserves")
    op.drop_index(op.f("ix_team_members_tenant_id_team_id"), table_name="team_members")
    op.drop_index(op.f("ix_team_members_tenant_id_student_id"), table_name="team_members")
    op.drop_table("team_members")
    op.drop_index(op.f("ix_phase_feedback_tenant_id_team_id_created_at_id"), table_name="phase_feedback")
    op.drop_index(op.f("ix_phase_feedback_tenant_id_school_id_created_at_id"), table_name="phase_feedback")
    op.drop_index(op.f("ix_phase_feedback_tenant_id_phase_id"), table_name="phase_feedback")
    op.drop_index(op.f("ix_phase_feedback_tenant_id_expert_id"), table_name="phase_feedback")
    op.drop_index(op.f("ix_phase_feedback_tenant_id_contact_id"), table_name="phase_feedback")
    op.drop_index(op.f("ix_phase_feedback_tenant_id_author_id"), table_name="phase_feedback")
    op.drop_index(op.f("ix_phase_feedback_tenant_id_asked_by_id"), table_name="phase_feedback")
    op.drop_index(
        op.f("ix_phase_feedback_tenant_id_answer_by"),
        table_name="phase_feedback",
        postgresql_where="status = 'asked'",
    )
    op.drop_table("phase_feedback")
    op.drop_index(
        "uq_opportunity_sessions_of_pattern",
        table_name="opportunity_sessions",
        postgresql_where="status <> 'cancelled'",
    )
    op.drop_index(op.f("ix_opportunity_sessions_tenant_id_starts_at_id"), table_name="opportunity_sessions")
    op.drop_index(
        op.f("ix_opportunity_sessions_tenant_id_school_id_starts_at_id"), table_name="opportunity_sessions"
    )
    op.drop_index(
        op.f("ix_opportunity_sessions_tenant_id_pattern_id_starts_at"), table_name="opportunity_sessions"
    )
    op.drop_index(
        op.f("ix_opportunity_sessions_tenant_id_opportunity_id_starts_at_id"),
        table_name="opportunity_sessions",
    )
    op.drop_index(
        op.f("ix_opportunity_sessions_tenant_id_host_person_id_starts_at"),
        table_name="opportunity_sessions",
    )
    op.drop_index(
        op.f("ix_opportunity_sessions_tenant_id_host_contact_id_starts_at"),
        table_name="opportunity_sessions",
    )
    op.drop_index(
        op.f("ix_opportunity_sessions_tenant_id_employer_id_starts_at"), table_name="opportunity_sessions"
    )
    op.drop_index(op.f("ix_opportunity_sessions_tenant_id_decided_by_id"), table_name="opportunity_sessions")
    op.drop_index(
        "ix_opportunity_sessions_coming",
        table_name="opportunity_sessions",
        postgresql_where="status = 'scheduled'",
    )
    op.drop_table("opportunity_sessions")
    op.drop_index(
        op.f("ix_listing_reports_tenant_id_reporter_id_created_at_id"), table_name="listing_reports"
    )
    op.drop_index(op.f("ix_listing_reports_tenant_id_opportunity_id"), table_name="listing_reports")
    op.drop_index(op.f("ix_listing_reports_tenant_id_created_at_id"), table_name="listing_reports")
    op.drop_table("listing_reports")
    op.drop_index(op.f("ix_weekly_patterns_tenant_id_school_id_created_at_id"), table_name="weekly_patterns")
    op.drop_index(
        op.f("ix_weekly_patterns_tenant_id_opportunity_id_created_at_id"), table_name="weekly_patterns"
    )
    op.drop_index(
        op.f("ix_weekly_patterns_tenant_id_made_until"),
        table_name="weekly_patterns",
        postgresql_where="status = 'active'",
    )
    op.drop_index(op.f("ix_weekly_patterns_tenant_id_host_person_id"), table_name="weekly_patterns")
    op.drop_index(op.f("ix_weekly_patterns_tenant_id_host_contact_id"), table_name="weekly_patterns")
    op.drop_index(op.f("ix_weekly_patterns_tenant_id_employer_id"), table_name="weekly_patterns")
    op.drop_table("weekly_patterns")
    op.drop_index(
        op.f("ix_search_documents_document"),
        table_name="search_documents",
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    op.drop_table("search_documents")
    op.drop_index(op.f("ix_saved_search_hits_tenant_id_opportunity_id"), table_name="saved_search_hits")
    op.drop_index(op.f("ix_saved_search_hits_tenant_id_event_id"), table_name="saved_search_hits")
    op.drop_table("saved_search_hits")
    op.drop_index(
        op.f("ix_reconfirmation_listings_tenant_id_opportunity_id"), table_name="reconfirmation_listings"
    )
    op.drop_table("reconfirmation_listings")
    op.drop_index(op.f("ix_project_teams_tenant_id_school_id_created_at_id"), table_name="project_teams")
    op.drop_table("project_teams")
    op.drop_index(op.f("ix_project_phases_tenant_id_opportunity_id_position"), table_name="project_phases")
    op.drop_table("project_phases")
    op.drop_index(
        "uq_listing_changes_proposed", table_name="listing_changes", postgresql_where="status = 'proposed'"
    )
    op.drop_index(op.f("ix_listing_changes_tenant_id_school_id_created_at_id"), table_name="listing_changes")
    op.drop_index(op.f("ix_listing_changes_tenant_id_person_id"), table_name="listing_changes")
    op.drop_index(op.f("ix_listing_changes_tenant_id_opportunity_id"), table_name="listing_changes")
    op.drop_index(op.f("ix_listing_changes_tenant_id_created_at_id"), table_name="listing_changes")
    op.drop_index(op.f("ix_listing_changes_tenant_id_contact_id"), table_name="listing_changes")
    op.drop_table("listing_changes")
    op.drop_index("uq_listing_cases_open", table_name="listing_cases", postgresql_where="status = 'open'")
    op.drop_index(op.f("ix_listing_cases_tenant_id_school_id_created_at_id"), table_name="listing_cases")
    op.drop_index(op.f("ix_listing_cases_tenant_id_opportunity_id"), table_name="listing_cases")
    op.drop_index(op.f("ix_listing_cases_tenant_id_decided_by_id"), table_name="listing_cases")
    op.drop_index(op.f("ix_listing_cases_tenant_id_created_at_id"), table_name="listing_cases")
    op.drop_table("listing_cases")
    op.drop_index(op.f("ix_images_tenant_id_opportunity_id_created_at_id"), table_name="images")
    op.drop_index(op.f("ix_images_tenant_id_employer_id_created_at_id"), table_name="images")
    op.drop_index(op.f("ix_images_tenant_id_created_by_id"), table_name="images")
    op.drop_table("images")
    op.drop_index(op.f("ix_reconfirmations_tenant_id_school_id"), table_name="reconfirmations")
    op.drop_index(
        op.f("ix_reconfirmations_tenant_id_remind_at"),
        table_name="reconfirmations",
        postgresql_where="remind_at IS NOT NULL",
    )
    op.drop_index(op.f("ix_reconfirmations_tenant_id_person_id"), table_name="reconfirmations")
    op.drop_index(op.f("ix_reconfirmations_tenant_id_employer_id"), table_name="reconfirmations")
    op.drop_index(op.f("ix_reconfirmations_tenant_id_contact_id"), table_name="reconfirmations")
    op.drop_index(
        op.f("ix_reconfirmations_tenant_id_answer_by"),
        table_name="reconfirmations",
        postgresql_where="status = 'asked'",
    )
    op.drop_table("reconfirmations")
    op.drop_index(op.f("ix_host_asks_tenant_id_school_id_created_at_id"), table_name="host_asks")
    op.drop_index(op.f("ix_host_asks_tenant_id_person_id"), table_name="host_asks")
    op.drop_index(op.f("ix_host_asks_tenant_id_employer_id_asked_at"), table_name="host_asks")
    op.drop_index(op.f("ix_host_asks_tenant_id_created_at_id"), table_name="host_asks")
    op.drop_index(op.f("ix_host_asks_tenant_id_contact_id"), table_name="host_asks")
    op.drop_index(
        op.f("ix_host_asks_tenant_id_answer_by"),
        table_name="host_asks",
        postgresql_where="status = 'asked'",
    )
    op.drop_table("host_asks")
    op.drop_index(op.f("ix_suggestion_keys_tenant_id_word_weight_id"), table_name="suggestion_keys")
    op.drop_index(op.f("ix_suggestion_keys_tenant_id_key"), table_name="suggestion_keys")
    op.drop_table("suggestion_keys")
    op.drop_index(op.f("ix_group_members_tenant_id_student_id"), table_name="group_members")
    op.drop_table("group_members")
    op.drop_index(
        "uq_video_consents_live", table_name="video_consents", postgresql_where="withdrawn_at IS NULL"
    )
    op.drop_index(op.f("ix_video_consents_tenant_id_withdrawn_by_id"), table_name="video_consents")
    op.drop_index(op.f("ix_video_consents_tenant_id_student_id_created_at_id"), table_name="video_consents")
    op.drop_index(op.f("ix_video_consents_tenant_id_school_id_created_at_id"), table_name="video_consents")
    op.drop_index(op.f("ix_video_consents_tenant_id_given_by_id"), table_name="video_consents")
    op.drop_table("video_consents")
    op.drop_index(op.f("ix_suggestion_terms_tenant_id_school_id"), table_name="suggestion_terms")
    op.drop_table("suggestion_terms")
    op.drop_table("student_profiles")
    op.drop_index(op.f("ix_student_groups_tenant_id_school_id_created_at_id"), table_name="student_groups")
    op.drop_table("student_groups")
    op.drop_index(op.f("ix_saved_searches_tenant_id_person_id_created_at_id"), table_name="saved_searches")
    op.drop_index(
        op.f("ix_saved_searches_tenant_id_due_at_id"),
        table_name="saved_searches",
        postgresql_where="due_at IS NOT NULL",
    )
    op.drop_table("saved_searches")
    op.drop_table("tenant_settings")
    op.drop_table("suggestion_words")
    op.drop_index(op.f("ix_search_terms_tenant_id_initial_length"), table_name="search_terms")
    op.drop_table("search_terms")
    op.drop_index(
        "uq_opportunity_type_versions_current",
        table_name="opportunity_type_versions",
        postgresql_where="current",
    )
    op.drop_table("opportunity_type_versions")
    op.drop_index(op.f("ix_listing_doors_expires_at"), table_name="listing_doors")
    op.drop_index(op.f("ix_listing_doors_address_hash_created_at"), table_name="listing_doors")
    op.drop_table("listing_doors")
