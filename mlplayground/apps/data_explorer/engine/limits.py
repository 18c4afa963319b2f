"""Which numbers of a column are far from all others, and which cannot be at all."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mlplayground.recipes.numbers import ordinary_range

MAX_FAR_SHARE = 0.03
MAX_SENTINEL_SHARE = 0.1
"""Where more of a column lies outside, it has a long tail, or the limits are wrong."""

_SENTINELS = (-1.0, -9.0, -99.0, -999.0, -9999.0, 99.0, 999.0, 9999.0, 99999.0, 999999.0)
_AGE = re.compile(r"(^|[^a-z])age([^a-z]|$)")
_NOBODY = re.compile(r"building|house|home|car|vehicle|company|account|tree|wine|property|machine")
_SHARE = re.compile(r"(^|[^a-z])(percent|percentage|pct)([^a-z]|$)")
_AMOUNT = re.compile(
    r"(^|[^a-z])(height|weight|length|width|area|distance|size|price|rooms|items|visits|days|"
    r"months|years|hours|minutes|seconds|kg|cm|mm|km|sqm|sqft|population|pulse)([^a-z]|$)"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The ordinary range of a column of numbers.

    Attributes
    ----------
    low, high : float
    impossible : bool
        Whether what lies outside cannot be a measurement, so that clipping would invent one.
    reason : str
        Why it cannot be; empty where it merely is far out.
    declared_low, declared_high : float or None
        Limits that follow from what the column is, rather than from its values.
    """

    low: float
    high: float
    impossible: bool = False
    reason: str = ""
    declared_low: float | None = None
    declared_high: float | None = None

    def outside(self, numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Mark the numbers beyond the limits; a missing one is not."""
        with np.errstate(invalid="ignore"):
            beyond: npt.NDArray[np.bool_] = (numbers < self.low) | (numbers > self.high)
        return beyond


def find_limits(
    name: object, numbers: npt.NDArray[np.float64], rows: npt.NDArray[np.bool_]
) -> Limits | None:
    """Find what lies outside a column's ordinary range; None where nothing does.

    Parameters
    ----------
    name : object
        A column called ``age`` cannot be negative.
    numbers : array, shape (n_rows,)
    rows : array of bool, shape (n_rows,)
        The rows that count.
    """
    counted = numbers[rows]
    low, high = ordinary_range(counted)
    floor, ceiling, reason = _possible(str(name), counted)
    found = Limits(
        low if floor is None else max(low, floor),
        high if ceiling is None else min(high, ceiling),
        impossible=floor is not None or ceiling is not None,
        reason=reason,
        declared_low=floor,
        declared_high=ceiling,
    )
    share = found.outside(counted).sum() / max(1, len(counted))
    allowed = MAX_SENTINEL_SHARE if "stands for" in reason else MAX_FAR_SHARE
    return found if 0 < share <= allowed else None


def _possible(
    name: str, counted: npt.NDArray[np.float64]
) -> tuple[float | None, float | None, str]:
    """Return a lower and an upper limit that some values break, and why they hold."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    values, times = np.unique(counted[np.isfinite(counted)], return_counts=True)
    if not len(values):
        return None, None, ""
    person = _AGE.search(words) and not _NOBODY.search(words)
    bound = 120.0 if person else 100.0 if _SHARE.search(words) else None
    floor = 0.0 if bound is not None or _AGE.search(words) or _AMOUNT.search(words) else None
    sentinel = _sentinel(values, times)
    reason = "" if sentinel is None else f"{sentinel:g} stands for “not known”"
    if sentinel is not None and sentinel < 0:
        floor = 0.0
    low = floor if floor is not None and values[0] < floor else None
    high = bound if bound is not None and values[-1] > bound else None
    if sentinel is not None and sentinel > 0:
        high = min(high or np.inf, float(values[values < sentinel][-1]))
    if not reason and (low is not None or high is not None):
        reason = "that cannot be"
    return low, high, reason


def _sentinel(values: npt.NDArray[np.float64], times: npt.NDArray[np.intp]) -> float | None:
    """Find a number such as -99 or 999 that stands apart from the others and comes again."""
    if len(values) < 10:
        return None
    negative = values < 0
    if negative.sum() == 1 and values[0] in _SENTINELS and times[0] >= 2:
        return float(values[0])
    spread = values[-2] - values[0]
    if values[-1] in _SENTINELS and times[-1] >= 2 and values[-1] - values[-2] > spread:
        return float(values[-1])
    return None
