"""What a table holds, in two or three sentences with its own numbers."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import pandas as pd

from mlplayground.apps.data_explorer.engine import words
from mlplayground.apps.data_explorer.engine.problems import Problem, find_problems
from mlplayground.modeling import ColumnKind, Profile, profile

_NOUNS = {
    ColumnKind.NUMERIC: "numeric",
    ColumnKind.CATEGORICAL: "categorical",
    ColumnKind.BOOLEAN: "yes/no",
    ColumnKind.DATETIME: "date",
    ColumnKind.TEXT: "free-text",
    ColumnKind.IDENTIFIER: "identifier",
    ColumnKind.CONSTANT: "constant",
    ColumnKind.EMPTY: "empty",
}


@dataclass(frozen=True)
class Overview:
    """A first view of a table.

    Attributes
    ----------
    profile : Profile
    summary : str
        What it holds, in one sentence.
    findings : tuple of str
        The two or three things that matter most, worst first.
    problems : tuple of Problem
        Everything that was found, in the same order.
    """

    profile: Profile
    summary: str
    findings: tuple[str, ...]
    problems: tuple[Problem, ...]


def overview(frame: pd.DataFrame, target: Hashable | None = None) -> Overview:
    """Look at a table for the first time.

    Parameters
    ----------
    frame : DataFrame
    target : hashable, optional
        The column to predict.

    Returns
    -------
    Overview

    Raises
    ------
    ColumnError
        If there is no column `target`.
    """
    seen = profile(frame, target)
    problems = tuple(find_problems(frame, target))
    about_target = () if target is None else _about_target(seen, target)
    findings = (*about_target, *_worst(problems))[:3]
    return Overview(seen, _summary(seen), findings or (_nothing(seen),), problems)


def _summary(seen: Profile) -> str:
    if not seen.columns:
        return "The table has no columns."
    kinds = [
        f"{len(columns)} {noun}" for kind, noun in _NOUNS.items() if (columns := seen.of_kind(kind))
    ]
    what = " and ".join([", ".join(kinds[:-1]), kinds[-1]] if len(kinds) > 1 else kinds)
    missing = (
        f"{words.count(seen.missing_cells, 'cell')} of {seen.rows * len(seen.columns):,} "
        f"({words.percent(seen.missing_share)}) {'is' if seen.missing_cells == 1 else 'are'} empty."
        if seen.missing_cells
        else "No cell is empty as such."
    )
    size = f"{words.count(seen.rows, 'row')} and {words.count(len(seen.columns), 'column')}"
    return f"{size}: {what}. {missing}"


def _worst(problems: tuple[Problem, ...]) -> list[str]:
    # One finding of each kind: ten columns with missing values are one thing to say.
    kinds: dict[str, list[Problem]] = {}
    for problem in problems:
        kinds.setdefault(problem.kind, []).append(problem)
    return [_said(alike) for alike in kinds.values()]


def _said(alike: list[Problem]) -> str:
    others = len(alike) - 1
    if not others:
        return alike[0].text
    more = "One more column is" if others == 1 else f"{others:,} more columns are"
    return f"{alike[0].text} {more} like that."


def _about_target(seen: Profile, target: Hashable) -> tuple[str, ...]:
    column = seen.column(target)
    if column.kind in (ColumnKind.NUMERIC, ColumnKind.DATETIME) or len(column.top) < 2:
        return ()
    usual = column.top[0]
    share = usual.count / max(1, column.count)
    if share < 0.8:
        return ()
    return (
        f"{words.percent(share)} of the rows have {words.name(target)} = "
        f"{words.quote(usual.value)}. Always answering {words.quote(usual.value)} would be right "
        "that often, so a model must beat that.",
    )


def _nothing(seen: Profile) -> str:
    return f"No problem stands out in {words.count(seen.rows, 'row')}. Look at the columns next."
