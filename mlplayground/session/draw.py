"""What advisor and coach say, as the plain data that ``ui`` draws."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mlplayground.coach.reads import STAGES
from mlplayground.ui.views import CardView, HintView, Prose

if TYPE_CHECKING:
    from mlplayground.advisor import Suggestion
    from mlplayground.coach import Hint
    from mlplayground.session.app import App


def explanation(app: App, step_id: str) -> tuple[Prose, ...]:
    """What the lesson says about a step, in the words for the learner's stage."""
    lesson = app.manifest.lesson.get(step_id)
    if lesson is None:
        return ()
    levels = dict(zip(STAGES, (lesson.first, lesson.knows, lesson.practitioner), strict=True))
    text = levels[app.session.stage()]
    return (Prose(text),) if text else ()


def card_views(suggestions: Iterable[Suggestion]) -> tuple[CardView, ...]:
    """One card a suggestion, in the order in which they were drawn."""
    return tuple(
        CardView(
            id=suggestion.id,
            title=suggestion.candidate.title,
            expected=suggestion.expected,
            interval=suggestion.interval,
            unit=suggestion.candidate.unit,
            reason=suggestion.reason,
            evidence=suggestion.evidence,
            place=suggestion.place,
        )
        for suggestion in suggestions
    )


def hint_views(hints: Iterable[Hint]) -> tuple[HintView, ...]:
    """One note a hint, at the rung that it has reached."""
    return tuple(
        HintView(id=hint.id, text=hint.text, rung=hint.rung, rungs=hint.rungs) for hint in hints
    )
