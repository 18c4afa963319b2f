"""What runs on a Dask worker: the call, its reports, and a watch over its memory."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import cloudpickle
import numpy as np
import numpy.typing as npt
import psutil

from mlplayground.compute.failures import pack_failure, pack_result
from mlplayground.compute.messages import Kind, Packed
from mlplayground.compute.reporting import reporting_task

# Reports travel through the scheduler, which also keeps the last thousand of them.
LARGEST_REPORT = 1 << 18
_WATCH_INTERVAL = 0.05

Tell = Callable[[str, Any], None]
Bytes = npt.NDArray[np.uint8]


def join(kind: Kind, packed: Packed) -> Bytes:
    """Return a message as one array, which Dask sends without pickling or copying it."""
    parts = packed.parts()
    head = np.array([kind, len(parts), *(part.nbytes for part in parts)], dtype="<i8")
    pieces = [np.frombuffer(part, dtype=np.uint8) for part in (head.data.cast("B"), *parts)]
    whole = np.zeros(sum(_aligned(piece.size) for piece in pieces), dtype=np.uint8)
    start = 0
    for piece in pieces:
        whole[start : start + piece.size] = piece
        start += _aligned(piece.size)
    return whole


def split(whole: Bytes) -> tuple[Kind, Packed]:
    """Return the message that :func:`join` made an array of, without a copy."""
    kind, n_parts = whole[:16].view("<i8").tolist()
    head_size = 16 + 8 * n_parts
    parts, start = [], _aligned(head_size)
    for size in whole[16:head_size].view("<i8").tolist():
        parts.append(whole[start : start + size].data)
        start += _aligned(size)
    body, *buffers = parts
    return Kind(kind), Packed(body, buffers)


def _aligned(size: int) -> int:
    return size + -size % 64


def run(job: str, topic: str, message: Bytes, memory_limit: int) -> Bytes:
    """Run one job on the worker that this is; its caller listens to `topic`."""
    from distributed import get_worker

    worker = get_worker()

    def tell(what: str, value: Any) -> None:
        worker.log_event(topic, {"job": job, "what": what, "value": value})

    def send_report(fraction: float, message: str, partial: Any) -> None:
        body = cloudpickle.dumps((fraction, message, partial))
        if len(body) > LARGEST_REPORT:
            body = cloudpickle.dumps((fraction, message, None))
        tell("report", body)

    tell("started", worker.address)
    try:
        _, call = split(message)
        with reporting_task(send_report), _watch(memory_limit, tell):
            fn, args, kwargs = call.load()
            value = fn(*args, **kwargs)
        return join(Kind.RESULT, pack_result(value))
    except BaseException as error:
        return join(Kind.ERROR, pack_failure(error))
    finally:
        tell("ended", worker.address)


def end_worker(address: str, dask_worker: Any) -> None:
    """Kill the worker at `address` and what it started; this runs on its nanny."""
    process = dask_worker.process
    # It may be gone already, and another one be starting in its place, as yet without a pid.
    if dask_worker.worker_address != address or process is None or not process.pid:
        return
    try:
        worker = psutil.Process(process.pid)
        family = (*worker.children(recursive=True), worker)
    except psutil.NoSuchProcess:
        return
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()


@contextlib.contextmanager
def _watch(memory_limit: int, tell: Tell) -> Iterator[None]:
    """Tell the caller once when this process uses more memory than a job may."""
    over = threading.Event()

    def watch() -> None:
        process = psutil.Process(os.getpid())
        while not over.wait(_WATCH_INTERVAL):
            used = process.memory_info().rss
            if used > memory_limit:
                tell("memory", used)
                return

    threading.Thread(target=watch, name="mlplayground-memory", daemon=True).start()
    try:
        yield
    finally:
        over.set()
