"""Small pieces of sentences: numbers, names and lists as the learner reads them."""

from __future__ import annotations

import math
from collections.abc import Iterable

FILLS = {
    "median": "Most models cannot use an empty cell; the median is a careful guess, and makes "
    "the column look a little less spread than it is.",
    "most_frequent": "Most models cannot use an empty cell; the most frequent value is the "
    "simplest guess.",
    "constant": "A value of its own keeps the fact that nothing is there.",
}


def count(number: int, noun: str) -> str:
    """Return ``1 row``, ``1,204 rows``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def times(number: int) -> str:
    """Return ``once``, ``twice``, ``3 times``."""
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def percent(share: float) -> str:
    """Return a share in two or three digits; never 0 % or 100 % by rounding."""
    if 0 < share < 0.001:
        return "under 0.1 %"
    if 0.999 < share < 1:
        return "over 99.9 %"
    value = 100 * share
    if 10 <= value < 99.5 or value == 100:
        return f"{value:.0f} %"
    return f"{value:.1f}".rstrip("0").rstrip(".") + " %"


def number(value: float) -> str:
    """Return a number in three significant digits, or whole where it is whole."""
    if not math.isfinite(value):
        return "infinite" if value > 0 else "minus infinite" if value < 0 else "missing"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    if abs(value) >= 1000:
        return f"{value:,.0f}" if abs(value) < 1e15 else f"{value:.3g}"
    return f"{value:.3g}"


def name(label: object) -> str:
    """Return a column's name as it is quoted in a sentence."""
    return f"`{str(label)[:60]}`"


def quote(value: object) -> str:
    """Return a cell's value as it is quoted in a sentence."""
    text = number(value) if isinstance(value, float) else str(value)
    return f"“{text[:40]}{'…' if len(text) > 40 else ''}”"


def listing(values: Iterable[object], limit: int = 3) -> str:
    """Return up to three quoted values: ``“a”, “b” and “c”``."""
    shown = [quote(value) for value in values]
    if len(shown) > limit:
        return ", ".join(shown[:limit]) + " …"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
