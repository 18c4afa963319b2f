"""Small pieces of HTML, from plain data to escaped markup.

Both the live panels and the static form are made of these, so that they say the same.
"""

from __future__ import annotations

from mlplayground.ui.escape import escape, paragraphs
from mlplayground.ui.format import seconds_left as how_long
from mlplayground.ui.views import Facts, Finding, Prose

_SIGNS = {"good": "✓", "warning": "!", "bad": "✕"}
_SAID = {"good": "Good", "warning": "Attention", "bad": "Problem", "info": "Note"}


def finding_html(view: Finding) -> str:
    """A sentence with the sign of its tone."""
    return f'<div class="mlp-finding mlp-{view.tone}">{_sign(view.tone)}{_said(view.text)}</div>'


def prose_html(view: Prose) -> str:
    """Paragraphs."""
    return f'<div class="mlp-prose">{paragraphs(view.text)}</div>'


def facts_html(view: Facts) -> str:
    """Labelled values side by side."""
    items = "".join(
        f'<div class="mlp-fact"><dt>{escape(fact.label)}</dt><dd>{escape(fact.value)}'
        + (f'<span class="mlp-detail">{escape(fact.note)}</span>' if fact.note else "")
        + "</dd></div>"
        for fact in view.rows
    )
    return f'<dl class="mlp-facts">{items}</dl>'


def notice_html(text: str, tone: str = "info") -> str:
    """A notice that screen readers read when they have time for it."""
    sign = "" if tone == "why" else _sign(tone)
    return f'<div class="mlp-notice mlp-{escape(tone)}" role="status">{sign}{_said(text)}</div>'


def error_html(text: str) -> str:
    """An error that screen readers read at once."""
    return f'<div class="mlp-notice mlp-bad" role="alert">{_sign("bad")}{_said(text)}</div>'


def progress_html(fraction: float | None, message: str, seconds_left: float | None) -> str:
    """What is being done, how far, how long still."""
    label = escape(message or "Working")
    share = "" if fraction is None else f' value="{min(1.0, max(0.0, fraction)):.3f}"'
    parts = [] if fraction is None else [f"{min(1.0, max(0.0, fraction)):.0%}"]
    if seconds_left is not None and seconds_left >= 0:
        parts.append(how_long(seconds_left))
    return (
        f'<div class="mlp-progress"><span>{label}</span>'
        f'<progress max="1"{share} aria-label="{label}"></progress>'
        f'<span class="mlp-detail">{escape(" · ".join(parts))}</span></div>'
    )


def _said(text: str) -> str:
    return f"<span>{paragraphs(text)}</span>"


def _sign(tone: str) -> str:
    sign, said = _SIGNS.get(tone, "i"), _SAID.get(tone, "Note")
    return f'<span class="mlp-sign" role="img" aria-label="{said}">{sign}</span>'
