"""What an event costs: to append, to read, to project, to roll up, on each kind of database.

Run ``python tests/benchmarks/bench_journal.py`` (about a minute). Times are milliseconds, median
/ 99th percentile. PostgreSQL is left out where it is not installed. Targets: an explicit act is
committed in under 5 ms, and a recorder's batch of 100 in under 20 ms, at the median; where
nothing is new a projection costs under 1 ms to catch up.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from plugins.postgres import PostgresServer, programs

from mlplayground.database import Database
from mlplayground.journal import Event, Journal, new_event
from mlplayground.journal.compact import compact
from mlplayground.journal.preferences import Preferences
from mlplayground.journal.projection import catch_up, installed, rebuild
from mlplayground.journal.schema import schemas
from mlplayground.stash import Stash
from mlplayground.testing.events import make_events

TIMES = 400


def main() -> None:
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    report("new_event", timed(opened, TIMES))
    with tempfile.TemporaryDirectory() as folder:
        measure_stash(Stash(folder, "ada"))
        for mode in ("wal", "delete"):
            measure(f"SQLite {mode}", f"sqlite:///{folder}/{mode}.db?journal_mode={mode}")
    found = programs()
    if found is None:
        print("PostgreSQL: not installed, not measured")
        return
    server = PostgresServer(found).start()
    try:
        # The server runs with fsync off, so what PostgreSQL says is a lower bound.
        measure("PostgreSQL (no fsync)", server.new_database())
    finally:
        server.close()


def measure(name: str, url: str) -> None:
    print(f"\n{name}")
    database = Database(url, timeout=60)
    start = time.perf_counter()
    database.upgrade()
    print(f"  made in {(time.perf_counter() - start) * 1000:.0f} ms")
    journal = Journal(database)
    report("append, durable", timed(lambda: journal.append(opened()), TIMES))
    report("append, not durable", timed(lambda: journal.append(opened(), durable=False), TIMES))
    report("append, 4 threads", together(lambda: journal.append(opened()), 4, TIMES // 4))
    batch = [[opened() for _ in range(100)] for _ in range(50)]
    report("batch of 100", timed(lambda: journal.append(*batch.pop(), durable=False), 50))
    catch_up(database, Preferences())
    report("last_seq", timed(journal.last_seq, TIMES))
    report("recording", timed(lambda: journal.recording("ada"), TIMES))
    report("catch_up, nothing new", timed(lambda: catch_up(database, Preferences()), TIMES))
    report("read 1000", timed(journal.read, 20))
    measure_projections(database, journal)
    database.dispose()


def measure_projections(database: Database, journal: Journal) -> None:
    for number in range(10):
        journal.append(*make_events(set(schemas()) - {"preference_changed"}, 1000,
                                    random_state=number))  # fmt: skip
    count = database.describe()["events"]
    projections = installed()
    start = time.perf_counter()
    rebuild(database, projections)
    spent = time.perf_counter() - start
    print(f"  rebuild {len(projections)} projections of {count} events: {spent:.1f} s")
    start = time.perf_counter()
    fewer = compact(database, datetime(2027, 1, 1, tzinfo=UTC))
    print(f"  compact: {fewer} events fewer in {time.perf_counter() - start:.1f} s")


def measure_stash(stash: Stash) -> None:
    print("\nstash, local")
    for size in (2_000, 2_000_000):
        blobs = [os.urandom(size) for _ in range(50)]
        report(
            f"put_blob, {size} bytes", timed(lambda blobs=blobs: stash.put_blob(blobs.pop()), 50)
        )


def opened() -> Event:
    return new_event("app_opened", {}, user="ada", session="s", app="data_explorer")


def timed(act: Callable[[], object], times: int) -> list[float]:
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        spent.append((time.perf_counter() - start) * 1000)
    return spent


def together(act: Callable[[], object], threads: int, times: int) -> list[float]:
    spent: list[float] = []
    running = [
        threading.Thread(target=lambda: spent.extend(timed(act, times))) for _ in range(threads)
    ]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return spent


def report(what: str, spent: list[float]) -> None:
    last = statistics.quantiles(spent, n=100)[98]
    print(f"  {what:<24} {statistics.median(spent):8.2f} / {last:8.2f}")


if __name__ == "__main__":
    main()
