"""Cell values as data: checked, written as JSON, printed as Python.

A recipe holds nothing but column names, options and learned cell values, so it can be
stored, hashed, shared and printed. Everything here is total over :data:`CellValue` and
refuses the rest; a printed value can never be more than a literal.
"""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

import numpy as np
import pandas as pd

from mlplayground.errors import InputError

CellValue: TypeAlias = str | int | float | bool | pd.Timestamp
ColumnName: TypeAlias = str | int

_DATETIME, _FLOAT = "$datetime", "$float"


def plain(value: Any) -> CellValue:
    """Return a cell as the Python value that it stands for (``np.int64(3)`` as ``3``).

    Raises
    ------
    InputError
        For a cell that is no text, number, truth value or time.
    """
    if isinstance(value, np.generic) and not isinstance(value, np.datetime64):
        value = value.item()
    if isinstance(value, np.datetime64 | datetime):
        value = pd.Timestamp(value)
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, pd.Timestamp) and value is not pd.NaT:
        return value
    raise InputError(
        f"A recipe can hold text, numbers, truth values and times, not {type(value).__name__}."
    )


def literal(value: Any) -> str:
    """Print a value, or tuples and dicts of them, as Python source."""
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{literal(k)}: {literal(v)}" for k, v in value.items()) + "}"
    if value is None:
        return "None"
    value = plain(value)
    if isinstance(value, pd.Timestamp):
        return f"pd.Timestamp({value.isoformat()!r})"
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return repr(value)


def to_json(value: Any) -> Any:
    """Return `value` in the forms that JSON knows; :func:`from_json` is its inverse."""
    if value is None:
        return None
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    value = plain(value)
    if isinstance(value, pd.Timestamp):
        return {_DATETIME: value.isoformat()}
    if isinstance(value, float) and not math.isfinite(value):
        return {_FLOAT: str(value)}
    return value


def from_json(value: Any) -> Any:
    """Undo :func:`to_json`; lists become tuples.

    Raises
    ------
    InputError
        For anything that ``to_json`` cannot have written.
    """
    if isinstance(value, list):
        return tuple(from_json(item) for item in value)
    if isinstance(value, dict):
        try:
            if value.keys() == {_DATETIME}:
                return plain(pd.Timestamp(value[_DATETIME]))
            if value.keys() == {_FLOAT}:
                return float(value[_FLOAT])
        except (TypeError, ValueError):
            pass
        raise InputError(f"A recipe cannot hold {str(value)[:80]!r}.")
    return None if value is None else plain(value)


def fits(value: Any, hint: Any) -> bool:
    """Whether `value` is of the type `hint`, looking inside unions, literals and tuples."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(fits(value, argument) for argument in arguments)
    if origin is Literal:
        return isinstance(value, str | int) and value in arguments
    if origin is tuple and arguments[-1] is ...:
        return isinstance(value, tuple) and all(fits(item, arguments[0]) for item in value)
    if origin is tuple:
        return (
            isinstance(value, tuple)
            and len(value) == len(arguments)
            and all(map(fits, value, arguments))
        )
    if hint is None or hint is type(None):
        return value is None
    if isinstance(value, bool):
        return hint is bool
    if hint is float:
        return isinstance(value, float | int)
    return isinstance(value, hint)
