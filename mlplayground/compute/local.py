"""Jobs in worker processes on this machine."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

from mlplayground.compute.cores import available_cores
from mlplayground.compute.failures import unpack_failure
from mlplayground.compute.job import Job
from mlplayground.compute.messages import Kind, Packed, pack
from mlplayground.compute.processes import Server, Worker, explain
from mlplayground.compute.turns import Turns
from mlplayground.compute.worker import Context
from mlplayground.errors import ComputeError, InputError

T = TypeVar("T")


class LocalCompute:
    """Runs each job in a worker process, warm where there is one; see :class:`Compute`.

    Parameters
    ----------
    memory_limit : int
        Bytes that one job may use, what it starts included. One that uses more is stopped
        with ``JobOutOfMemory`` before this process is in danger.
    max_workers : int, optional
        How many jobs may run at once, the number of cores by default; the others wait.
    """

    def __init__(self, memory_limit: int, max_workers: int | None = None) -> None:
        self._memory_limit = memory_limit
        self._cores = available_cores()
        self._turns = Turns(max_workers or self._cores)
        self._lock = threading.Lock()
        self._server: Server | None = None
        self._idle: list[Worker] = []
        self._jobs: set[Job[Any]] = set()
        self._running = 0
        self._closed = False
        _open.add(self)

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Job[T]:
        """Run ``fn(*args, **kwargs)`` in a worker."""
        job: Job[T] = Job()
        with self._lock:
            if self._closed:
                raise ComputeError("This compute is closed; no more jobs can be submitted.")
            self._jobs.add(job)
        turn = self._turns.ask()
        job.set_stop(turn.set)
        try:
            call: Packed | Exception = pack((fn, args, kwargs))
        except Exception as error:
            call = InputError(f"The job cannot be sent to a worker: {error}")
        threading.Thread(
            target=self._see_through, args=(job, turn, call), name="mlplayground-job", daemon=True
        ).start()
        return job

    def warm_up(self) -> None:
        """Start the fork server, which loads pandas and scikit-learn in the background."""
        with self._lock:
            if not self._closed:
                self._running_server()

    def close(self) -> None:
        """Cancel every job and end every process."""
        with self._lock:
            self._closed = True
            jobs, idle, server = list(self._jobs), self._idle, self._server
            self._idle, self._server = [], None
        for job in jobs:
            job.cancel()
        for worker in idle:
            worker.end()
        if server is not None:
            server.close()
        _open.discard(self)

    def _see_through(self, job: Job[Any], turn: threading.Event, call: Packed | Exception) -> None:
        """The job's own thread, from its turn to its callbacks."""
        try:
            turn.wait()
            if isinstance(call, Exception):
                raise call
            # A worker that dies before the function begins costs nothing but a new worker.
            if not job.done() and not self._attempt(job, call, fresh=False):
                self._attempt(job, call, fresh=True)
        except Exception as error:
            job.set_error(error)
        finally:
            del call
            self._turns.give_back(turn)
            with self._lock:
                self._jobs.discard(job)
            job.run_done_callbacks()

    def _attempt(self, job: Job[Any], call: Packed, fresh: bool) -> bool:
        """Run the job in a worker; False if that died before the function began."""
        worker = self._take(fresh)
        job.set_stop(worker.kill)
        with self._lock:
            self._running += 1
            threads = max(1, self._cores // self._running)
        try:
            began = self._converse(job, worker, call, threads)
        finally:
            with self._lock:
                self._running -= 1
        if job.status == "done" or (job.status == "failed" and began):
            self._keep(worker)
            return True
        ending = worker.end()
        if job.done() or not (began or fresh):
            return job.done()
        job.set_error(explain(ending, self._memory_limit))
        return True

    def _converse(self, job: Job[Any], worker: Worker, call: Packed, threads: int) -> bool:
        """Exchange messages to the end of the job or the worker; whether the function began."""
        began = False
        try:
            worker.set_busy(True)
            context = Context(os.getcwd(), list(sys.path), threads)
            worker.send(Kind.CONTEXT, context.pack())
            worker.send(Kind.CALL, call)
        except OSError:
            return began
        while (message := worker.receive()) is not None:
            kind, packed = message
            if kind is Kind.STARTED:
                began = True
                job.begin()
            elif kind is Kind.REPORT:
                job.set_progress(*packed.load())
            elif kind is Kind.RESULT:
                job.set_result(packed.load())
                return True
            elif kind is Kind.ERROR:
                job.set_error(unpack_failure(packed))
                return True
        return began

    def _take(self, fresh: bool) -> Worker:
        with self._lock:
            if self._closed:
                raise ComputeError("This compute was closed before the job began.")
            if self._idle and not fresh:
                return self._idle.pop()
            return self._running_server().fork()

    def _keep(self, worker: Worker) -> None:
        worker.set_busy(False)
        with self._lock:
            if not self._closed:
                self._idle.append(worker)
                return
        worker.end()

    def _running_server(self) -> Server:
        if self._server is None or not self._server.alive():
            self._idle.clear()  # they went with it
            self._server = Server(self._memory_limit)
        return self._server


_open: weakref.WeakSet[LocalCompute] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    for compute in list(_open):
        compute.close()
