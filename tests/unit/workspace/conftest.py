"""A workspace on a real stash and a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mlplayground.database import Database
from mlplayground.journal import Journal
from mlplayground.stash import Stash
from mlplayground.workspace import Workspace


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'patterns.db'}")
    yield database
    database.dispose()


@pytest.fixture
def stash(tmp_path: Path) -> Stash:
    return Stash(str(tmp_path / "home"), "ada")


@pytest.fixture
def journal(database: Database) -> Journal:
    return Journal(database)


@pytest.fixture
def open_workspace(database: Database, stash: Stash, journal: Journal) -> Callable[[], Workspace]:
    """Opens the workspace as another process would: nothing is remembered."""
    return lambda: Workspace(database, stash, journal, user="ada", session="s1")


@pytest.fixture
def workspace(open_workspace: Callable[[], Workspace]) -> Workspace:
    return open_workspace()
