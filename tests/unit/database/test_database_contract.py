"""Each kind of database keeps the contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlplayground.testing.database_contract import DatabaseContract


class TestWriteAheadLog(DatabaseContract):
    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path}/a folder/patterns.db?journal_mode=wal"


class TestRollbackJournal(DatabaseContract):
    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path}/patterns.db?journal_mode=delete"


@pytest.mark.postgres
class TestPostgres(DatabaseContract):
    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url
