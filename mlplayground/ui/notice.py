"""One thing said, outside of a panel."""

from __future__ import annotations

from typing import Any

from mlplayground.ui import static
from mlplayground.ui.html import error_html, notice_html
from mlplayground.ui.views import Finding, Tone
from mlplayground.ui.widget import Part, mimebundle
from mlplayground.ui import assets
import traitlets as t


class Notice(Part):
    """A sentence in a cell of its own.

    Parameters
    ----------
    text : str
    tone : {"info", "good", "warning", "bad"}
    """

    _esm = assets.module("notice")
    _css = assets.style("ui")

    text = t.Unicode().tag(sync=True)
    tone = t.Unicode("info").tag(sync=True)
    _html = t.Unicode().tag(sync=True)

    def __init__(self, text: str, tone: Tone = "info") -> None:
        markup = error_html(text) if tone == "bad" else notice_html(text, tone)
        super().__init__(text=text, tone=tone, _html=markup)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return mimebundle(self, self.text, static.to_html("", (Finding(self.text, self.tone),)))
