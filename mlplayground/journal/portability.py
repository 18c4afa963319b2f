"""A learner's things are theirs: all of them to take away, all of them deleted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Connection, TableClause, column, delete, inspect, select, table, update

from mlplayground.database import Database, cursors, events
from mlplayground.errors import DatabaseError
from mlplayground.journal import store
from mlplayground.journal.event import Event
from mlplayground.journal.journal import Journal
from mlplayground.journal.projection import installed
from mlplayground.stash import Stash

_README = """\
Everything that mlplayground keeps of {user}.

journal.jsonl   what happened, an event a line (JSON), oldest first
files/          datasets and all other files, as they lie in the stash

Everything else that mlplayground shows is worked out from these.
"""


def export_user(database: Database, stash: Stash, target: BinaryIO) -> None:
    """Write everything of the stash's user into `target`, as a zip.

    It holds ``README.txt``, ``journal.jsonl`` and ``files/…``. `target` need not be seekable.
    """
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _README.format(user=stash.user))
        with archive.open("journal.jsonl", "w", force_zip64=True) as lines:
            for event in _events(database, stash.user):
                lines.write(json.dumps(asdict(event)).encode() + b"\n")
        for path in stash.list():
            if not _is_database(database, stash, path):
                with (
                    stash.open(path) as source,
                    archive.open(f"files/{path}", "w", force_zip64=True) as copy,
                ):
                    shutil.copyfileobj(source, copy, 1024 * 1024)


def forget_user(database: Database, stash: Stash) -> None:
    """Delete everything of the stash's user: events, rows of projections, files, backups.

    A SQLite file that holds nobody else's events is deleted with its log; processes that
    have it open go on in a new one. Of a shared database the rows go, and freed pages are
    overwritten.

    Raises
    ------
    DatabaseError, StashError
        If something could not be deleted. Calling it again goes on.
    """
    try:
        _forget_rows(database, stash.user)
    except DatabaseError:
        # A damaged or newer file inside the user's own folder goes with the folder.
        if not _is_database(database, stash, _relative(database, stash)):
            raise
        database.dispose()
    stash.delete_everything()


def _events(database: Database, user: str) -> Iterator[Event]:
    # A read transaction a page: one long one would keep writers waiting.
    journal, after = Journal(database), 0
    while found := journal.read(after, user=user):
        yield from found
        after = found[-1].seq or 0


def _is_database(database: Database, stash: Stash, path: str | None) -> bool:
    if path is None or database.path is None or stash.root is None:
        return False
    return database.owns(stash.root / path)


def _relative(database: Database, stash: Stash) -> str | None:
    if database.path is None or stash.root is None:
        return None
    inside = database.path.is_relative_to(stash.root)
    return database.path.relative_to(stash.root).as_posix() if inside else None


def _forget_rows(database: Database, user: str) -> None:
    if database.path and database.delete(lambda connection: _is_alone(connection, user)):
        _remove_folders(database.path, user)
        return
    with database.transaction() as connection:
        tables: list[TableClause] = [events, *_projection_tables(connection)]
        for each in tables:
            connection.execute(delete(each).where(each.c.user == user))
        # Where the newest events went, the cursors must not stand beyond the end.
        last = store.last_seq(connection)
        connection.execute(update(cursors).where(cursors.c.seq > last).values(seq=last))
    database.scrub([each.name for each in tables])


def _remove_folders(path: Path, user: str) -> None:
    # Beside a remote stash the database has a folder of its own, named after the user.
    for number, folder in enumerate(path.parents):
        if folder.name == user and folder.parent.name == "users":
            with suppress(OSError):  # something else lies there
                for each in path.parents[: number + 1]:
                    each.rmdir()


def _is_alone(connection: Connection, user: str) -> bool:
    others = select(events.c.seq).where(events.c.user != user).limit(1)
    return connection.scalar(others) is None


def _projection_tables(connection: Connection) -> list[TableClause]:
    """Tables of projections that are there, of apps that are not installed here, too."""
    projections = installed()
    known = {each.name for projection in projections for each in projection.tables}
    names = {projection.name for projection in projections}
    names |= set(connection.scalars(select(cursors.c.name)))
    inspector = inspect(connection)
    return [
        table(found, column("user"))
        for found in inspector.get_table_names()
        if (found in known or any(_is_named_after(found, name) for name in names))
        and any(each["name"] == "user" for each in inspector.get_columns(found))
    ]


def _is_named_after(found: str, projection: str) -> bool:
    return found == projection or found.startswith(f"{projection}_")
