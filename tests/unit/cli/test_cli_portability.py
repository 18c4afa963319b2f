"""``export`` gives everything of a learner, ``forget`` deletes it, and asks first."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from mlplayground.cli import main
from mlplayground.cli.services import services
from mlplayground.journal import Journal, new_event

CONTENT = b"name,fare\nAda,12\n"


@pytest.fixture
def ada(monkeypatch: pytest.MonkeyPatch, own_home: Path) -> Path:
    """Home of a learner who has a file and an event; grace, beside her, has an event."""
    for user in ("grace", "ada"):
        monkeypatch.setenv("MLPLAYGROUND_USER", user)
        with services() as opened:
            opened.stash.write("notes/table.csv", CONTENT)
            event = new_event("app_opened", {}, user=user, session="s", app="data_explorer")
            Journal(opened.database).append(event)
    return own_home


def kept() -> tuple[int, list[str]]:
    with services() as opened:
        events = Journal(opened.database).read(user=opened.settings.user)
        return len(events), [path for path in opened.stash.list() if path.endswith(".csv")]


def test_an_export_holds_the_files_and_the_journal(ada: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.zip"

    assert main(["export", str(out)]) == 0

    with zipfile.ZipFile(out) as archive:
        assert archive.read("files/notes/table.csv") == CONTENT
        assert b'"app_opened"' in archive.read("journal.jsonl")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["mine.zip"]


def test_an_export_does_not_replace_a_file_unless_it_may(
    ada: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mine.zip"
    out.write_bytes(b"precious")

    assert main(["export", str(out)]) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert out.read_bytes() == b"precious"

    assert main(["export", str(out), "--overwrite"]) == 0
    assert zipfile.is_zipfile(out)


def test_an_export_to_nowhere_is_one_clear_message(
    ada: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(tmp_path / "missing" / "mine.zip")]) == 2
    assert "Cannot write" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["--yes", "grace"], ["--yes", ""]])
def test_forget_deletes_nothing_without_the_right_name(
    ada: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forget", *arguments]) == 2

    assert kept() == (1, ["notes/table.csv"])
    assert "ada" in capsys.readouterr().err


def test_forget_deletes_everything_of_one_learner_only(
    ada: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["forget", "--yes", "ada"]) == 0

    assert not (ada / "users" / "ada").exists()
    assert kept() == (0, [])
    monkeypatch.setenv("MLPLAYGROUND_USER", "grace")
    assert kept() == (1, ["notes/table.csv"])


def test_compact_rolls_old_cells_up_and_leaves_everything_else(
    ada: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    payload = {"cell": "0" * 16, "tags": [], "duration_ms": 5, "status": "ok"}
    with services() as opened:
        cells = [
            replace(
                new_event("cell_executed", payload, user="ada", session="s"),
                time=f"2026-01-02T03:04:0{second}.000Z",
            )
            for second in range(3)
        ]
        Journal(opened.database).append(*cells)

    assert main(["compact"]) == 0

    assert "2 events fewer" in capsys.readouterr().out
    with services() as opened:
        kinds = [event.kind for event in Journal(opened.database).read(user="ada")]
    assert sorted(kinds) == ["app_opened", "wire_compacted"]


def test_rebuild_says_what_it_made_anew(ada: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rebuild"]) == 0

    assert "preferences, progress, suggestions, workspace" in capsys.readouterr().out
    assert kept() == (1, ["notes/table.csv"])
