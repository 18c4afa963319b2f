"""A saved notebook without a kernel still says what was found."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from mlplayground import ui
from mlplayground.ui import figures, static
from mlplayground.ui.svg import figure_svg
from mlplayground.ui.views import CardView, ChartView, Finding, HintView, TableView

SVG = "{http://www.w3.org/2000/svg}"
RANDOM = np.random.default_rng(0)
FIGURES = {
    "histogram": figures.histogram([3, 0, 5], [0.0, 1.0, 2.0, 4.0], x_title="fare"),
    "times": figures.histogram([3, 5], ["2024-01-01", "2024-02-01", "2024-03-01"], x_title="when"),
    "bars": figures.bars(["a", "b", "1", "01"], [4, 3, 2, 1], y_title="port"),
    "box": figures.box(["a", "b"], [(0, 1, 2, 3, 4), (1, 2, 3, 4, 9)], x_title="k", y_title="v"),
    "scatter": figures.scatter([1, 2, 3], [3, float("nan"), 1], x_title="a", y_title="b"),
    "line": figures.line([1, 2], {"u": [1, 2], "v": [2, 1]}, x_title="n", y_title="score"),
    "raw": go.Figure(go.Histogram(x=RANDOM.normal(size=50))).to_plotly_json(),
    "names": {"data": [{"type": "bar", "x": ["a", "b"], "y": np.array([1, 2])}]},
    "boxes": {"data": [{"type": "box", "y": [1.0, 2.0, 3.0]}]},
}


def elements(svg: str, tag: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(SVG + tag))


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_becomes_a_picture_with_marks_inside_its_frame(name: str) -> None:
    svg = figure_svg(FIGURES[name], "what it shows")
    tags = ("rect", "polyline", "path")
    marks = [element for tag in tags for element in elements(svg, tag)]
    assert marks
    for place in ("x", "y", "cx", "cy", "width", "height"):
        values = [float(mark.get(place, "0")) for mark in marks]
        assert all(-0.5 <= value <= 640 for value in values), (place, values)


def test_bars_are_as_long_as_their_counts() -> None:
    widths = [
        float(bar.get("width", 0)) for bar in elements(figure_svg(FIGURES["bars"], ""), "rect")
    ]
    assert widths == pytest.approx([widths[0] * share for share in (1, 0.75, 0.5, 0.25)], abs=0.2)


def test_bins_of_a_histogram_are_as_wide_as_their_edges_say() -> None:
    first, _, last = elements(figure_svg(FIGURES["histogram"], ""), "rect")
    assert float(last.get("width", 0)) == pytest.approx(2 * float(first.get("width", 0)), abs=1)


def test_points_that_are_missing_are_left_out() -> None:
    points = elements(figure_svg(FIGURES["scatter"], ""), "path")[-1]
    assert points.get("d", "").count("M") == 2


@pytest.mark.parametrize(
    "figure", [{}, {"data": [{"type": "pie", "values": [1]}]}, {"data": [{"type": "bar"}]}]
)
def test_a_figure_that_cannot_be_drawn_is_described(figure: dict[str, object]) -> None:
    svg = figure_svg(figure, "three thirds")
    assert "three thirds" in [element.text for element in elements(svg, "text")]


def test_the_form_is_self_contained_and_has_everything_in_order() -> None:
    frame = pd.DataFrame({"fare": [7.25, np.nan], "port": ["S", "C"]})
    markup = static.to_html(
        "Quality",
        (
            Finding("`fare` has 1 gap."),
            ChartView(FIGURES["bars"], "Most came from a", "bars of ports"),
            TableView(frame, "As read"),
            CardView("1", "Fill `fare`", 0.012, (0.004, 0.02), "AUC", "why", "where"),
            HintView("h", "When would you know that value?"),
        ),
        goal="Find what is wrong.",
    )
    order = [
        "Quality",
        "Find what",
        "fare</code> has",
        "Most came",
        "As read",
        "Fill",
        "When would",
    ]
    found = [markup.index(text) for text in order]
    assert found == sorted(found)
    assert "+0.012 ± 0.0080 AUC expected" in markup
    assert "http" not in re.sub(r"base64,[^\"]*", "", markup)
    picture = base64.b64decode(re.search(r"base64,([^\"]*)", markup)[1]).decode()
    assert "bars of ports" in picture


def test_a_long_table_says_how_much_of_it_is_shown() -> None:
    frame = pd.DataFrame(np.zeros((100_000, 50)))
    markup = static.to_html("", (TableView(frame, "Zeros"),))
    assert "20 of 100,000 rows, 30 of 50 columns" in markup
    assert len(markup) < 60_000


def test_a_saved_output_carries_the_form_beside_the_widget() -> None:
    panel = ui.Panel("demo/look", "Quality", "Find what is wrong.")
    panel.show_views([Finding("3 rows are twice there.", "warning")])
    shell = ui.Shell("Explorer", "Meet a dataset.", [panel])
    chart = ui.Chart(FIGURES["bars"], title="Most came from a", alt="bars of ports")
    for widget, said in ((panel, "twice"), (shell, "Meet a dataset"), (chart, "Most came")):
        bundle = widget._repr_mimebundle_()
        assert said in bundle["text/html"]
        assert 'class="mlp-static"' in bundle["text/html"]
        view = bundle["application/vnd.jupyter.widget-view+json"]
        assert view["model_id"] == widget.model_id
