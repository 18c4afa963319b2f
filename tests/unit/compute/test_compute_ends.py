"""However the process that computes ends, nothing of its workers is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager, start_new_kernel

from mlplayground.testing.compute_contract import PATIENCE, Death

pytestmark = pytest.mark.slow

# No `__main__` guard, functions of the script itself, and one idle and one busy worker.
SCRIPT = """
import json, os, sys, time
from pathlib import Path
from mlplayground.compute import make_compute, report
from mlplayground.settings import Settings

compute = make_compute(Settings("ada", "/nowhere", "sqlite://"))

def family():
    return [os.getpid(), os.getppid(), os.environ["TMPDIR"]]

def hang():
    report(0.5, "busy", family())
    time.sleep(120)

idle = compute.submit(family).result()
busy = compute.submit(hang)
while busy.partial is None:
    time.sleep(0.01)
print(json.dumps([idle, busy.partial]), flush=True)
"""


class Family:
    """The processes and folders that :data:`SCRIPT` told of."""

    def __init__(self, told: str) -> None:
        workers = json.loads(told)
        self.deaths = [Death(pid) for pid in {pid for worker in workers for pid in worker[:2]}]
        self.scratch = Path(workers[0][2]).parent
        assert self.scratch.exists()

    def is_gone(self) -> bool:
        return all(death.came() for death in self.deaths) and not self.scratch.exists()


def start_script(code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


@pytest.mark.parametrize("ending", ["", "sys.exit(3)", "1 / 0"])
def test_script_that_ends_by_itself(ending: str) -> None:
    with start_script(SCRIPT + f"input()\n{ending}\n") as process:
        family = Family(first_line(process))
        process.communicate("\n", PATIENCE)
    assert family.is_gone()


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM])
def test_script_that_is_killed(signum: signal.Signals) -> None:
    with start_script(SCRIPT + "input()\n") as process:
        family = Family(first_line(process))
        process.send_signal(signum)
    assert family.is_gone()


def test_killed_script_whose_fork_lives_on() -> None:
    fork = "child = os.fork()\nif child:\n    print(child, flush=True)\ntime.sleep(120)\n"
    with start_script(SCRIPT + fork) as process:
        family = Family(first_line(process))
        child = int(first_line(process))
        process.kill()
        try:
            assert family.is_gone()
        finally:
            os.kill(child, signal.SIGKILL)


@pytest.fixture
def kernel() -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    manager, client = start_new_kernel(kernel_name="python3", startup_timeout=PATIENCE)
    yield manager, client
    client.stop_channels()
    if manager.is_alive():
        manager.shutdown_kernel(now=True)
    manager.cleanup_resources()


def run_cell(client: BlockingKernelClient, code: str) -> str:
    text: list[str] = []

    def collect(message: dict[str, Any]) -> None:
        text.append(message["content"].get("text", ""))

    reply = client.execute_interactive(code, timeout=PATIENCE, output_hook=collect)
    assert reply["content"]["status"] == "ok", reply["content"]
    return "".join(text)


@pytest.mark.parametrize("now", [False, True], ids=["asked", "killed"])
def test_kernel_that_shuts_down(
    kernel: tuple[KernelManager, BlockingKernelClient], now: bool
) -> None:
    manager, client = kernel
    family = Family(run_cell(client, SCRIPT))
    manager.shutdown_kernel(now=now)
    assert family.is_gone()


def test_interrupted_cell_leaves_its_job_running(
    kernel: tuple[KernelManager, BlockingKernelClient],
) -> None:
    manager, client = kernel
    family = Family(run_cell(client, SCRIPT))
    waiting = client.execute("print('waiting', flush=True)\nbusy.result()")
    while client.get_iopub_msg(PATIENCE)["content"].get("text") != "waiting\n":
        pass
    manager.interrupt_kernel()
    while (reply := client.get_shell_msg(PATIENCE))["parent_header"]["msg_id"] != waiting:
        pass
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert run_cell(client, "print(busy.status)") == "running\n"
    assert run_cell(client, "busy.cancel(); print(busy.status)") == "cancelled\n"
    assert run_cell(client, "print(compute.submit(lambda: 6 * 7).result())") == "42\n"
    manager.shutdown_kernel()
    assert family.is_gone()


def test_traceback_shows_the_text_of_the_cell(
    kernel: tuple[KernelManager, BlockingKernelClient],
) -> None:
    _, client = kernel
    run_cell(client, SCRIPT)
    run_cell(client, "def divide(number):\n    return number / 0  # in the cell")
    printed = run_cell(
        client,
        "try:\n    compute.submit(divide, 1).result()\n"
        "except ZeroDivisionError as error:\n    print(*error.__notes__)",
    )
    assert "return number / 0  # in the cell" in printed
