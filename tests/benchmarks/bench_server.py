"""What the extension adds to a Jupyter server: time to its first answer, memory; how fast it tells.

Run ``python tests/benchmarks/bench_server.py`` (about two minutes). Starts the same server with
and without the extension, in turns, and compares medians. Targets: under 300 ms and 40 MB. The
memory is taken three times: at rest after the start, after the sidebar has asked for the state,
and after a kernel was recorded. At last, the time from running a cell that appends an event to the
push that tells the sidebar (target: 1 s).
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "integration"))

from serving import ANNOUNCE, Server, eventually

ROUNDS = 5


def main() -> None:
    started: dict[bool, list[tuple[float, float, float]]] = {True: [], False: []}
    for _ in range(ROUNDS):
        for ours in (False, True):
            started[ours].append(start_once(ours))
    without, with_ours = (
        [statistics.median(column) for column in zip(*started[ours], strict=True)]
        for ours in (False, True)
    )
    print(f"{'':38}{'without':>10}{'with':>10}{'added':>10}")
    show("ms to the first answer", without[0] * 1000, with_ours[0] * 1000)
    show("ms of processor time until then", without[1] * 1000, with_ours[1] * 1000)
    show("MB at rest", without[2], with_ours[2])
    for name, size in in_use():
        show(f"MB {name}", without[2], size)
    delays = sorted(push_delays())
    print(
        f"ms from a cell to its push: median {statistics.median(delays):.0f}, max {delays[-1]:.0f}"
    )


def start_once(ours: bool) -> tuple[float, float, float]:
    """(seconds to the first answer, seconds of processor time until then, MB at rest)."""
    with tempfile.TemporaryDirectory() as folder:
        server = make(Path(folder), ours)
        begin = time.perf_counter()
        server.start()
        seconds = time.perf_counter() - begin
        used = sum(psutil.Process(server.pid).cpu_times()[:2])
        size = memory(server)
        server.stop()
    return seconds, used, size


def in_use() -> list[tuple[str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        server = make(Path(folder), True).start()
        server.http.get(server.api("state"))
        sizes = [("after GET state", memory(server))]
        with server.page(server.start_kernel()) as page:
            page.run(ANNOUNCE)
            for number in range(200):
                page.run(f"x = {number}")
            eventually(lambda: len(server.events("cell_executed")) >= 200, "the record")
        sizes.append(("after a recorded kernel (and its own)", memory(server)))
        server.stop()
    return sizes


def push_delays() -> list[float]:
    from test_server_push import APPEND, listening

    with tempfile.TemporaryDirectory() as folder:
        server = make(Path(folder), True).start()
        delays = []
        with listening(server) as wait, server.page(server.start_kernel()) as page:
            page.run(ANNOUNCE + APPEND)
            # Unrecorded, the cells leave no events but the one that each appends.
            switched = server.http.put(server.api("preferences"), json={"recording": False})
            for seq in range(switched.json()["seq"] + 1, switched.json()["seq"] + 21):
                begin = time.perf_counter()
                page.run(f"append(Database('sqlite:///{server.database}'))")
                wait(seq)
                delays.append((time.perf_counter() - begin) * 1000)
        server.stop()
    return delays


def make(folder: Path, ours: bool) -> Server:
    server = Server(folder)
    server.extensions["mlplayground_server"] = ours
    return server


def memory(server: Server) -> float:
    return psutil.Process(server.pid).memory_info().rss / 1e6


def show(name: str, without: float, with_ours: float) -> None:
    print(f"{name:38}{without:10.0f}{with_ours:10.0f}{with_ours - without:10.0f}")


if __name__ == "__main__":
    main()
