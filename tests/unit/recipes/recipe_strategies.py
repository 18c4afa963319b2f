"""Hostile frames, and an operation of each registered kind on them."""

from __future__ import annotations

from functools import cache

import pandas as pd
from hypothesis import strategies as st

from mlplayground.recipes import MISSING_TOKENS, OPERATIONS, Operation

HOSTILE_NAMES = (
    "age",
    "",
    " ",
    "a'b",
    'a"b',
    "a\\",
    "a\nimport os  # ",
    "'] = 0; raise SystemExit #",
    '"""',
    "{x}",
    "%s",
    "\u202ereversed",
    "größe",
    "\x00",
    "df",
    "__import__('os')",
    0,
    -3,
)
names = st.one_of(
    st.sampled_from(HOSTILE_NAMES),
    # Any character but lone surrogates, which no source file can hold unescaped.
    st.text(max_size=8),
    st.integers(-(10**6), 10**6),
)

_words = st.sampled_from(
    [
        "male",
        "Male ",
        " MALE",
        "female",
        "fmale",
        "a\tb",
        "a  b",
        "straße",
        "STRASSE",
        "yes",
        "No",
        "TRUE",
        "n",
    ]
)
_tokens = st.sampled_from([*MISSING_TOKENS, "N/A", " ? ", "NULL"])
_numbers_as_text = st.sampled_from(
    ["1,234 USD", "$5.50", "12%", "3,5", "-7", "1.234,5", "1e3", "USD 12", "€ 9", "12 kg", ".5"]
)
_dates_as_text = st.sampled_from(["2024-01-31", "31/01/2024", "1/2/2024", "31.01.2024", "soon"])
_dates = st.datetimes(pd.Timestamp("1900-01-01"), pd.Timestamp("2100-01-01")).map(pd.Timestamp)
_missing = st.sampled_from([None, float("nan"), pd.NA, pd.NaT])
_reals = st.floats(allow_nan=True, allow_infinity=True)
_integers = st.integers(-(2**70), 2**70)
_wild = st.one_of(
    _words, _tokens, _numbers_as_text, _dates_as_text, _reals, _integers, st.booleans(), _missing,
    st.text(max_size=6), _dates, st.just([1, 2]), st.just({"a": 1}), st.binary(max_size=3),
)  # fmt: skip


def _column(cells: st.SearchStrategy, rows: int, dtype: str | None) -> st.SearchStrategy:
    return st.lists(cells, min_size=rows, max_size=rows).map(
        lambda values: pd.Series(values, dtype=dtype)
    )


@cache
def _columns(rows: int) -> st.SearchStrategy:
    optional = st.one_of(st.none(), st.integers(-100, 100))
    texts = st.one_of(_words, _tokens, _numbers_as_text, _dates_as_text, st.none())
    return st.one_of(
        _column(st.floats(-1e6, 1e6), rows, "float64"),
        _column(_reals, rows, "float64"),
        _column(st.integers(-1000, 1000), rows, "int64"),
        _column(st.integers(0, 255), rows, "uint8"),
        _column(optional, rows, "Int64"),
        _column(st.one_of(st.none(), st.booleans()), rows, "boolean"),
        _column(st.booleans(), rows, "bool"),
        _column(texts, rows, "object"),
        _column(texts, rows, "string"),
        _column(texts, rows, "category"),
        _column(_numbers_as_text, rows, "object"),
        _column(_dates_as_text, rows, "object"),
        _column(_dates, rows, "datetime64[ns]"),
        _column(_wild, rows, "object"),
        _column(st.just(None), rows, "object"),
    )


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """A frame of up to 4 columns and 12 rows, with an index that may repeat itself."""
    rows = draw(st.integers(0, 12))
    # Equal as a dict key is not the same as equal as a label: True is 1, and 1 is 1.0.
    labels = draw(st.lists(names, min_size=1, max_size=4, unique_by=lambda name: repr(name)))
    columns = [draw(_columns(rows)) for _ in labels]
    frame = pd.concat(columns, axis=1) if rows else pd.DataFrame(dict(enumerate(columns)))
    frame.columns = pd.Index(labels, dtype=object)
    if rows and draw(st.booleans()):
        frame.index = pd.Index(draw(st.lists(st.integers(0, 3), min_size=rows, max_size=rows)))
    return frame


def operations(name: str, frame: pd.DataFrame) -> st.SearchStrategy[Operation]:
    """An operation of the registered kind `name` on columns of `frame`.

    A kind without options here is an error: a new operation must be described before the
    property tests can pass.
    """
    column = st.sampled_from(list(frame.columns))
    options: dict[str, st.SearchStrategy] = {
        "drop_columns": st.fixed_dictionaries(
            {"columns": st.lists(column, min_size=1, max_size=2, unique_by=repr).map(tuple)}
        ),
        "drop_duplicate_rows": st.fixed_dictionaries(
            {"ignore": st.lists(column, max_size=1).map(tuple)}
        ),
        "drop_missing_rows": st.fixed_dictionaries({"column": column}),
        "convert_type": st.fixed_dictionaries(
            {
                "column": column,
                "to": st.sampled_from(["text", "number", "integer", "boolean", "category"]),
            }
        ),
        "parse_dates": st.fixed_dictionaries(
            {
                "column": column,
                "formats": st.sampled_from([("%Y-%m-%d",), ("%d/%m/%Y", "%Y-%m-%d"), ("%'",)]),
                "others": st.sampled_from(["refuse", "missing"]),
            }
        ),
        "replace_missing_tokens": st.one_of(
            st.fixed_dictionaries({"column": column}),
            st.fixed_dictionaries(
                {"column": column, "tokens": st.lists(st.text(max_size=4), max_size=3).map(tuple)}
            ),
        ),
        "fill_missing": st.one_of(
            st.fixed_dictionaries(
                {
                    "column": column,
                    "strategy": st.sampled_from(["median", "mean", "most_frequent"]),
                    "indicator": st.booleans(),
                }
            ),
            st.fixed_dictionaries(
                {
                    "column": column,
                    "strategy": st.just("constant"),
                    "value": st.one_of(_words, st.floats(), st.booleans(), _dates, st.text()),
                    "indicator": st.booleans(),
                }
            ),
        ),
        "parse_numbers": st.fixed_dictionaries(
            {
                "column": column,
                "decimal": st.sampled_from([".", ","]),
                "others": st.sampled_from(["refuse", "missing"]),
            }
        ),
        "limit": st.fixed_dictionaries(
            {
                "column": column,
                "low": st.one_of(st.none(), st.floats(-100, 0)),
                "high": st.one_of(st.none(), st.floats(0, 100)),
                "outside": st.sampled_from(["clip", "missing"]),
            }
        ),
        "tidy_whitespace": st.fixed_dictionaries({"column": column}),
        "unify_spelling": st.fixed_dictionaries({"column": column}),
        "replace_values": st.fixed_dictionaries(
            {
                "column": column,
                "mapping": st.lists(st.tuples(_words, st.text(max_size=5)), max_size=3).map(tuple),
            }
        ),
        "merge_misspelt": st.fixed_dictionaries({"column": column, "rarer": st.floats(0.05, 0.95)}),
        "group_rare": st.fixed_dictionaries(
            {"column": column, "minimum": st.integers(2, 6), "other": st.text(max_size=5)}
        ),
    }
    return options[name].map(lambda chosen: OPERATIONS[name](**chosen))
