"""The front page: where I am, what comes next, and the apps. Links work in every front end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlplayground.ui.escape import escape
from mlplayground.ui.static import page


@dataclass(frozen=True, slots=True)
class AppRow:
    """One app with the learner's progress; `notebook` is a link relative to the page."""

    title: str
    summary: str
    notebook: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class NextRow:
    """What comes next, why, and the notebook where it is done."""

    title: str
    reason: str
    notebook: str


def home_html(next_row: NextRow | None, apps: Sequence[AppRow], place: str) -> str:
    """The front page as self-contained HTML.

    Parameters
    ----------
    next_row : NextRow or None
        None where everything there is has been done.
    apps : sequence of AppRow
    place : str
        Where the learner's data lies.
    """
    rows = "".join(_app(app) for app in apps)
    return page(
        f'<div class="mlp-home">{_next(next_row)}<ul class="mlp-apps">{rows}</ul>'
        f'<p class="mlp-detail">Your data lies in {escape(place)}, and stays there.</p></div>'
    )


def _next(row: NextRow | None) -> str:
    if row is None:
        return '<p class="mlp-finding">You have done every step that there is so far.</p>'
    return (
        f'<p class="mlp-next"><a class="mlp-button" href="{escape(row.notebook)}">'
        f'{escape(row.title)}</a> <span class="mlp-detail">{escape(row.reason)}</span></p>'
    )


def _app(app: AppRow) -> str:
    said = f"{app.done} of {app.total} steps done"
    return (
        f'<li class="mlp-app"><a href="{escape(app.notebook)}">{escape(app.title)}</a>'
        f"<p>{escape(app.summary)}</p>"
        f'<progress max="{app.total}" value="{app.done}" aria-label="{said}"></progress>'
        f'<span class="mlp-detail">{said}</span></li>'
    )
