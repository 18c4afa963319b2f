"""The learner's services for one command, from the environment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlplayground.settings import Settings

if TYPE_CHECKING:
    from mlplayground.database import Database
    from mlplayground.stash import Stash


@dataclass(frozen=True, slots=True)
class Services:
    """Who is meant, and where their things are."""

    settings: Settings
    database: Database
    stash: Stash


@contextmanager
def services() -> Iterator[Services]:
    """Open the services; the database's connections are closed at the end."""
    from mlplayground.database import Database
    from mlplayground.stash import Stash

    settings = Settings.from_environment()
    database = Database(settings.database_url)
    try:
        yield Services(settings, database, Stash(settings.home, settings.user))
    finally:
        database.dispose()
