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
from mlplayground.compute.endings import explain
from mlplayground.compute.failures import unpack_failure, unpack_result
from mlplayground.compute.job import Job
from mlplayground.compute.memory import usage
from mlplayground.compute.messages import Kind, Packed, pack
from mlplayground.compute.processes import Maker, Server, Worker
from mlplayground.compute.spawner import Spawner
from mlplayground.compute.turns import Turns
from mlplayground.compute.watch import Ending
from mlplayground.compute.worker import Context
from mlplayground.errors import ComputeError, InputError

T = TypeVar("T")
# Bytes of an idle worker that are worth keeping to save the 10 ms of a new one.
_FAT = 400 << 20


class LocalCompute:
    """Runs each job in a worker process, warm where there is one; see :class:`Compute`.

    Parameters
    ----------
    memory_limit : int
        Bytes that one job may use, what it starts included. One that uses more is stopped
        with ``JobOutOfMemory`` before this process is in danger.
    max_workers : int, optional
        How many jobs may run at once, the number of cores by default; the others wait.
    maker : callable, optional
        What makes workers: the fork server on Linux, and elsewhere the spawner.
    """

    def __init__(
        self,
        memory_limit: int,
        max_workers: int | None = None,
        maker: Callable[[int], Maker] | None = None,
    ) -> None:
        self._memory_limit = memory_limit
        self._make_maker = maker or (Server if sys.platform == "linux" else Spawner)
        self._cores = available_cores()
        self._turns = Turns(max_workers or self._cores)
        self._lock = threading.Lock()
        # Apart, because a new worker may have to wait, and `submit` must not.
        self._maker_lock = threading.Lock()
        self._maker: Maker | None = None
        self._workers: set[Worker] = set()
        self._idle: list[Worker] = []
        self._jobs: set[Job[Any]] = set()
        self._closed = False
        _open.add(self)

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Job[T]:
        """Run ``fn(*args, **kwargs)`` in a worker."""
        job: Job[T] = Job()
        try:
            call: Packed | Exception = pack((fn, args, kwargs))
        except Exception as error:
            call = InputError(f"The job cannot be sent to a worker: {error}")
        with self._lock:
            if self._closed:
                raise ComputeError("This compute is closed; no more jobs can be submitted.")
            self._jobs.add(job)
        turn = self._turns.ask()
        job.set_stop(turn.set)
        thread = threading.Thread(
            target=self._see_through, args=(job, turn, call), name="mlplayground-job", daemon=True
        )
        try:
            thread.start()
        except BaseException:  # no more threads, or an interrupt: nobody else gives the turn back
            self._turns.give_back(turn)
            raise
        return job

    def warm_up(self) -> None:
        """Start the fork server, which then loads pandas and scikit-learn."""
        with self._maker_lock:
            if not self._closed:
                self._running_maker()

    def close(self) -> None:
        """Cancel every job and end every process."""
        with self._lock:
            self._closed = True
            jobs = list(self._jobs)
        for job in jobs:
            job.cancel()
        with self._maker_lock:
            self._drop_maker()
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
        talk = _Talk(job, worker, self._keep)
        try:
            talk.hold(call, Context.here(self._share(), self._cores))
        finally:
            ending = None if talk.kept else self._end(worker)
        if job.done() or ending is None:
            return True
        if not talk.began and not fresh:
            return False
        job.set_error(explain(ending, self._memory_limit))
        return True

    def _share(self) -> int:
        """Return how many threads are one job's share of the cores now."""
        with self._lock:
            busy = len(self._workers) - len(self._idle)
        return max(1, self._cores // max(1, busy))

    def _take(self, fresh: bool) -> Worker:
        with self._lock:
            if self._idle and not fresh:
                return self._idle.pop()
        with self._maker_lock:
            if self._closed:
                raise ComputeError("This compute was closed before the job began.")
            try:
                worker = self._running_maker().start_worker()
            except OSError:  # the server was killed
                self._drop_maker()
                worker = self._running_maker().start_worker()
        with self._lock:
            self._workers.add(worker)
        return worker

    def _keep(self, worker: Worker) -> bool:
        """Keep a worker for the next job, unless it has grown fat."""
        worker.set_busy(False)
        lean = usage(worker.pid).resident < _FAT
        with self._lock:
            kept = lean and not self._closed
            if kept:
                self._idle.append(worker)
        return kept

    def _end(self, worker: Worker) -> Ending:
        with self._lock:
            self._workers.discard(worker)
        return worker.end()

    def _running_maker(self) -> Maker:
        if self._maker is None:
            self._maker = self._make_maker(self._memory_limit)
        return self._maker

    def _drop_maker(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
            self._workers.difference_update(idle)
        for worker in idle:
            worker.end()
        maker, self._maker = self._maker, None
        if maker is not None:
            maker.close()

    def _let_go(self) -> None:
        """In a forked copy of this process, where the processes are not ours.

        What it held open would keep them alive after the end of the original.
        """
        self._closed = True
        for worker in self._workers:
            worker.let_go()
        if self._maker is not None:
            self._maker.let_go()
        self._idle, self._maker = [], None


class _Talk:
    """One exchange with a worker: the call, its reports, its answer."""

    def __init__(self, job: Job[Any], worker: Worker, keep: Callable[[Worker], bool]) -> None:
        self._job = job
        self._worker = worker
        self._keep = keep
        self._answered = False
        self.began = False
        self.kept = False

    def hold(self, call: Packed, context: Context) -> None:
        """Talk until the job or the worker ends."""
        try:
            self._worker.set_busy(True)
            self._worker.send(Kind.CONTEXT, context.pack())
            self._worker.send(Kind.CALL, call)
        except ConnectionError:
            return
        while not self._answered and (message := self._worker.receive()) is not None:
            self._hear(*message)

    def _hear(self, kind: Kind, packed: Packed) -> None:
        if kind is Kind.STARTED:
            self.began = True
            self._job.begin()
        elif kind is Kind.REPORT:
            self._job.set_progress(*packed.load())
        else:
            self._answered = True
            if kind is Kind.RESULT:
                self._job.set_result(unpack_result(packed), before=self._release)
            else:
                self._job.set_error(unpack_failure(packed), before=self._release)

    def _release(self) -> None:
        # Before anybody learns of the result, so that the next job finds the worker warm; and
        # never after a cancel, which may be about to kill it.
        self.kept = self._keep(self._worker)


_open: weakref.WeakSet[LocalCompute] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    for compute in list(_open):
        compute.close()


def _let_all_go() -> None:
    for compute in list(_open):
        compute._let_go()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_all_go)
