"""What every implementation of :class:`~mlplayground.compute.Compute` must do.

Subclass :class:`ComputeContract` in a test module and give it two fixtures, each of which
yields an implementation with at least two workers and a memory limit of
``ComputeContract.memory_limit`` bytes: ``compute``, which the tests share, and ``own_compute``,
which one of them closes.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mlplayground.compute import Compute, Job, Progress, report
from mlplayground.errors import (
    ColumnError,
    ComputeError,
    InputError,
    JobCancelled,
    JobOutOfMemory,
    MissingExtra,
    WorkerDied,
)
from mlplayground.testing import compute_tasks as tasks

# Nothing in the suite measures: this only ends a test that has failed.
PATIENCE = 60.0


def first_report(job: Job[Any]) -> Any:
    """Wait until the job has reported a partial result and return that."""
    reported = threading.Event()
    job.on_progress(lambda _: reported.set())
    if job.partial is None:
        assert reported.wait(PATIENCE), f"no report came from {job}"
    return job.partial


def ended(job: Job[Any]) -> bool:
    """Wait until the job's thread has told everybody of its end."""
    told = threading.Event()
    job.on_done(lambda _: told.set())
    return told.wait(PATIENCE)


class Death:
    """Waits for the end of a process, whoever its parent is."""

    def __init__(self, pid: int) -> None:
        self._fd: int | None = None
        with contextlib.suppress(ProcessLookupError):
            self._fd = os.pidfd_open(pid)

    def came(self, timeout: float = PATIENCE) -> bool:
        if self._fd is None:
            return True
        try:
            return bool(select.select([self._fd], [], [], timeout)[0])
        finally:
            os.close(self._fd)
            self._fd = None


