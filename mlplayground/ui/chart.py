"""A Plotly chart that loads its library once a page."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import traitlets as t

from mlplayground.ui import assets, static
from mlplayground.ui.escape import for_plotly, plain
from mlplayground.ui.plotly_version import BUNDLE_NAME, PLOTLY_JS_VERSION
from mlplayground.ui.views import ChartView
from mlplayground.ui.widget import Part, mimebundle

_PACKAGE = Path(__file__).parent.parent
_LABEXTENSION = Path("@mlplayground/labextension")


class Chart(Part):
    """One chart, in the colours of JupyterLab's theme.

    Parameters
    ----------
    figure : dict or plotly Figure
        Its template is left out; its texts are shown as they are, never read as markup.
    title, alt : str
        See :class:`~mlplayground.ui.views.ChartView`.
    height : int
        Pixels.
    on_select : callable(rows), optional
        Switches brushing on. `rows` are the ``customdata`` of the points inside the brush where
        those are whole numbers, else the positions of the points in their trace; None when the
        brush is taken away.
    """

    _esm = assets.module("chart")
    _css = assets.style("base")

    title = t.Unicode().tag(sync=True)
    alt = t.Unicode().tag(sync=True)
    height = t.Int(320).tag(sync=True)
    brush = t.Bool(False).tag(sync=True)
    _figure = t.Unicode("{}").tag(sync=True)
    _version = t.Unicode(PLOTLY_JS_VERSION).tag(sync=True)

    def __init__(
        self,
        figure: Any,
        *,
        title: str = "",
        alt: str = "",
        height: int = 320,
        on_select: Callable[[list[int] | None], None] | None = None,
    ) -> None:
        self._on_select = on_select
        self.view = ChartView(figure=_as_dict(figure), title=title, alt=alt)
        super().__init__(
            title=plain(title),
            alt=plain(alt),
            height=height,
            brush=on_select is not None,
            _figure=figure_json(self.view.figure),
        )

    def update(self, figure: Any, *, title: str | None = None, alt: str | None = None) -> None:
        """Show another figure in the same place; what did not change is not drawn anew."""
        self.view = ChartView(
            figure=_as_dict(figure),
            title=self.view.title if title is None else title,
            alt=self.view.alt if alt is None else alt,
        )
        with self.hold_sync():
            self.title, self.alt = plain(self.view.title), plain(self.view.alt)
            self._figure = figure_json(self.view.figure)

    def heard(self, message: dict[str, Any], buffers: list[Any]) -> None:
        if message.get("kind") == "library":
            self._send_library()
        elif message.get("kind") == "selected" and self._on_select:
            self._on_select(_rows(message.get("rows")))

    def _send_library(self) -> None:
        try:
            self.send({"kind": "library"}, buffers=[_packed_library()])
        except OSError as error:
            self.send({"kind": "library", "error": str(error)})

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return mimebundle(self, self.title or self.alt, static.to_html("", (self.view,)))


def figure_json(figure: Mapping[str, Any]) -> str:
    """A figure as JSON that is safe to draw (see :func:`~mlplayground.ui.escape.for_plotly`)."""
    from plotly.io import to_json

    known = {key: figure[key] for key in ("data", "layout") if key in figure}
    parsed = json.loads(to_json(known, validate=False, remove_uids=False))
    parsed.get("layout", {}).pop("template", None)
    return json.dumps(for_plotly(parsed), separators=(",", ":"))


def library_path() -> Path | None:
    """Where the chart library lies on this machine, None where the labextension is not built."""
    from jupyter_core.paths import jupyter_path

    folders = [
        _PACKAGE / "labextension",
        *(Path(root) / _LABEXTENSION for root in jupyter_path("labextensions")),
    ]
    files = (folder / "static" / BUNDLE_NAME for folder in folders)
    return next((file for file in files if file.is_file()), None)


@cache
def _packed_library() -> bytes:
    path = library_path()
    if path is not None:
        return gzip.compress(path.read_bytes(), 6)
    # Working from source without the built labextension: plotly's own, larger bundle.
    from plotly.offline import get_plotlyjs

    return gzip.compress(get_plotlyjs().encode(), 6)


def _as_dict(figure: Any) -> dict[str, Any]:
    if hasattr(figure, "to_plotly_json"):
        figure = figure.to_plotly_json()
    if not isinstance(figure, Mapping):
        raise TypeError(f"A figure is a dict or a plotly Figure, not {type(figure).__name__}.")
    return dict(figure)


def _rows(rows: Any) -> list[int] | None:
    if not isinstance(rows, list):
        return None
    return [row for row in rows if isinstance(row, int) and not isinstance(row, bool)]
