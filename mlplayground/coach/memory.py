"""What the coach remembers: in the journal and the stash, or in this process only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlplayground.coach import reads
from mlplayground.coach.ladder import Rung
from mlplayground.coach.projections import ProgressProjection, rungs
from mlplayground.coach.records import RUNGS
from mlplayground.database import Database
from mlplayground.journal import Journal, new_event
from mlplayground.journal.projection import catch_up
from mlplayground.stash import Stash
from mlplayground.workspace import reads as workspace_reads
from mlplayground.workspace.projections import WorkspaceProjection

NO_TABLE = "no-table"
"""Subject of a hint where no table is open."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The record at one moment.

    Attributes
    ----------
    table : str
        The open table as it was loaded, or :data:`NO_TABLE`.
    acts : int
        How often the learner got on so far.
    rungs : mapping of (hint, subject) to Rung
        The latest shown first.
    """

    table: str
    acts: int
    rungs: Mapping[tuple[str, str], Rung]


class Memory:
    """Keeps rungs and texts. With recording off nothing of it leaves this process."""

    def __init__(
        self, database: Database, journal: Journal, stash: Stash, *, user: str, session: str
    ) -> None:
        self._database = database
        self._journal = journal
        self._stash = stash
        self._user = user
        self._session = session
        self._texts: dict[str, tuple[str, ...]] = {}
        self._unrecorded: dict[tuple[str, str], Rung] = {}

    def look(self) -> Seen:
        """Read the record."""
        catch_up(self._database, ProgressProjection(), WorkspaceProjection())
        with self._database.read() as connection:
            project = workspace_reads.project(connection, self._user)
            root = workspace_reads.root(connection, self._user, project.dataset)
            acts = reads.acts(connection, self._user)
            found = rungs(connection, self._user)
        if not self._recording():
            found = list(self._unrecorded.values())[::-1]
        return Seen(root or NO_TABLE, acts, {(each.hint, each.subject): each for each in found})

    def keep(self, hint: str, texts: Sequence[str]) -> str:
        """Keep the three texts of a hint; returns their hash."""
        data = json.dumps({"hint": hint, "rungs": list(texts)}, sort_keys=True).encode("ascii")
        blob = hashlib.sha256(data).hexdigest()
        if blob not in self._texts and self._recording():
            self._stash.put_blob(data)
        self._texts[blob] = tuple(texts)
        return blob

    def text(self, rung: Rung) -> str:
        """The text of the rung that a hint has reached."""
        if rung.blob not in self._texts:
            data = self._stash.get_blob(rung.blob)
            found = tuple(reads.rung_text(data, place + 1) for place in range(RUNGS))
            self._texts[rung.blob] = found
        return self._texts[rung.blob][rung.rung - 1]

    def show(self, rung: Rung) -> None:
        """Record that the learner sees a rung."""
        about = {} if rung.dataset is None else {"dataset": rung.dataset}
        payload = {"hint": rung.hint, "rung": rung.rung, "blob": rung.blob, **about}
        self._record("hint_shown", payload, rung)

    def answer(self, rung: Rung, action: str) -> None:
        """Record the learner's answer to a rung."""
        self._record("hint_answered", {"hint": rung.hint, "action": action}, rung.answered(action))

    def understood(self, payload: Mapping[str, Any]) -> None:
        """Record that an error was matched to something known."""
        self._append("error_understood", payload, None, None)

    def _record(self, kind: str, payload: Mapping[str, Any], after: Rung) -> None:
        if self._recording():
            self._append(kind, payload, after.app, after.step)
        else:
            self._unrecorded.pop((after.hint, after.subject), None)
            self._unrecorded[after.hint, after.subject] = after

    def _append(
        self, kind: str, payload: Mapping[str, Any], app: str | None, step: str | None
    ) -> None:
        self._journal.append(
            new_event(kind, payload, user=self._user, session=self._session, app=app, step=step)
        )

    def _recording(self) -> bool:
        return self._journal.recording(self._user)
