"""One canonical look at a table, on which every check and the score are built.

A repair should move its own deduction and no other. So each cell is looked at as it would
be once everything around it is repaired: a ``?`` counts as missing whether or not it has
been replaced, `` Male`` and ``male`` are one value, ``1,234 USD`` is 1234, and shares are
taken over the rows that no other row repeats and the columns that say something.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mlplayground.apps.data_explorer.engine.copies import find_copies
from mlplayground.apps.data_explorer.engine.leaks import Telling, telling
from mlplayground.apps.data_explorer.engine.limits import Limits, find_limits
from mlplayground.apps.data_explorer.engine.sniff import guess_decimal
from mlplayground.modeling import ColumnKind
from mlplayground.modeling.dates import covering_formats
from mlplayground.modeling.kinds import Coded, code, guess_kind
from mlplayground.modeling.profile import duplicated
from mlplayground.recipes import MISSING_TOKENS, Operation, ParseDates, ParseNumbers
from mlplayground.recipes.numbers import to_number, units
from mlplayground.recipes.text import misspelt, tidy

_Mask = npt.NDArray[np.bool_]
_MAX_CATEGORIES = 300
_SAMPLE = 2000
_SPECIFIC = 50
_TOKENS = frozenset(MISSING_TOKENS)
_LONGEST = 2 * max(map(len, MISSING_TOKENS))
_QUIET = (ColumnKind.CONSTANT, ColumnKind.EMPTY, ColumnKind.IDENTIFIER)


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column as it would be once its cells are repaired.

    Attributes
    ----------
    name, place
        Its label and its position in the frame.
    raw : Coded
        The column as it is.
    tokens : array of bool, shape (n_rows,)
        Cells that say "no value" in words.
    gone : array of bool, shape (n_rows,)
        Cells without a usable value, for whatever reason.
    keys : array of int, shape (n_rows,)
        Equal where two cells mean the same; -1 where `gone`.
    numbers : array of float, shape (n_rows,), or None
        The numbers that it holds or that its text can be read as, NaN where `gone`.
    reader : Operation or None
        What reads its text as numbers or dates.
    slips : dict of str to str
        Misspelt values and what they probably mean, without case.
    kind : ColumnKind
    addressable : bool
        Whether an operation can name it.
    limits : Limits or None
        Where numbers lie outside their ordinary range. Those that cannot be are `gone`.
    texts : dict of str to int
        The distinct texts with their counts, words for "no value" left out.
    """

    name: Any
    place: int
    raw: Coded
    tokens: _Mask
    gone: _Mask
    keys: npt.NDArray[np.intp]
    numbers: npt.NDArray[np.float64] | None
    reader: Operation | None
    slips: dict[str, str]
    kind: ColumnKind
    addressable: bool
    limits: Limits | None = None
    texts: dict[str, int] = field(default_factory=dict)

    @property
    def pending(self) -> str:
        """Say what must be repaired in this column before other repairs make sense."""
        if self.tokens.any():
            return "Make the words for “no value” missing first."
        if isinstance(self.reader, ParseNumbers):
            return "Read its numbers first."
        if self.reader is not None:
            return "Read its dates first."
        if self.limits is not None and self.limits.impossible:
            return "Deal with its impossible values first."
        return ""


@dataclass(frozen=True, slots=True)
class View:
    """A table as it would be once its cells are repaired.

    Attributes
    ----------
    frame : DataFrame
    columns : tuple of ColumnView
    repeats : array of bool, shape (n_rows,)
        Rows that mean the same as an earlier one in every column but identifiers.
    renumbered : array of bool, shape (n_rows,)
        Those of them that differ in an identifier.
    rows : array of bool, shape (n_rows,)
        The rows over which shares are taken: no repeats, and not without target.
    measured : tuple of ColumnView
        The columns over which shares are taken: those that say something of their own.
    copies : tuple of (ColumnView, ColumnView, float)
        Columns that repeat another one, that one, and in which share of the rows.
    leaks : tuple of Telling
        Columns that alone give the target away.
    target : ColumnView or None
    """

    frame: pd.DataFrame
    columns: tuple[ColumnView, ...]
    repeats: _Mask
    renumbered: _Mask
    rows: _Mask
    measured: tuple[ColumnView, ...]
    copies: tuple[tuple[ColumnView, ColumnView, float], ...]
    leaks: tuple[Telling, ...]
    target: ColumnView | None

    @property
    def n_rows(self) -> int:
        """Number of rows over which shares are taken, at least 1."""
        return max(1, int(self.rows.sum()))


