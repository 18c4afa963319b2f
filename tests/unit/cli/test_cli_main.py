"""The command line as a whole: help, wrong arguments, errors, and what it costs to start."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mlplayground.cli.main import COMMANDS, main


def command_line(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mlplayground.cli", *arguments], capture_output=True, text=True
    )


def test_the_help_names_every_command_and_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])

    shown = " ".join(capsys.readouterr().out.split())
    assert ended.value.code == 0
    for command in COMMANDS:
        assert f"{command.name} {command.summary}" in shown


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_a_help_of_its_own(
    command: object, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command.name, "--help"])  # type: ignore[attr-defined]

    assert ended.value.code == 0
    assert "usage: mlplayground" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [[], ["unknown"], ["doctor", "--unknown"], ["compact", "--days", "soon"]]
)
def test_wrong_arguments_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert "mlplayground" in capsys.readouterr().err


def test_an_error_is_one_message_and_never_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPLAYGROUND_DATABASE", "mysql://somewhere/else")

    done = command_line("rebuild")

    assert done.returncode == 2
    assert done.stderr == (
        "mlplayground rebuild: A database must be SQLite or PostgreSQL, not 'mysql'.\n"
    )
    assert done.stdout == ""


def test_a_user_name_that_is_no_folder_is_an_error_of_every_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MLPLAYGROUND_USER", "../root")

    assert main(["doctor"]) == 2
    assert "MLPLAYGROUND_USER" in capsys.readouterr().err


def test_asking_for_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, contextlib, io\n"
        "from mlplayground.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        "    main(['--help'])\n"
        "print(sorted({'numpy', 'pandas', 'sklearn', 'sqlalchemy', 'jupyter_server', 'IPython'}"
        " & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
