"""Every projection that is installed, ours or an app's, keeps the contract by being registered."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

import pytest

from mlplayground.journal.projection import GROUP, Projection
from mlplayground.testing.projection_contract import ProjectionContract


class TestInstalled(ProjectionContract):
    @pytest.fixture(params=sorted(entry_points(group=GROUP)), ids=lambda entry: entry.name)
    def projection(self, request: pytest.FixtureRequest) -> Projection:
        entry: EntryPoint = request.param
        made: Projection = entry.load()()
        assert made.name == entry.name
        return made
