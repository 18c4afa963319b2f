"""Files on an object store, or any other fsspec file system."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from fsspec.asyn import AsyncFileSystem

from mlplayground.stash.paths import PARTIAL


class RemoteFiles:
    """See :class:`~mlplayground.stash.files.Files`.

    An object store shows an object only when all of it is there, so one ``pipe_file`` or
    ``put_file`` is atomic; a file system in the plain sense gets another name first. Only
    calls that take a name literally are used: ``rm``, ``mv`` and ``glob`` expand ``*``.
    """

    def __init__(self, filesystem: Any, root: str, location: str) -> None:
        self._fs = filesystem
        self._root = root.rstrip("/")
        self._location = location
        self._puts_whole = isinstance(filesystem, AsyncFileSystem)

    @property
    def location(self) -> str:
        return self._location

    def write(self, path: str, data: bytes) -> None:
        with self._replacing(path) as name:
            self._fs.pipe_file(name, data)

    def write_file(self, path: str, local: Path) -> None:
        with self._replacing(path) as name:
            self._fs.put_file(str(local), name)

    def read(self, path: str) -> bytes:
        return cast(bytes, self._fs.cat_file(self._full(path)))

    def open(self, path: str) -> BinaryIO:
        return cast(BinaryIO, self._fs.open(self._full(path), "rb"))

    @contextmanager
    def local_path(self, path: str) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="mlplayground-") as folder:
            copy = Path(folder) / path.rpartition("/")[2]
            self._fs.get_file(self._full(path), str(copy))
            yield copy

    def size(self, path: str) -> int | None:
        try:
            info = self._fs.info(self._full(path))
        except FileNotFoundError:
            return None
        return int(info["size"]) if info["type"] == "file" else None

    def list(self, folder: str) -> list[str]:
        self._fs.invalidate_cache()
        top = self._full(folder) if folder else self._root
        start = len(self._root) + 1
        names = [name[start:] for name in self._fs.find(top)]
        return sorted(name for name in names if not name.startswith(f"{PARTIAL}/"))

    def delete(self, path: str) -> None:
        self._fs.invalidate_cache()
        full = self._full(path)
        if self._fs.isfile(full):
            self._fs.rm_file(full)
        else:
            self._delete_below(full)

    def delete_everything(self) -> None:
        self._fs.invalidate_cache()
        self._delete_below(self._root)

    def _delete_below(self, folder: str) -> None:
        if not self._fs.exists(folder):
            return
        found = self._fs.find(folder, withdirs=True, detail=True)
        for name, info in found.items():
            if info["type"] == "file":
                self._fs.rm_file(name)
        if not self._puts_whole:  # folders exist only where they are real
            folders = [name for name, info in found.items() if info["type"] != "file"]
            for name in sorted({*folders, folder}, key=len, reverse=True):
                self._fs.rmdir(name)

    @contextmanager
    def _replacing(self, path: str) -> Iterator[str]:
        target = self._full(path)
        if self._puts_whole:
            yield target
            return
        self._fs.makedirs(target.rpartition("/")[0], exist_ok=True)
        self._fs.makedirs(self._full(PARTIAL), exist_ok=True)
        partial = self._full(f"{PARTIAL}/{secrets.token_hex(8)}")
        try:
            yield partial
            self._fs.mv(partial, target)
        finally:
            if self._fs.exists(partial):
                self._fs.rm_file(partial)

    def _full(self, path: str) -> str:
        return f"{self._root}/{path}"
