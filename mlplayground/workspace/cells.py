"""Cells of any usual kind as JSON, and back to exactly what they were.

For what a column of one type cannot hold: mixed cells, lists, decimals, labels. A cell is
``null`` (None), a truth value, a text, an integer, or ``{"kind": value}``.
"""

from __future__ import annotations

import base64
import datetime as dt
import decimal
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd


class NotKept(TypeError):
    """A cell of a kind that cannot be written down."""


_WRITE: dict[type, tuple[str, Callable[[Any], Any]]] = {
    float: ("float", float.hex),
    complex: ("complex", lambda cell: [cell.real.hex(), cell.imag.hex()]),
    bytes: ("bytes", lambda cell: base64.b64encode(cell).decode("ascii")),
    decimal.Decimal: ("decimal", str),
    dt.date: ("date", dt.date.isoformat),
    dt.time: ("time", dt.time.isoformat),
    dt.datetime: ("datetime", dt.datetime.isoformat),
    dt.timedelta: ("timedelta", lambda cell: [cell.days, cell.seconds, cell.microseconds]),
    pd.Timedelta: ("Timedelta", lambda cell: [_ticks(cell.to_timedelta64()), cell.unit]),
    pd.Period: ("Period", lambda cell: [cell.ordinal, cell.freqstr]),
}

_NUMPY = (np.bool_, np.integer, np.floating, np.str_)

_READ: dict[str, Callable[[Any], Any]] = {
    "float": float.fromhex,
    "complex": lambda parts: complex(float.fromhex(parts[0]), float.fromhex(parts[1])),
    "bytes": base64.b64decode,
    "decimal": decimal.Decimal,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "datetime": dt.datetime.fromisoformat,
    "timedelta": lambda parts: dt.timedelta(*parts),
    "Timedelta": lambda parts: pd.Timedelta(np.timedelta64(*parts)),
    "Period": lambda parts: pd.Period(ordinal=parts[0], freq=parts[1]),
    "Timestamp": lambda parts: _timestamp(*parts),
    "Interval": lambda parts: pd.Interval(read(parts[0]), read(parts[1]), parts[2]),
    "missing": lambda name: {"NaT": pd.NaT, "NA": pd.NA}[name],
    "numpy": lambda parts: np.dtype(parts[0]).type(read(parts[1])),
    "list": lambda items: [read(item) for item in items],
    "tuple": lambda items: tuple(read(item) for item in items),
    "set": lambda items: {read(item) for item in items},
    "dict": lambda pairs: {read(key): read(value) for key, value in pairs},
}


def write(cell: Any) -> Any:
    """Return `cell` in the forms that JSON knows.

    Raises
    ------
    NotKept
        For an object of any other class than those in this module.
    """
    kind = type(cell)
    if cell is None or kind in (bool, str, int):
        return cell
    if cell is pd.NaT or cell is pd.NA:
        return {"missing": "NaT" if cell is pd.NaT else "NA"}
    if kind in _WRITE and getattr(cell, "tzinfo", None) is None:
        name, form = _WRITE[kind]
        return {name: form(cell)}
    return _write_composed(cell, kind)


def read(data: Any) -> Any:
    """Undo :func:`write`."""
    if isinstance(data, dict):
        ((kind, value),) = data.items()
        return _READ[kind](value)
    return data


def _write_composed(cell: Any, kind: type) -> Any:
    if kind is pd.Timestamp:
        zone = None if cell.tzinfo is None else zone_name(cell.tzinfo)
        return {"Timestamp": [_ticks(cell.to_datetime64()), cell.unit, zone]}
    if kind is dt.datetime and type(cell.tzinfo) is dt.timezone:
        return {"datetime": cell.isoformat()}
    if kind is pd.Interval:
        return {"Interval": [write(cell.left), write(cell.right), cell.closed]}
    if isinstance(cell, _NUMPY) and kind is not np.longdouble:
        return {"numpy": [cell.dtype.str, write(cell.item())]}
    if kind in (list, tuple):
        return {kind.__name__: [write(item) for item in cell]}
    if kind is set:
        return {"set": sorted((write(item) for item in cell), key=repr)}
    if kind is dict:
        return {"dict": [[write(key), write(value)] for key, value in cell.items()]}
    raise NotKept(kind.__name__)


def zone_name(zone: dt.tzinfo) -> str:
    """Name a time zone so that pandas finds it again; raises ``NotKept`` if it would not."""
    name = str(pd.DatetimeTZDtype("ns", zone).tz)
    try:
        again = pd.DatetimeTZDtype("ns", name)
    except Exception as error:
        raise NotKept(f"time in the zone {name}") from error
    if again != pd.DatetimeTZDtype("ns", zone):
        raise NotKept(f"time in the zone {name}")
    return name


def _ticks(cell: np.datetime64 | np.timedelta64) -> int:
    return int(cell.astype(np.int64))


def _timestamp(ticks: int, unit: str, zone: str | None) -> pd.Timestamp:
    stamp = pd.Timestamp(np.datetime64(ticks, unit))  # type: ignore[call-overload]
    return stamp if zone is None else stamp.tz_localize("UTC").tz_convert(zone)
