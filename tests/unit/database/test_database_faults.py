"""What goes wrong with a database is said, and what was confirmed is still there."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from plugins.disks import Disk
from plugins.postgres import PostgresServer

from mlplayground.database import Database
from mlplayground.database.filesystem import file_system, is_local
from mlplayground.errors import DatabaseError, MLPlaygroundError
from mlplayground.journal import Event, Journal, new_event

MODES = pytest.mark.parametrize("mode", ["wal", "delete"])


def event() -> Event:
    return new_event("app_opened", {}, user="ada", session="s")


def journal_at(folder: Path, mode: str = "wal") -> tuple[Database, Journal]:
    database = Database(f"sqlite:///{folder}/patterns.db?journal_mode={mode}", timeout=0.3)
    return database, Journal(database)


@MODES
def test_a_full_disk_loses_nothing_that_was_confirmed(make_disk, mode: str) -> None:
    disk: Disk = make_disk("300k")
    database, journal = journal_at(disk.folder, mode)
    confirmed: list[str] = []

    def fill() -> None:
        while True:
            batch = [event() for _ in range(50)]
            journal.append(*batch)
            confirmed.extend(each.id for each in batch)

    with pytest.raises(DatabaseError, match=r"disk is full\. Free some space"):
        fill()
    assert confirmed
    database.dispose()
    assert [each.id for each in journal.read(limit=10_000)] == confirmed
    disk.make_larger("4m")
    journal.append(event())
    assert len(journal.read(limit=10_000)) == len(confirmed) + 1
    database.dispose()


def test_a_disk_that_is_full_from_the_start_is_said(make_disk) -> None:
    disk: Disk = make_disk("64k")
    (disk.folder / "filler").write_bytes(bytes(60_000))
    database, journal = journal_at(disk.folder)
    with pytest.raises(DatabaseError, match=r"disk is full|failed\. Check the disk"):
        journal.append(event())
    (disk.folder / "filler").unlink()
    disk.make_larger("4m")
    assert journal.append(event()) == 1
    database.dispose()


@MODES
def test_a_read_only_disk_is_said(make_disk, mode: str) -> None:
    disk: Disk = make_disk("4m")
    database, journal = journal_at(disk.folder, mode)
    journal.append(event())
    database.dispose()
    disk.make_read_only()
    with pytest.raises(DatabaseError, match=r"read-only|folder may be read and written"):
        journal.append(event())
    database.dispose()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for below in ("file", "file/folder"):
        with pytest.raises(DatabaseError, match="a file stands where its folder should be"):
            journal_at(tmp_path / below)[1].append(event())


@pytest.mark.parametrize("damage", ["garbage", "header", "pages", "text"])
def test_a_damaged_file_is_said_and_left_as_it_is(tmp_path: Path, damage: str) -> None:
    database, journal = journal_at(tmp_path, "delete")
    journal.append(*(event() for _ in range(300)))
    database.dispose()
    path = tmp_path / "patterns.db"
    content = bytearray(path.read_bytes())
    if damage == "garbage":
        content[:] = b"\x00\xff" * 5000
    elif damage == "header":
        content[:16] = b"SQLite format 9\x00"
    elif damage == "pages":
        content[4096:] = b"\xaa" * (len(content) - 4096)
    else:
        content[:] = b"name,age\nAda,36\n" * 100
    path.write_bytes(content)
    for act in (lambda: journal.append(event()), journal.read, database.describe):
        with pytest.raises(DatabaseError, match=r"damaged, or is not a database\. Move it away"):
            act()
    database.dispose()
    assert path.read_bytes() == content
    path.rename(tmp_path / "broken.db")
    assert journal.append(event()) == 1
    database.dispose()


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    (tmp_path / "patterns.db").touch()
    database, journal = journal_at(tmp_path)
    assert journal.append(event()) == 1
    database.dispose()


@MODES
def test_a_file_that_was_replaced_by_a_copy_is_read(tmp_path: Path, mode: str) -> None:
    database, journal = journal_at(tmp_path, mode)
    journal.append(event())
    shutil.copy(tmp_path / "patterns.db", tmp_path / "copy.db")
    with sqlite3.connect(tmp_path / "patterns.db") as source:
        with sqlite3.connect(tmp_path / "restored.db") as copy:
            source.backup(copy)
        copy.close()
    source.close()
    journal.append(event(), event())
    for suffix in ("-wal", "-shm"):
        (tmp_path / f"patterns.db{suffix}").unlink(missing_ok=True)
    (tmp_path / "restored.db").rename(tmp_path / "patterns.db")
    assert journal.append(event()) == 2
    database.dispose()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///x.db?mode=memory",
        "sqlite:///x.db?journal_mode=off",
        "mysql://ada@localhost/x",
        "not an address",
    ],
)
def test_an_address_that_cannot_be_used_is_said(url: str) -> None:
    with pytest.raises(DatabaseError, match=r"MLPLAYGROUND_DATABASE|SQLite"):
        Database(url)


def test_nothing_is_made_before_the_first_use(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path}/deep/patterns.db").dispose()
    assert list(tmp_path.iterdir()) == []


def test_wal_is_chosen_where_memory_can_be_shared_and_only_there(
    tmp_path: Path, make_disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk: Disk = make_disk("1m")
    assert file_system(disk.folder / "not" / "made") == "tmpfs"
    database = Database(f"sqlite:///{disk.folder}/patterns.db")
    assert database.journal_mode == "wal"
    # A database that comes from a local disk to a network file system is converted.
    monkeypatch.setattr("mlplayground.database.sqlite.file_system", lambda folder: "nfs4")
    database.dispose()
    assert database.journal_mode == "delete"
    assert database.describe()["network_safe"] is True
    assert not list(disk.folder.glob("*-wal"))
    database.dispose()


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "unknown"])
def test_a_file_system_that_is_not_known_to_be_local_is_not_trusted(kind: str) -> None:
    assert not is_local(kind)


@pytest.mark.postgres
def test_a_server_that_is_gone_is_said_and_found_again(postgres_server: PostgresServer) -> None:
    database = Database(postgres_server.new_database(), timeout=2)
    journal = Journal(database)
    journal.append(event())
    postgres_server.stop()
    try:
        with pytest.raises(DatabaseError, match="refused"):
            journal.append(event())
    finally:
        postgres_server.start()
    journal.append(event())
    assert len(journal.read()) == 2
    database.dispose()


@pytest.mark.postgres
def test_a_server_without_the_database_is_said_without_the_password(postgres_url: str) -> None:
    address = postgres_url.replace("postgres@", "postgres:secret@") + "x"
    with pytest.raises(MLPlaygroundError) as caught:
        Database(address, timeout=2).upgrade()
    assert "does not exist" in str(caught.value) or "no such database" in str(caught.value)
    assert "secret" not in str(caught.value)
