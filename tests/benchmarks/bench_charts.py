"""Twenty charts and a table of a million rows in a real page: seconds, and bytes sent.

Run ``python tests/benchmarks/bench_charts.py`` (about two minutes; the labextension must be built).
Target: twenty charts of 500 points under 3 MB in all, the library included.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from mlplayground.ui.plotly_version import BUNDLE_NAME

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from driver import CHROMIUM, CHROMIUM_FLAGS, ROOT, Notebook, Server

GALLERY = Path(__file__).parents[1] / "browser" / "gallery"
LIBRARY = ROOT / "mlplayground" / "labextension" / "static" / BUNDLE_NAME


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        server = Server(Path(folder)).start()
        try:
            for where in ("JupyterLab", "Voila"):
                charts(browser, server, where)
            million(browser, server)
        finally:
            server.stop()
            browser.close()


def charts(browser: Browser, server: Server, where: str) -> None:
    """Twenty charts: from the start of the cells (Voila: of the page) to the first and the last."""
    name = server.put_script(GALLERY / "charts.py")
    with opened(browser, server) as notebook:
        page = notebook.page
        if where == "JupyterLab":
            notebook.open_lab(name)
            notebook.received, start = 0, time.perf_counter()
            page.evaluate("() => void jupyterapp.commands.execute('notebook:run-all-cells')")
        else:
            start = time.perf_counter()
            notebook.open_voila(name)
        plot = page.get_by_role("group", name="500 points, number 0", exact=True)
        expect(plot.locator(".xtick").first).to_be_attached(timeout=120_000)
        first = time.perf_counter() - start
        for number in range(1, 20):
            plot = page.get_by_role("group", name=f"500 points, number {number}", exact=True)
            plot.scroll_into_view_if_needed(timeout=120_000)
            expect(plot.locator(".xtick").first).to_be_attached(timeout=120_000)
        last = time.perf_counter() - start
        asked = sum(BUNDLE_NAME in url for url in notebook.asked)
        sent = notebook.received + asked * LIBRARY.stat().st_size
        print(
            f"{where}: first chart {first:.1f} s, twentieth (scrolled to) {last:.1f} s, "
            f"websocket {notebook.received / 1e6:.2f} MB, library asked for {asked} times, "
            f"{sent / 1e6:.2f} MB in all"
        )


def million(browser: Browser, server: Server) -> None:
    """What a sort, a search and a jump to the end of a million rows take, and send."""
    name = server.put_script(GALLERY / "million.py")
    with opened(browser, server) as notebook:
        notebook.open_lab(name).run_all()
        page = notebook.page
        table = page.get_by_role("table", name="A million rows")
        first = table.locator("tbody tr").first
        expect(first).to_be_visible(timeout=120_000)
        heading = table.get_by_role("columnheader", name="place").get_by_role("button")
        rows = page.get_by_role("region", name="A million rows, rows")
        search = page.get_by_role("searchbox")
        heading.click()

        def seconds(act: Callable[[], None], seen: Callable[[], None]) -> float:
            before, start = notebook.received, time.perf_counter()
            act()
            seen()
            took = time.perf_counter() - start
            print(f"    {took:.2f} s, {(notebook.received - before) / 1e3:.0f} kB")
            return took

        print("A million rows, ten columns: sort, jump to the end, first search, second search")
        seconds(heading.click, lambda: expect(first).to_contain_text("999,999"))
        last = table.locator("tbody tr").last
        seconds(lambda: rows.press("End"), lambda: expect(last).to_contain_text("row 0"))
        seconds(lambda: search.fill("row 77777"), lambda: told(page, "11 of 1,000,000 rows"))
        seconds(lambda: search.fill("row 7777"), lambda: told(page, "111 of 1,000,000 rows"))


def told(page: Page, text: str) -> None:
    expect(page.get_by_text(text, exact=True)).to_be_visible(timeout=60_000)


@contextmanager
def opened(browser: Browser, server: Server) -> Iterator[Notebook]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    yield Notebook(server, context.new_page())
    context.close()
    server.end_kernels()


if __name__ == "__main__":
    main()
