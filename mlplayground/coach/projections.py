"""What a learner has done and which hints they saw, as the journal tells it."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    select,
    update,
)

from mlplayground.journal.event import Event
from mlplayground.journal.projection import Projection

_metadata = MetaData()
_ID = 128

steps = Table(
    "progress_steps",
    _metadata,
    Column("user", String(_ID), primary_key=True),
    Column("app", String(_ID), primary_key=True),
    Column("step", String(_ID), primary_key=True),
    Column("finished", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("last", String(24), nullable=False),
)

hints = Table(
    "progress_hints",
    _metadata,
    Column("user", String(_ID), primary_key=True),
    Column("hint", String(_ID), primary_key=True),
    Column("dataset", String(_ID), primary_key=True),
    Column("rung", Integer, nullable=False),
    Column("blob", String(64), nullable=False),
    Column("app", String(_ID)),
    Column("step", String(_ID)),
    Column("answer", String(16)),
    Column("time", String(24), nullable=False),
    Column("seq", BigInteger, nullable=False),
)


class ProgressProjection(Projection):
    """Steps that ran, and the state of each hint on each dataset ("" where there is none)."""

    name = "progress"
    version = 1
    tables = (steps, hints)
    kinds = frozenset({"step_finished", "hint_shown", "hint_answered"})

    def apply(self, connection: Connection, event: Event) -> None:
        """Count the step, or move the hint on."""
        _APPLY[event.kind](connection, event)


def _step_finished(connection: Connection, event: Event) -> None:
    if event.app is None or event.step is None or event.payload["outcome"] == "cancelled":
        return
    key = {"user": event.user, "app": event.app, "step": event.step}
    counted = "finished" if event.payload["outcome"] == "ok" else "failed"
    where = [steps.c[name] == value for name, value in key.items()]
    changed = connection.execute(
        update(steps).where(*where).values({counted: steps.c[counted] + 1, "last": event.time})
    )
    if changed.rowcount == 0:
        row = {"finished": 0, "failed": 0, counted: 1}
        connection.execute(insert(steps).values(**key, **row, last=event.time))


def _hint_shown(connection: Connection, event: Event) -> None:
    payload = event.payload
    key = {
        "user": event.user,
        "hint": payload["hint"],
        "dataset": payload.get("dataset", ""),
    }
    row = {
        "rung": payload["rung"],
        "blob": payload["blob"],
        "app": event.app,
        "step": event.step,
        "answer": None,
        "time": event.time,
        "seq": event.seq,
    }
    where = [hints.c[name] == value for name, value in key.items()]
    if connection.execute(update(hints).where(*where).values(row)).rowcount == 0:
        connection.execute(insert(hints).values(**key, **row))


def _hint_answered(connection: Connection, event: Event) -> None:
    # An answer is for the hint as it was shown last.
    mine = (hints.c.user == event.user) & (hints.c.hint == event.payload["hint"])
    newest = connection.execute(
        select(hints.c.dataset).where(mine).order_by(hints.c.seq.desc()).limit(1)
    ).scalar()
    if newest is not None:
        connection.execute(
            update(hints)
            .where(mine, hints.c.dataset == newest)
            .values(answer=event.payload["action"])
        )


_APPLY = {
    "step_finished": _step_finished,
    "hint_shown": _hint_shown,
    "hint_answered": _hint_answered,
}
