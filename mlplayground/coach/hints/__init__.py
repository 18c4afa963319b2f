"""The texts of the hints, one YAML file each.

A file has ``concept`` (what it teaches), ``situation`` (when it speaks, for whoever reads
the file) and ``rungs``: a question, a pointer and the answer, with ``{named}`` values that
the predicate of the same name gives (``coach/predicates``).
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from mlplayground.coach.records import RUNGS
from mlplayground.errors import CatalogError

_KEYS = {"concept", "situation", "rungs"}


@dataclass(frozen=True, slots=True)
class HintText:
    """A hint before it meets a learner's numbers."""

    id: str
    concept: str
    situation: str
    rungs: tuple[str, ...]

    @property
    def values(self) -> frozenset[str]:
        """Names of the values that the rungs quote."""
        fields = (field for rung in self.rungs for field in string.Formatter().parse(rung))
        return frozenset(name for _, name, _, _ in fields if name is not None)

    def texts(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """The three rungs with the learner's own numbers and names in them."""
        return tuple(rung.format_map(dict(values)) for rung in self.rungs)


@cache
def load_hints() -> tuple[HintText, ...]:
    """All hints by their id.

    Raises
    ------
    CatalogError
        Naming the file that is not as it must be.
    """
    folder = files("mlplayground.coach.hints")
    found = [file for file in folder.iterdir() if file.name.endswith(".yaml")]
    return tuple(
        _parse(file.name, file.read_text("utf-8")) for file in sorted(found, key=lambda f: f.name)
    )


def hint_text(hint_id: str) -> HintText:
    """One hint; raises ``KeyError`` where there is none of that id."""
    return {hint.id: hint for hint in load_hints()}[hint_id]


def _parse(file: str, text: str) -> HintText:
    try:
        raw: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise CatalogError(f"The hint {file} cannot be read as YAML: {error}") from error
    if not isinstance(raw, dict) or raw.keys() != _KEYS:
        raise CatalogError(f"The hint {file} must have {', '.join(sorted(_KEYS))}, and no more.")
    rungs = raw["rungs"]
    whole = [raw["concept"], raw["situation"], *(rungs if isinstance(rungs, list) else [None])]
    if not all(isinstance(item, str) and item for item in whole) or len(rungs) != RUNGS:
        raise CatalogError(f"The hint {file} must have texts only, and {RUNGS} rungs.")
    return HintText(
        id=file.removesuffix(".yaml"),
        concept=raw["concept"],
        situation=raw["situation"].strip(),
        rungs=tuple(rung.strip() for rung in rungs),
    )
