"""A real JupyterLab with Voila in a process of its own, and a page of Chromium that works in it.

Everything of the server lies below one folder: its configuration, its data, the learner's home.
Nothing of the person who runs the tests is read or written.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import nbformat
from playwright.sync_api import Locator, Page

ROOT = Path(__file__).parents[2]
TOKEN = "token-of-the-tests"
CHROMIUM = os.environ.get("MLPLAYGROUND_TEST_CHROMIUM", "/usr/bin/chromium")
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
PATIENCE_SECONDS = 100
_T = TypeVar("_T")


def eventually(look: Callable[[], _T], what: str, seconds: float = 30.0) -> _T:
    """The first truthy answer of `look`; fails with `what` was awaited."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"Not within {seconds:.0f} s: {what}"
        pause.wait(0.05)


class Server:
    """JupyterLab and Voila on a free port.

    Parameters
    ----------
    folder : Path
        Where everything of it lies.
    base_url : str
        As a hub would set it, for instance ``"/user/ada/"``.
    ours : bool
        Whether our server extension and lab extension are there.
    environment : str
        More variables for the server and its kernels.
    """

    def __init__(
        self, folder: Path, *, base_url: str = "/", ours: bool = True, **environment: str
    ) -> None:
        self.folder, self.base_url, self.ours = folder, base_url, ours
        self.home, self.work = folder / "stash", folder / "work"
        self.environment = environment
        self.url = ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Server:
        """Start it and wait until it answers."""
        self.work.mkdir(parents=True, exist_ok=True)
        self._configure()
        runtime = self.folder / "runtime"
        for old in runtime.glob("jpserver-*.json"):
            old.unlink()
        with open(self.folder / "server.log", "ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab"],
                env=self._environment(),
                cwd=self.work,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        info = eventually(
            lambda: self._alive() and list(runtime.glob("jpserver-*.json")), "the server's start"
        )[0]
        eventually(lambda: info.read_text().endswith("}"), "the server's address")
        self.url = json.loads(info.read_text())["url"].rstrip("/")
        self.http = httpx.Client(
            base_url=self.url, headers={"Authorization": f"token {TOKEN}"}, timeout=30
        )
        eventually(self._answers, "the server's first answer")
        return self

    def stop(self) -> None:
        """Stop it as a person would."""
        if self._process is None:
            return
        self.http.close()
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._process = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")

    def put_notebook(self, name: str, cells: Iterable[str]) -> str:
        """Write a notebook of code cells into the server's folder; returns its name."""
        notebook = nbformat.v4.new_notebook(metadata={"kernelspec": KERNEL})
        notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
        nbformat.write(notebook, self.work / name)
        return name

    def put_script(self, source: Path) -> str:
        """Write a script with ``# %%`` between its cells as a notebook; returns its name."""
        cells = source.read_text().split("# %%\n")[1:]
        return self.put_notebook(source.with_suffix(".ipynb").name, cells)

    def put_file(self, source: Path) -> str:
        """Copy a file into the server's folder; returns its name."""
        shutil.copy(source, self.work / source.name)
        return source.name

    def end_kernels(self) -> None:
        """End all kernels, so that the next test begins anew."""
        if self._process is None:
            return
        for kernel in self.http.get("/api/kernels").json():
            self.http.delete(f"/api/kernels/{kernel['id']}")

    def _configure(self) -> None:
        config = self.folder / "config"
        extensions = {"jupyterlab": True, "voila.server_extension": True}
        settings: dict[str, Any] = {
            "ServerApp": {
                "jpserver_extensions": extensions | {"mlplayground_server": self.ours},
                "base_url": self.base_url,
                "port": 0,
                "open_browser": False,
                "allow_root": True,
                "root_dir": str(self.work),
            },
            "IdentityProvider": {"token": TOKEN},
            "LabApp": {
                "expose_app_in_browser": True,
                "workspaces_dir": str(self.folder / "workspaces"),
            },
        }
        _write(config / "jupyter_server_config.json", settings)
        off = {"@jupyterlab/apputils-extension:announcements": True}
        if not self.ours:
            off["@mlplayground/labextension"] = True
        _write(config / "labconfig" / "page_config.json", {"disabledExtensions": off})
        self._link_labextension()

    def _link_labextension(self) -> None:
        # A copy, because Voila refuses to follow links; in the work tree's state of this moment.
        built = ROOT / "mlplayground" / "labextension"
        place = self.folder / "data" / "labextensions" / "@mlplayground" / "labextension"
        if self.ours and built.is_dir() and not place.exists():
            shutil.copytree(built, place)

    def _environment(self) -> dict[str, str]:
        unwanted = ("JUPYTER", "MLPLAY", "DO_NOT_TRACK", "VOILA")
        clean = {k: v for k, v in os.environ.items() if not k.startswith(unwanted)}
        return clean | {
            "HOME": str(self.folder),
            "JUPYTER_CONFIG_DIR": str(self.folder / "config"),
            "JUPYTER_DATA_DIR": str(self.folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.folder / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(self.folder / "settings"),
            "IPYTHONDIR": str(self.folder / "ipython"),
            "MLPLAYGROUND_HOME": str(self.home),
            "MLPLAYGROUND_USER": "ada",
            **self.environment,
        }

    def _alive(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"The server ended:\n{self.log}"
        return True

    def _answers(self) -> bool:
        try:
            return self.http.get("/api/status").status_code == 200
        except httpx.TransportError:
            return False


class Notebook:
    """A notebook in a page: in JupyterLab, or as Voila shows it.

    Attributes
    ----------
    page : playwright Page
    asked : list of str
        Addresses of all requests.
    strangers : list of str
        Those that went to another host than the server.
    received : int
        Bytes that came through websockets.
    problems : list of str
        What the page's own scripts raised, less what our widgets recover from: anywidget's
        complaint that a module took more than two seconds to load.
    """

    def __init__(self, server: Server, page: Page) -> None:
        self.server, self.page = server, page
        self.asked: list[str] = []
        self.strangers: list[str] = []
        self.received = 0
        self.problems: list[str] = []
        page.on("request", self._asked)
        page.on("websocket", lambda socket: socket.on("framereceived", self._came))
        page.on("pageerror", self._failed)

    def open_lab(self, name: str) -> Notebook:
        """Open a notebook in JupyterLab and wait for its kernel."""
        self.page.goto(f"{self.server.url}/lab/tree/{name}?reset&token={TOKEN}")
        self.page.wait_for_selector(".jp-Notebook", timeout=60_000)
        # The kernel indicator says idle before there is a kernel; this waits for a real one.
        self._evaluate(
            """async () => {
              const panel = window.jupyterapp.shell.currentWidget;
              await panel.context.ready;
              await panel.sessionContext.ready;
              await panel.sessionContext.session.kernel.info;
            }""",
            "the notebook's kernel",
        )
        return self

    def run_all(self) -> Notebook:
        """Run all cells and wait until the last one has ended."""
        self._evaluate(
            "() => window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => null)",
            "the end of the last cell",
        )
        return self

    def run(self, source: str) -> None:
        """Put code into a new last cell and run it, without waiting for its end."""
        self.page.evaluate(
            """source => {
              const panel = window.jupyterapp.shell.currentWidget;
              const model = panel.content.model.sharedModel;
              model.insertCell(model.cells.length, { cell_type: 'code', source });
              panel.content.activeCellIndex = model.cells.length - 1;
              window.jupyterapp.commands.execute('notebook:run-cell');
            }""",
            source,
        )

    def save(self) -> Notebook:
        """Save the notebook, outputs included."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
        return self

    def command(self, name: str, **arguments: Any) -> Any:
        """Execute a command of JupyterLab."""
        return self.page.evaluate(
            "([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => null)",
            [name, arguments],
        )

    def theme(self, name: str) -> Notebook:
        """Switch to a theme, for instance ``"JupyterLab Dark"``, and wait for its colours."""
        self.command("apputils:change-theme", theme=name)
        self.page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=name)
        return self

    def open_voila(self, name: str, dark: bool = False) -> Notebook:
        """Open a notebook in Voila."""
        theme = "&theme=dark" if dark else ""
        self.page.goto(f"{self.server.url}/voila/render/{name}?token={TOKEN}{theme}")
        return self

    def panel(self, title: str) -> Locator:
        """The panel of that title."""
        return self.page.get_by_role("region", name=title, exact=True)

    def _failed(self, error: Any) -> None:
        if "[anywidget] Failed to initialize model" not in str(error):
            self.problems.append(str(error))

    def _came(self, frame: str | bytes) -> None:
        self.received += len(frame)

    def _evaluate(self, function: str, awaited: str) -> None:
        # An evaluation of the page has no time limit of its own.
        self.page.evaluate(
            f"""([seconds, awaited]) => Promise.race([
              ({function})(),
              new Promise((_, giveUp) => setTimeout(
                () => giveUp(new Error(`Not within ${{seconds}} s: ${{awaited}}`)),
                1000 * seconds)),
            ])""",
            [PATIENCE_SECONDS, awaited],
        )

    def _asked(self, request: Any) -> None:
        self.asked.append(request.url)
        parts, own = urlsplit(request.url), urlsplit(self.server.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != own.netloc:
            self.strangers.append(request.url)


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
