"""The small parts: reports, turns, cores, memory, words, and the choice of a place."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from mlplayground.compute import Job, make_compute, memory, report
from mlplayground.compute.cores import available_cores
from mlplayground.compute.endings import explain
from mlplayground.compute.local import LocalCompute
from mlplayground.compute.reporting import Reporter, reporting_process
from mlplayground.compute.turns import Turns
from mlplayground.compute.watch import Ending
from mlplayground.errors import InputError, JobOutOfMemory, WorkerDied
from mlplayground.settings import Settings

MIB = 1 << 20


@pytest.mark.parametrize("fraction", ["half", None, float("nan")])
def test_a_fraction_must_be_a_number(fraction: Any) -> None:
    with pytest.raises(InputError, match="from 0 to 1"):
        report(fraction)


def test_a_fraction_is_cut_to_its_range() -> None:
    sent: list[float] = []
    with reporting_process(lambda fraction, message, partial: sent.append(fraction)):
        report(-1)
        report(17)
    assert sent == [0.0, 1.0]


def test_a_partial_result_outlives_the_reports_that_follow_it() -> None:
    sent: list[Any] = []
    reporter = Reporter(lambda *what: sent.append(what))
    reporter.report(0.1, "at once", None)
    reporter.report(0.2, "kept back", [1, 2])
    reporter.report(0.3, "the latest", None)
    reporter.flush()
    reporter.close()
    assert sent == [(0.1, "at once", None), (0.3, "the latest", [1, 2])]


def test_threads_that_a_job_leaves_behind_report_to_nobody() -> None:
    sent: list[Any] = []
    reporter = Reporter(lambda *what: sent.append(what))
    reporter.close()
    reporter.report(0.5, "too late", None)
    assert sent == []


def test_a_job_that_was_cancelled_stops_what_it_only_now_learns_of() -> None:
    job: Job[int] = Job()
    job.cancel()
    stopped = threading.Event()
    job.set_stop(stopped.set)
    assert stopped.is_set()
    assert not job.set_result(1)
    assert job.status == "cancelled"


def test_turns_come_in_the_order_of_asking_and_can_be_given_up() -> None:
    turns = Turns(1)
    first, second, third = (turns.ask() for _ in range(3))
    assert [turn.is_set() for turn in (first, second, third)] == [True, False, False]
    turns.give_back(second)
    turns.give_back(first)
    assert third.is_set()
    turns.give_back(third)
    assert turns.ask().is_set()


@pytest.mark.parametrize(
    ("text", "cores"), [("150000 100000", 2), ("20000 100000", 1), ("max 100000", None)]
)
def test_cores_are_those_of_the_container(tmp_path: Path, text: str, cores: int | None) -> None:
    (tmp_path / "cpu.max").write_text(text)
    everything = len(os.sched_getaffinity(0))
    assert available_cores(tmp_path / "cpu.max") == min(everything, cores or everything)
    assert available_cores(tmp_path / "none") == everything


def test_memory_left_is_that_of_the_container(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text("MemTotal: 9 kB\nMemAvailable:    8388608 kB\n")
    assert memory.available(tmp_path) == 8192 * MIB
    group = tmp_path / "sys/fs/cgroup"
    group.mkdir(parents=True)
    (group / "memory.max").write_text("max\n")
    (group / "memory.current").write_text(f"{900 * MIB}\n")
    (group / "memory.stat").write_text(f"anon 5\ninactive_file {100 * MIB}\n")
    assert memory.available(tmp_path) == 8192 * MIB
    (group / "memory.max").write_text(f"{1024 * MIB}\n")
    assert memory.available(tmp_path) == 224 * MIB
    assert memory.available() > 0


def test_memory_of_a_process_that_is_gone_is_nothing() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert memory.usage(child.pid) == (0, 0, 0)
    assert list(memory.descendants(child.pid)) == []
    assert memory.usage(os.getpid()).resident > 0


@pytest.mark.parametrize(
    ("ending", "kind", "words"),
    [
        (Ending(-9, 700 * MIB, -1, 0, 0), JobOutOfMemory, "used 700 MiB .* may use 600 MiB"),
        (Ending(-9, 90 * MIB, 50 * MIB, 0, 0), JobOutOfMemory, "machine had only 50 MiB"),
        (Ending(-6, 0, -1, 550 * MIB, 0), JobOutOfMemory, r"SIGABRT\) when it asked for more"),
        (Ending(127, 0, -1, 0, 700 * MIB), JobOutOfMemory, "exit code 127"),
        (Ending(-9, 0, -1, 90 * MIB, 0), WorkerDied, "killed from outside"),
        (Ending(-11, 0, -1, 90 * MIB, 0), WorkerDied, "crashed with SIGSEGV"),
        (Ending(3, 0, -1, 90 * MIB, 0), WorkerDied, "exit code 3"),
    ],
)
def test_the_end_of_a_worker_in_words(ending: Ending, kind: type[Exception], words: str) -> None:
    error = explain(ending, 600 * MIB)
    assert type(error) is kind
    with pytest.raises(kind, match=words):
        raise error


def test_settings_choose_the_place() -> None:
    here = make_compute(Settings("ada", "/nowhere", "sqlite://"))
    assert isinstance(here, LocalCompute)
    here.close()
    with pytest.raises(InputError, match="'local' or 'dask://host:port', not 'spark://x'"):
        make_compute(Settings("ada", "/nowhere", "sqlite://", compute_url="spark://x"))


def test_a_place_that_nobody_uses_starts_no_process() -> None:
    code = (
        "import psutil; from mlplayground.compute import make_compute; "
        "from mlplayground.settings import Settings; "
        "compute = make_compute(Settings('ada', '/nowhere', 'sqlite://')); "
        "print(len(psutil.Process().children())); compute.close(); compute.close()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_signals_of_the_callers_group_do_not_reach_the_workers() -> None:
    compute = LocalCompute(600 * MIB)
    pid = compute.submit(os.getpid).result(60)
    assert os.getpgid(pid) != os.getpgid(0)
    assert os.getsid(pid) != os.getsid(0)
    os.kill(pid, signal.SIGINT)
    assert compute.submit(os.getpid).result(60) == pid
    compute.close()