def look(frame: pd.DataFrame, target: Hashable | None = None) -> View:
    """Take the canonical look at `frame`; see the module."""
    names = Counter(map(_name_key, frame.columns))
    columns = [_look_at(frame, place, names) for place in range(frame.shape[1])]
    goal = next((c.place for c in columns if target is not None and _is(c.name, target)), None)
    repeats = duplicated([c.keys for c in columns], len(frame))
    columns = [replace(c, kind=_kind(c, ~repeats)) for c in columns]
    renumbered = _renumbered(columns, repeats)
    rows = ~repeats & ~renumbered
    if goal is not None:
        rows &= ~columns[goal].gone
    columns = [c if c.place == goal else _with_limits(c, rows) for c in columns]
    leaks = () if goal is None else tuple(telling(columns, columns[goal], rows))
    aside = {leak.column.place for leak in leaks}
    speaking = [c for c in columns if _tells(c, rows) and c.place not in aside]
    copies = tuple(find_copies([c for c in speaking if c.place != goal], rows))
    aside |= {copy.place for copy, _, _ in copies}
    measured = tuple(c for c in speaking if c.place not in aside)
    return View(
        frame, tuple(columns), repeats | renumbered, renumbered, rows, measured, copies, leaks,
        None if goal is None else columns[goal],
    )  # fmt: skip


def _tells(column: ColumnView, rows: _Mask) -> bool:
    gone = column.gone[rows]
    return column.kind not in _QUIET and bool(len(gone)) and gone.mean() <= MOSTLY_MISSING


def _with_limits(column: ColumnView, rows: _Mask) -> ColumnView:
    if column.numbers is None or column.kind is not ColumnKind.NUMERIC:
        return column
    limits = find_limits(column.name, column.numbers, rows)
    if limits is None or not limits.impossible:
        return replace(column, limits=limits)
    gone = column.gone | limits.outside(column.numbers)
    return replace(column, limits=limits, gone=gone, keys=np.where(gone, -1, column.keys))


def _renumbered(columns: Sequence[ColumnView], repeats: _Mask) -> _Mask:
    """Mark rows that differ from an earlier one in identifiers only, and not by chance.

    Two people may well give the same answers to ten yes-or-no questions. A row counts as
    evidence by its values in columns of at least 50 different ones, each worth the logarithm
    of how rare it is among the other rows. Enough is what it takes to single out one pair
    among all pairs of rows, and 8 bits more.
    """
    none = np.zeros(len(repeats), dtype=bool)
    others = [c for c in columns if c.kind is not ColumnKind.IDENTIFIER]
    if len(others) == len(columns) or not others:
        return none
    again = duplicated([c.keys for c in others], len(repeats)) & ~repeats
    if not again.any():
        return none
    bits = sum((_evidence(c.keys, ~repeats & ~again) for c in others), np.zeros(len(repeats)))
    marked: _Mask = again & (bits >= 2 * np.log2(len(repeats)) + 8)
    return marked


def _evidence(keys: npt.NDArray[np.intp], rest: _Mask) -> npt.NDArray[np.float64]:
    """Say in bits, for each row, how rare its value is among the `rest` of the rows."""
    bits = np.zeros(len(keys))
    known = keys >= 0
    counts = np.bincount(keys[known & rest], minlength=int(keys.max(initial=0)) + 1)
    n = counts.sum()
    if np.count_nonzero(counts) < _SPECIFIC:
        return bits
    # A value that is there once may come again as often as others have come again.
    again = (counts[counts > 1].sum() + 1) / n
    bits[known] = -np.log2((np.maximum(counts[keys[known]] - 1, 0) + again) / n)
    return bits


MOSTLY_MISSING = 0.6
"""A column with a larger share of missing cells says next to nothing."""


def is_token(text: str) -> bool:
    """Whether a text is a word for "no value"."""
    return (len(text) <= _LONGEST or text.isspace()) and text.strip().casefold() in _TOKENS


def _look_at(frame: pd.DataFrame, place: int, names: Counter[Any]) -> ColumnView:
    column = frame.iloc[:, place]
    raw, name = code(column), frame.columns[place]
    addressable = isinstance(name, str | int) and names[_name_key(name)] == 1
    empty = np.zeros(len(column), dtype=bool)
    view = ColumnView(
        name, place, raw, empty, raw.codes < 0, raw.codes, raw.numbers, None, {},
        ColumnKind.EMPTY, addressable and not isinstance(name, bool),
    )  # fmt: skip
    object_like = raw.values.dtype == object and raw.hashable
    if not object_like or not any(isinstance(value, str) for value in raw.values):
        return view
    return _read_text(view)


def _read_text(view: ColumnView) -> ColumnView:
    raw = view.raw
    said = np.array([isinstance(v, str) and is_token(v) for v in raw.values], dtype=bool)
    pairs = zip(raw.values.tolist(), raw.counts.tolist(), said.tolist(), strict=True)
    view = replace(view, texts={v: n for v, n, token in pairs if isinstance(v, str) and not token})
    view = replace(view, tokens=_spread(said, raw.codes, False), reader=_reader(view))
    if isinstance(view.reader, ParseNumbers):
        return _as_numbers(view, said, view.reader.decimal)
    if isinstance(view.reader, ParseDates):
        dates = _dates(raw, view.reader.formats).mask(said)
        return _with_keys(view, _spread(pd.factorize(dates)[0], raw.codes, -1))
    return _as_words(view, said)


