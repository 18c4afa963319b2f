"""The local workers: the contract, and what only they promise."""

from __future__ import annotations

import importlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplayground.compute import Job, report
from mlplayground.compute.local import LocalCompute
from mlplayground.errors import ComputeError, InputError, JobOutOfMemory, WorkerDied
from mlplayground.testing import compute_tasks as tasks
from mlplayground.testing.compute_contract import (
    PATIENCE,
    ComputeContract,
    Death,
    ended,
    first_report,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def compute() -> Iterator[LocalCompute]:
    compute = LocalCompute(ComputeContract.memory_limit, max_workers=2)
    yield compute
    compute.close()


@pytest.fixture
def own_compute() -> Iterator[LocalCompute]:
    compute = LocalCompute(ComputeContract.memory_limit, max_workers=2)
    yield compute
    compute.close()


class TestContract(ComputeContract):
    pass


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_worker_is_used_again(compute: LocalCompute) -> None:
    assert compute.submit(os.getpid).result(PATIENCE) == compute.submit(os.getpid).result(PATIENCE)


def test_a_worker_that_has_grown_fat_is_not(compute: LocalCompute) -> None:
    def grow() -> int:
        import builtins

        builtins.fat = np.ones(45 << 20)  # type: ignore[attr-defined]
        return os.getpid()

    fat = compute.submit(grow).result(PATIENCE)
    assert compute.submit(os.getpid).result(PATIENCE) != fat


def test_a_job_cancelled_while_it_waits_never_runs(compute: LocalCompute, tmp_path: Path) -> None:
    blockers = [compute.submit(tasks.run_until, tmp_path / "go") for _ in range(2)]
    for blocker in blockers:
        first_report(blocker)
    waiting = compute.submit((tmp_path / "ran").touch)
    waiting.cancel()
    assert ended(waiting)
    (tmp_path / "go").touch()
    assert [blocker.result(PATIENCE) for blocker in blockers] == ["released"] * 2
    assert compute.submit(tasks.total, 1).result(PATIENCE) == 1
    assert not (tmp_path / "ran").exists()


def test_jobs_begin_in_the_order_of_submission(tmp_path: Path) -> None:
    compute = LocalCompute(ComputeContract.memory_limit, max_workers=1)

    def note(number: int) -> None:
        with (tmp_path / "order").open("a") as file:
            file.write(f"{number} ")

    for job in [compute.submit(note, number) for number in range(20)]:
        job.result(PATIENCE)
    assert (tmp_path / "order").read_text().split() == [str(number) for number in range(20)]
    compute.close()


def test_a_worker_that_died_in_its_sleep_is_replaced_unnoticed(compute: LocalCompute) -> None:
    sleeper = compute.submit(os.getpid).result(PATIENCE)
    death = Death(sleeper)
    os.kill(sleeper, signal.SIGKILL)
    assert death.came()
    assert compute.submit(os.getpid).result(PATIENCE) != sleeper


def test_a_fork_server_that_was_killed_is_replaced(own_compute: LocalCompute) -> None:
    job = own_compute.submit(tasks.run_forever)
    worker = first_report(job)
    death = Death(worker)
    os.kill(parent_of(worker), signal.SIGKILL)
    assert death.came()  # or it would run on with nobody to watch it
    with pytest.raises(WorkerDied):
        job.result(PATIENCE)
    assert own_compute.submit(tasks.total, 3).result(PATIENCE) == 3


def test_cancel_takes_along_what_the_function_started(compute: LocalCompute) -> None:
    job = compute.submit(tasks.start_a_child, "import time; time.sleep(120)")
    child = Death(first_report(job))
    job.cancel()
    assert child.came()


def test_memory_of_what_the_function_started_counts(compute: LocalCompute) -> None:
    hog = "import time; kept = b'x' * (700 << 20); time.sleep(120)"
    with pytest.raises(JobOutOfMemory, match="may use 600 MiB"):
        compute.submit(tasks.start_a_child, hog).result(PATIENCE)


def test_an_absurd_allocation_is_refused_at_once(compute: LocalCompute) -> None:
    with pytest.raises(JobOutOfMemory, match=r"Unable to allocate 7\.28 TiB.*fewer rows"):
        compute.submit(np.ones, 10**12).result(PATIENCE)


def test_what_a_killed_worker_leaves_in_the_temporary_folder_is_removed(
    compute: LocalCompute,
) -> None:
    def leave_a_file() -> None:
        import tempfile
        import time

        file = tempfile.NamedTemporaryFile(delete=False)  # noqa: SIM115
        report(0.5, "written", (os.environ["JOBLIB_TEMP_FOLDER"], file.name))
        time.sleep(120)

    job = compute.submit(leave_a_file)
    folder, name = first_report(job)
    assert Path(name).is_relative_to(folder)
    assert Path(name).exists()
    job.cancel()
    assert ended(job)
    assert not Path(folder).exists()


def test_the_function_finds_files_and_modules_as_the_caller_does(
    compute: LocalCompute, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "beside_the_notebook.py").write_text("def answer():\n    return 42\n")
    (tmp_path / "table.csv").write_text("a\n1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    module: Any = importlib.import_module("beside_the_notebook")
    assert compute.submit(module.answer).result(PATIENCE) == 42
    assert compute.submit(Path("table.csv").read_text).result(PATIENCE) == "a\n1\n"


def test_a_module_that_was_edited_is_not_run_as_it_was(
    compute: LocalCompute, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "edited_module.py"
    file.write_text("def answer():\n    return 41\n")
    os.utime(file, (1, 1))
    monkeypatch.syspath_prepend(str(tmp_path))
    module: Any = importlib.import_module("edited_module")
    assert compute.submit(module.answer).result(PATIENCE) == 41
    file.write_text("def answer():\n    return 42\n")
    importlib.reload(module)
    assert compute.submit(module.answer).result(PATIENCE) == 42


def test_a_module_that_shadows_a_library_does_not_stop_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "random.py").write_text("raise RuntimeError('not the real one')\n")
    monkeypatch.chdir(tmp_path)
    compute = LocalCompute(ComputeContract.memory_limit)
    assert compute.submit(tasks.total, 1).result(PATIENCE) == 1
    compute.close()


def test_workers_draw_different_random_numbers(compute: LocalCompute, tmp_path: Path) -> None:
    def draw() -> float:
        tasks.run_until(tmp_path / "go")
        return float(np.random.random())

    jobs = [compute.submit(draw) for _ in range(2)]
    for job in jobs:
        first_report(job)
    (tmp_path / "go").touch()
    first, second = (job.result(PATIENCE) for job in jobs)
    assert first != second


def test_jobs_at_once_share_the_cores(compute: LocalCompute, tmp_path: Path) -> None:
    def count_threads() -> list[int]:
        from threadpoolctl import threadpool_info

        report(0.1, "began", True)
        return [library["num_threads"] for library in threadpool_info()]

    many: Job[str] = compute.submit(tasks.run_until, tmp_path / "go")
    first_report(many)
    threads = compute.submit(count_threads).result(PATIENCE)
    (tmp_path / "go").touch()
    share = max(1, len(os.sched_getaffinity(0)) // 2)
    assert threads
    assert max(threads) <= share


def test_prints_of_the_function_are_not_lost(capfd: pytest.CaptureFixture[str]) -> None:
    compute = LocalCompute(ComputeContract.memory_limit)
    compute.submit(print, "hello from the worker").result(PATIENCE)
    compute.close()
    assert "hello from the worker" in capfd.readouterr().out


def test_a_partial_result_that_cannot_be_sent_fails_the_job(compute: LocalCompute) -> None:
    def hand_over_a_lock() -> None:
        import threading

        report(0.5, "locked", threading.Lock())

    with pytest.raises(InputError, match="partial result"):
        compute.submit(hand_over_a_lock).result(PATIENCE)


def test_a_result_that_cannot_be_read_here_fails_the_job(compute: LocalCompute) -> None:
    def return_a_trap() -> object:
        class Trap:
            def __reduce__(self) -> tuple[type, tuple[str]]:
                return (int, ("not a number",))

        return Trap()

    with pytest.raises(ComputeError, match="cannot be read here"):
        compute.submit(return_a_trap).result(PATIENCE)
    assert compute.submit(tasks.total, 1).result(PATIENCE) == 1


def test_traceback_is_of_the_function_and_not_of_the_machinery(compute: LocalCompute) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        compute.submit(lambda: 1 / 0).result(PATIENCE)
    note = "".join(caught.value.__notes__)
    assert "compute.submit(lambda: 1 / 0)" in note
    assert "worker.py" not in note
