"""Jobs on a Dask cluster.

A Dask task can neither report progress nor be stopped once it runs. Reports are events on a
topic of the scheduler's. To cancel a task is to forget its future and to have the nanny of its
worker kill that: the nanny starts another within a second, and Dask runs again what else was
lost with it.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import logging
import pickle
import queue
import threading
import time
import uuid
import weakref
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import Any, TypeVar

from mlplayground.compute import dask_task
from mlplayground.compute.endings import over_limit
from mlplayground.compute.failures import unpack_failure, unpack_result
from mlplayground.compute.job import Job
from mlplayground.compute.messages import Kind, Packed, pack
from mlplayground.errors import ComputeError, InputError, MissingExtra, WorkerDied

T = TypeVar("T")
# Dask's own types are too incomplete for mypy's strict mode.
Client = Any
Future = Any

CONNECT_SECONDS = 10
# Larger calls go straight to a worker's memory instead of through the scheduler.
_SCATTER = 1 << 20
# How long to look out for the start of a task that was cancelled while it began.
_LATE_START = 2.0
# A lost worker may be bad luck; a job that loses two is the cause.
_STARTS = 2
_CLOSE_SECONDS = 2.0
_WORKERS_DIED = (
    "One worker of the cluster after the other ended in the middle of the job. Often they have too "
    "little memory for it; their logs say more."
)

_log = logging.getLogger(__name__)


class DaskCompute:
    """Runs each job as a task of a Dask cluster; see :class:`Compute`.

    The cluster's workers need mlplayground installed, and a nanny each (their default).
    Workers with one thread are best: cancelling a job costs what runs beside it a restart.

    Parameters
    ----------
    url : str
        ``dask://host:port`` of the scheduler. The connection is made by the first job.
    memory_limit : int
        Bytes that a worker's process may use while it runs a job of ours.

    Raises
    ------
    MissingExtra
        If Dask is not installed.
    """

    def __init__(self, url: str, memory_limit: int) -> None:
        if importlib.util.find_spec("distributed") is None:
            raise MissingExtra("dask", "dask", "to run jobs on a cluster")
        self._address = "tcp://" + url.removeprefix("dask://")
        self._memory_limit = memory_limit
        self._topic = f"mlplayground-{uuid.uuid4().hex}"
        self._lock = threading.Lock()
        # Apart, because connecting may take its time, and `submit` must not.
        self._client_lock = threading.Lock()
        self._client: Client = None
        self._tasks: dict[str, _Task] = {}
        self._submitted = 0
        self._closed = False
        _open.add(self)

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Job[T]:
        """Run ``fn(*args, **kwargs)`` on the cluster."""
        job: Job[T] = Job()
        try:
            call: Packed | Exception = pack((fn, args, kwargs))
        except Exception as error:
            call = InputError(f"The job cannot be sent to a worker: {error}")
        with self._lock:
            if self._closed:
                raise ComputeError("This compute is closed; no more jobs can be submitted.")
            self._submitted += 1
            task = _Task(job, self._submitted)
            self._tasks[task.id] = task
        job.set_stop(lambda: task.tell("cancel"))
        threading.Thread(
            target=self._see_through, args=(task, call), name="mlplayground-job", daemon=True
        ).start()
        return job

    def warm_up(self) -> None:
        """Connect in the background."""
        threading.Thread(target=self._try_to_connect, daemon=True).start()

    def close(self) -> None:
        """Cancel every job, free its worker and hang up."""
        with self._lock:
            self._closed = True
            tasks = list(self._tasks.values())
        for task in tasks:
            task.job.cancel()
        deadline = time.monotonic() + _CLOSE_SECONDS
        for task in tasks:
            task.freed.wait(max(0.0, deadline - time.monotonic()))
        # A connection that is still being tried for is not waited for.
        if self._client_lock.acquire(timeout=max(0.0, deadline - time.monotonic())):
            self._hang_up()
            self._client_lock.release()
        _open.discard(self)

    def _see_through(self, task: _Task, call: Packed | Exception) -> None:
        """The job's own thread, from the connection to the freeing of its worker."""
        client = future = None
        try:
            if isinstance(call, Exception):
                raise call
            client = self._connected()
            if task.job.done():
                return
            future = self._start(client, task, call)
            if task.listen(self._memory_limit):
                self._collect(task, future)
        except Exception as error:
            task.job.set_error(error)
        finally:
            stopped = future is not None and _forget(client, task, future)
            task.job.run_done_callbacks()
            if stopped:
                _free(client, task)
            task.freed.set()
            with self._lock:
                del self._tasks[task.id]

    def _connected(self) -> Client:
        with self._client_lock:
            if self._closed:
                raise ComputeError("This compute was closed before the job began.")
            if self._client is None or self._client.status != "running":
                self._hang_up()
                self._client = _connect(self._address)
            # Again for each job: a connection that was lost and found has forgotten it.
            self._client.subscribe_topic(self._topic, self._hear)
            return self._client

    def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(Exception):
                client.close(timeout=_CLOSE_SECONDS)

    def _try_to_connect(self) -> None:
        # The first job says what is wrong.
        with contextlib.suppress(ComputeError):
            self._connected()

    def _start(self, client: Client, task: _Task, call: Packed) -> Future:
        message: Any = dask_task.join(Kind.CALL, call)
        try:
            if message.nbytes > _SCATTER:
                message = client.scatter(message, hash=False)
            future = client.submit(
                dask_task.run,
                task.id,
                self._topic,
                message,
                self._memory_limit,
                key=f"mlplayground-{task.id}",
                priority=-task.number,
                pure=False,
            )
        except Exception as error:
            raise ComputeError(
                f"The job could not be sent to {self._address} "
                f"({type(error).__name__}: {error}). Check that the cluster has workers."
            ) from error
        future.add_done_callback(lambda _: task.tell("finished"))
        return future

    def _hear(self, event: tuple[float, dict[str, Any]]) -> None:
        """Pass an event on to the job it is about; runs in the client's own loop."""
        _, message = event
        task = self._tasks.get(message["job"])
        if task is not None:
            task.tell(message["what"], message["value"])

    def _collect(self, task: _Task, future: Future) -> None:
        from distributed import KilledWorker

        try:
            kind, packed = dask_task.split(future.result())
        except KilledWorker as error:
            raise WorkerDied(_WORKERS_DIED) from error
        except CancelledError as error:
            raise ComputeError(
                f"The job was lost with the connection to {self._address} ({error}). Run it again."
            ) from error
        except Exception as error:
            raise ComputeError(
                f"The cluster could not run the job ({type(error).__name__}: {error}). Check that "
                "its workers have the same versions of Python and of mlplayground as this kernel."
            ) from error
        if kind is Kind.RESULT:
            task.job.set_result(unpack_result(packed))
        else:
            task.job.set_error(unpack_failure(packed))


