"""Reading a table from a file, whatever it says on the tin."""

from __future__ import annotations

import gzip
import io
import os
import re
import zlib
from dataclasses import replace
from pathlib import Path

from mlplayground.apps.data_explorer.engine import sniff
from mlplayground.apps.data_explorer.engine.delimited import read_delimited
from mlplayground.apps.data_explorer.engine.formats import (
    read_excel,
    read_json,
    read_parquet,
    refuse_what_is_no_table,
)
from mlplayground.apps.data_explorer.engine.table import Table
from mlplayground.errors import TableError

MAX_BYTES = 1024**3
# A header in brackets, such as [id], is no JSON.
_JSON = re.compile(rb"\s*(\{\s*[\"}]|\[\s*[\[{\"\d\]-])")


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
    if _JSON.match(text):
        return read_json(text, file.name, compressed)
    table = read_delimited(text, file.name, delimiter, decimal, header)
    report = replace(table.report, compressed=compressed, encoding=encoding)
    return replace(table, report=report)


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
