"""Pictures of the running app: for README and docs, and a few more to look at.

One learner loads a practice table and accepts a repair; then JupyterLab is shown in light and
dark, and Voila wide and 800 px narrow. What README and docs show goes to ``docs/images/``, the
rest to ``.artifacts/screenshots/``. Look at them before you commit them.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
OTHERS = ROOT / ".artifacts" / "screenshots"
WIDE, NARROW = (1440, 900), (800, 1000)
_PATIENCE_MS = 60_000

os.environ.setdefault("MLPLAYGROUND_TEST_CHROMIUM", shutil.which("chromium") or "")
sys.path.insert(0, str(ROOT / "tests" / "browser"))
from driver import CHROMIUM, CHROMIUM_FLAGS, Notebook, Server, eventually  # noqa: E402

from mlplayground.practice import make_messy_table  # noqa: E402


def main() -> None:
    """Take all pictures."""
    for folder in (IMAGES, OTHERS):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        csv = Path(folder, "clinic.csv")
        make_messy_table(n_rows=400, random_state=1).frame.to_csv(csv, index=False)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
            in_jupyterlab(server, browser, csv)
            in_voila(server, browser, WIDE, IMAGES / "voila.png")
            in_voila(server, browser, NARROW, OTHERS / "voila_800.png")
            browser.close()


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """A server with the curriculum."""
    server = Server(folder / "server")
    shutil.copytree(ROOT / "curriculum", server.work / "curriculum")
    server.start()
    yield server
    server.stop()


def in_jupyterlab(server: Server, browser: Browser, csv: Path) -> None:
    """Work through the Data Explorer, and show it, the side panel and the home page."""
    notebook = Notebook(server, new_page(browser, WIDE))
    page = notebook.page
    notebook.open_lab("curriculum/data_explorer.ipynb").run_all()
    page.get_by_role("button", name="Keep it on").first.click()
    load_and_repair(notebook, csv)
    notebook.command("mlplayground:show-sidebar")
    sidebar = page.locator("#mlplayground-sidebar")
    expect(sidebar.get_by_text("3 of 3")).to_be_visible()
    notebook.panel("Quality").scroll_into_view_if_needed()
    page.screenshot(path=IMAGES / "app.png")
    sidebar.screenshot(path=IMAGES / "sidebar.png")
    notebook.theme("JupyterLab Dark")
    page.screenshot(path=OTHERS / "app_dark.png")
    sidebar.screenshot(path=OTHERS / "sidebar_dark.png")
    notebook.theme("JupyterLab Light")
    home(notebook)


def home(notebook: Notebook) -> None:
    """Show the home page, with the progress that was made."""
    notebook.open_lab("curriculum/home.ipynb").run_all()
    notebook.command("mlplayground:show-sidebar")
    expect(notebook.page.locator(".jp-OutputArea-output").first).to_be_visible()
    notebook.page.screenshot(path=IMAGES / "home.png")
    notebook.theme("JupyterLab Dark")
    notebook.page.screenshot(path=OTHERS / "home_dark.png")
    notebook.theme("JupyterLab Light")
    notebook.page.close()


def in_voila(server: Server, browser: Browser, size: tuple[int, int], target: Path) -> None:
    """Show the same app as a page, with the table that was loaded."""
    notebook = Notebook(server, new_page(browser, size))
    notebook.open_voila("curriculum/data_explorer.ipynb")
    expect(notebook.panel("Quality").get_by_text("of 100").first).to_be_visible()
    notebook.page.screenshot(path=target, full_page=size == NARROW)
    notebook.page.close()


def load_and_repair(notebook: Notebook, csv: Path) -> None:
    """Upload the table, load it, and accept the first repair."""
    load = notebook.panel("Load")
    load.get_by_label("Choose a file").set_input_files(csv)
    expect(load.get_by_text("is here")).to_be_visible()
    load.get_by_role("button", name="Load", exact=True).click()
    overview = notebook.panel("Overview")
    # A chart is drawn when it is nearly seen.
    overview.locator(".mlp-chart").first.scroll_into_view_if_needed()
    expect(overview.locator(".mlp-plot .xtick").first).to_be_visible()
    quality = notebook.panel("Quality")
    apply = quality.get_by_role("button", name="Apply").first
    expect(apply).to_be_visible()
    before = quality.get_by_text("of 100").first.text_content()
    apply.click()
    eventually(
        lambda: quality.get_by_text("of 100").first.text_content() != before, "the repair's effect"
    )


def new_page(browser: Browser, size: tuple[int, int]) -> Page:
    """A page of that size, with cookies of its own."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    context.set_default_timeout(_PATIENCE_MS)
    expect.set_options(timeout=_PATIENCE_MS)
    return context.new_page()


if __name__ == "__main__":
    main()
