"""The fork server: a small process with pandas and scikit-learn loaded, which forks workers.

A worker is there in 10 ms instead of the second and a half that its imports would take. The
server also watches the memory of busy workers: unlike a thread of the kernel it is never held
up by somebody else's interpreter lock. It never computes anything itself (libgomp does not
survive a fork), ends when its caller does, and takes its workers with it.

Requests arrive on one socket: a letter and a process id, for ``F`` with a descriptor.

=====  ==========================================================  ======================
``F``  fork a worker that talks on the descriptor                  answer: process id
``B``  the worker is busy: watch its memory                        none
``I``  the worker is idle                                          none
``R``  end the worker and say how it ended                         answer: :class:`Ending`
=====  ==========================================================  ======================
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import select
import shutil
import signal
import socket
import struct
import sys
import tempfile
from importlib import import_module
from typing import NamedTuple

import mlplayground.compute.worker as worker
from mlplayground.compute import memory

REQUEST = struct.Struct("!cq")
PROCESS = struct.Struct("!q")

# In pieces, so that a request never waits for more than one of them.
PRELOAD = (
    "numpy",
    "pandas",
    "scipy.sparse",
    "scipy.linalg",
    "scipy.optimize",
    "scipy.stats",
    "joblib",
    "sklearn.base",
    "sklearn.metrics",
    "sklearn.ensemble",
)
WATCH_INTERVAL = 0.02
# Every so many looks also at what is dearer to read: children of workers, the whole machine.
_DEAR = 5
_MACHINE_RESERVE = 64 << 20
_PR_SET_PDEATHSIG = 1


class Ending(NamedTuple):
    """How a worker ended.

    Attributes
    ----------
    status : int
        As ``os.waitpid`` gives it; see ``os.waitstatus_to_exitcode``.
    used : int
        Bytes it used when it was stopped for its memory, else 0.
    left : int
        Bytes the machine had left when that was the reason, else -1.
    peak, growth : int
        The most that was seen of resident memory, and how far the address space grew.
    """

    status: int
    used: int
    left: int
    peak: int
    growth: int


ENDING = struct.Struct("!5q")


class _Watched:
    """One worker, as the server sees it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.busy = False
        self.used = 0
        self.left = -1
        self.peak = 0
        self.growth = 0
        self.begin = memory.usage(pid).virtual
        self.children = 0

    def look(self, dear: bool) -> int:
        """Return the bytes in use now, those of its children included."""
        own = memory.usage(self.pid)
        if dear:
            self.children = sum(
                memory.usage(child).private for child in memory.descendants(self.pid)
            )
        resident = own.resident + self.children
        self.peak = max(self.peak, resident)
        self.growth = max(self.growth, own.virtual - self.begin)
        return resident

    def stop(self) -> None:
        # The worker leads a process group: what it started goes with it.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


class ForkServer:
    """The loop of the server process."""

    def __init__(self, control: socket.socket, memory_limit: int, scratch: str) -> None:
        self._control = control
        self._scratch = scratch
        self._memory_limit = memory_limit
        self._workers: dict[int, _Watched] = {}
        self._preload = list(PRELOAD)
        self._looks = 0
        self._libc = ctypes.CDLL(None)

    def run(self) -> None:
        """Answer requests until the caller is gone."""
        try:
            while True:
                ready, _, _ = select.select([self._control], [], [], self._pause())
                if ready:
                    if not self._answer():
                        return
                elif self._preload:
                    self._load_next()
                self._watch()
        finally:
            for watched in self._workers.values():
                watched.stop()
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _pause(self) -> float | None:
        if self._preload:
            return 0.0
        busy = any(watched.busy for watched in self._workers.values())
        return WATCH_INTERVAL if busy else None

    def _load_next(self) -> None:
        # A library that is missing or broken is the business of the function that needs it.
        with contextlib.suppress(Exception):
            import_module(self._preload.pop(0))
        if not self._preload:
            gc.collect()
            gc.freeze()  # so that collecting in a worker does not copy the shared pages

    def _answer(self) -> bool:
        try:
            request, fds, _, _ = socket.recv_fds(self._control, REQUEST.size, 1)
        except ConnectionError:
            return False
        if len(request) < REQUEST.size:
            return False
        letter, pid = REQUEST.unpack(request)
        if letter == b"F":
            self._control.sendall(PROCESS.pack(self._fork(fds[0])))
        elif letter == b"R":
            self._control.sendall(ENDING.pack(*self._end(pid)))
        elif pid in self._workers:
            self._workers[pid].busy = letter == b"B"
        return True

    def _fork(self, fd: int) -> int:
        server = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                self._become_worker(fd, server)
            finally:
                os._exit(1)
        with contextlib.suppress(OSError):  # both sides do it, so that it is done for both
            os.setpgid(pid, pid)
        os.close(fd)
        self._workers[pid] = _Watched(pid)
        return pid

    def _become_worker(self, fd: int, server: int) -> None:
        self._libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != server:
            return
        os.setpgid(0, 0)
        self._control.close()
        # If the machine runs out of memory after all, the worker goes before the kernel does.
        with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
            file.write("800")
        if "numpy" in sys.modules:  # or all workers would draw the same numbers
            sys.modules["numpy"].random.seed()
        self._use_own_scratch()
        worker.serve(socket.socket(fileno=fd), self._memory_limit)
        os._exit(0)

    def _use_own_scratch(self) -> None:
        # What a killed worker leaves lying (joblib's arrays above all) is removed with it.
        folder = os.path.join(self._scratch, str(os.getpid()))
        with contextlib.suppress(OSError):
            os.mkdir(folder)
            os.environ["TMPDIR"] = os.environ["JOBLIB_TEMP_FOLDER"] = tempfile.tempdir = folder

    def _end(self, pid: int) -> Ending:
        watched = self._workers.pop(pid)
        watched.stop()
        _, status = os.waitpid(pid, 0)
        shutil.rmtree(os.path.join(self._scratch, str(pid)), ignore_errors=True)
        return Ending(status, watched.used, watched.left, watched.peak, watched.growth)

    def _watch(self) -> None:
        busy = [watched for watched in self._workers.values() if watched.busy]
        if not busy:
            return
        self._looks += 1
        dear = self._looks % _DEAR == 0
        in_use = {watched: watched.look(dear) for watched in busy}
        for watched, used in in_use.items():
            if used > self._memory_limit:
                watched.used = used
                watched.stop()
        if dear and (left := memory.available()) < _MACHINE_RESERVE:
            largest = max(in_use, key=in_use.__getitem__)
            largest.used, largest.left = in_use[largest], left
            largest.stop()


def main(fd: int, memory_limit: int, scratch: str) -> None:
    """Run a fork server on the descriptor of its control socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ForkServer(socket.socket(fileno=fd), memory_limit, scratch).run()
    os._exit(0)
