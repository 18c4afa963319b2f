"""What one step of an app gives; everything else is :mod:`mlplayground.session.loop`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from mlplayground.errors import NotReady

if TYPE_CHECKING:
    import pandas as pd

    from mlplayground.advisor import Candidate, Suggestion
    from mlplayground.catalog import AppManifest
    from mlplayground.coach import Hint
    from mlplayground.session.session import Session
    from mlplayground.ui.controls import Control
    from mlplayground.ui.views import View


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a run of a step gave.

    Attributes
    ----------
    step : str
        Id of the step.
    values : mapping
        What the controls held.
    value : object
        The engine's result, a frozen dataclass.
    views : tuple of View
        The result drawn, as plain data.
    suggestions : tuple of Suggestion
        What the advisor proposes now, best first.
    hints : tuple of Hint
        What the coach noticed.
    source : str
        Plain Python code that does the same without mlplayground.
    seconds : float
        Time that the engine took.
    """

    step: str
    values: Mapping[str, Any]
    value: Any
    views: tuple[View, ...]
    suggestions: tuple[Suggestion, ...]
    hints: tuple[Hint, ...]
    source: str
    seconds: float


class Step(ABC):
    """One panel of an app: its inputs, its engine function, its drawing.

    A subclass sets ``id``, which ``app.yaml`` lists, and ``engine``, a pure function that
    runs where :mod:`mlplayground.compute` decides, usually in another process. All other
    methods run in the kernel, are short, and see the learner's project through ``self``.
    """

    id: ClassVar[str]
    engine: ClassVar[Callable[..., Any]]
    run_label: ClassVar[str] = "Run"
    automatic: ClassVar[bool] = False
    """Run as soon as the panel is shown and ready, without a click."""
    needs_dataset: ClassVar[bool] = True

    def __init__(self, session: Session, app: AppManifest) -> None:
        self.session = session
        self.app = app
        self.manifest = app.step(self.id)

    # What a subclass gives -----------------------------------------------------------

    @abstractmethod
    def views(self, value: Any) -> Sequence[View]:
        """Draw the engine's result as plain data: the finding first, then the picture."""

    def controls(self) -> Sequence[Control]:
        """Inputs shown above the button; their values go to :meth:`arguments`."""
        return ()

    def arguments(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Keyword arguments of the engine; raises ``NotReady`` or ``InputError``."""
        return {"frame": self.frame(), **values}

    def save(self, values: Mapping[str, Any], value: Any) -> None:
        """Keep what is worth keeping in the workspace; nothing by default."""
        return None

    def facts(self, value: Any) -> Mapping[str, Any]:
        """What the coach may know of this result (see ``mlplayground.coach.facts``)."""
        return {}

    def context(self, value: Any) -> Mapping[str, float]:
        """Numbers that describe the situation, as the step's decision declares them."""
        return {}

    def candidates(self, value: Any) -> Sequence[Candidate]:
        """What could be suggested now; only asked where the step has a decision."""
        return ()

    def apply(self, value: Any, candidate: Candidate) -> Mapping[str, Any]:
        """Do what an accepted suggestion says; returns its outcome for the reward rule."""
        return {"chosen": True}

    def said(self, candidate: Candidate, outcome: Mapping[str, Any]) -> str:
        """One sentence on what an applied suggestion did, with what was measured."""
        return f"Done: {candidate.title}."

    def source(self, values: Mapping[str, Any], value: Any) -> str:
        """Plain code that does the same; ``df`` is the table. Empty where there is none."""
        return ""

    # What a subclass may use ---------------------------------------------------------

    def frame(self) -> pd.DataFrame:
        """The project's table; raises ``NotReady`` where no dataset is chosen."""
        reason = self.not_ready()
        if reason is not None:
            raise NotReady(reason)
        return self.session.frame()

    def not_ready(self) -> str | None:
        """Why the step cannot run now, in words for the learner; None where it can."""
        if self.needs_dataset and self.session.workspace.project().dataset is None:
            return "Choose a dataset first"
        return None
