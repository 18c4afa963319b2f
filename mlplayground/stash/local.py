"""Files on a local (or mounted) disk."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from mlplayground.errors import StashPathError
from mlplayground.stash.paths import PARTIAL

_DAY = 24 * 3600


class LocalFiles:
    """See :class:`~mlplayground.stash.files.Files`.

    A file is written under ``.partial/``, flushed to the disk, then renamed. A process that
    was killed in between leaves a part there, which is swept a day later.
    """

    def __init__(self, users: Path, user: str) -> None:
        self.root = users / user
        self._users = users
        self._user = user

    @property
    def location(self) -> str:
        return str(self.root)

    def path(self, path: str) -> Path:
        """Where `path` lies; raises ``StashPathError`` if a link leads out of the stash."""
        full = self.root / path
        if not full.resolve().is_relative_to(self.root.resolve()):
            raise StashPathError(f"{path!r} is a link that leads out of the stash {self.root}.")
        return full

    def write(self, path: str, data: bytes) -> None:
        with self._replacing(path) as file:
            file.write(data)

    def write_file(self, path: str, local: Path) -> None:
        with open(local, "rb") as source, self._replacing(path) as file:
            shutil.copyfileobj(source, file, 1024 * 1024)

    def read(self, path: str) -> bytes:
        return self.path(path).read_bytes()

    def open(self, path: str) -> BinaryIO:
        return open(self.path(path), "rb")

    @contextmanager
    def local_path(self, path: str) -> Iterator[Path]:
        full = self.path(path)
        full.stat()
        yield full

    def size(self, path: str) -> int | None:
        full = self.path(path)
        return full.stat().st_size if full.is_file() else None

    def list(self, folder: str) -> list[str]:
        top = self.path(folder) if folder else self.root
        found = []
        for base, folders, names in os.walk(top):
            if Path(base) == self.root and PARTIAL in folders:
                folders.remove(PARTIAL)
            found += [(Path(base) / name).relative_to(self.root).as_posix() for name in names]
        return sorted(found)

    def delete(self, path: str) -> None:
        full = self.root / path
        self.path(str(Path(path).parent))
        if full.is_dir() and not full.is_symlink():
            shutil.rmtree(full)
        else:
            full.unlink(missing_ok=True)

    def delete_everything(self) -> None:
        """Remove the user's folder, and what an interrupted removal left behind."""
        # Renamed first: no other process finds half of it.
        doomed = f".forgotten-{self._user}-"
        with suppress(OSError):  # a mount point cannot be renamed; it is emptied in place
            self.root.rename(self._users / f"{doomed}{time.time_ns()}")
        for left in [*self._users.glob(f"{doomed}[0-9]*"), self.root]:
            if left.is_symlink():
                left.unlink()
            elif left.exists():
                shutil.rmtree(left, ignore_errors=left == self.root and left.is_mount())

    @contextmanager
    def _replacing(self, path: str) -> Iterator[BinaryIO]:
        target = self.path(path)
        partial = self.root / PARTIAL
        partial.mkdir(parents=True, exist_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        self._sweep(partial)
        handle, temporary = tempfile.mkstemp(dir=partial)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, target)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise
        _flush_folders(target.parent, self.root)

    def _sweep(self, partial: Path) -> None:
        for entry in os.scandir(partial):
            with suppress(OSError):
                if entry.stat().st_mtime < time.time() - _DAY:
                    os.unlink(entry)


def _flush_folders(folder: Path, root: Path) -> None:
    # The new name, and the folders made for it, are safe only once their folders are flushed.
    if os.name != "posix":
        return
    while True:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if folder == root:
            return
        folder = folder.parent
