"""What happens to files when the disk, a link or a crash comes in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import fsspec
import pytest

from mlplayground.errors import MissingExtra, StashError, StashPathError
from mlplayground.stash import Stash


def test_a_full_disk_is_said_and_the_old_file_stays(make_disk) -> None:
    disk = make_disk("256k")
    stash = Stash(str(disk.folder), "ada")
    stash.write("data", b"old")
    with pytest.raises(StashError, match="disk is full"):
        stash.write("data", bytes(1_000_000))
    assert stash.read("data") == b"old"
    assert stash.list() == ["data"]
    disk.make_larger("4m")
    stash.write("data", bytes(1_000_000))
    assert stash.size("data") == 1_000_000


def test_a_read_only_disk_is_said_and_can_be_read(make_disk) -> None:
    disk = make_disk("256k")
    stash = Stash(str(disk.folder), "ada")
    stash.write("data", b"old")
    disk.make_read_only()
    for act in (stash.check_writable, lambda: stash.write("data", b"new")):
        with pytest.raises(StashError, match=r"read-only\. Set MLPLAYGROUND_HOME"):
            act()
    with pytest.raises(StashError, match="read-only"):
        stash.delete("data")
    with pytest.raises(StashError, match="read-only"):
        stash.delete_everything()
    assert stash.read("data") == b"old"


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")
    with pytest.raises(StashError, match="a file stands where a folder is needed"):
        Stash(str(tmp_path / "home"), "ada").check_writable()


def test_a_link_does_not_lead_out(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("hers")
    stash = Stash(str(tmp_path / "home"), "ada")
    stash.write("x", b"")
    root = tmp_path / "home" / "users" / "ada"
    (root / "link").symlink_to(outside)
    (root / "file").symlink_to(outside / "secret")
    for act in (stash.read, stash.open, stash.exists, stash.size):
        for path in ("link/secret", "file"):
            with pytest.raises(StashPathError, match="leads out"):
                act(path)
    with pytest.raises(StashPathError, match="leads out"):
        stash.write("link/new", b"x")
    with pytest.raises(StashPathError, match="leads out"):
        stash.delete("link/secret")
    stash.delete("link")
    stash.delete("file")
    assert stash.list() == ["x"]
    assert [path.name for path in outside.iterdir()] == ["secret"]


def test_forgetting_follows_no_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    stash = Stash(str(tmp_path / "home"), "ada")
    stash.write("x", b"")
    (tmp_path / "home" / "users" / "ada" / "link").symlink_to(outside)
    stash.delete_everything()
    assert (outside / "kept").read_text() == "kept"
    assert list((tmp_path / "home" / "users").iterdir()) == []


def test_what_a_killed_forget_left_is_forgotten_by_the_next(tmp_path: Path) -> None:
    users = tmp_path / "users"
    (users / ".forgotten-ada-1" / "datasets").mkdir(parents=True)
    (users / ".forgotten-ada-lovelace-1").mkdir()
    Stash(str(tmp_path), "ada").delete_everything()
    assert [path.name for path in users.iterdir()] == [".forgotten-ada-lovelace-1"]


WRITER = """
import sys
from mlplayground.stash import Stash
stash = Stash(sys.argv[1], "ada")
with stash._files._replacing("data") as file:
    file.write(b"half")
    file.flush()
    print("half", flush=True)
    sys.stdin.read()
"""


def test_a_killed_writer_leaves_the_old_file_and_no_rubbish(tmp_path: Path) -> None:
    stash = Stash(str(tmp_path), "ada")
    stash.write("data", b"old")
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"half\n"
        writer.send_signal(signal.SIGKILL)
    assert stash.read("data") == b"old"
    assert stash.list() == ["data"]
    (left,) = (tmp_path / "users" / "ada" / ".partial").iterdir()
    stash.write("other", b"")
    assert left.exists(), "it might be another process's, still at work"
    yesterday = time.time() - 100_000
    os.utime(left, (yesterday, yesterday))
    stash.write("other", b"")
    assert not left.exists()


def test_a_remote_error_of_any_class_is_explained() -> None:
    class Refusing(fsspec.AbstractFileSystem):
        protocol = "refusing"

        def info(self, path: str, **options: object) -> dict[str, object]:
            raise RuntimeError("403 Forbidden")

    fsspec.register_implementation("refusing", Refusing, clobber=True)
    with pytest.raises(StashError, match="RuntimeError: 403 Forbidden"):
        Stash("refusing://bucket", "ada").exists("data")


@pytest.mark.parametrize("home", ["nonsense://x", "simplecache::memory://x"])
def test_an_address_that_is_none_is_refused(home: str) -> None:
    with pytest.raises(StashError, match="MLPLAYGROUND_HOME must be"):
        Stash(home, "ada")


def test_a_driver_that_is_not_installed_is_named() -> None:
    with pytest.raises(MissingExtra, match="dropbox"):
        Stash("dropbox://x", "ada")
