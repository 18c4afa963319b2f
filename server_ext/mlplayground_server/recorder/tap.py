"""The hot path: every kernel message of the server passes here, on the event loop.

:class:`Tap` looks at the type of a message, copies the few that matter into a bounded queue and
returns. It decodes no JSON and never raises: what fails here is counted, and the message goes on.
"""

from __future__ import annotations

import re
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from logging import Logger
from typing import Any, NamedTuple

_MARKER_TEXT = '"mlplayground'
_MARKER = _MARKER_TEXT.encode()
_DELIMITER = b"<IDS|MSG>"
_TYPE = re.compile(rb'"msg_type":\s*"(\w+)"')
_PROCESS = re.compile(rb'"session":\s*"([\w-]+)"')
_CONTENT_LIMIT = 64 * 1024
# The code of an anywidget comes with its opening.
_OPEN_LIMIT = 1024 * 1024
_SOURCE_LIMIT = 1024 * 1024


class Frame(NamedTuple):
    """One message as it passed: undecoded JSON parts, and when (epoch seconds) and where it was."""

    time: float
    kernel: str
    incoming: bool
    kind: bytes
    header: bytes
    parent: bytes
    metadata: bytes
    content: bytes


@dataclass(slots=True)
class Counts:
    """What became of the messages; ``dropped`` and ``failures`` are 0 on a healthy server."""

    queued: int = 0
    dropped: int = 0
    oversize: int = 0
    failures: int = 0


class Tap:
    """The queue between the event loop and the recorder's thread.

    Parameters
    ----------
    log : Logger
        Hears of the first failure and of the first message dropped, not of each.
    known : iterable of str, optional
        Processes of kernels that announced themselves to an earlier server; a process is the
        session id in a kernel's messages.
    on_idle : callable, optional
        Called without arguments, on the event loop, when a watched kernel turns idle.
    limit : int
        Messages that may wait; beyond, messages are dropped and counted.
    """

    def __init__(
        self,
        log: Logger,
        known: Iterable[str] = (),
        on_idle: Callable[[], object] = lambda: None,
        limit: int = 50_000,
    ) -> None:
        self.queue: deque[Frame] = deque()
        self.wake = threading.Event()
        self.counts = Counts()
        # A kernel is added here the moment that its announcement passes, not when the thread has
        # understood it: the messages right behind the announcement count too.
        self.watched: set[str] = set()
        self._known = {process.encode() for process in known}
        self._strangers: set[str] = set()
        self._log = log
        self._on_idle = on_idle
        self._limit = limit

    def opened(self, kernel: str) -> None:
        """A page connects to `kernel`; one that an earlier server knew is known by its process."""
        if self._known and kernel not in self.watched:
            self._strangers.add(kernel)

    def incoming(self, kernel: str, message: bytes | str) -> None:
        """A message from the browser: websocket protocol v1, or the JSON of before."""
        try:
            if kernel in self.watched:
                self._incoming(kernel, message)
        except Exception:
            self.failed()

    def outgoing(self, kernel: str, message: list[bytes] | str) -> None:
        """A message from the kernel: its ZMQ frames, or JSON where a gateway is between."""
        try:
            if isinstance(message, str):
                self._outgoing_text(kernel, message)
            else:
                self._outgoing(kernel, message)
        except Exception:
            self.failed()

    def failed(self) -> None:
        """Count a failure of the recorder's own; say the first one in the log."""
        self.counts.failures += 1
        if self.counts.failures == 1:
            self._log.warning("The recorder failed; messages are not affected.", exc_info=True)

    def describe(self) -> dict[str, int]:
        """The counts, and how many messages wait."""
        return {**asdict(self.counts), "waiting": len(self.queue)}

    def _incoming(self, kernel: str, message: bytes | str) -> None:
        if isinstance(message, str) or message[4:8] != b"\0\0\0\0":
            return self._legacy(kernel, message, incoming=True)
        (count,) = struct.unpack_from("<Q", message)
        offsets = struct.unpack_from(f"<{min(count, 6)}Q", message, 8)
        _, header, parent, metadata, content, end = offsets
        kind = _kind(message[header:parent])
        if kind not in (b"comm_msg", b"execute_request"):
            return None
        limit = _SOURCE_LIMIT if kind == b"execute_request" else _CONTENT_LIMIT
        if end - content > limit:
            self.counts.oversize += 1
            return None
        self._put(
            Frame(
                time.time(),
                kernel,
                True,
                kind,
                message[header:parent],
                message[parent:metadata],
                message[metadata:content],
                message[content:end],
            )
        )

    def _legacy(self, kernel: str, message: bytes | str, *, incoming: bool) -> None:
        if len(message) > _SOURCE_LIMIT:
            self.counts.oversize += 1
            return
        data = message.encode() if isinstance(message, str) else message
        self._put(Frame(time.time(), kernel, incoming, b"legacy", b"", b"", b"", data))

    def _outgoing(self, kernel: str, parts: list[bytes]) -> None:
        at = parts.index(_DELIMITER) + 2
        if kernel in self._strangers:
            self._meet(kernel, parts[at])
        kind = _kind(parts[at])
        if kind not in _WANTED:
            return
        content = parts[at + 3]
        if not _WANTED[kind](content):
            return
        if kernel not in self.watched:
            if kind not in (b"comm_open", b"comm_msg"):
                return
            self.watched.add(kernel)
        self._put(Frame(time.time(), kernel, False, kind, *parts[at : at + 4]))
        if kind == b"status":
            self._on_idle()

    def _outgoing_text(self, kernel: str, message: str) -> None:
        if kernel in self._strangers:
            self._meet(kernel, message[:2_000].encode())
        if kernel not in self.watched:
            if _MARKER_TEXT not in message:
                return
            self.watched.add(kernel)
        self._legacy(kernel, message, incoming=False)
        if '"idle"' in message:
            self._on_idle()

    def _meet(self, kernel: str, header: bytes) -> None:
        self._strangers.discard(kernel)
        found = _PROCESS.search(header)
        if found and found.group(1) in self._known:
            self.watched.add(kernel)

    def _put(self, frame: Frame) -> None:
        if len(self.queue) >= self._limit:
            self.counts.dropped += 1
            if self.counts.dropped == 1:
                self._log.warning("The recorder's queue is full; it drops what it cannot keep.")
            return
        self.queue.append(frame)
        self.counts.queued += 1
        if not self.wake.is_set():
            self.wake.set()


