"""A chart sends its numbers once and brings its library from one place."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from plotly.offline import get_plotlyjs_version

from mlplayground.ui import chart, figures
from mlplayground.ui.chart import Chart, figure_json
from mlplayground.ui.plotly_version import BUNDLE_NAME, PLOTLY_JS_VERSION

ROOT = Path(__file__).parents[3]


def test_both_halves_and_plotly_itself_mean_the_same_library() -> None:
    package = json.loads((ROOT / "labextension" / "package.json").read_text())
    pinned = {**package.get("dependencies", {}), **package["devDependencies"]}
    assert pinned["plotly.js-cartesian-dist-min"] == PLOTLY_JS_VERSION
    assert get_plotlyjs_version() == PLOTLY_JS_VERSION


def test_a_figure_is_sent_without_its_template() -> None:
    figure = go.Figure(go.Scatter(x=np.arange(500), y=np.arange(500.0)))
    sent = figure_json(figure.to_plotly_json())
    assert "template" not in json.loads(sent)["layout"]
    assert len(sent) < 10_000


def test_numbers_that_json_lacks_become_gaps() -> None:
    figure = figures.line(
        [1, 2, 3], {"a": [1.0, float("nan"), float("inf")]}, x_title="x", y_title="y"
    )
    assert json.loads(figure_json(figure))["data"][0]["y"] == [1.0, None, None]


def test_what_is_no_figure_is_refused() -> None:
    with pytest.raises(TypeError, match="list"):
        Chart([1, 2])


def test_a_brush_gives_rows_and_its_end_gives_none() -> None:
    rows: list[Any] = []
    made = Chart(figures.scatter([1, 2], [1, 2], x_title="a", y_title="b"), on_select=rows.append)
    assert made.brush
    for sent in ([1, 0], None, ["x", True, 1.5, 3]):
        made._handle_custom_msg({"kind": "selected", "rows": sent}, [])
    assert rows == [[1, 0], None, [3]]


def test_a_thinned_scatter_still_names_the_rows_of_the_table() -> None:
    x = np.arange(100_000.0)
    figure = figures.scatter(x, x, x_title="a", y_title="b")
    [trace] = figure["data"]
    assert len(trace["x"]) == figures.MOST_POINTS
    assert x[trace["customdata"]].tolist() == trace["x"].tolist()


def test_the_library_comes_by_message_where_it_is_not_served(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bundle = tmp_path / "labextensions" / "@mlplayground" / "labextension" / "static" / BUNDLE_NAME
    bundle.parent.mkdir(parents=True)
    bundle.write_text("the library")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setattr(chart, "_PACKAGE", tmp_path / "none")
    chart._packed_library.cache_clear()
    made, sent = Chart({}), []
    made.send = lambda content, buffers=None: sent.append((content, buffers))  # type: ignore[method-assign]
    made._handle_custom_msg({"kind": "library"}, [])
    chart._packed_library.cache_clear()
    [(content, [packed])] = sent
    assert content == {"kind": "library"}
    assert gzip.decompress(packed) == b"the library"


@pytest.mark.parametrize(
    "build",
    [
        lambda: figures.histogram([1, 2], [0, 1, 2], x_title="fare", x_unit="USD"),
        lambda: figures.bars(["a"], [1], x_title="fare", x_unit="USD", y_title="port"),
        lambda: figures.scatter([1], [1], x_title="fare", x_unit="USD", y_title="age"),
        lambda: figures.line([1], {"a": [1]}, x_title="fare", x_unit="USD", y_title="age"),
    ],
)
def test_axes_have_names_and_units_that_plotly_accepts(build: Any) -> None:
    figure = build()
    drawn = go.Figure(figure)
    assert drawn.layout.xaxis.title.text == "fare (USD)"
    assert drawn.layout.yaxis.title.text


def test_labels_that_look_like_numbers_stay_three_bars() -> None:
    figure = figures.bars(["1", "01", "1.0"], [3, 2, 1], y_title="code")
    assert figure["layout"]["yaxis"]["ticktext"] == ["1", "01", "1.0"]
    assert figure["data"][0]["y"] == [0, 1, 2]


def test_a_histogram_needs_one_edge_more_than_counts() -> None:
    with pytest.raises(ValueError, match="3 edges, not 2"):
        figures.histogram([1, 2], [0, 1], x_title="x")


def test_the_same_class_has_the_same_colour_in_every_chart() -> None:
    groups = ["no", "yes", "no"]
    points = figures.scatter([1, 2, 3], [1, 2, 3], x_title="a", y_title="b", groups=groups)
    lines = figures.line([1], {"no": [1], "yes": [2]}, x_title="a", y_title="b")
    assert [t["marker"]["color"] for t in points["data"]] == [
        t["line"]["color"] for t in lines["data"]
    ]
