"""Question, pointer, answer, each after an attempt; never twice in vain, quiet in good times."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from mlplayground.coach import Coach, Hint, reads
from mlplayground.coach.coach import ANSWERS
from mlplayground.coach.facts import Facts
from mlplayground.coach.projections import ProgressProjection
from mlplayground.database import Database
from mlplayground.errors import InputError, StashError
from mlplayground.journal import Journal
from mlplayground.journal.projection import catch_up, rebuild
from mlplayground.stash import Stash

Open = Callable[..., Coach]
Happens = Callable[..., None]

GAPS: Facts = {"columns": ["secret_fare", "y"], "rows": 50, "target": "y", "target_missing": 7}
FOUR: Facts = GAPS | {
    "numeric_text_columns": {"secret_fare": "12 CHF"},
    "id_columns": {"secret_fare": 50},
    "duplicate_rows": 3,
}


def look(coach: Coach, facts: Facts = GAPS, step: str = "look") -> list[Hint]:
    return coach.observe("explorer", step, facts)


def missed(coach: Coach, column: str = "Secret_fare") -> list[Hint]:
    try:
        pd.DataFrame({"secret_fare": [1]})[column]
    except KeyError as error:
        return coach.observe(None, None, GAPS, error=error)
    raise AssertionError


def open_table(happens: Happens, dataset: str, parent: str | None = None) -> None:
    more = {} if parent is None else {"parent": parent}
    happens("dataset_added", dataset=dataset, rows=50, columns=2, bytes=9, origin="frame", **more)
    happens("project_changed", project="default", dataset=dataset, target=1)


def open_hints(database: Database) -> list[reads.OpenHint]:
    catch_up(database, ProgressProjection())
    with database.read() as connection:
        return reads.hints(connection, "ada")


def test_it_begins_with_the_question_and_climbs_with_each_attempt(coach: Coach) -> None:
    shown = [look(coach)[0] for _ in range(5)]
    assert [hint.rung for hint in shown] == [1, 2, 3, 3, 3]
    assert {hint.id for hint in shown} == {"target_with_gaps"}
    assert shown[0].text.endswith("?")
    assert "7 rows of 50 (14 %)" in shown[2].text
    assert shown[0].concept == "missing target"


def test_a_request_brings_the_next_rung(coach: Coach) -> None:
    (first,) = look(coach)
    (second,) = coach.answer(first.id, "next")
    (third,) = coach.answer(first.id, "next")
    assert [second.rung, third.rung] == [2, 3]
    assert coach.answer(first.id, "next")[0].rung == 3


@pytest.mark.parametrize("action", ["helped", "not_helpful", "dismissed"])
def test_a_hint_that_was_answered_does_not_come_back_for_this_table(
    open_coach: Open, happens: Happens, action: str
) -> None:
    open_table(happens, "titanic")
    coach = open_coach()
    assert coach.answer(look(coach)[0].id, action) == []
    assert look(coach) == []
    open_table(happens, "titanic-filled", parent="titanic")
    assert look(open_coach("s2")) == []
    open_table(happens, "penguins")
    assert [hint.rung for hint in look(open_coach("s2"))] == [1]


def test_another_session_begins_where_the_last_one_stopped(open_coach: Open) -> None:
    coach = open_coach()
    look(coach), look(coach)
    assert [hint.rung for hint in look(open_coach("s2"))] == [2]


def test_one_new_hint_at_a_time_and_two_at_once(coach: Coach) -> None:
    assert [hint.id for hint in look(coach, FOUR)] == ["target_with_gaps"]
    both = ["target_with_gaps", "numbers_as_text"]
    for _ in range(3):
        assert [hint.id for hint in look(coach, FOUR)] == both
    coach.answer("target_with_gaps", "helped")
    assert [hint.id for hint in look(coach, FOUR)] == ["numbers_as_text", "id_among_features"]


def test_a_hint_stands_in_the_panel_where_it_was_shown(coach: Coach) -> None:
    look(coach)
    assert look(coach, step="fix") == []
    assert [hint.rung for hint in look(coach)] == [2]


def test_it_is_quiet_while_the_learner_gets_on(
    coach: Coach, happens: Happens, database: Database
) -> None:
    open_table(happens, "titanic")
    assert [hint.rung for hint in look(coach, FOUR)] == [1]
    happens("recipe_applied", recipe="r", dataset="titanic", result="filled", operations=["fill"])
    open_table(happens, "filled", parent="titanic")
    assert open_hints(database) == []  # perhaps that repair was the answer
    shown = look(coach, FOUR)
    assert [(hint.id, hint.rung) for hint in shown] == [("target_with_gaps", 1)]
    assert len(look(coach, FOUR)) == 2


def test_getting_on_elsewhere_gives_a_hint_time(coach: Coach, happens: Happens) -> None:
    look(coach)
    happens("suggestion_decided", suggestion="s", decision="a.b", arm="fill", action="accepted")
    assert [hint.rung for hint in look(coach)] == [1]
    happens("suggestion_decided", suggestion="t", decision="a.b", arm="fill", action="dismissed")
    assert [hint.rung for hint in look(coach)] == [2]


def test_what_was_solved_is_gone(coach: Coach, happens: Happens, database: Database) -> None:
    open_table(happens, "titanic")
    look(coach)
    open_table(happens, "filled", parent="titanic")
    assert look(coach, {"rows": 43, "target": "y", "target_missing": 0}) == []
    assert open_hints(database) == []


def test_the_same_mistake_again_is_an_attempt(coach: Coach) -> None:
    assert [missed(coach)[0].rung for _ in range(4)] == [1, 2, 3, 3]
    assert missed(coach, "secret fare")[0].rung == 1  # another mistake: a question again


def test_another_day_the_same_mistake_begins_with_the_question(open_coach: Open) -> None:
    coach = open_coach()
    missed(coach), missed(coach)
    assert missed(open_coach("s2"))[0].rung == 1


def test_what_did_not_help_with_an_error_is_not_said_again(open_coach: Open) -> None:
    coach = open_coach()
    coach.answer(missed(coach)[0].id, "not_helpful")
    assert missed(coach) == missed(open_coach("s2")) == []
    assert missed(coach, "secret fare") != []


def test_what_helped_with_an_error_may_help_again(coach: Coach) -> None:
    coach.answer(missed(coach)[0].id, "helped")
    assert missed(coach)[0].rung == 1


def test_an_error_is_past_once_a_step_ends_well(
    coach: Coach, happens: Happens, database: Database
) -> None:
    missed(coach)
    assert [hint.hint for hint in open_hints(database)] == ["column_name_differs"]
    happens("step_finished", "explorer", "look", outcome="ok", duration_ms=3)
    assert open_hints(database) == []


def test_texts_go_into_the_stash_and_only_their_hash_into_the_journal(
    coach: Coach, journal: Journal, stash: Stash, database: Database
) -> None:
    shown = [look(coach)[0], missed(coach)[0]]
    written = json.dumps([dict(event.payload) for event in journal.read()])
    assert "secret" not in written.lower()
    assert "7" not in json.loads(written)[0].values()
    found = {hint.hint: hint for hint in open_hints(database)}
    for hint in shown:
        data = stash.get_blob(found[hint.id].blob)
        assert reads.rung_text(data, hint.rung) == hint.text
    (event,) = journal.read(kinds=["error_understood"])
    assert event.payload == {
        "error_class": "KeyError",
        "hint": "column_name_differs",
        "column": 0,
    }


def test_the_sidebar_can_ask_for_the_next_rung(
    open_coach: Open, database: Database, stash: Stash, happens: Happens
) -> None:
    look(open_coach())
    happens("hint_answered", hint="target_with_gaps", action="next", session="server")
    (hint,) = open_hints(database)
    assert (hint.rung, hint.rungs, hint.app, hint.step) == (2, 3, "explorer", "look")
    assert "are missing" not in reads.rung_text(stash.get_blob(hint.blob), 1)
    happens("hint_answered", hint="target_with_gaps", action="dismissed", session="server")
    assert open_hints(database) == []
    assert look(open_coach()) == []


def test_nothing_is_recorded_where_nothing_changes(
    open_coach: Open, journal: Journal, happens: Happens
) -> None:
    coach = open_coach()
    for _ in range(3):
        look(coach)
    last = journal.last_seq()
    for _ in range(3):
        assert look(coach)[0].rung == 3
    assert journal.last_seq() == last


def test_with_recording_off_hints_are_given_and_nothing_is_written(
    coach: Coach, journal: Journal, stash: Stash, happens: Happens
) -> None:
    happens("preference_changed", name="recording", value=False)
    last = journal.last_seq()
    assert [look(coach)[0].rung for _ in range(2)] == [1, 2]
    assert coach.answer("target_with_gaps", "next")[0].rung == 3
    assert missed(coach)[0].rung == 1
    assert coach.answer("target_with_gaps", "dismissed") == []
    assert look(coach) == []
    assert journal.last_seq() == last
    assert stash.list() == []


def test_a_full_disk_costs_the_hint_and_nothing_else(
    coach: Coach, stash: Stash, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(data: bytes) -> str:
        raise StashError("Cannot write: the disk is full.")

    monkeypatch.setattr(stash, "put_blob", full)
    assert look(coach) == []
    assert "disk is full" in caplog.text


def test_odd_answers_are_refused(coach: Coach) -> None:
    look(coach)
    with pytest.raises(InputError, match="An answer is one of next, helped"):
        coach.answer("target_with_gaps", "<b>")
    for action in ANSWERS:
        with pytest.raises(InputError, match="not open any more"):
            coach.answer("repeated_rows", action)


def test_a_text_that_was_damaged_says_so() -> None:
    for data in (b"", b"[]", b'{"rungs": []}', b"\xff"):
        with pytest.raises(StashError, match="damaged"):
            reads.rung_text(data, 1)


def test_replaying_gives_the_identical_ladders(
    open_coach: Open, happens: Happens, database: Database
) -> None:
    open_table(happens, "titanic")
    coach = open_coach()
    look(coach, FOUR), look(coach, FOUR), missed(coach), missed(coach)
    coach.answer("column_name_differs", "helped")
    open_table(happens, "filled", parent="titanic")
    look(open_coach("s2"), FOUR)

    def everything() -> list[Any]:
        catch_up(database, ProgressProjection())
        with database.read() as connection:
            return [
                tuple(row)
                for table in ProgressProjection.tables
                for row in connection.execute(table.select().order_by(*table.primary_key))
            ]

    before = everything()
    rebuild(database, [ProgressProjection()])
    assert everything() == before
    assert len(before) >= 3


def test_the_same_texts_have_the_same_name(coach: Coach, stash: Stash, database: Database) -> None:
    look(coach), look(coach)
    (hint,) = open_hints(database)
    assert hashlib.sha256(stash.get_blob(hint.blob)).hexdigest() == hint.blob
    assert len([path for path in stash.list() if path.startswith("blobs/")]) == 1
