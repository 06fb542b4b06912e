"""Make the job queue: procrastinate's own schema, as its pinned version brings it."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind().connection.driver_connection
    assert connection is not None  # noqa: S101 - a migration has a connection
    connection.execute(SchemaManager.get_schema())


def downgrade() -> None:
    op.execute("DROP TABLE procrastinate_periodic_defers, procrastinate_events, procrastinate_jobs CASCADE")
    op.execute("DROP TABLE procrastinate_workers CASCADE")
