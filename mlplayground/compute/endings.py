"""Why a worker ended, in words."""

from __future__ import annotations

import signal

from mlplayground.compute.watch import Ending
from mlplayground.errors import ComputeError, JobOutOfMemory, WorkerDied

KILLED = -9  # SIGKILL, which not every system has a name for
ADVICE = (
    "Use fewer rows or columns or a smaller model, or allow jobs more memory: set "
    "MLPLAYGROUND_MEMORY_MB and restart."
)


def explain(ending: Ending, memory_limit: int) -> ComputeError:
    """Say in words why a worker ended in the middle of a job."""
    if ending.left >= 0:
        return JobOutOfMemory(
            f"The job was stopped at {_mib(ending.used)} because the machine had only "
            f"{_mib(ending.left)} of memory left. Close other notebooks, or use fewer rows or "
            "columns or a smaller model."
        )
    if ending.used:
        return over_limit(ending.used, memory_limit)
    how = _in_words(ending.code)
    # Some libraries do not survive a refused allocation.
    if ending.peak > 0.8 * memory_limit or ending.growth > memory_limit:
        return JobOutOfMemory(
            f"The job ended ({how}) when it asked for more memory; it used {_mib(ending.peak)}, "
            f"and a job may use {_mib(memory_limit)}. {ADVICE}"
        )
    return WorkerDied(
        f"The worker process ended in the middle of the job: {how}. Run it again; if it "
        "happens again, the cause is in what the job runs."
    )


def over_limit(used: int, memory_limit: int) -> JobOutOfMemory:
    """Say that a job was stopped for using more than `memory_limit` bytes."""
    return JobOutOfMemory(
        f"The job was stopped because it used {_mib(used)} of memory, and a job may use "
        f"{_mib(memory_limit)}. {ADVICE}"
    )


def _in_words(code: int) -> str:
    if code == KILLED:
        return "it was killed from outside, most often because the machine ran out of memory"
    if code < 0:
        return f"it crashed with {signal.Signals(-code).name}"
    return f"it ended itself with exit code {code}"


def _mib(size: int) -> str:
    return f"{size / (1 << 20):,.0f} MiB"
