"""The rules for every test (``tests/plugins/rules.py``), tried on a small suite of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
UNWANTED = ("ALLOW_SKIPS", "MLPLAYGROUND_TEST_CHROMIUM")
SUITE = """
import os, pytest

def test_runs():
    assert "mlplayground-tests-" in os.environ["MLPLAYGROUND_HOME"]

@pytest.mark.browser
def test_drives_a_browser():
    assert os.environ["MLPLAYGROUND_TEST_CHROMIUM"]

@pytest.mark.soak
def test_takes_hours():
    raise AssertionError("only on request")
"""


def run(folder: Path, *arguments: str, missing: bool, **environ: str) -> tuple[int, str]:
    (folder / "test_suite.py").write_text(SUITE, encoding="utf-8")
    (folder / "pytest.ini").write_text(
        "[pytest]\nmarkers =\n  soak: x\n  browser: x\n", encoding="utf-8"
    )
    inherited = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    if not missing:
        (programs / "chromium").touch(mode=0o755)
    plain = {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": str(TESTS),
        "PATH": str(programs),
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "plugins.rules", *arguments],
        cwd=folder,
        env={**inherited, **plain, **environ},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("arguments", [(), ("-p", "xdist.plugin", "-n", "1")])
def test_a_skipped_test_fails_the_run_and_is_listed(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    status, output = run(tmp_path, *arguments, missing=True)

    assert status == 1
    assert "1: Chromium is not installed" in output
    assert "    test_suite.py" in output


def test_allow_skips_accepts_it_and_still_lists_it(tmp_path: Path) -> None:
    status, output = run(tmp_path, missing=True, ALLOW_SKIPS="1")

    assert status == 0
    assert "1: Chromium is not installed" in output


def test_the_long_ones_run_only_when_they_are_named(tmp_path: Path) -> None:
    assert run(tmp_path, missing=False)[0] == 0

    status, output = run(tmp_path, "-m", "soak", missing=False)

    assert status == 1
    assert "only on request" in output
