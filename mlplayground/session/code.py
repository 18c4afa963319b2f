"""Show code: what was done so far as plain Python, from the lineage of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlplayground.recipes import Learned
    from mlplayground.session.app import App
    from mlplayground.session.session import Session
    from mlplayground.session.step import StepResult


def project_code(app: App) -> str:
    """The code that loads and repairs the project's table, then that of the app's steps.

    Returns
    -------
    str
        A script that needs only public libraries; empty before anything was done.
    """
    table = table_code(app.session)
    if not table:
        return ""
    return _joined([table, *(_own(app, result) for result in app.results.values())])


def step_code(app: App, result: StepResult) -> str:
    """The code that makes the table and does what one step did; runs by itself."""
    if not app.find(result.step).needs_dataset:
        return result.source
    return _joined([table_code(app.session), _own(app, result)])


def _own(app: App, result: StepResult) -> str:
    if not app.find(result.step).needs_dataset or not result.source:
        return ""
    return f"# {app.manifest.step(result.step).title}\n{result.source}"


def _joined(parts: list[str]) -> str:
    return "\n\n".join(part for part in parts if part)


def table_code(session: Session) -> str:
    """The code that makes the project's table: how it was read, then each recipe."""
    from mlplayground.recipes import LearnedRecipe

    dataset = session.dataset()
    steps: tuple[Learned, ...] = ()
    while dataset is not None and dataset.recipe is not None and dataset.parent is not None:
        steps = (*session.workspace.recipe(dataset.recipe).steps, *steps)
        dataset = session.workspace.dataset(dataset.parent)
    if dataset is None:
        return ""
    reading = session.workspace.reading_code(dataset.id)
    return _joined([reading, LearnedRecipe(steps).to_source("df") if steps else ""])
