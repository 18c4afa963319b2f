"""What the sidebar says of a learner's way: done, next and why, how far."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from mlplayground.catalog import Catalog
from mlplayground.coach import reads
from mlplayground.coach.projections import ProgressProjection
from mlplayground.database import Database
from mlplayground.journal.projection import catch_up

Happens = Callable[..., None]


def finish(happens: Happens, app: str, step: str, outcome: str = "ok") -> None:
    more = {"error_class": "ValueError"} if outcome == "error" else {}
    happens("step_finished", app, step, outcome=outcome, duration_ms=5, **more)


def following(database: Database, catalog: Catalog, user: str = "ada") -> reads.NextStep | None:
    catch_up(database, ProgressProjection())
    with database.read() as connection:
        return reads.next_step(connection, user, catalog)


def test_a_step_is_done_once_it_ended_well(
    happens: Happens, database: Database, catalog: Catalog
) -> None:
    finish(happens, "explorer", "load")
    finish(happens, "explorer", "load", "error")
    finish(happens, "explorer", "look", "error")
    finish(happens, "explorer", "fix", "cancelled")
    finish(happens, "gone", "step")
    catch_up(database, ProgressProjection())
    with database.read() as connection:
        explorer, trainer = reads.progress(connection, "ada", catalog)
        assert reads.progress(connection, "bob", catalog)[0].done == 0
    assert (explorer.id, explorer.done, explorer.total) == ("explorer", 1, 3)
    assert [(step.id, step.done) for step in explorer.steps] == [
        ("load", True),
        ("look", False),
        ("fix", False),
    ]
    assert (trainer.done, trainer.total) == (0, 1)


def test_the_next_step_comes_with_a_reason(
    happens: Happens, database: Database, catalog: Catalog
) -> None:
    first = following(database, catalog)
    assert first is not None
    assert (first.app, first.step, first.title) == ("explorer", "load", "Load")
    assert first.notebook == "explorer.ipynb"
    assert first.reason == "A good way into Explorer: You can load."
    finish(happens, "explorer", "load")
    second = following(database, catalog)
    assert second is not None
    assert second.step == "look"
    assert second.reason == "You have done 1 of 3 steps of Explorer. Next: You can look."
    finish(happens, "explorer", "look", "error")
    again = following(database, catalog)
    assert again is not None
    assert again.step == "look"
    assert again.reason == "Your last try at Look ended with an error; it is worth another one."


def test_the_app_that_was_used_last_comes_first(
    happens: Happens, database: Database, catalog: Catalog
) -> None:
    finish(happens, "explorer", "load")
    happens("app_opened", "trainer")
    step = following(database, catalog)
    assert step is not None
    assert step.app == "trainer"
    finish(happens, "trainer", "fit")
    step = following(database, catalog)
    assert step is not None
    assert (step.app, step.step) == ("explorer", "look")


def test_after_the_last_step_there_is_none(
    happens: Happens, database: Database, catalog: Catalog
) -> None:
    for app in catalog.apps.values():
        for step in app.steps:
            finish(happens, app.id, step.id)
    assert following(database, catalog) is None


def test_the_stage_grows_with_what_was_met(happens: Happens, database: Database) -> None:
    def stage() -> str:
        catch_up(database, ProgressProjection())
        with database.read() as connection:
            return reads.stage(connection, "ada")

    assert stage() == "beginner" == reads.STAGES[0]
    for step in "abcdefgh":
        finish(happens, "explorer", step)
    assert stage() == "beginner"  # much of one thing is not yet far
    finish(happens, "trainer", "fit")
    assert stage() == "intermediate"
    for app in "abcdefgh":
        finish(happens, app, "one")
        finish(happens, app, "two")
    assert stage() == "advanced"


def test_reading_along_needs_no_numbers_library() -> None:
    code = (
        "import mlplayground.coach.reads, mlplayground.coach.projections, sys\n"
        "print(sorted({'pandas', 'numpy', 'scipy', 'sklearn'} & sys.modules.keys()))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
