"""What every decision must do, whoever declares it: learn, do no harm, and tell the truth."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplayground.advisor import Advisor, reads
from mlplayground.advisor.projections import SuggestionProjection
from mlplayground.advisor.rewards import RULES, reward
from mlplayground.catalog import AppManifest, Catalog, DecisionManifest
from mlplayground.database import Database
from mlplayground.journal import Journal
from mlplayground.journal.projection import catch_up, rebuild
from mlplayground.testing.learners import (
    Learner,
    Preferring,
    Trusting,
    arms_of,
    candidates_of,
    live,
    prior_mean,
)

SESSIONS = 24
LEARNERS = 3
LATE = 6
"""The sessions at the end, in which the order is judged."""

Lives = Callable[[Learner, int], "np.ndarray[Any, np.dtype[np.float64]]"]


class DecisionContract:
    """Give the fixture ``decision``; the app that declares it need not be importable."""

    @pytest.fixture
    def decision(self) -> DecisionManifest:
        raise NotImplementedError

    @pytest.fixture
    def database(self, tmp_path: Path) -> Iterator[Database]:
        database = Database(f"sqlite:///{tmp_path}/patterns.db")
        yield database
        database.dispose()

    @pytest.fixture
    def open_advisor(
        self, database: Database, decision: DecisionManifest
    ) -> Callable[..., Advisor]:
        """Opens the advisor of one session of a learner."""
        catalog, journal = _catalog(decision), Journal(database)

        def opened(session: int, user: str = "ada") -> Advisor:
            return Advisor(
                database,
                journal,
                catalog,
                user=user,
                session=f"{user}-{session}",
                random_state=1000 * session + len(user),
            )

        return opened

    @pytest.fixture
    def lives(self, open_advisor: Callable[..., Advisor], decision: DecisionManifest) -> Lives:
        """What the first place was worth to a few learners of one kind: learner by session."""

        def one(learner: Learner, sessions: int, number: int) -> list[float]:
            return live(
                lambda session: open_advisor(session, f"learner{'x' * number}"),
                decision,
                learner,
                sessions=sessions,
                random_state=number,
            )

        return lambda learner, sessions: np.array(
            [one(learner, sessions, number) for number in range(LEARNERS)]
        )

    def test_its_reward_rule_is_there_and_tells_good_from_bad(
        self, decision: DecisionManifest
    ) -> None:
        rule = RULES[decision.reward, decision.reward_version]
        best = reward(decision.reward, decision.reward_version, **rule.best)
        worst = reward(decision.reward, decision.reward_version, **rule.worst)
        assert best.reward > worst.reward

    def test_it_learns_what_a_learner_prefers(
        self, decision: DecisionManifest, lives: Lives
    ) -> None:
        worth = _against_the_prior(decision)
        _clearly_better(lives(Preferring(worth), SESSIONS), worth)

    def test_it_learns_what_the_outcomes_say(
        self, decision: DecisionManifest, lives: Lives
    ) -> None:
        worth = _against_the_prior(decision)
        _clearly_better(lives(Trusting(worth, decision), SESSIONS), worth)

    def test_where_the_prior_is_right_little_is_lost_by_looking_around(
        self, decision: DecisionManifest, lives: Lives
    ) -> None:
        worth = {arm: prior_mean(decision, arm) for arm in arms_of(decision)}
        lost = max(worth.values()) - lives(Preferring(worth), 10).mean()
        assert lost < 0.2

    def test_in_a_random_world_it_is_not_worse_than_the_static_order(
        self, decision: DecisionManifest, open_advisor: Callable[..., Advisor]
    ) -> None:
        rng = np.random.default_rng(0)
        arms, gains = arms_of(decision), []
        for session in range(SESSIONS):  # each session another liking: nothing to learn
            likes = dict(zip(arms, rng.random(len(arms)), strict=True))
            advisor = open_advisor(session)
            shown = advisor.suggest(decision.id, {}, candidates_of(arms), k=3)
            for suggestion in shown:
                Preferring(likes).judge(advisor, suggestion, rng)
            gains.append(likes[shown[0].candidate.arm] - likes[arms[0]])
        assert np.mean(gains) > -2.5 * np.std(gains, ddof=1) / math.sqrt(SESSIONS) - 1e-9

    def test_propensities_are_the_frequencies(
        self, decision: DecisionManifest, open_advisor: Callable[..., Advisor]
    ) -> None:
        live(open_advisor, decision, Preferring(_mixed(decision)), sessions=6, random_state=0)
        advisor, shown = open_advisor(99), 100
        candidates = candidates_of(arms_of(decision))
        first = [advisor.suggest(decision.id, {}, candidates, k=1)[0] for _ in range(shown)]
        counts = Counter(each.candidate.arm for each in first)
        claimed = {each.candidate.arm: each.propensity for each in first}
        assert sum(claimed.values()) <= 1.01
        for arm, chance in claimed.items():
            slack = 4 * math.sqrt(chance * (1 - chance) / shown) + 0.005
            assert abs(counts[arm] / shown - chance) < slack, arm

    def test_every_shown_place_has_a_propensity_that_can_be_divided_by(
        self,
        decision: DecisionManifest,
        database: Database,
        open_advisor: Callable[..., Advisor],
    ) -> None:
        live(open_advisor, decision, Preferring(_mixed(decision)), sessions=10, random_state=1)
        catch_up(database, SuggestionProjection())
        with database.read() as connection:
            seen = reads.observations(connection, "ada", decision.id)
        assert len(seen) >= 20
        assert all(0.001 < each.propensity <= 1 for each in seen)
        assert all(each.reward is not None for each in seen)

    def test_what_was_refused_for_a_reason_is_not_offered_again(
        self, decision: DecisionManifest, open_advisor: Callable[..., Advisor]
    ) -> None:
        candidates = candidates_of(arms_of(decision))
        first = open_advisor(0)
        refused = first.suggest(decision.id, {}, candidates, k=1)[0]
        first.decide(refused, "dismissed", "wrong_for_my_data")
        for session in range(5):
            offered = open_advisor(session).suggest(decision.id, {}, candidates, k=99)
            assert len(offered) == len(candidates) - 1
            assert refused.candidate.id not in {each.candidate.id for each in offered}

    def test_replaying_the_journal_gives_the_identical_state(
        self,
        decision: DecisionManifest,
        database: Database,
        open_advisor: Callable[..., Advisor],
    ) -> None:
        live(
            open_advisor, decision, Trusting(_mixed(decision), decision), sessions=8, random_state=2
        )

        def state() -> tuple[Any, ...]:
            catch_up(database, SuggestionProjection())
            with database.read() as connection:
                return (
                    reads.arm_statistics(connection, "ada", decision.id),
                    reads.observations(connection, "ada", decision.id),
                )

        before = state()
        rebuild(database, [SuggestionProjection()])
        assert state() == before


def _against_the_prior(decision: DecisionManifest) -> dict[str, float]:
    """The arm that the prior puts last is the one that is wanted."""
    arms = arms_of(decision)
    return {arm: 0.9 if arm == arms[-1] else 0.2 for arm in arms}


def _mixed(decision: DecisionManifest) -> dict[str, float]:
    arms = arms_of(decision)
    return {arm: 0.2 + 0.6 * place / len(arms) for place, arm in enumerate(arms)}


def _clearly_better(
    lives: np.ndarray[Any, np.dtype[np.float64]], worth: Mapping[str, float]
) -> None:
    """Better than the static order by half of what there is to gain, and not by luck.

    An order that is drawn at random would gain a third of it at most: there are three arms.
    """
    best, static = max(worth.values()), min(worth.values())
    gains = lives[:, -LATE:].mean(axis=1) - static
    error = gains.std(ddof=1) / math.sqrt(len(gains))
    assert gains.mean() > max(0.5 * (best - static), 2 * error), gains


def _catalog(decision: DecisionManifest) -> Catalog:
    app = AppManifest(
        id=decision.id.partition(".")[0],
        title="",
        summary="",
        track="beginner",
        notebook="a.ipynb",
        package="",
        steps=(),
        decisions=(decision,),
        lesson={},
    )
    return Catalog({app.id: app})
