"""JavaScript and CSS that lie beside the Python of their widget."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_WEB = Path(__file__).parent / "web"


@cache
def module(name: str) -> str:
    """The ES module of a widget: what all share, then its own part.

    anywidget keeps no module between widgets, so what is shared is small and comes along.
    """
    return f"{_read('common.js')}\n{_read(name + '.js')}"


@cache
def style(*names: str) -> str:
    """The named style sheets, one after the other."""
    return "\n".join(_read(name + ".css") for name in names)


@cache
def _read(name: str) -> str:
    return (_WEB / name).read_text(encoding="utf-8")
