"""What every place for the learner's files must do."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest

from mlplayground.errors import StashError, StashPathError
from mlplayground.stash import Stash

OUTSIDE = (
    "",
    "/",
    "/etc/passwd",
    "..",
    "../grace/secret.txt",
    "datasets/../../grace/secret.txt",
    "datasets/./data.csv",
    "datasets//data.csv",
    "datasets/",
    "datasets/data.csv\x00.txt",
    "C:/Windows/win.ini",
    "C:evil",
    "..\\grace\\secret.txt",
    "file:///etc/passwd",
    "memory://other",
    "line\nbreak",
    ".partial/x",
)


class StashContract:
    """Give the fixture ``home``: an empty place, as ``MLPLAYGROUND_HOME`` names it."""

    @pytest.fixture
    def home(self) -> str:
        raise NotImplementedError

    @pytest.fixture
    def stash(self, home: str) -> Stash:
        return Stash(home, "ada")

    def test_what_is_written_is_read_again_by_another_stash(self, stash: Stash) -> None:
        stash.write("datasets/1f/data.csv", b"a,b\n1,2\n")
        again = Stash(stash.home, "ada")
        assert again.read("datasets/1f/data.csv") == b"a,b\n1,2\n"
        assert again.size("datasets/1f/data.csv") == 8
        assert again.exists("datasets/1f/data.csv")
        with again.open("datasets/1f/data.csv") as file:
            assert file.readline() == b"a,b\n"

    def test_writing_again_replaces(self, stash: Stash) -> None:
        stash.write("note", b"a longer text")
        stash.write("note", b"short")
        assert stash.read("note") == b"short"
        assert stash.list() == ["note"]

    def test_a_local_file_is_copied(self, stash: Stash, tmp_path: Path) -> None:
        source = tmp_path / "source.bin"
        source.write_bytes(bytes(range(256)) * 20_000)
        stash.write_file("uploads/x/source.bin", source)
        assert stash.read("uploads/x/source.bin") == source.read_bytes()
        with stash.local_path("uploads/x/source.bin") as local:
            assert local.read_bytes() == source.read_bytes()
            assert local.suffix == ".bin"

    def test_a_copy_that_fails_leaves_what_was_there(self, stash: Stash, tmp_path: Path) -> None:
        stash.write("kept", b"old")
        with pytest.raises(StashError):
            stash.write_file("kept", tmp_path / "missing")
        assert stash.read("kept") == b"old"
        assert stash.list() == ["kept"]

    @pytest.mark.parametrize("path", OUTSIDE)
    def test_a_path_that_leaves_the_stash_is_refused(self, stash: Stash, path: str) -> None:
        other = Stash(stash.home, "grace")
        other.write("secret.txt", b"hers")
        for act in (stash.read, stash.open, stash.exists, stash.size, stash.delete):
            with pytest.raises(StashPathError):
                act(path)
        with pytest.raises(StashPathError):
            stash.write(path, b"mine")
        with pytest.raises(StashPathError), stash.local_path(path):
            pass
        assert other.read("secret.txt") == b"hers"

    def test_users_do_not_see_each_other(self, stash: Stash) -> None:
        other = Stash(stash.home, "grace")
        stash.write("mine", b"ada")
        other.write("mine", b"grace")
        stash.delete_everything()
        assert stash.list() == []
        assert other.list() == ["mine"]

    @pytest.mark.parametrize("name", ["a*", "[ab]", "a?", "ä ö", "a%20b", "a#b", "~", "-rf"])
    def test_names_are_taken_literally(self, stash: Stash, name: str) -> None:
        stash.write("ab", b"bystander")
        stash.write(f"folder/{name}", b"odd")
        stash.write(name, b"odd")
        assert stash.list() == sorted(["ab", f"folder/{name}", name])
        assert stash.read(name) == b"odd"
        stash.delete(name)
        stash.delete("folder")
        assert stash.list() == ["ab"]

    def test_list_goes_down_and_is_sorted(self, stash: Stash) -> None:
        for path in ("b/2", "b/1/x", "a", "bb/1"):
            stash.write(path, b"")
        assert stash.list("b") == ["b/1/x", "b/2"]
        assert stash.list() == ["a", "b/1/x", "b/2", "bb/1"]
        assert stash.list("nothing") == []

    def test_delete_takes_a_file_or_a_folder(self, stash: Stash) -> None:
        for path in ("b/1", "b/2", "c", "bb"):
            stash.write(path, b"")
        stash.delete("b")
        stash.delete("c")
        stash.delete("was never there")
        assert stash.list() == ["bb"]

    def test_a_missing_file_is_named(self, stash: Stash) -> None:
        with pytest.raises(StashError, match="datasets/none"):
            stash.read("datasets/none")
        with pytest.raises(StashError, match="datasets/none"):
            stash.size("datasets/none")
        with pytest.raises(StashError, match="datasets/none"), stash.local_path("datasets/none"):
            pass
        assert not stash.exists("datasets/none")

    def test_a_blob_is_found_by_its_content(self, stash: Stash) -> None:
        digest = stash.put_blob(b"why I dropped this column")
        assert digest == hashlib.sha256(b"why I dropped this column").hexdigest()
        assert stash.put_blob(b"why I dropped this column") == digest
        assert stash.get_blob(digest) == b"why I dropped this column"
        assert stash.list() == [f"blobs/{digest[:2]}/{digest}"]
        with pytest.raises(StashPathError):
            stash.get_blob(f"../{digest}")

    def test_a_damaged_blob_is_not_handed_out_and_is_mended(self, stash: Stash) -> None:
        digest = stash.put_blob(b"whole")
        stash.write(f"blobs/{digest[:2]}/{digest}", b"who")
        with pytest.raises(StashError, match="damaged"):
            stash.get_blob(digest)
        stash.put_blob(b"whole")
        assert stash.get_blob(digest) == b"whole"

    def test_a_reader_never_sees_a_part(self, stash: Stash) -> None:
        texts = [bytes([48 + number]) * 200_000 for number in range(8)]
        stash.write("big", texts[0])
        done = threading.Event()

        def write() -> None:
            for text in texts * 3:
                stash.write("big", text)
            done.set()

        writer = threading.Thread(target=write)
        writer.start()
        while not done.is_set():
            assert stash.read("big") in texts
        writer.join()

    def test_it_says_that_it_can_be_written(self, stash: Stash) -> None:
        stash.check_writable()
        assert stash.list() == []

    def test_nothing_is_left_of_a_user(self, stash: Stash) -> None:
        stash.put_blob(b"x")
        stash.write("a/b/c", b"x")
        stash.delete_everything()
        stash.delete_everything()
        assert stash.list() == []
        stash.write("a", b"new")
        assert stash.list() == ["a"]
