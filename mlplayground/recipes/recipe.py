"""A sequence of operations, learned in order, each on what the one before made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from mlplayground.errors import InputError
from mlplayground.recipes.operation import Learned, Operation, check_name, operation_from_dict

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

VERSION = 1


@dataclass(frozen=True)
class Recipe:
    """What to do to a table, in order.

    Examples
    --------
    >>> from mlplayground.recipes import DropDuplicateRows, FillMissing, Recipe
    >>> recipe = Recipe((DropDuplicateRows(), FillMissing("age", "median")))
    >>> frame = pd.DataFrame({"age": [20.0, 20.0, None, 30.0]})
    >>> recipe.learn(frame).apply(frame)["age"].tolist()
    [20.0, 25.0, 30.0]
    """

    operations: tuple[Operation, ...] = ()

    @property
    def id(self) -> str:
        """20 hex digits that depend only on the operations and their order."""
        return _digest(self.to_dict())

    def then(self, operation: Operation) -> Recipe:
        """Return a recipe with one more operation at its end."""
        return Recipe((*self.operations, operation))

    def learn(self, frame: pd.DataFrame) -> LearnedRecipe:
        """Learn each operation's parameters on what those before it made of `frame`.

        Raises
        ------
        ColumnError
            If a column that an operation needs is missing, or not of its kind.
        """
        learned: list[Learned] = []
        for operation in self.operations:
            learned.append(operation.learn(frame))
            frame = learned[-1].apply(frame)
        return LearnedRecipe(tuple(learned))

    def to_dict(self) -> dict[str, Any]:
        """Return the recipe as JSON-ready data; see :meth:`from_dict`."""
        return {"version": VERSION, "operations": [op.to_dict() for op in self.operations]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Recipe:
        """Read what :meth:`to_dict` wrote; raises ``InputError`` for anything else."""
        return cls(tuple(operation_from_dict(item) for item in _entries(data)))


@dataclass(frozen=True)
class LearnedRecipe:
    """A recipe with its parameters, to be replayed, printed or put into a pipeline."""

    steps: tuple[Learned, ...] = ()

    @property
    def recipe(self) -> Recipe:
        """The recipe without its parameters, to learn it anew."""
        return Recipe(tuple(step.operation for step in self.steps))

    @property
    def id(self) -> str:
        """20 hex digits that depend on the operations and on what they learned."""
        return _digest(self.to_dict())

    def apply(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a changed copy of `frame`; raises ``ColumnError`` where it does not fit."""
        changed = frame.copy()
        for step in self.steps:
            changed = step.apply(changed)
        return changed

    def to_source(self, frame_name: str = "df") -> str:
        """Print plain pandas that does the same to a frame of that name.

        The code needs pandas and numpy only, and leaves the frame that it starts from as
        it is: the name is bound to a copy.
        """
        check_name(frame_name)
        head = f"import numpy as np\nimport pandas as pd\n\n{frame_name} = {frame_name}.copy()"
        return "\n\n".join([head, *(step.to_source(frame_name) for step in self.steps)]) + "\n"

    def to_pipeline(self) -> Pipeline:
        """Return a scikit-learn ``Pipeline`` of the operations of kind ``column``.

        It transforms with what was learned here; fitting it learns anew, so that inside a
        cross-validation nothing is learned from the rows that are held out.

        Raises
        ------
        InputError
            If an operation works on rows: a pipeline may not drop any. Apply those to the
            training rows before.
        """
        rows = [step.operation.title() for step in self.steps if step.operation.kind == "row"]
        if rows:
            raise InputError(
                f"A pipeline keeps every row, so it cannot hold: {'; '.join(rows)}. "
                "Apply these to the training rows first."
            )
        from mlplayground.recipes.pipeline import make_pipeline

        return make_pipeline(self.steps)

    def to_dict(self) -> dict[str, Any]:
        """Return the learned recipe as JSON-ready data; see :meth:`from_dict`."""
        return {"version": VERSION, "operations": [step.to_dict() for step in self.steps]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LearnedRecipe:
        """Read what :meth:`to_dict` wrote; raises ``InputError`` for anything else."""
        return cls(tuple(Learned.from_dict(item) for item in _entries(data)))


def _entries(data: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    if not isinstance(data, Mapping) or data.get("version") != VERSION:
        found = data.get("version") if isinstance(data, Mapping) else type(data).__name__
        raise InputError(f"This is no recipe of version {VERSION}: {str(found)[:40]!r}.")
    entries = data.get("operations")
    if not isinstance(entries, list) or not all(isinstance(item, dict) for item in entries):
        raise InputError("A recipe holds a list of operations under 'operations'.")
    return entries


def _digest(data: Mapping[str, Any]) -> str:
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:20]
