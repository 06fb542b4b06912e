"""Index what the catalogue looks up in tables that have rows already, without stopping their writers."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            op.f("ix_contacts_tenant_id_alumnus_of"),
            "contacts",
            ["tenant_id", "alumnus_of"],
            unique=False,
            postgresql_concurrently=True,
            postgresql_where="alumnus_of IS NOT NULL",
        )
        op.create_index(
            "ix_opportunities_shown",
            "opportunities",
            ["tenant_id", "employer_id"],
            unique=False,
            postgresql_concurrently=True,
            postgresql_where="status IN ('published', 'stale')",
        )
        op.create_index(
            op.f("ix_opportunities_tenant_id_apply_by"),
            "opportunities",
            ["tenant_id", "apply_by"],
            unique=False,
            postgresql_concurrently=True,
            postgresql_where="status IN ('published', 'stale', 'paused')",
        )
        op.create_index(
            op.f("ix_opportunities_tenant_id_confirmed_at_id"),
            "opportunities",
            ["tenant_id", "confirmed_at", "id"],
            unique=False,
            postgresql_concurrently=True,
        )
        op.create_index(
            op.f("ix_opportunities_tenant_id_ends_on"),
            "opportunities",
            ["tenant_id", "ends_on"],
            unique=False,
            postgresql_concurrently=True,
            postgresql_where="status IN ('published', 'stale', 'paused')",
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(
            op.f("ix_opportunities_tenant_id_ends_on"),
            table_name="opportunities",
            postgresql_where="status IN ('published', 'stale', 'paused')",
            postgresql_concurrently=True,
        )
        op.drop_index(
            op.f("ix_opportunities_tenant_id_confirmed_at_id"),
            table_name="opportunities",
            postgresql_concurrently=True,
        )
        op.drop_index(
            op.f("ix_opportunities_tenant_id_apply_by"),
            table_name="opportunities",
            postgresql_where="status IN ('published', 'stale', 'paused')",
            postgresql_concurrently=True,
        )
        op.drop_index(
            "ix_opportunities_shown",
            table_name="opportunities",
            postgresql_where="status IN ('published', 'stale')",
            postgresql_concurrently=True,
        )
        op.drop_index(
            op.f("ix_contacts_tenant_id_alumnus_of"),
            table_name="contacts",
            postgresql_where="alumnus_of IS NOT NULL",
            postgresql_concurrently=True,
        )
