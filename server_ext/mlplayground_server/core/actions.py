"""What the sidebar's buttons do. Each function may block, and knows no HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, BinaryIO

from mlplayground.errors import InputError
from mlplayground_server.core.errors import NoSuchThing
from mlplayground_server.core.services import SERVER_SESSION, Services

if TYPE_CHECKING:
    from mlplayground.coach.records import OpenHint


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
    """Journal what became of `hint`; return the newest event's number.

    Raises
    ------
    NoSuchThing
        If it is not open.
    """
    if all(hint != each.hint for each in open_hints(services)):
        raise NoSuchThing(
            f"The hint {hint[:80]!r} is not open any more. Reload to see those that are."
        )
    return services.append("hint_answered", {"hint": hint, "action": action})


def open_hints(services: Services) -> list[OpenHint]:
    """The hints that can be answered; none while nothing is recorded, answers neither."""
    from mlplayground.coach import reads
    from mlplayground.coach.projections import ProgressProjection
    from mlplayground.journal.projection import catch_up

    if not services.journal.recording(services.user):
        return []
    catch_up(services.database, ProgressProjection())
    with services.database.read() as connection:
        return reads.hints(connection, services.user)


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
