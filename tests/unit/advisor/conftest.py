"""An advisor on a real database, with two declared decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mlplayground.advisor import Advisor
from mlplayground.catalog import AppManifest, Catalog, DecisionManifest, StepManifest
from mlplayground.database import Database
from mlplayground.journal import Journal

FIX = DecisionManifest(
    id="shop.fix",
    question="Which repair?",
    context=("rows", "quality"),
    reward="quality_gain",
    reward_version="1",
    prior={"default": (1.0, 1.0), "good": (4.0, 1.0)},
)
LOOK = DecisionManifest(
    id="shop.look",
    question="Which chart?",
    context=(),
    reward="chosen",
    reward_version="1",
    prior={"default": (1.0, 1.0)},
)


@pytest.fixture
def catalog() -> Catalog:
    app = AppManifest(
        id="shop",
        title="Shop",
        summary="",
        track="beginner",
        notebook="shop.ipynb",
        package="shop",
        steps=(StepManifest("look", "Look", "Look."),),
        decisions=(FIX, LOOK),
        lesson={},
    )
    return Catalog({"shop": app})


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'patterns.db'}")
    yield database
    database.dispose()


@pytest.fixture
def journal(database: Database) -> Journal:
    return Journal(database)


@pytest.fixture
def open_advisor(database: Database, journal: Journal, catalog: Catalog) -> Callable[..., Advisor]:
    """Opens an advisor as another session would: nothing is remembered."""

    def opened(user: str = "ada", seed: int = 0) -> Advisor:
        return Advisor(database, journal, catalog, user=user, session=f"s{seed}", random_state=seed)

    return opened


@pytest.fixture
def advisor(open_advisor: Callable[..., Advisor]) -> Advisor:
    return open_advisor()
