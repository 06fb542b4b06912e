"""Alembic's entry: runs on the connection it is handed, as the owner of the tables."""

from alembic import context
from sqlalchemy import Connection

from app.models import Base


def _is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    # The job queue brings its own tables and functions.
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


def run() -> None:
    """Run the migrations, each in a transaction of its own: an index that is built beside its writers needs that."""
    connection: Connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=_is_ours,
        compare_server_default=True,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
