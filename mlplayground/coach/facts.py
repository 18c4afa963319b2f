"""The vocabulary in which steps tell the coach what they saw.

A step publishes what it knows (``Step.facts``); the session gathers the facts of the open
table and forgets them when another is opened. All are optional: a hint whose facts are not
there keeps quiet. They stay in this process: names and values may stand in them.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from mlplayground.modeling import Profile

Label = Hashable
"""A column's name as it stands in the frame."""


class Facts(TypedDict, total=False):
    """What is known of the open table and of the last run on it.

    Columns are named by their labels.

    Attributes
    ----------
    columns : sequence of labels
        All columns, in the order of the table.
    rows : int
    target : label
        The column to predict.
    features : sequence of labels
        The columns that a model learns from; all but the target where it is left out.
    target_missing : int
        Rows without a value of the target.
    target_majority : str
        The target's commonest class.
    target_share : float
        Share of the rows that have it, from 0 to 1. Only where the target has classes.
    target_copies : mapping of label to float
        Columns that alone predict the target almost perfectly, with the share of the
        mistakes that they avoid, or R².
    id_columns : mapping of label to int
        Columns that only name a row, with the number of their different values.
    constant_columns : mapping of label to str
        Columns with one value, and that value.
    duplicate_rows : int
        Rows that repeat an earlier one.
    missing_columns : mapping of label to int
        Columns with missing cells, and how many.
    missing_tokens : mapping of label to (mapping of str to int)
        Texts that stand for "missing" ("?", "N/A"), and how often, by column.
    text_columns : mapping of label to (sequence of str)
        Columns of text, with some of their values, commonest first.
    numeric_text_columns : mapping of label to str
        Columns of numbers that were read as text, with one of their values.
    metric : str
        What the last score is: ``accuracy``, ``roc_auc``, ``r2`` …
    score, dummy_score : float
        The last model's score on rows that it did not learn from, and that of one that
        always gives the same answer.
    test_rows_used : int
        Rows of the test set that were also among the training rows.
    """

    columns: Sequence[Label]
    rows: int
    target: Label
    features: Sequence[Label]
    target_missing: int
    target_majority: str
    target_share: float
    target_copies: Mapping[Label, float]
    id_columns: Mapping[Label, int]
    constant_columns: Mapping[Label, str]
    duplicate_rows: int
    missing_columns: Mapping[Label, int]
    missing_tokens: Mapping[Label, Mapping[str, int]]
    text_columns: Mapping[Label, Sequence[str]]
    numeric_text_columns: Mapping[Label, str]
    metric: str
    score: float
    dummy_score: float
    test_rows_used: int


def from_profile(profile: Profile) -> Facts:
    """Read off a profile what it knows; a step may add to it."""
    columns = profile.columns
    of_kind = {
        kind: [column for column in columns if str(column.kind) == kind]
        for kind in ("identifier", "constant", "text", "categorical")
    }
    facts: Facts = {
        "columns": tuple(column.name for column in columns),
        "rows": profile.rows,
        "duplicate_rows": profile.duplicate_rows,
        "id_columns": {column.name: column.unique for column in of_kind["identifier"]},
        "constant_columns": {
            column.name: column.top[0].value for column in of_kind["constant"] if column.top
        },
        "missing_columns": {column.name: column.missing for column in columns if column.missing},
        "text_columns": {
            column.name: tuple(item.value for item in column.top)
            for kind in ("text", "categorical", "identifier")
            for column in of_kind[kind]
            if not column.dtype.startswith(("int", "float", "Int", "Float", "uint", "UInt"))
        },
    }
    return facts if profile.target is None else facts | _of_target(profile)


def _of_target(profile: Profile) -> Facts:
    target = profile.target
    assert target is not None
    column = profile.column(target)
    facts: Facts = {"target": target, "target_missing": column.missing}
    if str(column.kind) in ("categorical", "boolean") and column.top:
        facts["target_majority"] = column.top[0].value
        facts["target_share"] = column.top[0].count / max(1, column.count)
    return facts
