"""What the coach says, as plain records."""

from __future__ import annotations

from dataclasses import dataclass

RUNGS = 3
"""A question, a pointer, the answer."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint at the rung that it has reached.

    Attributes
    ----------
    id : str
    text : str
        Plain text with the learner's own numbers and names; whoever shows it escapes it.
    rung, rungs : int
        `rung` from 1.
    concept : str
        What it teaches.
    """

    id: str
    text: str
    rung: int
    rungs: int = RUNGS
    concept: str = ""


@dataclass(frozen=True, slots=True)
class OpenHint:
    """A hint that waits for the learner, as the journal knows it.

    Attributes
    ----------
    hint : str
    rung, rungs : int
    blob : str
        SHA-256 of its texts in the stash; see :func:`mlplayground.coach.reads.rung_text`.
    app, step : str or None
        Where it was shown; None for one about a cell.
    time : str
        When its rung was shown; ISO 8601, UTC.
    """

    hint: str
    rung: int
    rungs: int
    blob: str
    app: str | None
    step: str | None
    time: str


@dataclass(frozen=True, slots=True)
class StepProgress:
    """Whether a step was ever finished."""

    id: str
    done: bool


@dataclass(frozen=True, slots=True)
class AppProgress:
    """How far the learner is in one app."""

    id: str
    done: int
    total: int
    steps: tuple[StepProgress, ...]


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do next, and why.

    Attributes
    ----------
    app, step : str
    title : str
        The step's.
    reason : str
        One sentence for the learner.
    notebook : str
        File name of the app's notebook.
    """

    app: str
    step: str
    title: str
    reason: str
    notebook: str
