"""Reading a learner's way: plain SQL, for whoever holds a connection.

Catch the projection up first (``catch_up(database, ProgressProjection())``).
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, select

from mlplayground.catalog import AppManifest, Catalog, StepManifest
from mlplayground.coach import projections
from mlplayground.coach.projections import acts as _acts
from mlplayground.coach.projections import apps as _apps
from mlplayground.coach.projections import steps as _steps
from mlplayground.coach.records import RUNGS, AppProgress, NextStep, OpenHint, StepProgress
from mlplayground.errors import StashError

_NEEDED = {"beginner": (0, 0), "intermediate": (6, 2), "advanced": (18, 5)}

STAGES = tuple(_NEEDED)
"""What :func:`stage` can say."""


def progress(connection: Connection, user: str, catalog: Catalog) -> list[AppProgress]:
    """How far the user is in each installed app, in the order of the catalog.

    A step is done once it has ended well; a step that an app no longer has counts nothing.
    """
    done = {(row.app, row.step) for row in _rows(connection, user) if row.finished}
    return [_app_progress(app, done) for app in catalog.apps.values()]


def stage(connection: Connection, user: str) -> str:
    """How far the learner is: one of :data:`STAGES`.

    Provisional: from the number of different steps done, and of apps that they belong to.
    It says what somebody has met, not what they master.
    """
    done = [row for row in _rows(connection, user) if row.finished]
    apps = len({row.app for row in done})
    reached = [
        name
        for name, (least_steps, least_apps) in _NEEDED.items()
        if len(done) >= least_steps and apps >= least_apps
    ]
    return reached[-1]


def next_step(connection: Connection, user: str, catalog: Catalog) -> NextStep | None:
    """The step to do next, with a reason; None where every step of every app is done.

    The app that was used last comes first, then those that were begun, then the others in
    the order of the catalog; within an app the first step that is not done.
    """
    rows = {(row.app, row.step): row for row in _rows(connection, user)}
    done = {key for key, row in rows.items() if row.finished}
    for app in _in_order(connection, user, catalog):
        left = [step for step in app.steps if (app.id, step.id) not in done]
        if left:
            failed = (app.id, left[0].id) in rows and rows[app.id, left[0].id].outcome == "error"
            reason = _reason(app, left[0], len(app.steps) - len(left), failed)
            return NextStep(app.id, left[0].id, left[0].title, reason, app.notebook)
    return None


def hints(connection: Connection, user: str) -> list[OpenHint]:
    """The hints that are open now, the latest first; each id once."""
    found: dict[str, OpenHint] = {}
    for rung in projections.rungs(connection, user):
        if rung.status == "open":
            shown = OpenHint(rung.hint, rung.rung, RUNGS, rung.blob, rung.app, rung.step, rung.time)
            found.setdefault(rung.hint, shown)
    return list(found.values())


def acts(connection: Connection, user: str) -> int:
    """How often the learner got on: repairs applied and suggestions accepted."""
    return int(connection.scalar(select(_acts.c.count).where(_acts.c.user == user)) or 0)


def rung_text(blob: bytes, rung: int) -> str:
    """The text of one rung (from 1) in the blob of a hint; plain text.

    Raises
    ------
    StashError
        If the blob is not that of a hint.
    """
    try:
        return str(json.loads(blob)["rungs"][max(1, rung) - 1])
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise StashError(
            "The text of a hint is damaged in the stash. Run the step again: it is written anew."
        ) from error


def _rows(connection: Connection, user: str) -> list[Any]:
    return list(connection.execute(select(_steps).where(_steps.c.user == user)))


def _app_progress(app: AppManifest, done: set[tuple[str, str]]) -> AppProgress:
    steps = tuple(StepProgress(step.id, (app.id, step.id) in done) for step in app.steps)
    return AppProgress(app.id, sum(step.done for step in steps), len(steps), steps)


def _in_order(connection: Connection, user: str, catalog: Catalog) -> list[AppManifest]:
    rows = connection.execute(
        select(_apps.c.app).where(_apps.c.user == user).order_by(_apps.c.seq.desc())
    )
    used = [row.app for row in rows if row.app in catalog.apps]
    rest = [app for app in catalog.apps if app not in used]
    return [catalog.apps[app] for app in (*used, *rest)]


def _reason(app: AppManifest, step: StepManifest, done: int, failed: bool) -> str:
    if failed:
        return f"Your last try at {step.title} ended with an error; it is worth another one."
    if done == 0:
        return f"A good way into {app.title}: {step.goal}"
    return f"You have done {done} of {len(app.steps)} steps of {app.title}. Next: {step.goal}"