class _Task:
    """One job as the cluster knows it, and the inbox of its thread."""

    def __init__(self, job: Job[Any], number: int) -> None:
        self.id = uuid.uuid4().hex
        self.job = job
        self.number = number
        self.freed = threading.Event()
        self.worker: str | None = None
        self._starts = 0
        self._inbox: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()

    def tell(self, what: str, value: Any = None) -> None:
        """Put something into the inbox, from any thread."""
        self._inbox.put((what, value))

    def listen(self, memory_limit: int) -> bool:
        """Follow the job; True once Dask has finished it, False once it must be stopped."""
        while True:
            what, value = self._inbox.get()
            self._note(what, value)
            if what == "started":
                self._count_start()
            elif what == "report":
                self.job.set_progress(*pickle.loads(value))
            elif what == "memory":
                self.job.set_error(over_limit(value, memory_limit))
                return False
            elif what in ("cancel", "finished"):
                return what == "finished"

    def _count_start(self) -> None:
        # Dask would go on to try it on four workers, taking each of them down if it is to blame.
        self._starts += 1
        if self._starts > _STARTS:
            raise WorkerDied(_WORKERS_DIED)
        self.job.begin()

    def running_on(self) -> str | None:
        """Return the worker that it runs on, waiting a little for one that just began."""
        deadline = time.monotonic() + _LATE_START
        with contextlib.suppress(queue.Empty):
            while True:
                patience = 0.0 if self.worker else max(0.0, deadline - time.monotonic())
                self._note(*self._inbox.get(timeout=patience))
        return self.worker

    def _note(self, what: str, value: Any) -> None:
        if what == "started":
            self.worker = value
        elif what == "ended":
            self.worker = None


def _connect(address: str) -> Client:
    import distributed

    connect: Any = distributed.Client
    try:
        return connect(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError) as error:
        raise ComputeError(
            f"No Dask scheduler answers at {address} ({error}). Check that it runs and that "
            "MLPLAYGROUND_COMPUTE names it."
        ) from error


def _forget(client: Client, task: _Task, future: Future) -> bool:
    """Make the cluster forget a task that has not ended; whether that was so."""
    if task.job.status == "done" or (future.done() and task.worker is None):
        return False
    with contextlib.suppress(Exception):
        client.cancel([future])
    return True


def _free(client: Client, task: _Task) -> None:
    """Stop a forgotten task where it still runs, by ending its worker."""
    worker = task.running_on()
    if worker is None:
        return
    try:
        client.run(dask_task.end_worker, worker, workers=[worker], nanny=True)
    except Exception as error:
        _log.warning("The worker %s may not be free (has it a nanny?): %r", worker, error)


_open: weakref.WeakSet[DaskCompute] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    for compute in list(_open):
        compute.close()
