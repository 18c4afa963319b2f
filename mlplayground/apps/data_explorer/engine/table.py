"""What reading a file gives: the table, and what was decided on the way."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that did not fit and was kept aside; `line` counts from 1 in the file."""

    line: int
    cells: int
    text: str


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What was decided while a file was read.

    Attributes
    ----------
    format : str
        ``csv``, ``json``, ``parquet`` or ``excel``.
    compressed : bool
    encoding, delimiter, decimal : str
        Empty where the format has none; a delimiter is empty in a table of one column.
    header : bool
        Whether the names came from the file.
    title_lines : tuple of str
        Lines above the header, kept aside.
    bad_lines : tuple of BadLine
        The first 100 of the lines that were kept aside, out of `bad_line_count`.
    notes : tuple of str
        Sentences about what the learner may want to change.
    """

    format: str
    compressed: bool = False
    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    header: bool = True
    title_lines: tuple[str, ...] = ()
    bad_lines: tuple[BadLine, ...] = ()
    bad_line_count: int = 0
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read from a file."""

    frame: pd.DataFrame
    report: ReadReport = field(default_factory=lambda: ReadReport("csv"))
