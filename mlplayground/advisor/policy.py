"""Which arm to show at which place: the protocol, and Thompson sampling.

Thompson, W. R. (1933), On the likelihood that one unknown probability exceeds another in
view of the evidence of two samples. Biometrika 25.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from mlplayground.advisor.records import ArmStatistics
from mlplayground.catalog import DecisionManifest

_Floats = npt.NDArray[np.float64]

EXPLORE = 0.02
"""Share of the draws in which every arm has the same chance."""


@dataclass(frozen=True, slots=True)
class Option:
    """A candidate, as far as a policy may see it.

    Attributes
    ----------
    arm : str
    worth : float
        Above 0: how much more there is to gain than with an option of worth 1, if it helps.
    features : mapping of str to float
    """

    arm: str
    worth: float
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Situation:
    """What a policy decides upon.

    Attributes
    ----------
    decision : DecisionManifest
    context : mapping of str to float
    options : sequence of Option
        In the step's own order, best first.
    statistics : mapping of str to ArmStatistics
        What became of earlier suggestions, by arm.
    """

    decision: DecisionManifest
    context: Mapping[str, float]
    options: Sequence[Option]
    statistics: Mapping[str, ArmStatistics]

    def prior(self, arm: str) -> tuple[float, float]:
        """Pseudo-counts (helped, did not help) before anything was seen."""
        return self.decision.prior.get(arm) or self.decision.prior["default"]

    def posterior(self, arm: str) -> tuple[float, float]:
        """The same after what was seen."""
        return self.statistics.get(arm, ArmStatistics()).posterior(self.prior(arm))


@dataclass(frozen=True, slots=True)
class Pick:
    """One place of an offer.

    Attributes
    ----------
    option : int
        Index into the situation's options.
    propensity : float
        Probability of this arm at this place, given the picks above it; never 0.
    expected, low, high : float
        Mean and 90 % interval of the reward, from 0 to 1.
    leads : bool
        Whether no other option left had a higher expected gain.
    """

    option: int
    propensity: float
    expected: float
    low: float
    high: float
    leads: bool


class Policy(Protocol):
    """Chooses what to show, place by place.

    The same situation and the same state of `rng` give the same picks. A policy keeps no
    state of its own: what it learns from comes with the situation, or is read from the
    journal's projections.
    """

    name: str
    """Name and version, which the journal keeps with every offer."""

    def choose(self, situation: Situation, k: int, rng: np.random.Generator) -> list[Pick]:
        """Pick up to `k` different options, the first place first."""


class ThompsonPolicy:
    """A Beta posterior for each arm, drawn anew for each place.

    At each place every arm stands with its first option that is left; the arm with the
    largest drawn reward times worth gets the place. Now and then (:data:`EXPLORE`) each
    arm has the same chance, so that no propensity is 0. The propensity is an integral over
    the posteriors, by Gauss and Legendre's rule, within 0.005.
    """

    name = "thompson-1"

    def choose(self, situation: Situation, k: int, rng: np.random.Generator) -> list[Pick]:
        """See :class:`Policy`."""
        waiting = _by_arm(situation.options)
        picks: list[Pick] = []
        while waiting and len(picks) < k:
            arms = list(waiting)
            beliefs = np.array([situation.posterior(arm) for arm in arms])
            worths = np.array([situation.options[waiting[arm][0]].worth for arm in arms])
            chances = chance_of_best(beliefs, worths)
            chances = (1 - EXPLORE) * chances + EXPLORE / len(arms)
            drawn = _draw(beliefs, worths, rng)
            picks.append(_pick(waiting[arms[drawn]].pop(0), drawn, beliefs, worths, chances))
            waiting = {arm: left for arm, left in waiting.items() if left}
        return picks


@cache
def _rule() -> tuple[_Floats, _Floats]:
    return np.polynomial.legendre.leggauss(64)


def chance_of_best(beliefs: _Floats, worths: _Floats) -> _Floats:
    """Probability that each arm's reward times worth is the largest.

    Parameters
    ----------
    beliefs : array of shape (n, 2)
        Parameters of independent Beta distributions.
    worths : array of shape (n,)
        Above 0.

    Returns
    -------
    array of shape (n,)
        Sums to 1.
    """
    from scipy.special import betainc, betaincinv

    if len(beliefs) == 1:
        return np.ones(1)
    places, weights = _rule()
    # Over the quantiles of each arm the integrand is bounded, whatever its shape.
    alpha, beta = beliefs[:, :1], beliefs[:, 1:]
    values = betaincinv(alpha, beta, (places + 1) / 2) * worths[:, None]
    below = betainc(
        alpha[None], beta[None], np.minimum(values[:, None, :] / worths[None, :, None], 1.0)
    )
    own = np.arange(len(beliefs))
    below[own, own] = 1.0
    chances = np.asarray(below.prod(axis=1) @ weights / 2, dtype=np.float64)
    return np.asarray(chances / chances.sum(), dtype=np.float64)


def _by_arm(options: Sequence[Option]) -> dict[str, list[int]]:
    waiting: dict[str, list[int]] = {}
    for index, option in enumerate(options):
        waiting.setdefault(option.arm, []).append(index)
    return waiting


def _draw(beliefs: _Floats, worths: _Floats, rng: np.random.Generator) -> int:
    if rng.random() < EXPLORE:
        return int(rng.integers(len(beliefs)))
    return int(np.argmax(rng.beta(beliefs[:, 0], beliefs[:, 1]) * worths))


def _pick(option: int, arm: int, beliefs: _Floats, worths: _Floats, chances: _Floats) -> Pick:
    from scipy.special import betaincinv

    alpha, beta = beliefs[arm]
    means = beliefs[:, 0] / beliefs.sum(axis=1)
    gains = means * worths
    return Pick(
        option=option,
        propensity=float(chances[arm]),
        expected=float(means[arm]),
        low=float(betaincinv(alpha, beta, 0.05)),
        high=float(betaincinv(alpha, beta, 0.95)),
        leads=bool(gains[arm] >= gains.max() - 1e-12),
    )
