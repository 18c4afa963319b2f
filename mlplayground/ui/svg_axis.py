"""Axes of the static charts: numbers, times or names, with ticks at round places."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mlplayground.ui.format import number

_TICKS = 6
_NAMES = 20


@dataclass(frozen=True)
class Axis:
    """One axis.

    Attributes
    ----------
    kind : {"number", "time", "name"}
    low, high : float
        Its ends, as numbers.
    ticks : tuple of (float, str)
    title : str
    reversed : bool
        Whether it falls instead of rising.
    names : tuple of str
        For kind ``name``: what stands at 0, 1, 2…
    """

    kind: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    title: str
    reversed: bool = False
    names: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, columns: Sequence[Sequence[Any]], layout: Mapping[str, Any], room: float = 0.0
    ) -> Axis:
        """The axis that holds all of these values, with `room` beyond the first and the last."""
        values = [value for column in columns for value in column]
        kind = _kind(values, layout)
        title = _title(layout)
        falling = layout.get("autorange") == "reversed"
        if kind == "name":
            names = tuple(dict.fromkeys(map(str, values)))
            ticks = tuple((float(place), _short(name)) for place, name in enumerate(names))
            return cls(kind, -0.5, len(names) - 0.5, _thin(ticks), title, falling, names)
        numbers = as_numbers(values, kind)
        low, high = _ends(numbers, zero=layout.get("rangemode") == "tozero")
        low, high = low - room, high + room
        return cls(kind, low, high, _ticks(kind, low, high, layout), title, falling)

    def numbers(self, values: Sequence[Any]) -> list[float]:
        """`values` as places on this axis; NaN where there is none."""
        if self.kind == "name":
            places = {name: float(place) for place, name in enumerate(self.names)}
            return [places.get(str(value), math.nan) for value in values]
        return as_numbers(values, self.kind)


def as_numbers(values: Sequence[Any], kind: str) -> list[float]:
    """Numbers as floats, times as milliseconds; NaN for what is neither."""
    if kind == "time":
        times = pd.to_datetime(pd.Series(list(values), dtype=object), errors="coerce", utc=True)
        stamps = times.to_numpy(dtype="datetime64[ms]")
        return [math.nan if np.isnat(t) else float(t.astype(np.int64)) for t in stamps]
    numbers = pd.to_numeric(pd.Series(list(values), dtype=object), errors="coerce")
    plain: list[float] = numbers.to_numpy(dtype=float, na_value=np.nan).tolist()
    return plain


def _kind(values: Sequence[Any], layout: Mapping[str, Any]) -> str:
    said = {"category": "name", "date": "time", "linear": "number", "log": "number"}
    if layout.get("type") in said:
        return said[str(layout["type"])]
    known = [value for value in values if value is not None][:1000]
    if not np.isnan(as_numbers(known, "number")).all() or not known:
        return "number"
    texts = all(isinstance(value, str) for value in known)
    if texts and not all(len(value) >= 8 and value[:4].isdigit() for value in known):
        return "name"
    return "name" if np.isnan(as_numbers(known, "time")).any() else "time"


def _title(layout: Mapping[str, Any]) -> str:
    title = layout.get("title") or ""
    return str(title.get("text") or "") if isinstance(title, Mapping) else str(title)


def _ends(numbers: Sequence[float], zero: bool) -> tuple[float, float]:
    finite = [value for value in numbers if math.isfinite(value)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        return low - 0.5, high + 0.5
    return low, high


def _ticks(
    kind: str, low: float, high: float, layout: Mapping[str, Any]
) -> tuple[tuple[float, str], ...]:
    texts, places = layout.get("ticktext"), layout.get("tickvals")
    if texts and places:
        named = zip(as_numbers(list(places), "number"), map(str, texts), strict=False)
        return _thin(tuple((place, _short(text)) for place, text in named))
    if kind == "time":
        return _time_ticks(low, high)
    step = _round_step((high - low) / _TICKS)
    first = math.ceil(low / step - 1e-9)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    return tuple(
        (place * step, _tick(place * step, digits))
        for place in range(first, first + 3 * _TICKS)
        if place * step <= high + 1e-9 * step
    )


def _tick(value: float, digits: int) -> str:
    if digits > 6 or abs(value) >= 1e9:
        return number(value)
    return f"{value + 0.0:,.{digits}f}".replace("-", "−")


def _time_ticks(low: float, high: float) -> tuple[tuple[float, str], ...]:
    day = 86_400_000
    form = "%Y" if high - low > 1500 * day else "%Y-%m-%d" if high - low > 4 * day else "%d. %H:%M"
    stamps = np.linspace(low, high, 5)
    labels = [pd.Timestamp(int(stamp), unit="ms").strftime(form) for stamp in stamps]
    return tuple(zip(stamps.tolist(), labels, strict=True))


def _round_step(rough: float) -> float:
    scale = 10.0 ** math.floor(math.log10(rough))
    return float(next(step for step in (1, 2, 5, 10) if step * scale >= rough * (1 - 1e-9)) * scale)


def _thin(ticks: tuple[tuple[float, str], ...]) -> tuple[tuple[float, str], ...]:
    return ticks[:: max(1, math.ceil(len(ticks) / _NAMES))]


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"
