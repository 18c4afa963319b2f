"""Delimited text as a table: where it starts, what its columns are called, what fits."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from mlplayground.apps.data_explorer.engine import sniff
from mlplayground.apps.data_explorer.engine.records import Records, scan
from mlplayground.apps.data_explorer.engine.table import BadLine, ReadReport, Table
from mlplayground.errors import TableError

MAX_COLUMNS = 20_000
_SHOWN_BAD_LINES = 100


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text lays out its table.

    Attributes
    ----------
    delimiter, decimal : str
    width : int
        Cells in a row.
    title_lines : int
        Records above the header, or above the first row where there is none.
    header : bool
    names : tuple of str
    notes : tuple of str
        What was changed about the names.
    """

    delimiter: str
    decimal: str
    width: int
    title_lines: int
    header: bool
    names: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def first_row(self) -> int:
        """The record with which the rows begin."""
        return self.title_lines + int(self.header)


def read_delimited(
    text: bytes, file: str, delimiter: str | None, decimal: str | None, header: bool | None
) -> Table:
    """Read delimited text; what is None is guessed.

    Parameters
    ----------
    text : bytes
        UTF-8 with ``\\n`` as line end.
    file : str
        For messages.
    delimiter, decimal, header
        See ``read_table``.

    Raises
    ------
    TableError
        For options that make no sense, or too many columns.
    """
    _check(delimiter, decimal)
    records = scan(text, sniff.guess_delimiter(text) if delimiter is None else delimiter)
    layout = find_layout(records, decimal, header)
    if layout.width > MAX_COLUMNS:
        raise TableError(
            f"{file!r} has {layout.width:,} columns; at most {MAX_COLUMNS:,} can be used."
        )
    good = (records.widths == layout.width) & ~records.broken
    good[: layout.first_row] = False
    bad = np.flatnonzero(~good)
    bad = bad[bad >= layout.first_row]
    return Table(_parse(records, good, layout, file), _report(records, layout, bad))


def find_layout(records: Records, decimal: str | None, header: bool | None) -> Layout:
    """Find where the table starts, whether it has a header, and its decimal mark."""
    width = sniff.usual_width(records)
    wide = records.widths[:100] == width
    top = int(np.argmax(wide)) if wide.any() else 0
    rows = [records.cells(i) for i in range(top, min(top + 200, len(records)))]
    rows = [row for row in rows if len(row) == width]
    named = sniff.has_header(rows) if header is None else header
    cells = rows[0] if named and rows else [""] * width
    if top and header is not False and _names_but_one(records, top, width, named):
        # R leaves out the name of the row names' column.
        top, named, cells = top - 1, True, ["", *records.cells(top - 1)]
    names, notes = unique_names(cells)
    body = rows[1:] if named else rows
    mark = records.delimiter
    return Layout(mark, decimal or sniff.guess_decimal(body, mark), width, top, named, names, notes)


def _names_but_one(records: Records, top: int, width: int, named: bool) -> bool:
    above = records.cells(top - 1)
    plain = all(cell.strip() and not sniff.is_number(cell) for cell in above)
    return len(above) == width - 1 and plain and not named


def unique_names(cells: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give each column a name of its own; say where it is not the one in the file."""
    names: list[str] = []
    notes: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = cell if cell.strip() else f"column_{place}"
        number = 2
        # Neither a name that was given already nor one that is still to come.
        while name in names or (name != cell and name in cells):
            name, number = f"{cell or f'column_{place}'}_{number}", number + 1
        if cell.strip() and name != cell:
            notes.append(f"A second column {cell!r} is called {name!r} here.")
        names.append(name)
    return tuple(names), tuple(notes)


def _parse(
    records: Records, good: npt.NDArray[np.bool_], layout: Layout, file: str
) -> pd.DataFrame:
    expected = int(good.sum())
    if not expected:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in layout.names})
    frame = _read_csv(records.select(good), layout)
    if frame is None or len(frame) != expected:
        # Quotes in odd places: pandas and the scan disagree, so the scan's cells decide.
        frame = _read_csv(_rewritten(records, good), layout)
    if frame is None or len(frame) != expected:
        raise TableError(f"{file!r} has quotes that do not pair up. Repair them, or export again.")
    frame.columns = pd.Index(layout.names)
    return frame


def _read_csv(data: bytes, layout: Layout) -> pd.DataFrame | None:
    """Parse rows of one width; None where pandas finds another width in them."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(
                io.BytesIO(data),
                # A table of one column is split nowhere: by a character that it does not hold.
                sep=layout.delimiter or _unused(data),
                header=None,
                names=list(range(layout.width)),
                index_col=False,
                decimal=layout.decimal,
                skipinitialspace=True,
                low_memory=False,
                skip_blank_lines=False,
                encoding="utf-8",
            )
    except (ValueError, pd.errors.ParserWarning):
        return None


def _unused(data: bytes) -> str:
    return next((chr(i) for i in range(31, 0, -1) if bytes([i]) not in data), "\x1f")


def _rewritten(records: Records, good: npt.NDArray[np.bool_]) -> bytes:
    out = io.StringIO()
    mark = records.delimiter or _unused(records.data)
    writer = csv.writer(out, delimiter=mark, lineterminator="\n")
    writer.writerows(records.cells(int(place)) for place in np.flatnonzero(good))
    return out.getvalue().encode("utf-8")


def _report(records: Records, layout: Layout, bad: npt.NDArray[np.intp]) -> ReadReport:
    shown = [int(place) for place in bad[:_SHOWN_BAD_LINES]]
    return ReadReport(
        format="csv",
        delimiter=layout.delimiter,
        decimal=layout.decimal,
        header=layout.header,
        title_lines=tuple(records.text(i) for i in range(layout.title_lines)),
        bad_lines=tuple(
            BadLine(int(records.lines[i]), int(records.widths[i]), records.text(i)) for i in shown
        ),
        bad_line_count=len(bad),
        notes=(*layout.notes, *_notes(records, layout, bad)),
    )


def _notes(records: Records, layout: Layout, bad: npt.NDArray[np.intp]) -> Iterator[str]:
    if len(bad):
        first = int(bad[0])
        cells = f"{int(records.widths[first])} cells"
        what = "a quote that never closes" if records.broken[first] else cells
        more = f"; {len(bad):,} lines are like that" if len(bad) > 1 else ""
        yield (
            f"Line {int(records.lines[first]):,} has {what}, the table has {layout.width}. "
            f"It was kept aside{more}."
        )
    if layout.title_lines:
        lines = "1 line" if layout.title_lines == 1 else f"{layout.title_lines} lines"
        yield f"{lines} above the table {'was' if layout.title_lines == 1 else 'were'} kept aside."


def _check(delimiter: str | None, decimal: str | None) -> None:
    if delimiter is not None and (
        len(delimiter) != 1 or delimiter in '"\n\r' or ord(delimiter) > 127
    ):
        raise TableError(f"A delimiter must be one ASCII character, not {delimiter!r}.")
    if decimal not in (None, ".", ","):
        raise TableError(f"A decimal mark must be '.' or ',', not {decimal!r}.")
