"""The learner's services, each made when it is first needed.

A server starts for people who may never open mlplayground, so nothing of the database is imported
or touched before something asks for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from mlplayground.settings import Settings

if TYPE_CHECKING:
    from mlplayground.catalog import Catalog
    from mlplayground.database import Database
    from mlplayground.journal import Journal
    from mlplayground.stash import Stash

_T = TypeVar("_T")

# The session of what the learner does in the sidebar, outside any kernel.
SERVER_SESSION = "server"


class Services:
    """Settings, catalog, stash, database and journal of one server. Safe to use from any thread.

    Who the learner is comes from the environment, never from Jupyter; each attribute raises an
    ``MLPlaygroundError`` where it cannot be made, and is tried anew the next time.
    """

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}
        self._lock = threading.RLock()

    @property
    def settings(self) -> Settings:
        """The settings, read from the environment once."""
        return self._once("settings", Settings.from_environment)

    @property
    def user(self) -> str:
        """The learner's name."""
        return self.settings.user

    @property
    def catalog(self) -> Catalog:
        """The apps that are installed."""
        from mlplayground.catalog import load_catalog

        return self._once("catalog", load_catalog)

    @property
    def database(self) -> Database:
        """The database of journal and projections."""
        from mlplayground.database import Database

        return self._once("database", lambda: Database(self.settings.database_url))

    @property
    def journal(self) -> Journal:
        """The journal in that database."""
        from mlplayground.journal import Journal

        allowed = self.settings.tracking_allowed
        return self._once("journal", lambda: Journal(self.database, tracking_allowed=allowed))

    @property
    def stash(self) -> Stash:
        """The learner's stash."""
        return self.stash_of(self.user)

    @property
    def address(self) -> str:
        """Where the database is, without any password."""
        return self._once("address", lambda: str(self.database.describe()["address"]))

    @property
    def in_use(self) -> bool:
        """Whether anything has needed the database since the server started."""
        return "database" in self._made

    def stash_of(self, user: str) -> Stash:
        """The stash of the learner `user`."""
        from mlplayground.stash import Stash

        return Stash(self.settings.home, user)

    def append(
        self, kind: str, payload: dict[str, Any], *, app: str | None = None, step: str | None = None
    ) -> int:
        """Journal one event of the learner; return the newest event's number."""
        from mlplayground.journal import new_event

        event = new_event(kind, payload, user=self.user, session=SERVER_SESSION, app=app, step=step)
        return self.journal.append(event)

    def close(self) -> None:
        """Give the database's connections back."""
        if self.in_use:
            self.database.dispose()

    def _once(self, name: str, make: Callable[[], _T]) -> _T:
        with self._lock:
            if name not in self._made:
                self._made[name] = make()
            return self._made[name]  # type: ignore[no-any-return]
