"""What a database driver raises, as a ``DatabaseError`` that says what to do."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from mlplayground.errors import DatabaseError

_BUSY = (
    "it is locked by another process or thread that has been writing for too long. Close other "
    "notebooks or programs that use it, and try again"
)
_FULL = "the disk is full. Free some space and try again; what was saved before is unharmed"
_READ_ONLY = "it is read-only. Make the file and its folder writable, or set MLPLAYGROUND_DATABASE"
_DAMAGED = (
    "the file is damaged, or is not a database. Move it away to begin a new one, or restore "
    "a copy (migrations leave some beside it, named *.backup-*)"
)
_SQLITE = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened. Check that the file and its folder may be "
    "read and written",
    sqlite3.SQLITE_IOERR: "reading or writing the file failed. Check the disk; the free space, too",
}
_FILES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _READ_ONLY,
    errno.EPERM: _READ_ONLY,
    errno.EROFS: _READ_ONLY,
    errno.ENOTDIR: "a file stands where its folder should be",
}
_POSTGRES = {
    "55P03": _BUSY,
    "40P01": _BUSY,
    "53100": _FULL,
    "25006": _READ_ONLY,
    "28P01": "the password is wrong. Check MLPLAYGROUND_DATABASE",
    "28000": "the user may not log in. Check MLPLAYGROUND_DATABASE",
    "3D000": "there is no such database. Create it, or check MLPLAYGROUND_DATABASE",
    "42501": "this user lacks a privilege there. It must be able to create tables",
}


@contextmanager
def explained(shown: str) -> Iterator[None]:
    """Translate driver errors about the database named `shown`; bugs of ours pass through."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, PoolTimeout) as error:
        original = error.orig if isinstance(error, DBAPIError) else error
        reason = _reason(original)
        if reason is None and _is_bug(original, error):
            raise
        raise _error(shown, reason, original) from error


@contextmanager
def explained_files(shown: str) -> Iterator[None]:
    """Translate what the file system raises where a database's files are made or removed."""
    try:
        yield
    except OSError as error:
        reason = _BUSY if isinstance(error, TimeoutError) else _FILES.get(error.errno or 0)
        raise _error(shown, reason, error) from error


def locked(shown: str) -> DatabaseError:
    """What to raise where somebody else has been writing for too long."""
    return _error(shown, _BUSY, None)


def _error(shown: str, reason: str | None, original: BaseException | None) -> DatabaseError:
    reason = reason or f"{type(original).__name__}: {original}".strip().rstrip(".")
    return DatabaseError(f"The database {shown} cannot be used: {reason}.")


def _is_bug(original: BaseException | None, error: Exception) -> bool:
    """Whether a statement was wrong, rather than the database unable to run it."""
    return isinstance(original, sqlite3.Error) or isinstance(
        error, (DataError, IntegrityError, ProgrammingError)
    )


def _reason(original: BaseException | None) -> str | None:
    if isinstance(original, sqlite3.Error):
        # Absent where Python itself raised; the low byte is the primary code.
        return _SQLITE.get(getattr(original, "sqlite_errorcode", 0) & 0xFF)
    return _POSTGRES.get(getattr(original, "sqlstate", None) or "")
