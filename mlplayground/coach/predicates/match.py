"""What a predicate gives where its situation is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mlplayground.coach.facts import Label


@dataclass(frozen=True, slots=True)
class Match:
    """The values that a hint's texts quote, and the column that they are about, if one."""

    values: Mapping[str, str]
    column: Label | None = None
