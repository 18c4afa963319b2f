"""The widget of a dataset picker, and the way of a file into it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import traitlets as t

from mlplayground.errors import InputError
from mlplayground.ui import assets
from mlplayground.ui.controls import DatasetPicker, Source
from mlplayground.ui.escape import plain
from mlplayground.ui.format import size
from mlplayground.ui.widget import Part


class Picker(Part):
    """Lets the learner choose where a table comes from; the choice is :attr:`source`.

    Parameters
    ----------
    control : DatasetPicker
    on_upload : callable(upload_id), optional
        A file has arrived at the server.
    on_file : callable(path, name), optional
        A file has arrived in pieces through the kernel's connection.
    """

    _esm = assets.module("picker")

    label = t.Unicode().tag(sync=True)
    datasets: t.List[Any] = t.List().tag(sync=True)
    samples: t.List[Any] = t.List().tag(sync=True)
    upload_limit = t.Int(0).tag(sync=True)
    chosen = t.Dict().tag(sync=True)

    source = t.Instance(Source, allow_none=True)

    def __init__(
        self,
        control: DatasetPicker,
        on_upload: Callable[[str], None] | None = None,
        on_file: Callable[[str, str], None] | None = None,
    ) -> None:
        self._on_upload, self._on_file = on_upload, on_file
        self._default = control.value
        self._incoming: Incoming | None = None
        self._receiving = threading.Lock()
        super().__init__(
            label=plain(control.label),
            datasets=_pairs(control.datasets),
            samples=_pairs(control.samples),
            upload_limit=control.upload_limit,
            chosen=_as_dict(control.value),
            source=control.value,
        )
        self.observe(lambda _change: self._picked(), names="chosen")

    def adopt(self, control: DatasetPicker) -> None:
        """Offer what `control` offers; its value is taken where it is a new one."""
        self.datasets, self.samples = _pairs(control.datasets), _pairs(control.samples)
        self.upload_limit = control.upload_limit
        if control.value != self._default:
            self._default = control.value
            self._take(control.value)

    def heard(self, message: dict[str, Any], buffers: list[Any]) -> None:
        if message.get("kind") == "uploaded" and isinstance(message.get("upload"), str):
            name = plain(message.get("name") or "")
            self._take(Source("upload", message["upload"], name))
            if self._on_upload:
                self._on_upload(message["upload"])
        elif message.get("kind") == "piece":
            self._piece(message, buffers)

    def _piece(self, message: dict[str, Any], buffers: list[Any]) -> None:
        answer = {"kind": "piece", "transfer": message.get("transfer")}
        try:
            with self._receiving:
                finished = self._receive(message, buffers)
        except (InputError, OSError) as error:
            self._incoming = None
            self.send({**answer, "error": plain(error)})
            return
        self.send(answer)
        if finished is not None:
            self._take(finished)
            if self._on_file:
                self._on_file(finished.ref, finished.name)

    def _receive(self, message: dict[str, Any], buffers: list[Any]) -> Source | None:
        if message.get("start") == 0:
            if self._incoming is not None:
                self._incoming.drop()
            self._incoming = Incoming.begin(message, self.upload_limit)
        incoming = self._incoming
        if incoming is None or incoming.transfer != message.get("transfer"):
            raise InputError("This upload was given up. Choose the file again.")
        if not incoming.add(message.get("start"), b"".join(bytes(part) for part in buffers)):
            return None
        self._incoming = None
        return Source("file", str(incoming.path), incoming.name)

    def _picked(self) -> None:
        kind, ref, name = (self.chosen.get(key) for key in ("kind", "ref", "name"))
        if not isinstance(ref, str) or not ref.strip():
            return
        offered = {"dataset": self.datasets, "sample": self.samples}
        if kind == "path":
            self.source = Source("path", ref.strip(), plain(name or ""))
        elif kind in ("dataset", "sample") and ref in [item[0] for item in offered[kind]]:
            self.source = Source(kind, ref, plain(name or ""))

    def _take(self, source: Source | None) -> None:
        self.source = source
        self.chosen = _as_dict(source)


@dataclass(slots=True)
class Incoming:
    """A file on its way, in pieces that must come in order.

    Attributes
    ----------
    path : Path
        A temporary file in a folder of its own, under the name that the file has.
    """

    transfer: object
    name: str
    path: Path
    total: int
    stream: BinaryIO
    received: int = 0

    @classmethod
    def begin(cls, message: dict[str, Any], limit: int) -> Incoming:
        """Open the file; raises ``InputError`` where it is too large."""
        total = message.get("total")
        if not isinstance(total, int) or total < 0:
            raise InputError("The size of the file is not known. Choose it again.")
        if total > limit:
            raise InputError(f"At most {size(limit)} can be taken here, not {size(total)}.")
        # Only the last part of the name, whatever system it comes from.
        name = PurePosixPath(plain(message.get("name") or "").replace("\\", "/")).name or "table"
        suffix = "".join(Path(name).suffixes[-2:])[-20:]
        folder = Path(tempfile.mkdtemp(prefix="mlplayground-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        path = folder / f"upload{suffix}"
        return cls(message.get("transfer"), name, path, total, path.open("xb"))

    def add(self, start: Any, data: bytes) -> bool:
        """Write one piece; True where it was the last one."""
        if start != self.received or self.received + len(data) > self.total:
            self.drop()
            raise InputError("A piece of the file was lost on the way. Choose the file again.")
        try:
            self.stream.write(data)
            self.received += len(data)
            if self.received < self.total:
                return False
            self.stream.close()
        except OSError as error:
            self.drop()
            raise InputError(f"The file cannot be written here: {error}.") from error
        return True

    def drop(self) -> None:
        """Give the file up."""
        self.stream.close()
        self.path.unlink(missing_ok=True)
        self.path.parent.rmdir()


def _pairs(items: tuple[tuple[str, str], ...]) -> list[list[str]]:
    return [[ident, plain(name)] for ident, name in items]


def _as_dict(source: Source | None) -> dict[str, str]:
    if source is None:
        return {}
    return {"kind": source.kind, "ref": source.ref, "name": plain(source.name)}
