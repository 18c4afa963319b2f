"""Names and cells with script tags are shown as text, wherever they are shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from driver import Notebook
from nbconvert import HTMLExporter
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
GALLERY = Path(__file__).parent / "gallery"
EVIL = "<script>window.hit=1</script><img src=x onerror='window.hit=1'>"
RUNNING = """() => {
  const ours = document.querySelectorAll('.mlp-panel, .mlp-shell, .mlp-alone, .mlp-static');
  const never = 'script, iframe, [onerror], a[href^="javascript"], '
    + 'img:not([src^="data:image/svg+xml"])';
  return [...ours].flatMap(root => [...root.querySelectorAll(never)]).map(node => node.outerHTML);
}"""


def assert_harmless(page: Page) -> None:
    assert page.evaluate(RUNNING) == []
    assert page.evaluate("() => window.hit === undefined")


@pytest.mark.parametrize("where", ["lab", "voila"])
def test_hostile_names_are_text_in_the_page(notebook: Notebook, where: str) -> None:
    name = notebook.server.put_script(GALLERY / "hostile.py")
    notebook.open_voila(name) if where == "voila" else notebook.open_lab(name).run_all()
    page = notebook.page
    expect(page.get_by_text("the end", exact=True)).to_be_visible(timeout=60_000)
    panel = page.locator(".mlp-panel").first
    for plot in panel.locator(".mlp-plot").all():
        plot.scroll_into_view_if_needed()
        expect(plot.locator(".xtick").first).to_be_attached(timeout=60_000)
    for part in (".mlp-title", ".mlp-chart-title", ".mlp-finding", ".mlp-card strong", "thead"):
        expect(panel.locator(part).first).to_contain_text("<script>window.hit=1</script>")
    # What a point says when it is looked at, and the axis beside it.
    chart = panel.locator(".mlp-chart").first
    expect(chart.locator(".ytick text").first).to_contain_text("<script>")
    chart.locator(".nsewdrag").hover(position={"x": 10, "y": 40})
    expect(chart.locator(".hoverlayer")).to_contain_text("window.hit=1")
    assert chart.locator("a").count() == 0
    assert_harmless(page)
    assert notebook.strangers == []


def test_a_saved_notebook_is_harmless_and_still_says_something(notebook: Notebook) -> None:
    server, page = notebook.server, notebook.page
    name = server.put_script(GALLERY / "hostile.py")
    notebook.open_lab(name).run_all()
    expect(page.get_by_text("the end", exact=True)).to_be_visible()
    notebook.save()

    exported = server.folder / "hostile.html"
    exported.write_text(HTMLExporter(embed_images=True).from_filename(server.work / name)[0])
    page.goto(exported.as_uri())
    expect(page.locator(".mlp-static .mlp-finding").first).to_contain_text(EVIL)
    expect(page.locator(".mlp-static img").first).to_be_visible()
    assert_harmless(page)

    server.end_kernels()
    page.goto(f"{server.url}/lab/tree/{name}?reset")
    saved = page.locator(".mlp-static").first
    expect(saved).to_contain_text("window.hit=1", timeout=60_000)
    assert_harmless(page)
