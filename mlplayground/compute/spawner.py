"""Workers where there is no Linux: each a new interpreter, with the same messages.

Without a fork server a worker takes a second or two to start and its memory is watched by a
thread of the caller; all else is the same.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from typing import Any

import psutil

from mlplayground.compute import worker
from mlplayground.compute.processes import Worker, import_path
from mlplayground.compute.watch import INTERVAL, Ending, Watch

_START = (
    "import json, sys; path, *rest = json.loads(sys.argv[1]); sys.path[:] = path; "
    "from mlplayground.compute.spawner import main; main(*rest)"
)


class Spawner:
    """Makes workers by starting interpreters; see :class:`~mlplayground.compute.processes.Maker`.

    Parameters
    ----------
    memory_limit : int
        Bytes that a busy worker may use.
    """

    def __init__(self, memory_limit: int) -> None:
        self._memory_limit = memory_limit
        self._scratch = tempfile.mkdtemp(prefix="mlplayground-")
        self._lock = threading.Lock()
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._watch = Watch(memory_limit, self.kill)
        self._someone_busy = threading.Event()
        self._closed = False
        threading.Thread(target=self._look_after, name="mlplayground-watch", daemon=True).start()

    def start_worker(self) -> Worker:
        mine, theirs = socket.socketpair()
        with theirs:
            process = self._start(theirs)
        with self._lock:
            self._processes[process.pid] = process
            self._watch.add(process.pid)
        return Worker(self, process.pid, mine)

    def set_busy(self, pid: int, busy: bool) -> None:
        with self._lock:
            self._watch.set_busy(pid, busy)
            if busy:
                self._someone_busy.set()

    def kill(self, pid: int) -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            for member in (*process.children(recursive=True), process):
                with contextlib.suppress(psutil.NoSuchProcess):
                    member.kill()

    def reap(self, pid: int) -> Ending:
        self.kill(pid)
        with self._lock:
            process = self._processes.pop(pid)
        code = process.wait()
        shutil.rmtree(os.path.join(self._scratch, str(pid)), ignore_errors=True)
        with self._lock:
            return self._watch.remove(pid, code)

    def close(self) -> None:
        self._closed = True
        self._someone_busy.set()
        for pid in list(self._processes):
            self.kill(pid)
        shutil.rmtree(self._scratch, ignore_errors=True)

    def let_go(self) -> None:
        for process in self._processes.values():
            process.returncode = 0  # it is not this process's child

    def _start(self, theirs: socket.socket) -> subprocess.Popen[bytes]:
        windows = sys.platform == "win32"
        fd = None if windows else theirs.fileno()
        start = json.dumps([import_path(), fd, self._memory_limit, self._scratch, os.getpid()])
        how: dict[str, Any] = {} if windows else {"pass_fds": [fd], "start_new_session": True}
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, start], stdin=subprocess.PIPE, **how
        )
        assert process.stdin is not None
        with process.stdin as pipe:
            if sys.platform == "win32":  # where descriptors are not inherited, but shared
                pipe.write(theirs.share(process.pid))
        return process

    def _look_after(self) -> None:
        rest = threading.Event()
        while self._someone_busy.wait() and not self._closed:
            with self._lock:
                self._watch.look()
                if not self._watch.any_busy:
                    self._someone_busy.clear()
            rest.wait(INTERVAL)


def main(fd: int | None, memory_limit: int, scratch: str, caller: int) -> None:
    """Be a worker on the socket that the caller gave."""
    if sys.platform == "win32":
        sock = socket.fromshare(sys.stdin.buffer.read())
    else:
        sock = socket.socket(fileno=fd)
    threading.Thread(target=_end_with, args=(caller, scratch), daemon=True).start()
    worker.use_scratch(scratch)
    worker.serve(sock, memory_limit)
    shutil.rmtree(scratch, ignore_errors=True)
    os._exit(0)


def _end_with(caller: int, scratch: str) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(caller).wait()
    shutil.rmtree(scratch, ignore_errors=True)
    os._exit(1)
