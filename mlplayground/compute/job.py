"""A job: what runs elsewhere, seen from the process that asked for it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar, cast

from mlplayground.errors import JobCancelled

T = TypeVar("T")
V = TypeVar("V")
Status = Literal["running", "done", "failed", "cancelled"]

_log = logging.getLogger(__name__)


def _nothing() -> None:
    """What cancelling does before there is anything to stop."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    Attributes
    ----------
    fraction : float
        From 0 to 1, as the function last reported it.
    message : str
        What it is doing.
    seconds_left : float or None
        An estimate, from the time used so far; None while there is nothing to go by.
    """

    fraction: float = 0.0
    message: str = ""
    seconds_left: float | None = None


class Job(Generic[T]):
    """The asking side of one ``submit``. Every method may be called from any thread.

    Interrupting :meth:`result` (Ctrl-C, the kernel's stop button) interrupts the waiting
    only: the job runs on, and can be waited for again or cancelled.

    ``set_…``, :meth:`begin` and :meth:`run_done_callbacks` belong to the implementation
    that made the job.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._status: Status = "running"
        self._value: T | None = None
        self._error: BaseException | None = None
        self._partial: Any = None
        self._fraction = 0.0
        self._message = ""
        self._began: float | None = None
        self._reported = 0.0
        self._stop: Callable[[], None] = _nothing
        self._on_progress: list[Callable[[Progress], object]] = []
        self._on_done: list[Callable[[Job[T]], object]] = []
        self._callbacks_ran = False

    def __repr__(self) -> str:
        return f"<Job {self._status} {self._fraction:.0%} {self._message!r}>"

    @property
    def status(self) -> Status:
        """``running`` (or waiting for a worker), ``done``, ``failed`` or ``cancelled``."""
        return self._status

    @property
    def partial(self) -> Any:
        """The last partial result that the function reported, None before the first."""
        return self._partial

    @property
    def progress(self) -> Progress:
        """The last report, with the time that is left as of now."""
        with self._lock:
            return Progress(self._fraction, self._message, self._seconds_left())

    def done(self) -> bool:
        """Whether the job has ended, in whatever way."""
        return self._ended.is_set()

    def result(self, timeout: float | None = None) -> T:
        """Wait for the end and return what the function returned.

        Raises
        ------
        TimeoutError
            If it has not ended within `timeout` seconds; it runs on.
        JobCancelled, JobOutOfMemory, WorkerDied
            If it was cancelled, needed too much memory, or lost its worker.
        Exception
            Whatever the function raised.
        """
        # An Event and never Thread.join: in 3.11 an interrupted join takes a live thread for dead.
        if not self._ended.wait(timeout):
            raise TimeoutError(f"The job has not ended within {timeout} seconds; it runs on.")
        if self._error is not None:
            raise self._error
        return cast(T, self._value)

    def cancel(self) -> None:
        """Stop the job at once, its worker too; nothing happens if it has ended."""
        error = JobCancelled("The job was cancelled before it had a result.")
        if self._settle("cancelled", error=error):
            self._stop()

    def on_progress(self, callback: Callable[[Progress], object]) -> None:
        """Call ``callback(job.progress)`` after each report, in the job's own thread."""
        with self._lock:
            self._on_progress.append(callback)

    def on_done(self, callback: Callable[[Job[T]], object]) -> None:
        """Call ``callback(job)`` once, after the end, in the job's own thread.

        If the job has ended and its callbacks have run, it is called here and now.
        """
        with self._lock:
            if not self._callbacks_ran:
                self._on_done.append(callback)
                return
        _call(callback, self)

    def set_stop(self, stop: Callable[[], None]) -> None:
        """Say what :meth:`cancel` must do now; it is done at once where that came first."""
        with self._lock:
            self._stop = stop
            cancelled = self._status == "cancelled"
        if cancelled:
            stop()

    def begin(self) -> None:
        """Note that the function runs now: the time that is left counts from here."""
        with self._lock:
            self._began = time.monotonic()

    def set_progress(self, fraction: float, message: str, partial: Any = None) -> None:
        """Take a report and tell those who asked for it."""
        with self._lock:
            if self._status != "running":
                return
            self._fraction, self._message = fraction, message
            self._reported = time.monotonic()
            if partial is not None:
                self._partial = partial
            progress = Progress(fraction, message, self._seconds_left())
            callbacks = list(self._on_progress)
        for callback in callbacks:
            _call(callback, progress)

    def set_result(self, value: T, before: Callable[[], object] = _nothing) -> bool:
        """End with a value; False if the job had ended before.

        `before` is called once that is certain, and before anybody who waits learns of it.
        """
        return self._settle("done", value=value, before=before)

    def set_error(self, error: BaseException, before: Callable[[], object] = _nothing) -> bool:
        """End with an error, else as :meth:`set_result`."""
        return self._settle("failed", error=error, before=before)

    def run_done_callbacks(self) -> None:
        """Tell those who wait for the end; the job's own thread does this last."""
        while True:
            with self._lock:
                callbacks, self._on_done = self._on_done, []
                if not callbacks:
                    self._callbacks_ran = True
                    return
            for callback in callbacks:
                _call(callback, self)

    def _settle(
        self,
        status: Status,
        value: T | None = None,
        error: BaseException | None = None,
        before: Callable[[], object] = _nothing,
    ) -> bool:
        with self._lock:
            if self._status != "running":
                return False
            self._status, self._value, self._error = status, value, error
            if status == "done":
                self._fraction = 1.0
        try:
            before()
        finally:
            self._ended.set()
        return True

    def _seconds_left(self) -> float | None:
        if self._status != "running":
            return 0.0
        # Below 1 % the estimate would mostly be the cost of getting started.
        if self._began is None or self._fraction < 0.01:
            return None
        used = self._reported - self._began
        total = used / self._fraction
        return max(0.0, total - (time.monotonic() - self._began))


def _call(callback: Callable[[V], object], value: V) -> None:
    try:
        callback(value)
    except Exception:
        _log.exception("A callback of a job failed; the job itself is not affected.")
