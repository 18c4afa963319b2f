"""Large files arrive, with and without our server extension, or it is said why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from driver import Notebook, Server
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.browser
GALLERY = Path(__file__).parent / "gallery"
# More than the 10 MiB at which a websocket drops a message without a word.
ROWS = 1_500_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("files") / "large.csv"
    file.write_text("a,b\n" + "1,2345678\n" * ROWS)
    return file


@pytest.fixture(scope="module")
def bare_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without our extensions, as somebody has who installed into the kernel only."""
    running = Server(tmp_path_factory.mktemp("bare"), ours=False).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def hub_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("hub"), base_url="/user/ada/").start()
    yield running
    running.stop()


def drop(panel: Locator, file: Path) -> None:
    """Drop a small file into the panel."""
    transfer = panel.page.evaluate_handle(
        """([name, text]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([text], name, { type: 'text/csv' }));
          return transfer;
        }""",
        [file.name, file.read_text()],
    )
    zone = panel.locator(".mlp-drop")
    zone.dispatch_event("dragover", {"dataTransfer": transfer})
    zone.dispatch_event("drop", {"dataTransfer": transfer})


@pytest.mark.parametrize("where", ["lab", "voila"])
def test_a_large_file_goes_to_the_server_below_a_hubs_base_url(
    hub_server: Server, new_notebook: Callable[..., Notebook], large: Path, where: str
) -> None:
    notebook = new_notebook(hub_server)
    name = hub_server.put_script(GALLERY / "upload.py")
    notebook.open_voila(name) if where == "voila" else notebook.open_lab(name).run_all()
    panel = notebook.panel("Load")
    panel.get_by_label("Choose a file").set_input_files(large, timeout=60_000)
    expect(panel.get_by_text("large.csv is here")).to_be_visible(timeout=60_000)
    told = panel.get_by_text("upload ").inner_text()
    kept = [file for file in hub_server.home.rglob("*") if file.is_file() and told[7:] in str(file)]
    assert large.stat().st_size in [file.stat().st_size for file in kept]


def test_a_large_file_comes_in_pieces_where_there_is_no_server_extension(
    bare_server: Server, new_notebook: Callable[..., Notebook], large: Path, tmp_path: Path
) -> None:
    notebook = new_notebook(bare_server)
    notebook.open_lab(bare_server.put_script(GALLERY / "upload.py")).run_all()
    panel = notebook.panel("Load")
    panel.get_by_label("Choose a file").set_input_files(large)
    size = large.stat().st_size
    expect(panel.get_by_text(f"large.csv: {size} bytes")).to_be_visible(timeout=60_000)

    small = tmp_path / "small.csv"
    small.write_text("a\n1\n")
    drop(panel, small)
    expect(panel.get_by_text("small.csv: 4 bytes")).to_be_visible()

    huge = tmp_path / "huge.csv"
    with huge.open("wb") as stream:
        stream.truncate(50_000_001)
    panel.get_by_label("Choose a file").set_input_files(huge)
    expect(panel.get_by_text("at most 50 MB can be taken here")).to_be_visible()
