"""Every decision that an app declares keeps the contract by being installed."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from mlplayground.catalog import DecisionManifest, load_catalog
from mlplayground.testing.decision_contract import DecisionContract

pytestmark = pytest.mark.slow

THIRD_PARTY = Path(__file__).parents[1] / "fixtures" / "third_party"


def _decisions() -> list[DecisionManifest]:
    """Those of the installed apps, and of a third party's that is installed for a moment."""
    sys.path.insert(0, str(THIRD_PARTY))
    importlib.invalidate_caches()
    try:
        apps = load_catalog().apps.values()
    finally:
        sys.path.remove(str(THIRD_PARTY))
    return [decision for app in apps for decision in app.decisions]


class TestInstalled(DecisionContract):
    @pytest.fixture(params=_decisions(), ids=lambda decision: decision.id)
    def decision(self, request: pytest.FixtureRequest) -> DecisionManifest:
        found: DecisionManifest = request.param
        return found


def test_ours_and_a_third_party_s_are_among_them() -> None:
    ids = {decision.id for decision in _decisions()}
    assert {"data_explorer.first_chart", "data_explorer.next_fix", "coin.next_try"} <= ids
