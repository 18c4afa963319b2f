"""A PostgreSQL server that the tests start themselves, as a user that is not root."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

MISSING = "PostgreSQL is not installed (Debian: apt-get install postgresql)"


def programs() -> Path | None:
    """Folder of the newest PostgreSQL that is installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(folders, key=lambda path: float(path.parts[-3]), default=None)
    return newest.parent if newest else None


class PostgresServer:
    """A throw-away server on a free port of this machine; nothing of it survives."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        # PostgreSQL refuses to run as root.
        self._user = "nobody" if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="mlplayground-postgres-"))
        if self._user:
            shutil.chown(self.folder, self._user)
        self._run("initdb", "--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8")

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]

    def start(self) -> PostgresServer:
        options = f"-p {self._port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        log = str(self.folder / "log")
        self._run("pg_ctl", "start", "-w", "-l", log, "-o", options)
        return self

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-w", "-m", "immediate")

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def new_database(self) -> str:
        """URL of an empty database of its own."""
        name = f"test_{uuid.uuid4().hex}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self._port), "-U", "postgres", name)
        return f"postgresql://postgres@127.0.0.1:{self._port}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        data = {"PGDATA": str(self.folder / "data")}
        # A file, not a pipe: the server inherits it and would keep a pipe open.
        with (self.folder / "output").open("w") as output:
            done = subprocess.run(
                [self._programs / program, *arguments],
                env={**os.environ, **data},
                cwd=self.folder,
                user=self._user,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                timeout=60,
            )
        if done.returncode:
            said = (self.folder / "output").read_text()
            raise RuntimeError(f"{program}, as {self._user or getpass.getuser()}: {said}")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    found = programs()
    if found is None:
        pytest.skip(MISSING)
    server = PostgresServer(found).start()
    yield server
    server.close()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    """URL of an empty PostgreSQL database of the test's own."""
    return postgres_server.new_database()
