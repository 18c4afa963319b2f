"""What advice costs, and what it costs to keep a table.

Run ``python tests/benchmarks/bench_advice.py`` (two minutes). Milliseconds, median / 99th
percentile, with a new record and with that of a learner who saw 2,000 offers. Targets: an offer,
or a look of the coach, under 50 ms at the median, so that a panel's feedback stays under 200 ms.
"""

from __future__ import annotations

import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from mlplayground.advisor import Advisor
from mlplayground.catalog import load_catalog
from mlplayground.coach import Coach, from_profile
from mlplayground.database import Database
from mlplayground.journal import Event, Journal, new_event
from mlplayground.modeling import profile
from mlplayground.stash import Stash
from mlplayground.testing.learners import arms_of, candidates_of
from mlplayground.workspace import Workspace

TIMES = 60
DECISION = "data_explorer.next_fix"


def main() -> None:
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/patterns.db")
        journal, stash = Journal(database), Stash(folder, "ada")
        advice(database, journal, stash, "new record")
        journal.append(*offers(2000), durable=False)
        advice(database, journal, stash, "2,000 offers")
        workspace = Workspace(database, stash, journal, user="ada", session="s")
        for rows in (10_000, 1_000_000):
            keep(workspace, rows)
        database.dispose()


def advice(database: Database, journal: Journal, stash: Stash, name: str) -> None:
    catalog = load_catalog()
    advisor = Advisor(database, journal, catalog, user="ada", session="s", random_state=0)
    coach = Coach(database, journal, stash, user="ada", session="s")
    candidates = candidates_of(arms_of(catalog.decision(DECISION)))
    shown = advisor.suggest(DECISION, {}, candidates)
    facts = from_profile(profile(table(1000), "t0"))
    report(f"suggest, {name}", timed(lambda: advisor.suggest(DECISION, {}, candidates)))
    report(f"decide, {name}", timed(lambda: advisor.decide(shown[0], "accepted")))
    report(f"observe, {name}", timed(lambda: coach.observe("data_explorer", "quality", facts)))


def keep(workspace: Workspace, rows: int) -> None:
    frame = table(rows)
    begun = time.perf_counter()
    added = workspace.add_dataset(frame, name="table", origin="frame")
    kept = time.perf_counter()
    workspace.frame(added.id)
    read = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{rows:,} x 30: added in {kept - begun:.2f} s, read in {read - kept:.2f} s, "
        f"{added.bytes / 1e6:.0f} MB on disk, peak memory {peak} MB "
        f"(the frame {frame.memory_usage(deep=True).sum() / 1e6:.0f} MB)"
    )


def table(rows: int) -> pd.DataFrame:
    """Twenty columns of numbers and ten of words, with gaps."""
    rng = np.random.default_rng(0)
    words = np.array(["red", "green", "blue", None], dtype=object)
    numbers = {f"n{place}": rng.normal(size=rows) for place in range(20)}
    return pd.DataFrame(numbers | {f"t{p}": words[rng.integers(0, 4, rows)] for p in range(10)})


def offers(count: int) -> list[Event]:
    """Offers of three, each decided."""
    made = []
    for offer in range(count):
        items = [
            {"suggestion": f"o{offer}-{place}", "arm": arm, "place": place, "propensity": 0.3}
            for place, arm in enumerate(("outliers", "missing_values", "duplicate_rows"))
        ]
        common = {"decision": DECISION}
        shown = {"offer": f"o{offer}", "policy": "p", "context": {}, "items": items, **common}
        made.append(new_event("suggestion_shown", shown, user="ada", session="s"))
        for place, action in enumerate(("accepted", "dismissed", "dismissed")):
            which = {"suggestion": f"o{offer}-{place}", "arm": items[place]["arm"], **common}
            decided = {**which, "action": action}
            made.append(new_event("suggestion_decided", decided, user="ada", session="s"))
    return made


def timed(act: Callable[[], object]) -> list[float]:
    act()
    times = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - begun))
    return times


def report(name: str, times: list[float]) -> None:
    last = sorted(times)[int(0.99 * len(times))]
    print(f"{name:28} {statistics.median(times):7.1f} / {last:.1f}")


if __name__ == "__main__":
    main()
