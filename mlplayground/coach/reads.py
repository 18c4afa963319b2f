"""Progress, stage, next step and open hints: SQL and plain Python, for kernel and server.

Catch the projection up first (``catch_up(database, ProgressProjection())``).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from mlplayground.catalog import AppManifest, Catalog
from mlplayground.catalog.manifest import TRACKS
from mlplayground.coach.projections import hints as _hints
from mlplayground.coach.projections import steps as _steps


@dataclass(frozen=True, slots=True)
class AppProgress:
    """How far a learner is in one app: the ids of its steps that ran, out of `total`."""

    id: str
    steps: frozenset[str]
    total: int

    @property
    def done(self) -> int:
        """Number of steps that ran."""
        return len(self.steps)


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next, and why, in words for the learner."""

    app: str
    step: str
    title: str
    reason: str
    notebook: str


@dataclass(frozen=True, slots=True)
class OpenHint:
    """A hint that was shown and not put away; its text lies in the stash under `blob`."""

    hint: str
    rung: int
    blob: str
    dataset: str
    app: str | None
    step: str | None
    time: str


def progress(connection: Connection, user: str, catalog: Catalog) -> list[AppProgress]:
    """How far `user` is in each installed app, in the catalog's order."""
    rows = connection.execute(
        select(_steps.c.app, _steps.c.step).where(_steps.c.user == user, _steps.c.finished > 0)
    )
    done = {(row.app, row.step) for row in rows}
    return [
        AppProgress(
            app.id,
            frozenset(step.id for step in app.steps if (app.id, step.id) in done),
            len(app.steps),
        )
        for app in catalog.apps.values()
    ]


def stage(connection: Connection, user: str, catalog: Catalog) -> str:
    """The learner's stage, provisional: the first track with a step that was never done."""
    behind = [
        catalog.apps[each.id].track
        for each in progress(connection, user, catalog)
        if each.done < each.total
    ]
    return next((track for track in TRACKS if track in behind), TRACKS[0])


def next_step(connection: Connection, user: str, catalog: Catalog) -> NextStep | None:
    """The first step that was never done, begun apps first; None where all were done."""
    waiting = [each for each in progress(connection, user, catalog) if each.done < each.total]
    if not waiting:
        return None
    begun = [each for each in waiting if each.done]
    chosen = (begun or waiting)[0]
    app = catalog.apps[chosen.id]
    step = next(step for step in app.steps if step.id not in chosen.steps)
    title = f"{app.title}: {step.title}"
    return NextStep(app.id, step.id, title, _reason(app, chosen, step.goal), app.notebook)


def hints(connection: Connection, user: str) -> list[OpenHint]:
    """Hints that are open, newest first."""
    rows = connection.execute(
        select(_hints)
        .where(_hints.c.user == user, or_(_hints.c.answer.is_(None), _hints.c.answer == "next"))
        .order_by(_hints.c.seq.desc())
    )
    return [
        OpenHint(row.hint, row.rung, row.blob, row.dataset, row.app, row.step, row.time)
        for row in rows
    ]


def _reason(app: AppManifest, done: AppProgress, goal: str) -> str:
    if not done.done:
        return f"You have not met {app.title} yet. {goal}"
    return f"{done.done} of {done.total} steps of {app.title} are done. {goal}"
