"""Steps finished, and hints with the rungs that they have reached."""

from __future__ import annotations

from dataclasses import asdict, fields

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from mlplayground.coach.ladder import Rung
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
    Column("outcome", String(16), nullable=False),
    Column("time", String(24), nullable=False),
    Column("seq", BigInteger, nullable=False),
)

apps = Table(
    "progress_apps",
    _metadata,
    Column("user", String(_ID), primary_key=True),
    Column("app", String(_ID), primary_key=True),
    Column("seq", BigInteger, nullable=False),
)

hints = Table(
    "progress_hints",
    _metadata,
    Column("user", String(_ID), primary_key=True),
    Column("hint", String(_ID), primary_key=True),
    Column("subject", String(_ID), primary_key=True),
    Column("dataset", String(_ID)),
    Column("rung", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("blob", String(64), nullable=False),
    Column("session", String(_ID), nullable=False),
    Column("app", String(_ID)),
    Column("step", String(_ID)),
    Column("time", String(24), nullable=False),
    Column("seq", BigInteger, nullable=False),
)

acts = Table(
    "progress_acts",
    _metadata,
    Column("user", String(_ID), primary_key=True),
    Column("count", Integer, nullable=False),
)


class ProgressProjection(Projection):
    """What the sidebar shows of a learner's way, and what the coach must remember.

    ``acts`` counts what moves the learner on: repairs that were applied and suggestions
    that were accepted.
    """

    name = "progress"
    version = 1
    tables = (steps, apps, hints, acts)
    kinds = frozenset(
        {
            "app_opened",
            "step_finished",
            "hint_shown",
            "hint_answered",
            "project_changed",
            "recipe_applied",
            "suggestion_decided",
        }
    )

    def apply(self, connection: Connection, event: Event) -> None:
        """Count the step or the act, or move the hint."""
        _APPLY[event.kind](connection, event)


def rungs(connection: Connection, user: str) -> list[Rung]:
    """How far each hint has come, the latest shown first."""
    rows = connection.execute(
        select(hints).where(hints.c.user == user).order_by(hints.c.seq.desc(), hints.c.subject)
    )
    names = [field.name for field in fields(Rung)]
    return [Rung(**{name: getattr(row, name) for name in names}) for row in rows]


def _app_opened(connection: Connection, event: Event) -> None:
    if event.app is not None:
        _touch_app(connection, event, event.app)


def _touch_app(connection: Connection, event: Event, app: str) -> None:
    key = (apps.c.user == event.user, apps.c.app == app)
    connection.execute(delete(apps).where(*key))
    connection.execute(insert(apps).values(user=event.user, app=app, seq=event.seq))


def _step_finished(connection: Connection, event: Event) -> None:
    if event.app is None or event.step is None:
        return
    _touch_app(connection, event, event.app)
    key = {"user": event.user, "app": event.app, "step": event.step}
    where = [steps.c[name] == value for name, value in key.items()]
    row = connection.execute(select(steps).where(*where)).first()
    outcome = event.payload["outcome"]
    counts = {
        "finished": (row.finished if row else 0) + (outcome == "ok"),
        "failed": (row.failed if row else 0) + (outcome == "error"),
    }
    connection.execute(delete(steps).where(*where))
    connection.execute(
        insert(steps).values(**key, **counts, outcome=outcome, time=event.time, seq=event.seq)
    )
    if outcome == "ok":
        _move_on(connection, event, about_table=False)


def _hint_shown(connection: Connection, event: Event) -> None:
    payload = event.payload
    dataset = payload.get("dataset")
    shown = Rung(
        hint=payload["hint"],
        subject=dataset or payload["blob"],
        dataset=dataset,
        rung=payload["rung"],
        status="open",
        blob=payload["blob"],
        session=event.session,
        app=event.app,
        step=event.step,
        time=event.time,
    )
    _write(connection, event, shown)


def _hint_answered(connection: Connection, event: Event) -> None:
    """Move the one that the learner sees: of several tables' the one shown last."""
    known = [rung for rung in rungs(connection, event.user) if rung.hint == event.payload["hint"]]
    seen = [rung for rung in known if rung.status == "open"] or known
    if seen:
        _write(connection, event, seen[0].answered(event.payload["action"]))


def _project_changed(connection: Connection, event: Event) -> None:
    _move_on(connection, event, about_table=True)


def _move_on(connection: Connection, event: Event, about_table: bool) -> None:
    for rung in rungs(connection, event.user):
        if (rung.dataset is not None) == about_table:
            moved = rung.moved_on(event.session)
            if moved != rung:
                _write(connection, event, moved)


def _acted(connection: Connection, event: Event) -> None:
    if event.kind == "suggestion_decided" and event.payload["action"] != "accepted":
        return
    changed = connection.execute(
        update(acts).where(acts.c.user == event.user).values(count=acts.c.count + 1)
    )
    if not changed.rowcount:
        connection.execute(insert(acts).values(user=event.user, count=1))


def _write(connection: Connection, event: Event, rung: Rung) -> None:
    where = (
        hints.c.user == event.user,
        hints.c.hint == rung.hint,
        hints.c.subject == rung.subject,
    )
    # Only a showing makes a hint the latest.
    seq = connection.scalar(select(hints.c.seq).where(*where))
    seq = event.seq if event.kind == "hint_shown" or seq is None else seq
    connection.execute(delete(hints).where(*where))
    connection.execute(insert(hints).values(user=event.user, seq=seq, **asdict(rung)))


_APPLY = {
    "app_opened": _app_opened,
    "step_finished": _step_finished,
    "hint_shown": _hint_shown,
    "hint_answered": _hint_answered,
    "project_changed": _project_changed,
    "recipe_applied": _acted,
    "suggestion_decided": _acted,
}
