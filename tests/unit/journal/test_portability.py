"""Everything of a learner can be taken away, and nothing stays when it is to be forgotten."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import Column, MetaData, String, Table, inspect, select, text

from mlplayground.database import Database, cursors, events
from mlplayground.errors import DatabaseError
from mlplayground.journal import Event, Journal, new_event, preferences
from mlplayground.journal.portability import export_user, forget_user
from mlplayground.journal.projection import catch_up, installed
from mlplayground.journal.schema import schemas
from mlplayground.stash import Stash
from mlplayground.testing.events import make_events

CANARY = "canary-4f9d"


def opened(user: str, session: str = "s") -> Event:
    return new_event("app_opened", {}, user=user, session=session)


def live(database: Database, stash: Stash) -> None:
    """Leave traces of the stash's user wherever traces can be."""
    journal = Journal(database)
    others = set(schemas()) - {"preference_changed"}
    journal.append(*make_events(others, 150, users=[stash.user]))
    journal.append(*(opened(stash.user, f"{CANARY}-{stash.user}") for _ in range(30)))
    preference = {"name": "zoom", "value": 2}
    journal.append(new_event("preference_changed", preference, user=stash.user, session="s"))
    catch_up(database, *installed())
    stash.write("datasets/1f/data.csv", b"a\n1\n")
    stash.put_blob(b"why")


@pytest.fixture
def stash(tmp_path: Path) -> Stash:
    return Stash(str(tmp_path / "home"), "ada")


@pytest.fixture
def own_database(stash: Stash) -> Iterator[Database]:
    """A SQLite file in the learner's own folder, as it is by default."""
    assert stash.root is not None
    database = Database(f"sqlite:///{stash.root}/meta_learning/patterns.db")
    yield database
    database.dispose()


def test_an_export_holds_events_and_files_and_no_database(
    own_database: Database, stash: Stash
) -> None:
    live(own_database, stash)
    target = io.BytesIO()
    export_user(own_database, stash, target)
    with ZipFile(target) as archive:
        assert archive.testzip() is None
        lines = archive.read("journal.jsonl").decode().splitlines()
        files = {name for name in archive.namelist() if name.startswith("files/")}
        assert files == {f"files/{path}" for path in stash.list() if "patterns.db" not in path}
        assert archive.read("files/datasets/1f/data.csv") == b"a\n1\n"
    there = Journal(own_database).read(limit=10_000)
    assert [Event(**json.loads(line)) for line in lines] == there


def test_an_export_is_of_one_user_only(database: Database, stash: Stash) -> None:
    live(database, stash)
    live(database, Stash(stash.home, "grace"))
    target = io.BytesIO()
    export_user(database, stash, target)
    with ZipFile(target) as archive:
        assert b"grace" not in b"".join(archive.read(name) for name in archive.namelist())


