"""Watching a learner at work, and asking the right question at the right time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Any, cast

from mlplayground.coach.errors import understand
from mlplayground.coach.facts import Facts
from mlplayground.coach.hints import HintText, hint_text
from mlplayground.coach.ladder import Moment, Rung, rung_on_error, rung_on_table
from mlplayground.coach.memory import NO_TABLE, Memory, Seen
from mlplayground.coach.predicates import ON_ERROR, ON_TABLE, Match
from mlplayground.coach.records import Hint
from mlplayground.database import Database
from mlplayground.errors import DatabaseError, InputError, StashError
from mlplayground.journal import Journal
from mlplayground.stash import Stash

_log = logging.getLogger(__name__)

AT_ONCE = 2
"""Hints about a table that may be open at the same time."""

ANSWERS = ("next", "helped", "not_helpful", "dismissed")

_Found = list[tuple[HintText, Match]]


class Coach:
    """Evaluates what steps and errors tell, and keeps to the ladder of each hint.

    The texts hold the learner's own names and numbers, so they go into the stash; the
    journal holds their hash. With recording off hints are given all the same, remembered
    in this process only, and nothing is written. Threads may share a coach.

    Parameters
    ----------
    database, journal, stash
        Where the record is, and where texts are kept.
    user, session : str
    """

    def __init__(
        self, database: Database, journal: Journal, stash: Stash, *, user: str, session: str
    ) -> None:
        self._memory = Memory(database, journal, stash, user=user, session=session)
        self._session = session
        self._lock = threading.RLock()
        self._acts: dict[tuple[str | None, str | None], int] = {}

    def observe(
        self,
        app: str | None,
        step: str | None,
        facts: Mapping[str, Any],
        error: BaseException | None = None,
    ) -> list[Hint]:
        """Look at what is known, and give the hints to show now, the most urgent first.

        An observer must not disturb: where the record or the stash cannot be used, there
        is no hint and a line in the log.

        Parameters
        ----------
        app, step : str or None
            The step that just ran; None for a cell.
        facts : mapping
            See :class:`~mlplayground.coach.facts.Facts`.
        error : exception, optional
            What it ended with. Only its class and a column's position are recorded.
        """
        known = cast(Facts, facts)
        try:
            with self._lock:
                if error is not None:
                    return self._on_error(Moment(self._session, app, step), known, error)
                return self._on_table(app, step, known)
        except (DatabaseError, StashError):
            _log.warning("No hints: the record or the stash cannot be used", exc_info=True)
            return []

    def answer(self, hint: str, action: str) -> list[Hint]:
        """Take the learner's answer to a hint; returns the hints to show in its place.

        Parameters
        ----------
        hint : str
            Its id.
        action : {"next", "helped", "not_helpful", "dismissed"}
            ``next`` asks for the next rung.

        Raises
        ------
        InputError
            For another action, or a hint that is not open.
        StashError, DatabaseError
            Where the answer cannot be recorded.
        """
        if action not in ANSWERS:
            raise InputError(f"An answer is one of {', '.join(ANSWERS)}, not {action!r}.")
        with self._lock:
            asked = next((rung for rung in self._open() if rung.hint == hint), None)
            if asked is None:
                raise InputError(f"The hint {hint[:80]!r} is not open any more.")
            self._memory.answer(asked, action)
            place = (asked.app, asked.step)
            return [self._hint(rung) for rung in self._open() if (rung.app, rung.step) == place]

    def _open(self) -> list[Rung]:
        return [rung for rung in self._memory.look().rungs.values() if rung.status == "open"]

    # Tables --------------------------------------------------------------------------

    def _on_table(self, app: str | None, step: str | None, facts: Facts) -> list[Hint]:
        seen = self._memory.look()
        moment = Moment(self._session, app, step, self._got_on(app, step, seen))
        found = _situations(facts)
        may_begin = _may_begin(found, seen, moment)
        shown = []
        for text, match in found:
            known = seen.rungs.get((text.id, seen.table))
            rung = rung_on_table(known, moment, may_begin)
            if rung is not None:
                may_begin = may_begin and known is not None  # one new thing at a time
                shown.append(self._show(text, match, rung, moment, known, seen.table))
        return [self._hint(rung) for rung in shown]

    def _got_on(self, app: str | None, step: str | None, seen: Seen) -> bool:
        before = self._acts.get((app, step), seen.acts)
        self._acts[app, step] = seen.acts
        return seen.acts > before

    # Errors --------------------------------------------------------------------------

    def _on_error(self, moment: Moment, facts: Facts, error: BaseException) -> list[Hint]:
        understood = understand(error)
        found = ((name, predicate(understood, facts)) for name, predicate in ON_ERROR.items())
        name, match = next((each for each in found if each[1] is not None), ("", None))
        if match is None:
            return []
        seen, text = self._memory.look(), hint_text(name)
        self._memory.understood(_payload(understood.kind, name, match, facts, seen.table))
        blob = self._memory.keep(name, text.texts(match.values))
        known = seen.rungs.get((name, blob))
        rung = rung_on_error(known, moment)
        if rung is None:
            return []
        return [self._hint(self._show(text, match, rung, moment, known, None))]

    # ---------------------------------------------------------------------------------

    def _show(
        self,
        text: HintText,
        match: Match,
        rung: int,
        moment: Moment,
        known: Rung | None,
        table: str | None,
    ) -> Rung:
        """Record that a rung is shown, unless it is what the learner sees already."""
        blob = self._memory.keep(text.id, text.texts(match.values))
        shown = Rung(
            hint=text.id,
            subject=table or blob,
            dataset=table,
            rung=rung,
            status="open",
            blob=blob,
            session=moment.session,
            app=moment.app,
            step=moment.step,
        )
        if shown != known:
            self._memory.show(shown)
        return shown

    def _hint(self, rung: Rung) -> Hint:
        concept = hint_text(rung.hint).concept
        return Hint(rung.hint, self._memory.text(rung), rung.rung, concept=concept)


def _situations(facts: Facts) -> _Found:
    found = ((name, predicate(facts)) for name, predicate in ON_TABLE.items())
    return [(hint_text(name), match) for name, match in found if match is not None]


def _may_begin(found: _Found, seen: Seen, moment: Moment) -> bool:
    """Whether something new may be said: not beside two others, nor while they get on."""
    there = {text.id for text, _ in found}
    here = [rung for rung in seen.rungs.values() if rung.dataset == seen.table]
    waiting = [r for r in here if r.hint in there and r.status in ("open", "waiting")]
    return len(waiting) < AT_ONCE and not (moment.progress and here)


def _payload(kind: str, hint: str, match: Match, facts: Facts, table: str) -> dict[str, Any]:
    payload: dict[str, Any] = {"error_class": kind, "hint": hint}
    columns = list(facts.get("columns", ()))
    if match.column is not None and match.column in columns:
        payload["column"] = columns.index(match.column)
    return payload if table == NO_TABLE else {**payload, "dataset": table}
