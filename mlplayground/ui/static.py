"""The form of a panel that needs no kernel and no library.

For a saved notebook whose kernel is gone, for exports and for mails: one piece of HTML with
its own small style, charts as embedded pictures, no script, no request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mlplayground.ui.escape import escape, paragraphs, rich
from mlplayground.ui.format import count, gain
from mlplayground.ui.html import facts_html, finding_html, prose_html
from mlplayground.ui.svg import figure_img
from mlplayground.ui.views import (
    CardView,
    ChartView,
    Facts,
    Finding,
    HintView,
    Prose,
    TableView,
    View,
)

_ROWS = 20
_COLUMNS = 30
# Theme variables where there is a theme, their light values elsewhere.
_STYLE = (
    "<style>"
    ".mlp-static{font-family:var(--jp-ui-font-family,system-ui,sans-serif);"
    "color:var(--jp-ui-font-color1,#212121);max-width:960px;line-height:1.5;font-size:13px}"
    ".mlp-static h3{font-size:16px;margin:8px 0}.mlp-static p{margin:4px 0}"
    ".mlp-static figure{margin:16px 0}.mlp-static figcaption{font-weight:600;margin:0 0 4px}"
    ".mlp-static img{max-width:100%;height:auto}"
    ".mlp-static .mlp-scroll{overflow-x:auto}"
    ".mlp-static table{border-collapse:collapse}"
    ".mlp-static td,.mlp-static th{padding:4px 8px;border-bottom:1px solid "
    "var(--jp-border-color2,#bdbdbd);text-align:left;white-space:nowrap}"
    ".mlp-static .mlp-num{text-align:right;font-variant-numeric:tabular-nums}"
    ".mlp-static .mlp-marked{outline:2px solid var(--jp-warn-color1,#b26a00);outline-offset:-2px}"
    ".mlp-static .mlp-finding{display:flex;gap:8px;margin:4px 0}"
    ".mlp-static .mlp-sign{font-weight:600;min-width:16px;text-align:center}"
    ".mlp-static dl{display:flex;flex-wrap:wrap;gap:8px 24px;margin:8px 0}"
    ".mlp-static dd{margin:0;font-weight:600}.mlp-static .mlp-detail{font-weight:400;"
    "color:var(--jp-ui-font-color2,#616161);margin-left:4px}"
    ".mlp-static li{margin:8px 0}"
    "</style>"
)


def to_html(title: str, views: Iterable[View], *, goal: str = "") -> str:
    """`views` as one self-contained piece of HTML.

    Parameters
    ----------
    title, goal : str
        Its heading; nothing where empty.
    views : iterable of View
        Tables show their first 20 rows and 30 columns and say how many there are.
    """
    head = f"<h3>{escape(title)}</h3>" if title else ""
    head += paragraphs(goal)
    return page(head + _body(tuple(views)))


def page(markup: str) -> str:
    """Safe markup with the small style that all static forms share.

    The labextension looks for the class ``mlp-static`` where a saved notebook has no kernel.
    """
    return f'<div class="mlp-static">{_STYLE}{markup}</div>'


def hints_to_html(hints: Iterable[HintView]) -> str:
    """Hints on their own, for instance below a cell that failed."""
    return to_html("", tuple(hints))


def _body(views: Sequence[View]) -> str:
    return "".join(_view(view) for view in views)


def _view(view: View) -> str:
    if isinstance(view, Finding):
        return finding_html(view)
    if isinstance(view, Prose):
        return prose_html(view)
    if isinstance(view, Facts):
        return facts_html(view)
    if isinstance(view, ChartView):
        return _chart(view)
    if isinstance(view, TableView):
        return _table(view)
    if isinstance(view, CardView):
        return _card(view)
    return _hint(view)


def _chart(view: ChartView) -> str:
    caption = f"<figcaption>{rich(view.title)}</figcaption>" if view.title else ""
    drawn = figure_img(view.figure, view.alt or view.title or "A chart")
    return f"<figure>{caption}{drawn}</figure>"


def _table(view: TableView) -> str:
    from mlplayground.ui.cells import Cells

    shown = view.frame.iloc[:_ROWS, :_COLUMNS]
    cells = Cells(shown)
    marks = set(view.marks)
    head = "".join(
        f'<th class="{"mlp-num" if right else ""}">{escape(name)}</th>'
        for name, right in zip(cells.names, cells.numeric, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td class="{_cell_class(right, (place, column) in marks)}">{escape(text)}</td>'
            for column, (text, right) in enumerate(zip(row, cells.numeric, strict=True))
        )
        + "</tr>"
        for place, row in enumerate(cells.rows(range(len(shown))))
    )
    caption = f"<figcaption>{escape(view.caption)}</figcaption>" if view.caption else ""
    return (
        f'<figure>{caption}<div class="mlp-scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>{_left_out(view)}</figure>"
    )


def _cell_class(numeric: bool, marked: bool) -> str:
    return " ".join(name for name, on in (("mlp-num", numeric), ("mlp-marked", marked)) if on)


def _left_out(view: TableView) -> str:
    rows, columns = view.frame.shape
    if rows <= _ROWS and columns <= _COLUMNS:
        return ""
    return (
        f'<p class="mlp-detail">{min(rows, _ROWS):,} of {count(rows, "row")}, '
        f"{min(columns, _COLUMNS):,} of {count(columns, 'column')}</p>"
    )


def _card(view: CardView) -> str:
    value = gain(view.expected, view.interval, view.unit)
    rest = [rich(text) for text in (value, view.reason, view.evidence) if text]
    return f"<p><strong>{rich(view.title)}</strong> {' · '.join(['', *rest])}</p>"


def _hint(view: HintView) -> str:
    return f"<div><strong>Hint {view.rung} of {view.rungs}</strong>{paragraphs(view.text)}</div>"
