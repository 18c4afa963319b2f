"""An app at work: its steps, headless or as panels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from mlplayground.catalog import AppManifest
from mlplayground.errors import CatalogError, InputError, NotReady
from mlplayground.session import loop
from mlplayground.session.step import Step, StepResult

if TYPE_CHECKING:
    import pandas as pd

    from mlplayground.advisor import Suggestion
    from mlplayground.advisor.advisor import Reason
    from mlplayground.session.panel import AppShell, CodePanel, StepPanel
    from mlplayground.session.session import Session


class App:
    """One app of one session.

    ``app.run("quality")`` runs a step and returns its result; ``app.step("quality")`` gives
    its panel for a notebook cell; the app itself, as the last line of a cell, shows all of
    its steps. Panels and code share one state: what a panel did is in :attr:`results`.

    Parameters
    ----------
    session : Session
        Whose learner works with it.
    manifest : AppManifest
        What ``app.yaml`` says; the app's ``steps`` module must have a class for each step.
    """

    def __init__(self, session: Session, manifest: AppManifest) -> None:
        self.session = session
        self.manifest = manifest
        self.results: dict[str, StepResult] = {}
        self._accepted: set[str] = set()
        self._listeners: list[Callable[[], None]] = []
        self._steps = {
            step.id: kind(session, manifest)
            for step, kind in zip(manifest.steps, _step_classes(manifest), strict=True)
        }
        session.record("app_opened", {}, app=manifest.id)

    def __repr__(self) -> str:
        steps = ", ".join(self._steps)
        return f"<{self.manifest.title}: {steps}>"

    def run(self, step_id: str, **values: Any) -> StepResult:
        """Run one step and wait for it.

        Values that are not given are those of the step's controls.

        Raises
        ------
        KeyError
            For an unknown step, naming the steps there are.
        InputError
            For a value that the step has no control for.
        NotReady, ComputeError
            As the step raises them.
        """
        step = self.find(step_id)
        result = loop.run(step, {**_defaults(step, values), **values})
        self.keep(result)
        return result

    def accept(self, suggestion: Suggestion) -> Mapping[str, Any]:
        """Accept a suggestion of the latest results; returns its measured outcome.

        Raises
        ------
        InputError
            If no result of this app shows that suggestion, or it is applied already.
        """
        if suggestion.id in self._accepted:
            raise InputError("That suggestion is applied already. Run the step for the next ones.")
        for step_id, result in self.results.items():
            if any(shown.id == suggestion.id for shown in result.suggestions):
                outcome = loop.accept(self.find(step_id), result.value, suggestion)
                self._accepted.add(suggestion.id)
                return outcome
        raise InputError(
            "That suggestion does not come from the latest result of a step of this app. "
            "Run the step again and take one of its suggestions."
        )

    def dismiss(self, suggestion: Suggestion, reason: Reason | None = None) -> None:
        """Say no to a suggestion; with a reason it is not offered again for it."""
        self.session.advisor.decide(suggestion, "dismissed", reason)

    def undo(self) -> None:
        """Go back to the table before the last accepted repair."""
        self.session.undo()

    @property
    def frame(self) -> pd.DataFrame:
        """A copy of the project's table; raises ``NotReady`` where there is none."""
        return self.session.frame().copy()

    @property
    def ready(self) -> bool:
        """Whether a table is chosen, so that :attr:`frame` has something to give."""
        return self.session.dataset() is not None

    def step(self, step_id: str) -> StepPanel:
        """The step's panel; displayed alone in a cell, or inside the app's shell."""
        self.find(step_id)
        return self.panels[step_id]

    @cached_property
    def panels(self) -> dict[str, StepPanel]:
        """All panels by step, made when first asked for."""
        from mlplayground.session.panel import StepPanel

        return {step_id: StepPanel(self, step) for step_id, step in self._steps.items()}

    @cached_property
    def shell(self) -> AppShell:
        """The app with all of its steps, as one widget."""
        from mlplayground.session.panel import AppShell

        return AppShell(self)

    @cached_property
    def code(self) -> CodePanel:
        """:meth:`show_code` as a panel that follows what is done."""
        from mlplayground.session.panel import CodePanel

        return CodePanel(self)

    def keep(self, result: StepResult) -> None:
        """Take a step's newest result, and tell who shows it elsewhere."""
        self.results[result.step] = result
        for listener in list(self._listeners):
            listener()

    def on_result(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever a step of this app has a new result."""
        self._listeners.append(listener)

    def show_code(self) -> str:
        """Plain Python that does what was done so far, without mlplayground."""
        from mlplayground.session.code import project_code

        return project_code(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.shell.mimebundle(**kwargs)

    def find(self, step_id: str) -> Step:
        """The step object; raises ``KeyError`` naming the steps there are."""
        self.manifest.step(step_id)
        return self._steps[step_id]


def _step_classes(manifest: AppManifest) -> list[type[Step]]:
    module = import_module(f"{manifest.package}.steps")
    known = {
        value.id: value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Step) and "id" in value.__dict__
    }
    missing = [step.id for step in manifest.steps if step.id not in known]
    if missing:
        raise CatalogError(
            f"{module.__name__} has no Step class with the id {', '.join(missing)}, "
            "which app.yaml lists."
        )
    return [known[step.id] for step in manifest.steps]


def _defaults(step: Step, given: Mapping[str, Any]) -> dict[str, Any]:
    try:
        controls = step.controls()
    except NotReady:
        return {}
    defaults = {control.name: control.value for control in controls}
    unknown = sorted(given.keys() - defaults.keys())
    if unknown:
        raise InputError(
            f"The step {step.id!r} takes {', '.join(defaults) or 'no values'}, "
            f"not {', '.join(unknown)}."
        )
    return defaults
