"""What every database under the journal must do."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import insert, select, text

from mlplayground.database import Database, cursors
from mlplayground.errors import DatabaseError
from mlplayground.journal import Journal, new_event

_APPENDER = """
import sys
from mlplayground.database import Database
from mlplayground.journal import Journal, new_event
journal = Journal(Database(sys.argv[1], timeout=60))
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    payload = {"outcome": "ok", "duration_ms": number}
    journal.append(new_event("step_finished", payload, user=sys.argv[2], session="s"))
"""


class DatabaseContract:
    """Give the fixture ``url``: the address of an empty database."""

    @pytest.fixture
    def url(self) -> str:
        raise NotImplementedError

    @pytest.fixture
    def database(self, url: str) -> Iterator[Database]:
        database = Database(url, timeout=30)
        yield database
        database.dispose()

    def test_what_is_committed_is_there_for_another(self, database: Database, url: str) -> None:
        with database.transaction() as connection:
            connection.execute(insert(cursors).values(name="a", version=1, seq=0))
        other = Database(url)
        with other.read() as connection:
            assert connection.scalars(select(cursors.c.name)).all() == ["a"]
        other.dispose()

    @pytest.mark.parametrize("durable", [True, False])
    def test_an_error_takes_back_the_transaction(self, database: Database, durable: bool) -> None:
        row = insert(cursors).values(name="a", version=1, seq=0)
        with pytest.raises(KeyError), database.transaction(durable=durable) as connection:
            raise KeyError(connection.execute(row))
        with database.read() as connection:
            assert connection.scalars(select(cursors.c.name)).all() == []

    def test_reading_cannot_write(self, database: Database) -> None:
        with pytest.raises(DatabaseError, match="read-only"), database.read() as connection:
            connection.execute(insert(cursors).values(name="a", version=1, seq=0))
        with database.transaction() as connection:
            connection.execute(insert(cursors).values(name="a", version=1, seq=0))

    def test_a_reader_sees_one_state(self, database: Database) -> None:
        with database.read() as reader:
            assert reader.scalars(select(cursors.c.name)).all() == []
            if database.journal_mode != "delete":  # there a reader keeps writers waiting
                with database.transaction() as writer:
                    writer.execute(insert(cursors).values(name="a", version=1, seq=0))
            assert reader.scalars(select(cursors.c.name)).all() == []

    def test_a_second_writer_waits_and_then_says_that_it_is_locked(
        self, database: Database, url: str
    ) -> None:
        other = Database(url, timeout=0.2)
        other.upgrade()
        with database.transaction() as connection:
            with pytest.raises(DatabaseError, match="locked by another"), other.transaction():
                pass
            connection.execute(insert(cursors).values(name="a", version=1, seq=0))
        with other.transaction() as connection:
            assert connection.scalars(select(cursors.c.name)).all() == ["a"]
        other.dispose()

    def test_reads_and_then_writes_without_losing_an_update(self, database: Database) -> None:
        with database.transaction() as connection:
            connection.execute(insert(cursors).values(name="n", version=1, seq=0))

        def add() -> None:
            for _ in range(25):
                with database.transaction(durable=False) as connection:
                    seq = connection.execute(select(cursors.c.seq)).scalar_one()
                    connection.execute(cursors.update().values(seq=seq + 1))

        threads = [threading.Thread(target=add) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with database.read() as connection:
            assert connection.scalar(select(cursors.c.seq)) == 100

    def test_a_transaction_in_a_transaction_is_a_bug_that_is_said(self, database: Database) -> None:
        nested = database.transaction()
        with database.transaction(), pytest.raises(RuntimeError, match="already"), nested:
            pass

    def test_a_bug_in_a_statement_is_not_dressed_up(self, database: Database) -> None:
        with pytest.raises(Exception, match="nonsense") as caught, database.read() as connection:
            connection.execute(text("SELECT nonsense"))
        assert not isinstance(caught.value, DatabaseError)

    def test_several_processes_append_at_once(self, database: Database, url: str) -> None:
        journal, count = Journal(database), 30
        database.upgrade()
        running = [_appender(url, user, count) for user in ("ada", "grace", "mary")]
        for process in running:
            assert process.stdin is not None
            process.stdin.close()
        seen: list[int] = []
        while any(process.poll() is None for process in running) or not seen:
            with suppress(subprocess.TimeoutExpired):
                running[-1].wait(0.05)
            # Whoever reads on from where they were misses nothing.
            new = journal.read(after=seen[-1] if seen else 0)
            seen += [event.seq for event in new if event.seq is not None]
        assert [process.returncode for process in running] == [0, 0, 0]
        seen += [event.seq or 0 for event in journal.read(after=seen[-1])]
        events = journal.read(limit=10_000)
        assert seen == [event.seq for event in events]
        for user in ("ada", "grace", "mary"):
            mine = [event.payload["duration_ms"] for event in events if event.user == user]
            assert mine == list(range(count))

    def test_it_can_be_described(self, database: Database) -> None:
        Journal(database).append(new_event("app_opened", {}, user="ada", session="s"))
        facts = database.describe()
        assert facts["events"] == 1
        assert facts["bytes"] > 0
        assert facts["journal_mode"] == database.journal_mode
        assert facts["network_safe"] is True

    def test_it_goes_on_after_dispose(self, database: Database) -> None:
        journal = Journal(database)
        journal.append(new_event("app_opened", {}, user="ada", session="s"))
        database.dispose()
        assert journal.last_seq() == 1


def _appender(url: str, user: str, count: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", _APPENDER, url, user, str(count)], stdin=subprocess.PIPE
    )
