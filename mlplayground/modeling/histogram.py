"""Histograms of columns of numbers and of dates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mlplayground.modeling.kinds import Coded

MAX_BINS = 60


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts between edges; `edges` are numbers, or ISO times for a column of dates."""

    counts: tuple[int, ...]
    edges: tuple[float, ...] | tuple[str, ...]


def histogram(coded: Coded) -> Histogram | None:
    """Count the finite values of a column in bins; None where it holds no numbers or dates."""
    if coded.dates is not None:
        stamps = coded.dates.dropna().astype("datetime64[s]").to_numpy().astype("int64")
        made = _bins(stamps.astype("float64"), whole=False)
        if made is None:
            return None
        edges = np.array(made.edges, dtype="int64").astype("datetime64[s]")
        return Histogram(made.counts, tuple(str(edge) for edge in edges))
    if coded.numbers is None:
        return None
    values = coded.numbers[np.isfinite(coded.numbers)]
    whole = coded.values.dtype.kind in "iu"
    return _bins(values, whole)


def _bins(values: npt.NDArray[np.float64], whole: bool) -> Histogram | None:
    if not len(values):
        return None
    low, high = float(values.min()), float(values.max())
    with np.errstate(over="ignore"):
        width = np.float64(high) - np.float64(low)
    if not np.isfinite(width):
        return None
    if whole and width < MAX_BINS:
        edges = np.arange(low - 0.5, high + 1)
    else:
        edges = _edges(values, low, high)
    counts, edges = np.histogram(values, edges)
    return Histogram(tuple(counts.tolist()), tuple(edges.tolist()))


def _edges(values: npt.NDArray[np.float64], low: float, high: float) -> npt.NDArray[np.float64]:
    """Space bins by Freedman and Diaconis (1981), between 5 and ``MAX_BINS`` of them."""
    q25, q75 = np.quantile(values, [0.25, 0.75])
    step = 2 * (q75 - q25) / len(values) ** (1 / 3)
    wanted = (high - low) / step if step > 0 else np.sqrt(len(values))
    n_bins = int(np.clip(np.ceil(wanted), 5, MAX_BINS))
    edges = np.linspace(low, high, n_bins + 1)
    # Neighbouring floats leave no room for bins: one bin says what there is to say.
    return edges if np.all(np.diff(edges) > 0) else np.array([low - 0.5, high + 0.5])
