"""``report``: how a function says how far it is, wherever it runs."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from mlplayground.errors import InputError

# Ten reports a second look continuous; more would only be thrown away by the browser.
INTERVAL = 0.1

Send = Callable[[float, str, Any], None]


def report(fraction: float, message: str = "", partial: Any = None) -> None:
    """Say how far the running job is; outside a job nothing happens.

    Call it as often as you like: at most ten reports a second are sent, always including
    the latest.

    Parameters
    ----------
    fraction : float
        From 0 to 1; what lies beyond is cut off.
    message : str
        What is being done, for the learner.
    partial : object, optional
        A result so far, such as a learning curve; None keeps the previous one. Hand over a
        value that you do not change afterwards.

    Raises
    ------
    InputError
        If `fraction` is not a number, or `partial` cannot be sent.
    """
    try:
        value = float(fraction)
    except (TypeError, ValueError):
        value = math.nan
    if math.isnan(value):
        raise InputError(
            f"The fraction of a report must be a number from 0 to 1, not {fraction!r}."
        )
    reporter = _of_this_task.get() or _of_this_process
    if reporter is not None:
        reporter.report(min(1.0, max(0.0, value)), str(message), partial)


class Reporter:
    """Thins the reports of one job out, and never withholds the last one for long."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._due = threading.Condition(self._lock)
        self._waiting: tuple[float, str, Any] | None = None
        self._partial: Any = None
        self._last = -math.inf
        self._flusher: threading.Thread | None = None
        self._closed = False

    def report(self, fraction: float, message: str, partial: Any) -> None:
        """Send now if it is time to, else keep it for the flusher."""
        with self._lock:
            if self._closed:
                return
            if partial is not None:
                self._partial = partial
            self._waiting = (fraction, message, self._partial)
            if time.monotonic() - self._last >= INTERVAL:
                self._flush()
            elif self._flusher is None:
                self._flusher = threading.Thread(target=self._flush_when_due, daemon=True)
                self._flusher.start()
            else:
                self._due.notify()

    def flush(self) -> None:
        """Send what still waits."""
        with self._lock:
            self._flush()

    def close(self) -> None:
        """Send no more: threads that the job left behind may go on reporting."""
        with self._lock:
            self._closed = True
            self._due.notify()

    def _flush(self) -> None:
        if self._waiting is None:
            return
        try:
            self._send(*self._waiting)
        except OSError:
            raise
        except Exception as error:
            kind = type(self._waiting[2]).__name__
            raise InputError(f"The partial result ({kind}) cannot be sent: {error}") from error
        self._waiting = self._partial = None
        self._last = time.monotonic()

    def _flush_when_due(self) -> None:
        with self._lock:
            while not self._closed:
                left = self._last + INTERVAL - time.monotonic()
                if self._waiting is None:
                    self._due.wait()
                elif left > 0:
                    self._due.wait(left)
                else:
                    try:
                        self._flush()
                    except Exception:
                        # It is raised where the function can see it: at its next report or its
                        # end. A value that was changed while it was sent gets another chance.
                        self._last = time.monotonic()


_of_this_process: Reporter | None = None
_of_this_task: ContextVar[Reporter | None] = ContextVar("reporter", default=None)


@contextmanager
def reporting_process(send: Send) -> Iterator[None]:
    """Send the reports of every thread of this process, while one job runs in it."""
    global _of_this_process
    reporter = _of_this_process = Reporter(send)
    try:
        yield
        reporter.flush()
    finally:
        _of_this_process = None
        reporter.close()


@contextmanager
def reporting_task(send: Send) -> Iterator[None]:
    """Send the reports of this thread only, where a process runs several jobs at once."""
    reporter = Reporter(send)
    token = _of_this_task.set(reporter)
    try:
        yield
        reporter.flush()
    finally:
        _of_this_task.reset(token)
        reporter.close()
