"""Propensities are what they say, and order follows belief and worth."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from mlplayground.advisor.policy import EXPLORE, Option, Situation, ThompsonPolicy, chance_of_best
from mlplayground.advisor.records import ArmStatistics
from mlplayground.catalog import DecisionManifest


def situation(
    options: list[tuple[str, float]], statistics: dict[str, ArmStatistics] | None = None
) -> Situation:
    decision = DecisionManifest("a.b", "?", (), "chosen", "1", {"default": (1.0, 1.0)})
    return Situation(
        decision, {}, [Option(arm, worth, {}) for arm, worth in options], statistics or {}
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_integral_agrees_with_drawing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    beliefs = np.exp(rng.normal(0.5, 1.2, (6, 2)))
    worths = np.exp(rng.normal(0, 0.7, 6))
    drawn = np.argmax(rng.beta(*beliefs.T, (100_000, 6)) * worths, axis=1)
    frequencies = np.bincount(drawn, minlength=6) / 100_000
    assert chance_of_best(beliefs, worths) == pytest.approx(frequencies, abs=0.008)


def test_propensities_at_every_place_are_the_frequencies_given_those_above() -> None:
    known = {"b": ArmStatistics(successes=6, failures=2), "c": ArmStatistics(failures=3)}
    where = situation([("a", 1.0), ("b", 0.8), ("c", 2.0), ("b", 0.5)], known)
    rng, policy, n = np.random.default_rng(1), ThompsonPolicy(), 1200
    counts: Counter[tuple[str, ...]] = Counter()
    above: Counter[tuple[str, ...]] = Counter()
    claimed: dict[tuple[str, ...], float] = {}
    for _ in range(n):
        order: tuple[str, ...] = ()
        for pick in policy.choose(where, 3, rng):
            above[order] += 1
            order = (*order, where.options[pick.option].arm)
            counts[order] += 1
            claimed[order] = pick.propensity
    for order, count in counts.items():
        trials = above[order[:-1]]
        error = 4 * np.sqrt(claimed[order] * (1 - claimed[order]) / trials) + 0.005
        assert abs(count / trials - claimed[order]) < error, order


def test_no_option_twice_and_all_of_them_if_asked() -> None:
    where = situation([("a", 1.0), ("a", 1.0), ("b", 1.0)])
    picks = ThompsonPolicy().choose(where, 10, np.random.default_rng(0))
    assert sorted(pick.option for pick in picks) == [0, 1, 2]


def test_options_of_one_arm_keep_the_step_s_order() -> None:
    where = situation([("a", 1.0), ("b", 1.0), ("a", 1.0), ("a", 1.0)])
    for seed in range(20):
        picks = ThompsonPolicy().choose(where, 4, np.random.default_rng(seed))
        assert [p.option for p in picks if p.option != 1] == [0, 2, 3]


def test_what_helped_comes_first_and_nothing_is_ever_out_of_the_question() -> None:
    known = {"good": ArmStatistics(successes=30), "bad": ArmStatistics(failures=300)}
    where = situation([("bad", 1.0), ("good", 1.0)], known)
    first = [ThompsonPolicy().choose(where, 1, np.random.default_rng(s))[0] for s in range(50)]
    assert sum(where.options[pick.option].arm == "good" for pick in first) >= 45
    rare = [p.propensity for p in first if where.options[p.option].arm == "bad"]
    least = min([p.propensity for p in first] + [1 - p.propensity for p in first] + rare)
    assert least == pytest.approx(EXPLORE / 2, abs=0.001)


def test_what_is_worth_more_comes_first_where_belief_is_equal() -> None:
    where = situation([("a", 0.1), ("b", 10.0)])
    first = [ThompsonPolicy().choose(where, 1, np.random.default_rng(s))[0] for s in range(50)]
    assert sum(pick.option == 1 for pick in first) >= 45


def test_the_interval_narrows_with_what_is_known() -> None:
    def width(statistics: dict[str, ArmStatistics]) -> float:
        pick = ThompsonPolicy().choose(
            situation([("a", 1.0)], statistics), 1, np.random.default_rng(0)
        )[0]
        assert pick.low < pick.expected < pick.high
        return pick.high - pick.low

    assert width({}) > 0.8
    assert width({"a": ArmStatistics(successes=70, failures=30)}) < 0.16
