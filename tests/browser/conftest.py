"""One Chromium and one server a session; each test has a page and kernels of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from driver import CHROMIUM, CHROMIUM_FLAGS, Notebook, Server
from playwright.sync_api import Browser, sync_playwright

SIZES = {"wide": {"width": 1440, "height": 1000}, "narrow": {"width": 800, "height": 1000}}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab and Voila with our extensions, at the base URL ``/``."""
    running = Server(tmp_path_factory.mktemp("lab")).start()
    yield running
    running.stop()


@contextmanager
def _pages(chromium: Browser) -> Iterator[Callable[..., Notebook]]:
    contexts, servers = [], []

    def make(server: Server, size: str = "wide") -> Notebook:
        context = chromium.new_context(viewport=SIZES[size])
        context.set_default_timeout(30_000)
        contexts.append(context)
        servers.append(server)
        return Notebook(server, context.new_page())

    yield make
    for context in contexts:
        context.close()
    for server in servers:
        server.end_kernels()


@pytest.fixture
def new_notebook(chromium: Browser) -> Iterator[Callable[..., Notebook]]:
    """Makes pages: ``new_notebook(server, size="narrow")``. Each has cookies of its own."""
    with _pages(chromium) as make:
        yield make


@pytest.fixture(scope="module")
def new_shared_notebook(chromium: Browser) -> Iterator[Callable[..., Notebook]]:
    """The same for a page that all tests of a module share: opening one costs seconds."""
    with _pages(chromium) as make:
        yield make


@pytest.fixture
def notebook(server: Server, new_notebook: Callable[..., Notebook]) -> Notebook:
    """A wide page at the session's server."""
    return new_notebook(server)


@pytest.fixture
def shots(request: pytest.FixtureRequest) -> Path:
    """Where pictures of this test go; not part of the repository."""
    folder = Path(request.config.rootpath) / ".artifacts" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
