"""Reading what became of suggestions: plain SQL, for whoever holds a connection.

Catch the projection up first (``catch_up(database, SuggestionProjection())``).
"""

from __future__ import annotations

import json
import math
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select

from mlplayground.advisor.projections import datasets as _datasets
from mlplayground.advisor.projections import items as _items
from mlplayground.advisor.projections import offers as _offers
from mlplayground.advisor.projections import projects as _projects
from mlplayground.advisor.records import ArmStatistics, Observation

LASTING = ("wrong_for_my_data", "already_done", "other")
"""Reasons for which a suggestion is not offered again on the same data."""


def arm_statistics(connection: Connection, user: str, decision: str) -> dict[str, ArmStatistics]:
    """What became of the user's suggestions of one decision, by arm."""
    query = (
        select(
            _items.c.arm,
            func.sum(_items.c.successes).label("successes"),
            func.sum(_items.c.failures).label("failures"),
            *(_times(action, _items.c.action == action) for action in _ACTIONS),
            _times("measured", _items.c.reward.is_not(None)),
            _times("helped", _items.c.reward >= 0.5),
            func.count(_items.c.value).label("values"),
            func.sum(_items.c.value).label("total"),
            func.sum(_items.c.value * _items.c.value).label("squares"),
        )
        .where(_items.c.user == user, _items.c.decision == decision)
        .group_by(_items.c.arm)
        .order_by(_items.c.arm)
    )
    return {row.arm: _statistics(row) for row in connection.execute(query)}


def refused(connection: Connection, user: str, decision: str) -> set[tuple[str, int | None]]:
    """Arms and columns that the learner refused for good, for the table that is open now.

    A refusal holds for all versions of a table that have as many columns, for there a
    column's position means the same; one that is about no column holds for all versions.
    """
    current = connection.scalar(select(_projects.c.dataset).where(_projects.c.user == user))
    table = connection.execute(
        select(_datasets).where(_datasets.c.user == user, _datasets.c.id == current)
    ).first()
    root, width = (current, None) if table is None else (table.root, table.columns)
    same = and_(_items.c.user == _offers.c.user, _items.c.offer == _offers.c.offer)
    query = (
        select(_items.c.arm, _items.c.column)
        .select_from(_items.join(_offers, same))
        .where(
            _items.c.user == user,
            _items.c.decision == decision,
            _items.c.action == "dismissed",
            _items.c.reason.in_(LASTING),
            _offers.c.dataset_root.is_not_distinct_from(root),
            or_(_items.c.column.is_(None), _offers.c.dataset_columns.is_not_distinct_from(width)),
        )
    )
    return {(row.arm, row.column) for row in connection.execute(query)}


def observations(connection: Connection, user: str, decision: str) -> list[Observation]:
    """Every suggestion of one decision that was shown, in order, with what it earned."""
    same = and_(_items.c.user == _offers.c.user, _items.c.offer == _offers.c.offer)
    query = (
        select(_items, _offers.c.policy, _offers.c.context)
        .select_from(_items.join(_offers, same))
        .where(_items.c.user == user, _items.c.decision == decision)
        .order_by(_offers.c.seq, _items.c.place)
    )
    return [_observation(row) for row in connection.execute(query)]


_ACTIONS = ("accepted", "dismissed", "overridden")


def _times(name: str, condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0)).label(name)


def _statistics(row: Any) -> ArmStatistics:
    n = int(row.values)
    mean = float(row.total) / n if n else 0.0
    scatter = max(0.0, float(row.squares) - n * mean**2) if n > 1 else 0.0
    return ArmStatistics(
        successes=float(row.successes),
        failures=float(row.failures),
        **{name: int(getattr(row, name)) for name in (*_ACTIONS, "measured", "helped")},
        values=n,
        mean=mean,
        spread=math.sqrt(scatter / (n - 1)) if n > 1 else 0.0,
    )


def _observation(row: Any) -> Observation:
    decided = row.successes + row.failures
    return Observation(
        context=json.loads(row.context),
        arm=row.arm,
        policy=row.policy,
        place=row.place,
        propensity=row.propensity,
        reward=row.successes / decided if decided else None,
    )
