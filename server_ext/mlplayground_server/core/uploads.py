"""Uploads: a file of any size comes in pieces and lies in the stash only when it is whole."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
import threading
from pathlib import Path
from typing import BinaryIO

from mlplayground.errors import InputError, StashError
from mlplayground_server.core.errors import UploadTooLarge
from mlplayground_server.core.services import Services

_FORBIDDEN = re.compile(r"[^\w .()+,=@-]", re.UNICODE)


class Upload:
    """One file on its way in.

    Call :meth:`open`, :meth:`write` for each piece, then :meth:`commit`; and :meth:`discard`
    in every case. Until it is committed, nothing of it can be seen in the stash.
    """

    def __init__(self, services: Services, name: str) -> None:
        self.id = secrets.token_hex(10)
        self.name = clean_name(name)
        self.size = 0
        self._services = services
        self._limit = services.settings.upload_limit
        # The client may go away while a thread writes.
        self._lock = threading.Lock()
        self._discarded = False
        self._file: BinaryIO | None = None
        self._path: Path | None = None

    def open(self, size: int) -> None:
        """Make the temporary file for `size` announced bytes.

        Raises
        ------
        UploadTooLarge
            If that is more than the host allows.
        """
        if size > self._limit:
            raise UploadTooLarge(size, self._limit)
        with self._lock:
            if not self._discarded:
                handle, path = tempfile.mkstemp(prefix="upload-", dir=self._folder())
                self._file, self._path = os.fdopen(handle, "wb"), Path(path)

    def _folder(self) -> Path | None:
        # On the stash's own disk where it has one: the system's temporary folder may be memory.
        # The stash hides this folder, and sweeps what a killed server left in it.
        from mlplayground.stash.paths import PARTIAL

        root = self._services.stash.root
        if root is None:
            return None
        try:
            (root / PARTIAL).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StashError(f"Nothing can be written to the stash {root}: {error}.") from error
        return root / PARTIAL

    def write(self, piece: bytes) -> None:
        """Append one piece."""
        with self._lock:
            if self._file is not None:
                self._file.write(piece)
                self.size += len(piece)

    def commit(self) -> dict[str, object]:
        """Put the whole file into the stash and say where."""
        with self._lock:
            if self._file is None or self._path is None:
                raise InputError("The upload was broken off. Try it again.")
            self._file.flush()
            self._services.stash.write_file(f"uploads/{self.id}/{self.name}", self._path)
        return {"upload": self.id, "bytes": self.size, "name": self.name}

    def discard(self) -> None:
        """Remove the temporary file."""
        with self._lock:
            self._discarded = True
            if self._file is not None:
                self._file.close()
                self._file = None
            if self._path is not None:
                self._path.unlink(missing_ok=True)
                self._path = None


def clean_name(name: str) -> str:
    """The last part of `name`, without what file systems or shells take for something else.

    Raises
    ------
    InputError
        If nothing is left of it.
    """
    last = re.split(r"[/\\]", name)[-1]
    cleaned = _FORBIDDEN.sub("_", last).strip(" .")
    if not cleaned.strip("_"):
        raise InputError(
            f"A file needs a name with letters or digits, not {name[:100]!r}. "
            "Rename it and try again."
        )
    stem, dot, suffix = cleaned.rpartition(".")
    return f"{_shorten(stem, 150)}.{_shorten(suffix, 30)}" if dot else _shorten(cleaned, 180)


def _shorten(text: str, limit: int) -> str:
    # File systems count bytes; a character that the cut would split goes as a whole.
    return text.encode()[:limit].decode(errors="ignore")
