"""The projections that are installed, and one decision, on the other database."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points

import pytest

from mlplayground.catalog import DecisionManifest, load_catalog
from mlplayground.database import Database
from mlplayground.journal.projection import GROUP, Projection
from mlplayground.testing.decision_contract import DecisionContract
from mlplayground.testing.projection_contract import ProjectionContract


@pytest.mark.postgres
class TestProjections(ProjectionContract):
    @pytest.fixture(params=sorted(entry_points(group=GROUP)), ids=lambda entry: entry.name)
    def projection(self, request: pytest.FixtureRequest) -> Projection:
        entry: EntryPoint = request.param
        made: Projection = entry.load()()
        return made

    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url


@pytest.mark.postgres
class TestDecision(DecisionContract):
    @pytest.fixture
    def decision(self) -> DecisionManifest:
        return load_catalog().decision("data_explorer.next_fix")

    @pytest.fixture
    def database(self, postgres_url: str) -> Iterator[Database]:
        database = Database(postgres_url)
        yield database
        database.dispose()
