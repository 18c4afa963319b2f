"""Everything that the sidebar shows, from the readers of the layers below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlplayground.errors import StashError
from mlplayground_server.core.actions import open_hints
from mlplayground_server.core.services import Services

if TYPE_CHECKING:
    from mlplayground.catalog import AppManifest
    from mlplayground.coach.records import AppProgress, NextStep, OpenHint


def assemble(services: Services) -> dict[str, Any]:
    """The state as ``openapi.yaml`` describes it."""
    from mlplayground import __version__
    from mlplayground.coach import reads
    from mlplayground.coach.projections import ProgressProjection
    from mlplayground.journal import preferences
    from mlplayground.journal.projection import catch_up

    # Asked first: what comes in meanwhile is announced by a push of its own.
    seq = services.journal.last_seq()
    chosen = preferences.everything(services.database, services.user)
    everything = bool(chosen.get("open_everything", False))
    catch_up(services.database, ProgressProjection())
    with services.database.read() as connection:
        progress = reads.progress(connection, services.user, services.catalog)
        stage = reads.stage(connection, services.user)
        coming = reads.next_step(connection, services.user, services.catalog)
    return {
        "version": __version__,
        "seq": seq,
        "user": services.user,
        "home": services.settings.home,
        "database": services.address,
        "upload_limit": services.settings.upload_limit,
        "recording": {
            "on": services.journal.recording(services.user),
            "allowed": services.settings.tracking_allowed,
            "decided": bool(chosen.get("recording_decided", False)),
        },
        "open_everything": everything,
        "stage": stage,
        "apps": [_app(services.catalog.apps[each.id], each) for each in progress],
        "next": _next(coming),
        "hints": [_hint(services, hint) for hint in open_hints(services)],
    }


def _app(app: AppManifest, progress: AppProgress) -> dict[str, Any]:
    done = {step.id for step in progress.steps if step.done}
    return {
        "id": app.id,
        "title": app.title,
        "summary": app.summary,
        "track": app.track,
        "notebook": app.notebook,
        "steps": [
            {
                "id": step.id,
                "title": step.title,
                "goal": step.goal,
                "done": step.id in done,
            }
            for step in app.steps
        ],
        "done": progress.done,
        "total": progress.total,
        # Nothing is locked yet: the tracks' unlock rules come with the coach's path.
        "locked": False,
        "lock_reason": None,
    }


def _next(step: NextStep | None) -> dict[str, Any] | None:
    if step is None:
        return None
    return {
        "app": step.app,
        "step": step.step,
        "title": step.title,
        "reason": step.reason,
        "notebook": step.notebook,
    }


def _hint(services: Services, hint: OpenHint) -> dict[str, Any]:
    from mlplayground.coach import reads

    try:
        text = reads.rung_text(services.stash.get_blob(hint.blob), hint.rung)
    except StashError as error:
        text = str(error)
    return {
        "hint": hint.hint,
        "rung": hint.rung,
        "rungs": hint.rungs,
        "text": text,
        "app": hint.app,
        "step": hint.step,
        "time": hint.time,
    }
