"""Databases of every earlier schema are brought up to date, whole or not at all.

There is one schema so far. What a second one will need (a copy before, all or nothing, one
of several starters) is tried with a migration that only these tests have.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, DefaultClause, MetaData, Table, inspect, text

from mlplayground.database import Database, migrate
from mlplayground.database.tables import REVISIONS, metadata
from mlplayground.errors import DatabaseError
from mlplayground.journal import Journal
from mlplayground.journal.schema import schemas

FILES = Path(__file__).parents[2] / "databases"
FORMER = sorted(FILES.glob("schema-*.db"))

NEXT = """
import os, sys
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{former}"


def upgrade():
    op.add_column("cursors", sa.Column("note", sa.String(9)))
    if "WAIT_IN_MIGRATION" in os.environ:
        print("half", flush=True)
        sys.stdin.read()
    op.execute("UPDATE cursors SET note = 'new'")
"""

STARTER = """
import pathlib, sys
from mlplayground.database import Database, database, migrate
migrate.SCRIPTS = pathlib.Path(sys.argv[2])
migrate.REVISIONS = database.REVISIONS = (*migrate.REVISIONS, "next")
Database(sys.argv[1], timeout=30).upgrade()
"""


@pytest.fixture(params=FORMER, ids=lambda path: path.stem)
def former(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copy(request.param, tmp_path / "patterns.db"))


def test_a_file_of_every_schema_is_kept() -> None:
    assert [path.stem.removeprefix("schema-") for path in FORMER] == list(REVISIONS)
    scripts = ScriptDirectory(str(migrate.SCRIPTS))
    assert [each.revision for each in scripts.walk_revisions()] == list(reversed(REVISIONS))


def test_a_former_database_opens_with_all_that_was_in_it(former: Path) -> None:
    with sqlite3.connect(former) as connection:
        before = connection.execute("SELECT id FROM events ORDER BY seq").fetchall()
    connection.close()
    database = Database(f"sqlite:///{former}")
    events = Journal(database).read(limit=10_000)
    assert [(event.id,) for event in events] == before
    assert {event.kind for event in events} == set(schemas())
    assert database.describe()["schema"] == REVISIONS[-1]
    database.dispose()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_migrating_from_nothing_gives_what_is_made_at_once(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    url = f"sqlite:///{tmp_path}/patterns.db"
    if kind == "postgres":
        url = str(request.getfixturevalue("postgres_url"))
    database = Database(url)
    database.upgrade()
    with database.transaction() as connection:
        made_at_once = _shape(connection)
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        migrate.migrate(connection)
        assert _shape(connection) == made_at_once
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert migrate.revision(connection) == REVISIONS[-1]
    database.dispose()


def test_alembic_is_not_imported_by_a_database_that_is_up_to_date(former: Path) -> None:
    program = (
        "import sys; from mlplayground.database import Database; "
        f"Database('sqlite:///{former}').upgrade(); "
        f"Database('sqlite:///{former}.new').upgrade(); assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_newer_database_is_said_and_left_as_it_is(former: Path) -> None:
    with sqlite3.connect(former) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = former.read_bytes()
    database = Database(f"sqlite:///{former}")
    with pytest.raises(DatabaseError, match=r"newer version\. Nothing was changed\. Update with"):
        Journal(database).read()
    database.dispose()
    assert former.read_bytes() == before


def test_a_database_of_something_else_is_said_and_left_as_it_is(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE events (concert TEXT)")
    connection.close()
    before = (tmp_path / "other.db").read_bytes()
    database = Database(f"sqlite:///{tmp_path}/other.db")
    with pytest.raises(DatabaseError, match="did not make"):
        Journal(database).read()
    database.dispose()
    assert (tmp_path / "other.db").read_bytes() == before


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """Our migrations and one more."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.SCRIPTS, folder)
    (folder / "versions" / "next.py").write_text(NEXT.format(former=REVISIONS[-1]))
    return folder


def test_starters_at_once_migrate_once_and_leave_one_copy(former: Path, scripts: Path) -> None:
    before = _events(former)
    running = [_start(former, scripts) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    for process in running:
        process.communicate()
    assert _events(former) == before
    (copy,) = former.parent.glob("patterns.db.backup-*")
    assert copy.name.startswith(f"patterns.db.backup-{REVISIONS[-1]}-")
    assert _events(copy) == before
    with sqlite3.connect(former) as connection:
        assert set(connection.execute("SELECT note FROM cursors")) == {("new",)}
    connection.close()


def test_a_migration_that_is_killed_has_never_been(former: Path, scripts: Path) -> None:
    before = _events(former)
    process = _start(former, scripts, WAIT_IN_MIGRATION="1")
    assert process.stdout is not None
    assert process.stdout.readline() == b"half\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    database = Database(f"sqlite:///{former}")  # the former program opens it as ever
    assert len(Journal(database).read(limit=10_000)) == len(before)
    with database.read() as connection:
        assert "note" not in {each["name"] for each in inspect(connection).get_columns("cursors")}
    database.dispose()
    assert _start(former, scripts).wait(60) == 0
    assert _events(former) == before


@pytest.fixture(autouse=True)
def _no_process_is_left() -> Iterator[None]:
    yield
    for process in _started:
        process.kill()
        process.communicate()
    _started.clear()


_started: list[subprocess.Popen[bytes]] = []


def _start(former: Path, scripts: Path, **environment: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", STARTER, f"sqlite:///{former}", str(scripts)]
    pipe = subprocess.PIPE
    environment = {**os.environ, **environment}
    _started.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment))
    return _started[-1]


def _events(path: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT * FROM events ORDER BY seq").fetchall()
    connection.close()
    return found


def _shape(connection: object) -> dict[str, object]:
    reflected = MetaData()
    reflected.reflect(connection)  # type: ignore[arg-type]
    return {table.name: _columns(table) for table in reflected.sorted_tables}


def _columns(table: Table) -> tuple[object, ...]:
    columns = [
        (each.name, str(each.type), each.nullable, each.primary_key, _default(each))
        for each in table.columns
    ]
    indexes = {(each.name, each.unique, *each.columns.keys()) for each in table.indexes}
    return columns, indexes, {tuple(each.columns.keys()) for each in table.constraints}


def _default(column: Column[object]) -> str | None:
    default = column.server_default
    return str(default.arg) if isinstance(default, DefaultClause) else None
