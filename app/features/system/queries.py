"""Every SQL statement of the service's own health."""

from app.core.db import Database


async def schema_revision(database: Database) -> str | None:
    """Return the migration that the database is at."""
    row = await database.alone("SELECT version_num FROM alembic_version")
    return None if row is None else str(row[0])
