"""Bringing the tables of the truth to the schema that this code needs.

The version is read with one statement; Alembic (0.3 s, 22 MB) is imported only by a
database that is behind. All of it happens in the caller's transaction, so a migration that
is killed has never been.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from mlplayground.database.tables import REVISIONS, metadata
from mlplayground.errors import DatabaseError

SCRIPTS = Path(__file__).parent / "migrations"


def revision(connection: Connection) -> str | None:
    """Return the schema's revision, None for an empty database.

    Raises
    ------
    DatabaseError
        If the database is newer than this code, or holds tables of something else.
    """
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        if "events" in tables:
            raise DatabaseError(
                "The database has a table 'events' that mlplayground did not make. "
                "Set MLPLAYGROUND_DATABASE to a database of its own."
            )
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if found not in REVISIONS:
        raise DatabaseError(
            f"The database has schema {found}, and this mlplayground knows schemas up to "
            f"{REVISIONS[-1]}: it was written by a newer version. Nothing was changed. Update "
            "with: pip install --upgrade mlplayground"
        )
    return found


def create(connection: Connection) -> None:
    """Make the newest schema in an empty database."""
    metadata.create_all(connection)
    # As Alembic itself makes it.
    connection.execute(
        text(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
            "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
    )
    connection.execute(
        text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": REVISIONS[-1]}
    )


def migrate(connection: Connection) -> None:
    """Run the migrations that are missing."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
