"""The caller's hold on its workers, and on the process that makes them."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from typing import Protocol

from mlplayground.compute.endings import KILLED
from mlplayground.compute.forkserver import ENDING, PROCESS, REQUEST, end_group
from mlplayground.compute.messages import Kind, Packed, receive, send
from mlplayground.compute.watch import Ending

_START = (
    "import json, sys; path, fd, limit, scratch = json.loads(sys.argv[1]); sys.path[:] = path; "
    "from mlplayground.compute.forkserver import main; main(fd, limit, scratch)"
)


def import_path() -> list[str]:
    """Return where a new process of ours is to look for modules.

    That is ``sys.path`` without the working directory: a file of the learner's that is called
    ``random.py`` must not be what such a process imports.
    """
    return [str(entry) for entry in sys.path if entry]


class Maker(Protocol):
    """Makes workers and ends them. Every method may be called from any thread."""

    def start_worker(self) -> Worker:
        """Return a new worker; raises ``OSError`` where that is no longer possible."""

    def set_busy(self, pid: int, busy: bool) -> None:
        """Watch the memory of a worker, or no longer."""

    def kill(self, pid: int) -> None:
        """End a worker that is not reaped, and all that it started, at once."""

    def reap(self, pid: int) -> Ending:
        """End a worker, if it has not ended, and return how it ended."""

    def close(self) -> None:
        """End everything."""

    def let_go(self) -> None:
        """In a forked copy of the caller: hold nothing open that would keep things alive."""


class Worker:
    """A worker process and the socket it listens on. One thread at a time talks to it."""

    def __init__(self, maker: Maker, pid: int, sock: socket.socket) -> None:
        self._maker = maker
        self._sock = sock
        self._lock = threading.Lock()
        self._reaped = False
        self.pid = pid

    def send(self, kind: Kind, packed: Packed) -> None:
        send(self._sock, kind, packed)

    def receive(self) -> tuple[Kind, Packed] | None:
        return receive(self._sock)

    def set_busy(self, busy: bool) -> None:
        """Have its memory watched, or no longer."""
        self._maker.set_busy(self.pid, busy)

    def kill(self) -> None:
        """End it and all that it started, at once; from any thread."""
        # Until it is reaped, its number belongs to no other process.
        with self._lock:
            if not self._reaped:
                self._maker.kill(self.pid)

    def let_go(self) -> None:
        """In a forked copy of the caller: the worker is not ours."""
        self._sock.close()
        self._reaped = True

    def end(self) -> Ending:
        """End it, if it has not ended, and return how it ended."""
        self.kill()
        with self._lock:
            self._reaped = True
            self._sock.close()
        return self._maker.reap(self.pid)


class Server:
    """A running fork server (see :mod:`~mlplayground.compute.forkserver`), as a maker."""

    def __init__(self, memory_limit: int) -> None:
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        self._scratch = tempfile.mkdtemp(prefix="mlplayground-")
        with theirs:
            fd = theirs.fileno()
            start = json.dumps([import_path(), fd, memory_limit, self._scratch])
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START, start],
                stdin=subprocess.DEVNULL,
                pass_fds=[fd],
                # ipykernel ends its process group at shutdown, and Ctrl-C reaches all of it.
                start_new_session=True,
            )

    def start_worker(self) -> Worker:
        mine, theirs = socket.socketpair()
        try:
            with theirs:
                (pid,) = PROCESS.unpack(self._ask(b"F", 0, PROCESS.size, theirs.fileno()))
        except BaseException:
            mine.close()
            raise
        return Worker(self, pid, mine)

    def set_busy(self, pid: int, busy: bool) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._control.sendall(REQUEST.pack(b"B" if busy else b"I", pid))

    def kill(self, pid: int) -> None:
        end_group(pid)

    def reap(self, pid: int) -> Ending:
        try:
            return Ending(*ENDING.unpack(self._ask(b"R", pid, ENDING.size)))
        except OSError:  # the server is gone, and its workers with it
            return Ending(KILLED, 0, -1, 0, 0)

    def close(self) -> None:
        with self._lock:
            self._control.close()
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def let_go(self) -> None:
        self._control.close()
        self._process.returncode = 0  # it is not this process's child

    def _ask(self, letter: bytes, pid: int, size: int, fd: int | None = None) -> bytes:
        request = REQUEST.pack(letter, pid)
        with self._lock:
            if fd is None:
                self._control.sendall(request)
            else:
                socket.send_fds(self._control, [request], [fd])
            answer = b""
            while len(answer) < size:
                data = self._control.recv(size - len(answer))
                if not data:
                    raise ConnectionError("The fork server is gone.")
                answer += data
        return answer
