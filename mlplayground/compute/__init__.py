"""Where work runs: a function in, a :class:`Job` out.

``make_compute(settings).submit(fn, ...)`` runs `fn` in a worker process on this machine
(:mod:`~mlplayground.compute.local`) or on a Dask cluster
(:mod:`~mlplayground.compute.dask_cluster`), with the same progress, partial results,
cancelling and errors. Inside `fn`, :func:`report` tells how far it is.
"""

from __future__ import annotations

from mlplayground.compute.interface import Compute, make_compute
from mlplayground.compute.job import Job, Progress
from mlplayground.compute.reporting import report

__all__ = ["Compute", "Job", "Progress", "make_compute", "report"]
