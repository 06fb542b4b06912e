"""Index what the network looks up in tables that have rows already, without stopping their writers."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            op.f("ix_connections_tenant_id_created_at_id"),
            "connections",
            ["tenant_id", "created_at", "id"],
            unique=False,
            postgresql_concurrently=True,
        )
        op.create_index(
            op.f("ix_connections_tenant_id_import_id"),
            "connections",
            ["tenant_id", "import_id"],
            unique=False,
            postgresql_concurrently=True,
            postgresql_where="import_id IS NOT NULL",
        )
        op.create_index(
            op.f("ix_connections_tenant_id_import_key"),
            "connections",
            ["tenant_id", "import_key"],
            unique=False,
            postgresql_concurrently=True,
            postgresql_where="import_key IS NOT NULL",
        )
        op.create_index(
            op.f("ix_connections_tenant_id_updated_at"),
            "connections",
            ["tenant_id", "updated_at"],
            unique=False,
            postgresql_concurrently=True,
        )
        op.create_index(
            op.f("ix_contacts_tenant_id_created_at_id"),
            "contacts",
            ["tenant_id", "created_at", "id"],
            unique=False,
            postgresql_concurrently=True,
        )
        op.create_index(
            op.f("ix_contacts_tenant_id_invite_at"),
            "contacts",
            ["tenant_id", "invite_at"],
            unique=False,
            postgresql_concurrently=True,
            postgresql_where="invite_at IS NOT NULL",
        )
        op.create_index(
            op.f("ix_contacts_tenant_id_merged_into_id"),
            "contacts",
            ["tenant_id", "merged_into_id"],
            unique=False,
            postgresql_concurrently=True,
            postgresql_where="merged_into_id IS NOT NULL",
        )
        op.create_index(
            op.f("ix_contacts_tenant_id_updated_at"),
            "contacts",
            ["tenant_id", "updated_at"],
            unique=False,
            postgresql_concurrently=True,
        )
        op.create_index(
            "ix_contacts_unkeyed",
            "contacts",
            ["tenant_id", "id"],
            unique=False,
            postgresql_concurrently=True,
            postgresql_where="keyed_at IS NULL AND erased_at IS NULL",
        )
        op.create_index(
            "uq_contacts_address",
            "contacts",
            ["tenant_id", "email"],
            unique=True,
            postgresql_concurrently=True,
            postgresql_where="email IS NOT NULL",
        )
        op.create_index(
            op.f("ix_employers_tenant_id_merged_into_id"),
            "employers",
            ["tenant_id", "merged_into_id"],
            unique=False,
            postgresql_concurrently=True,
            postgresql_where="merged_into_id IS NOT NULL",
        )
        op.create_index(
            op.f("ix_employers_tenant_id_name_key"),
            "employers",
            ["tenant_id", "name_key"],
            unique=False,
            postgresql_concurrently=True,
        )
        op.create_index(
            op.f("ix_employers_tenant_id_owner_id"),
            "employers",
            ["tenant_id", "owner_id"],
            unique=False,
            postgresql_concurrently=True,
        )
        op.create_index(
            op.f("ix_employers_tenant_id_updated_at"),
            "employers",
            ["tenant_id", "updated_at"],
            unique=False,
            postgresql_concurrently=True,
        )
        op.create_index(
            "ix_employers_unkeyed",
            "employers",
            ["tenant_id", "id"],
            unique=False,
            postgresql_concurrently=True,
            postgresql_where="keyed_at IS NULL",
        )
        op.create_index(
            op.f("ix_guardian_links_tenant_id_updated_at"),
            "guardian_links",
            ["tenant_id", "updated_at"],
            unique=False,
            postgresql_concurrently=True,
        )
        op.create_index(
            op.f("ix_people_tenant_id_family_word_given_word"),
            "people",
            ["tenant_id", "family_word", "given_word"],
            unique=False,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(
            op.f("ix_people_tenant_id_family_word_given_word"),
            table_name="people",
            postgresql_concurrently=True,
        )
        op.drop_index(
            op.f("ix_guardian_links_tenant_id_updated_at"),
            table_name="guardian_links",
            postgresql_concurrently=True,
        )
        op.drop_index(
            "ix_employers_unkeyed",
            table_name="employers",
            postgresql_where="keyed_at IS NULL",
            postgresql_concurrently=True,
        )
        op.drop_index(
            op.f("ix_employers_tenant_id_updated_at"), table_name="employers", postgresql_concurrently=True
        )
        op.drop_index(
            op.f("ix_employers_tenant_id_owner_id"), table_name="employers", postgresql_concurrently=True
        )
        op.drop_index(
            op.f("ix_employers_tenant_id_name_key"), table_name="employers", postgresql_concurrently=True
        )
        op.drop_index(
            op.f("ix_employers_tenant_id_merged_into_id"),
            table_name="employers",
            postgresql_where="merged_into_id IS NOT NULL",
            postgresql_concurrently=True,
        )
        op.drop_index(
            "uq_contacts_address",
            table_name="contacts",
            postgresql_where="email IS NOT NULL",
            postgresql_concurrently=True,
        )
        op.drop_index(
            "ix_contacts_unkeyed",
            table_name="contacts",
            postgresql_where="keyed_at IS NULL AND erased_at IS NULL",
            postgresql_concurrently=True,
        )
        op.drop_index(
            op.f("ix_contacts_tenant_id_updated_at"), table_name="contacts", postgresql_concurrently=True
        )
        op.drop_index(
            op.f("ix_contacts_tenant_id_merged_into_id"),
            table_name="contacts",
            postgresql_where="merged_into_id IS NOT NULL",
            postgresql_concurrently=True,
        )
        op.drop_index(
            op.f("ix_contacts_tenant_id_invite_at"),
            table_name="contacts",
            postgresql_where="invite_at IS NOT NULL",
            postgresql_concurrently=True,
        )
        op.drop_index(
            op.f("ix_contacts_tenant_id_created_at_id"), table_name="contacts", postgresql_concurrently=True
        )
        op.drop_index(
            op.f("ix_connections_tenant_id_updated_at"),
            table_name="connections",
            postgresql_concurrently=True,
        )
        op.drop_index(
            op.f("ix_connections_tenant_id_import_key"),
            table_name="connections",
            postgresql_where="import_key IS NOT NULL",
            postgresql_concurrently=True,
        )
        op.drop_index(
            op.f("ix_connections_tenant_id_import_id"),
            table_name="connections",
            postgresql_where="import_id IS NOT NULL",
            postgresql_concurrently=True,
        )
        op.drop_index(
            op.f("ix_connections_tenant_id_created_at_id"),
            table_name="connections",
            postgresql_concurrently=True,
        )