def _kind(header: bytes) -> bytes:
    found = _TYPE.search(header)
    return found.group(1) if found else b""


def _opens_ours(content: bytes) -> bool:
    return len(content) <= _OPEN_LIMIT and _MARKER in content


def _changes_or_restores_ours(content: bytes) -> bool:
    # A page that connects anew asks for the state of all widgets. For Voila, whose cells are run
    # by the server and not over a websocket, this answer is the only place where the announcement
    # is seen.
    if len(content) <= _CONTENT_LIMIT or b'"update_states"' in content[:256]:
        return _MARKER in content
    return False


# The types that matter on the way out, each with a test of the content.
_WANTED: dict[bytes, Callable[[bytes], bool]] = {
    b"comm_open": _opens_ours,
    b"comm_msg": _changes_or_restores_ours,
    b"execute_reply": lambda content: len(content) <= _SOURCE_LIMIT,
    b"error": lambda content: len(content) <= _SOURCE_LIMIT,
    b"status": lambda content: b'"idle"' in content,
}


def recorded(base: type, tap: Tap) -> type:
    """A subclass of the server's websocket connection class that shows its messages to `tap`."""

    class RecordedConnection(base):  # type: ignore[misc]
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            tap.opened(self.kernel_id)

        def handle_incoming_message(self, message: bytes | str) -> None:
            tap.incoming(self.kernel_id, message)
            super().handle_incoming_message(message)

        def handle_outgoing_message(self, *message: Any) -> None:
            # (stream, ZMQ frames) here, (JSON text,) in the connection to a gateway.
            tap.outgoing(self.kernel_id, message[-1])
            super().handle_outgoing_message(*message)

    RecordedConnection.__name__ = f"Recorded{base.__name__}"
    return RecordedConnection
