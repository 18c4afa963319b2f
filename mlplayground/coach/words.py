"""Numbers and names as they stand in a hint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

_SHOWN = 60


def name(label: Any) -> str:
    """A column's name, a value or a piece of code between backticks, on one line."""
    text = "".join(char if char.isprintable() else " " for char in str(label))
    return f"`{text[:_SHOWN]}…`" if len(text) > _SHOWN else f"`{text}`"


def names(labels: Iterable[Any], limit: int = 3) -> str:
    """A few names: `a`, `b` and 4 others."""
    shown: Sequence[str] = [name(label) for label in labels]
    if len(shown) > limit:
        return f"{', '.join(shown[:limit])} and {count(len(shown) - limit, 'other')}"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def count(n: int, noun: str) -> str:
    """A number with its noun: 1 row, 1,204 rows."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def percent(share: float) -> str:
    """A share of 0 to 1 in percent, with as many digits as tell it from 0 and 100 %."""
    digits = 0 if 0.01 <= share <= 0.99 else 1
    return f"{100 * share:.{digits}f} %"


def number(value: float) -> str:
    """Three significant digits, thousands separated."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
