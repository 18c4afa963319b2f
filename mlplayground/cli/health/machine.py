"""Whether the machine, and the cluster where one is named, can do the work."""

from __future__ import annotations

import platform
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from mlplayground.cli.health.finding import Finding
from mlplayground.settings import Settings

_GIB = 1024**3
_NEEDED = 2 * _GIB
_CONTAINER = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
_SECONDS = 3.0


def check_memory(settings: Settings) -> Iterator[Finding]:
    """Memory of the machine, or of the container that this runs in."""
    import psutil

    total = min([psutil.virtual_memory().total, *_limits()])
    allowed = f"one job may use {settings.memory_limit / _GIB:.1f} GiB"
    text = f"{total / _GIB:.1f} GiB, of which {allowed}"
    # What is sold as 2 GB has a little less than 2 GiB.
    if total < 0.9 * _NEEDED:
        yield Finding("note", "memory", text, "2 GiB are needed for more than small tables.")
    elif settings.memory_limit > total:
        remedy = f"Set MLPLAYGROUND_MEMORY_MB to at most {int(total / 2**20 * 0.7)}."
        yield Finding("note", "memory", text, remedy)
    else:
        yield Finding("ok", "memory", text)


def check_python(settings: Settings) -> Iterator[Finding]:
    """The interpreter, for whoever reads the report."""
    yield Finding("ok", "Python", f"{platform.python_version()} on {platform.system()}")


def check_compute(settings: Settings) -> Iterator[Finding]:
    """Where jobs run; a cluster's scheduler must answer."""
    address = urlsplit(settings.compute_url)
    if settings.compute_url == "local":
        yield Finding("ok", "compute", "jobs run on this machine")
    elif address.scheme == "dask" and address.hostname and address.port:
        yield _reachable(address.hostname, address.port)
    else:
        text = f"MLPLAYGROUND_COMPUTE is {settings.compute_url!r}."
        yield Finding("broken", "compute", text, "It must be local, or dask://HOST:PORT.")


def _reachable(host: str, port: int) -> Finding:
    try:
        socket.create_connection((host, port), timeout=_SECONDS).close()
    except OSError as error:
        text = f"The Dask scheduler at {host}:{port} does not answer: {error.strerror or error}."
        return Finding("broken", "compute", text, "Start it, or unset MLPLAYGROUND_COMPUTE.")
    return Finding("ok", "compute", f"jobs run on the Dask cluster at {host}:{port}")


def _limits() -> Iterator[int]:
    for path in _CONTAINER:
        try:
            yield int(path.read_text())
        except (OSError, ValueError):  # another version, or "max": no limit
            continue
