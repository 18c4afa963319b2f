"""A Dask cluster of two processes keeps the contract; and what happens when it goes away."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from mlplayground.compute import Compute, make_compute
from mlplayground.errors import ComputeError, MissingExtra
from mlplayground.settings import Settings
from mlplayground.testing import compute_tasks as tasks
from mlplayground.testing.compute_contract import PATIENCE, ComputeContract, first_report

pytestmark = pytest.mark.slow

distributed = pytest.importorskip("distributed")


def dask_compute(address: str) -> Compute:
    url = address.replace("tcp://", "dask://")
    return make_compute(
        Settings("ada", "/nowhere", "sqlite://", url, memory_limit=ComputeContract.memory_limit)
    )


def make_cluster() -> Any:
    import dask

    # LocalCluster gives up a worker that is not back by then, and here they die all the time.
    dask.config.set({"distributed.deploy.lost-worker-timeout": "1 hour"})
    return distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        memory_limit=0,
        silence_logs=50,
    )


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with make_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def compute(cluster: Any) -> Iterator[Compute]:
    compute = dask_compute(cluster.scheduler_address)
    yield compute
    compute.close()


@pytest.fixture
def own_compute(cluster: Any) -> Iterator[Compute]:
    compute = dask_compute(cluster.scheduler_address)
    yield compute
    compute.close()


class TestContract(ComputeContract):
    pass


def test_a_partial_result_too_large_for_the_scheduler_is_left_out(compute: Compute) -> None:
    job = compute.submit(tasks.report_large, 1 << 20)
    assert job.result(PATIENCE) == "done"
    assert (job.progress.message, job.partial) == ("large", None)


def test_a_scheduler_that_is_not_there_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlplayground.compute.dask_cluster.CONNECT_SECONDS", 1)
    compute = dask_compute("tcp://127.0.0.1:9")
    with pytest.raises(ComputeError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        compute.submit(tasks.total, 1).result(PATIENCE)
    compute.close()


def test_a_scheduler_that_goes_away_fails_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlplayground.compute.dask_cluster.CONNECT_SECONDS", 1)
    cluster = make_cluster()
    compute = dask_compute(cluster.scheduler_address)
    job = compute.submit(tasks.run_forever)
    first_report(job)
    cluster.close()
    with pytest.raises(ComputeError):
        job.result(PATIENCE)
    compute.close()


def test_without_dask_the_error_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtra, match=r"pip install 'mlplayground\[dask\]'"):
        dask_compute("tcp://127.0.0.1:9")
