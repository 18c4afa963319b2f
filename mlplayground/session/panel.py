"""A step as a panel: the loop driven by clicks instead of by calls."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mlplayground.errors import JobCancelled, MLPlaygroundError, NotReady
from mlplayground.session import loop
from mlplayground.session.code import project_code, step_code
from mlplayground.session.draw import card_views, explanation, hint_views
from mlplayground.ui import Panel, Shell

if TYPE_CHECKING:
    from mlplayground.advisor import Suggestion
    from mlplayground.compute import Job, Progress
    from mlplayground.session.app import App
    from mlplayground.session.step import Step, StepResult

_FIRST_RESULT_SECONDS = 5.0


class StepPanel:
    """Joins one step to its widget.

    Clicks arrive on the kernel's main thread or on a subshell's, results on the job's own
    thread; the session's lock keeps them apart.
    """

    def __init__(self, app: App, step: Step) -> None:
        self.app = app
        self.step = step
        self._job: Job[Any] | None = None
        self._settled = threading.Event()
        self._acting = False
        self._said = ""
        self.panel = Panel(
            name=f"{app.manifest.id}/{step.id}",
            title=step.manifest.title,
            goal=step.manifest.goal,
            run_label=step.run_label,
            on_run=self._run,
            on_cancel=self._cancel,
            on_card=self._card,
            on_hint=self._hint,
            on_seen=self._seen,
            on_undo=self._undo if step.manifest.decision else None,
        )
        self._prepare()
        app.session.on_change(self._project_changed)

    def mimebundle(self, **kwargs: Any) -> Any:
        """The widget with its static form, after the first automatic result."""
        self.ensure()
        self._settled.wait(_FIRST_RESULT_SECONDS)
        return self.panel._repr_mimebundle_(**kwargs)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.mimebundle(**kwargs)

    def ensure(self) -> None:
        """Begin an automatic step that has no result yet."""
        if self.step.automatic and self._job is None and self.step.not_ready() is None:
            self._run(self.panel.values())
        elif self._job is None:
            self._settled.set()

    # Acts of the learner -------------------------------------------------------------

    def _run(self, values: dict[str, Any]) -> None:
        attempt = loop.Attempt(self.step, values)
        self._settled.clear()
        try:
            with self._own_act():
                # First forgotten, then cancelled: what is replaced has nothing to say any more.
                old, self._job = self._job, None
                if old is not None:
                    old.cancel()
                job = self._job = attempt.begin()
        except Exception as error:
            self._failed(attempt, error)
            return
        self.panel.show_progress(None, "Working", None)
        job.on_progress(self._progress)
        job.on_done(lambda done: self._done(attempt, done))

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _card(self, card_id: str, action: str, reason: Any = None) -> None:
        result = self.app.results.get(self.step.id)
        suggestion = _find(result, card_id)
        if suggestion is None or result is None:
            self.panel.show_notice("That suggestion belongs to an earlier result.", "warning")
            return
        advisor = self.app.session.advisor
        if action == "accepted":
            self.panel.show_progress(None, suggestion.candidate.title)
            threading.Thread(target=self._carry_out, args=(result, suggestion), daemon=True).start()
        elif action == "dismissed":
            advisor.decide(suggestion, "dismissed", reason)
        else:
            advisor.rate(suggestion, 1 if action == "helpful" else -1)

    def _carry_out(self, result: StepResult, suggestion: Suggestion) -> None:
        try:
            with self._own_act():
                outcome = loop.accept(self.step, result.value, suggestion)
            self._said = self.step.said(suggestion.candidate, outcome)
        except Exception as error:
            self.panel.clear_progress()
            self.panel.show_cards(())  # the card is open again: nothing was accepted
            self.panel.show_cards(card_views(result.suggestions))
            self.panel.show_error(_sentence(error))
            return
        self._run(self.panel.values())

    def _hint(self, hint_id: str, action: str) -> None:
        session = self.app.session
        with session.lock:
            shown = session.coach.answer(hint_id, action)
        self.panel.show_hints(hint_views(shown))

    def _seen(self, seconds: float) -> None:
        self.app.session.record(
            "panel_viewed",
            {"panel": self.panel.name, "seconds": round(seconds, 1)},
            app=self.app.manifest.id,
            step=self.step.id,
        )

    def _undo(self) -> None:
        try:
            self.app.session.undo()
        except NotReady as reason:
            self.panel.show_notice(str(reason), "info")

    # What comes back from the job ----------------------------------------------------

    def _progress(self, progress: Progress) -> None:
        self.panel.show_progress(progress.fraction, progress.message, progress.seconds_left)

    def _done(self, attempt: loop.Attempt, job: Job[Any]) -> None:
        try:
            with self._own_act():
                if job is not self._job:
                    return  # a newer run replaced this one
                result = attempt.complete(job.result())
        except Exception as error:
            self._failed(attempt, error)
            return
        self._draw(result)
        self.app.keep(result)
        self._settled.set()

    def _draw(self, result: StepResult) -> None:
        self.panel.clear_progress()
        self.panel.show_views((*result.views, *explanation(self.app, result.step)))
        self.panel.show_cards(card_views(result.suggestions))
        self.panel.show_hints(hint_views(result.hints))
        self.panel.show_code(step_code(self.app, result))
        if self._said:
            self.panel.show_notice(self._said, "good")
            self._said = ""
        self._announce()

    def _failed(self, attempt: loop.Attempt, error: Exception) -> None:
        hints = attempt.fail(error)
        self.panel.clear_progress()
        if isinstance(error, JobCancelled):
            self.panel.show_notice("Cancelled. Nothing was changed.", "info")
        elif isinstance(error, NotReady):
            self.panel.set_ready(str(error))
        else:
            self.panel.show_error(_sentence(error))
        self.panel.show_hints(hint_views(hints))
        self._settled.set()

    @contextmanager
    def _own_act(self) -> Iterator[None]:
        """While this panel itself changes the project, it need not hear of it."""
        with self.app.session.lock:
            self._acting = True
            try:
                yield
            finally:
                self._acting = False

    def _project_changed(self) -> None:
        self._prepare()
        if self._acting:
            return
        if self.step.automatic and self.step.not_ready() is None:
            self._run(self.panel.values())

    def _prepare(self) -> None:
        reason = self.step.not_ready()
        self.panel.set_ready(reason)
        if reason is None:
            self.panel.set_controls(self.step.controls())
        elif self.app.results.pop(self.step.id, None) is not None:
            self.panel.show_views(())
            self.panel.show_cards(())
            self.panel.show_code("")
        self._announce()

    def _announce(self) -> None:
        self.app.session.announce(self.panel.roles())


class CodePanel:
    """All that was done so far as plain code; follows what the other panels do."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.panel = Panel(
            name=f"{app.manifest.id}/code",
            title="As code",
            goal="Read what was done to your table in plain Python, and run it anywhere.",
        )
        app.session.on_change(self._refresh)
        app.on_result(self._refresh)
        self._refresh()

    def mimebundle(self, **kwargs: Any) -> Any:
        """The widget with its static form."""
        return self.panel._repr_mimebundle_(**kwargs)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.mimebundle(**kwargs)

    def _refresh(self) -> None:
        source = project_code(self._app)
        self.panel.show_code(source)
        self.panel.set_ready(None if source else "Nothing was done yet. Load a table first")


class AppShell:
    """The app with all of its steps."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.shell = Shell(
            title=app.manifest.title,
            summary=app.manifest.summary,
            panels=[panel.panel for panel in app.panels.values()],
        )
        for name in _done(app):
            self.shell.mark_done(name)

    def mimebundle(self, **kwargs: Any) -> Any:
        """The widget with its static form."""
        for panel in self._app.panels.values():
            panel.ensure()
        return self.shell._repr_mimebundle_(**kwargs)


def _done(app: App) -> list[str]:
    """The panels whose steps were finished, in whatever session."""
    progress = next(each for each in app.session.progress() if each.id == app.manifest.id)
    return [app.panels[step.id].panel.name for step in progress.steps if step.done]


def _find(result: StepResult | None, suggestion_id: str) -> Suggestion | None:
    shown = result.suggestions if result is not None else ()
    return next((item for item in shown if item.id == suggestion_id), None)


def _sentence(error: Exception) -> str:
    if isinstance(error, MLPlaygroundError):
        return str(error)
    return f"{type(error).__name__}: {error}"
