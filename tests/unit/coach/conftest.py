"""A coach on a real stash and a real database, and ways to make things happen around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mlplayground.catalog import AppManifest, Catalog, StepManifest
from mlplayground.coach import Coach
from mlplayground.database import Database
from mlplayground.journal import Journal, new_event
from mlplayground.stash import Stash


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
def happens(journal: Journal) -> Callable[..., None]:
    """Appends one event of the learner's."""

    def append(kind: str, app: str | None = None, step: str | None = None, **payload: Any) -> None:
        session = payload.pop("session", "s1")
        journal.append(new_event(kind, payload, user="ada", session=session, app=app, step=step))

    return append


@pytest.fixture
def open_coach(database: Database, journal: Journal, stash: Stash) -> Callable[..., Coach]:
    """Opens a coach as another session would: nothing is remembered."""

    def opened(session: str = "s1") -> Coach:
        return Coach(database, journal, stash, user="ada", session=session)

    return opened


@pytest.fixture
def coach(open_coach: Callable[..., Coach]) -> Coach:
    return open_coach()


@pytest.fixture
def catalog() -> Catalog:
    def app(app_id: str, *steps: str) -> AppManifest:
        manifests = tuple(StepManifest(s, s.title(), f"You can {s}.") for s in steps)
        return AppManifest(
            app_id, app_id.title(), "", "beginner", f"{app_id}.ipynb", app_id, manifests, (), {}
        )

    return Catalog(
        {"explorer": app("explorer", "load", "look", "fix"), "trainer": app("trainer", "fit")}
    )
