"""Look at the table: what it holds, what stands out, and one chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from mlplayground.advisor import Candidate
from mlplayground.apps.data_explorer.engine import Chart, Overview, chart_data, overview, words
from mlplayground.apps.data_explorer.steps.situation import facts_of, situation
from mlplayground.modeling import ColumnKind, ColumnProfile
from mlplayground.session import Step
from mlplayground.ui import figures
from mlplayground.ui.controls import Columns, Control
from mlplayground.ui.views import ChartView, Finding, TableView, View


class LookAround(Step):
    """Findings in words first, then one chart, then every column in a line."""

    id = "overview"
    engine = staticmethod(overview)
    run_label = "Look again"
    automatic = True
    _column: str | None = None

    def controls(self) -> Sequence[Control]:
        names = tuple(map(str, self.frame().columns))
        target = self.session.target()
        chosen = None if target is None else str(target)
        return (
            Columns("target", "What would you predict?", chosen, names, optional=True),
            Columns("column", "Show the column", None, names, optional=True),
        )

    def arguments(self, values: Mapping[str, Any]) -> dict[str, Any]:
        current, wanted = self.session.target(), values.get("target")
        if wanted != (None if current is None else str(current)):
            self.session.choose_target(wanted)
        return {"frame": self.frame(), "target": self.session.target()}

    def save(self, values: Mapping[str, Any], value: Overview) -> None:
        self._column = values.get("column") or self._column

    def facts(self, value: Overview) -> Mapping[str, Any]:
        return facts_of(value)

    def context(self, value: Overview) -> Mapping[str, float]:
        return situation(value.profile)

    def candidates(self, value: Overview) -> Sequence[Candidate]:
        shown = self._charted(value)
        return [
            Candidate(
                id=f"{arm}/{column.position}",
                arm=arm,
                title=f"Look at {words.name(column.name)}",
                payload=column.name,
                column=column.position,
                reason=reason,
            )
            for arm, column, reason in worth_a_look(value)
            if column.name != shown
        ]

    def apply(self, value: Overview, candidate: Candidate) -> Mapping[str, Any]:
        self._column = candidate.payload
        return {"chosen": True}

    def views(self, value: Overview) -> Sequence[View]:
        shown = self._charted(value)
        chart = (_drawn(chart_data(value.profile, shown)),) if shown is not None else ()
        return (
            Finding(value.summary),
            *(Finding(text, "warning") for text in value.findings),
            *chart,
            TableView(_columns_table(value), "Every column in a line"),
        )

    def source(self, values: Mapping[str, Any], value: Overview) -> str:
        lines = ["df.describe(include='all').T", "df.isna().sum().sort_values(ascending=False)"]
        shown = self._charted(value)
        if shown is not None:
            histogram = chart_data(value.profile, shown).kind == "histogram"
            drawn = "hist(bins=30)" if histogram else "value_counts().head(10).plot.barh()"
            lines.append(f"df[{shown!r}].{drawn}")
        return "\n".join(lines)

    def _charted(self, value: Overview) -> Any:
        names = [column.name for column in value.profile.columns]
        if self._column in names:
            return self._column
        worth = worth_a_look(value)
        return worth[0][1].name if worth else None


def worth_a_look(value: Overview) -> list[tuple[str, ColumnProfile, str]]:
    """Columns that would make a telling chart, each with the arm it stands for and why.

    Returns
    -------
    list of (str, ColumnProfile, str)
        At most ten; the arms are those of the decision ``data_explorer.first_chart``.
    """
    seen = value.profile
    found = []
    for column in seen.columns:
        if column.kind in (ColumnKind.CONSTANT, ColumnKind.EMPTY, ColumnKind.IDENTIFIER):
            continue
        found.append(_why(column, is_target=column.name == seen.target))
    order = ("target", "missing", "skewed", "categorical", "numeric")
    return sorted(found, key=lambda item: order.index(item[0]))[:10]


def _why(column: ColumnProfile, is_target: bool) -> tuple[str, ColumnProfile, str]:
    if is_target:
        return "target", column, "It is what you want to predict."
    if column.missing_share > 0.05:
        share = words.percent(column.missing_share)
        return "missing", column, f"{share} of its cells are missing."
    if "skewed" in column.flags:
        return "skewed", column, "A few of its values lie far from the rest."
    if column.kind in (ColumnKind.NUMERIC, ColumnKind.DATETIME):
        return "numeric", column, f"It has {column.unique:,} different values."
    return "categorical", column, f"It has {words.count(column.unique, 'value')}."


def _drawn(chart: Chart) -> ChartView:
    if chart.kind == "histogram":
        figure = figures.histogram(
            chart.counts, chart.edges, x_title=chart.x_label, y_title=chart.y_label
        )
    else:
        figure = figures.bars(
            chart.labels, chart.counts, x_title=chart.y_label, y_title=chart.x_label
        )
    return ChartView(figure, chart.title, chart.alt)


def _columns_table(value: Overview) -> pd.DataFrame:
    columns = value.profile.columns
    return pd.DataFrame(
        {
            "column": [str(column.name) for column in columns],
            "kind": [str(column.kind) for column in columns],
            "missing": [column.missing for column in columns],
            "different values": [column.unique for column in columns],
            "typical": [_typical(column) for column in columns],
        }
    )


def _typical(column: ColumnProfile) -> str:
    if "median" in column.stats:
        low, high = (words.number(column.stats[key]) for key in ("min", "max"))
        return f"{words.number(column.stats['median'])} ({low} to {high})"
    if column.span is not None:
        return f"{column.span[0][:10]} to {column.span[1][:10]}"
    return ", ".join(item.value[:30] for item in column.top[:3])
