"""SQLite: a file of one learner, or of a few."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from filelock import FileLock
from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.pool import QueuePool

from mlplayground.database.explain import explained_files
from mlplayground.database.filesystem import file_system, is_local
from mlplayground.errors import DatabaseError

_COMPANIONS = ("-wal", "-shm", "-journal")


class Sqlite:
    """See :class:`~mlplayground.database.backend.Backend`.

    The file may be replaced at any time by another process (:meth:`delete`). Each
    transaction compares the file's identity before and after it has the lock, so nothing is
    ever written into a file that is gone. Never open the file by other means than SQLite:
    closing it again would drop this process's locks.
    """

    def __init__(self, url: URL, timeout: float) -> None:
        if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
            raise DatabaseError(
                f"SQLite needs a file, like sqlite:////home/ada/patterns.db, and not {url}."
            )
        self.path = Path(url.database).expanduser().absolute()
        self.shown = str(self.path)
        self._timeout = timeout
        self._wanted = _wanted_mode(url)
        self._mode: str | None = None
        # One object: it is reentrant within a thread.
        self._file_lock = FileLock(self._beside(".lock"), timeout=timeout * 3)

    def make_engine(self) -> Engine:
        return create_engine("sqlite://", creator=self._connect, poolclass=QueuePool)

    def identity(self) -> object:
        with explained_files(self.shown):
            try:
                found = os.stat(self.path)
            except FileNotFoundError:
                return None
        return found.st_dev, found.st_ino

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        with explained_files(self.shown):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file_lock.acquire()
        try:
            yield
        finally:
            self._file_lock.release()

    def is_misfit(self) -> bool:
        """Whether the journal is not the one asked for, or not safe where the file lies now."""
        if self._wanted:
            return self._mode != self._wanted
        return self._mode == "wal" and not is_local(self.file_system())

    def create(self) -> None:
        """Make the file if it is missing, and choose its journal; the file lock is held."""
        # The only place that may create the file; see `delete`.
        connection = sqlite3.connect(self.path, timeout=self._timeout, isolation_level=None)
        try:
            mode = self._wanted or ("wal" if is_local(self.file_system()) else "delete")
            # Where memory cannot be shared SQLite refuses WAL silently, so nobody believes
            # this: each connection asks what the mode is.
            connection.execute(f"PRAGMA journal_mode = {mode}").fetchone()
        finally:
            connection.close()

    def begin(self, connection: Connection, durable: bool) -> None:
        raw = _raw(connection)
        # A rollback journal that is not flushed can lose the whole file with the power.
        level = "FULL" if durable or self._mode != "wal" else "NORMAL"
        raw.execute("PRAGMA query_only = OFF")  # the pool may have had it for reading
        raw.execute(f"PRAGMA synchronous = {level}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def begin_read(self, connection: Connection) -> None:
        _raw(connection).execute("PRAGMA query_only = ON")
        connection.exec_driver_sql("BEGIN")

    def backup(self, revision: str) -> Path | None:
        """Copy the database beside itself; the copy is there whole or not at all."""
        target = self._beside(f".backup-{revision}-{time.strftime('%Y%m%dT%H%M%S')}")
        partial = self._beside(".backup-partial")
        partial.unlink(missing_ok=True)
        source, copy = sqlite3.connect(self.path), sqlite3.connect(partial)
        try:
            source.backup(copy)
        finally:
            source.close()
            copy.close()
        with explained_files(self.shown):
            os.replace(partial, target)
        return target

    def scrub(self, engine: Engine, tables: Sequence[str]) -> None:
        """Rewrite the file and empty its log; backups hold those rows, so they go."""
        self._remove(self._backups())
        with engine.connect() as connection:
            raw = _raw(connection)
            raw.execute("PRAGMA query_only = OFF")
            raw.execute("VACUUM")
            busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise DatabaseError(
                f"The rows are deleted, but {self.shown} is being read by another process, so "
                "its log still holds them. Close other notebooks, and do it again."
            )

    def delete(self) -> None:
        """Remove the file and all beside it, with file lock and write lock held."""
        # While both are held nobody can create the file anew, so the names below cannot
        # be those of a new database. A waiting writer finds the file gone and begins anew.
        self._remove([self._beside(suffix) for suffix in ("", *_COMPANIONS)])
        self._remove([*self._backups(), self._beside(".lock")])

    @property
    def mode(self) -> str | None:
        return self._mode

    def file_system(self) -> str:
        return file_system(self.path.parent)

    def describe(self, connection: Connection) -> dict[str, Any]:
        return {
            "kind": "SQLite",
            "version": sqlite3.sqlite_version,
            "path": str(self.path),
            "bytes": sum(_size(self._beside(suffix)) for suffix in ("", "-wal")),
            "file_system": self.file_system(),
            "network_safe": self._mode != "wal" or is_local(self.file_system()),
            "journal_mode": self._mode,
        }

    def _connect(self) -> sqlite3.Connection:
        # mode=rw: a file that was deleted meanwhile must not come back empty.
        connection = sqlite3.connect(
            f"file:{quote(str(self.path))}?mode=rw",
            uri=True,
            timeout=self._timeout,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            connection.execute("PRAGMA secure_delete = ON")
            self._mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
        except BaseException:
            connection.close()
            raise
        return connection

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)

    def _backups(self) -> list[Path]:
        start = f"{self.path.name}.backup-"
        return [path for path in self.path.parent.iterdir() if path.name.startswith(start)]

    def _remove(self, paths: Iterable[Path]) -> None:
        with explained_files(self.shown):
            for path in paths:
                path.unlink(missing_ok=True)


def _raw(connection: Connection) -> sqlite3.Connection:
    raw = connection.connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _size(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.stat().st_size
    return 0


def _wanted_mode(url: URL) -> str | None:
    mode = url.query.get("journal_mode")
    if mode not in (None, "wal", "delete") or set(url.query) - {"journal_mode"}:
        raise DatabaseError(
            f"A SQLite address may end in ?journal_mode=wal or ?journal_mode=delete, not {url}."
        )
    return None if mode is None else str(mode)
