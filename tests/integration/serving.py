"""A real Jupyter server in a process of its own, and pages that talk to it over websockets."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx
import websocket
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)

TOKEN = "token-of-the-tests"
PROTOCOL = "v1.kernel.websocket.jupyter.org"
_PARTS = ("header", "parent_header", "metadata", "content")
_T = TypeVar("_T")


def eventually(look: Callable[[], _T], what: str, seconds: float = 60.0) -> _T:
    """The first truthy answer of `look`; fails with `what` was awaited."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"Not within {seconds:.0f} s: {what}"
        pause.wait(0.05)


class Server:
    """A Jupyter server with our extension, with all its folders below `folder`."""

    def __init__(self, folder: Path, *, base_url: str = "/", **environment: str) -> None:
        self.folder, self.base_url = folder, base_url
        self.home, self.work = folder / "stash", folder / "work"
        self.extensions = {"mlplayground_server": True}
        self.config: dict[str, Any] = {}
        self.environment = environment
        self.url = ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Server:
        """Start it and wait until it answers."""
        self.work.mkdir(parents=True, exist_ok=True)
        runtime = self.folder / "runtime"
        for old in runtime.glob("jpserver-*.json"):
            old.unlink()
        with open(self.folder / "server.log", "ab") as log:
            self._process = subprocess.Popen(
                self._command(),
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
            base_url=self.url, headers={"Authorization": f"token {TOKEN}"}, timeout=60
        )
        eventually(self._answers, "the server's first answer")
        return self

    def stop(self) -> None:
        """Stop it as a person would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power failure would."""
        self._end(signal.SIGKILL)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")

    @property
    def database(self) -> Path:
        return self.home / "users" / "ada" / "meta_learning" / "patterns.db"

    def api(self, path: str) -> str:
        return f"/mlplayground/api/{path}"

    def start_kernel(self) -> str:
        answer = self.http.post("/api/kernels", json={"name": "python3"})
        answer.raise_for_status()
        return str(answer.json()["id"])

    def page(self, kernel: str, *, text: bool = False) -> Page:
        return Page(self, kernel, text=text)

    def events(self, *kinds: str) -> list[Any]:
        """What the journal holds of `kinds`, oldest first."""
        from mlplayground.journal import Journal

        with self._database() as database:
            return Journal(database).read(kinds=list(kinds), limit=100_000)

    def append(self, kind: str, payload: dict[str, Any], **place: str) -> int:
        """Journal an event, as a kernel would; returns its place."""
        from mlplayground.journal import Journal, new_event

        event = new_event(kind, payload, user="ada", session="s-1", **place)
        with self._database() as database:
            return Journal(database).append(event)

    @contextmanager
    def _database(self) -> Iterator[Any]:
        from mlplayground.database import Database

        database = Database(f"sqlite:///{self.database}")
        try:
            yield database
        finally:
            database.dispose()

    def _command(self) -> list[str]:
        settings = {
            **self.config,
            "ServerApp": {
                "jpserver_extensions": self.extensions,
                "base_url": self.base_url,
                "port": 0,
                "open_browser": False,
                "allow_root": True,
                "root_dir": str(self.work),
                **self.config.get("ServerApp", {}),
            },
            "IdentityProvider": {"token": TOKEN},
        }
        config = self.folder / "config" / "jupyter_server_config.json"
        config.parent.mkdir(exist_ok=True)
        config.write_text(json.dumps(settings))
        return [sys.executable, "-m", "jupyter_server"]

    def _environment(self) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "MLPLAY"))}
        clean.pop("DO_NOT_TRACK", None)
        return clean | {
            "HOME": str(self.folder),
            "JUPYTER_CONFIG_DIR": str(self.folder / "config"),
            "JUPYTER_DATA_DIR": str(self.folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.folder / "runtime"),
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
            return self.http.get("/api").status_code == 200
        except httpx.TransportError:
            return False

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self.http.close()
        self._process.send_signal(how)
        self._process.wait(30)
        self._process = None


class Page:
    """One browser page: a websocket to a kernel.

    It speaks the protocol that JupyterLab speaks, or with `text` the one of before, which old
    clients and a server with a gateway know.
    """

    def __init__(self, server: Server, kernel: str, *, text: bool = False) -> None:
        self.kernel, self.session, self._text = kernel, uuid.uuid4().hex, text
        url = server.url.replace("http", "ws", 1)
        self._socket = websocket.create_connection(
            f"{url}/api/kernels/{kernel}/channels?session_id={self.session}&token={TOKEN}",
            subprotocols=None if text else [PROTOCOL],
            timeout=60,
        )
        self.comms: dict[str, str] = {}
        self.kernel_info()

    def __enter__(self) -> Page:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def kernel_info(self) -> None:
        """Wait until the kernel answers, so that nothing it publishes is missed."""
        self._wait(self.send("kernel_info_request", {}))

    def send(self, kind: str, content: dict[str, Any], metadata: Any = None) -> str:
        """Send a message on the shell channel; returns its id."""
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": kind,
            "username": "",
            "session": self.session,
            "date": datetime.now(UTC).isoformat(),
            "version": "5.3",
        }
        parts = (header, {}, metadata or {}, content)
        if self._text:
            message = dict(zip(_PARTS, parts, strict=True), channel="shell")
            self._socket.send(json.dumps(message))
        else:
            frames = [json.dumps(part).encode() for part in parts]
            self._socket.send_binary(serialize_msg_to_ws_v1(frames, "shell"))
        return str(header["msg_id"])

    def receive(self) -> tuple[str, dict[str, Any]]:
        """The next message, as (channel, message)."""
        received = self._socket.recv()
        if self._text:
            message = json.loads(received)
            return message["channel"], message
        channel, parts = deserialize_msg_from_ws_v1(received)
        return channel, {name: json.loads(part) for name, part in zip(_PARTS, parts, strict=False)}

    def run(self, source: str, tags: tuple[str, ...] = ()) -> dict[str, Any]:
        """Run a cell and wait for its end; returns the reply's content."""
        asked = self.send(
            "execute_request",
            {"code": source, "silent": False, "store_history": True, "allow_stdin": False},
            {"tags": list(tags), "cellId": "the-same-in-every-copy"},
        )
        return self._wait(asked)

    def set(self, comm: str, **traits: Any) -> str:
        """Move a widget."""
        data = {"method": "update", "state": traits, "buffer_paths": []}
        return self.send("comm_msg", {"comm_id": comm, "data": data})

    def _wait(self, asked: str) -> dict[str, Any]:
        reply, idle = None, False
        while reply is None or not idle:
            _, message = self.receive()
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "comm_open":
                self._opened(content)
            if message["parent_header"].get("msg_id") != asked:
                continue
            if kind.endswith("_reply"):
                reply = content
            elif kind == "status" and content["execution_state"] == "idle":
                idle = True
        return reply

    def _opened(self, content: dict[str, Any]) -> None:
        model = content["data"].get("state", {}).get("_model_name", "")
        self.comms[model] = content["comm_id"]


# What `mlplayground.start()` sends, and two controls with a role and one without, by hand.
ANNOUNCE = """
import ipywidgets as w, traitlets as t
class Announcement(w.DOMWidget):
    mlplayground = t.Dict().tag(sync=True)
    mlplayground_roles = t.Dict().tag(sync=True)
slider, box, other = w.IntSlider(), w.Checkbox(), w.FloatText()
announcement = Announcement(
    mlplayground={"version": "1", "user": "ada", "session": "s-1"},
    mlplayground_roles={slider.comm.comm_id: "data_explorer/load/rows",
                        box.comm.comm_id: "data_explorer/load/header"})
"""
