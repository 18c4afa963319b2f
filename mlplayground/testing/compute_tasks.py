"""Functions that the compute contract runs in workers.

Each is apart from the suite, so that a worker need not import pytest to run it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mlplayground.compute import report
from mlplayground.errors import ColumnError, MissingExtra

# Long enough that a test which waits for such a job has failed, short enough to leave no ghost.
_FOREVER = 120


def total(*numbers: float, scale: float = 1.0) -> float:
    return scale * sum(numbers)


def process() -> int:
    """Return the process that the job runs in."""
    return os.getpid()


def run_forever(note: Path | None = None) -> None:
    """Report the own process id as a partial result, then run until killed."""
    if note is not None:
        note.touch()
    report(0.1, "running", os.getpid())
    time.sleep(_FOREVER)


def run_until(path: Path) -> str:
    """Report the own process id, then wait until `path` is there."""
    report(0.5, "waiting", os.getpid())
    for _ in range(_FOREVER * 100):
        if path.exists():
            return "released"
        time.sleep(0.01)
    raise TimeoutError(f"{path} did not appear")


def count_to(n: int, seconds: float) -> int:
    """Report each of `n` steps, `seconds` apart, with all the steps so far."""
    for step in range(1, n + 1):
        time.sleep(seconds)
        report(step / n, f"step {step}", list(range(1, step + 1)))
    return n


def flood(n: int) -> float:
    """Report `n` times as fast as it goes; return the seconds that it took."""
    begin = time.monotonic()
    for step in range(1, n + 1):
        report(step / n, f"step {step}")
    return time.monotonic() - begin


def report_twice_and_hang() -> None:
    """Report twice at once, so that the second has to wait, and be silent from then on."""
    report(0.1, "first")
    report(0.2, "second", os.getpid())
    time.sleep(_FOREVER)


def fail_with(error: BaseException) -> None:
    raise error


def fail_with_missing_extra() -> None:
    raise MissingExtra("sklearn", "models", "to fit")


def fail_with_column_error() -> None:
    raise ColumnError("There is no column 'age'.")


def use_memory(bytes_a_step: int) -> None:
    """Take more and more memory, and really use it."""
    kept = []
    while True:
        kept.append(np.ones(bytes_a_step // 8))
        time.sleep(0.02)


def make_frame(n_rows: int) -> pd.DataFrame:
    """Return a frame with a column of each common kind, missing values included."""
    random = np.random.default_rng(0)
    numbers = random.normal(size=n_rows)
    numbers[::7] = np.nan
    return pd.DataFrame(
        {
            "float": numbers,
            "int": random.integers(0, 1000, n_rows),
            "other float": random.normal(size=n_rows),
            "bool": random.random(n_rows) < 0.5,
            "text": [None if i % 11 == 0 else f"töxt {i}" for i in range(n_rows)],
            "category": pd.Categorical.from_codes(
                random.integers(-1, 3, n_rows).tolist(), pd.Index(["a", "b", "c"])
            ),
            "time": pd.Timestamp("2024-02-29") + pd.to_timedelta(np.arange(n_rows), unit="s"),
            "nullable": pd.array(random.integers(0, 9, n_rows), dtype="Int64"),
        }
    )


def overwrite(frame: pd.DataFrame) -> pd.DataFrame:
    """Write into the frame that came, as careless functions do."""
    frame.loc[frame.index[0], "int"] = -1
    return frame


def start_a_child(code: str) -> None:
    """Run Python code in another process, report its id, and wait for it."""
    child = subprocess.Popen([sys.executable, "-c", code])
    report(0.5, "started", child.pid)
    child.wait()


def leave(how: str) -> Any:
    """End the process in a way that no ``except`` sees."""
    if how == "exit":
        sys.exit(3)
    os.abort()


def report_large(size: int) -> str:
    """Report a partial result of `size` bytes."""
    report(0.5, "large", os.urandom(size))
    return "done"
