"""An app with all of its steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as w
import traitlets as t

from mlplayground.ui import assets, static
from mlplayground.ui.escape import plain
from mlplayground.ui.panel import Panel, make_button
from mlplayground.ui.widget import Part, mimebundle


class Steps(Part):
    """Title, summary and the way through the steps."""

    _esm = assets.module("steps")

    title = t.Unicode().tag(sync=True)
    summary = t.Unicode().tag(sync=True)
    steps = t.List(t.Unicode()).tag(sync=True)
    done = t.List(t.Bool()).tag(sync=True)
    current = t.Int(0).tag(sync=True)
    stacked = t.Bool(False).tag(sync=True)


class Shell(w.VBox):  # type: ignore[misc]
    """Title, summary, the steps with what is done, and one panel at a time.

    A panel that was visited stays in the page, so going back is immediate.

    Parameters
    ----------
    title, summary : str
        Of the app; the summary is one sentence.
    panels : sequence of Panel
        One a step, in order.
    stacked : bool
        Show all panels one below the other; the steps then only say what is done.
    """

    current = t.Int(0)
    """Position of the step that is shown."""

    def __init__(
        self, title: str, summary: str, panels: Sequence[Panel], *, stacked: bool = False
    ) -> None:
        self.title, self.summary = title, summary
        self.panels = tuple(panels)
        self.stacked = stacked
        self._steps = Steps(
            title=plain(title),
            summary=plain(summary),
            steps=[plain(panel.title) for panel in self.panels],
            stacked=stacked,
        )
        self._stage = w.VBox()
        self._stage.add_class("mlp-stage")
        self._next = make_button("", lambda: self.go_to(self.panels[self.current + 1].name))
        super().__init__(children=(self._steps, self._stage, self._next))
        self.add_class("mlp-shell")
        t.link((self, "current"), (self._steps, "current"))
        self.observe(lambda _change: self._show(), names="current")
        for panel in self.panels:
            panel.observe(lambda _change: self._mark(), names="finished")
        self._mark()
        self._show()

    def go_to(self, name: str) -> None:
        """Show the panel of that name; raises ``KeyError`` naming those there are."""
        names = [panel.name for panel in self.panels]
        if name not in names:
            raise KeyError(f"No panel {name!r} here, only {', '.join(names)}.")
        self.current = names.index(name)

    def mark_done(self, name: str) -> None:
        """Mark a step as done, for instance one that was finished in an earlier session."""
        for panel in self.panels:
            if panel.name == name:
                panel.finished = True

    @t.validate("current")
    def _inside(self, proposal: Any) -> int:
        return max(0, min(int(proposal["value"]), len(self.panels) - 1))

    def _show(self) -> None:
        self._offer_next()
        if self.stacked:
            self._stage.children = self.panels
            return
        shown = self.panels[self.current]
        if shown not in self._stage.children:
            self._stage.children = (*self._stage.children, shown)
        for panel in self._stage.children:
            if panel is shown:
                panel.remove_class("mlp-away")
            elif "mlp-away" not in panel._dom_classes:
                panel.add_class("mlp-away")

    def _mark(self) -> None:
        self._steps.done = [panel.finished for panel in self.panels]
        self._offer_next()

    def _offer_next(self) -> None:
        # Below a long panel the way on is out of sight.
        after = self.panels[self.current + 1 : self.current + 2]
        here = after and not self.stacked and self.panels[self.current].finished
        self._next.layout.display = "" if here else "none"
        if here:
            self._next.description = f"Next: {plain(after[0].title)}"

    def static_html(self) -> str:
        """The app as it is now, for a page without a kernel."""
        parts = [static.to_html(self.title, (), goal=self.summary)]
        return "".join([*parts, *(panel.static_html() for panel in self.panels)])

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return mimebundle(self, f"{self.title}: {self.summary}", self.static_html())
