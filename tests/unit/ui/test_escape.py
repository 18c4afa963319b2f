"""Text from a learner is data: it never becomes markup, wherever it is shown."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlplayground.ui import figures, static
from mlplayground.ui.chart import figure_json
from mlplayground.ui.escape import escape, for_plotly, plain
from mlplayground.ui.home import AppRow, NextRow, home_html
from mlplayground.ui.html import error_html, notice_html, progress_html
from mlplayground.ui.views import (
    CardView,
    ChartView,
    Fact,
    Facts,
    Finding,
    HintView,
    Prose,
    TableView,
)

HOSTILE = [
    "<script>window.hit = 1</script>",
    '"><img src=x onerror="window.hit=1">',
    "'><svg onload=window.hit=1>",
    '<a href="javascript:window.hit=1">x</a>',
    "</style><script>1</script>",
    "`<img src=x onerror=1>`",
    "$\\unicode{<img src=x onerror=1>}$",
]
TAGS = {
    *("div", "style", "h3", "p", "span", "dl", "dt", "dd", "figure", "figcaption", "img"),
    *(
        "small",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "strong",
        "code",
        "progress",
        "ul",
        "li",
        "a",
    ),
}


class Page(HTMLParser):
    """Collects what a browser would make of a piece of HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def assert_harmless(markup: str) -> Page:
    page = Page(markup)
    assert set(page.tags) <= TAGS
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    links = [value for name, value in page.attributes if name in ("src", "href")]
    assert all(link.startswith(("data:image/svg+xml;base64,", "safe")) for link in links)
    return page


def everything(text: str) -> tuple[object, ...]:
    frame = pd.DataFrame({text: [text, None], "n": [1.5, 2.0]})
    chart = figures.bars([text, "b"], [1, 2], y_title=text, x_title=text)
    return (
        Finding(text, "warning"),
        Prose(text),
        Facts((Fact(text, text, text),)),
        ChartView(chart, text, text),
        TableView(frame, text, ((0, 0),)),
        CardView("1", text, 0.1, (0.0, 0.2), text, text, text),
        HintView("1", text),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_the_static_form_shows_hostile_names_as_text(text: str) -> None:
    page = assert_harmless(static.to_html(text, everything(text), goal=text))
    assert page.text.count(text.strip("`")) >= 10


@given(st.text())
def test_no_text_at_all_becomes_markup(text: str) -> None:
    assert_harmless(static.to_html(text, everything(text), goal=text))
    for markup in (notice_html(text, "info"), error_html(text), progress_html(0.5, text, 3)):
        assert_harmless(markup)
    assert_harmless(
        home_html(NextRow(text, text, "safe"), [AppRow(text, text, "safe", 1, 3)], text)
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_a_figure_says_names_as_they_are_and_never_as_markup(text: str) -> None:
    figure = go.Figure(
        go.Bar(x=[text, "b"], y=[1, 2], name=text, text=np.array([text, text], dtype=object)),
        layout={"title": {"text": text}, "annotations": [{"text": text, "x": 0, "y": 1}]},
    )
    sent = figure_json(figure.to_plotly_json())
    assert "<" not in sent
    title = json.loads(sent)["layout"]["title"]["text"]
    # Plotly turns exactly these three back into characters when it draws.
    shown = title.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert shown == text


def test_plotlys_own_line_breaks_keep_their_meaning_in_templates_only() -> None:
    cleaned = for_plotly({"hovertemplate": "%{x}<br>%{y}<extra></extra>", "name": "a<br>b"})
    assert cleaned == {"hovertemplate": "%{x}<br>%{y}<extra></extra>", "name": "a&lt;br&gt;b"}


def test_a_figure_fetches_no_picture_from_elsewhere() -> None:
    images = [{"source": "https://example.org/x.png"}, {"source": "data:image/png;base64,AA"}]
    cleaned = for_plotly({"layout": {"images": images}})
    assert [image.get("source") for image in cleaned["layout"]["images"]] == [
        None,
        "data:image/png;base64,AA",
    ]


def test_what_cannot_be_seen_or_sent_is_replaced() -> None:
    assert plain("a\x00b\u202ec\ud800d\n") == "a\ufffdb\ufffdc\ufffdd\n"
    escape("\udfff").encode()
