"""The caller's hold on the fork server and on its workers."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading

from mlplayground.compute.forkserver import ENDING, PROCESS, REQUEST, Ending
from mlplayground.compute.messages import Kind, Packed, receive, send

_START = (
    "import json, sys; path, fd, limit, scratch = json.loads(sys.argv[1]); sys.path[:] = path; "
    "from mlplayground.compute.forkserver import main; main(fd, limit, scratch)"
)


class Worker:
    """A worker process and the socket it listens on. One thread at a time talks to it."""

    def __init__(self, server: Server, pid: int, sock: socket.socket) -> None:
        self._server = server
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
        self._server.tell(b"B" if busy else b"I", self.pid)

    def kill(self) -> None:
        """End it and all that it started, at once; from any thread."""
        # Until it is reaped, its number belongs to no other process.
        with self._lock, contextlib.suppress(ProcessLookupError, PermissionError):
            if not self._reaped:
                os.killpg(self.pid, signal.SIGKILL)

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
        return self._server.reap(self.pid)


class Server:
    """A running fork server. Every method may be called from any thread."""

    def __init__(self, memory_limit: int) -> None:
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        self._scratch = tempfile.mkdtemp(prefix="mlplayground-")
        # Without the working directory (''): a file of the learner's called random.py must not
        # be what the server imports.
        path = [str(entry) for entry in sys.path if entry]
        with theirs:
            fd = theirs.fileno()
            start = json.dumps([path, fd, memory_limit, self._scratch])
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START, start],
                stdin=subprocess.DEVNULL,
                pass_fds=[fd],
                # ipykernel ends its process group at shutdown, and Ctrl-C reaches all of it.
                start_new_session=True,
            )

    def fork(self) -> Worker:
        """Return a new worker; raises ``OSError`` where the server is gone."""
        mine, theirs = socket.socketpair()
        try:
            with theirs:
                (pid,) = PROCESS.unpack(self._ask(b"F", 0, PROCESS.size, theirs.fileno()))
        except BaseException:
            mine.close()
            raise
        return Worker(self, pid, mine)

    def tell(self, letter: bytes, pid: int) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._control.sendall(REQUEST.pack(letter, pid))

    def reap(self, pid: int) -> Ending:
        """End a worker and return how it ended."""
        try:
            return Ending(*ENDING.unpack(self._ask(b"R", pid, ENDING.size)))
        except OSError:  # the server is gone, and its workers with it
            return Ending(signal.SIGKILL, 0, -1, 0, 0)

    def close(self) -> None:
        """End the server; it takes its workers along."""
        with self._lock:
            self._control.close()
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def let_go(self) -> None:
        """In a forked copy of the caller: hold nothing open that would keep the server."""
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
