"""A million rows are sorted, searched and scrolled through without travelling."""

from __future__ import annotations

from pathlib import Path

import pytest
from driver import Notebook
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
GALLERY = Path(__file__).parent / "gallery"


def test_a_million_rows_are_sorted_searched_and_scrolled(notebook: Notebook) -> None:
    notebook.open_lab(notebook.server.put_script(GALLERY / "million.py")).run_all()
    table = notebook.page.get_by_role("table", name="A million rows")
    expect(table.get_by_role("rowheader", name="12", exact=True)).to_be_visible(timeout=60_000)
    expect(table).to_have_attribute("aria-rowcount", "1000001")
    expect(notebook.page.get_by_text("1,000,000 rows", exact=True)).to_be_visible()
    expect(table.locator("td.mlp-marked")).to_have_count(1)
    before = notebook.received

    heading = table.get_by_role("columnheader", name="place")
    heading.get_by_role("button").click()
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    first = table.locator("tbody tr").first
    expect(first).to_contain_text("999,999")

    rows = notebook.page.get_by_role("region", name="A million rows, rows")
    rows.press("End")
    expect(table.get_by_role("rowheader", name="1", exact=True)).to_be_visible()
    expect(table.locator("tbody tr").last).to_contain_text("row 0")
    rows.press("Home")
    expect(first).to_contain_text("999,999")

    search = notebook.page.get_by_role("searchbox", name="Search in A million rows")
    search.fill("ROW 77777")
    expect(notebook.page.get_by_text("11 of 1,000,000 rows")).to_be_visible()
    expect(first).to_contain_text("row 777779")
    search.fill("no such thing")
    expect(notebook.page.get_by_text("0 of 1,000,000 rows")).to_be_visible()
    assert notebook.received - before < 200_000
    assert notebook.problems == []
