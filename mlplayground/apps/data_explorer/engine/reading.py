"""Reading a table from a file, whatever it says on the tin."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from mlplayground.apps.data_explorer.engine import sniff
from mlplayground.apps.data_explorer.engine.formats import (
    read_excel,
    read_json,
    read_parquet,
    refuse_what_is_no_table,
)
from mlplayground.apps.data_explorer.engine.records import Records, scan
from mlplayground.apps.data_explorer.engine.table import BadLine, ReadReport, Table
from mlplayground.errors import TableError

MAX_BYTES = 1024**3
MAX_COLUMNS = 20_000
_SHOWN_BAD_LINES = 100


def read_table(
    path: str | os.PathLike[str],
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    header: bool | None = None,
    max_bytes: int = MAX_BYTES,
) -> Table:
    """Read CSV, TSV, JSON lines, Parquet or Excel, plain or gzipped.

    The content decides, not the name: a picture called ``.csv`` is refused, a gzipped file
    without ``.gz`` is read. What is left as None is guessed, and stands in the report.

    Parameters
    ----------
    path : path
    encoding, delimiter, decimal : str, optional
        How text is written; ``decimal`` is ``"."`` or ``","``.
    header : bool, optional
        Whether the first line holds the names.
    max_bytes : int
        Largest size of the content, unpacked, in bytes.

    Returns
    -------
    Table
        Names are unique text: an empty one becomes ``column_3``, a second ``age`` becomes
        ``age_2``.

    Raises
    ------
    TableError
        If the file cannot be read, or is no table.
    MissingExtra
        If it is an Excel file and openpyxl is not installed.
    """
    file = Path(path)
    data, compressed = _content(file, max_bytes)
    if data[:4] == b"PAR1":
        return read_parquet(data, file.name, max_bytes)
    if data[:4] == b"PK\x03\x04":
        return read_excel(data, file.name, max_bytes)
    refuse_what_is_no_table(data, file.name)
    text, encoding = _as_utf8(data, file.name, encoding)
    if text.lstrip()[:1] in (b"{", b"["):
        return read_json(text, file.name, compressed)
    return _read_delimited(text, file.name, delimiter, decimal, header, compressed, encoding)


def _content(file: Path, max_bytes: int) -> tuple[bytes, bool]:
    try:
        if not file.is_file():
            what = "a folder" if file.is_dir() else "not there"
            raise TableError(f"A table must be a file, and {file.name!r} is {what}.")
        size = file.stat().st_size
        if size > max_bytes:
            raise TableError(_too_large(file.name, size, max_bytes))
        data = file.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise TableError(f"{file.name!r} cannot be read: {reason}.") from error
    if data[:2] == b"\x1f\x8b":
        return _unpacked(data, file.name, max_bytes), True
    if not data.strip():
        raise TableError(f"{file.name!r} is empty. Is this the file that you meant?")
    return data, False


def _unpacked(data: bytes, name: str, max_bytes: int) -> bytes:
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            content = packed.read(max_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise TableError(f"{name!r} is a damaged gzip file: {error}. Get it again.") from error
    if len(content) > max_bytes:
        raise TableError(_too_large(name, len(content), max_bytes))
    if not content.strip():
        raise TableError(f"{name!r} is a gzip file with nothing in it.")
    return content


def _too_large(name: str, size: int, limit: int) -> str:
    return (
        f"{name!r} has more than {limit / 1e6:,.0f} MB ({size / 1e6:,.0f} MB or more unpacked), "
        "the limit for one table. Take a part of its rows or columns, or save it as Parquet."
    )


def _as_utf8(data: bytes, name: str, encoding: str | None) -> tuple[bytes, str]:
    """Return the text as UTF-8 with ``\\n`` as line end, and its encoding's name."""
    chosen = encoding or sniff.guess_encoding(data)
    try:
        if chosen == "utf-8":
            text = data
            text.decode("utf-8")
        else:
            text = _decode(data, chosen).encode("utf-8")
    except LookupError:
        raise TableError(f"There is no encoding called {chosen!r}; try utf-8 or cp1252.") from None
    except UnicodeError as error:
        raise TableError(
            f"{name!r} is not written in {chosen} (byte {getattr(error, 'start', 0):,}). "
            "Try another encoding, such as utf-8, cp1252 or utf-16."
        ) from error
    nul = text.find(b"\0")
    if nul >= 0:
        line = text.count(b"\n", 0, nul) + 1
        raise TableError(
            f"{name!r} has a NUL byte in line {line:,}, which no text has. Either it is no text "
            "file, or it was damaged: export it again."
        )
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n"), chosen


def _decode(data: bytes, encoding: str) -> str:
    if encoding == "cp1252":
        # Five bytes mean nothing in Windows-1252; latin-1 gives each byte a character.
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:
            return data.decode("latin-1")
    return data.decode(encoding)


