"""Candidates, suggestions, and what is known of an arm, as plain records."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that could be suggested.

    Attributes
    ----------
    id : str
        Tells the candidate from the others of its offer, and finds it again in the next
        one. Stays in this process.
    arm : str
        The kind of thing that it is, which is what is learned about. No name or value of
        the learner's: it goes into the journal.
    title : str
        What it does, verb first.
    payload : object
        What the step needs to do it.
    column : int or None
        Position of the column that it is about.
    expected : float or None
        What the step itself computed that it would gain, in `unit`. Candidates of one
        offer share the unit.
    interval : (float, float) or None
        Between what limits the gain probably lies.
    unit : str
    reason, evidence : str
        Why it is a candidate, in the learner's own numbers, and what that rests on.
    features : mapping of str to float
        Numbers that a contextual policy may use.
    """

    id: str
    arm: str
    title: str
    payload: Any = None
    column: int | None = None
    expected: float | None = None
    interval: tuple[float, float] | None = None
    unit: str = ""
    reason: str = ""
    evidence: str = ""
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A candidate that is shown, with what is known of it.

    Attributes
    ----------
    id, offer : str
        Of this suggestion, and of the offer that it is part of.
    decision : str
    expected, interval
        The gain to expect in the candidate's unit and its limits: as the step computed
        them, else from what such suggestions gained before; None where nobody knows.
    reason, evidence : str
    propensity : float
        Probability with which the candidate's arm was drawn for this place, given what
        stands above it.
    place : int
        From 0.
    """

    id: str
    offer: str
    decision: str
    candidate: Candidate
    expected: float | None
    interval: tuple[float, float] | None
    reason: str
    evidence: str
    propensity: float
    place: int


@dataclass(frozen=True, slots=True)
class ArmStatistics:
    """What became of one user's suggestions of one arm.

    Attributes
    ----------
    successes, failures : float
        Pseudo-counts for a Beta posterior (see ``projections.worth``).
    accepted, dismissed, overridden : int
    measured, helped : int
        Outcomes measured, and those with a reward of at least a half.
    values : int
        Outcomes that came with a number in the decision's unit.
    mean, spread : float
        Mean and standard deviation of those numbers; 0 where there are too few.
    """

    successes: float = 0.0
    failures: float = 0.0
    accepted: int = 0
    dismissed: int = 0
    overridden: int = 0
    measured: int = 0
    helped: int = 0
    values: int = 0
    mean: float = 0.0
    spread: float = 0.0

    @property
    def decided(self) -> int:
        """How many suggestions the learner took or refused."""
        return self.accepted + self.dismissed + self.overridden

    def posterior(self, prior: tuple[float, float]) -> tuple[float, float]:
        """Parameters of the Beta distribution of the arm's reward."""
        return prior[0] + self.successes, prior[1] + self.failures

    def gain(self) -> tuple[float, tuple[float, float]] | None:
        """Mean of what was gained and its 90 % limits; None for fewer than three."""
        if self.values < 3:
            return None
        half = _student(self.values - 1) * self.spread / math.sqrt(self.values)
        return self.mean, (self.mean - half, self.mean + half)


@dataclass(frozen=True, slots=True)
class Observation:
    """One suggestion as it was shown and what it earned, for off-policy evaluation.

    Attributes
    ----------
    context : mapping of str to float
    arm, policy : str
    place : int
    propensity : float
    reward : float or None
        0 to 1; None where the learner did neither take nor refuse it.
    """

    context: Mapping[str, float]
    arm: str
    policy: str
    place: int
    propensity: float
    reward: float | None


def _student(freedom: int) -> float:
    # 95 % quantile of Student's t by its expansion around the normal one, within 1.5 % from 2 on.
    z = 1.6449
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
