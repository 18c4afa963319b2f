"""Workers as other systems than Linux get them keep the contract too."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlplayground.compute.local import LocalCompute
from mlplayground.compute.spawner import Spawner
from mlplayground.testing import compute_tasks as tasks
from mlplayground.testing.compute_contract import ComputeContract, Death, first_report

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def compute() -> Iterator[LocalCompute]:
    compute = LocalCompute(ComputeContract.memory_limit, max_workers=2, maker=Spawner)
    yield compute
    compute.close()


@pytest.fixture
def own_compute() -> Iterator[LocalCompute]:
    compute = LocalCompute(ComputeContract.memory_limit, max_workers=2, maker=Spawner)
    yield compute
    compute.close()


class TestContract(ComputeContract):
    pass


def test_a_worker_ends_with_its_caller() -> None:
    code = """
import json, os, time
from mlplayground.compute import report
from mlplayground.compute.local import LocalCompute
from mlplayground.compute.spawner import Spawner
compute = LocalCompute(1 << 30, maker=Spawner)
def hang():
    report(0.5, "busy", [os.getpid(), os.environ["TMPDIR"]])
    time.sleep(120)
idle = compute.submit(os.getpid).result()
busy = compute.submit(hang)
while busy.partial is None:
    time.sleep(0.01)
print(json.dumps([idle, *busy.partial]), flush=True)
time.sleep(120)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as script:
        assert script.stdout is not None
        *pids, scratch = json.loads(script.stdout.readline())
        deaths = [Death(pid) for pid in pids]
        assert Path(scratch).exists()
        script.kill()
    assert all(death.came() for death in deaths)
    assert not Path(scratch).parent.exists()


def test_cancel_takes_along_what_the_function_started(own_compute: LocalCompute) -> None:
    job = own_compute.submit(tasks.start_a_child, "import time; time.sleep(120)")
    child = Death(first_report(job))
    job.cancel()
    assert child.came()
