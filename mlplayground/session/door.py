"""The door: one session a process, announced to the server's recorder."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from mlplayground.session.front_page import Home
from mlplayground.session.session import Session

if TYPE_CHECKING:
    from mlplayground.session.app import App

_current: Session | None = None


def start() -> Session:
    """Begin to work: bind this process's session, or return the one there is.

    In a notebook the kernel announces itself, so that its cells and widgets are recorded
    from here on (unless recording is off), and the first time ever a notice says what is
    kept, where, and how to switch it off.

    Raises
    ------
    StashError, DatabaseError
        Where the learner's files or database cannot be used.
    """
    global _current
    if _current is None:
        shell = _kernel_shell()
        session = Session(frontend=_frontend(shell))
        if shell is not None:
            from mlplayground.session.notebook import join_notebook

            join_notebook(session, shell)
            session.compute.warm_up()
        _current = session
    return _current


def open_app(app_id: str) -> App:
    """Open an app by its id, for instance ``"data_explorer"``.

    Raises
    ------
    CatalogError
        Naming the apps there are.
    """
    return start().open(app_id)


def home() -> Home:
    """The front page: what was done, what comes next, and the apps."""
    return Home(start())


def _kernel_shell() -> Any:
    """The IPython shell of a kernel; None in a script or a terminal."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell if hasattr(shell, "kernel") else None


def _frontend(shell: Any) -> str:
    if shell is None:
        return "script"
    return "voila" if any(name.startswith("VOILA_") for name in os.environ) else "jupyter"
