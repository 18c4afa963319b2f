"""What every place to compute promises, and the choice between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from mlplayground.compute.job import Job
from mlplayground.errors import InputError
from mlplayground.settings import Settings

T = TypeVar("T")


class Compute(Protocol):
    """A place where functions run as jobs, outside the process that asks.

    Obligations of an implementation:

    - `submit` may be called from any thread, and returns without waiting for a free worker.
      Jobs begin in the order of submission. The arguments are taken as they are at the call;
      arrays are not copied before the job begins, so do not write into them meanwhile.
    - Every job ends: with a result, with the exception that the function raised (its type
      kept, the worker's traceback as a note), or with a ``ComputeError``. What cannot be
      sent, a worker that dies, a cluster that is gone: all of that is a failed job, and
      never an exception from `submit`.
    - After ``job.cancel()`` the caller is free within a second, and so is the worker's
      processor within a second (on this machine) or ten (on a cluster).
    - On this machine, a function that has begun is never run a second time. On a cluster it is,
      once, if its worker is lost.
    - `close` cancels what still runs and leaves no process behind. So does the end of the
      interpreter; where that is violent, a task of a cluster runs to its own end.
    """

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Job[T]:
        """Run ``fn(*args, **kwargs)`` in a worker; see the class for what holds."""

    def warm_up(self) -> None:
        """Begin to get ready, without waiting, so that the first job starts sooner."""

    def close(self) -> None:
        """Cancel every job and let the workers go; may be called twice."""


def make_compute(settings: Settings) -> Compute:
    """Return the place to compute that ``settings.compute_url`` names.

    Raises
    ------
    InputError
        If it is neither ``"local"`` nor ``"dask://host:port"``.
    MissingExtra
        If it names a Dask cluster and Dask is not installed.
    """
    url = settings.compute_url
    if url == "local":
        from mlplayground.compute.local import LocalCompute

        return LocalCompute(memory_limit=settings.memory_limit)
    if url.startswith("dask://"):
        from mlplayground.compute.dask_cluster import DaskCompute

        return DaskCompute(url, memory_limit=settings.memory_limit)
    raise InputError(f"MLPLAYGROUND_COMPUTE must be 'local' or 'dask://host:port', not {url!r}.")
