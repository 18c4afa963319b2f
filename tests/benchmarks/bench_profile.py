"""How long the first looks at a table take: reading, profile, problems, score, fingerprint.

Run with ``make bench``, or ``python tests/benchmarks/bench_profile.py [rows] [columns]``.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mlplayground.apps.data_explorer import find_problems, overview, quality, read_table
from mlplayground.modeling import evaluate, fingerprint, profile


def make_table(n_rows: int, n_columns: int) -> pd.DataFrame:
    """Half floats, a fifth integers, a fifth categories, a tenth long text; a target `y`."""
    rng = np.random.default_rng(0)
    columns: dict[str, object] = {}
    for i in range(n_columns - 1):
        kind = i % 10
        if kind < 5:
            columns[f"amount_{i}"] = np.where(
                rng.random(n_rows) < 0.05, np.nan, rng.lognormal(0, 1, n_rows)
            )
        elif kind < 7:
            columns[f"number_{i}"] = rng.integers(0, 1000, n_rows)
        elif kind < 9:
            columns[f"colour_{i}"] = rng.choice(["red", "green", "blue", "Red ", None], n_rows)
        else:
            columns[f"note_{i}"] = [f"order of user {j}" for j in rng.integers(0, 10**6, n_rows)]
    columns["y"] = rng.choice(["yes", "no"], n_rows)
    return pd.DataFrame(columns)


def measure(n_rows: int, n_columns: int) -> dict[str, tuple[float, float]]:
    """Return wall and CPU seconds of each first look, the better of two (without imports)."""
    frame = make_table(n_rows, n_columns)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        frame.to_csv(path, index=False)
        megabytes = path.stat().st_size / 1e6
        steps: dict[str, Callable[[], object]] = {
            f"read_table ({megabytes:.0f} MB)": lambda: read_table(path),
            "profile": lambda: profile(frame, "y"),
            "fingerprint": lambda: fingerprint(frame, "y"),
            "quality": lambda: quality(frame),
            "find_problems": lambda: find_problems(frame, "y"),
            "overview": lambda: overview(frame, "y"),
            "evaluate (boosting)": lambda: evaluate(frame, "y"),
        }
        return {name: min(seconds(step), seconds(step)) for name, step in steps.items()}


def seconds(step: Callable[[], object]) -> tuple[float, float]:
    start, used = time.perf_counter(), time.process_time()
    step()
    return time.perf_counter() - start, time.process_time() - used


@pytest.mark.bench
def test_first_looks() -> None:
    main(100_000, 50)


def main(n_rows: int, n_columns: int) -> None:
    print(f"\n{n_rows:,} rows x {n_columns} columns, better of two; load {os.getloadavg()[0]:.1f}")
    for name, (wall, cpu) in measure(n_rows, n_columns).items():
        print(f"  {name:<26} {wall:6.2f} s, {cpu:6.2f} s CPU")


if __name__ == "__main__":
    main(*(map(int, sys.argv[1:3] if len(sys.argv) > 2 else (100_000, 50))))
