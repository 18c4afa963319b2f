"""A journal on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mlplayground.database import Database
from mlplayground.journal import Journal

KINDS = ["wal", "delete", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/patterns.db?journal_mode={request.param}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(url, timeout=5)
    yield database
    database.dispose()


@pytest.fixture
def journal(database: Database) -> Journal:
    return Journal(database)
