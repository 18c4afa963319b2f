"""One repair or change of a table, as data.

An operation is a frozen dataclass that only holds what was declared ("fill ``age`` by its
median"). ``learn(frame)`` finds the parameters in a frame (the median is 28.0) and gives a
:class:`Learned`, which is data too and does not look at a frame again. So the same repair
can be replayed on new rows with the old parameters, learned anew, undone, hashed, stored
as JSON, or printed as plain pandas.

Obligations of a subclass, checked by ``tests/unit/recipes`` for everything registered:

- ``_apply`` returns a new frame, and never changes the one that it was given;
- ``_source`` prints code that, run on the same frame, gives exactly the same result, and
  needs nothing but pandas and numpy; whatever comes from the learner goes through
  :func:`~mlplayground.recipes.values.literal`;
- an operation of kind ``row`` may drop or repair rows and is meant for training rows only;
  one of kind ``column`` works on each row by itself and keeps all of them.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from keyword import iskeyword
from types import MappingProxyType
from typing import Any, ClassVar, Literal, TypeVar, get_type_hints

import numpy as np
import pandas as pd

from mlplayground.errors import ColumnError, InputError
from mlplayground.recipes.values import ColumnName, fits, from_json, literal, to_json

OPERATIONS: dict[str, type[Operation]] = {}
"""Every operation by its name; filled by :func:`register`."""

_O = TypeVar("_O", bound="Operation")


@dataclass(frozen=True)
class Operation(ABC):
    """What to do, without having looked at any data."""

    name: ClassVar[str]
    kind: ClassVar[Literal["row", "column"]]
    learns: ClassVar[Mapping[str, Any]] = {}
    """Names and types of the learned parameters."""

    def __post_init__(self) -> None:
        hints = _field_types(type(self))
        for name, hint in hints.items():
            if not fits(getattr(self, name), hint):
                raise InputError(
                    f"{self.name}: {name} cannot be {str(getattr(self, name))[:80]!r}."
                )
        self._check()

    def learn(self, frame: pd.DataFrame) -> Learned:
        """Find the parameters in `frame`, which is not changed.

        Raises
        ------
        ColumnError
            If a column is missing, there twice, or not of the kind that is needed.
        """
        with _Refusals(self):
            return Learned(self, MappingProxyType(self._learn(frame)))

    @abstractmethod
    def title(self) -> str:
        """Say in a few words what this does, verb first."""

    @abstractmethod
    def touched(self) -> tuple[ColumnName, ...]:
        """Name the columns that this needs; empty where it looks at whole rows."""

    def to_dict(self) -> dict[str, Any]:
        """Return the operation as JSON-ready data; see :func:`operation_from_dict`."""
        fields = {f.name: to_json(getattr(self, f.name)) for f in dataclasses.fields(self)}
        return {"operation": self.name, **fields}

    def _check(self) -> None:  # noqa: B027 - most operations have nothing to refuse
        """Refuse options that do not go together (``InputError``)."""

    def _learn(self, frame: pd.DataFrame) -> dict[str, Any]:
        for column in self.touched():
            column_of(frame, column)
        return {}

    @abstractmethod
    def _apply(self, frame: pd.DataFrame, learned: Mapping[str, Any]) -> pd.DataFrame: ...

    @abstractmethod
    def _source(self, df: str, learned: Mapping[str, Any]) -> str: ...


@dataclass(frozen=True)
class Learned:
    """An operation with its parameters; works on any frame that has its columns."""

    operation: Operation
    parameters: Mapping[str, Any]

    def __post_init__(self) -> None:
        types = self.operation.learns
        if self.parameters.keys() != types.keys() or not all(
            fits(self.parameters[name], types[name]) for name in types
        ):
            raise InputError(
                f"{self.operation.name} learns {', '.join(types) or 'nothing'}; "
                f"got {str(dict(self.parameters))[:200]}."
            )

    def apply(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a changed copy of `frame`; the index of the rows that stay is kept.

        Raises
        ------
        ColumnError
            If a column is missing, there twice, or its cells cannot be worked on.
        """
        for column in self.operation.touched():
            column_of(frame, column)
        with _Refusals(self.operation):
            return self.operation._apply(frame, self.parameters)

    def to_source(self, frame_name: str = "df") -> str:
        """Print plain pandas that does the same to the frame called `frame_name`."""
        check_name(frame_name)
        return f"# {_one_line(self.operation.title())}\n" + self.operation._source(
            frame_name, self.parameters
        )

    def to_dict(self) -> dict[str, Any]:
        """Return this as JSON-ready data; see :meth:`from_dict`."""
        parameters = {name: to_json(value) for name, value in self.parameters.items()}
        return {**self.operation.to_dict(), "learned": parameters}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Learned:
        """Read what :meth:`to_dict` wrote; raises ``InputError`` for anything else."""
        declared = dict(data)
        learned = declared.pop("learned", None)
        if not isinstance(learned, dict):
            raise InputError("A learned operation needs its parameters under 'learned'.")
        parameters = {str(name): from_json(value) for name, value in learned.items()}
        return cls(operation_from_dict(declared), MappingProxyType(parameters))

    def __reduce__(self) -> tuple[Any, ...]:
        # A mapping proxy cannot be pickled, and workers and pipelines need it to be.
        return _rebuild, (self.operation, dict(self.parameters))