def _as_numbers(view: ColumnView, said: _Mask, decimal: str) -> ColumnView:
    read = np.array([to_number(value, decimal) for value in view.raw.values], dtype="float64")
    read[said] = np.nan
    numbers = _spread(read, view.raw.codes, np.nan)
    return replace(_with_keys(view, pd.factorize(numbers)[0]), numbers=numbers)


def _as_words(view: ColumnView, said: _Mask) -> ColumnView:
    plain = [tidy(v).casefold() if isinstance(v, str) else v for v in view.raw.values]
    slips = _slips(plain, view.raw.counts, said)
    meant = [slips.get(v, v) if isinstance(v, str) else v for v in plain]
    # The None at the end keeps numpy from making a matrix of cells that are tuples.
    codes = pd.factorize(np.array([*meant, None], dtype=object))[0][:-1]
    keys = _spread(np.where(said, -1, codes), view.raw.codes, -1)
    return replace(_with_keys(view, keys), slips=slips)


def _with_keys(view: ColumnView, keys: npt.NDArray[np.intp]) -> ColumnView:
    return replace(view, keys=keys, gone=keys < 0)


def _reader(view: ColumnView) -> Operation | None:
    """Find what reads a column of text as numbers or dates, if it is one of those."""
    texts = view.texts
    if not texts or not view.addressable:
        return None
    sample = list(texts)[:: max(1, len(texts) // _SAMPLE)][:_SAMPLE]
    weights = [texts[text] for text in sample]
    decimal = guess_decimal([[text] for text in sample], "")
    read = [not np.isnan(to_number(text, decimal)) for text in sample]
    name: Any = view.name
    if np.average(read, weights=weights) >= 0.9 and _is_quantity(sample):
        return (
            ParseNumbers(name, ",", "missing")
            if decimal == ","
            else ParseNumbers(name, others="missing")
        )
    formats, share = covering_formats(sample)
    return ParseDates(name, formats, "missing") if share >= 0.9 else None


def _is_quantity(texts: Sequence[str]) -> bool:
    """Whether texts that read as numbers are amounts: not 02139, not in two units."""
    coded = sum(t.strip()[:1] == "0" and t.strip()[1:2].isdigit() for t in texts)
    return coded < 0.02 * len(texts) and len(units(texts)) <= 1


def _dates(raw: Coded, formats: Sequence[str]) -> pd.Series[Any]:
    text = pd.Series([str(v) for v in raw.values], dtype=object)
    dates = pd.to_datetime(text, format=formats[0], errors="coerce")
    for style in formats[1:]:
        dates = dates.fillna(pd.to_datetime(text, format=style, errors="coerce"))
    return dates


def _slips(plain: Sequence[Any], counts: npt.NDArray[np.intp], said: _Mask) -> dict[str, str]:
    total: Counter[str] = Counter()
    for value, count, token in zip(plain, counts.tolist(), said, strict=True):
        if isinstance(value, str) and not token:
            total[value] += count
    few = len(total) <= _MAX_CATEGORIES and len(total) <= 0.2 * max(1, sum(total.values()))
    return misspelt(total) if few else {}


def _spread(by_value: npt.NDArray[Any], codes: npt.NDArray[np.intp], gone: Any) -> Any:
    """Turn what is known of each distinct value into what is known of each row."""
    if not len(by_value):
        return np.full(len(codes), gone)
    return np.where(codes < 0, gone, by_value[codes])


def _kind(column: ColumnView, rows: _Mask) -> ColumnKind:
    """Guess the kind from the cells' meaning, over the rows that count."""
    if isinstance(column.reader, ParseDates):
        return ColumnKind.DATETIME
    counted = np.flatnonzero(rows & (column.keys >= 0))
    codes = np.full(len(column.keys), -1, dtype=np.intp)
    codes[counted], distinct = pd.factorize(column.keys[counted])
    firsts = counted[np.unique(codes[counted], return_index=True)[1]]
    values = column.raw.values[column.raw.codes[firsts]]
    meant = replace(
        column.raw,
        codes=codes[rows],
        values=values if column.numbers is None else column.numbers[firsts],
        counts=np.bincount(codes[counted], minlength=len(distinct)),
        numbers=None if column.numbers is None else column.numbers[rows],
    )
    return guess_kind(meant, column.name)


def _name_key(name: Hashable) -> tuple[type, Hashable]:
    return type(name), name


def _is(name: Hashable, other: Hashable) -> bool:
    return type(name) is type(other) and name == other
