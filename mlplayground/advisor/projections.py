"""Suggestions, what the learner did with them, and what they were worth."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from mlplayground.journal.event import Event
from mlplayground.journal.projection import Projection

_metadata = MetaData()
_ID = 128

offers = Table(
    "suggestions_offers",
    _metadata,
    Column("user", String(_ID), primary_key=True),
    Column("offer", String(_ID), primary_key=True),
    Column("decision", String(_ID), nullable=False),
    Column("policy", String(_ID), nullable=False),
    Column("context", Text, nullable=False),
    Column("dataset_root", String(_ID)),
    Column("dataset_columns", Integer),
    Column("seq", BigInteger, nullable=False),
)

items = Table(
    "suggestions_items",
    _metadata,
    Column("user", String(_ID), primary_key=True),
    Column("suggestion", String(_ID), primary_key=True),
    Column("offer", String(_ID)),
    Column("decision", String(_ID), nullable=False),
    Column("arm", String(_ID), nullable=False),
    Column("column", Integer),
    Column("place", Integer),
    Column("propensity", Float),
    Column("action", String(16)),
    Column("reason", String(32)),
    Column("rating", Integer),
    Column("reward", Float),
    Column("value", Float),
    Column("successes", Float, nullable=False),
    Column("failures", Float, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Index("ix_suggestions_items_decision", "user", "decision", "arm"),
)

datasets = Table(
    "suggestions_datasets",
    _metadata,
    Column("user", String(_ID), primary_key=True),
    Column("id", String(_ID), primary_key=True),
    Column("root", String(_ID), nullable=False),
    Column("columns", Integer, nullable=False),
)

projects = Table(
    "suggestions_projects",
    _metadata,
    Column("user", String(_ID), primary_key=True),
    Column("dataset", String(_ID), nullable=False),
)

# A refusal that says nothing about worth: later perhaps, or not understood yet.
_WEIGHT = {"not_now": 0.5, "already_done": 0.0, "do_not_understand": 0.0}
_THUMB = 0.5


class SuggestionProjection(Projection):
    """One row a suggestion; what an arm is worth adds up from them when it is read.

    Datasets and the project are followed here too, so that a refusal is known to belong
    to the table that was open at that time.
    """

    name = "suggestions"
    version = 1
    tables = (offers, items, datasets, projects)
    kinds = frozenset(
        {
            "suggestion_shown",
            "suggestion_decided",
            "suggestion_rated",
            "outcome_measured",
            "dataset_added",
            "project_changed",
        }
    )

    def apply(self, connection: Connection, event: Event) -> None:
        """Add what was shown, or change the row of what was decided, rated or measured."""
        _APPLY[event.kind](connection, event)


def worth(
    action: str | None, reason: str | None, rating: int | None, reward: float | None
) -> tuple[float, float]:
    """Turn what became of a suggestion into pseudo-counts (helped, did not help).

    A measured reward counts by its size; without one, taking it counts as a success and
    refusing it as a failure, less so where the reason is not about its worth. A thumb
    counts half. A suggestion that was only seen counts nothing: it may not have been read.
    """
    good = bad = 0.0
    if reward is not None:
        good, bad = reward, 1.0 - reward
    elif action == "accepted":
        good = 1.0
    elif action is not None:
        bad = _WEIGHT.get(reason or "", 1.0)
    if rating is not None:
        good, bad = good + _THUMB * (rating > 0), bad + _THUMB * (rating < 0)
    return good, bad


def _shown(connection: Connection, event: Event) -> None:
    payload = event.payload
    key = {"user": event.user, "offer": payload["offer"]}
    known = (offers.c.user == event.user, offers.c.offer == key["offer"])
    if connection.execute(select(offers.c.offer).where(*known)).first() is not None:
        return
    connection.execute(
        insert(offers).values(
            **key,
            decision=payload["decision"],
            policy=payload["policy"],
            context=json.dumps(dict(payload["context"]), sort_keys=True),
            **_open_dataset(connection, event.user),
            seq=event.seq,
        )
    )
    for item in payload["items"]:
        shown = {name: item.get(name) for name in ("column", "place", "propensity")}
        _add(connection, event, {**item, "decision": payload["decision"]}, key["offer"], **shown)


def _add(
    connection: Connection,
    event: Event,
    which: Mapping[str, Any],
    offer: str | None = None,
    **shown: Any,
) -> None:
    """Add the row of a suggestion, unless it is there."""
    if _item(connection, event.user, which["suggestion"]) is not None:
        return
    same = {name: which[name] for name in ("suggestion", "decision", "arm")}
    counts = {"successes": 0.0, "failures": 0.0}
    row = {"user": event.user, "offer": offer, "seq": event.seq, **same, **shown, **counts}
    connection.execute(insert(items).values(row))


def _decided(connection: Connection, event: Event) -> None:
    change = {"action": event.payload["action"], "reason": event.payload.get("reason")}
    _change(connection, event, change)


def _rated(connection: Connection, event: Event) -> None:
    _change(connection, event, {"rating": event.payload["rating"]})


def _measured(connection: Connection, event: Event) -> None:
    change = {"reward": event.payload["reward"], "value": event.payload.get("value")}
    _change(connection, event, change)


def _change(connection: Connection, event: Event, change: dict[str, Any]) -> None:
    suggestion = event.payload["suggestion"]
    _add(connection, event, event.payload)  # where it was shown while recording was off
    row = _item(connection, event.user, suggestion)
    became = {name: row[name] for name in ("action", "reason", "rating", "reward")}
    good, bad = worth(**{**became, **{name: change[name] for name in became if name in change}})
    connection.execute(
        update(items)
        .where(items.c.user == event.user, items.c.suggestion == suggestion)
        .values(**change, successes=good, failures=bad)
    )


def _item(connection: Connection, user: str, suggestion: str) -> Any:
    where = (items.c.user == user, items.c.suggestion == suggestion)
    return connection.execute(select(items).where(*where)).mappings().first()


def _dataset_added(connection: Connection, event: Event) -> None:
    payload = event.payload
    if _dataset(connection, event.user, payload["dataset"]) is not None:
        return
    above = _dataset(connection, event.user, payload.get("parent"))
    connection.execute(
        insert(datasets).values(
            user=event.user,
            id=payload["dataset"],
            root=above.root if above is not None else payload["dataset"],
            columns=payload["columns"],
        )
    )


def _project_changed(connection: Connection, event: Event) -> None:
    connection.execute(delete(projects).where(projects.c.user == event.user))
    connection.execute(insert(projects).values(user=event.user, dataset=event.payload["dataset"]))


def _open_dataset(connection: Connection, user: str) -> dict[str, Any]:
    current = connection.scalar(select(projects.c.dataset).where(projects.c.user == user))
    row = _dataset(connection, user, current)
    if row is None:
        return {"dataset_root": current, "dataset_columns": None}
    return {"dataset_root": row.root, "dataset_columns": row.columns}


def _dataset(connection: Connection, user: str, dataset_id: str | None) -> Any:
    return connection.execute(
        select(datasets).where(datasets.c.user == user, datasets.c.id == dataset_id)
    ).first()


_APPLY = {
    "suggestion_shown": _shown,
    "suggestion_decided": _decided,
    "suggestion_rated": _rated,
    "outcome_measured": _measured,
    "dataset_added": _dataset_added,
    "project_changed": _project_changed,
}
