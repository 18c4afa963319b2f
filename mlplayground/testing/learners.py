"""Simulated learners, with a preference or a truth that is known because it was planted.

A learner meets the advisor as people do: session after session, one offer each, judging
every suggestion from the top. What they would like is a probability for each arm, so it is
known how good each order would have been.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from mlplayground.advisor import Advisor, Candidate, Suggestion
from mlplayground.advisor.rewards import RULES
from mlplayground.catalog import DecisionManifest


class Learner(Protocol):
    """Somebody who judges suggestions.

    Attributes
    ----------
    worth : mapping of str to float
        Expected reward of each arm to this learner, from 0 to 1.
    """

    @property
    def worth(self) -> Mapping[str, float]: ...

    def judge(self, advisor: Advisor, suggestion: Suggestion, rng: np.random.Generator) -> None:
        """Take or refuse a suggestion, and report what came of it."""


@dataclass(frozen=True)
class Preferring:
    """Takes a suggestion with a probability that depends on its arm; nothing is measured.

    With one probability for all arms this is the random world, in which nothing can be
    learned.
    """

    worth: Mapping[str, float]

    def judge(self, advisor: Advisor, suggestion: Suggestion, rng: np.random.Generator) -> None:
        """See :class:`Learner`."""
        taken = rng.random() < self.worth[suggestion.candidate.arm]
        advisor.decide(suggestion, "accepted" if taken else "dismissed")


@dataclass(frozen=True)
class Trusting:
    """Takes everything; only the measured outcome tells what it was worth (planted truth)."""

    worth: Mapping[str, float]
    decision: DecisionManifest

    def judge(self, advisor: Advisor, suggestion: Suggestion, rng: np.random.Generator) -> None:
        """See :class:`Learner`."""
        rule = RULES[self.decision.reward, self.decision.reward_version]
        advisor.decide(suggestion, "accepted")
        helped = rng.random() < self.worth[suggestion.candidate.arm]
        advisor.measure(suggestion, **(rule.best if helped else rule.worst))


def arms_of(decision: DecisionManifest, least: int = 3) -> list[str]:
    """The arms that a decision declares, and others until there are `least`.

    In the static order: the highest prior mean first.
    """
    named = [arm for arm in decision.prior if arm != "default"]
    others = [f"other_{number}" for number in range(max(0, least - len(named)))]
    return sorted([*named, *others], key=lambda arm: -prior_mean(decision, arm))


def prior_mean(decision: DecisionManifest, arm: str) -> float:
    """What the declared prior expects of an arm."""
    good, bad = decision.prior.get(arm) or decision.prior["default"]
    return good / (good + bad)


def candidates_of(arms: Sequence[str]) -> list[Candidate]:
    """One candidate an arm."""
    return [Candidate(id=f"{arm}/0", arm=arm, title=arm) for arm in arms]


def live(
    open_advisor: Callable[[int], Advisor],
    decision: DecisionManifest,
    learner: Learner,
    *,
    sessions: int,
    random_state: int,
) -> list[float]:
    """Let a learner work through sessions, one offer in each.

    Parameters
    ----------
    open_advisor : callable
        Opens an advisor for the session of that number, with nothing remembered but what
        was recorded.
    decision : DecisionManifest
    learner : Learner
    sessions : int
    random_state : int

    Returns
    -------
    list of float
        What the first place was worth to the learner, session by session.
    """
    rng = np.random.default_rng(random_state)
    candidates = candidates_of(arms_of(decision))
    worth = []
    for session in range(sessions):
        advisor = open_advisor(session)
        shown = advisor.suggest(decision.id, {}, candidates, k=3)
        worth.append(learner.worth[shown[0].candidate.arm])
        for suggestion in shown:
            learner.judge(advisor, suggestion, rng)
    return worth
