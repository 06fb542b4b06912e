"""Make the pooled network: households, asks, introductions, duplicates, maps, rounds and the ledger of ties."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TENANT_TABLES = (
    "duplicate_pairs",
    "duplicate_scans",
    "households",
    "match_keys",
    "merges",
    "pool_tasks",
    "gap_cells",
    "goals",
    "household_members",
    "introductions",
    "map_shares",
    "outreach_campaigns",
    "reach_cells",
    "relationship_rounds",
    "student_intakes",
    "employer_asks",
    "employer_months",
    "outreach_asks",
    "outreach_counts",
    "round_marks",
    "round_nominations",
    "round_students",
    "ties",
    "connection_fields",
    "introduction_hops",
    "map_entries",
    "meetings",
    "tie_entries",
    "map_entry_goals",
)
POLICY = "tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "duplicate_pairs",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("left_id", sa.Uuid(), nullable=False),
        sa.Column("right_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('employer', 'contact')", name=op.f("ck_duplicate_pairs_kind")),
        sa.CheckConstraint(
            "status IN ('suggested', 'merged', 'different')", name=op.f("ck_duplicate_pairs_status")
        ),
        sa.CheckConstraint("left_id < right_id", name=op.f("ck_duplicate_pairs_ordered")),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_duplicate_pairs_score")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_duplicate_pairs_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_duplicate_pairs")),
        sa.UniqueConstraint(
            "tenant_id",
            "kind",
            "left_id",
            "right_id",
            name=op.f("uq_duplicate_pairs_tenant_id_kind_left_id_right_id"),
        ),
    )
    op.create_index(
        op.f("ix_duplicate_pairs_tenant_id_left_id"),
        "duplicate_pairs",
        ["tenant_id", "left_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_duplicate_pairs_tenant_id_right_id"),
        "duplicate_pairs",
        ["tenant_id", "right_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_duplicate_pairs_tenant_id_status_score_id"),
        "duplicate_pairs",
        ["tenant_id", "status", "score", "id"],
        unique=False,
    )
    op.create_table(
        "duplicate_scans",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("employers", sa.Integer(), nullable=True, comment="how many were compared"),
        sa.Column("contacts", sa.Integer(), nullable=True, comment="how many were compared"),
        sa.Column("suggested", sa.Integer(), nullable=True, comment="pairs that were not known before"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_duplicate_scans_status")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_duplicate_scans_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_duplicate_scans")),
    )
    op.create_index(
        op.f("ix_duplicate_scans_tenant_id_created_at_id"),
        "duplicate_scans",
        ["tenant_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_duplicate_scans_under_way",
        "duplicate_scans",
        ["tenant_id"],
        unique=True,
        postgresql_where="status IN ('waiting', 'running')",
    )
    op.create_table(
        "households",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("split_from_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "split_from_id"],
            ["households.tenant_id", "households.id"],
            name="fk_split_from_id_households",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_households_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_households")),
    )
    op.create_index(
        op.f("ix_households_tenant_id_created_at_id"),
        "households",
        ["tenant_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_households_tenant_id_split_from_id"),
        "households",
        ["tenant_id", "split_from_id"],
        unique=False,
    )
    op.create_table(
        "match_keys",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False, comment="the employer or the contact"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('employer', 'contact')", name=op.f("ck_match_keys_kind")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_match_keys_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_match_keys")),
        sa.UniqueConstraint(
            "tenant_id",
            "kind",
            "key",
            "subject_id",
            name=op.f("uq_match_keys_tenant_id_kind_key_subject_id"),
        ),
    )
    op.create_index(
        op.f("ix_match_keys_tenant_id_subject_id"), "match_keys", ["tenant_id", "subject_id"], unique=False
    )
    op.create_table(
        "merges",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=True),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("lost_id", sa.Uuid(), nullable=False),
        sa.Column("exchanged", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("moved", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("set_aside", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("carried", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('employer', 'contact')", name=op.f("ck_merges_kind")),
        sa.CheckConstraint("status IN ('done', 'undone')", name=op.f("ck_merges_status")),
        sa.CheckConstraint("kept_id <> lost_id", name=op.f("ck_merges_two")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_merges_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_merges")),
    )
    op.create_index(
        op.f("ix_merges_tenant_id_created_at_id"), "merges", ["tenant_id", "created_at", "id"], unique=False
    )
    op.create_index(op.f("ix_merges_tenant_id_kept_id"), "merges", ["tenant_id", "kept_id"], unique=False)
    op.create_index(op.f("ix_merges_tenant_id_lost_id"), "merges", ["tenant_id", "lost_id"], unique=False)
    op.create_table(
        "pool_tasks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_pool_tasks_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pool_tasks")),
        sa.UniqueConstraint("tenant_id", "part", name=op.f("uq_pool_tasks_tenant_id_part")),
    )
    op.create_table(
        "gap_cells",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_gap_cells_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_gap_cells")),
        sa.UniqueConstraint(
            "tenant_id", "school_id", "field", name=op.f("uq_gap_cells_tenant_id_school_id_field")
        ),
    )
    op.create_table(
        "goals",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('open', 'reached', 'dropped')", name=op.f("ck_goals_status")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_goals_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_goals")),
    )
    op.create_index(
        op.f("ix_goals_tenant_id_student_id_created_at_id"),
        "goals",
        ["tenant_id", "student_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "household_members",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "household_id"],
            ["households.tenant_id", "households.id"],
            name="fk_household_id_households",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people.tenant_id", "people.id"], name="fk_person_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_household_members_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_household_members")),
        sa.UniqueConstraint("tenant_id", "person_id", name=op.f("uq_household_members_tenant_id_person_id")),
    )
    op.create_index(
        op.f("ix_household_members_tenant_id_household_id"),
        "household_members",
        ["tenant_id", "household_id"],
        unique=False,
    )
    op.create_table(
        "introductions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=True),
        sa.Column("wording", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("slot_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "look_at", sa.DateTime(timezone=True), nullable=True, comment="when the clock looks at it again"
        ),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True, comment="when it ends at the latest"),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('asked', 'with_contributor', 'with_contact', 'agreed', 'met', 'closed')",
            name=op.f("ck_introductions_status"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "decided_by_id"],
            ["people.tenant_id", "people.id"],
            name="fk_decided_by_id_people",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_introductions_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_introductions")),
    )
    op.create_index(
        op.f("ix_introductions_tenant_id_decided_by_id"),
        "introductions",
        ["tenant_id", "decided_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_introductions_tenant_id_look_at"),
        "introductions",
        ["tenant_id", "look_at"],
        unique=False,
        postgresql_where="look_at IS NOT NULL",
    )
    op.create_index(
        op.f("ix_introductions_tenant_id_school_id_created_at_id"),
        "introductions",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_introductions_tenant_id_student_id_created_at_id"),
        "introductions",
        ["tenant_id", "student_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_introductions_open",
        "introductions",
        ["tenant_id", "student_id", "field"],
        unique=True,
        postgresql_where="status IN ('asked', 'with_contributor', 'with_contact')",
    )
    op.create_table(
        "map_shares",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("adult_id", sa.Uuid(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "adult_id"], ["people.tenant_id", "people.id"], name="fk_adult_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_map_shares_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_map_shares")),
    )
    op.create_index(
        op.f("ix_map_shares_tenant_id_adult_id"), "map_shares", ["tenant_id", "adult_id"], unique=False
    )
    op.create_index(
        op.f("ix_map_shares_tenant_id_student_id_shared_at_id"),
        "map_shares",
        ["tenant_id", "student_id", "shared_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_map_shares_live",
        "map_shares",
        ["tenant_id", "student_id"],
        unique=True,
        postgresql_where="revoked_at IS NULL",
    )
    op.create_table(
        "outreach_campaigns",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("k", sa.SmallInteger(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("batch_on", sa.Date(), nullable=True),
        sa.Column("batch_left", sa.Integer(), nullable=False),
        sa.Column("asked_through", sa.Text(), nullable=False),
        sa.Column("families_asked", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'open', 'closed', 'cancelled')", name=op.f("ck_outreach_campaigns_status")
        ),
        sa.CheckConstraint("closes_on >= opens_on", name=op.f("ck_outreach_campaigns_window")),
        sa.CheckConstraint("k BETWEEN 1 AND 100", name=op.f("ck_outreach_campaigns_k")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_outreach_campaigns_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_outreach_campaigns")),
    )
    op.create_index(
        op.f("ix_outreach_campaigns_tenant_id_id"),
        "outreach_campaigns",
        ["tenant_id", "id"],
        unique=False,
        postgresql_where="status = 'open'",
    )
    op.create_index(
        op.f("ix_outreach_campaigns_tenant_id_school_id_created_at_id"),
        "outreach_campaigns",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "reach_cells",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("people", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("households", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_reach_cells_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_reach_cells")),
        sa.UniqueConstraint(
            "tenant_id", "school_id", "field", name=op.f("uq_reach_cells_tenant_id_school_id_field")
        ),
    )
    op.create_table(
        "relationship_rounds",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("advisor_ids", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("adults", sa.Integer(), nullable=True, comment="how many could have marked, at the close"),
        sa.Column("answers_erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(scope = 'grade') = (grade IS NOT NULL)", name=op.f("ck_relationship_rounds_grade")
        ),
        sa.CheckConstraint(
            "(scope = 'team') = (cardinality(advisor_ids) > 0)", name=op.f("ck_relationship_rounds_team")
        ),
        sa.CheckConstraint("scope IN ('school', 'grade', 'team')", name=op.f("ck_relationship_rounds_scope")),
        sa.CheckConstraint(
            "status IN ('draft', 'open', 'closed')", name=op.f("ck_relationship_rounds_status")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by_id"],
            ["people.tenant_id", "people.id"],
            name="fk_created_by_id_people",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_relationship_rounds_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_relationship_rounds")),
    )
    op.create_index(
        op.f("ix_relationship_rounds_tenant_id_closed_at"),
        "relationship_rounds",
        ["tenant_id", "closed_at"],
        unique=False,
        postgresql_where="closed_at IS NOT NULL AND answers_erased_at IS NULL",
    )
    op.create_index(
        op.f("ix_relationship_rounds_tenant_id_created_at_id"),
        "relationship_rounds",
        ["tenant_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_relationship_rounds_tenant_id_created_by_id"),
        "relationship_rounds",
        ["tenant_id", "created_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_relationship_rounds_tenant_id_school_id_created_at_id"),
        "relationship_rounds",
        ["tenant_id", "school_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "student_intakes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ties", sa.Integer(), nullable=False, comment="how many ties came with the student"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_student_intakes_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_student_intakes")),
        sa.UniqueConstraint("tenant_id", "student_id", name=op.f("uq_student_intakes_tenant_id_student_id")),
    )
    op.create_table(
        "employer_asks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('invitation', 'introduction', 'outreach_by_staff')",
            name=op.f("ck_employer_asks_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asked_by_id"], ["people.tenant_id", "people.id"], name="fk_asked_by_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employers.tenant_id", "employers.id"],
            name="fk_employer_id_employers",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_employer_asks_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_employer_asks")),
    )
    op.create_index(
        op.f("ix_employer_asks_tenant_id_asked_by_id"),
        "employer_asks",
        ["tenant_id", "asked_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_employer_asks_tenant_id_employer_id_month_id"),
        "employer_asks",
        ["tenant_id", "employer_id", "month", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_employer_asks_tenant_id_school_id"),
        "employer_asks",
        ["tenant_id", "school_id"],
        unique=False,
    )
    op.create_table(
        "employer_months",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("asks", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("asks >= 0", name=op.f("ck_employer_months_asks")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employers.tenant_id", "employers.id"],
            name="fk_employer_id_employers",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_employer_months_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_employer_months")),
        sa.UniqueConstraint(
            "tenant_id", "employer_id", "month", name=op.f("uq_employer_months_tenant_id_employer_id_month")
        ),
    )
    op.create_table(
        "outreach_asks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "household_id",
            sa.Uuid(),
            nullable=False,
            comment="a household, or a person: a member, or one who is in none",
        ),
        sa.Column("is_member", sa.Boolean(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("clusters", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "campaign_id"],
            ["outreach_campaigns.tenant_id", "outreach_campaigns.id"],
            name="fk_campaign_id_outreach_campaigns",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_outreach_asks_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_outreach_asks")),
        sa.UniqueConstraint(
            "tenant_id", "household_id", "month", name=op.f("uq_outreach_asks_tenant_id_household_id_month")
        ),
    )
    op.create_index(
        op.f("ix_outreach_asks_tenant_id_campaign_id"),
        "outreach_asks",
        ["tenant_id", "campaign_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_outreach_asks_tenant_id_month"), "outreach_asks", ["tenant_id", "month"], unique=False
    )
    op.create_table(
        "outreach_counts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("cluster", sa.Text(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("yes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "cluster IN ('advanced_manufacturing', 'agriculture', 'arts_entertainment_design', 'construction', 'digital_technology', 'education', 'energy_natural_resources', 'financial_services', 'healthcare_human_services', 'hospitality_events_tourism', 'management_entrepreneurship', 'marketing_sales', 'public_service_safety', 'supply_chain_transportation')",
            name=op.f("ck_outreach_counts_cluster"),
        ),
        sa.CheckConstraint("yes BETWEEN 0 AND asked", name=op.f("ck_outreach_counts_yes")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "campaign_id"],
            ["outreach_campaigns.tenant_id", "outreach_campaigns.id"],
            name="fk_campaign_id_outreach_campaigns",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_outreach_counts_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_outreach_counts")),
        sa.UniqueConstraint(
            "tenant_id",
            "campaign_id",
            "cluster",
            name=op.f("uq_outreach_counts_tenant_id_campaign_id_cluster"),
        ),
    )
    op.create_table(
        "round_marks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("adult_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "adult_id"], ["people.tenant_id", "people.id"], name="fk_adult_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "round_id"],
            ["relationship_rounds.tenant_id", "relationship_rounds.id"],
            name="fk_round_id_relationship_rounds",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_round_marks_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_round_marks")),
        sa.UniqueConstraint(
            "tenant_id",
            "round_id",
            "adult_id",
            "student_id",
            name=op.f("uq_round_marks_tenant_id_round_id_adult_id_student_id"),
        ),
    )
    op.create_index(
        op.f("ix_round_marks_tenant_id_adult_id"), "round_marks", ["tenant_id", "adult_id"], unique=False
    )
    op.create_index(
        op.f("ix_round_marks_tenant_id_round_id_student_id"),
        "round_marks",
        ["tenant_id", "round_id", "student_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_round_marks_tenant_id_student_id"),
        "round_marks",
        ["tenant_id", "student_id"],
        unique=False,
    )
    op.create_table(
        "round_nominations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("adult_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "adult_id"], ["people.tenant_id", "people.id"], name="fk_adult_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "round_id"],
            ["relationship_rounds.tenant_id", "relationship_rounds.id"],
            name="fk_round_id_relationship_rounds",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_round_nominations_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_round_nominations")),
        sa.UniqueConstraint(
            "tenant_id",
            "round_id",
            "student_id",
            "adult_id",
            name=op.f("uq_round_nominations_tenant_id_round_id_student_id_adult_id"),
        ),
    )
    op.create_index(
        op.f("ix_round_nominations_tenant_id_adult_id"),
        "round_nominations",
        ["tenant_id", "adult_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_round_nominations_tenant_id_student_id"),
        "round_nominations",
        ["tenant_id", "student_id"],
        unique=False,
    )
    op.create_table(
        "round_students",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("without_mark", sa.Boolean(), nullable=True),
        sa.Column("without_nomination", sa.Boolean(), nullable=True),
        sa.Column("marked_not_named", sa.Boolean(), nullable=True),
        sa.Column("named_not_marked", sa.Boolean(), nullable=True),
        sa.Column("volunteer_id", sa.Uuid(), nullable=True),
        sa.Column("volunteered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_ups_asked", sa.SmallInteger(), nullable=False),
        sa.Column("follow_ups_done", sa.SmallInteger(), nullable=False),
        sa.Column("follow_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(volunteer_id IS NULL) = (volunteered_at IS NULL)", name=op.f("ck_round_students_volunteer")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "round_id"],
            ["relationship_rounds.tenant_id", "relationship_rounds.id"],
            name="fk_round_id_relationship_rounds",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "volunteer_id"], ["people.tenant_id", "people.id"], name="fk_volunteer_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_round_students_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_round_students")),
        sa.UniqueConstraint(
            "tenant_id",
            "round_id",
            "student_id",
            name=op.f("uq_round_students_tenant_id_round_id_student_id"),
        ),
    )
    op.create_index(
        op.f("ix_round_students_tenant_id_created_at_id"),
        "round_students",
        ["tenant_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_round_students_tenant_id_follow_up_at"),
        "round_students",
        ["tenant_id", "follow_up_at"],
        unique=False,
        postgresql_where="follow_up_at IS NOT NULL",
    )
    op.create_index(
        op.f("ix_round_students_tenant_id_school_id"),
        "round_students",
        ["tenant_id", "school_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_round_students_tenant_id_student_id"),
        "round_students",
        ["tenant_id", "student_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_round_students_tenant_id_volunteer_id"),
        "round_students",
        ["tenant_id", "volunteer_id"],
        unique=False,
    )
    op.create_table(
        "ties",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("formed_on", sa.Date(), nullable=False),
        sa.Column("last_confirmed_on", sa.Date(), nullable=False),
        sa.Column("strength", sa.SmallInteger(), nullable=False),
        sa.Column("uses", sa.SmallInteger(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("fades_on", sa.Date(), nullable=True),
        sa.Column("evidence", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column(
            "twin",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="leads to the same as another tie, since two contacts or employers were merged",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "origin IN ('inherited', 'household', 'staff', 'employer', 'placement', 'introduction', 'near_peer')",
            name=op.f("ck_ties_origin"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(person_id, contact_id, employer_id) = 1", name=op.f("ck_ties_one_other_end")
        ),
        sa.CheckConstraint("strength BETWEEN 0 AND 100", name=op.f("ck_ties_strength")),
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
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_ties_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_ties")),
        sa.UniqueConstraint(
            "tenant_id", "student_id", "person_id", name=op.f("uq_ties_tenant_id_student_id_person_id")
        ),
    )
    op.create_index(op.f("ix_ties_tenant_id_contact_id"), "ties", ["tenant_id", "contact_id"], unique=False)
    op.create_index(
        op.f("ix_ties_tenant_id_created_at_id"), "ties", ["tenant_id", "created_at", "id"], unique=False
    )
    op.create_index(op.f("ix_ties_tenant_id_employer_id"), "ties", ["tenant_id", "employer_id"], unique=False)
    op.create_index(
        op.f("ix_ties_tenant_id_fades_on"),
        "ties",
        ["tenant_id", "fades_on"],
        unique=False,
        postgresql_where="fades_on IS NOT NULL",
    )
    op.create_index(op.f("ix_ties_tenant_id_person_id"), "ties", ["tenant_id", "person_id"], unique=False)
    op.create_index(
        "uq_ties_student_contact",
        "ties",
        ["tenant_id", "student_id", "contact_id"],
        unique=True,
        postgresql_where="NOT twin",
    )
    op.create_index(
        "uq_ties_student_employer",
        "ties",
        ["tenant_id", "student_id", "employer_id"],
        unique=True,
        postgresql_where="NOT twin",
    )
    op.create_table(
        "connection_fields",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("base_score", sa.Double(), server_default="-1.3", nullable=False),
        sa.Column("contributor_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name="fk_connection_id_connections",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_connection_fields_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_connection_fields")),
        sa.UniqueConstraint(
            "tenant_id",
            "connection_id",
            "field",
            name=op.f("uq_connection_fields_tenant_id_connection_id_field"),
        ),
    )
    op.create_index(
        op.f("ix_connection_fields_tenant_id_field_base_score_connection_id"),
        "connection_fields",
        ["tenant_id", "field", "base_score", "connection_id"],
        unique=False,
        postgresql_include=["contributor_id", "contact_id"],
    )
    op.create_index(
        op.f("ix_connection_fields_tenant_id_field_connection_id"),
        "connection_fields",
        ["tenant_id", "field", "connection_id"],
        unique=False,
    )
    op.create_table(
        "introduction_hops",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("introduction_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "person_id",
            sa.Uuid(),
            nullable=True,
            comment="who is asked, where it is a person of the tenant",
        ),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("contributor_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'contributor') = (person_id IS NOT NULL)", name=op.f("ck_introduction_hops_person")
        ),
        sa.CheckConstraint("kind IN ('contributor', 'contact')", name=op.f("ck_introduction_hops_kind")),
        sa.CheckConstraint(
            "status IN ('reserved', 'asked', 'agreed', 'declined', 'lapsed', 'ended')",
            name=op.f("ck_introduction_hops_status"),
        ),
        sa.CheckConstraint(
            "status IN ('reserved', 'ended') OR asked_at IS NOT NULL",
            name=op.f("ck_introduction_hops_asked"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name="fk_connection_id_connections",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contacts.tenant_id", "contacts.id"],
            name="fk_contact_id_contacts",
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
            ["tenant_id", "introduction_id"],
            ["introductions.tenant_id", "introductions.id"],
            name="fk_introduction_id_introductions",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people.tenant_id", "people.id"], name="fk_person_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_introduction_hops_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_introduction_hops")),
        sa.UniqueConstraint(
            "tenant_id",
            "introduction_id",
            "slot",
            "kind",
            name=op.f("uq_introduction_hops_tenant_id_introduction_id_slot_kind"),
        ),
    )
    op.create_index(
        "ix_introduction_hops_reserved",
        "introduction_hops",
        ["tenant_id", "contact_id"],
        unique=False,
        postgresql_where="status = 'reserved'",
    )
    op.create_index(
        op.f("ix_introduction_hops_tenant_id_asked_at"),
        "introduction_hops",
        ["tenant_id", "asked_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_introduction_hops_tenant_id_connection_id"),
        "introduction_hops",
        ["tenant_id", "connection_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_introduction_hops_tenant_id_contact_id_kind_asked_at"),
        "introduction_hops",
        ["tenant_id", "contact_id", "kind", "asked_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_introduction_hops_tenant_id_contributor_id_kind_asked_at"),
        "introduction_hops",
        ["tenant_id", "contributor_id", "kind", "asked_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_introduction_hops_tenant_id_employer_id"),
        "introduction_hops",
        ["tenant_id", "employer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_introduction_hops_tenant_id_household_id_kind_asked_at"),
        "introduction_hops",
        ["tenant_id", "household_id", "kind", "asked_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_introduction_hops_tenant_id_person_id_created_at_id"),
        "introduction_hops",
        ["tenant_id", "person_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_introduction_hops_tenant_id_school_id"),
        "introduction_hops",
        ["tenant_id", "school_id"],
        unique=False,
    )
    op.create_table(
        "map_entries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("closeness", sa.SmallInteger(), nullable=False),
        sa.Column("frequency", sa.SmallInteger(), nullable=False),
        sa.Column("help", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("next_step_due_on", sa.Date(), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("connection_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "domain IN ('household', 'family', 'neighbours', 'faith', 'club', 'work', 'friends', 'school')",
            name=op.f("ck_map_entries_domain"),
        ),
        sa.CheckConstraint(
            "help <@ ARRAY['concrete', 'emotional', 'advice', 'introductions']",
            name=op.f("ck_map_entries_help"),
        ),
        sa.CheckConstraint("closeness BETWEEN 1 AND 3", name=op.f("ck_map_entries_closeness")),
        sa.CheckConstraint("frequency BETWEEN 1 AND 5", name=op.f("ck_map_entries_frequency")),
        sa.CheckConstraint(
            "remind_at IS NULL OR next_step_due_on IS NOT NULL", name=op.f("ck_map_entries_reminder")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name="fk_connection_id_connections",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_map_entries_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_map_entries")),
    )
    op.create_index(
        op.f("ix_map_entries_tenant_id_connection_id"),
        "map_entries",
        ["tenant_id", "connection_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_map_entries_tenant_id_remind_at"),
        "map_entries",
        ["tenant_id", "remind_at"],
        unique=False,
        postgresql_where="remind_at IS NOT NULL",
    )
    op.create_index(
        op.f("ix_map_entries_tenant_id_student_id_created_at_id"),
        "map_entries",
        ["tenant_id", "student_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "meetings",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("introduction_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("contributor_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name="fk_connection_id_connections",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contacts.tenant_id", "contacts.id"],
            name="fk_contact_id_contacts",
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
            ["tenant_id", "introduction_id"],
            ["introductions.tenant_id", "introductions.id"],
            name="fk_introduction_id_introductions",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "school_id"], ["schools.tenant_id", "schools.id"], name="fk_school_id_schools"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "student_id"], ["people.tenant_id", "people.id"], name="fk_student_id_people"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_meetings_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_meetings")),
        sa.UniqueConstraint(
            "tenant_id", "introduction_id", name=op.f("uq_meetings_tenant_id_introduction_id")
        ),
    )
    op.create_index(
        op.f("ix_meetings_tenant_id_connection_id"),
        "meetings",
        ["tenant_id", "connection_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_meetings_tenant_id_contact_id"), "meetings", ["tenant_id", "contact_id"], unique=False
    )
    op.create_index(
        op.f("ix_meetings_tenant_id_contributor_id"),
        "meetings",
        ["tenant_id", "contributor_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_meetings_tenant_id_employer_id"), "meetings", ["tenant_id", "employer_id"], unique=False
    )
    op.create_index(
        op.f("ix_meetings_tenant_id_school_id"), "meetings", ["tenant_id", "school_id"], unique=False
    )
    op.create_index(
        op.f("ix_meetings_tenant_id_student_id"), "meetings", ["tenant_id", "student_id"], unique=False
    )
    op.create_table(
        "tie_entries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tie_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column(
            "subject_id", sa.Uuid(), nullable=True, comment="the placement, connection, ... that shows it"
        ),
        sa.Column(
            "event_id", sa.Uuid(), nullable=True, comment="the event it follows from; the clock's have none"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "evidence IN ('advisor_link', 'connection', 'contact', 'introduction', 'placement', 'pursuit', 'time')",
            name=op.f("ck_tie_entries_evidence"),
        ),
        sa.CheckConstraint(
            "kind IN ('formed', 'strengthened', 'confirmed', 'used', 'faded', 'ended')",
            name=op.f("ck_tie_entries_kind"),
        ),
        sa.CheckConstraint(
            "origin IN ('inherited', 'household', 'staff', 'employer', 'placement', 'introduction', 'near_peer')",
            name=op.f("ck_tie_entries_origin"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(person_id, contact_id, employer_id) = 1",
            name=op.f("ck_tie_entries_one_other_end"),
        ),
        sa.CheckConstraint("seq > 0", name=op.f("ck_tie_entries_seq")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "tie_id"], ["ties.tenant_id", "ties.id"], name="fk_tie_id_ties"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_tie_entries_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_tie_entries")),
        sa.UniqueConstraint(
            "tenant_id",
            "tie_id",
            "event_id",
            "kind",
            name=op.f("uq_tie_entries_tenant_id_tie_id_event_id_kind"),
        ),
        sa.UniqueConstraint("tenant_id", "tie_id", "seq", name=op.f("uq_tie_entries_tenant_id_tie_id_seq")),
    )
    op.create_index(
        op.f("ix_tie_entries_tenant_id_student_id_at"),
        "tie_entries",
        ["tenant_id", "student_id", "at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tie_entries_tenant_id_subject_id"),
        "tie_entries",
        ["tenant_id", "subject_id"],
        unique=False,
    )
    op.create_table(
        "map_entry_goals",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["map_entries.tenant_id", "map_entries.id"],
            name="fk_entry_id_map_entries",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "goal_id"],
            ["goals.tenant_id", "goals.id"],
            name="fk_goal_id_goals",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_map_entry_goals_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_map_entry_goals")),
        sa.UniqueConstraint(
            "tenant_id", "entry_id", "goal_id", name=op.f("uq_map_entry_goals_tenant_id_entry_id_goal_id")
        ),
    )
    op.create_index(
        op.f("ix_map_entry_goals_tenant_id_goal_id"),
        "map_entry_goals",
        ["tenant_id", "goal_id"],
        unique=False,
    )
    op.add_column(
        "connections",
        sa.Column("basis", sa.Text(), nullable=True, comment="stated by whoever sent it in a file"),
    )
    op.add_column("connections", sa.Column("import_id", sa.Uuid(), nullable=True))
    op.add_column(
        "connections",
        sa.Column(
            "import_key",
            sa.LargeBinary(),
            nullable=True,
            comment="keyed hash of contributor, address and workplace: the same row sent again is known",
        ),
    )
    op.add_column(
        "connections",
        sa.Column(
            "fields",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="as the contributor said; see connection_fields for all",
        ),
    )
    op.add_column(
        "connections",
        sa.Column(
            "personal_relation",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="the address is private, and the contributor says so",
        ),
    )
    op.add_column(
        "connections",
        sa.Column(
            "thanked_for",
            sa.SmallInteger(),
            server_default="0",
            nullable=False,
            comment="the last number of students there were thanks for",
        ),
    )
    op.create_foreign_key(
        "fk_import_id_imports", "connections", "imports", ["tenant_id", "import_id"], ["tenant_id", "id"]
    )
    op.add_column(
        "contacts",
        sa.Column(
            "invite_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the invitation waits until then: the employer's month was full",
        ),
    )
    op.add_column(
        "contacts",
        sa.Column(
            "keyed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when its match keys were made; null: they lack",
        ),
    )
    op.add_column(
        "contacts",
        sa.Column("merged_into_id", sa.Uuid(), nullable=True, comment="the contact that stands for this one"),
    )
    op.add_column(
        "contacts", sa.Column("offers", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )
    op.add_column("contacts", sa.Column("monthly_cap", sa.SmallInteger(), server_default="2", nullable=False))
    op.add_column(
        "contacts",
        sa.Column(
            "availability", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
    )
    op.add_column(
        "contacts",
        sa.Column(
            "visible_school_ids",
            postgresql.ARRAY(sa.Uuid()),
            nullable=True,
            comment="null: every school of the tenant",
        ),
    )
    op.drop_index(
        op.f("ix_contacts_tenant_id_email"), table_name="contacts", postgresql_where="(email IS NOT NULL)"
    )
    op.create_foreign_key(
        "fk_merged_into_id_contacts",
        "contacts",
        "contacts",
        ["tenant_id", "merged_into_id"],
        ["tenant_id", "id"],
    )
    op.add_column("employers", sa.Column("phone", sa.Text(), nullable=True))
    op.add_column(
        "employers",
        sa.Column("name_key", sa.Text(), nullable=True, comment="the name as names are compared"),
    )
    op.add_column(
        "employers",
        sa.Column(
            "keyed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when its match keys were made; null: they lack",
        ),
    )
    op.add_column(
        "employers",
        sa.Column(
            "merged_into_id", sa.Uuid(), nullable=True, comment="the employer that stands for this one"
        ),
    )
    op.add_column(
        "employers",
        sa.Column("owner_id", sa.Uuid(), nullable=True, comment="the one member of staff who speaks with it"),
    )
    op.create_foreign_key(
        "fk_merged_into_id_employers",
        "employers",
        "employers",
        ["tenant_id", "merged_into_id"],
        ["tenant_id", "id"],
    )
    op.create_foreign_key(
        "fk_owner_id_people", "employers", "people", ["tenant_id", "owner_id"], ["tenant_id", "id"]
    )
    op.add_column(
        "people",
        sa.Column(
            "given_word",
            sa.Text(),
            sa.Computed("lower(split_part(given_name, ' ', 1))", persisted=True),
            nullable=True,
        ),
    )
    op.add_column(
        "people",
        sa.Column(
            "family_word",
            sa.Text(),
            sa.Computed("lower(split_part(family_name, ' ', 1))", persisted=True),
            nullable=True,
        ),
    )
    op.create_check_constraint(
        op.f("ck_connections_basis"),
        "connections",
        """(basis = ANY (ARRAY['asked_and_agreed'::text, 'existing_partner'::text, 'public_listing'::text, 'contributor_offered'::text]))""",
    )
    op.create_check_constraint(
        op.f("ck_contacts_monthly_cap"), "contacts", """((monthly_cap >= 1) AND (monthly_cap <= 8))"""
    )
    op.drop_constraint("ck_imports_kind", "imports")
    op.create_check_constraint(
        op.f("ck_imports_kind"),
        "imports",
        """(kind = ANY (ARRAY['roster'::text, 'opportunities'::text, 'connections'::text]))""",
    )
    op.drop_constraint("ck_link_tokens_purpose", "link_tokens")
    op.create_check_constraint(
        op.f("ck_link_tokens_purpose"),
        "link_tokens",
        """(purpose = ANY (ARRAY['invitation'::text, 'consent'::text, 'contact_choices'::text, 'password_reset'::text, 'contribution'::text, 'introduction'::text]))""",
    )
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} USING ({POLICY}) WITH CHECK ({POLICY})")


def downgrade() -> None:
    op.drop_constraint("ck_connections_basis", "connections")
    op.drop_constraint("ck_contacts_monthly_cap", "contacts")
    op.drop_constraint("ck_imports_kind", "imports")
    op.create_check_constraint(
        op.f("ck_imports_kind"), "imports", """(kind = ANY (ARRAY['roster'::text, 'opportunities'::text]))"""
    )
    op.drop_constraint("ck_link_tokens_purpose", "link_tokens")
    op.create_check_constraint(
        op.f("ck_link_tokens_purpose"),
        "link_tokens",
        """(purpose = ANY (ARRAY['invitation'::text, 'consent'::text, 'contact_choices'::text, 'password_reset'::text]))""",
    )
    op.drop_column("people", "family_word")
    op.drop_column("people", "given_word")
    op.drop_constraint("fk_owner_id_people", "employers", type_="foreignkey")
    op.drop_constraint("fk_merged_into_id_employers", "employers", type_="foreignkey")
    op.drop_column("employers", "owner_id")
    op.drop_column("employers", "merged_into_id")
    op.drop_column("employers", "keyed_at")
    op.drop_column("employers", "name_key")
    op.drop_column("employers", "phone")
    op.drop_constraint("fk_merged_into_id_contacts", "contacts", type_="foreignkey")
    op.create_index(
        op.f("ix_contacts_tenant_id_email"),
        "contacts",
        ["tenant_id", "email"],
        unique=False,
        postgresql_where="(email IS NOT NULL)",
    )
    op.drop_column("contacts", "visible_school_ids")
    op.drop_column("contacts", "availability")
    op.drop_column("contacts", "monthly_cap")
    op.drop_column("contacts", "offers")
    op.drop_column("contacts", "merged_into_id")
    op.drop_column("contacts", "keyed_at")
    op.drop_column("contacts", "invite_at")
    op.drop_constraint("fk_import_id_imports", "connections", type_="foreignkey")
    op.drop_column("connections", "thanked_for")
    op.drop_column("connections", "personal_relation")
    op.drop_column("connections", "fields")
    op.drop_column("connections", "import_key")
    op.drop_column("connections", "import_id")
    op.drop_column("connections", "basis")
    op.drop_index(op.f("ix_map_entry_goals_tenant_id_goal_id"), table_name="map_entry_goals")
    op.drop_table("map_entry_goals")
    op.drop_index(op.f("ix_tie_entries_tenant_id_subject_id"), table_name="tie_entries")
    op.drop_index(op.f("ix_tie_entries_tenant_id_student_id_at"), table_name="tie_entries")
    op.drop_table("tie_entries")
    op.drop_index(op.f("ix_meetings_tenant_id_student_id"), table_name="meetings")
    op.drop_index(op.f("ix_meetings_tenant_id_school_id"), table_name="meetings")
    op.drop_index(op.f("ix_meetings_tenant_id_employer_id"), table_name="meetings")
    op.drop_index(op.f("ix_meetings_tenant_id_contributor_id"), table_name="meetings")
    op.drop_index(op.f("ix_meetings_tenant_id_contact_id"), table_name="meetings")
    op.drop_index(op.f("ix_meetings_tenant_id_connection_id"), table_name="meetings")
    op.drop_table("meetings")
    op.drop_index(op.f("ix_map_entries_tenant_id_student_id_created_at_id"), table_name="map_entries")
    op.drop_index(
        op.f("ix_map_entries_tenant_id_remind_at"),
        table_name="map_entries",
        postgresql_where="remind_at IS NOT NULL",
    )
    op.drop_index(op.f("ix_map_entries_tenant_id_connection_id"), table_name="map_entries")
    op.drop_table("map_entries")
    op.drop_index(op.f("ix_introduction_hops_tenant_id_school_id"), table_name="introduction_hops")
    op.drop_index(
        op.f("ix_introduction_hops_tenant_id_person_id_created_at_id"), table_name="introduction_hops"
    )
    op.drop_index(
        op.f("ix_introduction_hops_tenant_id_household_id_kind_asked_at"), table_name="introduction_hops"
    )
    op.drop_index(op.f("ix_introduction_hops_tenant_id_employer_id"), table_name="introduction_hops")
    op.drop_index(
        op.f("ix_introduction_hops_tenant_id_contributor_id_kind_asked_at"), table_name="introduction_hops"
    )
    op.drop_index(
        op.f("ix_introduction_hops_tenant_id_contact_id_kind_asked_at"), table_name="introduction_hops"
    )
    op.drop_index(op.f("ix_introduction_hops_tenant_id_connection_id"), table_name="introduction_hops")
    op.drop_index(op.f("ix_introduction_hops_tenant_id_asked_at"), table_name="introduction_hops")
    op.drop_index(
        "ix_introduction_hops_reserved",
        table_name="introduction_hops",
        postgresql_where="status = 'reserved'",
    )
    op.drop_table("introduction_hops")
    op.drop_index(op.f("ix_connection_fields_tenant_id_field_connection_id"), table_name="connection_fields")
    op.drop_index(
        op.f("ix_connection_fields_tenant_id_field_base_score_connection_id"),
        table_name="connection_fields",
        postgresql_include=["contributor_id", "contact_id"],
    )
    op.drop_table("connection_fields")
    op.drop_index("uq_ties_student_employer", table_name="ties", postgresql_where="NOT twin")
    op.drop_index("uq_ties_student_contact", table_name="ties", postgresql_where="NOT twin")
    op.drop_index(op.f("ix_ties_tenant_id_person_id"), table_name="ties")
    op.drop_index(
        op.f("ix_ties_tenant_id_fades_on"), table_name="ties", postgresql_where="fades_on IS NOT NULL"
    )
    op.drop_index(op.f("ix_ties_tenant_id_employer_id"), table_name="ties")
    op.drop_index(op.f("ix_ties_tenant_id_created_at_id"), table_name="ties")
    op.drop_index(op.f("ix_ties_tenant_id_contact_id"), table_name="ties")
    op.drop_table("ties")
    op.drop_index(op.f("ix_round_students_tenant_id_volunteer_id"), table_name="round_students")
    op.drop_index(op.f("ix_round_students_tenant_id_student_id"), table_name="round_students")
    op.drop_index(op.f("ix_round_students_tenant_id_school_id"), table_name="round_students")
    op.drop_index(
        op.f("ix_round_students_tenant_id_follow_up_at"),
        table_name="round_students",
        postgresql_where="follow_up_at IS NOT NULL",
    )
    op.drop_index(op.f("ix_round_students_tenant_id_created_at_id"), table_name="round_students")
    op.drop_table("round_students")
    op.drop_index(op.f("ix_round_nominations_tenant_id_student_id"), table_name="round_nominations")
    op.drop_index(op.f("ix_round_nominations_tenant_id_adult_id"), table_name="round_nominations")
    op.drop_table("round_nominations")
    op.drop_index(op.f("ix_round_marks_tenant_id_student_id"), table_name="round_marks")
    op.drop_index(op.f("ix_round_marks_tenant_id_round_id_student_id"), table_name="round_marks")
    op.drop_index(op.f("ix_round_marks_tenant_id_adult_id"), table_name="round_marks")
    op.drop_table("round_marks")
    op.drop_table("outreach_counts")
    op.drop_index(op.f("ix_outreach_asks_tenant_id_month"), table_name="outreach_asks")
    op.drop_index(op.f("ix_outreach_asks_tenant_id_campaign_id"), table_name="outreach_asks")
    op.drop_table("outreach_asks")
    op.drop_table("employer_months")
    op.drop_index(op.f("ix_employer_asks_tenant_id_school_id"), table_name="employer_asks")
    op.drop_index(op.f("ix_employer_asks_tenant_id_employer_id_month_id"), table_name="employer_asks")
    op.drop_index(op.f("ix_employer_asks_tenant_id_asked_by_id"), table_name="employer_asks")
    op.drop_table("employer_asks")
    op.drop_table("student_intakes")
    op.drop_index(
        op.f("ix_relationship_rounds_tenant_id_school_id_created_at_id"), table_name="relationship_rounds"
    )
    op.drop_index(op.f("ix_relationship_rounds_tenant_id_created_by_id"), table_name="relationship_rounds")
    op.drop_index(op.f("ix_relationship_rounds_tenant_id_created_at_id"), table_name="relationship_rounds")
    op.drop_index(
        op.f("ix_relationship_rounds_tenant_id_closed_at"),
        table_name="relationship_rounds",
        postgresql_where="closed_at IS NOT NULL AND answers_erased_at IS NULL",
    )
    op.drop_table("relationship_rounds")
    op.drop_table("reach_cells")
    op.drop_index(
        op.f("ix_outreach_campaigns_tenant_id_school_id_created_at_id"), table_name="outreach_campaigns"
    )
    op.drop_index(
        op.f("ix_outreach_campaigns_tenant_id_id"),
        table_name="outreach_campaigns",
        postgresql_where="status = 'open'",
    )
    op.drop_table("outreach_campaigns")
    op.drop_index("uq_map_shares_live", table_name="map_shares", postgresql_where="revoked_at IS NULL")
    op.drop_index(op.f("ix_map_shares_tenant_id_student_id_shared_at_id"), table_name="map_shares")
    op.drop_index(op.f("ix_map_shares_tenant_id_adult_id"), table_name="map_shares")
    op.drop_table("map_shares")
    op.drop_index(
        "uq_introductions_open",
        table_name="introductions",
        postgresql_where="status IN ('asked', 'with_contributor', 'with_contact')",
    )
    op.drop_index(op.f("ix_introductions_tenant_id_student_id_created_at_id"), table_name="introductions")
    op.drop_index(op.f("ix_introductions_tenant_id_school_id_created_at_id"), table_name="introductions")
    op.drop_index(
        op.f("ix_introductions_tenant_id_look_at"),
        table_name="introductions",
        postgresql_where="look_at IS NOT NULL",
    )
    op.drop_index(op.f("ix_introductions_tenant_id_decided_by_id"), table_name="introductions")
    op.drop_table("introductions")
    op.drop_index(op.f("ix_household_members_tenant_id_household_id"), table_name="household_members")
    op.drop_table("household_members")
    op.drop_index(op.f("ix_goals_tenant_id_student_id_created_at_id"), table_name="goals")
    op.drop_table("goals")
    op.drop_table("gap_cells")
    op.drop_table("pool_tasks")
    op.drop_index(op.f("ix_merges_tenant_id_lost_id"), table_name="merges")
    op.drop_index(op.f("ix_merges_tenant_id_kept_id"), table_name="merges")
    op.drop_index(op.f("ix_merges_tenant_id_created_at_id"), table_name="merges")
    op.drop_table("merges")
    op.drop_index(op.f("ix_match_keys_tenant_id_subject_id"), table_name="match_keys")
    op.drop_table("match_keys")
    op.drop_index(op.f("ix_households_tenant_id_split_from_id"), table_name="households")
    op.drop_index(op.f("ix_households_tenant_id_created_at_id"), table_name="households")
    op.drop_table("households")
    op.drop_index(
        "uq_duplicate_scans_under_way",
        table_name="duplicate_scans",
        postgresql_where="status IN ('waiting', 'running')",
    )
    op.drop_index(op.f("ix_duplicate_scans_tenant_id_created_at_id"), table_name="duplicate_scans")
    op.drop_table("duplicate_scans")
    op.drop_index(op.f("ix_duplicate_pairs_tenant_id_status_score_id"), table_name="duplicate_pairs")
    op.drop_index(op.f("ix_duplicate_pairs_tenant_id_right_id"), table_name="duplicate_pairs")
    op.drop_index(op.f("ix_duplicate_pairs_tenant_id_left_id"), table_name="duplicate_pairs")
    op.drop_table("duplicate_pairs")
