"""Show code: what was done so far as plain Python, from the lineage of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlplayground.session.app import App
    from mlplayground.session.session import Session


def project_code(app: App) -> str:
    """The code that loads and repairs the project's table, then that of the app's steps.

    Returns
    -------
    str
        A script that needs only public libraries; empty before anything was done.
    """
    parts = [table_code(app.session)]
    for step_id, result in app.results.items():
        if app.find(step_id).needs_dataset and result.source:
            parts.append(f"# {app.manifest.step(step_id).title}\n{result.source}")
    return "\n\n".join(part for part in parts if part)


def table_code(session: Session) -> str:
    """The code that makes the project's table: how it was read, then each recipe."""
    dataset = session.dataset()
    recipes = []
    while dataset is not None and dataset.recipe is not None and dataset.parent is not None:
        recipes.append(session.workspace.recipe(dataset.recipe).to_source("df"))
        dataset = session.workspace.dataset(dataset.parent)
    if dataset is None:
        return ""
    return "\n\n".join([session.workspace.reading_code(dataset.id), *reversed(recipes)])
