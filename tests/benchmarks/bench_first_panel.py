"""From running a cell to the first panel, on a table of 10,000 rows; and the imports before it.

Run ``python tests/benchmarks/bench_first_panel.py`` (about a minute). Each figure is the median
of the rounds; each round has a fresh kernel. Targets: under 1 s once the imports are done, 2.5 s
with them; ``import mlplayground`` under 100 ms.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

from jupyter_client.manager import start_new_kernel

ROUNDS = 5
ROWS = 10_000
OPEN = "import mlplayground; explorer = mlplayground.open_app('data_explorer')"
PANEL = "explorer.step('overview')"
PREPARE = f"""
from mlplayground import Session
from mlplayground.practice import make_messy_table
make_messy_table(n_rows={ROWS}, random_state=0).frame.to_csv('table.csv', index=False)
with Session() as session:
    session.open('data_explorer').run('load', source='table.csv')
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ |= {"MLPLAYGROUND_HOME": f"{folder}/stash", "MLPLAYGROUND_USER": "ada"}
        subprocess.run([sys.executable, "-c", PREPARE], check=True)
        print(f"import mlplayground             {1000 * import_seconds():7.0f} ms")
        rounds = [fresh_kernel() for _ in range(ROUNDS)]
    for name, seconds in zip(
        ("open the app, with the imports", "first panel after that", "second panel of that kernel"),
        zip(*rounds, strict=True),
        strict=True,
    ):
        print(f"{name:32}{1000 * statistics.median(seconds):7.0f} ms")


def import_seconds() -> float:
    """Seconds that the import adds to an interpreter's start."""
    bare, ours = (
        statistics.median(timed([sys.executable, "-c", code]) for _ in range(9))
        for code in ("pass", "import mlplayground")
    )
    return ours - bare


def timed(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - began


def fresh_kernel() -> tuple[float, float, float]:
    manager, client = start_new_kernel()
    try:
        return tuple(cell(client, code) for code in (OPEN, PANEL, "explorer.step('quality')"))  # type: ignore[return-value]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def cell(client: object, code: str) -> float:
    """Seconds until the cell has ended, its panel with the result in it displayed."""
    began = time.perf_counter()
    reply = client.execute_interactive(code, timeout=120, output_hook=lambda message: None)  # type: ignore[attr-defined]
    assert reply["content"]["status"] == "ok", reply["content"]
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
