"""The records that an app's three YAML files become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TRACKS = ("beginner", "intermediate", "advanced", "production")


@dataclass(frozen=True, slots=True)
class StepManifest:
    """One panel of an app.

    Attributes
    ----------
    id, title, goal : str
        `goal` is one sentence: what the learner can do after it.
    decision : str or None
        The decision whose suggestions the panel shows.
    """

    id: str
    title: str
    goal: str
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionManifest:
    """One thing that mlplayground suggests, and how a suggestion is judged.

    Attributes
    ----------
    id : str
        ``app.name``.
    question : str
        What the suggestion answers, in the learner's words.
    context : tuple of str
        Names of the numbers that describe the situation.
    reward, reward_version : str
        The rule in ``advisor.rewards`` that turns an outcome into 0..1.
    prior : mapping of str to (float, float)
        Pseudo-counts (helped, did not help) by arm; ``default`` holds for the rest.
    """

    id: str
    question: str
    context: tuple[str, ...]
    reward: str
    reward_version: str
    prior: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class StepLesson:
    """What a step says to a learner, at three levels of knowledge.

    Attributes
    ----------
    first, knows, practitioner : str
        The explanation for a first meeting, for somebody who knows the idea, and for
        somebody who works with it.
    predict : str
        A question to answer before the result appears; empty where there is none.
    """

    first: str = ""
    knows: str = ""
    practitioner: str = ""
    predict: str = ""


@dataclass(frozen=True, slots=True)
class AppManifest:
    """What an app is, without its code.

    Attributes
    ----------
    package : str
        Import name of the app; its ``steps`` module holds one ``Step`` class a step.
    notebook : str
        File name of its notebook in the curriculum.
    """

    id: str
    title: str
    summary: str
    track: str
    notebook: str
    package: str
    steps: tuple[StepManifest, ...]
    decisions: tuple[DecisionManifest, ...]
    lesson: Mapping[str, StepLesson]

    def step(self, step_id: str) -> StepManifest:
        """Return the step `step_id`; raises ``KeyError`` naming the steps there are."""
        for step in self.steps:
            if step.id == step_id:
                return step
        names = ", ".join(step.id for step in self.steps)
        raise KeyError(f"{self.title} has no step {step_id!r}; it has {names}.")
