"""What is appended is there, once, in order; what must not be kept is not."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

import pytest

from mlplayground.database import Database
from mlplayground.errors import EventError, StashPathError
from mlplayground.journal import Event, Journal, new_event
from mlplayground.journal.ids import uuid7


def opened(user: str = "ada", **envelope: Any) -> Event:
    return new_event("app_opened", {}, user=user, session="s1", app="data_explorer", **envelope)


def run(user: str = "ada") -> Event:
    payload = {"project": "p", "dataset": "d", "target": None}
    return new_event("project_changed", payload, user=user, session="s1")


def recording(on: bool, user: str = "ada") -> Event:
    return new_event(
        "preference_changed", {"name": "recording", "value": on}, user=user, session="s1"
    )


def test_events_come_back_as_they_were(journal: Journal) -> None:
    first, second = opened(step="load"), run()
    assert journal.append(first, second) == 2
    assert journal.read() == [replace(first, seq=1), replace(second, seq=2)]
    assert journal.last_seq() == 2


def test_an_event_appended_twice_is_there_once(journal: Journal) -> None:
    first, second = opened(), opened()
    journal.append(first)
    journal.append(first, second, second)
    journal.append(second)
    assert [event.id for event in journal.read()] == [first.id, second.id]


def test_all_or_none(journal: Journal) -> None:
    wrong = replace(opened(), payload={"secret": "text"})
    with pytest.raises(EventError, match="secret"):
        journal.append(opened(), wrong)
    assert journal.read() == []


def test_appending_nothing_says_where_the_journal_ends(journal: Journal) -> None:
    assert journal.append() == 0
    journal.append(opened())
    assert journal.append() == 1


def test_reading_picks_user_kinds_place_and_number(journal: Journal) -> None:
    journal.append(opened("ada"), run("ada"), opened("grace"), run("grace"), run("ada"))
    assert [event.seq for event in journal.read(2)] == [3, 4, 5]
    assert [event.seq for event in journal.read(user="ada")] == [1, 2, 5]
    assert [event.seq for event in journal.read(kinds=["app_opened"])] == [1, 3]
    assert [event.seq for event in journal.read(1, user="ada", kinds=["project_changed"])] == [2, 5]
    assert [event.seq for event in journal.read(limit=2)] == [1, 2]
    assert journal.read(kinds=[]) == []


def test_recording_off_keeps_work_and_drops_feedback(journal: Journal) -> None:
    journal.append(opened())
    journal.append(recording(False))
    assert not journal.recording("ada")
    assert journal.recording("grace")
    journal.append(opened(), run(), opened("grace"))
    journal.append(recording(True))
    journal.append(opened())
    kept = [(event.kind, event.user) for event in journal.read()]
    assert kept == [
        ("app_opened", "ada"),
        ("preference_changed", "ada"),
        ("project_changed", "ada"),
        ("app_opened", "grace"),
        ("preference_changed", "ada"),
        ("app_opened", "ada"),
    ]


def test_the_switch_counts_from_its_place_in_a_batch(journal: Journal) -> None:
    journal.append(opened(), recording(False), opened(), recording(True), opened())
    kinds = [event.kind for event in journal.read()]
    assert kinds == ["app_opened", "preference_changed", "preference_changed", "app_opened"]


def test_another_process_that_switched_off_is_heard_at_once(url: str, journal: Journal) -> None:
    journal.append(opened())
    other = Database(url)
    Journal(other).append(recording(False))
    other.dispose()
    journal.append(opened())
    assert [event.kind for event in journal.read()] == ["app_opened", "preference_changed"]


def test_do_not_track_keeps_no_feedback_even_when_recording_is_on(database: Database) -> None:
    journal = Journal(database, tracking_allowed=False)
    journal.append(recording(True))
    journal.append(opened(), run())
    assert [event.kind for event in journal.read()] == ["preference_changed", "project_changed"]
    assert not journal.recording("ada")


@pytest.mark.parametrize(
    ("kind", "payload", "named"),
    [
        ("never_heard_of", {}, "Kinds: app_opened"),
        ("app_opened", {"note": "x"}, "note"),
        ("preference_changed", {"name": "recording"}, "value"),
        ("preference_changed", {"name": "recording", "value": "yes"}, "value"),
        ("preference_changed", {"name": "free text!", "value": True}, "name"),
        ("preference_changed", {"name": "x", "value": math.nan}, "JSON"),
        ("preference_changed", {"name": "x", "value": math.inf}, "JSON"),
        ("suggestion_rated", {"suggestion": "s", "decision": "d", "arm": "a", "rating": 0},
         "rating"),
        ("error_understood", {"error_class": "ValueError: my salary is 3"}, "error_class"),
        ("widget_changed", {"role": "a/b", "trait": "value", "count": 1, "duration_ms": 0,
                            "last": "Anna"}, "last"),
        ("preference_changed", {"name": "zoom\n", "value": True}, "name"),
        ("suggestion_shown", {"offer": "o", "decision": "d", "policy": "p", "items": [],
                              "context": {"col <b>": 1.0}}, "context"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_name(
    kind: str, payload: dict[str, Any], named: str
) -> None:
    with pytest.raises(EventError, match=named):
        new_event(kind, payload, user="ada", session="s1")


def test_an_envelope_is_checked_too(journal: Journal) -> None:
    for field, value in [
        ("session", "my session"),
        ("session", ""),
        ("app", "a/b"),
        ("step", "x" * 129),
        ("id", "1"),
        ("time", "2026-01-01 00:00"),
        ("version", "0"),
    ]:
        with pytest.raises(EventError, match=field):
            journal.append(replace(opened(), **{field: value}))
    with pytest.raises(StashPathError, match="user name"):
        journal.append(replace(opened(), user="../grace"))
    assert journal.read() == []


def test_ids_and_times_are_in_the_form_that_everybody_reads() -> None:
    events = [opened() for _ in range(200)]
    assert len({event.id for event in events}) == 200
    for event in events:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event.time)
        assert re.fullmatch(
            r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-.{12}", event.id
        )


def test_ids_sort_by_time(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = [1_700_000_000_000, 1_700_000_000_001, 1_800_000_000_000]
    made = []
    for moment in moments:
        monkeypatch.setattr("time.time_ns", lambda moment=moment: moment * 1_000_000)
        made.append(uuid7())
    assert made == sorted(made)
    assert [int(each.replace("-", "")[:12], 16) for each in made] == moments
