"""One user's files."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import fsspec

from mlplayground.errors import MissingExtra, StashError
from mlplayground.settings import check_user
from mlplayground.stash.files import Files, explained
from mlplayground.stash.local import LocalFiles
from mlplayground.stash.paths import check_hash, check_path
from mlplayground.stash.remote import RemoteFiles


class Stash:
    """The files of one user, below ``{home}/users/{user}/``.

    Every path is relative to that folder, uses ``/``, and is checked. Writes are atomic.
    Threads and processes may share a stash.

    Parameters
    ----------
    home : str
        A local folder, or any fsspec URL (``s3://bucket/folder``, ``memory://…``).
    user : str
        See :func:`mlplayground.settings.check_user`.

    Raises
    ------
    StashPathError
        By every method, for a path that would leave the stash.
    StashError
        By every method, where the file system refuses; the message says why.
    """

    def __init__(self, home: str, user: str) -> None:
        self.home = home
        self.user = check_user(user)
        self._files = _files(home, user)

    @property
    def location(self) -> str:
        """The user's folder, as shown to the learner."""
        return self._files.location

    @property
    def root(self) -> Path | None:
        """The user's folder where it is a local one, else None."""
        return self._files.root if isinstance(self._files, LocalFiles) else None

    def write(self, path: str, data: bytes) -> None:
        """Write a whole file; a crash leaves the old one or the new one, never a part."""
        with self._explained("write", check_path(path)):
            self._files.write(path, data)

    def write_file(self, path: str, local: Path) -> None:
        """Copy a local file of any size into the stash, as atomically as :meth:`write`."""
        with self._explained("write", check_path(path)):
            self._files.write_file(path, local)

    def read(self, path: str) -> bytes:
        """Read a whole file."""
        with self._explained("read", check_path(path)):
            return self._files.read(path)

    def open(self, path: str) -> BinaryIO:
        """Open a file for reading; close it yourself."""
        with self._explained("read", check_path(path)):
            return self._files.open(path)

    @contextmanager
    def local_path(self, path: str) -> Iterator[Path]:
        """Give a local path to read from; a temporary copy where the stash is remote."""
        with self._explained("read", check_path(path)):
            manager = self._files.local_path(path)
            local = manager.__enter__()
        try:
            yield local
        finally:
            manager.__exit__(None, None, None)

    def exists(self, path: str) -> bool:
        """Whether there is a file at `path`."""
        return self._size(path) is not None

    def size(self, path: str) -> int:
        """Size of a file in bytes."""
        size = self._size(path)
        if size is None:
            raise StashError(f"Cannot read {path!r} in the stash {self.location}: no such file.")
        return size

    def list(self, folder: str = "") -> list[str]:
        """Paths of all files below `folder` (all of them by default), sorted."""
        with self._explained("list", check_path(folder) if folder else ""):
            return self._files.list(folder)

    def delete(self, path: str) -> None:
        """Delete a file, or a folder with all in it; nothing happens where there is none."""
        with self._explained("delete", check_path(path)):
            self._files.delete(path)

    def put_blob(self, data: bytes) -> str:
        """Keep `data` under its SHA-256, and return that; the same data is kept once."""
        digest = hashlib.sha256(data).hexdigest()
        if self._size(_blob(digest)) != len(data):
            self.write(_blob(digest), data)
        return digest

    def get_blob(self, digest: str) -> bytes:
        """Return the data kept under `digest`; raises ``StashError`` if it was damaged."""
        data = self.read(_blob(check_hash(digest)))
        if hashlib.sha256(data).hexdigest() != digest:
            raise StashError(
                f"The blob {digest} in the stash {self.location} is damaged: its content has "
                "changed since it was written. Delete it, or restore it from a backup."
            )
        return data

    def delete_everything(self) -> None:
        """Delete the user's folder with all that is in it."""
        with self._explained("delete", "."):
            self._files.delete_everything()

    def check_writable(self) -> None:
        """Write and delete a small file; raises ``StashError`` with the reason it cannot."""
        probe = f"probe-{secrets.token_hex(8)}"
        self.write(probe, b"mlplayground")
        self.delete(probe)

    def _size(self, path: str) -> int | None:
        with self._explained("read", check_path(path)):
            return self._files.size(path)

    def _explained(self, verb: str, path: str) -> Any:
        return explained(verb, path, self.location)


def _blob(digest: str) -> str:
    return f"blobs/{digest[:2]}/{digest}"


def _files(home: str, user: str) -> Files:
    scheme, separator, rest = home.partition("://")
    if not separator or scheme in ("file", "local"):
        folder = Path(rest if separator else home).expanduser().absolute()
        return LocalFiles(folder / "users", user)
    if "::" in home:  # layers, such as a cache, would hide whether a write is atomic
        raise StashError(f"MLPLAYGROUND_HOME must be one fsspec URL, not a chain: {home!r}.")
    try:
        filesystem, root = fsspec.core.url_to_fs(home)
    except ImportError as error:
        raise MissingExtra(f"The driver for {scheme}://", scheme, "to reach the stash") from error
    except ValueError as error:
        raise StashError(
            f"MLPLAYGROUND_HOME must be a folder or an fsspec URL, not {home!r}: {error}."
        ) from error
    return RemoteFiles(filesystem, f"{root.rstrip('/')}/users/{user}", f"{home}/users/{user}")