def _rebuild(operation: Operation, parameters: dict[str, Any]) -> Learned:
    return Learned(operation, MappingProxyType(parameters))


def register(cls: type[_O]) -> type[_O]:
    """Make a class known by its ``name``, for JSON and for the tests that walk them all."""
    if OPERATIONS.setdefault(cls.name, cls) is not cls:
        raise InputError(f"Two operations are called {cls.name!r}.")
    return cls


def operation_from_dict(data: Mapping[str, Any]) -> Operation:
    """Read what :meth:`Operation.to_dict` wrote.

    Raises
    ------
    InputError
        If the operation is unknown, or an option is missing, unknown or of a wrong type.
    """
    options = dict(data)
    name = options.pop("operation", None)
    if not isinstance(name, str) or name not in OPERATIONS:
        raise InputError(f"Unknown operation {str(name)[:80]!r}; known: {', '.join(OPERATIONS)}.")
    try:
        return OPERATIONS[name](**{key: from_json(value) for key, value in options.items()})
    except TypeError as error:
        raise InputError(f"{name}: {error}") from None


def check_name(frame_name: str) -> None:
    """Raise ``InputError`` for what cannot be the name of a variable."""
    if not frame_name.isidentifier() or iskeyword(frame_name):
        raise InputError(f"{frame_name!r} is not a Python name.")


def column_of(frame: pd.DataFrame, name: ColumnName) -> pd.Series[Any]:
    """Return the one column called `name`.

    Raises
    ------
    ColumnError
        If there is none, or more than one.
    """
    places = np.flatnonzero([_same(label, name) for label in frame.columns])
    if len(places) == 1:
        return frame.iloc[:, int(places[0])]
    if len(places) > 1:
        raise ColumnError(
            f"{len(places)} columns are called {name!r}. Give each a name of its own first."
        )
    there = ", ".join(repr(label) for label in frame.columns[:12])
    more = " …" if frame.shape[1] > 12 else ""
    raise ColumnError(f"There is no column {name!r}. The table has: {there or 'no columns'}{more}.")


def with_column(frame: pd.DataFrame, name: ColumnName, values: Any) -> pd.DataFrame:
    """Return a copy of `frame` with the column `name` replaced, or added at the end."""
    changed = frame.copy()
    changed[name] = values
    return changed


def is_text(column: pd.Series[Any]) -> bool:
    """Whether a column may hold text: of dtype object, string or category."""
    return bool(
        column.dtype == object or isinstance(column.dtype, pd.StringDtype | pd.CategoricalDtype)
    )


def is_number(column: pd.Series[Any]) -> bool:
    """Whether a column's dtype is a real number, truth values left out."""
    dtype = column.dtype
    return (
        pd.api.types.is_numeric_dtype(dtype)
        and not pd.api.types.is_bool_dtype(dtype)
        and not pd.api.types.is_complex_dtype(dtype)
    )


def cell(df: str, column: ColumnName) -> str:
    """Print the access to one column."""
    return f"{df}[{literal(column)}]"


def each_text(df: str, column: ColumnName, expression: str) -> str:
    """Print a change of each cell that is text, named ``cell`` in `expression`."""
    target = cell(df, column)
    return (
        f"{target} = {target}.map(\n"
        f"    lambda cell: {expression} if isinstance(cell, str) else cell\n)"
    )


def map_text(column: pd.Series[Any], change: Callable[[str], Any]) -> pd.Series[Any]:
    """Change each cell that is text, as :func:`each_text` prints it."""
    return column.map(lambda value: change(value) if isinstance(value, str) else value)


def _same(label: Any, name: ColumnName) -> bool:
    # 1, 1.0 and True are equal in Python; as column names only the same type is meant.
    if isinstance(label, np.generic):
        label = label.item()
    return type(label) is type(name) and label == name


def _one_line(text: str) -> str:
    # A title goes into a comment: no line break of a hostile column name may end it.
    return "".join(char if char.isprintable() else " " for char in text)


def _field_types(cls: type[Operation]) -> dict[str, Any]:
    hints = get_type_hints(cls)
    return {field.name: hints[field.name] for field in dataclasses.fields(cls)}


class _Refusals:
    """Turns what pandas refuses into a sentence that names the operation."""

    def __init__(self, operation: Operation) -> None:
        self._title = operation.title()

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, InputError):
            return
        if isinstance(error, TypeError | ValueError | OverflowError | AttributeError | KeyError):
            raise ColumnError(f"{self._title}: {str(error)[:300]}") from error
