"""Panels, charts, tables and their static form.

``ui.views`` and ``ui.controls`` are plain data; the widgets draw it. Everything that comes
from a learner is escaped in this layer and nowhere else. The widget libraries are imported
with the first widget that is asked for, so a headless session does without them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlplayground.ui.announcement import Announcement
    from mlplayground.ui.chart import Chart
    from mlplayground.ui.notice import Notice
    from mlplayground.ui.panel import Panel
    from mlplayground.ui.shell import Shell
    from mlplayground.ui.table import DataTable

_HOME = {
    "Announcement": "announcement",
    "Chart": "chart",
    "DataTable": "table",
    "Notice": "notice",
    "Panel": "panel",
    "Shell": "shell",
}

__all__ = ["Announcement", "Chart", "DataTable", "Notice", "Panel", "Shell"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
