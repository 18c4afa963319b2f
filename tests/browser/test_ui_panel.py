"""A panel in a real page: what a learner sees, presses, and is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from driver import Notebook, Server, eventually
from playwright.sync_api import expect

from mlplayground.database import Database
from mlplayground.journal import Journal

pytestmark = pytest.mark.browser
GALLERY = Path(__file__).parent / "gallery"
# Elements that leave the window, or hide a part of what they hold; what scrolls inside is fine.
TOO_WIDE = """() => {
  const hidden = node => node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0
    && !['INPUT', 'SELECT'].includes(node.tagName)
    && getComputedStyle(node).overflowX !== 'visible';
  return [...document.querySelectorAll('.mlp-panel *, .mlp-shell *, .mlp-alone *')]
    .filter(node => node.getClientRects().length)
    .filter(node => !node.closest('.mlp-view, svg, pre, .mlp-sr'))
    .filter(node => node.getBoundingClientRect().right > innerWidth || hidden(node))
    .map(node => node.outerHTML.slice(0, 120));
}"""

# No module is loaded as fast as this; on a busy machine two seconds are over as quickly.
AT_ONCE = """AbortSignal.timeout = () => {
  const over = new AbortController();
  queueMicrotask(() => over.abort());
  return over.signal;
};"""


@pytest.fixture(scope="module")
def lab(server: Server, new_shared_notebook: Callable[..., Notebook]) -> Notebook:
    page = new_shared_notebook(server)
    return page.open_lab(server.put_script(GALLERY / "look.py")).run_all()


def test_a_panel_works_and_fails_and_is_cancelled_in_words(lab: Notebook) -> None:
    panel = lab.panel("Quality")
    run = panel.get_by_role("button", name="Look", exact=True)
    run.click()
    progress = panel.get_by_role("progressbar", name="Trying 8 settings")
    expect(progress).to_have_attribute("value", "0.350")
    expect(panel.get_by_text("35% · about 12 s left")).to_be_visible()
    expect(run).to_be_disabled()
    panel.get_by_role("button", name="Cancel").click()
    expect(progress).to_be_hidden()
    expect(run).to_be_enabled()

    cards = panel.get_by_role("list", name="Suggestions")
    first, second = cards.get_by_role("listitem").all()
    expect(first).to_contain_text("+0.012 ± 0.0080 AUC expected")
    second.get_by_role("button", name="Apply").click()
    expect(panel.get_by_role("alert")).to_contain_text("The table is read-only. Make a copy")
    expect(second.get_by_role("button", name="Apply")).to_be_enabled()
    second.get_by_role("button", name="Why not").click()
    second.get_by_role("button", name="Already done").click()
    expect(panel.get_by_text("drop dismissed already_done")).to_be_visible()
    expect(second).to_contain_text("Set aside")
    helpful = first.get_by_role("button", name="Helpful: Fill age by group median", exact=True)
    helpful.click()
    expect(helpful).to_have_attribute("aria-pressed", "true")
    first.get_by_role("button", name="Apply").click()
    expect(first).to_contain_text("Applied")

    panel.get_by_text("Show code").click()
    expect(panel.get_by_role("region", name="Code that does the same")).to_contain_text("read_csv")
    panel.get_by_role("button", name="That helped").click()
    expect(panel.get_by_text("late helped")).to_be_visible()
    load = lab.panel("Load")
    expect(load.get_by_role("button", name="Load", exact=True)).to_be_disabled()
    expect(load.get_by_text("Choose a table first")).to_be_visible()
    assert lab.strangers == lab.problems == []


def test_controls_have_names_and_answer_to_the_keyboard(lab: Notebook) -> None:
    panel = lab.panel("Quality")
    expect(panel.get_by_role("slider", name="Folds")).to_be_visible()
    for role, name in (
        ("combobox", "What would you predict?"),
        ("spinbutton", "Rows"),
        ("checkbox", "Shuffle the rows first"),
        ("textbox", "A note of your own"),
        ("listbox", "Features"),
    ):
        expect(panel.get_by_role(role, name=name)).to_be_visible()
    panel.get_by_role("combobox", name="What would you predict?").select_option("port")
    expect(panel.get_by_text("target is port")).to_be_visible()
    panel.get_by_role("slider", name="Folds").press("ArrowRight")
    expect(panel.get_by_text("folds is 6")).to_be_visible()
    panel.get_by_role("button", name="Undo").press("Enter")
    expect(panel.get_by_text("undone")).to_be_visible()


def test_a_click_is_answered_while_a_cell_runs(lab: Notebook) -> None:
    panel = lab.panel("Quality")
    expect(panel.get_by_role("button", name="Undo")).to_be_visible()
    # The cell ends when the click has been answered, or after a minute.
    lab.run(
        "import time\n"
        "print('started', flush=True)\n"
        "panel.show_notice('')\n"
        "for _ in range(600):\n"
        "    if 'undone' in panel._notice.value: break\n"
        "    time.sleep(0.1)\n"
        "else: raise TimeoutError('never answered')\n"
        "print('answered')"
    )
    output = lab.page.locator(".jp-OutputArea-output pre")
    expect(output.get_by_text("started")).to_be_visible()
    panel.get_by_role("button", name="Undo").click()
    expect(output.get_by_text(re.compile(r"started\s+answered"))).to_be_visible()


def test_steps_are_gone_through_and_the_time_on_a_panel_is_counted(lab: Notebook) -> None:
    shell = lab.page.get_by_role("navigation", name="Steps of Data Explorer")
    expect(shell.get_by_role("button", name="1. Load")).to_have_attribute("aria-current", "step")
    expect(shell.get_by_role("button", name="2. Overview, done")).to_be_visible()
    lab.panel("Load").scroll_into_view_if_needed()
    lab.page.wait_for_timeout(1500)  # the time that is to be measured
    shell.get_by_role("button", name="2. Overview, done").press("Enter")
    expect(lab.panel("Load")).to_be_hidden()
    told = lab.panel("Overview").get_by_text("seen ")
    expect(told).to_be_visible()
    assert 1 <= float(told.inner_text().split()[1]) < 60


def test_the_look_follows_the_theme(lab: Notebook) -> None:
    panel = lab.panel("Quality")
    label = panel.locator(".mlp-plot .xtick text").first
    expect(label).to_be_visible()
    colors = "node => [getComputedStyle(node).fill, getComputedStyle(document.body).color]"
    light = label.evaluate(colors)
    lab.theme("JupyterLab Dark")
    expect(label).not_to_have_css("fill", light[0])
    background = panel.evaluate("node => getComputedStyle(node).backgroundColor")
    assert max(int(part) for part in background[4:-1].split(",")[:3]) < 64


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_cut_off_at_800_pixels(
    server: Server, new_notebook: Callable[..., Notebook], dark: bool, shots: Path
) -> None:
    page = new_notebook(server, size="narrow")
    page.open_voila(server.put_script(GALLERY / "look.py"), dark=dark)
    panel = page.panel("Quality")
    expect(panel.locator(".mlp-plot .xtick").first).to_be_visible(timeout=60_000)
    expect(page.page.get_by_text("mlplayground takes note of how")).to_be_visible()
    assert page.page.evaluate(TOO_WIDE) == []
    page.page.screenshot(path=shots / f"panel-voila-narrow-{'dark' if dark else 'light'}.png")
    assert page.strangers == page.problems == []


def test_widgets_that_were_slow_to_load_still_hear_the_kernel(
    server: Server, new_notebook: Callable[..., Notebook]
) -> None:
    slow = new_notebook(server)
    slow.page.add_init_script(AT_ONCE)
    slow.open_lab(server.put_script(GALLERY / "look.py")).run_all()
    panel = slow.panel("Quality")
    panel.get_by_role("button", name="Look", exact=True).click()
    panel.get_by_role("button", name="Cancel").click()
    card = panel.get_by_role("list", name="Suggestions").get_by_role("listitem").first
    card.get_by_role("button", name="Apply").click()
    expect(card).to_contain_text("Applied")
    table = panel.get_by_role("table", name="The table as it was read")
    table.get_by_role("columnheader", name="fare").get_by_role("button").click()
    expect(table.get_by_role("rowheader").first).not_to_have_text("1")


def test_the_last_seconds_on_a_panel_are_told_when_the_page_goes_away(
    server: Server, new_notebook: Callable[..., Notebook]
) -> None:
    page = new_notebook(server).open_voila(server.put_script(GALLERY / "look.py"))
    load = page.panel("Load")
    expect(load).to_be_visible(timeout=60_000)
    load.scroll_into_view_if_needed()
    page.page.wait_for_timeout(1000)  # the time that is to be measured
    page.page.goto(f"{server.url}/api")
    database = Database(f"sqlite:///{server.home}/users/ada/meta_learning/patterns.db")
    journal = Journal(database)
    seen = eventually(lambda: journal.read(kinds=["panel_viewed"]), "the page's last words")
    database.dispose()
    assert seen[-1].payload["panel"] == "demo/load"
    assert 0.5 <= seen[-1].payload["seconds"] < 60
