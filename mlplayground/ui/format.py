"""Numbers as a learner reads them: three significant digits, thousands separated."""

from __future__ import annotations

import math


def number(value: float, digits: int = 3) -> str:
    """`value` with `digits` significant digits; whole numbers in full, thousands separated."""
    if isinstance(value, bool):
        return str(value)
    if not math.isfinite(value):
        return "unknown" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}".replace("-", "−")
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    if decimals > 6 or abs(value) >= 1e15:
        return f"{value:.{digits - 1}e}".replace("-", "−")
    return f"{value:,.{decimals}f}".replace("-", "−")


def signed(value: float, digits: int = 3) -> str:
    """`value` with its sign, for a gain."""
    return f"+{number(value, digits)}" if value > 0 else number(value, digits)


def gain(expected: float | None, interval: tuple[float, float] | None, unit: str) -> str:
    """A gain with its interval, ``"+0.012 ± 0.008 AUC expected"``; empty where none is known."""
    if expected is None or not math.isfinite(expected):
        return ""
    text = signed(expected, 2)
    if interval is not None and all(math.isfinite(limit) for limit in interval):
        text += _between(expected, interval)
    return f"{text} {unit}".strip() + " expected"


def _between(expected: float, interval: tuple[float, float]) -> str:
    low, high = interval
    below, above = expected - low, high - expected
    if min(below, above) >= 0 and math.isclose(below, above, rel_tol=0.1, abs_tol=1e-9):
        return f" ± {number((high - low) / 2, 2)}"
    return f" ({number(low, 2)} to {number(high, 2)})"


def count(how_many: int, one: str, many: str | None = None) -> str:
    """``count(1, "row")`` is "1 row", ``count(1204, "row")`` "1,204 rows"."""
    return f"{how_many:,} {one if how_many == 1 else many or one + 's'}"


def size(bytes_: int) -> str:
    """A size in bytes as people say it."""
    amount = float(bytes_)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{number(amount)} {unit}"
        amount /= 1000
    return f"{number(amount)} GB"


def seconds_left(seconds: float) -> str:
    """How long still, rounded as far as such a guess can be trusted."""
    if seconds < 1.5:
        return "about a second left"
    if seconds < 90:
        return f"about {round(seconds)} s left"
    return f"about {round(seconds / 60)} min left"
