"""Situations in which a cell, or a step, ends with an error; the most particular first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from mlplayground.coach import words
from mlplayground.coach.errors import Understood, closest, how_they_differ
from mlplayground.coach.facts import Facts, Label
from mlplayground.coach.predicates.match import Match

Predicate = Callable[[Understood, Facts], Match | None]

_LIBRARIES = {
    "pd": "import pandas as pd",
    "np": "import numpy as np",
    "plt": "import matplotlib.pyplot as plt",
    "sns": "import seaborn as sns",
    "px": "import plotly.express as px",
    "mlplayground": "import mlplayground",
}
_TABLES = {"df", "data", "frame", "table", "train", "dataset"}


def column_name_differs(error: Understood, facts: Facts) -> Match | None:
    """A column was asked for under a name that is nearly that of another one."""
    asked = _asked(error)
    column = None if asked is None else closest(asked, facts.get("columns", ()))
    if asked is None or column is None or asked == column:
        return None
    return Match(
        {
            "asked": words.name(asked),
            "column": words.name(column),
            "difference": how_they_differ(asked, column),
            "code": f"df[{column!r}]",
        },
        column,
    )


def column_not_there(error: Understood, facts: Facts) -> Match | None:
    """A column was asked for that the table does not have, nor anything like it."""
    asked, columns = _asked(error), facts.get("columns", ())
    if asked is None or not columns or asked in columns or not _in_pandas(error):
        return None
    return Match(
        {
            "asked": words.name(asked),
            "n": words.count(len(columns), "column"),
            "columns": words.names(columns, limit=8),
        }
    )


def table_not_named(error: Understood, facts: Facts) -> Match | None:
    """``df`` was used before a cell gave the table that name."""
    found = error.find("NameError", r"name '(\w+)' is not defined")
    if found is None or found[1] not in _TABLES:
        return None
    columns = facts.get("columns")
    size = ""
    if columns is not None and "rows" in facts:
        rows, width = words.count(facts["rows"], "row"), words.count(len(columns), "column")
        size = f" It has {rows} and {width}."
    return Match(
        {"asked": words.name(found[1]), "size": size, "code": f"{found[1]} = explorer.frame"}
    )


def library_not_imported(error: Understood, facts: Facts) -> Match | None:
    """A library was used by its usual short name before it was imported."""
    found = error.find("NameError", r"name '(\w+)' is not defined")
    if found is None or found[1] not in _LIBRARIES:
        return None
    return Match({"asked": words.name(found[1]), "code": _LIBRARIES[found[1]]})


def name_not_defined(error: Understood, facts: Facts) -> Match | None:
    """A name was used that no cell has given yet."""
    found = error.find("NameError", r"name '(\w+)' is not defined")
    return None if found is None else Match({"asked": words.name(found[1])})


def text_into_numbers(error: Understood, facts: Facts) -> Match | None:
    """A model, or a sum, met text where it needs numbers."""
    found = error.find("ValueError", r"could not convert string to float: (.+)")
    columns = facts.get("text_columns", {})
    if found is None or not columns:
        return None
    value = found[1].strip().strip("'\"")
    having = [label for label, values in columns.items() if value in values]
    likely: list[Label] = having or list(columns)
    return Match(
        {
            "value": words.name(value),
            "columns": words.names(likely),
            "certainty": "is in" if having else "is probably in one of",
            "numbers": f'pd.to_numeric(df[{likely[0]!r}], errors="coerce")',
            "groups": f"pd.get_dummies(df, columns=[{likely[0]!r}])",
        },
        having[0] if having else None,
    )


def gaps_into_model(error: Understood, facts: Facts) -> Match | None:
    """A model was given cells without a value."""
    found = error.find("ValueError", r"Input (X|y) contains NaN")
    missing = facts.get("missing_columns", {})
    if found is None or not missing:
        return None
    column = max(missing, key=lambda label: missing[label])
    return Match(
        {
            "column": words.name(column),
            "cells": words.count(missing[column], "missing cell"),
            "n": words.count(len(missing), "column"),
        },
        column,
    )


def and_or_with_columns(error: Understood, facts: Facts) -> Match | None:
    """``and``, ``or`` or ``if`` was used with a whole column of truth values."""
    found = error.find("ValueError", r"truth value of a (Series|DataFrame|array)")
    if found is None and error.find("ValueError", r"truth value of an array") is None:
        return None
    return Match({"rows": _rows(facts)})


def write_to_a_copy(error: Understood, facts: Facts) -> Match | None:
    """A value was set in a selection of rows, which may be a copy."""
    kinds = ("SettingWithCopyError", "SettingWithCopyWarning", "ChainedAssignmentError")
    return Match({}) if any(error.find(kind, "") for kind in kinds) else None


def lengths_differ(error: Understood, facts: Facts) -> Match | None:
    """Features and target, or two columns, have not as many rows."""
    found = error.find("ValueError", r"inconsistent numbers of samples: \[(\d+), (\d+)\]")
    found = found or error.find(
        "ValueError", r"Length of values \((\d+)\) does not match length of index \((\d+)\)"
    )
    if found is None:
        return None
    one, two = int(found[1]), int(found[2])
    return Match(
        {"one": words.count(one, "row"), "two": f"{two:,}", "apart": f"{abs(one - two):,}"}
    )


def predict_before_fit(error: Understood, facts: Facts) -> Match | None:
    """A model was asked for an answer before it had learned anything."""
    found = error.find("NotFittedError", r"This (\w+) instance is not fitted")
    return None if found is None else Match({"model": words.name(found[1])})


def classes_expected(error: Understood, facts: Facts) -> Match | None:
    """A model for classes was given a target of numbers."""
    if error.find("ValueError", r"Unknown label type: .?\(?.?continuous") is None:
        return None
    target = facts.get("target")
    return Match({"target": "the target" if target is None else words.name(target)}, target)


def _asked(error: Understood) -> str | None:
    """The column that was asked for, None where the error is not about one."""
    found = error.find("AttributeError", r"'DataFrame' object has no attribute '(.+)'$")
    if found is not None:
        return found[1]
    if error.find("KeyError", "") is None:
        return None
    listed = re.search(r"\[['\"](.+?)['\"][\],].*(not in index|are in the)", error.text, re.DOTALL)
    return listed[1] if listed is not None else error.text


def _in_pandas(error: Understood) -> bool:
    """Whether pandas raised it: a learner's own dictionary has keys, too."""
    trace = error.error.__traceback__
    module = ""
    while trace is not None:
        module, trace = trace.tb_frame.f_globals.get("__name__", ""), trace.tb_next
    return module.partition(".")[0] == "pandas"


def _rows(facts: Facts) -> str:
    return f"{facts['rows']:,}" if "rows" in facts else "many"


ON_ERROR: Mapping[str, Predicate] = {
    predicate.__name__: predicate
    for predicate in (
        column_name_differs,
        column_not_there,
        table_not_named,
        library_not_imported,
        name_not_defined,
        text_into_numbers,
        gaps_into_model,
        and_or_with_columns,
        write_to_a_copy,
        lengths_differ,
        predict_before_fit,
        classes_expected,
    )
}
"""Every predicate on errors by the name of its hint, the most particular first."""
