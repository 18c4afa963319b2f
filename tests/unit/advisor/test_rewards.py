"""A reward rule is a pure function from what happened to a number from 0 to 1."""

from __future__ import annotations

import pytest

from mlplayground.advisor.projections import worth
from mlplayground.advisor.rewards import RULES, Reward, reward, rule
from mlplayground.catalog import load_catalog
from mlplayground.errors import CatalogError, InputError


def test_every_installed_decision_names_a_rule_there_is() -> None:
    for app in load_catalog().apps.values():
        for decision in app.decisions:
            assert (decision.reward, decision.reward_version) in RULES, decision.id


def test_every_rule_says_what_it_does() -> None:
    assert all(rule.function.__doc__ for rule in RULES.values())


@pytest.mark.parametrize(("name", "version"), RULES)
def test_the_examples_of_a_rule_are_its_best_and_its_worst(name: str, version: str) -> None:
    known = RULES[name, version]
    assert reward(name, version, **known.best).reward == 1.0
    assert reward(name, version, **known.worst).reward == 0.0


def test_a_second_rule_of_the_same_name_is_refused() -> None:
    with pytest.raises(CatalogError, match="two reward rules 'chosen'"):
        rule("chosen", "1", best={}, worst={})(lambda: Reward(1.0))


@pytest.mark.parametrize(
    ("before", "after", "possible", "expected"),
    [
        (50, 60, 20, 0.5),
        (50, 90, 20, 1.0),
        (50, 40, 20, 0.0),
        (50, 50, 20, 0.0),
        (50, 51, 0, 1.0),
        (50, 50, 0, 0.5),
        (50, 49, 0, 0.0),
    ],
)
def test_quality_gain(before: float, after: float, possible: float, expected: float) -> None:
    result = reward("quality_gain", "1", before=before, after=after, possible=possible)
    assert (result.reward, result.value) == (expected, after - before)


def test_chosen() -> None:
    assert reward("chosen", "1", chosen=True).reward == 1.0
    assert reward("chosen", "1", chosen=False).reward == 0.0


def test_an_unknown_rule_and_an_odd_outcome_are_refused() -> None:
    with pytest.raises(CatalogError, match="no reward rule 'chosen' of version '9'"):
        reward("chosen", "9", chosen=True)
    with pytest.raises(InputError, match="'chosen' cannot use this outcome"):
        reward("chosen", "1", before=1)


@pytest.mark.parametrize(
    ("became", "counts"),
    [
        ((None, None, None, None), (0, 0)),
        (("accepted", None, None, None), (1, 0)),
        (("accepted", None, None, 0.25), (0.25, 0.75)),
        (("dismissed", None, None, None), (0, 1)),
        (("dismissed", "not_now", None, None), (0, 0.5)),
        (("dismissed", "already_done", None, None), (0, 0)),
        (("overridden", None, None, None), (0, 1)),
        ((None, None, 1, None), (0.5, 0)),
        (("accepted", None, -1, None), (1, 0.5)),
    ],
)
def test_what_became_of_a_suggestion_as_pseudo_counts(
    became: tuple[object, ...], counts: tuple[float, float]
) -> None:
    assert worth(*became) == counts
