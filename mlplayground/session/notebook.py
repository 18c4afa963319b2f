"""A session inside a notebook's kernel: announcement, first-run notice, cell errors."""

from __future__ import annotations

import atexit
import logging
from typing import TYPE_CHECKING, Any

from mlplayground import __version__
from mlplayground.journal import preferences

if TYPE_CHECKING:
    from mlplayground.session.session import Session

_log = logging.getLogger(__name__)


def join_notebook(session: Session, shell: Any) -> None:
    """Announce the kernel, show the notice where it is due, and listen to cell errors."""
    from mlplayground.ui import Announcement

    notice = not preferences.get(
        session.database, session.settings.user, "recording_decided", False
    )
    announcement = Announcement(
        mlplayground={
            "version": __version__,
            "user": session.settings.user,
            "session": session.id,
        },
        notice=notice,
        home=session.settings.home,
        on_choice=lambda on: choose_recording(session, on),
    )
    session.announcement = announcement
    if notice:
        _show(announcement)
    shell.events.register("post_run_cell", _CellErrors(session))
    atexit.register(session.close)


def choose_recording(session: Session, on: bool) -> None:
    """Keep the learner's choice; it holds for all of their kernels at once."""
    session.record("preference_changed", {"name": "recording", "value": on})
    session.record("preference_changed", {"name": "recording_decided", "value": True})


def _show(thing: Any) -> None:
    from IPython import display

    show: Any = display.display
    show(thing)


class _CellErrors:
    """Understands the exception of a cell and shows what the coach has to say."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, result: Any) -> None:
        error = result.error_in_exec
        if error is None or isinstance(error, KeyboardInterrupt | SystemExit):
            return
        try:
            self._help(error)
        except Exception:
            # An observer must never add a second error to the learner's first.
            _log.warning("The cell's error could not be looked at", exc_info=True)

    def _help(self, error: BaseException) -> None:
        from IPython import display

        from mlplayground.session.draw import hint_views
        from mlplayground.ui.static import hints_to_html

        with self._session.lock:
            hints = self._session.coach.observe(None, None, self._session.facts, error=error)
        if hints:
            html: Any = display.HTML
            _show(html(hints_to_html(hint_views(hints))))
