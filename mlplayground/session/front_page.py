"""The front door: progress, the next step and the apps, for ``home.ipynb``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlplayground.ui.home import AppRow, NextRow, home_html

if TYPE_CHECKING:
    from mlplayground.session.session import Session


class Home:
    """The front page of one session; shows the state of the moment at which it is displayed."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __repr__(self) -> str:
        return f"<mlplayground of {self._session.settings.user}>"

    def _repr_html_(self) -> str:
        return self.html()

    def html(self) -> str:
        """The page as self-contained HTML."""
        progress, step = self._session.progress(), self._session.next_step()
        apps = self._session.catalog.apps
        rows = [
            AppRow(apps[p.id].title, apps[p.id].summary, apps[p.id].notebook, p.done, p.total)
            for p in progress
        ]
        coming = None
        if step is not None:
            title = f"{apps[step.app].title}: {step.title}"
            coming = NextRow(title, step.reason, step.notebook)
        return home_html(coming, rows, self._session.settings.home)
