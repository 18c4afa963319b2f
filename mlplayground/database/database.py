"""The one door to the tables."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, make_url, select
from sqlalchemy.exc import ArgumentError

from mlplayground.database import migrate
from mlplayground.database.backend import Backend
from mlplayground.database.explain import explained, locked
from mlplayground.database.postgres import Postgres
from mlplayground.database.sqlite import Sqlite
from mlplayground.database.tables import REVISIONS, events
from mlplayground.errors import DatabaseError

_ATTEMPTS = 5


class Database:
    """Tables at one address. Threads and processes may use it at once.

    Nothing is opened, created or migrated before the first use.

    Parameters
    ----------
    url : str
        ``sqlite:///path`` (``?journal_mode=delete`` or ``wal`` overrides what is chosen by
        the file system) or ``postgresql://user:password@host/name``.
    timeout : float
        Seconds to wait for another writer.

    Raises
    ------
    DatabaseError
        By every method, where the database is locked, full, read-only, damaged or newer
        than this code. A transaction that raises has changed nothing.
    """

    def __init__(self, url: str, *, timeout: float = 10.0) -> None:
        self.url = url
        self._backend = _backend(url, timeout)
        self._lock = threading.Lock()
        self._timeout = timeout
        self._turns = threading.RLock()
        self._writer: int | None = None
        self._engine: Engine | None = None
        self._identity: object = None

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a SQLite file."""
        return isinstance(self._backend, Sqlite)

    @property
    def path(self) -> Path | None:
        """The SQLite file; None for PostgreSQL."""
        return self._backend.path if isinstance(self._backend, Sqlite) else None

    @property
    def journal_mode(self) -> str | None:
        """``"wal"`` or ``"delete"``, as SQLite answered; None for PostgreSQL."""
        with self.read():
            return self._backend.mode

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[Connection]:
        """Hold the write lock from the start; commit at the end, or roll back on an error.

        Parameters
        ----------
        durable : bool
            False for what may be lost with the machine's power (never with the process
            alone), which is several times faster.
        """
        with (
            explained(self._backend.shown),
            self._turn(),
            self._begun(durable) as connection,
        ):
            yield connection
            connection.commit()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """See one state of all tables; writing raises ``DatabaseError``."""
        with explained(self._backend.shown), self._begun(None) as connection:
            yield connection

    def upgrade(self) -> None:
        """Create the tables, or migrate them after a backup; any first use calls it."""
        with explained(self._backend.shown):
            self._ready()

    def dispose(self) -> None:
        """Close the connections; the next use opens new ones."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = self._identity = None

    def scrub(self, tables: Sequence[str]) -> None:
        """Leave no trace of rows that were deleted from `tables`: not in free pages, a log,
        or (SQLite) backups made before migrations.

        Raises
        ------
        DatabaseError
            Where another process reads just now, so that its log cannot be cleared.
        """
        with explained(self._backend.shown):
            self._backend.scrub(self._ready()[0], tables)

    def delete(self, agreed: Callable[[Connection], bool]) -> bool:
        """Delete the SQLite file with its log and backups, if `agreed`; say whether it was.

        `agreed` sees the database while nobody else can write. A later use begins a new
        file; other processes that have the old one open notice at their next transaction.
        """
        backend = self._backend
        assert isinstance(backend, Sqlite), "a server's database is not a user's to delete"
        self.upgrade()  # so that no other thread is busy making the file when we lock it
        with (
            explained(backend.shown),
            self._turn(),
            backend.exclusive(),
            self._begun(True) as connection,
        ):
            if not agreed(connection):
                return False
            backend.delete()
        self.dispose()
        return True

    def owns(self, path: Path) -> bool:
        """Whether `path` is the SQLite file, or one that is kept beside it."""
        mine = self.path
        return mine is not None and path.parent == mine.parent and path.name.startswith(mine.name)

    def describe(self) -> dict[str, Any]:
        """Facts for ``mlplayground doctor``: ``address, kind, version, schema, events, bytes,
        network_safe, journal_mode``, and for SQLite ``path, file_system``."""
        with self.read() as connection:
            count = connection.scalar(select(func.count()).select_from(events))
            facts = self._backend.describe(connection)
        return {"address": self._backend.shown, "schema": REVISIONS[-1], "events": count, **facts}

    @contextmanager
    def _turn(self) -> Iterator[None]:
        # Threads of one process queue here: SQLite itself would let them nap and try again.
        if self._writer == threading.get_ident():
            raise RuntimeError("this thread already is in a transaction; pass its connection on")
        try:
            if not self._turns.acquire(timeout=self._timeout):
                raise locked(self._backend.shown)
            self._writer = threading.get_ident()
            yield
        finally:
            # An interrupted cell may be stopped between any two lines: only the lock itself
            # knows whether it is ours.
            if self._writer == threading.get_ident():
                self._writer = None
            with suppress(RuntimeError):
                self._turns.release()

    @contextmanager
    def _begun(self, durable: bool | None) -> Iterator[Connection]:
        for _ in range(_ATTEMPTS):
            engine, identity = self._ready()
            with engine.connect() as connection:
                connection.begin()
                if durable is None:
                    self._backend.begin_read(connection)
                else:
                    self._backend.begin(connection, durable)
                # While we waited for the lock its holder may have deleted the file.
                if self._backend.identity() == identity:
                    yield connection
                    return
                connection.invalidate()
        raise DatabaseError(f"The database {self._backend.shown} keeps being replaced.")

    def _ready(self) -> tuple[Engine, object]:
        with self._lock:
            current = self._backend.identity()
            if self._engine is not None and current == self._identity and current is not None:
                return self._engine, current
            if self._engine is not None:
                self._engine.dispose()
            self._engine = self._backend.make_engine()
            self._prepare(self._engine)
            self._identity = self._backend.identity()
            return self._engine, self._identity

    def _prepare(self, engine: Engine) -> None:
        if self._backend.identity() is not None:
            with engine.connect() as connection:
                current = migrate.revision(connection) == REVISIONS[-1]
            if current and not self._backend.is_misfit():
                return
            engine.dispose()  # an idle connection would keep SQLite from changing its mode
        with self._backend.exclusive():
            self._backend.create()
            with engine.connect() as connection:
                connection.begin()
                self._backend.begin(connection, True)
                self._bring_up(connection)
                connection.commit()

    def _bring_up(self, connection: Connection) -> None:
        found = migrate.revision(connection)
        if found is None:
            migrate.create(connection)
        elif found != REVISIONS[-1]:
            self._backend.backup(found)
            migrate.migrate(connection)


def _backend(url: str, timeout: float) -> Backend:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseError(
            f"MLPLAYGROUND_DATABASE must be an address like sqlite:////home/ada/patterns.db or "
            f"postgresql://user:password@host/name, and is not one: {error}."
        ) from error
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        return Sqlite(parsed, timeout)
    if kind == "postgresql":
        return Postgres(parsed, timeout)
    raise DatabaseError(f"A database must be SQLite or PostgreSQL, not {kind!r}.")
