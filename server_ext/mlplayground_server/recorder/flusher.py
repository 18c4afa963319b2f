"""The recorder's thread: every 100 ms it decodes what waits and journals what became of it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from logging import Logger
from typing import TYPE_CHECKING

from mlplayground.errors import DatabaseError, EventError
from mlplayground_server.recorder.decode import decode
from mlplayground_server.recorder.ledger import Fact, Kernel, Ledger
from mlplayground_server.recorder.memory import AnnouncedKernels, Fingerprints
from mlplayground_server.recorder.tap import Tap

if TYPE_CHECKING:
    from mlplayground.journal import Event, Journal
    from mlplayground_server.core.services import Services

_PERIOD = 0.1
_RETRY = 1.0
_UNSAVED_LIMIT = 20_000


class Recorder:
    """Turns the tap's messages into events.

    The thread is started by the first message that matters and sleeps while there is none. It
    owns the ledger; other threads ask it to do things through :meth:`call`.

    Parameters
    ----------
    tap : Tap
        Where messages come from.
    services : Services
        Gives journal and stash when they are first needed.
    announced : AnnouncedKernels
        Announcements that outlive the server.
    on_written : callable
        Called from the recorder's thread after events were committed.
    """

    def __init__(
        self,
        tap: Tap,
        services: Services,
        announced: AnnouncedKernels,
        log: Logger,
        on_written: Callable[[], object] = lambda: None,
    ) -> None:
        self._tap, self._services, self._announced = tap, services, announced
        self._log, self._on_written = log, on_written
        self._fingerprints = Fingerprints(services.stash_of)
        self._ledger = Ledger(
            load=announced.load,
            save=self._remember,
            fingerprint=self._fingerprints,
            recording=self._is_recording,
        )
        self._unsaved: deque[Event] = deque()
        self._unsaved_dropped = 0
        self._calls: deque[Callable[[], None]] = deque()
        self._recording: dict[str, bool] = {}
        self._asked: set[str] = set()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="mlplayground-recorder", daemon=True)

    def start(self) -> None:
        """Start the thread; it waits without using the processor until a message matters."""
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Journal what is still open, and end the thread."""
        self._stopping = True
        self._tap.wake.set()
        self._thread.join(timeout)

    def describe(self) -> dict[str, int]:
        """Counts: what was queued, dropped, failed, and what waits to be written."""
        return {
            **self._tap.describe(),
            "unsaved": len(self._unsaved),
            "unsaved_dropped": self._unsaved_dropped,
        }

    def forget_kernel(self, kernel: str) -> None:
        """A kernel is gone: close its record and drop its announcement."""
        self._tap.watched.discard(kernel)
        self._call(lambda: self._forget_kernel(kernel))

    def forget_user(self, user: str, delete: Callable[[], None]) -> None:
        """Call `delete` while nothing is written, and drop what is not yet written of `user`.

        Waits until that is done; raises what `delete` raises.
        """
        done: Future[None] = Future()

        def forget() -> None:
            self._ledger.forget_user(user)
            self._announced.remove_user(user)
            self._unsaved = deque(event for event in self._unsaved if event.user != user)
            try:
                delete()
            except BaseException as error:
                done.set_exception(error)
            else:
                done.set_result(None)
            self._fingerprints.forget(user)

        self._call(forget)
        done.result()

    # -- the thread

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._tap.wake.wait(self._patience())
                if not self._stopping:
                    time.sleep(_PERIOD)
                self._tap.wake.clear()
                self.flush()
            except Exception:
                self._tap.failed()
        self._last_flush()

    def _patience(self) -> float | None:
        if self._unsaved:
            return _RETRY
        return _PERIOD if self._ledger.waiting else None

    def _last_flush(self) -> None:
        try:
            self.flush()
            self._keep(self._ledger.close())
            self._write()
        except Exception:
            self._tap.failed()
        if self._unsaved:
            self._log.error("%d recorded events could not be written.", len(self._unsaved))

    def flush(self) -> None:
        """Decode what waits, and journal what is complete. Only the recorder's thread calls it."""
        self._asked.clear()
        while self._tap.queue:
            self._take_one()
        while self._calls:
            self._calls.popleft()()
        self._keep(self._ledger.due(time.time()))
        self._write()

    def _take_one(self) -> None:
        frame = self._tap.queue.popleft()
        try:
            self._keep(self._ledger.take(decode(frame)))
        except Exception:
            # One message that cannot be understood must not take the others with it.
            self._tap.failed()

    def _keep(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            try:
                self._unsaved.append(_event(fact))
            except EventError:
                self._tap.failed()
            if len(self._unsaved) > _UNSAVED_LIMIT:
                self._unsaved.popleft()
                self._unsaved_dropped += 1

    def _write(self) -> None:
        if not self._unsaved:
            return
        batch = list(self._unsaved)
        journal = self._services.journal
        try:
            journal.append(*batch, durable=False)
        except DatabaseError as error:
            # The batch stays, in order; events that were written after all are skipped by id.
            self._log.warning("The record waits for the database: %s", error)
            return
        except EventError:
            self._write_singly(journal, batch)
        self._unsaved.clear()
        self._on_written()

    def _write_singly(self, journal: Journal, batch: list[Event]) -> None:
        for event in batch:
            try:
                journal.append(event, durable=False)
            except EventError:
                self._tap.failed()

    def _is_recording(self, user: str) -> bool:
        # Asked of the database once a batch: a switch turned off holds within 100 ms.
        if user not in self._asked:
            self._asked.add(user)
            try:
                self._recording[user] = self._services.journal.recording(user)
            except DatabaseError:
                # Keep to the last answer; `append` asks again before anything is kept.
                self._recording.setdefault(user, True)
        return self._recording[user]

    def _remember(self, kernel: Kernel) -> None:
        try:
            self._announced.save(kernel)
        except OSError:
            self._tap.failed()

    def _forget_kernel(self, kernel: str) -> None:
        process = self._ledger.process_of(kernel)
        self._keep(self._ledger.forget_kernel(kernel))
        if process:
            self._announced.remove(process)

    def _call(self, function: Callable[[], None]) -> None:
        self._calls.append(function)
        self._tap.wake.set()


def _event(fact: Fact) -> Event:
    from mlplayground.journal import new_event

    event = new_event(
        fact.kind,
        fact.payload,
        user=fact.user,
        session=fact.session,
        app=fact.app,
        step=fact.step,
    )
    moment = datetime.fromtimestamp(fact.time, UTC)
    return replace(event, time=moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