class ComputeContract:
    """The obligations of :class:`~mlplayground.compute.Compute`, one test each."""

    memory_limit = 600 << 20

    # Results ---------------------------------------------------------------------------

    def test_returns_what_the_function_returns(self, compute: Compute) -> None:
        job = compute.submit(tasks.total, 1, 2, scale=10)
        assert job.result(PATIENCE) == 30
        assert (job.status, job.done()) == ("done", True)
        assert job.progress == Progress(1.0, "", 0.0)

    def test_runs_in_another_process(self, compute: Compute) -> None:
        assert compute.submit(tasks.process).result(PATIENCE) != os.getpid()

    def test_takes_closures_and_lambdas(self, compute: Compute) -> None:
        factor = 3

        def times(number: int) -> int:
            return number * factor

        assert compute.submit(times, 4).result(PATIENCE) == 12
        assert compute.submit(lambda: factor + 1).result(PATIENCE) == 4

    def test_takes_arguments_as_they_are_at_the_call(self, compute: Compute) -> None:
        names = ["a"]
        job = compute.submit(lambda: list(names))
        names.append("b")
        assert job.result(PATIENCE) == ["a"]

    def test_large_frame_comes_back_equal(self, compute: Compute) -> None:
        frame = tasks.make_frame(100_000)
        returned = compute.submit(lambda given: given, frame).result(PATIENCE)
        pd.testing.assert_frame_equal(returned, frame)
        returned.loc[returned.index[0], "float"] = 0.0  # and can be written to

    def test_function_may_write_into_its_copy(self, compute: Compute) -> None:
        frame = tasks.make_frame(100_000)
        before = frame.copy()
        assert compute.submit(tasks.overwrite, frame).result(PATIENCE)["int"].iloc[0] == -1
        pd.testing.assert_frame_equal(frame, before)

    def test_fifty_jobs_each_get_their_own_result(self, compute: Compute) -> None:
        jobs = [compute.submit(tasks.total, number) for number in range(50)]
        assert [job.result(PATIENCE) for job in jobs] == list(range(50))

    def test_two_jobs_run_at_once(self, compute: Compute, tmp_path: Path) -> None:
        jobs = [compute.submit(tasks.run_until, tmp_path / "go") for _ in range(2)]
        assert len({first_report(job) for job in jobs}) == 2
        (tmp_path / "go").touch()
        assert [job.result(PATIENCE) for job in jobs] == ["released"] * 2

    def test_submits_from_any_thread(self, compute: Compute) -> None:
        results: list[float] = []
        thread = threading.Thread(
            target=lambda: results.append(compute.submit(tasks.total, 7).result(PATIENCE))
        )
        thread.start()
        thread.join(PATIENCE)
        assert results == [7]

    # Errors ----------------------------------------------------------------------------

    @pytest.mark.parametrize("error", [KeyError("age"), ZeroDivisionError(), OSError(2, "gone")])
    def test_keeps_the_type_of_an_error(self, compute: Compute, error: Exception) -> None:
        job = compute.submit(tasks.fail_with, error)
        with pytest.raises(type(error)) as caught:
            job.result(PATIENCE)
        assert (str(caught.value), job.status) == (str(error), "failed")
        assert "in fail_with" in "".join(caught.value.__notes__)

    def test_our_own_errors_come_as_they_are(self, compute: Compute) -> None:
        with pytest.raises(ColumnError, match="no column 'age'"):
            compute.submit(tasks.fail_with_column_error).result(PATIENCE)
        # Its constructor takes three arguments, of which it keeps one: pickle cannot do that.
        with pytest.raises(MissingExtra, match="sklearn is needed to fit"):
            compute.submit(tasks.fail_with_missing_extra).result(PATIENCE)

    def test_error_classes_of_a_notebook_keep_their_identity(self, compute: Compute) -> None:
        class NotToday(Exception):
            pass

        def refuse() -> None:
            raise NotToday("try tomorrow")

        with pytest.raises(NotToday, match="tomorrow"):
            compute.submit(refuse).result(PATIENCE)

    def test_an_exit_ends_the_job_and_not_the_caller(self, compute: Compute) -> None:
        with pytest.raises(ComputeError, match=r"SystemExit\(3\)"):
            compute.submit(tasks.leave, "exit").result(PATIENCE)

    def test_what_cannot_be_sent_is_a_failed_job(self, compute: Compute) -> None:
        job = compute.submit(tasks.total, threading.Lock())
        with pytest.raises(InputError, match="cannot be sent to a worker"):
            job.result(PATIENCE)
        with pytest.raises(ComputeError, match="cannot be sent back"):
            compute.submit(threading.Lock).result(PATIENCE)

    def test_a_worker_killed_from_outside_gives_a_result_or_a_clear_error(
        self, compute: Compute, tmp_path: Path
    ) -> None:
        job = compute.submit(tasks.run_until, tmp_path / "go")
        victim = Death(pid := first_report(job))
        os.kill(pid, signal.SIGKILL)
        assert victim.came()
        (tmp_path / "go").touch()
        try:
            outcome = job.result(PATIENCE)
        except WorkerDied as error:
            outcome = str(error)
        assert outcome == "released" or "ended in the middle of the job" in outcome
        assert compute.submit(tasks.total, 1).result(PATIENCE) == 1

    def test_a_function_that_takes_its_worker_down_is_told_so(self, compute: Compute) -> None:
        with pytest.raises(WorkerDied, match="in the middle of the job"):
            compute.submit(tasks.leave, "abort").result(PATIENCE)
        assert compute.submit(tasks.total, 1).result(PATIENCE) == 1

    def test_too_much_memory_is_a_clear_error(self, compute: Compute) -> None:
        with pytest.raises(JobOutOfMemory, match=r"used [67]\d\d MiB.*may use 600 MiB") as caught:
            compute.submit(tasks.use_memory, 20 << 20).result(PATIENCE)
        assert "fewer rows" in str(caught.value)
        assert isinstance(caught.value, MemoryError)
        assert compute.submit(tasks.total, 1).result(PATIENCE) == 1

    # Progress --------------------------------------------------------------------------

    def test_reports_arrive_in_order_and_before_the_end(self, compute: Compute) -> None:
        seen: list[Progress] = []
        partials: list[Any] = []
        after: list[int] = []
        job = compute.submit(tasks.count_to, 10, 0.15)
        job.on_progress(seen.append)
        job.on_progress(lambda _: partials.append(job.partial))
        job.on_done(lambda _: after.append(len(seen)))
        assert job.result(PATIENCE) == 10
        assert ended(job)
        fractions = [progress.fraction for progress in seen]
        assert fractions == sorted(fractions)
        assert seen[-1].fraction == 1.0
        assert seen[-1].message == "step 10"
        assert partials[-1] == job.partial == list(range(1, 11))
        assert len(seen) >= 5  # slower than the thinning, so nearly all of them come
        assert after == [len(seen)]

    def test_estimates_the_time_left(self, compute: Compute) -> None:
        seen: list[Progress] = []
        job = compute.submit(tasks.count_to, 4, 0.15)
        job.on_progress(seen.append)
        job.result(PATIENCE)
        left = [progress.seconds_left for progress in seen if progress.fraction < 1]
        assert left
        assert all(seconds is not None and seconds > 0 for seconds in left)

    def test_a_flood_of_reports_is_thinned_out(self, compute: Compute) -> None:
        seen: list[Progress] = []
        job = compute.submit(tasks.flood, 100_000)
        job.on_progress(seen.append)
        seconds = job.result(PATIENCE)
        assert ended(job)
        assert len(seen) <= 10 * seconds + 2
        assert seen[-1] == Progress(1.0, "step 100000", seen[-1].seconds_left)

    def test_the_latest_report_comes_although_silence_follows(self, compute: Compute) -> None:
        second = threading.Event()
        job = compute.submit(tasks.report_twice_and_hang)
        job.on_progress(lambda progress: second.set() if progress.message == "second" else None)
        assert second.wait(PATIENCE)
        assert job.progress.fraction == 0.2
        job.cancel()

    def test_a_callback_that_fails_harms_nobody(
        self, compute: Compute, caplog: pytest.LogCaptureFixture
    ) -> None:
        threads: list[str] = []
        job = compute.submit(tasks.count_to, 2, 0.01)
        job.on_progress(lambda _: 1 / 0)
        job.on_done(lambda _: 1 / 0)
        job.on_done(lambda _: threads.append(threading.current_thread().name))
        assert job.result(PATIENCE) == 2
        assert ended(job)
        assert "callback of a job failed" in caplog.text
        assert threads == ["mlplayground-job"]

    def test_an_end_that_came_before_is_told_at_once(self, compute: Compute) -> None:
        job = compute.submit(tasks.total, 1)
        assert ended(job)
        told: list[Job[Any]] = []
        job.on_done(told.append)
        assert told == [job]

    def test_report_is_nothing_outside_a_job(self, compute: Compute) -> None:
        report(0.5, "nobody listens")

    # Stopping --------------------------------------------------------------------------

    def test_cancel_frees_the_caller_and_the_worker(self, compute: Compute) -> None:
        job = compute.submit(tasks.run_forever)
        worker = Death(first_report(job))
        job.cancel()
        assert job.status == "cancelled"
        with pytest.raises(JobCancelled):
            job.result(0)
        assert ended(job)
        assert worker.came()
        assert compute.submit(tasks.total, 1).result(PATIENCE) == 1

    def test_cancel_by_a_callback(self, compute: Compute) -> None:
        job = compute.submit(tasks.count_to, 1000, 0.05)
        job.on_progress(lambda _: job.cancel())
        with pytest.raises(JobCancelled):
            job.result(PATIENCE)

    def test_a_job_cancelled_while_it_waits_holds_up_nobody(
        self, compute: Compute, tmp_path: Path
    ) -> None:
        blockers = [compute.submit(tasks.run_until, tmp_path / "go") for _ in range(2)]
        for blocker in blockers:
            first_report(blocker)
        waiting = compute.submit(tasks.run_forever)
        waiting.cancel()
        assert ended(waiting)
        (tmp_path / "go").touch()
        assert [blocker.result(PATIENCE) for blocker in blockers] == ["released"] * 2
        assert compute.submit(tasks.total, 1).result(PATIENCE) == 1

    def test_cancel_after_the_end_changes_nothing(self, compute: Compute) -> None:
        job = compute.submit(tasks.total, 5)
        assert job.result(PATIENCE) == 5
        job.cancel()
        assert (job.status, job.result()) == ("done", 5)

    def test_waiting_may_end_before_the_job(self, compute: Compute, tmp_path: Path) -> None:
        job = compute.submit(tasks.run_until, tmp_path / "go")
        with pytest.raises(TimeoutError, match="runs on"):
            job.result(timeout=0)
        (tmp_path / "go").touch()
        assert job.result(PATIENCE) == "released"

    def test_an_interrupt_ends_the_waiting_only(self, compute: Compute, tmp_path: Path) -> None:
        job = compute.submit(tasks.run_until, tmp_path / "go")
        first_report(job)
        # From another thread, as the kernel's stop button does it.
        interrupt = threading.Timer(0.1, lambda: os.kill(os.getpid(), signal.SIGINT))
        interrupt.start()
        with pytest.raises(KeyboardInterrupt):
            job.result(PATIENCE)
        assert job.status == "running"
        (tmp_path / "go").touch()
        assert job.result(PATIENCE) == "released"

    def test_close_cancels_and_refuses(self, own_compute: Compute) -> None:
        job = own_compute.submit(tasks.run_forever)
        worker = Death(first_report(job))
        own_compute.close()
        assert worker.came()
        with pytest.raises(JobCancelled):
            job.result(PATIENCE)
        with pytest.raises(ComputeError, match="closed"):
            own_compute.submit(tasks.total, 1)
        own_compute.close()
