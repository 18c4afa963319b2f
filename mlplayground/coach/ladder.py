"""The ladder of a hint: question, pointer, answer, each after the learner asked for it.

Light, so that the sidebar's server climbs it just as the kernel does. A hint's texts lie in one
blob of the learner's stash, ``{"rungs": [question, pointer, answer]}``: they name the learner's
columns, so the journal holds the blob's hash and the rung, never the words.
"""

from __future__ import annotations

import json

from mlplayground.coach import reads
from mlplayground.coach.projections import ProgressProjection
from mlplayground.database import Database
from mlplayground.errors import InputError, StashError
from mlplayground.journal import Journal, new_event
from mlplayground.journal.projection import catch_up
from mlplayground.stash import Stash

ACTIONS = ("next", "helped", "not_helpful", "dismissed")


def answer(
    database: Database, journal: Journal, *, user: str, session: str, hint: str, action: str
) -> int:
    """Record what became of a hint; ``next`` shows its next rung. Returns the newest seq.

    Raises
    ------
    InputError
        For another action.
    """
    if action not in ACTIONS:
        raise InputError(f"An answer is one of {', '.join(ACTIONS)}, not {action!r}.")
    shown = find(database, user, hint)
    payload = {"hint": hint, "action": action}
    events = [new_event("hint_answered", payload, user=user, session=session)]
    if action == "next" and shown is not None and shown.rung < 3:
        climbed = {"hint": hint, "rung": shown.rung + 1, "blob": shown.blob}
        dataset = {"dataset": shown.dataset} if shown.dataset else {}
        events.append(
            new_event(
                "hint_shown",
                climbed | dataset,
                user=user,
                session=session,
                app=shown.app,
                step=shown.step,
            )
        )
    return journal.append(*events)


def find(database: Database, user: str, hint: str) -> reads.OpenHint | None:
    """The open hint of that id, None where there is none."""
    catch_up(database, ProgressProjection())
    with database.read() as connection:
        return next((each for each in reads.hints(connection, user) if each.hint == hint), None)


def pack(rungs: tuple[str, ...]) -> bytes:
    """The texts as they lie in the stash."""
    return json.dumps({"rungs": list(rungs)}, ensure_ascii=False).encode()


def texts(stash: Stash, blob: str) -> tuple[str, ...]:
    """The texts of a hint, none where the blob is gone or is no hint."""
    try:
        rungs = json.loads(stash.get_blob(blob))["rungs"]
    except (StashError, ValueError, KeyError, TypeError):
        return ()
    return tuple(map(str, rungs)) if isinstance(rungs, list) else ()
