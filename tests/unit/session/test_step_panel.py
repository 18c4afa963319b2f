"""A step as a panel: what a click starts, what comes back, and what a failure says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mlplayground.practice import make_messy_table
from mlplayground.session import App, Session
from mlplayground.settings import Settings
from mlplayground.ui.controls import Source

pytestmark = pytest.mark.slow


@pytest.fixture
def app(settings: Settings) -> Iterator[App]:
    with Session(settings) as session:
        yield session.open("data_explorer")


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "messy.csv"
    make_messy_table(n_rows=120, random_state=1).frame.to_csv(path, index=False)
    return path


def awaited(app: App, step: str, act: Callable[[], None]) -> None:
    """Do `act` and wait until the step has a new result."""
    came = threading.Event()
    before = app.results.get(step)
    app.on_result(lambda: came.set() if app.results.get(step) is not before else None)
    act()
    assert came.wait(30)


def load(app: App, csv: Path) -> None:
    panel = app.step("load").panel
    picker = panel._inputs["source"].widget
    picker.source = Source("path", str(csv), csv.name)
    awaited(app, "load", panel._run.click)


def test_a_panel_says_why_it_cannot_run_yet(app: App) -> None:
    panel = app.step("quality").panel
    assert panel._run.disabled
    assert "Choose a dataset first" in panel._why.value


def test_loading_wakes_the_panels_that_need_a_table(app: App, csv: Path) -> None:
    quality = app.step("quality").panel
    awaited(app, "quality", lambda: load(app, csv))
    assert not quality._run.disabled
    assert app.results["quality"].suggestions


def test_an_applied_card_is_in_the_journal_and_the_panel_shows_the_new_table(
    app: App, csv: Path
) -> None:
    app.step("quality")
    awaited(app, "quality", lambda: load(app, csv))
    before = app.session.dataset()
    card = app.results["quality"].suggestions[0].id
    panel = app.step("quality").panel
    awaited(app, "quality", lambda: panel._on_card(card, "accepted", None))
    kinds = [event.kind for event in app.session.journal.read(limit=500)]
    assert kinds.index("suggestion_decided") < kinds.index("outcome_measured")
    assert app.session.dataset() != before


def test_undo_goes_back_to_the_table_before(app: App, csv: Path) -> None:
    app.step("quality")
    awaited(app, "quality", lambda: load(app, csv))
    before = app.session.dataset()
    app.accept(app.run("quality").suggestions[0])
    assert app.session.dataset() != before
    awaited(app, "quality", lambda: app.step("quality").panel._undo.click())
    assert app.session.dataset() == before


def test_a_file_that_is_no_table_is_said_in_the_panel_and_nothing_is_lost(
    app: App, tmp_path: Path, csv: Path
) -> None:
    load(app, csv)
    kept = app.session.dataset()
    bad = tmp_path / "picture.csv"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    panel = app.step("load").panel
    panel._inputs["source"].widget.source = Source("path", str(bad), bad.name)
    said = threading.Event()
    panel._notice.observe(lambda change: said.set() if change["new"] else None, names="value")
    panel._run.click()
    assert said.wait(30)
    assert "picture.csv" in panel._notice.value
    assert app.session.dataset() == kept
    outcomes = [
        event.payload["outcome"] for event in app.session.journal.read(kinds=["step_finished"])
    ]
    assert outcomes[-1] == "error"


def test_another_kernel_finds_the_project_as_it_was_left(
    settings: Settings, app: App, csv: Path
) -> None:
    load(app, csv)
    with Session(settings) as second:
        again = second.open("data_explorer")
        panel = again.step("overview")
        awaited(again, "overview", panel.ensure)
        assert "rows and" in panel.mimebundle()["text/html"]


def test_a_beginner_reads_what_the_step_is_about(app: App, csv: Path) -> None:
    awaited(app, "overview", lambda: (app.step("overview"), load(app, csv))[0])
    assert "Before any model there is looking" in app.step("overview").panel.static_html()


def test_a_repair_that_fails_is_not_recorded_as_accepted(
    app: App, csv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.run("load", source=csv)
    suggestion = app.run("quality").suggestions[0]

    def full_disk(recipe: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(app.session, "apply", full_disk)
    with pytest.raises(OSError, match="No space left"):
        app.accept(suggestion)
    assert not app.session.journal.read(kinds=["suggestion_decided", "outcome_measured"])
