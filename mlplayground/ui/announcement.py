"""How a kernel tells the server's recorder that it wants to be recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as t

from mlplayground.ui import assets
from mlplayground.ui.escape import plain
from mlplayground.ui.widget import Part


class Announcement(Part):
    """Opens the comm that the recorder knows, and shows the first-run notice where asked.

    The recorder reads the traits `mlplayground` (version, user, session) and
    `mlplayground_roles` (``{comm_id: "app/step/control"}``) on the wire: from the comm's
    opening on the kernel is recorded, and only widgets with a role.

    Parameters
    ----------
    mlplayground : dict
        ``{"version", "user", "session"}``.
    notice : bool
        Draw what is recorded, what never is, where it lies, and the switch.
    home : str
        Where it lies, for the notice.
    on_choice : callable(bool)
        The learner said yes or no. What it raises is drawn in the notice.
    """

    _esm = assets.module("announcement")
    _css = assets.style("base", "panel")

    mlplayground = t.Dict().tag(sync=True)
    mlplayground_roles = t.Dict().tag(sync=True)
    notice = t.Bool(False).tag(sync=True)
    home = t.Unicode().tag(sync=True)
    choice = t.Bool(None, allow_none=True).tag(sync=True)
    problem = t.Unicode().tag(sync=True)

    def __init__(
        self,
        mlplayground: dict[str, str],
        *,
        notice: bool = False,
        home: str = "",
        on_choice: Callable[[bool], None] | None = None,
    ) -> None:
        self._on_choice = on_choice
        super().__init__(mlplayground=mlplayground, notice=notice, home=plain(home))

    def heard(self, message: dict[str, Any], buffers: list[Any]) -> None:
        on = message.get("on")
        if message.get("kind") != "choice" or not isinstance(on, bool):
            return
        try:
            if self._on_choice is not None:
                self._on_choice(on)
        except Exception as error:
            self.problem = f"Your choice could not be kept: {plain(error)}"
        else:
            self.problem, self.choice = "", on
