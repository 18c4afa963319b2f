"""Rolling up makes the journal small, and changes nothing that anybody can see."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete

from mlplayground.database import Database, cursors, events
from mlplayground.journal import Event, Journal, new_event
from mlplayground.journal.compact import compact
from mlplayground.journal.schema import schemas
from mlplayground.journal.wire import COMPACTED, WIRE_KINDS, expand
from mlplayground.testing.events import make_events

NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


def viewed(day: int, seconds: float, session: str = "s", app: str | None = "one") -> Event:
    payload = {"panel": "data_explorer/load", "seconds": seconds}
    event = new_event("panel_viewed", payload, user="ada", session=session, app=app)
    return replace(event, time=f"2026-01-{day:02}T10:00:{int(seconds):02}.000Z")


def moved(first: Any, last: Any, count: int) -> Event:
    payload = {"role": "a/b/c", "trait": "value", "count": count, "duration_ms": 10}
    payload |= {"first": first, "last": last} if first is not None else {}
    event = new_event("widget_changed", payload, user="ada", session="s", app="a", step="b")
    return replace(event, time=f"2026-01-01T11:00:0{count}.000Z")


def test_explicit_acts_stay_as_they_are(database: Database, journal: Journal) -> None:
    given = make_events(set(schemas()) - {COMPACTED, "preference_changed"}, 300)
    journal.append(*given)
    compact(database, NEW_YEAR)
    left = journal.read()
    explicit = [event for event in left if event.kind != COMPACTED]
    assert [replace(event, seq=None) for event in explicit] == [
        event for event in given if event.kind not in WIRE_KINDS
    ]
    assert explicit == sorted(explicit, key=lambda event: event.seq or 0)


def test_a_session_and_day_become_one_event(database: Database, journal: Journal) -> None:
    journal.append(viewed(1, 0.1), viewed(1, 0.2), viewed(2, 5), viewed(1, 7, session="t"))
    assert compact(database, NEW_YEAR) == 1
    found = journal.read()
    assert [(event.seq, event.session, event.payload["day"]) for event in found] == [
        (2, "s", "2026-01-01"),
        (3, "s", "2026-01-02"),
        (4, "t", "2026-01-01"),
    ]
    assert found[0].payload["views"] == [
        {
            "panel": "data_explorer/load",
            "seconds": 0.3,
            "count": 2,
            "app": "one",
            "time": "2026-01-01T10:00:00.000Z",
        }
    ]
    assert compact(database, NEW_YEAR) == 0
    assert journal.read() == found


def test_what_is_not_old_stays(database: Database, journal: Journal) -> None:
    journal.append(viewed(1, 1), viewed(1, 2), viewed(2, 3), viewed(2, 4))
    compact(database, datetime(2026, 1, 2, 23, tzinfo=UTC))
    assert [event.kind for event in journal.read()] == [COMPACTED, "panel_viewed", "panel_viewed"]


def test_a_control_keeps_its_first_and_last_value(database: Database, journal: Journal) -> None:
    journal.append(moved(0.5, 1, 2), moved(1, True, 3), moved(2, 4.5, 4))
    compact(database, NEW_YEAR)
    (whole,) = journal.read()
    (part,) = expand(whole)
    assert part.kind == "widget_changed"
    assert (part.app, part.step, part.time) == ("a", "b", "2026-01-01T11:00:04.000Z")
    assert part.payload == {
        "role": "a/b/c", "trait": "value", "count": 9, "duration_ms": 30, "first": 0.5, "last": 4.5,
    }  # fmt: skip


def test_users_are_kept_apart(database: Database, journal: Journal) -> None:
    journal.append(*make_events(WIRE_KINDS, 100))
    compact(database, NEW_YEAR)
    for event in journal.read():
        assert event.session.startswith(event.user)


def test_events_add_up_to_the_same(database: Database, journal: Journal) -> None:
    given = make_events(WIRE_KINDS, 400)
    journal.append(*given)
    compact(database, NEW_YEAR)
    left = [part for event in journal.read() for part in expand(event)]
    assert len(left) < len(given)
    assert _sums(left) == _sums(given)


def test_a_projection_that_is_not_installed_replays_when_it_is_back(
    database: Database, journal: Journal
) -> None:
    journal.append(viewed(1, 1), viewed(1, 2))
    with database.transaction() as connection:
        connection.execute(cursors.insert().values(name="elsewhere", version=1, seq=1))
    compact(database, NEW_YEAR)
    with database.transaction() as connection:
        assert (
            connection.execute(delete(cursors).where(cursors.c.name == "elsewhere")).rowcount == 0
        )


def test_places_are_never_used_twice(database: Database, journal: Journal) -> None:
    journal.append(viewed(1, 1), viewed(1, 2))
    with database.transaction() as connection:
        connection.execute(delete(events))
    assert journal.append(viewed(1, 3)) == 3


def _sums(given: list[Event]) -> dict[tuple[str, ...], tuple[int, int, str]]:
    sums: dict[tuple[str, ...], tuple[int, int, str]] = {}
    for event in given:
        payload = event.payload
        about = payload.get("panel") or payload.get("cell") or payload.get("role")
        key = (event.kind, event.user, event.session, str(event.app), str(event.step), about)
        times, spent, latest = sums.get(key, (0, 0, ""))
        spent += payload.get("duration_ms", round(payload.get("seconds", 0) * 1000))
        sums[key] = (times + payload.get("count", 1), spent, max(latest, event.time))
    return sums
