"""Charts: one library a page, a brush that reaches Python, nobody else asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from driver import ROOT, Notebook
from playwright.sync_api import expect

from mlplayground.ui.plotly_version import BUNDLE_NAME

pytestmark = pytest.mark.browser
GALLERY = Path(__file__).parent / "gallery"
MEGABYTE = 1_000_000


def brush(notebook: Notebook) -> None:
    """Drag across the whole first chart."""
    plot = notebook.page.get_by_role("group", name="500 points, number 0")
    plot.scroll_into_view_if_needed()
    area = plot.locator(".nsewdrag").bounding_box()
    assert area is not None
    mouse = notebook.page.mouse
    mouse.move(area["x"] + 2, area["y"] + 2)
    mouse.down()
    mouse.move(area["x"] + area["width"] - 2, area["y"] + area["height"] - 2, steps=5)
    mouse.up()


def all_drawn(notebook: Notebook) -> None:
    """Scroll through all charts: each is drawn when it comes near."""
    for number in range(20):
        plot = notebook.page.get_by_role("group", name=f"500 points, number {number}", exact=True)
        plot.scroll_into_view_if_needed(timeout=60_000)
        expect(plot.locator(".xtick").first).to_be_attached(timeout=60_000)


@pytest.mark.parametrize("where", ["lab", "voila"])
def test_twenty_charts_ask_for_the_library_once(notebook: Notebook, where: str) -> None:
    name = notebook.server.put_script(GALLERY / "charts.py")
    if where == "lab":
        notebook.open_lab(name).run_all()
    else:
        notebook.open_voila(name)
    all_drawn(notebook)
    library = ROOT / "mlplayground" / "labextension" / "static" / BUNDLE_NAME
    asked = [url for url in notebook.asked if BUNDLE_NAME in url]
    assert len(asked) == 1, "The labextension must be built for this test: make lab"
    assert notebook.received + library.stat().st_size < 3 * MEGABYTE
    brush(notebook)
    expect(notebook.panel("Said").get_by_text("500 rows")).to_be_visible()
    titles = notebook.page.locator(".modebar-btn").evaluate_all(
        "buttons => buttons.map(button => button.dataset.title)"
    )
    assert not [title for title in titles if title and ("hare" in title or "loud" in title)]
    assert notebook.strangers == notebook.problems == []


def test_the_library_comes_through_the_kernel_where_it_is_not_served(notebook: Notebook) -> None:
    name = notebook.server.put_script(GALLERY / "charts.py")
    notebook.page.route(f"**/{BUNDLE_NAME}", lambda route: route.fulfill(status=403))
    notebook.open_lab(name).run_all()
    for number in (0, 1):
        plot = notebook.page.get_by_role("group", name=f"500 points, number {number}", exact=True)
        plot.scroll_into_view_if_needed(timeout=60_000)
        expect(plot.locator(".xtick").first).to_be_attached(timeout=60_000)
    # Packed, and once: the whole page stays below what two copies would need.
    assert notebook.received < 2 * MEGABYTE
    brush(notebook)
    expect(notebook.panel("Said").get_by_text("500 rows")).to_be_visible()
    assert notebook.strangers == []
