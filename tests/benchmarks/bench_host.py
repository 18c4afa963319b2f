"""What a host must give to one learner: memory of the server, the kernel and its worker.

Run ``python tests/benchmarks/bench_host.py`` (about a minute). One learner opens the Data Explorer
under a real Jupyter server, loads a practice table of each size and runs every step. Figures are
megabytes: of the whole process tree as PSS (what is shared counts once), after each table, and
the highest seen meanwhile. Target: below 2 GB, of which JupyterLab's page takes nothing.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "integration"))

from serving import Page, Server

SIZES = (1_000, 100_000)
OPEN = """
import mlplayground
from mlplayground.practice import make_messy_table
explorer = mlplayground.open_app("data_explorer")
"""
WORK = """
make_messy_table(n_rows={rows}, random_state=1).frame.to_csv("table.csv", index=False)
explorer.run("load", source="table.csv")
explorer.run("overview")
explorer.accept(explorer.run("quality").suggestions[0])
"""


def main() -> None:
    print(f"machine: {psutil.virtual_memory().total / 1e6:,.0f} MB, {psutil.cpu_count()} cores")
    print(f"{'':34}{'MB':>8}{'highest':>10}")
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder)).start()
        try:
            with Watch(server) as watch, server.page(server.start_kernel()) as page:
                watch.show("server, and a kernel at rest")
                run(page, OPEN)
                watch.show("the app is open")
                for rows in SIZES:
                    run(page, WORK.format(rows=rows))
                    watch.show(f"{rows:,} rows through every step")
        finally:
            server.stop()


class Watch:
    """Looks at the server's process tree ten times a second."""

    def __init__(self, server: Server) -> None:
        self._root = psutil.Process(server.pid)
        self._highest = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def show(self, what: str) -> None:
        """Print the figures of this moment, and begin a new highest."""
        now = self._size()
        print(f"{what:34}{now:8,.0f}{max(self._highest, now):10,.0f}", flush=True)
        self._highest = 0.0

    def _look(self) -> None:
        while not self._ended.wait(0.1):
            self._highest = max(self._highest, self._size())

    def _size(self) -> float:
        return sum(map(_pss, [self._root, *self._root.children(recursive=True)])) / 1e6


def _pss(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.NoSuchProcess:
        return 0


def run(page: Page, source: str) -> None:
    """Run a cell; what it raises ends the measurement."""
    reply = page.run(source)
    assert reply["status"] == "ok", "\n".join(reply.get("traceback", []))


if __name__ == "__main__":
    main()
