"""Tables that are not delimited text, and files that are no tables at all."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pandas as pd

from mlplayground.apps.data_explorer.engine.table import BadLine, ReadReport, Table
from mlplayground.errors import MissingExtra, TableError

_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a picture or a sound"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"SQLite format 3", "a SQLite database"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file (save it as .xlsx or CSV)"),
    (b"BZh", "a bzip2 archive (unpack it first)"),
    (b"\xfd7zXZ", "an xz archive (unpack it first)"),
    (b"7z\xbc\xaf", "a 7z archive (unpack it first)"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive (unpack it first)"),
    (b"Rar!", "a RAR archive (unpack it first)"),
    (b"{\\rtf", "a rich-text document"),
    (b"\x80\x04\x95", "a pickle, which is never opened because it can run code"),
)
_PAGE = re.compile(rb"\s*<(!doctype html|html|\?xml|head|body)", re.IGNORECASE)


def refuse_what_is_no_table(data: bytes, name: str) -> None:
    """Raise ``TableError`` for a file whose first bytes say that it is something else."""
    what = next((what for magic, what in _MAGIC if data.startswith(magic)), None)
    if what is None and _PAGE.match(data[:1000].removeprefix(b"\xef\xbb\xbf")):
        what = "a web page or XML, perhaps an error page that was saved as a file"
    if what is not None:
        raise TableError(f"{name!r} is no table: its content is {what}.")


def read_json(text: bytes, name: str, compressed: bool) -> Table:
    """Read one JSON object a line, or one list of objects.

    Raises
    ------
    TableError
        If it is neither, or nested too deeply.
    """
    bad: list[BadLine] = []
    if text.lstrip()[:1] == b"[":
        rows = _json_list(text, name)
    else:
        rows, bad = _json_lines(text)
    if not rows:
        raise TableError(f"{name!r} holds no JSON objects, which would be the rows of a table.")
    frame = pd.DataFrame([{str(k): _flat(v) for k, v in row.items()} for row in rows])
    notes = (f"{len(bad):,} lines are no JSON objects and were kept aside.",) if bad else ()
    return Table(
        frame,
        ReadReport(
            "json",
            compressed,
            encoding="utf-8",
            bad_lines=tuple(bad[:100]),
            bad_line_count=len(bad),
            notes=notes,
        ),
    )


def _json_list(text: bytes, name: str) -> list[dict[str, Any]]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "it is nested too deeply"
        raise TableError(f"{name!r} is no valid JSON: {reason[:200]}.") from None
    if not all(isinstance(row, dict) for row in rows):
        raise TableError(f"{name!r} must be a list of JSON objects, one for each row.")
    return list(rows)


def _json_lines(text: bytes) -> tuple[list[dict[str, Any]], list[BadLine]]:
    rows: list[dict[str, Any]] = []
    bad: list[BadLine] = []
    for number, line in enumerate(text.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if isinstance(row, dict):
            rows.append(row)
        else:
            bad.append(BadLine(number, 0, line[:800].decode("utf-8", "replace")[:200]))
    return rows, bad


def _flat(value: Any) -> Any:
    # Nested values stay readable as JSON text: a cell that is a list suits no column.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def read_parquet(data: bytes, name: str, max_bytes: int) -> Table:
    """Read a Parquet file; raises ``TableError`` if it is damaged or too large."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(data))
        size = sum(file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups))
        if size > max_bytes:
            raise TableError(
                f"{name!r} has {size / 1e6:,.0f} MB unpacked; the limit for one table is "
                f"{max_bytes / 1e6:,.0f} MB. Take a part of its rows or columns."
            )
        frame = file.read().to_pandas()
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(f"{name!r} is a damaged Parquet file: {str(error)[:200]}.") from error
    return Table(frame.reset_index(drop=True), ReadReport("parquet"))


def read_excel(data: bytes, name: str, max_bytes: int) -> Table:
    """Read the first sheet of an ``.xlsx`` file.

    Raises
    ------
    TableError
        If it is another kind of archive, damaged, or too large.
    MissingExtra
        If openpyxl is not installed.
    """
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise TableError(f"{name!r} is a damaged Excel file or archive: {error}.") from error
    if not any(entry.filename == "xl/workbook.xml" for entry in entries):
        raise TableError(f"{name!r} is an archive, not a table. Unpack it and take one file of it.")
    if sum(entry.file_size for entry in entries) > max_bytes:
        raise TableError(
            f"{name!r} unpacks to more than {max_bytes / 1e6:,.0f} MB, the limit for one table."
        )
    try:
        import openpyxl  # noqa: F401
    except ImportError:
        raise MissingExtra("openpyxl", "excel", "to read Excel files") from None
    try:
        frame = pd.read_excel(io.BytesIO(data), sheet_name=0)
    except (ValueError, KeyError, TypeError, OSError, zipfile.BadZipFile) as error:
        raise TableError(f"{name!r} is a damaged Excel file: {str(error)[:200]}.") from error
    frame.columns = pd.Index([str(label) for label in frame.columns])
    return Table(frame, ReadReport("excel"))