def _read_delimited(
    text: bytes,
    name: str,
    delimiter: str | None,
    decimal: str | None,
    header: bool | None,
    compressed: bool,
    encoding: str,
) -> Table:
    if delimiter is not None and (
        len(delimiter) != 1 or delimiter in '"\n\r' or ord(delimiter) > 127
    ):
        raise TableError(f"A delimiter must be one ASCII character, not {delimiter!r}.")
    if decimal not in (None, ".", ","):
        raise TableError(f"A decimal mark must be '.' or ',', not {decimal!r}.")
    mark = sniff.guess_delimiter(text) if delimiter is None else delimiter
    records = scan(text, mark)
    width = sniff.usual_width(records)
    if width > MAX_COLUMNS:
        raise TableError(f"{name!r} has {width:,} columns; at most {MAX_COLUMNS:,} can be used.")
    top = _first_of_width(records, width)
    sample = [records.cells(i) for i in range(top, min(top + 201, len(records)))]
    named = (
        sniff.has_header([row for row in sample if len(row) == width]) if header is None else header
    )
    point = decimal or sniff.guess_decimal(sample[int(named) :], mark)
    names, notes = _names(sample[0] if named else [""] * width, width)
    if named and len(sample[0]) == width - 1:
        names, notes = _names(["", *sample[0]], width)
    good = (records.widths == width) & ~records.broken
    good[: top + int(named)] = False
    frame = _parse(records.select(good), names, mark, point, name, int(good.sum()))
    bad = np.flatnonzero(~good[top + int(named) :]) + top + int(named)
    return Table(
        frame,
        ReadReport(
            format="csv",
            compressed=compressed,
            encoding=encoding,
            delimiter=mark,
            decimal=point,
            header=named,
            title_lines=tuple(records.text(i) for i in range(top)),
            bad_lines=tuple(
                BadLine(int(records.lines[i]), int(records.widths[i]), records.text(int(i)))
                for i in bad[:_SHOWN_BAD_LINES]
            ),
            bad_line_count=len(bad),
            notes=(*notes, *_notes(records, bad, width, top)),
        ),
    )


def _first_of_width(records: Records, width: int) -> int:
    """Find the header, or the first row: the first record that is wide enough.

    One cell less is a header too where it comes first (R leaves out the row names' name).
    """
    wide = records.widths[:50] >= max(1, width - 1 if width > 2 else width)
    return int(np.argmax(wide)) if wide.any() else 0


def _names(cells: Sequence[str], width: int) -> tuple[list[str], list[str]]:
    padded = [*cells, *[""] * width][:width]
    names, notes = [], []
    taken = Counter(padded)
    for place, cell in enumerate(padded, start=1):
        name = cell if cell.strip() else f"column_{place}"
        number = 2
        if name in names:
            while f"{name}_{number}" in names or f"{name}_{number}" in taken:
                number += 1
            notes.append(f"A second column {name!r} is called {f'{name}_{number}'!r} here.")
            name = f"{name}_{number}"
        names.append(name)
    return names, notes


def _parse(
    data: bytes, names: Sequence[str], delimiter: str, decimal: str, file: str, expected: int
) -> pd.DataFrame:
    if not expected:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in names})
    try:
        frame = pd.read_csv(
            io.BytesIO(data),
            # A table of one column is split nowhere: no text holds this character.
            sep=delimiter or "\x1f",
            header=None,
            names=list(range(len(names))),
            index_col=False,
            decimal=decimal,
            thousands=None,
            skipinitialspace=True,
            low_memory=False,
            skip_blank_lines=False,
            encoding="utf-8",
        )
    except (ValueError, OverflowError) as error:
        raise TableError(f"{file!r} cannot be read as a table: {str(error)[:200]}.") from error
    if len(frame) != expected:
        raise TableError(
            f"{file!r} has quotes that do not pair up: {expected:,} lines look like rows, "
            f"{len(frame):,} rows came out. Repair the quotes, or choose another delimiter."
        )
    frame.columns = pd.Index(names)
    return frame


def _notes(records: Records, bad: np.ndarray, width: int, top: int) -> list[str]:
    notes = []
    if len(bad):
        first = int(bad[0])
        cells = int(records.widths[first])
        what = "a quote that never closes" if records.broken[first] else f"{cells} cells"
        more = f"; {len(bad):,} lines are like that" if len(bad) > 1 else ""
        notes.append(
            f"Line {int(records.lines[first]):,} has {what}, the table has {width}. "
            f"It was kept aside{more}."
        )
    if top:
        notes.append(f"{top} line{'s' if top > 1 else ''} above the header were kept aside.")
    return notes
