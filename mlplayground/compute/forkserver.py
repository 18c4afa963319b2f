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
import warnings
from importlib import import_module

import mlplayground.compute.worker as worker
from mlplayground.compute.watch import INTERVAL, Ending, Watch

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
_PR_SET_PDEATHSIG = 1


ENDING = struct.Struct("!5q")


class ForkServer:
    """The loop of the server process."""

    def __init__(self, control: socket.socket, memory_limit: int, scratch: str) -> None:
        self._control = control
        self._scratch = scratch
        self._memory_limit = memory_limit
        self._watch = Watch(memory_limit, end_group)
        self._preload = list(PRELOAD)
        self._libc = ctypes.CDLL(None)

    def run(self) -> None:
        """Answer requests until the caller is gone."""
        try:
            while True:
                ready, _, _ = select.select([self._control], [], [], self._pause())
                if ready:
                    if not self._answer():
                        return
                elif self._watch.any_busy:
                    self._watch.look()
                elif self._preload:
                    self._load_next()
        finally:
            for pid in self._watch.workers:
                end_group(pid)
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _pause(self) -> float | None:
        # Loading stops while somebody works: it would be in the way of the watch, and on a small
        # machine in the way of the work.
        if self._watch.any_busy:
            return INTERVAL
        return 0.0 if self._preload else None

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
        else:
            self._watch.set_busy(pid, letter == b"B")
        return True

    def _fork(self, fd: int) -> int:
        server = os.getpid()
        with warnings.catch_warnings():
            # Python 3.12 warns because of the threads of OpenBLAS, which expect a fork.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            try:
                self._become_worker(fd, server)
            finally:
                os._exit(1)
        with contextlib.suppress(OSError):  # both sides do it, so that it is done for both
            os.setpgid(pid, pid)
        os.close(fd)
        self._watch.add(pid)
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
        worker.use_scratch(self._scratch)
        worker.serve(socket.socket(fileno=fd), self._memory_limit)
        os._exit(0)

    def _end(self, pid: int) -> Ending:
        end_group(pid)
        _, status = os.waitpid(pid, 0)
        shutil.rmtree(os.path.join(self._scratch, str(pid)), ignore_errors=True)
        return self._watch.remove(pid, os.waitstatus_to_exitcode(status))


def end_group(pid: int) -> None:
    """Kill a worker that is not reaped yet; it leads the group of what it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def main(fd: int, memory_limit: int, scratch: str) -> None:
    """Run a fork server on the descriptor of its control socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ForkServer(socket.socket(fileno=fd), memory_limit, scratch).run()
    os._exit(0)
