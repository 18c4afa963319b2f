"""What the recorder must still know after a restart of the server, and the salt of cell hashes.

A kernel announces itself once. It can outlive the server (a remote kernel, a server that was
killed), so each announcement is kept as a small file in Jupyter's runtime folder. The file is
named by the kernel's process, which is in each of its messages: a kernel that was restarted is
another process, and a server that meets a running kernel may give it another id.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from mlplayground.errors import StashError
from mlplayground_server.recorder.ledger import Kernel

if TYPE_CHECKING:
    from mlplayground.stash import Stash

_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
_KEEP_SECONDS = 14 * 24 * 3600
_SALT = "meta_learning/cell_salt"


class AnnouncedKernels:
    """Announcements as files, one a kernel, in `folder` (mode 0700, created when needed)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def processes(self) -> set[str]:
        """The processes that are known; files of those long gone are removed first."""
        known = set()
        for path in self._folder.glob("*.json"):
            if time.time() - path.stat().st_mtime > _KEEP_SECONDS:
                path.unlink(missing_ok=True)
            else:
                known.add(path.stem)
        return known

    def load(self, process: str) -> Kernel | None:
        """What `process` announced, or None if it did not (or the file cannot be read)."""
        try:
            return Kernel(**json.loads(self._path(process).read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def save(self, kernel: Kernel) -> None:
        """Keep an announcement, atomically."""
        path = self._path(kernel.process)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        scratch = path.with_suffix(f".{os.getpid()}.tmp")
        scratch.write_text(json.dumps(asdict(kernel)))
        scratch.replace(path)

    def remove(self, process: str) -> None:
        """Drop what is known of a process that is gone."""
        self._path(process).unlink(missing_ok=True)

    def remove_user(self, user: str) -> None:
        """Drop what is known of all processes of `user`."""
        for path in self._folder.glob("*.json"):
            kernel = self.load(path.stem)
            if kernel is None or kernel.user == user:
                path.unlink(missing_ok=True)

    def _path(self, process: str) -> Path:
        if not _NAME.fullmatch(process):
            raise ValueError(f"A process must have a name of letters, digits, _ and -: {process!r}")
        return self._folder / f"{process}.json"


class Fingerprints:
    """Salted hashes of source code, so that a hash cannot be looked up in a list of known cells.

    The salt lies in the learner's stash: the same cell has the same hash tomorrow, and forgetting
    the learner forgets the salt.
    """

    def __init__(self, stash_of: Callable[[str], Stash]) -> None:
        self._stash_of = stash_of
        self._salts: dict[str, bytes] = {}

    def __call__(self, user: str, source: str) -> str:
        """The 20 hex digits that stand for `source` of `user`."""
        salt = self._salts.get(user)
        if salt is None:
            salt = self._salts[user] = self._read_or_make(user)
        data = source.encode("utf-8", "replace")
        return hashlib.blake2b(data, key=salt, digest_size=10).hexdigest()

    def forget(self, user: str) -> None:
        """Drop the salt of `user`; the next hash takes the one in the stash, or a new one."""
        self._salts.pop(user, None)

    def _read_or_make(self, user: str) -> bytes:
        stash, salt = self._stash_of(user), os.urandom(16)
        try:
            if not stash.exists(_SALT):
                stash.write(_SALT, salt)
            return stash.read(_SALT)[:64]
        except StashError:
            # A stash that cannot be written must not stop the record: a salt for this run only.
            return salt
