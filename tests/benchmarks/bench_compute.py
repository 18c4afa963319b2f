"""What it costs to run work elsewhere, on local workers and on a Dask cluster of two processes.

Run ``python tests/benchmarks/bench_compute.py`` (about two minutes). Medians, with the smallest
and the largest in brackets; a plain pickle through a pipe is measured beside the frame transfer.
Targets: a cancelled caller is free within 1 s, the local worker within 1 s and the cluster's
within 10 s; a kernel's shutdown is not delayed.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd

from mlplayground.compute import Compute, Job
from mlplayground.compute.local import LocalCompute
from mlplayground.testing import compute_tasks as tasks
from mlplayground.testing.compute_contract import Death, first_report

LIMIT = 4 << 30
ROWS = 1_000_000


def main() -> None:
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    frames = {"floats": floats(), "mixed": mixed()}
    first_answers()
    with closing(LocalCompute(LIMIT)) as compute:
        compute.warm_up()
        time.sleep(3)  # the preload
        measure("local", compute, frames)
    for name, frame in frames.items():
        show(f"plain pickle through a pipe, {name}, there and back", repeat(3, plain(frame)))
    kernel_shutdown()
    with dask_compute() as compute:
        measure("Dask", compute, frames)


def measure(place: str, compute: Compute, frames: dict[str, pd.DataFrame]) -> None:
    compute.submit(tasks.total, 1).result()
    show(f"{place}: warm call", repeat(50, lambda: compute.submit(tasks.total, 1).result()))
    for name, frame in frames.items():
        size = frame.memory_usage().sum() >> 20
        show(
            f"{place}: frame of 1M x {frame.shape[1]} ({name}, {size} MiB), there and back",
            repeat(3, lambda frame=frame: compute.submit(same, frame).result()),
        )
    show(f"{place}: a report is late by", lateness(compute))
    caller, worker, after = zip(*(cancel(compute) for _ in range(5)), strict=True)
    show(f"{place}: cancel, until the caller is free", caller)
    show(f"{place}: cancel, until the worker is gone", worker)
    show(f"{place}: cancel, until the next job has answered", after)


def same(value: Any) -> Any:
    return value


def floats() -> pd.DataFrame:
    values = np.random.default_rng(0).normal(size=(ROWS, 30))
    return pd.DataFrame(values, columns=[f"x{i}" for i in range(30)])


def mixed() -> pd.DataFrame:
    frame = floats()
    random = np.random.default_rng(1)
    for i in range(20, 25):
        frame[f"x{i}"] = random.integers(0, 1000, ROWS)
    words = np.array([f"word {i}" for i in range(1000)], dtype=object)
    for i in range(25, 30):
        frame[f"x{i}"] = words[random.integers(0, 1000, ROWS)]
    return frame


def first_answers() -> None:
    """The first job of a kernel, and the first that needs scikit-learn."""
    plain, with_sklearn, preloaded = [], [], []
    for _ in range(3):
        with closing(LocalCompute(LIMIT)) as compute:
            plain += repeat(1, lambda: compute.submit(os.getpid).result())
        with closing(LocalCompute(LIMIT)) as compute:
            with_sklearn += repeat(1, lambda: compute.submit(needs_sklearn).result())
        with closing(LocalCompute(LIMIT)) as compute:
            compute.warm_up()
            time.sleep(4)
            preloaded += repeat(1, lambda: compute.submit(needs_sklearn).result())
    show("local: first call", plain)
    show("local: first call, scikit-learn imported in it", with_sklearn)
    show("local: first call after the preload, scikit-learn used", preloaded)


def needs_sklearn() -> str:
    from sklearn.ensemble import HistGradientBoostingRegressor

    return HistGradientBoostingRegressor.__name__


def plain(frame: pd.DataFrame) -> Callable[[], None]:
    def there_and_back() -> None:
        mine, theirs = multiprocessing.Pipe()
        child = multiprocessing.get_context("fork").Process(target=echo, args=(theirs,))
        child.start()
        mine.send_bytes(pickle.dumps(frame))
        pickle.loads(mine.recv_bytes())
        child.join()

    return there_and_back


def echo(pipe: Any) -> None:
    pipe.send_bytes(pickle.dumps(pickle.loads(pipe.recv_bytes())))


def lateness(compute: Compute) -> list[float]:
    late: list[float] = []
    job: Job[None] = compute.submit(report_the_time)
    job.on_progress(lambda _: late.append(time.time() - job.partial))
    job.result()
    return late


def report_the_time() -> None:
    from mlplayground.compute import report

    for step in range(20):
        report(step / 20, partial=time.time())
        time.sleep(0.12)


def cancel(compute: Compute) -> tuple[float, float, float]:
    job: Job[None] = compute.submit(tasks.run_forever)
    worker = Death(first_report(job))
    begin = time.perf_counter()
    job.cancel()
    assert job.done()
    caller = time.perf_counter() - begin
    assert worker.came()
    gone = time.perf_counter() - begin
    compute.submit(tasks.total, 1).result()
    return caller, gone, time.perf_counter() - begin


def kernel_shutdown() -> None:
    """Shut a kernel down without compute, with an idle worker, and with a busy one."""
    from jupyter_client.manager import start_new_kernel

    start = (
        "import os, time\nfrom mlplayground.compute.local import LocalCompute\n"
        f"compute = LocalCompute({LIMIT})\ncompute.submit(os.getpid).result()\n"
    )
    busy = start + "compute.submit(time.sleep, 60)\n"
    for name, code in {"bare": "0", "idle worker": start, "busy worker": busy}.items():
        seconds = []
        for _ in range(3):
            manager, client = start_new_kernel(kernel_name="python3", stderr=subprocess.DEVNULL)
            client.execute_interactive(code, output_hook=lambda _: None)
            client.stop_channels()
            seconds += repeat(1, manager.shutdown_kernel)
        show(f"kernel shutdown, {name}", seconds)


@contextmanager
def dask_compute() -> Iterator[Compute]:
    import dask
    from distributed import LocalCluster

    from mlplayground.compute.dask_cluster import DaskCompute

    dask.config.set({"distributed.deploy.lost-worker-timeout": "1 hour"})
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            memory_limit=0,
            silence_logs=50,
        ) as cluster,
        closing(DaskCompute(cluster.scheduler_address.replace("tcp", "dask"), LIMIT)) as compute,
    ):
        yield compute


@contextmanager
def closing(compute: Compute) -> Iterator[Compute]:
    try:
        yield compute
    finally:
        compute.close()


def repeat(times: int, call: Callable[[], object]) -> list[float]:
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - begin)
    return seconds


def show(what: str, seconds: Any) -> None:
    middle, low, high = (f(seconds) * 1000 for f in (statistics.median, min, max))
    print(f"{what:68} {middle:9.2f} ms [{low:.2f} .. {high:.2f}]", flush=True)


if __name__ == "__main__":
    main()
