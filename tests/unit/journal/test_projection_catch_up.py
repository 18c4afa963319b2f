"""Projections are caught up by whoever reads, each event exactly once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, insert, select, update

from mlplayground.database import Database, cursors
from mlplayground.errors import DatabaseError
from mlplayground.journal import Event, Journal, new_event, preferences
from mlplayground.journal.projection import Projection, catch_up, installed, rebuild

# No key: an event that is applied twice is there twice.
_table = Table(
    "seen", MetaData(), Column("user", String(128), nullable=False), Column("seq", Integer)
)


class Seen(Projection):
    """One row an event."""

    name = "seen"
    version = 1
    tables = (_table,)
    kinds = frozenset({"app_opened"})

    def apply(self, connection: Connection, event: Event) -> None:
        if event.app == "broken":
            raise ZeroDivisionError
        connection.execute(insert(_table).values(user=event.user, seq=event.seq))


class Newer(Seen):
    version = 2


def opened(app: str | None = None) -> Event:
    return new_event("app_opened", {}, user="ada", session="s", app=app)


def seen(database: Database) -> list[int]:
    with database.read() as connection:
        return list(connection.scalars(select(_table.c.seq)))


def test_reading_what_is_caught_up_takes_no_lock(database: Database, journal: Journal) -> None:
    journal.append(opened())
    catch_up(database, Seen())
    other = Database(database.url, timeout=0.1)
    other.upgrade()
    with database.transaction():
        catch_up(other, Seen())
    other.dispose()


def test_what_is_of_no_interest_is_passed_by(database: Database, journal: Journal) -> None:
    for _ in range(3):
        journal.append(new_event("hint_answered", {"hint": "h", "action": "helped"},
                                 user="ada", session="s"))  # fmt: skip
        journal.append(opened())
        catch_up(database, Seen())
    assert seen(database) == [2, 4, 6]


def test_an_error_in_apply_leaves_tables_and_cursor_as_they_were(
    database: Database, journal: Journal
) -> None:
    journal.append(opened())
    catch_up(database, Seen())
    journal.append(opened(), opened("broken"))
    with pytest.raises(ZeroDivisionError):
        catch_up(database, Seen())
    assert seen(database) == [1]


def test_a_new_version_replays_and_an_old_one_keeps_its_hands_off(
    database: Database, journal: Journal
) -> None:
    journal.append(opened(), opened())
    catch_up(database, Seen())
    catch_up(database, Newer())
    assert seen(database) == [1, 2]
    with pytest.raises(DatabaseError, match=r"newer version of mlplayground\. Restart this kernel"):
        catch_up(database, Seen())
    rebuild(database, [Seen()])
    assert seen(database) == [1, 2]
    with database.read() as connection:
        assert connection.scalar(select(cursors.c.version)) == 1


def test_more_events_than_one_page(database: Database, journal: Journal) -> None:
    journal.append(*(opened() for _ in range(2345)))
    catch_up(database, Seen())
    assert seen(database) == list(range(1, 2346))


CATCHER = """
import sys
sys.path.insert(0, sys.argv[2])
from mlplayground.database import Database
from mlplayground.journal.projection import catch_up
from test_projection_catch_up import Seen
database = Database(sys.argv[1], timeout=60)
print("ready", flush=True)
for line in sys.stdin:
    catch_up(database, Seen())
"""


def test_processes_that_catch_up_at_once_apply_each_event_once(
    database: Database, journal: Journal
) -> None:
    database.upgrade()
    command = [sys.executable, "-c", CATCHER, database.url, str(Path(__file__).parent)]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for _ in range(20):
        journal.append(*(opened() for _ in range(5)))
        for process in running:
            assert process.stdin is not None
            process.stdin.write("now\n")
            process.stdin.flush()
        catch_up(database, Seen())
    for process in running:
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert sorted(seen(database)) == list(range(1, 101))


def test_preferences_are_the_last_value(database: Database, journal: Journal) -> None:
    def prefer(name: str, value: preferences.Value, user: str = "ada") -> None:
        payload = {"name": name, "value": value}
        journal.append(new_event("preference_changed", payload, user=user, session="s"))

    assert preferences.get(database, "ada", "recording", True) is True
    prefer("recording", False)
    prefer("zoom", 1.5)
    prefer("recording", None, user="grace")
    assert preferences.get(database, "ada", "recording", True) is False
    assert preferences.get(database, "grace", "recording", True) is None
    prefer("recording", True)
    assert preferences.everything(database, "ada") == {"recording": True, "zoom": 1.5}


def test_our_own_projections_are_installed() -> None:
    assert {"preferences", "workspace", "suggestions", "progress"} <= {
        projection.name for projection in installed()
    }


def test_somebody_elses_broken_projection_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "theirs-1.dist-info").mkdir()
    (tmp_path / "theirs-1.dist-info" / "METADATA").write_text("Name: theirs\nVersion: 1\n")
    (tmp_path / "theirs-1.dist-info" / "entry_points.txt").write_text(
        "[mlplayground.projections]\ntheirs = nowhere.to_be:Found\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert "theirs" not in {projection.name for projection in installed()}
    assert "The projection theirs is left out" in caplog.text


def test_a_cursor_beyond_the_end_replays(database: Database, journal: Journal) -> None:
    journal.append(opened())
    catch_up(database, Seen())
    with database.transaction() as connection:
        connection.execute(update(cursors).values(seq=99))
    journal.append(opened())
    catch_up(database, Seen())
    assert seen(database) == [1, 2]
