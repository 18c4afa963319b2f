"""A third-party app of ten YAML lines, one engine function and one step gets everything.

Line by line: steps and lesson, suggestions, recording, Show code, the sidebar's progress;
its decision joins the contract suite by being installed (``tests/conformance``).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlplayground.catalog import load_catalog
from mlplayground.coach import reads
from mlplayground.errors import InputError
from mlplayground.journal.projection import catch_up, installed
from mlplayground.session import App, Session
from mlplayground.settings import Settings

pytestmark = pytest.mark.slow

THIRD_PARTY = Path(__file__).parents[1] / "fixtures" / "third_party"


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[App]:
    monkeypatch.syspath_prepend(str(THIRD_PARTY))
    monkeypatch.setenv("PYTHONPATH", str(THIRD_PARTY), prepend=":")
    with Session(settings) as session:
        yield session.open("coin")


def test_it_runs_and_shows_its_finding(app: App) -> None:
    result = app.run("flip", flips=1000)
    assert "of 1000 flips were heads" in result.views[0].text


def test_its_decision_suggests_and_learns(app: App) -> None:
    suggestion = app.run("flip").suggestions[0]
    assert suggestion.candidate.arm in ("more", "again")
    app.accept(suggestion)
    kinds = [event.kind for event in app.session.journal.read()]
    assert kinds[-2:] == ["suggestion_decided", "outcome_measured"]


def test_what_was_done_is_in_the_journal_and_in_the_progress(app: App) -> None:
    app.run("flip")
    session = app.session
    for projection in installed():
        catch_up(session.database, projection)
    with session.database.read() as connection:
        progress = reads.progress(connection, session.settings.user, load_catalog())
    assert [(a.id, a.done, a.total) for a in progress if a.id == "coin"] == [("coin", 1, 1)]


def test_show_code_runs_without_mlplayground(app: App) -> None:
    result = app.run("flip", flips=200)
    code = f"import sys; sys.modules['mlplayground'] = None\n{result.source}"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(ran.stdout) == result.value.heads


def test_a_value_without_a_control_is_refused(app: App) -> None:
    with pytest.raises(InputError, match="takes flips, not colour"):
        app.run("flip", colour="red")


def test_the_panel_has_its_widgets_recorded(app: App) -> None:
    roles = app.step("flip").panel.roles()
    assert "coin/flip/flips" in roles.values()
