"""What the sidebar's buttons do. Each function may block, and knows no HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

from mlplayground.errors import InputError
from mlplayground_server.core.services import SERVER_SESSION, Services


def set_preferences(services: Services, wanted: Mapping[str, bool]) -> int:
    """Journal each preference in `wanted`; return the newest event's number."""
    from mlplayground.journal import new_event

    values = dict(wanted)
    if "recording" in values:
        # To move the switch is to answer the first-run notice.
        values["recording_decided"] = True
    events = [
        new_event(
            "preference_changed",
            {"name": name, "value": value},
            user=services.user,
            session=SERVER_SESSION,
        )
        for name, value in values.items()
    ]
    return services.journal.append(*events)


def answer_hint(services: Services, hint: str, action: str) -> int:
    """Journal what became of `hint`; return the newest event's number."""
    from mlplayground.coach import ladder

    return ladder.answer(
        services.database,
        services.journal,
        user=services.user,
        session=SERVER_SESSION,
        hint=hint,
        action=action,
    )


def view_panel(services: Services, panel: str, seconds: float) -> int:
    """Journal that `panel` (``app/step``) was visible for `seconds`."""
    app, step = panel.split("/")
    payload = {"panel": panel, "seconds": round(seconds, 1)}
    return services.append("panel_viewed", payload, app=app, step=step)


def export(services: Services, target: BinaryIO) -> None:
    """Write everything of the learner into `target`, as a zip."""
    from mlplayground.journal.portability import export_user

    export_user(services.database, services.stash, target)


def forget(services: Services, user: str) -> None:
    """Delete everything of the learner, if `user` is the learner's name.

    Raises
    ------
    InputError
        If it is not: the name is typed to confirm.
    """
    if user != services.user:
        raise InputError(
            f"To delete everything, give the name {services.user!r} exactly, not {user!r}."
        )
    from mlplayground.journal.portability import forget_user

    forget_user(services.database, services.stash)
