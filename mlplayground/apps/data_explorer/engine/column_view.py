"""One column as it would be once its cells are repaired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mlplayground.apps.data_explorer.engine.limits import Limits
from mlplayground.apps.data_explorer.engine.sniff import guess_decimal
from mlplayground.modeling import ColumnKind
from mlplayground.modeling.dates import covering_formats
from mlplayground.modeling.kinds import Coded, code, guess_kind
from mlplayground.recipes import MISSING_TOKENS, Operation, ParseDates, ParseNumbers
from mlplayground.recipes.numbers import to_number, units
from mlplayground.recipes.text import misspelt, tidy

_Mask = npt.NDArray[np.bool_]
_MAX_CATEGORIES = 300
_SAMPLE = 2000
_TOKENS = frozenset(MISSING_TOKENS)
_LONGEST = 2 * max(map(len, MISSING_TOKENS))


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
    kind: ColumnKind
    addressable: bool
    reader: Operation | None = None
    slips: dict[str, str] = field(default_factory=dict)
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


def is_token(text: str) -> bool:
    """Whether a text is a word for "no value"."""
    return (len(text) <= _LONGEST or text.isspace()) and text.strip().casefold() in _TOKENS


def look_at(column: pd.Series[Any], place: int, only_one: bool) -> ColumnView:
    """Look at one column.

    Parameters
    ----------
    column : Series
    place : int
        Its position in the frame.
    only_one : bool
        Whether no other column has its name.
    """
    raw, name = code(column), column.name
    view = ColumnView(
        name=name,
        place=place,
        raw=raw,
        tokens=np.zeros(len(column), dtype=bool),
        gone=raw.codes < 0,
        keys=raw.codes,
        numbers=raw.numbers,
        kind=ColumnKind.EMPTY,
        addressable=only_one and isinstance(name, str | int) and not isinstance(name, bool),
    )
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


def meant_kind(column: ColumnView, rows: _Mask) -> ColumnKind:
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