def test_an_export_can_be_sent_as_it_is_made(own_database: Database, stash: Stash) -> None:
    live(own_database, stash)
    program = "import sys, shutil; shutil.copyfileobj(sys.stdin.buffer, open(sys.argv[1], 'wb'))"
    target = Path(stash.home) / "out.zip"
    command = [sys.executable, "-c", program, str(target)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        export_user(own_database, stash, process.stdin)
        process.stdin.close()
    with ZipFile(target) as archive:
        assert archive.testzip() is None


def test_an_export_does_not_loosen_the_locks_of_this_process(
    own_database: Database, stash: Stash
) -> None:
    # POSIX forgets a process's locks when it closes any descriptor of the file.
    with own_database.transaction() as connection:
        connection.execute(cursors.insert().values(name="x", version=1, seq=0))
        export_user(Database(own_database.url), stash, io.BytesIO())
        other = "import sys; from mlplayground.database import Database\n" \
            "with Database(sys.argv[1], timeout=0.1).transaction(): pass"  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", other, own_database.url],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "locked by another process" in done.stderr


def test_nothing_is_left_of_a_learner_with_a_database_of_their_own(
    own_database: Database, stash: Stash
) -> None:
    live(own_database, stash)
    assert own_database.path is not None
    for suffix in (".backup-0001-20260101T000000", "-journal"):
        own_database.path.with_name(own_database.path.name + suffix).write_bytes(b"ada")
    forget_user(own_database, stash)
    users = Path(stash.home) / "users"
    assert list(users.rglob("*")) == []
    # and life goes on
    Journal(own_database).append(opened("ada"))
    assert Journal(own_database).last_seq() == 1


def test_nothing_is_left_beside_a_remote_stash(tmp_path: Path) -> None:
    stash = Stash(f"memory://{tmp_path}", "ada")
    database = Database(f"sqlite:///{tmp_path}/data/users/ada/meta_learning/patterns.db")
    live(database, stash)
    forget_user(database, stash)
    assert stash.list() == []
    assert list((tmp_path / "data" / "users").iterdir()) == []
    database.dispose()


def test_nothing_is_left_in_a_shared_database_and_others_keep_everything(
    database: Database, stash: Stash, tmp_path: Path
) -> None:
    grace = Stash(stash.home, "grace")
    live(database, grace)
    live(database, stash)
    _make_table_of_an_app_that_is_not_installed(database)
    before = _everything_of(database, "grace")
    assert _everything_of(database, "ada")
    forget_user(database, stash)
    assert _everything_of(database, "ada") == {}
    assert _everything_of(database, "grace") == before
    assert stash.list() == []
    assert grace.list() != []
    if database.is_sqlite:
        assert f"{CANARY}-grace".encode() in _bytes_on_disk(database)
        assert f"{CANARY}-ada".encode() not in _bytes_on_disk(database)
    # the cursors still fit: nothing is counted twice
    Journal(database).append(opened("grace"))
    catch_up(database, *installed())
    assert preferences.get(database, "grace", "zoom") == 2
    assert preferences.get(database, "ada", "zoom") is None


def test_a_backup_that_holds_the_learner_goes_too(tmp_path: Path, stash: Stash) -> None:
    database = Database(f"sqlite:///{tmp_path}/shared.db")
    live(database, stash)
    live(database, Stash(stash.home, "grace"))
    backup = tmp_path / "shared.db.backup-0001-20260101T000000"
    backup.write_bytes(b"ada was here")
    forget_user(database, stash)
    assert not backup.exists()
    database.dispose()


def test_a_database_that_is_damaged_does_not_keep_anybody_from_being_forgotten(
    own_database: Database, stash: Stash
) -> None:
    stash.write("meta_learning/patterns.db", b"not a database, but ada's" * 1000)
    forget_user(own_database, stash)
    assert list((Path(stash.home) / "users").rglob("*")) == []


def test_a_shared_database_that_is_damaged_is_said(tmp_path: Path, stash: Stash) -> None:
    (tmp_path / "shared.db").write_bytes(b"not a database" * 1000)
    stash.write("x", b"")
    with pytest.raises(DatabaseError, match="damaged"):
        forget_user(Database(f"sqlite:///{tmp_path}/shared.db"), stash)
    assert stash.list() == ["x"], "what is not yet forgotten can still be seen"


WRITER = """
import sys
from mlplayground.database import Database
from mlplayground.journal import Journal, new_event
journal = Journal(Database(sys.argv[1], timeout=30))
for line in sys.stdin:
    event = new_event("app_opened", {}, user="ada", session=line.strip())
    print(journal.append(event), event.id, flush=True)
"""


class Writer:
    """Another process with the database open."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-c", WRITER, url]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, session: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{session}\n")
        self._process.stdin.flush()

    def answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().split()[1]

    def close(self) -> None:
        self._process.communicate(timeout=30)


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_other_processes_go_on_in_the_new_file(stash: Stash, mode: str) -> None:
    assert stash.root is not None
    url = f"sqlite:///{stash.root}/meta_learning/patterns.db?journal_mode={mode}"
    database = Database(url)
    writers = [Writer(url), Writer(url)]
    for writer in writers:
        writer.ask("before")
        writer.answer()
    forget_user(database, stash)
    confirmed = []
    for writer in writers:
        writer.ask("after")
        confirmed.append(writer.answer())
        writer.close()
    found = Journal(database).read()
    assert [event.id for event in found] == confirmed
    assert {event.session for event in found} == {"after"}
    database.dispose()


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_a_writer_that_waits_while_the_file_goes_does_not_write_into_the_void(
    tmp_path: Path, mode: str
) -> None:
    url = f"sqlite:///{tmp_path}/patterns.db?journal_mode={mode}"
    database, writer = Database(url), Writer(url)
    writer.ask("before")
    writer.answer()

    def agreed(connection: object) -> bool:
        # The lock is held: the writer finds the file, and waits for it.
        writer.ask("waiting")
        _wait_until_blocked(writer)
        return True

    assert database.delete(agreed)
    confirmed = writer.answer()
    writer.close()
    assert [event.id for event in Journal(database).read()] == [confirmed]
    database.dispose()


def _wait_until_blocked(writer: Writer) -> None:
    # SQLite waits in short naps; a writer that has napped several times is waiting.
    status = Path(f"/proc/{writer._process.pid}/status")
    if not status.exists():
        pytest.skip("needs /proc to see that a process waits")

    def naps() -> int:
        line = next(each for each in status.read_text().splitlines() if "voluntary" in each)
        return int(line.split()[1])

    start = naps()
    while naps() < start + 10:
        pass


def _everything_of(database: Database, user: str) -> dict[str, list[tuple[object, ...]]]:
    found = {}
    with database.read() as connection:
        for name in inspect(connection).get_table_names():
            table = Table(name, MetaData(), autoload_with=connection)
            if "user" in table.c:
                query = select(table).where(table.c.user == user)
                rows = sorted((tuple(row) for row in connection.execute(query)), key=repr)
                if rows:
                    found[name] = rows
    return found


def _make_table_of_an_app_that_is_not_installed(database: Database) -> None:
    table = Table("elsewhere_scores", MetaData(), Column("user", String(128)))
    with database.transaction() as connection:
        table.create(connection)
        connection.execute(table.insert(), [{"user": "ada"}, {"user": "grace"}])
        seq = connection.scalar(select(events.c.seq).order_by(events.c.seq.desc()).limit(1))
        connection.execute(cursors.insert().values(name="elsewhere", version=1, seq=seq))
        connection.execute(text("CREATE TABLE stranger (name VARCHAR(9))"))


def _bytes_on_disk(database: Database) -> bytes:
    assert database.path is not None
    files = database.path.parent.glob(f"{database.path.name}*")
    return b"".join(path.read_bytes() for path in files)
