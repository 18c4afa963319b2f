"""What :class:`~mlplayground.database.Database` needs of one kind of database."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine


class Backend(Protocol):
    """One kind of database at one address. Threads may use it at once."""

    shown: str
    """The address as shown to the learner, without a password."""

    def make_engine(self) -> Engine:
        """A new engine; connecting fails where the database is not there."""

    def identity(self) -> object:
        """What changes when the database is replaced by another; None if there is none."""

    def exclusive(self) -> AbstractContextManager[Any]:
        """Keep other processes from creating, migrating or deleting the database; reentrant."""

    def is_misfit(self) -> bool:
        """Whether what is there, and was connected to, must not be used as it is."""

    def create(self) -> None:
        """Make an empty database where there is none, or the one that is there fit."""

    def begin(self, connection: Connection, durable: bool) -> None:
        """Begin a transaction and take the write lock; a crash of the machine may take back
        the last few commits that were not `durable`, but never half of one."""

    def begin_read(self, connection: Connection) -> None:
        """Begin a transaction that sees one state and cannot write."""

    def backup(self, revision: str) -> Path | None:
        """Copy what is there before a migration; None where the host has to."""

    def scrub(self, engine: Engine, tables: Sequence[str]) -> None:
        """Leave no trace of rows that were deleted from `tables`."""

    @property
    def mode(self) -> str | None:
        """SQLite's journal mode, as seen on the last connection."""

    def describe(self, connection: Connection) -> dict[str, Any]:
        """Facts for ``mlplayground doctor``."""
