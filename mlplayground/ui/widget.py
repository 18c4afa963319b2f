"""What all of our widgets have in common."""

from __future__ import annotations

from typing import Any

import ipywidgets
from anywidget import AnyWidget

_VIEW = "application/vnd.jupyter.widget-view+json"


def mimebundle(widget: Any, text: str, html: str) -> dict[str, Any]:
    """A widget's view with what is shown of it where there is no kernel.

    Parameters
    ----------
    widget : Widget
    text : str
        For a terminal.
    html : str
        Self-contained; for a saved notebook and for exports.
    """
    return {
        "text/plain": text,
        "text/html": html,
        _VIEW: {"version_major": 2, "version_minor": 0, "model_id": widget.model_id},
    }


class Html(ipywidgets.HTML):  # type: ignore[misc]
    """Fixed HTML. `value` must be safe already: see :mod:`mlplayground.ui.escape`."""

    def __init__(self, value: str = "", *classes: str) -> None:
        super().__init__(value=value, layout=ipywidgets.Layout(margin="0", width="auto"))
        for name in ("mlp-html", *classes):
            self.add_class(name)


class Part(AnyWidget):
    """A widget of ours with its own JavaScript; messages go to :meth:`heard`."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.on_msg(self._on_message)

    def heard(self, message: dict[str, Any], buffers: list[Any]) -> None:
        """A message from the page; to be overridden."""

    def _on_message(self, _widget: Any, content: Any, buffers: list[Any]) -> None:
        # The page is not trusted to send what we expect.
        if isinstance(content, dict):
            self.heard(content, buffers)
