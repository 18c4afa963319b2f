"""What a stash needs of the place where its files lie."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from mlplayground.errors import StashError

_REASONS = {
    errno.ENOSPC: "the disk is full. Free some space and try again; what was there is unharmed",
    errno.EDQUOT: "your disk quota is used up. Free some space; what was there is unharmed",
    errno.EROFS: "the file system is read-only. Set MLPLAYGROUND_HOME to a folder you may write",
    errno.EACCES: "permission was denied. Set MLPLAYGROUND_HOME to a folder you may write",
    errno.EPERM: "permission was denied. Set MLPLAYGROUND_HOME to a folder you may write",
    errno.ENOENT: "there is no such file",
    errno.EISDIR: "that is a folder, and a file is needed",
    errno.ENOTDIR: "a file stands where a folder is needed",
    errno.ENAMETOOLONG: "the name is too long for the file system",
}


class Files(Protocol):
    """Files below one root; paths are checked by the caller and use ``/``.

    `write` and `write_file` are atomic: a reader, or a crash, sees the old file or the
    whole new one, and where a write returns, a crash does not take it back.
    Threads and processes may use it at once.
    """

    @property
    def location(self) -> str:
        """The root, as shown to the learner."""

    def write(self, path: str, data: bytes) -> None: ...
    def write_file(self, path: str, local: Path) -> None: ...
    def read(self, path: str) -> bytes: ...
    def open(self, path: str) -> BinaryIO: ...
    def local_path(self, path: str) -> AbstractContextManager[Path]: ...
    def size(self, path: str) -> int | None:
        """Size in bytes, None where there is no such file."""

    def list(self, folder: str) -> list[str]: ...
    def delete(self, path: str) -> None: ...
    def delete_everything(self) -> None: ...


@contextmanager
def explained(verb: str, path: str, location: str) -> Iterator[None]:
    """Turn what a file system raises into a ``StashError`` that says what to do."""
    try:
        yield
    except StashError:
        raise
    except Exception as error:  # object stores raise classes of their own
        code = error.errno if isinstance(error, OSError) else None
        if isinstance(error, FileNotFoundError):
            code = errno.ENOENT
        elif isinstance(error, PermissionError):
            code = code or errno.EACCES
        reason = _REASONS.get(code or 0, f"{type(error).__name__}: {error}")
        raise StashError(f"Cannot {verb} {path!r} in the stash {location}: {reason}.") from error
