"""The thinnest whole path, by clicks, in JupyterLab, in Voila and under a hub's base URL.

A file goes up, its profile and a chart come, a suggestion is accepted, the journal has it, the
sidebar shows it, the kernel is killed, and everything is still there.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from driver import ROOT, Notebook, Server, eventually
from playwright.sync_api import expect

from mlplayground.database import Database
from mlplayground.journal import Event, Journal
from mlplayground.practice import make_messy_table

pytestmark = pytest.mark.browser
SECOND = 1_000
SCORE = re.compile(r"Quality \d+ of 100")


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "messy clinic.csv"
    make_messy_table(n_rows=400, random_state=1).frame.to_csv(path, index=False)
    return path


@pytest.fixture(params=["/", "/user/ada/"], ids=["plain", "hub"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "server", base_url=request.param).start()
    for notebook in sorted((ROOT / "curriculum").glob("*.ipynb")):
        running.put_file(notebook)
    yield running
    running.stop()


def events(server: Server, *kinds: str) -> list[Event]:
    database = Database(
        f"sqlite:///{server.home / 'users' / 'ada' / 'meta_learning' / 'patterns.db'}"
    )
    try:
        return Journal(database).read(kinds=kinds)
    finally:
        database.dispose()


def bring_in(notebook: Notebook, csv: Path) -> None:
    load = notebook.panel("Load")
    load.get_by_label("Choose a file").set_input_files(csv)
    expect(load.get_by_text("is here")).to_be_visible()
    load.get_by_role("button", name="Load", exact=True).click()
    expect(load.get_by_text("Read 4")).to_be_visible(timeout=20 * SECOND)


def accept_a_repair(notebook: Notebook, server: Server) -> Event:
    quality = notebook.panel("Quality")
    apply = quality.get_by_role("button", name="Apply").first
    expect(apply).to_be_visible(timeout=20 * SECOND)
    before = quality.get_by_text(SCORE).first.text_content()
    apply.click()
    decided = eventually(lambda: events(server, "suggestion_decided"), "the decision's event")[0]
    eventually(lambda: events(server, "outcome_measured"), "the measured outcome")
    assert before is not None
    expect(quality.get_by_text(before, exact=True)).to_have_count(0, timeout=20 * SECOND)
    return decided


def kill_the_kernel(server: Server) -> None:
    kernels = [
        child
        for child in psutil.Process(server.pid).children(recursive=True)
        if "ipykernel_launcher" in " ".join(child.cmdline())
    ]
    assert kernels
    for kernel in kernels:
        os.kill(kernel.pid, signal.SIGKILL)


def test_in_jupyterlab(
    server: Server, new_notebook: Callable[..., Notebook], csv: Path, shots: Path
) -> None:
    notebook = new_notebook(server)
    notebook.open_lab("data_explorer.ipynb").run_all()
    notebook.page.get_by_role("button", name="Keep it on").first.click()
    bring_in(notebook, csv)
    overview = notebook.panel("Overview")
    # A chart is drawn when it is nearly seen.
    overview.locator(".mlp-chart").first.scroll_into_view_if_needed()
    expect(overview.locator(".mlp-plot .xtick").first).to_be_visible(timeout=20 * SECOND)

    sidebar = notebook.page.locator("#mlplayground-sidebar")
    notebook.command("mlplayground:show-sidebar")
    expect(sidebar.get_by_text("Data Explorer").first).to_be_visible()
    decided = accept_a_repair(notebook, server)
    assert decided.payload["action"] == "accepted"
    expect(sidebar.get_by_text("3 of 3 steps done")).to_be_visible(timeout=3 * SECOND)
    notebook.page.screenshot(path=shots / "whole_path_lab.png")

    repaired = events(server, "recipe_applied")[-1].payload["result"]
    kill_the_kernel(server)
    notebook.page.close()
    again = new_notebook(server)
    again.open_lab("data_explorer.ipynb").run_all()
    expect(again.panel("Quality").get_by_text(SCORE).first).to_be_visible(timeout=30 * SECOND)
    assert events(server, "project_changed")[-1].payload["dataset"] == repaired
    assert not notebook.strangers
    assert not notebook.problems


def test_in_voila(
    server: Server, new_notebook: Callable[..., Notebook], csv: Path, shots: Path
) -> None:
    notebook = new_notebook(server)
    notebook.open_voila("data_explorer.ipynb")
    notebook.page.get_by_role("button", name="Keep it on").first.click(timeout=60 * SECOND)
    bring_in(notebook, csv)
    decided = accept_a_repair(notebook, server)
    assert decided.payload["action"] == "accepted"
    assert {event.payload["frontend"] for event in events(server, "session_started")} == {"voila"}
    assert notebook.page.get_by_text("import mlplayground").count() == 0
    notebook.page.screenshot(path=shots / "whole_path_voila.png", full_page=True)
    assert not notebook.strangers
    assert not notebook.problems
