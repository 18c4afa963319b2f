"""The front page: where I am, what comes next, and the apps. Links work in every front end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlplayground.ui.escape import escape

_STYLE = (
    "<style>"
    ".mlp-home{font-family:var(--jp-ui-font-family,system-ui,sans-serif);max-width:720px;"
    "color:var(--jp-ui-font-color1,#212121);font-size:13px;line-height:1.5}"
    ".mlp-home .mlp-apps{display:grid;gap:16px;margin:16px 0;"
    "grid-template-columns:repeat(auto-fill,minmax(280px,1fr))}"
    ".mlp-home .mlp-app{border:1px solid var(--jp-border-color2,#bdbdbd);border-radius:4px;"
    "padding:16px}"
    ".mlp-home .mlp-app a{font-weight:600;color:var(--jp-content-link-color,#0b57d0)}"
    ".mlp-home p{margin:8px 0}.mlp-home small{font-size:13px;"
    "color:var(--jp-ui-font-color2,#616161)}"
    ".mlp-home .mlp-next a{display:inline-block;padding:8px 16px;border-radius:4px;"
    "margin-right:8px;text-decoration:none;font-weight:600;"
    "background:var(--jp-brand-color1,#1976d2);color:var(--jp-ui-inverse-font-color1,#fff)}"
    "</style>"
)


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
    return (
        f'<div class="mlp-home">{_STYLE}{_next(next_row)}'
        f'<div role="list" class="mlp-apps">{rows}</div>'
        f"<p><small>Your data lies in {escape(place)}, and stays there.</small></p></div>"
    )


def _next(row: NextRow | None) -> str:
    if row is None:
        return "<p>You have done every step that there is so far.</p>"
    return (
        f'<p class="mlp-next"><a href="{escape(row.notebook)}">Continue with '
        f"{escape(row.title)}</a> <small>{escape(row.reason)}</small></p>"
    )


def _app(app: AppRow) -> str:
    said = f"{app.done} of {app.total} steps done"
    return (
        '<div role="listitem" class="mlp-app">'
        f'<a href="{escape(app.notebook)}">{escape(app.title)}</a>'
        f"<p>{escape(app.summary)}</p>"
        f'<progress max="{app.total}" value="{app.done}" aria-label="{said}"></progress> '
        f"<small>{said}</small></div>"
    )
