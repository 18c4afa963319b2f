"""The caller's hold on the fork server and on its workers."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading

from mlplayground.compute.forkserver import ENDING, PROCESS, REQUEST, Ending
from mlplayground.compute.messages import Kind, Packed, receive, send
from mlplayground.errors import ComputeError, JobOutOfMemory, WorkerDied

# The caller's own `sys.path`, and not its folder: a file of the learner's called `random.py`
# must not be what the server imports.
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from mlplayground.compute.forkserver import main; main(int(sys.argv[2]), int(sys.argv[3]))"
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
        path = [os.path.abspath(folder) for folder in sys.path]
        with theirs:
            fd = theirs.fileno()
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START, json.dumps(path), str(fd), str(memory_limit)],
                stdin=subprocess.DEVNULL,
                pass_fds=[fd],
                # ipykernel ends its process group at shutdown, and Ctrl-C reaches all of it.
                start_new_session=True,
            )

    def fork(self) -> Worker:
        """Return a new worker; raises ``OSError`` where the server is gone."""
        mine, theirs = socket.socketpair()
        with theirs:
            pid = PROCESS.unpack(self._ask(b"F", 0, PROCESS.size, theirs.fileno()))[0]
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

    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """End the server; its workers must have ended before."""
        with self._lock:
            self._control.close()
        self._process.kill()
        self._process.wait()

    def forget(self) -> None:
        """Let go of it without ending it: this process is a copy of its caller."""
        self._control.close()
        self._process.returncode = 0

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


def explain(ending: Ending, memory_limit: int) -> ComputeError:
    """Say in words why a worker ended in the middle of a job."""
    allowed = f"a job may use {_mib(memory_limit)}"
    advice = (
        "Use fewer rows or columns or a smaller model, or allow jobs more memory: set "
        "MLPLAYGROUND_MEMORY_MB and restart."
    )
    if ending.left >= 0:
        return JobOutOfMemory(
            f"The job was stopped at {_mib(ending.used)} because the machine had only "
            f"{_mib(ending.left)} of memory left. Close other notebooks, or use fewer rows or "
            "columns or a smaller model."
        )
    if ending.used:
        return JobOutOfMemory(
            f"The job was stopped because it used {_mib(ending.used)} of memory, and {allowed}. "
            f"{advice}"
        )
    how = _in_words(ending.status)
    # Some libraries do not survive a refused allocation.
    if ending.peak > 0.8 * memory_limit or ending.peak_virtual > 2 * memory_limit:
        return JobOutOfMemory(
            f"The job ended ({how}) when it asked for more memory; it used {_mib(ending.peak)}, "
            f"and {allowed}. {advice}"
        )
    return WorkerDied(
        f"The worker process ended in the middle of the job: {how}. Run it again; if it "
        "happens again, the cause is in what the job runs."
    )


def _in_words(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    if code == -signal.SIGKILL:
        return "it was killed from outside, most often because the machine ran out of memory"
    if code < 0:
        return f"it crashed with {signal.Signals(-code).name}"
    return f"it ended itself with exit code {code}"


def _mib(size: int) -> str:
    return f"{size / (1 << 20):,.0f} MiB"
