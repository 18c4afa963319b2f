"""One thing said, outside of a panel."""

from __future__ import annotations

from typing import Any

import traitlets as t

from mlplayground.ui import assets, static
from mlplayground.ui.html import error_html, notice_html
from mlplayground.ui.views import Finding, Tone
from mlplayground.ui.widget import Part, mimebundle


class Notice(Part):
    """A sentence in a cell of its own.

    Parameters
    ----------
    text : str
    tone : {"info", "good", "warning", "bad"}
    """

    _esm = assets.module("notice")
    _css = assets.style("base", "panel")

    _html = t.Unicode().tag(sync=True)

    def __init__(self, text: str, tone: Tone = "info") -> None:
        self.view = Finding(text, tone)
        super().__init__(_html=error_html(text) if tone == "bad" else notice_html(text, tone))

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return mimebundle(self, self.view.text, static.to_html("", (self.view,)))
