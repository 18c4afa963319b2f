"""Errors that only the server raises."""

from __future__ import annotations

from mlplayground.errors import InputError


class NoSuchThing(InputError):
    """What a request names does not exist."""


class UploadTooLarge(InputError):
    """A file is larger than the host allows."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(
            f"A file may have at most {_size(limit)} here, and this one has {_size(size)}. "
            "Upload a part of it, or copy it into a folder that this server can read and open it "
            "by its path."
        )


def _size(count: int) -> str:
    return f"{count / 1024**2:,.0f} MB" if count >= 1024**2 else f"{count:,} bytes"
