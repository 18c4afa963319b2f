"""The doctor finds what is wrong, on faults made on purpose."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from mlplayground import __version__
from mlplayground.cli import main
from mlplayground.cli.health import examine, jupyter, machine, packages, storage
from mlplayground.cli.health.finding import Check, Finding
from mlplayground.cli.health.jupyter import LAB_EXTENSION
from mlplayground.errors import StashError
from mlplayground.settings import Settings


def found(check: Check) -> list[Finding]:
    return examine("subject", check, Settings.from_environment())


def only(check: Check) -> Finding:
    (finding,) = found(check)
    return finding


@pytest.fixture
def jupyter_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Jupyter that has both extensions, and whose files a test may spoil."""
    lab = tmp_path / "share/labextensions" / LAB_EXTENSION
    lab.mkdir(parents=True)
    package = {"name": LAB_EXTENSION, "version": __version__, "jupyterlab": {}}
    (lab / "package.json").write_text(json.dumps(package))
    server = tmp_path / "etc/jupyter_server_config.d/mlplayground_server.json"
    server.parent.mkdir(parents=True)
    server.write_text('{"ServerApp": {"jpserver_extensions": {"mlplayground_server": true}}}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    # Before those of the environment, where the package may be installed.
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path / "etc"))
    return tmp_path


def test_both_extensions_are_found_with_their_version(jupyter_folder: Path) -> None:
    for check in (jupyter.check_lab_extension, jupyter.check_server_extension):
        finding = only(check)
        assert (finding.state, finding.text) == ("ok", f"enabled, version {__version__}")


def test_a_lab_extension_of_another_version_is_broken(jupyter_folder: Path) -> None:
    package = jupyter_folder / "share/labextensions" / LAB_EXTENSION / "package.json"
    package.write_text(package.read_text().replace(__version__, "0.0.9"))

    finding = only(jupyter.check_lab_extension)

    assert finding.state == "broken"
    assert "0.0.9" in finding.text
    assert __version__ in finding.text
    assert "pip install" in finding.remedy


def test_a_lab_extension_that_is_switched_off_is_broken(jupyter_folder: Path) -> None:
    config = jupyter_folder / "etc/labconfig/page_config.json"
    config.parent.mkdir()
    config.write_text(json.dumps({"disabledExtensions": {LAB_EXTENSION: True}}))

    finding = only(jupyter.check_lab_extension)

    assert finding.state == "broken"
    assert finding.remedy.endswith(f"jupyter labextension enable {LAB_EXTENSION}")


def test_a_server_extension_that_is_switched_off_is_broken(jupyter_folder: Path) -> None:
    config = jupyter_folder / "etc/jupyter_server_config.d/mlplayground_server.json"
    config.write_text(config.read_text().replace("true", "false"))

    finding = only(jupyter.check_server_extension)

    assert finding.state == "broken"
    assert "jupyter server extension enable mlplayground_server" in finding.remedy


def test_a_stash_that_cannot_be_written_is_broken(own_home: Path) -> None:
    own_home.write_text("a file where the folder should be")

    finding = only(storage.check_stash)

    assert finding.state == "broken"
    assert str(own_home) in finding.text


def test_a_damaged_database_is_broken_and_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "patterns.db"
    file.write_bytes(b"not a database, but long enough to have a header. " * 100)
    before = file.read_bytes()
    monkeypatch.setenv("MLPLAYGROUND_DATABASE", f"sqlite:///{file}")

    finding = only(storage.check_database)

    assert finding.state == "broken"
    assert "not a database" in finding.text
    assert file.read_bytes() == before


def test_a_healthy_database_says_where_it_is_and_how_it_is_kept(own_home: Path) -> None:
    database, file_system = found(storage.check_database)

    assert (database.state, file_system.state) == ("ok", "ok")
    assert str(own_home) in database.text
    assert "journal" in file_system.text or "log" in file_system.text


def test_a_write_ahead_log_on_a_network_file_system_is_broken() -> None:
    facts = {
        "kind": "SQLite",
        "file_system": "nfs4",
        "journal_mode": "wal",
        "network_safe": False,
    }

    finding = storage._safety(facts)

    assert finding.state == "broken"
    assert "nfs4" in finding.text
    assert "PostgreSQL" in finding.remedy


def test_do_not_track_is_told_and_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DO_NOT_TRACK", "1")

    finding = only(storage.check_recording)

    assert finding.state == "ok"
    assert finding.text.startswith("off: DO_NOT_TRACK is set")


def test_a_cluster_that_does_not_answer_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:  # bound, and not listening
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        monkeypatch.setenv("MLPLAYGROUND_COMPUTE", f"dask://127.0.0.1:{port}")

        finding = only(machine.check_compute)

    assert finding.state == "broken"
    assert f"127.0.0.1:{port}" in finding.text


@pytest.mark.parametrize("address", ["ray://somewhere:1", "dask://", "dask://host:port"])
def test_an_address_of_no_cluster_is_broken(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPLAYGROUND_COMPUTE", address)

    assert only(machine.check_compute).state == "broken"


def test_a_job_that_may_use_more_than_there_is_gets_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPLAYGROUND_MEMORY_MB", "999999999")

    finding = only(machine.check_memory)

    assert finding.state == "note"
    assert "MLPLAYGROUND_MEMORY_MB" in finding.remedy


def test_every_extra_is_named_with_its_command_and_none_is_a_fault() -> None:
    findings = found(packages.check_extras)

    assert {"extra dask", "extra postgres"} <= {finding.subject for finding in findings}
    assert "extra dev" not in {finding.subject for finding in findings}
    assert {finding.state for finding in findings} <= {"ok", "missing"}
    for finding in findings:
        if finding.state == "missing":
            extra = finding.subject.removeprefix("extra ")
            assert f"pip install 'mlplayground[{extra}]'" in finding.remedy


def test_a_check_that_fails_is_itself_a_finding() -> None:
    def deliberate(settings: Settings) -> list[Finding]:
        raise StashError("The disk is full.")

    def unforeseen(settings: Settings) -> list[Finding]:
        raise ZeroDivisionError("oh")

    assert only(deliberate).text == "The disk is full."
    assert "ZeroDivisionError" in only(unforeseen).text
    assert only(unforeseen).state == "broken"


def test_the_exit_status_tells_a_script_whether_something_is_broken(
    jupyter_folder: Path,
    own_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["doctor"]) == 0
    assert "Everything that is needed works." in capsys.readouterr().out

    monkeypatch.setenv("MLPLAYGROUND_COMPUTE", "ray://somewhere:1")

    assert main(["doctor"]) == 1
    report = capsys.readouterr().out
    assert "broken  compute" in report
    assert "1 thing is broken" in report
