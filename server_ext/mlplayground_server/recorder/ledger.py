"""Which kernels announced themselves, which of their cells run, which of their widgets move.

The :class:`Ledger` takes decoded messages in order and gives back the facts to journal. It knows
no database, no thread and no clock of its own: times are those of the messages.

Two pages on one kernel are two websockets, and each is sent what the kernel publishes. A fact is
therefore made of messages that only one of them sees (a request, its reply, a widget moved in that
page); what is published is heard for its meaning only, and may be heard twice.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from mlplayground_server.recorder import decode
from mlplayground_server.recorder.decode import Announcement, Message, Scalar

WINDOW = 1.0
_GRACE = 2.0
_CELLS_LIMIT = 2_000


@dataclass(frozen=True, slots=True)
class Fact:
    """What will become one event: `time` in epoch seconds, `payload` as its schema says."""

    kind: str
    payload: dict[str, Any]
    time: float
    user: str
    session: str
    app: str | None = None
    step: str | None = None


@dataclass(slots=True)
class Kernel:
    """A kernel that announced itself.

    `process` is the session id that the kernel puts into each of its messages. A kernel that is
    restarted keeps its id and has another process, which has announced nothing yet; one that
    outlives the server may get another id and keeps its process.
    """

    id: str
    user: str
    session: str
    comm: str
    process: str
    roles: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Cell:
    kernel: Kernel
    hash: str
    tags: list[str]
    asked: float
    error: str | None = None
    idle_since: float | None = None


@dataclass(slots=True)
class _Window:
    kernel: Kernel
    first_time: float
    last_time: float
    first: Scalar | None
    last: Scalar | None
    count: int = 1


_WindowKey = tuple[str, str, str]
"""Kernel, role, trait."""


class Ledger:
    """The record of what the kernels of one server do.

    Parameters
    ----------
    load, save : callable
        ``load(process) -> Kernel | None`` and ``save(kernel)``: where announcements are kept
        beyond the life of this server.
    fingerprint : callable
        ``fingerprint(user, source) -> str``: the salted hash of a cell's source.
    recording : callable
        ``recording(user) -> bool``: asked before anything is looked at.
    """

    def __init__(
        self,
        *,
        load: Callable[[str], Kernel | None],
        save: Callable[[Kernel], None],
        fingerprint: Callable[[str, str], str],
        recording: Callable[[str], bool],
    ) -> None:
        self._load, self._save = load, save
        self._fingerprint, self._recording = fingerprint, recording
        self._kernels: dict[str, Kernel | None] = {}
        self._processes: dict[str, str] = {}
        self._forgotten: set[str] = set()
        self._cells: OrderedDict[str, _Cell] = OrderedDict()
        self._windows: dict[_WindowKey, _Window] = {}

    @property
    def waiting(self) -> bool:
        """Whether :meth:`due` may still give something without a further message."""
        return bool(self._windows) or any(c.idle_since for c in self._cells.values())

    def take(self, message: Message) -> Iterator[Fact]:
        """The facts that are complete with `message`."""
        if not message.incoming:
            self._hear(message)
        kernel = self._kernels.get(message.kernel)
        if kernel is None or not self._recording(kernel.user):
            return
        if message.kind == "execute_request":
            # What was moved before a cell ran stays before it in the journal.
            yield from self._close(key for key in self._windows if key[0] == kernel.id)
            self._ask(kernel, message)
        elif message.kind == "comm_msg" and message.incoming:
            yield from self._move(kernel, message)
        elif message.parent in self._cells:
            yield from self._answer(message)

    def due(self, now: float) -> Iterator[Fact]:
        """The facts that are complete because time went by; call it after each batch."""
        yield from self._close(
            key for key, window in self._windows.items() if now - window.first_time >= WINDOW
        )
        late = [
            key
            for key, cell in self._cells.items()
            if cell.idle_since is not None and now - cell.idle_since >= _GRACE
        ]
        for key in late:
            yield from self._finish_without_reply(key)

    def close(self) -> Iterator[Fact]:
        """What is still open, when the server stops."""
        yield from self._close(self._windows)

    def process_of(self, kernel: str) -> str | None:
        """The process of a kernel that is known."""
        return self._processes.get(kernel)

    def forget_kernel(self, kernel: str) -> Iterator[Fact]:
        """Close and drop what belongs to a kernel that is gone."""
        yield from self._close(key for key in self._windows if key[0] == kernel)
        for key in [key for key, cell in self._cells.items() if cell.kernel.id == kernel]:
            del self._cells[key]
        self._kernels.pop(kernel, None)
        self._processes.pop(kernel, None)

    def forget_user(self, user: str) -> None:
        """Drop what is open of `user`, unwritten, and record their running kernels no more.

        Their choice about recording is forgotten, too, so only a kernel that is started after
        this, and shows its notice, may be recorded.
        """
        for key in [key for key, window in self._windows.items() if window.kernel.user == user]:
            del self._windows[key]
        for name in [name for name, cell in self._cells.items() if cell.kernel.user == user]:
            del self._cells[name]
        for kernel in [each for each in self._kernels.values() if each and each.user == user]:
            self._forgotten.add(kernel.process)
            self._kernels[kernel.id] = None

    # -- announcements

    def _hear(self, message: Message) -> None:
        if self._processes.get(message.kernel) != message.process:
            self._meet(message)
        if message.kind not in ("comm_open", "comm_msg"):
            return
        if message.process in self._forgotten:
            return
        for said in decode.announcements(message):
            self._announce(message, said)
        kernel = self._kernels[message.kernel]
        if kernel and message.content.get("comm_id") == kernel.comm:
            roles = decode.changed_roles(message)
            if roles is not None:
                kernel.roles = roles
                self._save(kernel)

    def _meet(self, message: Message) -> None:
        known = self._load(message.process)
        self._kernels[message.kernel] = replace(known, id=message.kernel) if known else None
        self._processes[message.kernel] = message.process

    def _announce(self, message: Message, said: Announcement) -> None:
        kernel = Kernel(
            message.kernel, said.user, said.session, said.comm, message.process, dict(said.roles)
        )
        if self._kernels[message.kernel] != kernel:
            self._kernels[message.kernel] = kernel
            self._save(kernel)

    # -- cells

    def _ask(self, kernel: Kernel, message: Message) -> None:
        source = message.content.get("code")
        hidden = message.content.get("silent") or message.content.get("store_history") is False
        if hidden or not isinstance(source, str):
            return
        self._cells[message.id] = _Cell(
            kernel=kernel,
            hash=self._fingerprint(kernel.user, source),
            tags=decode.tags(message.metadata),
            asked=message.time,
        )
        if len(self._cells) > _CELLS_LIMIT:
            self._cells.popitem(last=False)

    def _answer(self, message: Message) -> Iterator[Fact]:
        cell = self._cells[message.parent]
        if message.kind == "execute_reply":
            del self._cells[message.parent]
            status = str(message.content.get("status"))
            yield _cell_executed(
                cell,
                message.time,
                seconds=_seconds(message, cell),
                status=status if status in ("ok", "error") else "aborted",
                error=decode.error_class(message.content),
            )
        elif message.kind == "error":
            cell.error = decode.error_class(message.content) or "Exception"
        elif message.kind == "status":
            cell.idle_since = message.time

    def _finish_without_reply(self, key: str) -> Iterator[Fact]:
        # The page that asked has gone, and its reply with it; the kernel turned idle all the same.
        cell = self._cells.pop(key)
        if cell.idle_since is not None:
            yield _cell_executed(
                cell,
                cell.idle_since,
                seconds=cell.idle_since - cell.asked,
                status="error" if cell.error else "ok",
                error=cell.error,
            )

    # -- widgets

    def _move(self, kernel: Kernel, message: Message) -> Iterator[Fact]:
        role = kernel.roles.get(str(message.content.get("comm_id")))
        if role is None:
            return
        for trait, value in decode.changes(message):
            key = (kernel.id, role, trait)
            window = self._windows.get(key)
            if window and message.time - window.first_time >= WINDOW:
                yield from self._close([key])
                window = None
            if window is None:
                self._windows[key] = _Window(kernel, message.time, message.time, value, value)
            else:
                window.count += 1
                window.last, window.last_time = value, message.time

    def _close(self, which: Iterable[_WindowKey]) -> Iterator[Fact]:
        for key in list(which):
            yield _widget_changed(key, self._windows.pop(key))


def _cell_executed(
    cell: _Cell, time: float, *, seconds: float, status: str, error: str | None
) -> Fact:
    payload: dict[str, Any] = {
        "cell": cell.hash,
        "tags": cell.tags,
        "duration_ms": max(0, round(seconds * 1000)),
        "status": status,
    }
    if status == "error" and error:
        payload["error_class"] = error
    return Fact("cell_executed", payload, time, cell.kernel.user, cell.kernel.session)


def _widget_changed(key: _WindowKey, window: _Window) -> Fact:
    _, role, trait = key
    app, step, _ = role.split("/")
    payload: dict[str, Any] = {
        "role": role,
        "trait": trait,
        "count": window.count,
        "duration_ms": max(0, round((window.last_time - window.first_time) * 1000)),
    }
    if window.first is not None:
        payload["first"] = window.first
    if window.last is not None:
        payload["last"] = window.last
    who = window.kernel
    return Fact("widget_changed", payload, window.last_time, who.user, who.session, app, step)


def _seconds(message: Message, cell: _Cell) -> float:
    # A cell may have waited behind others: count from when the kernel says that it started.
    try:
        started = datetime.fromisoformat(_text(message.metadata, "started"))
        return (datetime.fromisoformat(message.date) - started).total_seconds()
    except (ValueError, TypeError):
        return message.time - cell.asked


def _text(mapping: Mapping[str, Any], key: str) -> str:
    return str(mapping.get(key, ""))
