"""Find what is wrong with the table, repair it one thing at a time, undo."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from mlplayground.advisor import Candidate
from mlplayground.apps.data_explorer.engine import quality, words
from mlplayground.apps.data_explorer.engine.inspection import Inspection, inspect
from mlplayground.apps.data_explorer.engine.quality import POINTS
from mlplayground.apps.data_explorer.steps.situation import situation
from mlplayground.errors import InputError
from mlplayground.recipes import Recipe
from mlplayground.session import Step
from mlplayground.ui.views import Fact, Facts, Finding, TableView, View

_PREVIEW_COLUMNS = 4


class Repair(Step):
    """The score in named deductions, the problems in words, and a repair for each."""

    id = "quality"
    engine = staticmethod(inspect)
    run_label = "Check again"
    automatic = True

    def arguments(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {"frame": self.frame(), "target": self.session.target()}

    def context(self, value: Inspection) -> Mapping[str, float]:
        return {**situation(value.profile), "quality": value.score / 100}

    def candidates(self, value: Inspection) -> Sequence[Candidate]:
        positions = {column.name: column.position for column in value.profile.columns}
        return [
            Candidate(
                id=f"{problem.kind}/{positions.get(problem.column, 'rows')}",
                arm=problem.kind,
                title=problem.operation.title(),
                payload=problem.operation,
                column=positions.get(problem.column),
                expected=problem.points or None,
                unit="points",
                reason=problem.text,
            )
            for problem in value.problems
            if problem.operation is not None
        ]

    def apply(self, value: Inspection, candidate: Candidate) -> Mapping[str, Any]:
        if candidate.payload is None:
            raise InputError("That suggestion has no repair to apply.")
        self.session.apply(Recipe((candidate.payload,)))
        after = self.session.compute.submit(
            quality, self.session.frame(), self.session.target()
        ).result()
        return {"before": value.score, "after": after.score, "possible": candidate.expected or 0.0}

    def said(self, candidate: Candidate, outcome: Mapping[str, Any]) -> str:
        gained = outcome["after"] - outcome["before"]
        return f"Done: {candidate.title}. Measured: {gained:+.2f} points. Undo takes it back."

    def views(self, value: Inspection) -> Sequence[View]:
        lost = [
            Fact(each.title.capitalize(), f"−{each.points:.1f}", _where(each.columns))
            for each in value.quality.deductions
        ]
        return (
            Finding(_verdict(value), "good" if value.score >= 90 else "warning"),
            *([Facts(tuple(lost))] if lost else []),
            *_preview(value),
            *_everything(value),
        )

    def source(self, values: Mapping[str, Any], value: Inspection) -> str:
        return "df.isna().sum()\ndf.duplicated().sum()"


def _verdict(value: Inspection) -> str:
    score = f"Quality {value.score:.0f} of 100."
    if not value.problems:
        return f"{score} No problem stands out."
    worst = value.problems[0]
    where = "" if worst.column is None else f", in {words.name(worst.column)}"
    return f"{score} {words.count(len(value.problems), 'thing')} to look at; the first{where}."


def _where(columns: Sequence[Hashable]) -> str:
    return ", ".join(str(name) for name in columns[:3]) + (" …" if len(columns) > 3 else "")


def _preview(value: Inspection) -> tuple[View, ...]:
    problem = next((p for p in value.problems if p.preview is not None), None)
    if problem is None or problem.preview is None or problem.operation is None:
        return ()
    before, after = problem.preview.before, problem.preview.after
    side_by_side = pd.DataFrame(index=range(len(before)))
    for name in before.columns[:_PREVIEW_COLUMNS]:
        side_by_side[f"{name}, now"] = before[name].to_numpy()
        then = after[name].reindex(before.index) if name in after.columns else None
        side_by_side[f"{name}, then"] = "(dropped)" if then is None else then.to_numpy()
    return (TableView(side_by_side, f"{_plain(problem.operation.title())}: before and after"),)


def _label(kind: str) -> str:
    return POINTS[kind][2] if kind in POINTS else kind.replace("_", " ")


def _plain(title: str) -> str:
    # A table's caption is plain text: the marks that quote a name elsewhere would be seen.
    return title.replace("`", "")


def _everything(value: Inspection) -> tuple[View, ...]:
    if not value.problems:
        return ()
    listed = pd.DataFrame(
        {
            "what": [_label(problem.kind) for problem in value.problems],
            "where": [
                "whole rows" if problem.column is None else str(problem.column)
                for problem in value.problems
            ],
            "rows": [problem.rows for problem in value.problems],
            "points": [round(problem.points, 2) for problem in value.problems],
        }
    )
    return (TableView(listed, "Everything that was found, most urgent first"),)
