"""Suggestions learn from what became of them, and claim no more than that."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from mlplayground.advisor import Advisor, Candidate, Suggestion, reads
from mlplayground.advisor.projections import SuggestionProjection, items, offers
from mlplayground.database import Database
from mlplayground.errors import CatalogError, InputError
from mlplayground.journal import Journal, new_event
from mlplayground.journal.projection import catch_up, rebuild

Open = Callable[..., Advisor]

CANDIDATES = [
    Candidate("good/0", "good", "Fill", column=0, reason="3 are missing."),
    Candidate("plain/1", "plain", "Drop", column=1),
    Candidate("plain/2", "plain", "Drop", column=2),
]


def fixes(
    advisor: Advisor, k: int = 3, candidates: list[Candidate] = CANDIDATES
) -> list[Suggestion]:
    return advisor.suggest("shop.fix", {"rows": 3.0}, candidates, k, app="shop", step="look")


def by_id(suggestions: list[Suggestion], candidate: str) -> Suggestion:
    return next(each for each in suggestions if each.candidate.id == candidate)


def use_dataset(
    journal: Journal, dataset: str, parent: str | None = None, columns: int = 3
) -> None:
    added = {"dataset": dataset, "rows": 9, "columns": columns, "bytes": 9, "origin": "frame"}
    if parent is not None:
        added["parent"] = parent
    chosen = {"project": "default", "dataset": dataset, "target": None}
    journal.append(
        new_event("dataset_added", added, user="ada", session="w"),
        new_event("project_changed", chosen, user="ada", session="w"),
    )


def test_an_offer_is_recorded_as_it_is_shown(advisor: Advisor, journal: Journal) -> None:
    shown = fixes(advisor)
    (event,) = journal.read(kinds=["suggestion_shown"])
    assert (event.app, event.step, event.user) == ("shop", "look", "ada")
    assert event.payload["context"] == {"rows": 3.0}
    recorded = event.payload["items"]
    assert [item["suggestion"] for item in recorded] == [each.id for each in shown]
    assert [item["place"] for item in recorded] == [0, 1, 2] == [each.place for each in shown]
    for item, each in zip(recorded, shown, strict=True):
        assert item["arm"] == each.candidate.arm
        assert item["column"] == each.candidate.column
        assert 0 < item["propensity"] == each.propensity <= 1
        assert item["low"] < item["expected"] < item["high"]


def test_candidates_ids_titles_and_reasons_stay_out_of_the_journal(
    advisor: Advisor, journal: Journal
) -> None:
    secret = Candidate("secret/0", "good", "secret title", payload="secret", reason="secret")
    shown = fixes(advisor, candidates=[secret])
    advisor.decide(shown[0], "dismissed", "other")
    advisor.measure(shown[0], before=1, after=2)
    assert "secret" not in json.dumps([dict(event.payload) for event in journal.read()])


def test_an_act_is_committed_when_its_method_returns(advisor: Advisor, database: Database) -> None:
    shown = fixes(advisor)
    for act, kind in [
        (lambda: advisor.decide(shown[0], "accepted"), "suggestion_decided"),
        (lambda: advisor.rate(shown[0], 1), "suggestion_rated"),
        (lambda: advisor.measure(shown[0], before=50, after=60), "outcome_measured"),
    ]:
        act()
        other = Database(database.url)  # another process would see just this
        assert Journal(other).read(kinds=[kind])[-1].payload["suggestion"] == shown[0].id
        other.dispose()


def test_what_is_taken_moves_up_and_what_is_refused_moves_down(open_advisor: Open) -> None:
    for seed in range(25):
        session = open_advisor(seed=seed)
        shown = fixes(session)
        session.decide(by_id(shown, "plain/1"), "accepted")
        session.measure(by_id(shown, "plain/1"), before=50, after=60, possible=10)
        session.decide(by_id(shown, "good/0"), "dismissed")
    first = [fixes(open_advisor(seed=100 + seed))[0].candidate.arm for seed in range(20)]
    assert first.count("plain") >= 17


def test_the_evidence_counts_what_happened(open_advisor: Open) -> None:
    def evidence() -> str:
        return by_id(fixes(open_advisor()), "good/0").evidence

    assert evidence() == ""
    for seed, (action, after) in enumerate(
        [("accepted", 54), ("accepted", 55), ("accepted", 56), ("dismissed", 0)]
    ):
        session = open_advisor(seed=seed)
        suggestion = by_id(fixes(session), "good/0")
        session.decide(suggestion, action)
        if action == "accepted":
            session.measure(suggestion, before=50, after=after, possible=5)
    assert evidence() == (
        "You applied 3 of 4 of these. It helped in 3 of 3 cases that were measured."
    )
    with_unit = [replace(CANDIDATES[0], unit="points", evidence="On this table.")]
    (card,) = fixes(open_advisor(), candidates=with_unit)
    assert card.expected == pytest.approx(5)
    assert card.interval == pytest.approx((5 - 1.68, 5 + 1.68), abs=0.03)  # t, 2 degrees
    assert card.evidence == (
        "On this table. You applied 3 of 4 of these. It helped in 3 of 3 cases that were "
        "measured, by +5 points on average (90 %: +3.33 to +6.67)."
    )


def test_a_gain_that_the_step_computed_is_shown_as_it_is(advisor: Advisor) -> None:
    own = Candidate("x", "good", "Fill", expected=2.5, interval=(2.0, 3.0), unit="points")
    (card,) = fixes(advisor, candidates=[own])
    assert (card.expected, card.interval) == (2.5, (2.0, 3.0))


def test_nothing_is_claimed_where_nothing_is_known(advisor: Advisor) -> None:
    (card,) = fixes(advisor, candidates=[Candidate("x", "new", "Try", unit="points")])
    assert (card.expected, card.interval) == (None, None)


def test_a_try_into_the_unknown_is_called_one(open_advisor: Open) -> None:
    for seed in range(20):
        shown = fixes(open_advisor(seed=seed), k=1)
        tried = "here to find out" in shown[0].reason
        assert tried == (shown[0].candidate.arm != "good")  # 4 to 1 leads against 1 to 1


def test_seldom_is_still_sometimes(open_advisor: Open) -> None:
    for seed in range(8):
        session = open_advisor(seed=seed)
        session.decide(by_id(fixes(session), "plain/1"), "dismissed")
    assert all(each.propensity > 0.005 for each in fixes(open_advisor(seed=99)))


@pytest.mark.parametrize("reason", [None, "not_now", "do_not_understand"])
def test_refused_for_now_comes_back_in_the_next_session(
    open_advisor: Open, reason: str | None
) -> None:
    session = open_advisor()
    session.decide(by_id(fixes(session), "plain/1"), "dismissed", reason)
    assert {each.candidate.id for each in fixes(session)} == {"good/0", "plain/2"}
    assert len(fixes(open_advisor(seed=1))) == 3


@pytest.mark.parametrize("reason", reads.LASTING)
def test_refused_for_a_reason_does_not_come_back_on_this_table(
    open_advisor: Open, journal: Journal, reason: str
) -> None:
    use_dataset(journal, "titanic")
    session = open_advisor()
    session.decide(by_id(fixes(session), "plain/1"), "dismissed", reason)

    def offered() -> set[str]:
        return {each.candidate.id for each in fixes(open_advisor(seed=1))}

    assert offered() == {"good/0", "plain/2"}
    use_dataset(journal, "titanic-filled", parent="titanic")
    assert offered() == {"good/0", "plain/2"}
    use_dataset(journal, "titanic-narrow", parent="titanic-filled", columns=2)
    assert offered() == {"good/0", "plain/1", "plain/2"}  # column 1 may be another one now
    use_dataset(journal, "penguins")
    assert offered() == {"good/0", "plain/1", "plain/2"}


def test_a_refusal_holds_for_its_own_decision_and_user_only(open_advisor: Open) -> None:
    session = open_advisor()
    session.decide(by_id(fixes(session), "plain/1"), "dismissed", "other")
    assert len(session.suggest("shop.look", {}, CANDIDATES)) == 3
    assert len(fixes(open_advisor(user="bob"))) == 3


def test_nothing_left_to_offer_is_no_offer(open_advisor: Open, journal: Journal) -> None:
    session = open_advisor()
    for each in fixes(session):
        session.decide(each, "dismissed", "other")
    last = journal.last_seq()
    assert fixes(session) == fixes(open_advisor(seed=1)) == []
    assert fixes(session, candidates=[]) == []
    assert journal.last_seq() == last


def test_with_recording_off_it_suggests_from_the_prior_and_writes_nothing(
    open_advisor: Open, journal: Journal
) -> None:
    for seed in range(15):
        session = open_advisor(seed=seed)
        session.decide(by_id(fixes(session), "good/0"), "dismissed")
    off = {"name": "recording", "value": False}
    journal.append(new_event("preference_changed", off, user="ada", session="s"))
    last = journal.last_seq()
    session = open_advisor(seed=1)
    shown = fixes(session)
    assert by_id(shown, "good/0").evidence == ""
    session.decide(by_id(shown, "plain/1"), "dismissed")
    session.rate(shown[0], 1)
    session.measure(shown[0], before=1, after=2)
    assert {each.candidate.id for each in fixes(session)} == {"good/0", "plain/2"}
    assert journal.last_seq() == last


def test_acts_on_what_was_shown_while_recording_was_off_still_count(
    open_advisor: Open, journal: Journal, database: Database
) -> None:
    switch = [
        new_event("preference_changed", {"name": "recording", "value": on}, user="ada", session="s")
        for on in (False, True)
    ]
    session = open_advisor()
    journal.append(switch[0])
    shown = fixes(session)
    journal.append(switch[1])
    session.decide(by_id(shown, "good/0"), "accepted")
    catch_up(database, SuggestionProjection())
    with database.read() as connection:
        assert reads.arm_statistics(connection, "ada", "shop.fix")["good"].accepted == 1


def test_a_number_that_is_none_is_left_out_of_the_context(
    advisor: Advisor, journal: Journal
) -> None:
    advisor.suggest("shop.fix", {"rows": float("nan"), "quality": 0.5}, CANDIDATES)
    assert journal.read(kinds=["suggestion_shown"])[0].payload["context"] == {"quality": 0.5}


def test_what_does_not_fit_is_refused(advisor: Advisor, journal: Journal) -> None:
    with pytest.raises(CatalogError, match=r"declares the decision 'shop\.nothing'"):
        advisor.suggest("shop.nothing", {}, CANDIDATES)
    with pytest.raises(InputError, match=r"declares rows, quality, not salary"):
        advisor.suggest("shop.fix", {"salary": 1.0}, CANDIDATES)
    with pytest.raises(InputError, match="share an id"):
        fixes(advisor, candidates=[CANDIDATES[0], CANDIDATES[0]])
    shown = fixes(advisor)[0]
    last = journal.last_seq()
    for act in (
        lambda: advisor.decide(shown, "liked"),
        lambda: advisor.decide(shown, "accepted", "other"),
        lambda: advisor.decide(shown, "dismissed", "<b>"),
        lambda: advisor.rate(shown, 5),
        lambda: advisor.measure(shown, before=1),
        lambda: advisor.measure(shown, before=1, after=2, colour=3),
        lambda: advisor.measure(shown, before=1, after=float("nan")),
        lambda: advisor.measure(shown, before=1, after="2"),
    ):
        with pytest.raises(InputError):
            act()
    assert journal.last_seq() == last


def test_threads_share_an_advisor(advisor: Advisor, journal: Journal) -> None:
    def work(_: int) -> None:
        for suggestion in fixes(advisor):
            advisor.decide(suggestion, "accepted")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(12)))
    assert len(journal.read(kinds=["suggestion_shown"])) == 12
    assert len(journal.read(kinds=["suggestion_decided"])) == 36


def test_replaying_gives_the_identical_tables(
    open_advisor: Open, journal: Journal, database: Database
) -> None:
    use_dataset(journal, "titanic")
    for seed, action in enumerate(["accepted", "dismissed", "overridden"] * 3):
        session = open_advisor(seed=seed)
        shown = fixes(session)
        session.decide(shown[0], action)
        session.measure(shown[1], before=0.1, after=0.1 + seed / 3, possible=seed / 7)
        session.rate(shown[2], 1 if seed % 2 else -1)

    def everything() -> list[tuple[object, ...]]:
        with database.read() as connection:
            return [
                tuple(row)
                for table in (offers, items)
                for row in connection.execute(table.select().order_by(*table.primary_key))
            ]

    catch_up(database, SuggestionProjection())
    before = everything()
    rebuild(database, [SuggestionProjection()])
    assert everything() == before
    assert len(before) == 9 + 27


def test_reading_along_needs_no_numbers_library() -> None:
    code = (
        "import mlplayground.advisor.reads, mlplayground.advisor.projections, sys\n"
        "print(sorted({'pandas', 'numpy', 'scipy', 'sklearn'} & sys.modules.keys()))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
