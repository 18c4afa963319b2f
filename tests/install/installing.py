"""Fresh copies of the repository, fresh environments, and servers that run in them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

REPOSITORY = Path(__file__).resolve().parents[2]
TOKEN = "install-test"
_START_SECONDS = 90


def copy_repository(target: Path) -> Path:
    """What a clone would hold: tracked files, and new ones that git does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (REPOSITORY / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, target / name)
    return target


def programs_without_node(folder: Path) -> Path:
    """A folder of links to the system's programs, Node.js left out."""
    folder.mkdir()
    for place in ("/usr/local/bin", "/usr/bin", "/bin"):
        for program in sorted(Path(place).glob("*")):
            link = folder / program.name
            if program.name not in {"node", "nodejs", "npm", "npx"} and not link.is_symlink():
                link.symlink_to(program)
    return folder


class Environment:
    """A Python environment in `folder`, with an environment of variables that fits it.

    The learner's home is `home`, and no program of the developers' environment is on PATH.
    """

    def __init__(self, folder: Path, programs: Path, home: Path) -> None:
        self.folder = folder
        home.mkdir(exist_ok=True)
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "VIRTUAL_ENV", "PYTEST", "COV", "MAKE", "MFLAGS"))
        }
        self.environ = {
            **kept,
            "PATH": f"{folder / 'bin'}:{programs}",
            "HOME": str(home),
            "MLPLAYGROUND_HOME": str(home / "mlplayground"),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }

    def create(self) -> Environment:
        """Make it as `python -m venv` does."""
        subprocess.run([sys.executable, "-m", "venv", str(self.folder)], check=True)
        return self

    def run(self, *command: str, cwd: Path, status: int = 0) -> str:
        """Run a command; return what it printed, and fail unless it ends with `status`."""
        done = subprocess.run(
            command,
            cwd=cwd,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == status, f"{command} ended with {done.returncode}:\n{done.stdout}"
        return done.stdout

    @contextmanager
    def serving(self, *command: str, cwd: Path, port: int) -> Iterator[str]:
        """Run a command that serves on `port`; give its address once it answers."""
        log = cwd / "server.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            address = f"http://127.0.0.1:{port}"
            _await_answer(address, process, log)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


def server_arguments(port: int) -> list[str]:
    """Arguments for a Jupyter server that tests talk to."""
    return [
        "--no-browser",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--allow-root",
        f"--IdentityProvider.token={TOKEN}",
    ]


def get(address: str, path: str) -> str:
    """Body of a page that the server gives to whoever has the token."""
    separator = "&" if "?" in path else "?"
    with urlopen(f"{address}{path}{separator}token={TOKEN}", timeout=30) as answer:
        return str(answer.read().decode())


def get_json(address: str, path: str) -> Mapping[str, object]:
    """The same, as JSON."""
    found: Mapping[str, object] = json.loads(get(address, path))
    return found


def _await_answer(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended at once:\n{log.read_text()}"
        try:
            get(address, "/api/status")
            return
        except (URLError, ConnectionError):
            time.sleep(0.2)  # a server has no event to wait for before it listens
    raise AssertionError(f"no answer within {_START_SECONDS} s:\n{log.read_text()}")
