"""Tells the open pages that the journal has grown, over JupyterLab's own event stream."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from importlib.resources import files
from logging import Logger
from typing import Any

from jupyter_events.schema import EventSchema
from tornado.ioloop import PeriodicCallback

from mlplayground_server.core.services import Services

_DEBOUNCE = 0.05
_POLL_MS = 2_000


class Pusher:
    """Emits ``state_changed`` when the journal's newest event is another than before.

    It looks shortly after each :meth:`nudge` (a kernel turned idle, the server wrote something)
    and every two seconds, for what others wrote. All methods but :meth:`nudge_from_thread` belong
    to the event loop.
    """

    def __init__(
        self, services: Services, event_logger: Any, executor: Executor, log: Logger
    ) -> None:
        self._services, self._executor, self._log = services, executor, log
        self._event_logger = event_logger
        self._schema = _register(event_logger)
        self._loop = asyncio.get_event_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._looking = self._stopped = False
        self._last: int | None = None
        self._poll = PeriodicCallback(self._look, _POLL_MS)

    def start(self) -> None:
        """Begin to poll."""
        self._poll.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped = True
        self._poll.stop()
        if self._timer is not None:
            self._timer.cancel()

    def nudge(self) -> None:
        """Something may have been written: look in a moment, once for all that is written now."""
        if self._timer is None:
            self._timer = self._loop.call_later(_DEBOUNCE, self._due)

    def nudge_from_thread(self) -> None:
        """As :meth:`nudge`, from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.nudge)

    def _due(self) -> None:
        self._timer = None
        self._loop.create_task(self._look())

    async def _look(self) -> None:
        if self._looking or self._stopped or not self._services.in_use:
            return
        self._looking = True
        try:
            seq = await self._loop.run_in_executor(self._executor, self._last_seq)
            if seq is not None and seq != self._last:
                self._last = seq
                self._emit(seq)
        finally:
            self._looking = False

    def _last_seq(self) -> int | None:
        try:
            return self._services.journal.last_seq()
        except Exception as error:
            # Whoever wants to read or write is told; here the next look may succeed.
            self._log.debug("The journal could not be looked at: %s", error)
            return None

    def _emit(self, seq: int) -> None:
        data = {"user": self._services.user, "seq": seq}
        self._event_logger.emit(schema_id=self._schema, data=data)


def _register(event_logger: Any) -> str:
    # Found by its path: importing the journal would bring the database's libraries with it.
    text = files("mlplayground").joinpath("journal/push/state_changed.yaml").read_text("utf-8")
    schema = EventSchema(text)
    event_logger.register_event_schema(schema)
    return str(schema.id)
