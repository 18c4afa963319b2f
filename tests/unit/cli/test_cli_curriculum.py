"""The notebooks get to where their reader may write, and never over the reader's own work."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from mlplayground.cli import main
from mlplayground.cli.curriculum import copy_to, shipped
from mlplayground.cli.lab import lab_command


def test_all_notebooks_arrive_and_can_be_written(tmp_path: Path) -> None:
    assert main(["curriculum", "--folder", str(tmp_path)]) == 0

    arrived = tmp_path / "curriculum"
    names = {path.name for path in shipped().glob("*.ipynb")}
    assert {"home.ipynb", "data_explorer.ipynb"} <= names
    assert {path.name for path in arrived.glob("*.ipynb")} == names
    assert all(os.access(path, os.W_OK) for path in arrived.iterdir())


def test_what_the_reader_changed_stays_and_what_is_missing_comes_back(tmp_path: Path) -> None:
    copy_to(tmp_path)
    mine, lost = tmp_path / "curriculum/home.ipynb", tmp_path / "curriculum/data_explorer.ipynb"
    mine.write_text("my own notes", encoding="utf-8")
    lost.unlink()

    assert copy_to(tmp_path) == [lost]

    assert mine.read_text(encoding="utf-8") == "my own notes"
    assert lost.is_file()


def test_in_a_clone_nothing_is_copied() -> None:
    assert copy_to(shipped().parent) == []


def test_a_folder_that_cannot_be_made_is_one_clear_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()

    assert main(["curriculum", "--folder", str(in_the_way)]) == 2

    error = capsys.readouterr().err
    assert f"cannot be copied to {in_the_way / 'curriculum'}" in error
    assert "--folder" in error


def test_lab_opens_the_first_page_and_the_users_arguments_come_last() -> None:
    command = lab_command(["--no-browser", "--port", "8899"])

    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert "--LabApp.default_url=/lab/tree/curriculum/home.ipynb" in command
    assert command[-3:] == ["--no-browser", "--port", "8899"]
