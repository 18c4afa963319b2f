"""Guessing how a text file writes its table: encoding, delimiter, header, decimal mark."""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from collections.abc import Sequence

from mlplayground.apps.data_explorer.engine.records import Records, scan

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_BYTES = 256 * 1024
_SAMPLE_ROWS = 200
_NUMBER = re.compile(r"[+-]?(\d[\d., ]*|[.,]\d+)([eE][+-]?\d+)?%?")
_YEAR = re.compile(r"(19|20)\d\d")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def guess_encoding(data: bytes) -> str:
    """Name the encoding of `data`: a byte order mark, else UTF-8, UTF-16 or Windows-1252."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    head = data[:_SAMPLE_BYTES]
    # Latin text in UTF-16 has a NUL in every other byte.
    if len(head) >= 4 and head[1::2].count(0) > 0.4 * len(head[1::2]) and 0 not in head[0::2]:
        return "utf-16-le"
    if len(head) >= 4 and head[0::2].count(0) > 0.4 * len(head[0::2]) and 0 not in head[1::2]:
        return "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def guess_delimiter(data: bytes) -> str:
    """Choose the delimiter that splits most records into the same number of cells.

    Returns
    -------
    str
        Empty where none does: a table of one column.
    """
    head = data[:_SAMPLE_BYTES]
    if len(data) > len(head):
        head = head[: head.rfind(b"\n") + 1] or head
    scores = {mark: _consistency(scan(head, mark)) for mark in DELIMITERS}
    best = max(DELIMITERS, key=lambda mark: scores[mark])
    return best if scores[best] > 0 else ""


def _consistency(records: Records) -> float:
    widths = Counter(records.widths[:_SAMPLE_ROWS].tolist())
    if not widths:
        return 0.0
    width, times = max(widths.items(), key=lambda item: (item[1], item[0]))
    share = times / sum(widths.values())
    # Below half, the mark is only punctuation inside the text.
    return share * math.log(width) if width > 1 and share >= 0.5 else 0.0


def usual_width(records: Records) -> int:
    """Return the commonest number of cells in the first 2,000 records."""
    widths = Counter(records.widths[:2000].tolist())
    return max(widths.items(), key=lambda item: (item[1], item[0]))[0] if widths else 0


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of `rows` holds names.

    Each column votes: for a header where its first cell is no number and the others are;
    against one where the first is a number like the others, is empty, or comes again.
    """
    if not rows:
        return False
    first, rest = rows[0], rows[1 : _SAMPLE_ROWS + 1]
    if not rest:
        return not any(is_number(name) for name in first)
    votes = 0.0
    for place, name in enumerate(first):
        cells = [row[place].strip() for row in rest if place < len(row) and row[place].strip()]
        numbers = sum(map(is_number, cells)) > 0.7 * len(cells) if cells else False
        if _YEAR.fullmatch(name.strip()) and not any(map(_YEAR.fullmatch, cells)):
            votes += 0.5
        elif is_number(name):
            votes -= 1.0 if numbers else 0.3
        elif numbers:
            votes += 1.0
        elif name.strip() in cells[:50]:
            votes -= 0.7
    return votes >= 0


def guess_decimal(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    """Return ``","`` where more cells look like 3,5 than like 3.5, else ``"."``."""
    if delimiter == ",":
        cells = [c for row in rows for c in row if "," in c]
    else:
        cells = [c for row in rows for c in row]
    comma = sum(bool(re.fullmatch(r"[+-]?\d*,\d+|[+-]?\d{1,3}(\.\d{3})+,\d+", c)) for c in cells)
    # 1,234 may be a thousand: three digits behind the comma prove nothing.
    sure = sum(bool(re.fullmatch(r"[+-]?(\d{4,}|0*\d{0,3}),(\d{1,2}|\d{4,})", c)) for c in cells)
    point = sum(bool(re.fullmatch(r"[+-]?\d*\.\d+|[+-]?\d{1,3}(,\d{3})+\.\d+", c)) for c in cells)
    return "," if sure and comma > point else "."


def is_number(cell: str) -> bool:
    """Whether a cell holds a number, in any country's way."""
    return bool(_NUMBER.fullmatch(cell.strip()))
