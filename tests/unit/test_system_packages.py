"""Where the system's packages cannot be installed, `make test` goes on and says what is missing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "system-packages"


def run(programs: Path) -> subprocess.CompletedProcess[str]:
    bash = shutil.which("bash")
    assert bash
    return subprocess.run(
        [bash, str(SCRIPT)], env={"PATH": str(programs)}, capture_output=True, text=True
    )


def test_without_a_package_manager_it_names_what_is_missing_and_lets_the_tests_run(
    tmp_path: Path,
) -> None:
    (tmp_path / "id").symlink_to(shutil.which("id") or "")

    done = run(tmp_path)

    assert done.returncode == 0
    assert "Cannot install chromium" in done.stderr
    assert "listed as not run" in done.stderr


def test_it_says_and_does_nothing_where_all_is_there(tmp_path: Path) -> None:
    for program in ("chromium", "initdb"):
        (tmp_path / program).touch(mode=0o755)

    done = run(tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
