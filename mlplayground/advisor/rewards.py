"""Rules that turn an outcome into a reward.

A rule is named, with its version, in an app's ``decisions.yaml``. The reward is computed
where the outcome is known, and travels in the event with the rule's name and version: a
rule that changes gets a new version, and the old events keep what they said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mlplayground.errors import CatalogError, InputError


@dataclass(frozen=True, slots=True)
class Reward:
    """What an outcome is worth: `reward` from 0 to 1, `value` in the decision's unit."""

    reward: float
    value: float | None = None


_Function = Callable[..., Reward]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pure function of the outcome's named numbers, with two outcomes as examples.

    Attributes
    ----------
    function : callable
    best, worst : mapping of str to float
        An outcome with a reward of 1, and one with 0. Simulated learners use them.
    """

    function: _Function
    best: Mapping[str, float]
    worst: Mapping[str, float]


RULES: dict[tuple[str, str], Rule] = {}
"""Every rule by name and version; filled by :func:`rule`."""


def rule(
    name: str, version: str, *, best: Mapping[str, float], worst: Mapping[str, float]
) -> Callable[[_Function], _Function]:
    """Register a function as a rule; raises ``CatalogError`` where there is one already."""

    def register(function: _Function) -> _Function:
        if (name, version) in RULES:
            raise CatalogError(f"There are two reward rules {name!r} of version {version!r}.")
        RULES[name, version] = Rule(function, best, worst)
        return function

    return register


def reward(name: str, version: str, **outcome: Any) -> Reward:
    """Apply a rule.

    Raises
    ------
    CatalogError
        If there is no such rule.
    InputError
        If the outcome lacks a number that the rule needs, has one that it does not know,
        or one that is not finite.
    """
    if (name, version) not in RULES:
        known = ", ".join(f"{name} {version}" for name, version in RULES)
        raise CatalogError(f"There is no reward rule {name!r} of version {version!r}; {known}.")
    for key, value in outcome.items():
        if not isinstance(value, int | float) or not math.isfinite(value):
            raise InputError(f"The outcome's {key} must be a finite number, not {value!r:.80}.")
    try:
        result = RULES[name, version].function(**outcome)
    except TypeError as error:
        raise InputError(f"The reward rule {name!r} cannot use this outcome: {error}.") from error
    return Reward(min(1.0, max(0.0, float(result.reward))), result.value)


@rule("chosen", "1", best={"chosen": True}, worst={"chosen": False})
def chosen(*, chosen: float) -> Reward:
    """1 where the learner took it, else 0."""
    return Reward(float(bool(chosen)))


@rule(
    "quality_gain",
    "1",
    best={"before": 60.0, "after": 64.0, "possible": 4.0},
    worst={"before": 60.0, "after": 60.0, "possible": 4.0},
)
def quality_gain(*, before: float, after: float, possible: float = 0.0) -> Reward:
    """Share of the points that could be gained, from quality scores of 0 to 100.

    Where no points were at stake and none were lost, the reward is a half: the learner
    wanted it, and it did no harm.
    """
    gain = after - before
    if possible > 0:
        return Reward(gain / possible, gain)
    return Reward(0.5 if gain == 0 else float(gain > 0), gain)
