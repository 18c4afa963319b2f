"""Inputs of a panel, as plain frozen data.

Each has a `name` (its key in ``Panel.values()``), a `label` (what the learner reads) and a
`value` (what it holds at first, and what a headless run of the step uses).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few.

    Attributes
    ----------
    options : tuple
        Values, or ``(value, label)`` pairs where the learner reads something else.
    """

    name: str
    label: str
    value: Scalar
    options: tuple[Scalar | tuple[Scalar, str], ...]
    help: str = ""

    def pairs(self) -> tuple[tuple[Scalar, str], ...]:
        """All options as ``(value, label)``."""
        return tuple(
            option if isinstance(option, tuple) else (option, str(option))
            for option in self.options
        )


@dataclass(frozen=True, slots=True)
class Columns:
    """One or several columns of the learner's table.

    Attributes
    ----------
    value : str, None or tuple of str
        A tuple where `multiple`, else one name or None.
    options : tuple of str
        The names to choose from; two columns of the same name cannot be told apart here.
    optional : bool
        Whether "none" can be chosen (only where not `multiple`).
    """

    name: str
    label: str
    value: str | tuple[str, ...] | None
    options: tuple[str, ...]
    multiple: bool = False
    optional: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A number between `low` and `high`; whole where `value` and `step` are whole.

    A slider sends its value when it is let go, not on the way.
    """

    name: str
    label: str
    value: int | float
    low: int | float
    high: int | float
    step: int | float = 1
    slider: bool = False
    unit: str = ""
    help: str = ""

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are possible."""
        return isinstance(self.value, int) and isinstance(self.step, int)


@dataclass(frozen=True, slots=True)
class Toggle:
    """Yes or no."""

    name: str
    label: str
    value: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text, or several where `lines` is above 1."""

    name: str
    label: str
    value: str = ""
    placeholder: str = ""
    lines: int = 1
    help: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table is to come from.

    Attributes
    ----------
    kind : {"dataset", "sample", "path", "upload", "file"}
        A dataset of the workspace (`ref` is its id), a bundled sample (its id), a file that
        the kernel can read (its path), a finished upload on the server (its upload id), or a
        file that came through the kernel's own connection (its temporary path).
    ref : str
        See `kind`.
    name : str
        What the learner calls it: the file's name, the sample's title.
    """

    kind: Literal["dataset", "sample", "path", "upload", "file"]
    ref: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class DatasetPicker:
    """Where a table comes from: one of the learner's datasets, a sample, a path, a file.

    Attributes
    ----------
    value : Source or None
        What is chosen.
    datasets, samples : tuple of (str, str)
        Ids with what the learner reads.
    upload_limit : int
        Bytes that one file may have.
    """

    name: str
    label: str
    value: Source | None = None
    datasets: tuple[tuple[str, str], ...] = ()
    samples: tuple[tuple[str, str], ...] = ()
    upload_limit: int = 4096 * 1024 * 1024
    help: str = ""


Control = Choice | Columns | Number | Toggle | Text | DatasetPicker
