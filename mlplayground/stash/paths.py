"""What a path inside a stash may look like."""

from __future__ import annotations

import re

from mlplayground.errors import StashPathError

# Not printable, or a separator somewhere: a backslash on Windows, a colon in a drive or URL.
_REFUSED = re.compile(r"[\x00-\x1f\x7f\\:\ud800-\udfff]")
_HASH = re.compile(r"[0-9a-f]{64}")

PARTIAL = ".partial"


def check_path(path: str) -> str:
    """Return `path` if it names something below the stash, the same on every system.

    Raises
    ------
    StashPathError
        If it is empty, absolute, has an empty, ``.`` or ``..`` part, a backslash, a colon,
        a control character, or begins in the folder for files being written.
    """
    parts = path.split("/")
    if not path or any(part in ("", ".", "..") for part in parts) or _REFUSED.search(path):
        raise StashPathError(
            f"{path!r} is not a path inside the stash: it must be relative, like "
            "'datasets/1f/data.csv', without '..', backslash, colon or control character."
        )
    if parts[0] == PARTIAL:
        raise StashPathError(f"{PARTIAL!r} is where the stash keeps files being written.")
    return path


def check_hash(digest: str) -> str:
    """Return `digest` if it is a SHA-256 in lower-case hex; raises ``StashPathError``."""
    if not _HASH.fullmatch(digest):
        raise StashPathError(f"A blob's name must be 64 hex digits (its SHA-256), not {digest!r}.")
    return digest
