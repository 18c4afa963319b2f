"""The worker's side: take a call, run it, send back what comes of it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import tempfile
from dataclasses import asdict, dataclass
from typing import Any

from mlplayground.compute.failures import pack_failure, pack_result
from mlplayground.compute.memory import usage
from mlplayground.compute.messages import Kind, Packed, pack, receive, send
from mlplayground.compute.reporting import reporting_process
from mlplayground.compute.sources import Sources


@dataclass(frozen=True, slots=True)
class Context:
    """Where and how a call is to run.

    Attributes
    ----------
    folder : str
        The caller's working directory, so that relative paths mean the same.
    path : list of str
        The caller's ``sys.path``, so that the same modules are found.
    threads, cores : int
        How many threads numerical libraries may use, and how many they could use.
    """

    folder: str
    path: list[str]
    threads: int
    cores: int

    @classmethod
    def here(cls, threads: int, cores: int) -> Context:
        """Describe the calling process."""
        try:
            folder = os.getcwd()
        except OSError:  # it was deleted
            folder = os.path.expanduser("~")
        return cls(folder, [str(entry) for entry in sys.path], threads, cores)

    def pack(self) -> Packed:
        return Packed(json.dumps(asdict(self)).encode())

    @classmethod
    def unpack(cls, packed: Packed) -> Context:
        return cls(**json.loads(bytes(packed.body)))

    def enter(self) -> None:
        """Make it so in this process."""
        with contextlib.suppress(OSError):
            os.chdir(self.folder)
        sys.path[:] = self.path

    def limited(self) -> contextlib.AbstractContextManager[Any]:
        """Hold numerical libraries and joblib to so many threads or processes."""
        os.environ["LOKY_MAX_CPU_COUNT"] = str(self.threads)
        os.environ["OMP_NUM_THREADS"] = str(self.threads)  # for what the function loads itself
        if self.threads == self.cores:
            return contextlib.nullcontext()
        from threadpoolctl import threadpool_limits

        limits: contextlib.AbstractContextManager[Any] = threadpool_limits(self.threads)
        return limits


def serve(sock: socket.socket, memory_limit: int) -> None:
    """Run one call after the other until the caller hangs up."""
    context, sources = None, Sources()
    while (message := receive(sock)) is not None:
        kind, packed = message
        del message  # or the arguments of this call would stay until the next
        if kind is Kind.CONTEXT:
            context = Context.unpack(packed)
            context.enter()
            continue
        assert context is not None
        if sources.changed():
            return  # before the function begins: the caller takes another worker
        limit_address_space(memory_limit)
        answer = _answer(sock, packed, context)
        del packed
        sources.note()
        try:
            send(sock, *answer)
        except OSError:
            return
        del answer


def _answer(sock: socket.socket, call: Packed, context: Context) -> tuple[Kind, Packed]:
    def send_report(fraction: float, message: str, partial: Any) -> None:
        send(sock, Kind.REPORT, pack((fraction, message, partial)))

    try:
        fn, args, kwargs = call.load()
        send(sock, Kind.STARTED, Packed(b""))
        with reporting_process(send_report), context.limited():
            value = fn(*args, **kwargs)
        return Kind.RESULT, pack_result(value)
    except BaseException as error:
        return Kind.ERROR, pack_failure(error)
    finally:
        # The process will end without ceremony; what the function printed must not wait for it.
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()


def use_scratch(scratch: str) -> None:
    """Put temporary files into a folder of this worker, which is removed with it.

    A worker that is killed cannot clear up what it left lying (joblib's arrays above all).
    """
    folder = os.path.join(scratch, str(os.getpid()))
    with contextlib.suppress(OSError):
        os.mkdir(folder)
        os.environ["TMPDIR"] = os.environ["JOBLIB_TEMP_FOLDER"] = tempfile.tempdir = folder


def limit_address_space(memory_limit: int) -> None:
    """Refuse what could not possibly fit, as a second line behind the watch.

    An allocation far beyond the limit then is a ``MemoryError`` in the function. Address space
    is not memory (threads and mapped files take much and use little), so the line is wide.
    """
    if sys.platform != "linux":  # elsewhere it does not hold, or is not there
        return
    import resource

    limit = usage(os.getpid()).virtual + 2 * memory_limit + (1 << 30)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
