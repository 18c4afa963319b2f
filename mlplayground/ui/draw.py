"""Views as widgets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mlplayground.ui.html import facts_html, finding_html, prose_html
from mlplayground.ui.views import ChartView, Facts, Finding, Prose, TableView, View
from mlplayground.ui.widget import Html


def draw(views: Iterable[View]) -> list[Any]:
    """A widget for each view; neighbours that are only text share one."""
    widgets: list[Any] = []
    text: list[str] = []
    for view in views:
        markup = _markup(view)
        if markup is not None:
            text.append(markup)
            continue
        if text:
            widgets.append(Html("".join(text)))
            text = []
        widgets.append(_widget(view))
    return [*widgets, Html("".join(text))] if text else widgets


def _markup(view: View) -> str | None:
    if isinstance(view, Finding):
        return finding_html(view)
    if isinstance(view, Prose):
        return prose_html(view)
    if isinstance(view, Facts):
        return facts_html(view)
    return None


def _widget(view: View) -> Any:
    if isinstance(view, ChartView):
        from mlplayground.ui.chart import Chart

        return Chart(view.figure, title=view.title, alt=view.alt)
    if isinstance(view, TableView):
        from mlplayground.ui.table import DataTable

        return DataTable(view.frame, caption=view.caption, marks=view.marks)
    raise TypeError(
        f"A panel does not show {type(view).__name__} among its views: "
        "suggestions go to show_cards, hints to show_hints."
    )
