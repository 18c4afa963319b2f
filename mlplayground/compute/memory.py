"""How much memory a process uses, and how much the machine has left (Linux)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_PAGE = os.sysconf("SC_PAGE_SIZE")


class Usage(NamedTuple):
    """Bytes: resident in memory, resident and its own, address space."""

    resident: int
    private: int
    virtual: int


def usage(pid: int) -> Usage:
    """Return what process `pid` uses; zeros where it is gone."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            virtual, resident, shared = map(int, file.read().split()[:3])
    except (OSError, ValueError):
        return Usage(0, 0, 0)
    return Usage(resident * _PAGE, (resident - shared) * _PAGE, virtual * _PAGE)


def descendants(pid: int) -> Iterator[int]:
    """Yield the processes that `pid` started, and those that they started."""
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return
    for thread in threads:
        try:
            with open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
                children = [int(child) for child in file.read().split()]
        except OSError:
            continue
        for child in children:
            yield child
            yield from descendants(child)


def available(root: Path = Path("/")) -> int:
    """Return the bytes that the machine, or the container this runs in, has left."""
    left = [_machine(root / "proc/meminfo"), _container(root / "sys/fs/cgroup")]
    return min(n for n in left if n is not None)


def _machine(meminfo: Path) -> int:
    for line in meminfo.read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    raise OSError(f"{meminfo} has no MemAvailable")


def _container(cgroup: Path) -> int | None:
    try:
        limit = (cgroup / "memory.max").read_text().strip()
        used = int((cgroup / "memory.current").read_text())
        lines = (cgroup / "memory.stat").read_text().splitlines()
    except OSError:  # no limit of version 2 here
        return None
    if limit == "max":
        return None
    # Cached file pages go as soon as somebody wants their room.
    cached = dict(line.split() for line in lines).get("inactive_file", "0")
    return int(limit) - used + int(cached)
