"""The loop of every step, written once: ask, run, save, append, suggest.

``run`` is the loop for scripts. A panel starts the same loop with ``begin`` and ends it
with ``complete`` or ``fail`` from the job's own thread, so that the kernel stays free.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mlplayground.errors import JobCancelled, NotReady
from mlplayground.session.step import Step, StepResult

if TYPE_CHECKING:
    from mlplayground.advisor import Suggestion
    from mlplayground.coach import Hint
    from mlplayground.compute import Job


class Attempt:
    """One run of a step, from its inputs to its outcome in the journal."""

    def __init__(self, step: Step, values: Mapping[str, Any]) -> None:
        self.step = step
        self.values = dict(values)
        self._started = time.perf_counter()

    def begin(self) -> Job[Any]:
        """Hand the engine to compute; raises ``NotReady`` or ``InputError`` before that."""
        reason = self.step.not_ready()
        if reason is not None:
            raise NotReady(reason)
        arguments = self.step.arguments(self.values)
        return self.step.session.compute.submit(type(self.step).engine, **arguments)

    def complete(self, value: Any) -> StepResult:
        """Save, append, observe and suggest; returns what there is to show."""
        step, session = self.step, self.step.session
        with session.lock:
            seconds = time.perf_counter() - self._started
            step.save(self.values, value)
            session.facts.update(step.facts(value))
            self._record("ok", seconds)
            return StepResult(
                step=step.id,
                values=self.values,
                value=value,
                views=tuple(step.views(value)),
                suggestions=self._suggest(value),
                hints=self._observe(),
                source=step.source(self.values, value),
                seconds=seconds,
            )

    def fail(self, error: BaseException) -> tuple[Hint, ...]:
        """Append the failure and return what the coach has to say about it."""
        with self.step.session.lock:
            outcome = "cancelled" if isinstance(error, JobCancelled) else "error"
            self._record(outcome, time.perf_counter() - self._started, type(error).__name__)
            return self._observe(error) if outcome == "error" else ()

    def _suggest(self, value: Any) -> tuple[Suggestion, ...]:
        step = self.step
        if step.manifest.decision is None:
            return ()
        candidates = step.candidates(value)
        if not candidates:
            return ()
        suggestions = step.session.advisor.suggest(
            step.manifest.decision,
            step.context(value),
            candidates,
            app=step.app.id,
            step=step.id,
        )
        return tuple(suggestions)

    def _observe(self, error: BaseException | None = None) -> tuple[Hint, ...]:
        session = self.step.session
        return tuple(
            session.coach.observe(self.step.app.id, self.step.id, session.facts, error=error)
        )

    def _record(self, outcome: str, seconds: float, error_class: str | None = None) -> None:
        payload: dict[str, Any] = {"outcome": outcome, "duration_ms": round(seconds * 1000)}
        if error_class is not None:
            payload["error_class"] = error_class
        self.step.session.record("step_finished", payload, app=self.step.app.id, step=self.step.id)


def run(step: Step, values: Mapping[str, Any]) -> StepResult:
    """Run the whole loop of `step` and wait for its result.

    Raises
    ------
    NotReady, InputError, ComputeError
        As the step, its engine and compute raise them; the failure is in the journal.
    """
    attempt = Attempt(step, values)
    try:
        value = attempt.begin().result()
    except BaseException as error:
        attempt.fail(error)
        raise
    return attempt.complete(value)


def accept(step: Step, value: Any, suggestion: Suggestion) -> Mapping[str, Any]:
    """Accept a suggestion: do what it says, commit the act, measure what it was worth.

    What fails is not recorded as accepted: nothing is to be learned from a full disk.

    Returns
    -------
    mapping
        The outcome that the step measured.
    """
    with step.session.lock:
        outcome = step.apply(value, suggestion.candidate)
        step.session.advisor.decide(suggestion, "accepted")
        step.session.advisor.measure(suggestion, **outcome)
        return outcome
