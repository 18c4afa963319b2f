"""A watch over the memory of workers, kept by whichever process is their parent."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from mlplayground.compute import memory

INTERVAL = 0.02  # seconds: memory grows by some 100 MiB in that time at the very most
# Every so many looks also at what is dearer to read: children of workers, the whole machine.
_DEAR = 5
_MACHINE_RESERVE = 64 << 20


class Ending(NamedTuple):
    """How a worker ended.

    Attributes
    ----------
    code : int
        Its exit code, or the negative number of the signal that ended it.
    used : int
        Bytes it used when it was stopped for its memory, else 0.
    left : int
        Bytes the machine had left when that was the reason, else -1.
    peak, growth : int
        The most that was seen of resident memory in its last job, and how far the address
        space grew in it.
    """

    code: int
    used: int
    left: int
    peak: int
    growth: int


class Watch:
    """Watches busy workers; stops one that uses more than `memory_limit` bytes.

    Where the machine itself is about to run out, it stops the largest.

    Parameters
    ----------
    memory_limit : int
        Bytes; what a worker has started counts as its own.
    stop : callable
        Ends the process of that id, and what it started.
    """

    def __init__(self, memory_limit: int, stop: Callable[[int], None]) -> None:
        self._memory_limit = memory_limit
        self._stop = stop
        self._workers: dict[int, _Worker] = {}
        self._looks = 0

    @property
    def workers(self) -> list[int]:
        """The processes that were added and not removed."""
        return list(self._workers)

    @property
    def any_busy(self) -> bool:
        return any(worker.busy for worker in self._workers.values())

    def add(self, pid: int) -> None:
        self._workers[pid] = _Worker(pid)

    def set_busy(self, pid: int, busy: bool) -> None:
        worker = self._workers.get(pid)
        if worker is not None:
            worker.set_busy(busy)

    def remove(self, pid: int, code: int) -> Ending:
        """Forget a worker that has ended with exit code `code`."""
        worker = self._workers.pop(pid)
        return Ending(code, worker.used, worker.left, worker.peak, worker.growth)

    def look(self) -> None:
        """Look at every busy worker once."""
        self._looks += 1
        dear = self._looks % _DEAR == 0
        in_use = {w: w.look(dear) for w in list(self._workers.values()) if w.busy}
        for worker, used in in_use.items():
            if used > self._memory_limit:
                worker.used = used
                self._stop(worker.pid)
        if in_use and dear and (left := memory.available()) < _MACHINE_RESERVE:
            largest = max(in_use, key=in_use.__getitem__)
            largest.used, largest.left = in_use[largest], left
            self._stop(largest.pid)


class _Worker:
    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.used = 0
        self.left = -1
        self.set_busy(False)

    def set_busy(self, busy: bool) -> None:
        self.busy = busy
        if busy:
            self._begin = memory.usage(self.pid).virtual
        self.peak = self.growth = self._children = 0

    def look(self, dear: bool) -> int:
        """Return the bytes in use now."""
        own = memory.usage(self.pid)
        if dear:
            self._children = sum(
                memory.usage(child).private for child in memory.descendants(self.pid)
            )
        used = own.resident + self._children
        self.peak = max(self.peak, used)
        self.growth = max(self.growth, own.virtual - self._begin)
        return used
