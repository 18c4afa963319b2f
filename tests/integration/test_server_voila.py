"""Voila in the same server: its page, its cookie, its record, and the end of its kernels."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import httpx
import nbformat
import pytest
from serving import ANNOUNCE, TOKEN, Server, eventually
from test_server_recorder import restore_widgets

pytest.importorskip("voila")


@pytest.fixture(scope="module")
def voila(server: Server) -> Server:
    return with_notebook(server)


def with_notebook(server: Server) -> Server:
    cells = [
        nbformat.v4.new_markdown_cell("# Prose"),
        nbformat.v4.new_code_cell(ANNOUNCE + "slider"),
    ]
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "mlplayground": {"title": "Explore <script>alert(1)</script>", "summary": "What it is"},
    }
    server.work.mkdir(parents=True, exist_ok=True)
    nbformat.write(
        nbformat.v4.new_notebook(cells=cells, metadata=metadata), server.work / "a.ipynb"
    )
    return server


def render(server: Server, browser: httpx.Client) -> tuple[str, str]:
    """Open the page; returns it with its kernel's id."""
    page = browser.get(f"{server.url}/voila/render/a.ipynb?token={TOKEN}", timeout=60)
    page.raise_for_status()
    found = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page.text, re.DOTALL)
    assert found
    return page.text, json.loads(found.group(1))["kernelId"]


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    with httpx.Client(follow_redirects=True, timeout=30) as client:
        yield client


def running(server: Server) -> set[str]:
    return {kernel["id"] for kernel in server.http.get("/api/kernels").json()}


def test_the_page_says_what_is_coming_and_asks_no_third_party(
    voila: Server, browser: httpx.Client
) -> None:
    text, _ = render(voila, browser)
    head, _, rest = text.partition('id="rendered_cells"')
    assert "Explore &lt;script&gt;" in head
    assert "<script>alert" not in text
    assert "What it is" in head
    assert "Prose" in rest
    asked = re.findall(r"""(?:src|href)\s*=\s*["'](https?:)?//""", text)
    assert asked == []
    assert "cdnjs" not in text
    assert "jsdelivr" not in text


def test_the_first_words_come_before_the_notebook_has_run(voila: Server) -> None:
    slow = nbformat.read(voila.work / "a.ipynb", as_version=4)
    gate = voila.work / "gate"
    wait = (
        f"import pathlib, time\nwhile not pathlib.Path({str(gate)!r}).exists():\n  time.sleep(0.05)"
    )
    slow.cells.append(nbformat.v4.new_code_cell(wait))
    nbformat.write(slow, voila.work / "slow.ipynb")
    with voila.http.stream("GET", "/voila/render/slow.ipynb") as answer:
        text = ""
        for piece in answer.iter_text():
            text += piece
            if "Starting…" in text:
                gate.touch()
    assert gate.exists()
    assert text.rstrip().endswith("</html>")


def test_a_page_opened_by_token_can_upload_and_end_its_kernel(
    voila: Server, browser: httpx.Client
) -> None:
    _, kernel = render(voila, browser)
    assert kernel in running(voila)
    xsrf = browser.cookies["_xsrf"]
    sent = browser.put(
        f"{voila.url}/mlplayground/api/uploads?name=a.csv",
        content=b"a\n1\n",
        headers={"X-XSRFToken": xsrf},
    )
    assert sent.status_code == 201
    browser.post(f"{voila.url}/voila/api/shutdown/{kernel}", data={"_xsrf": xsrf})
    assert kernel not in running(voila)


def test_what_a_visitor_moves_is_recorded(voila: Server, browser: httpx.Client) -> None:
    _, kernel = render(voila, browser)
    with voila.page(kernel) as page:
        slider = restore_widgets(page)["IntSliderModel"]
        page.set(slider, value=33)
        eventually(
            lambda: [e for e in voila.events("widget_changed") if e.payload.get("last") == 33],
            "the slider's event",
        )


def test_an_abandoned_kernel_ends_and_others_stay(
    make_server: Callable[..., Server], browser: httpx.Client
) -> None:
    server = with_notebook(make_server())
    server.config = {"MLPlaygroundServer": {"voila_grace": 5}}
    server.start()
    mine = server.start_kernel()
    _, opened = render(server, browser)
    with server.page(opened):
        _, left = render(server, browser)
        server.page(left).close()
        _, never = render(server, browser)
        assert {left, never} <= running(server)
        eventually(lambda: running(server) == {mine, opened}, "the abandoned kernels' end")
    eventually(lambda: running(server) == {mine}, "the last page's kernel's end")


def test_a_host_keeps_their_own_configuration(make_server: Callable[..., Server]) -> None:
    server = with_notebook(make_server())
    server.config = {"VoilaConfiguration": {"template": "lab", "extension_denylist": ["x"]}}
    server.start()
    with httpx.Client(timeout=30) as browser:
        text, _ = render(server, browser)
        assert "Executing" in text
        assert "_xsrf" in browser.cookies
