"""Finding the records of delimited text, vectorised, before anything is parsed.

One pass over the bytes marks which line ends and delimiters lie inside quotes (a quote
opens or closes where the count of quotes before it is even or odd, RFC 4180), so each
record's width is known, and a ragged one can be kept aside with its line number instead of
being filled up or dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

_QUOTE, _NEWLINE = ord('"'), ord("\n")
_Bytes = npt.NDArray[np.uint8]
_Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Records:
    """Where records start and end in `data`, and how many cells each has.

    Attributes
    ----------
    data : bytes
        UTF-8, with ``\\n`` as the only line end.
    delimiter : str
        One ASCII character, or empty where records are not split.
    starts, ends, widths, lines : arrays, shape (n_records,)
        `lines` is the number of a record's first line in the file, from 1. Empty lines
        are no records.
    broken : array of bool, shape (n_records,)
        Records in which a quote is opened and never closed.
    marks : array
        Positions of the delimiters outside quotes.
    """

    data: bytes
    delimiter: str
    starts: _Ints
    ends: _Ints
    widths: _Ints
    lines: _Ints
    broken: npt.NDArray[np.bool_]
    marks: _Ints

    def __len__(self) -> int:
        return len(self.starts)

    def text(self, place: int, limit: int = 200) -> str:
        """Return the start of a record as it stands in the file."""
        start, end = int(self.starts[place]), int(self.ends[place])
        return self.data[start : min(end, start + 4 * limit)].decode("utf-8", "replace")[:limit]

    def cells(self, place: int) -> list[str]:
        """Split one record into its cells, quotes taken off."""
        start, end = int(self.starts[place]), int(self.ends[place])
        first, last = np.searchsorted(self.marks, [start, end])
        edges = [start - 1, *self.marks[first:last].tolist(), end]
        return [
            _unquote(self.data[a + 1 : b].decode("utf-8", "replace")) for a, b in pairwise(edges)
        ]

    def select(self, keep: npt.NDArray[np.bool_]) -> bytes:
        """Return the bytes of the records to keep, one after the other."""
        if not keep.any():
            return b""
        return b"".join(self._runs(keep))

    def _runs(self, keep: npt.NDArray[np.bool_]) -> Iterator[bytes]:
        # Neighbours that are kept are copied in one piece: bad and empty lines are few.
        chosen = np.flatnonzero(keep)
        starts, ends = self.starts[chosen], self.ends[chosen]
        breaks = np.flatnonzero(starts[1:] != ends[:-1] + 1) + 1
        for run in np.split(np.arange(len(chosen)), breaks):
            yield self.data[int(starts[run[0]]) : int(ends[run[-1]])] + b"\n"


def scan(data: bytes, delimiter: str) -> Records:
    """Find the records in `data`.

    Where a quote is opened and never closed, every line is taken for a record of its own,
    so that the damage stays in one line.
    """
    raw = np.frombuffer(data, dtype=np.uint8)
    newlines = np.flatnonzero(raw == _NEWLINE)
    quotes = _quotes(raw, delimiter)
    inside = _inside(raw, quotes)
    line_wise = len(quotes) % 2 == 1
    if line_wise:
        inside = _inside_lines(raw, quotes, newlines)
    ends = newlines if line_wise or inside is None else newlines[~inside[newlines]]
    ends = ends if len(ends) and ends[-1] == len(raw) - 1 else np.append(ends, len(raw))
    starts = np.concatenate([[0], ends[:-1] + 1])
    marks = np.flatnonzero(raw == ord(delimiter)) if delimiter else np.empty(0, dtype=np.int64)
    if inside is not None:
        marks = marks[~inside[marks]]
    filled = ends > starts
    starts, ends = starts[filled].astype(np.int64), ends[filled].astype(np.int64)
    widths = np.searchsorted(marks, ends) - np.searchsorted(marks, starts) + 1
    lines = np.searchsorted(newlines, starts) + 1
    counts = np.searchsorted(quotes, ends) - np.searchsorted(quotes, starts)
    return Records(data, delimiter, starts, ends, widths, lines, counts % 2 == 1, marks)


def _quotes(raw: _Bytes, delimiter: str) -> _Ints:
    """Find the quotes that open, close or double; one amid bare text (5" pipe) is text."""
    places = np.flatnonzero(raw == _QUOTE)
    if not len(places):
        return places
    edge = np.array([_NEWLINE, _QUOTE, *([ord(delimiter)] if delimiter else [])], dtype=np.uint8)
    padded = np.concatenate([[_NEWLINE], raw, [_NEWLINE]]).astype(np.uint8)
    before, after = padded[places], padded[places + 2]
    return places[np.isin(before, edge) | np.isin(after, edge)]


def _inside(raw: _Bytes, quotes: _Ints) -> npt.NDArray[np.bool_] | None:
    if not len(quotes):
        return None
    flips = np.zeros(len(raw), dtype=np.uint8)
    flips[quotes] = 1
    # Sums that wrap at 256 keep their parity, and parity is all that is asked.
    return (np.cumsum(flips, dtype=np.uint8) & 1).astype(bool)


def _inside_lines(raw: _Bytes, quotes: _Ints, newlines: _Ints) -> npt.NDArray[np.bool_]:
    flips = np.zeros(len(raw), dtype=np.uint8)
    flips[quotes] = 1
    parity = np.cumsum(flips, dtype=np.uint8) & 1
    line = np.zeros(len(raw), dtype=np.int64)
    line[newlines[newlines + 1 < len(raw)] + 1] = 1
    at_start = np.concatenate([[0], parity[newlines]])[np.cumsum(line)]
    inside: npt.NDArray[np.bool_] = (parity ^ at_start).astype(bool)
    return inside


def _unquote(cell: str) -> str:
    cell = cell.strip(" ")
    if len(cell) >= 2 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell
