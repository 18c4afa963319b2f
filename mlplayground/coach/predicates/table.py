"""Situations in a table, or in what a model made of it; the most urgent first."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlplayground.coach import words
from mlplayground.coach.facts import Facts, Label
from mlplayground.coach.predicates.match import Match

Predicate = Callable[[Facts], Match | None]

_RARE = 0.8


def target_copied(facts: Facts) -> Match | None:
    """A column alone predicts the target almost perfectly."""
    copies = {
        label: power
        for label, power in facts.get("target_copies", {}).items()
        if label in _features(facts)
    }
    if not copies or "target" not in facts:
        return None
    column = max(copies, key=lambda label: copies[label])
    return Match(
        {
            "column": words.name(column),
            "target": words.name(facts["target"]),
            "power": words.percent(copies[column]),
            "code": f"df.drop(columns=[{column!r}])",
        },
        column,
    )


def test_rows_in_training(facts: Facts) -> Match | None:
    """A model was tested on rows that it had learned from."""
    used = facts.get("test_rows_used", 0)
    return Match({"rows": words.count(used, "row")}) if used else None


def target_with_gaps(facts: Facts) -> Match | None:
    """Some rows have no value of the target."""
    missing, rows = facts.get("target_missing", 0), facts.get("rows", 0)
    if not missing or not rows or "target" not in facts:
        return None
    return Match(
        {
            "target": words.name(facts["target"]),
            "missing": words.count(missing, "row"),
            "rows": f"{rows:,}",
            "share": words.percent(missing / rows),
            "left": words.count(rows - missing, "row"),
            "code": f"df.dropna(subset=[{facts['target']!r}])",
        },
        facts["target"],
    )


def numbers_as_text(facts: Facts) -> Match | None:
    """A column of numbers was read as text."""
    found = facts.get("numeric_text_columns", {})
    if not found:
        return None
    column = next(iter(found))
    return Match(
        {
            "column": words.name(column),
            "columns": words.names(found),
            "value": words.name(found[column]),
            "code": f"df[{column!r}].dtype",
        },
        column,
    )


def missing_tokens_mixed(facts: Facts) -> Match | None:
    """Several ways of writing "not known" are in use, or one that pandas does not know."""
    found = {label: tokens for label, tokens in facts.get("missing_tokens", {}).items() if tokens}
    if not found:
        return None
    column = max(found, key=lambda label: sum(found[label].values()))
    tokens: dict[str, int] = {}
    for counts in found.values():
        for token, times in counts.items():
            tokens[token] = tokens.get(token, 0) + times
    ordered = sorted(tokens, key=lambda token: -tokens[token])
    return Match(
        {
            "column": words.name(column),
            "columns": words.names(found),
            "token": words.name(ordered[0]),
            "tokens": words.names(ordered, limit=5),
            "cells": words.count(sum(tokens.values()), "cell"),
            "in_column": words.count(sum(found[column].values()), "cell"),
            "code": f"df.replace({ordered[:5]!r}, pd.NA)",
        },
        column,
    )


def id_among_features(facts: Facts) -> Match | None:
    """A column that only names a row is among what a model would learn from."""
    found = {
        label: unique
        for label, unique in facts.get("id_columns", {}).items()
        if label in _features(facts)
    }
    if not found or "target" not in facts or not facts.get("rows"):
        return None
    column = next(iter(found))
    return Match(
        {
            "column": words.name(column),
            "unique": words.count(found[column], "different value"),
            "rows": words.count(facts["rows"], "row"),
            "target": words.name(facts["target"]),
            "code": f"df.drop(columns=[{column!r}])",
        },
        column,
    )


def rare_class_by_accuracy(facts: Facts) -> Match | None:
    """One class is far commoner than the rest, and accuracy is what is looked at."""
    share = facts.get("target_share", 0.0)
    if share < _RARE or facts.get("metric", "accuracy") != "accuracy" or "target" not in facts:
        return None
    score = facts.get("score")
    seen = "" if score is None else f" Your model's accuracy is {words.percent(score)}."
    return Match(
        {
            "target": words.name(facts["target"]),
            "majority": words.name(facts.get("target_majority", "the commonest")),
            "share": words.percent(share),
            "others": words.percent(1 - share),
            "score": seen,
        },
        facts["target"],
    )


def no_better_than_guessing(facts: Facts) -> Match | None:
    """A model scores no higher than always giving the same answer."""
    score, dummy = facts.get("score"), facts.get("dummy_score")
    if score is None or dummy is None or score > dummy:
        return None
    return Match(
        {
            "metric": words.name(facts.get("metric", "score")),
            "score": words.number(score),
            "dummy": words.number(dummy),
        }
    )


def repeated_rows(facts: Facts) -> Match | None:
    """Rows are there more than once."""
    repeated, rows = facts.get("duplicate_rows", 0), facts.get("rows", 0)
    if not repeated or not rows:
        return None
    return Match(
        {
            "repeated": words.count(repeated, "row"),
            "rows": f"{rows:,}",
            "share": words.percent(repeated / rows),
            "left": words.count(rows - repeated, "row"),
        }
    )


def constant_column(facts: Facts) -> Match | None:
    """A column has the same value in every row."""
    found = facts.get("constant_columns", {})
    if not found or not facts.get("rows"):
        return None
    column = next(iter(found))
    return Match(
        {
            "column": words.name(column),
            "value": words.name(found[column]),
            "rows": words.count(facts["rows"], "row"),
            "code": f"df.drop(columns=[{column!r}])",
        },
        column,
    )


def _features(facts: Facts) -> set[Label]:
    """What a model would learn from: what the step says, else all columns but the target."""
    chosen = set(facts.get("features", facts.get("columns", ())))
    return chosen - {facts["target"]} if "target" in facts else chosen


ON_TABLE: Mapping[str, Predicate] = {
    predicate.__name__: predicate
    for predicate in (
        target_copied,
        test_rows_in_training,
        target_with_gaps,
        numbers_as_text,
        missing_tokens_mixed,
        id_among_features,
        rare_class_by_accuracy,
        no_better_than_guessing,
        repeated_rows,
        constant_column,
    )
}
"""Every predicate on facts by the name of its hint, the most urgent first."""
