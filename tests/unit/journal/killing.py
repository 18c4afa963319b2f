"""Writers that are killed: a process that forks them, and what they do until then.

The process reads ``start SEED`` and ``reap PID`` from standard input. Writers confirm what they
have kept on its standard output, so whatever comes before ``reaped PID`` was confirmed.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, insert

from mlplayground.database import Database
from mlplayground.journal import Event, Journal, new_event
from mlplayground.journal.projection import Projection, catch_up
from mlplayground.stash import Stash

# No key: an event that is applied twice is there twice.
applied = Table("applied", MetaData(), Column("user", String(128)), Column("seq", Integer))


class Applied(Projection):
    """One row an event."""

    name = "applied"
    version = 1
    tables = (applied,)
    kinds = frozenset({"hint_shown", "app_opened"})

    def apply(self, connection: Connection, event: Event) -> None:
        connection.execute(insert(applied).values(user=event.user, seq=event.seq))


def write_until_killed(url: str, home: str, seed: int) -> None:
    """Keep blobs and events as fast as can be, and confirm each."""
    chance, database, stash = random.Random(seed), Database(url, timeout=60), Stash(home, "ada")
    journal = Journal(database)
    while True:
        digest = stash.put_blob(chance.randbytes(chance.randint(1, 60_000)))
        payload = {"hint": "h", "rung": 1, "blob": digest}
        events = [new_event("hint_shown", payload, user="ada", session="s")]
        for _ in range(chance.randint(0, 4)):
            events.append(new_event("app_opened", {}, user="ada", session="s"))
        journal.append(*events, durable=chance.random() < 0.5)
        ids = " ".join(event.id for event in events)
        os.write(1, f"kept {os.getpid()} {digest} {ids}\n".encode())
        if chance.random() < 0.3:
            catch_up(database, Applied())


@dataclass
class Nest:
    """The process that forks writers, as a test holds it."""

    url: str
    home: str
    blobs: set[str] = field(default_factory=set)
    events: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._confirmed: Counter[int] = Counter()
        command = [sys.executable, __file__, self.url, self.home]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)

    def start(self, seed: int) -> int:
        """Begin a writer; return its process id."""
        self._say(f"start {seed}")
        return int(self._read_until("started"))

    def wait_for(self, pid: int, confirmations: int) -> None:
        """Wait until a writer has confirmed so often."""
        while self._confirmed[pid] < confirmations:
            self._read_until("kept")

    def kill(self, pid: int) -> None:
        """Kill a writer, and take down what it had confirmed."""
        os.kill(pid, signal.SIGKILL)
        self._say(f"reap {pid}")
        assert int(self._read_until("reaped")) == pid

    def close(self) -> None:
        self._process.communicate(timeout=30)

    def _keep(self, pid: str, digest: str, *ids: str) -> None:
        self._confirmed[int(pid)] += 1
        self.blobs.add(digest)
        self.events += ids

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _read_until(self, wanted: str) -> str:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            word, *rest = line.split()
            if word == "kept":
                self._keep(*rest)
            if word == wanted:
                return rest[0]
        raise AssertionError("the process that forks the writers has ended")


def main() -> None:
    url, home = sys.argv[1:]
    for line in sys.stdin:
        word, number = line.split()
        if word == "start":
            pid = os.fork()
            if pid == 0:
                write_until_killed(url, home, int(number))
            os.write(1, f"started {pid}\n".encode())
        else:
            os.waitpid(int(number), 0)
            os.write(1, f"reaped {number}\n".encode())


if __name__ == "__main__":
    main()
