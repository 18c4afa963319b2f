"""Disks that are small or read-only: a tmpfs, where the tests may mount one."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


class Disk:
    """A mounted tmpfs."""

    def __init__(self, folder: Path, size: str) -> None:
        self.folder = folder
        folder.mkdir()
        _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))

    def make_read_only(self) -> None:
        _mount("-o", "remount,ro", str(self.folder))

    def make_larger(self, size: str) -> None:
        _mount("-o", f"remount,size={size}", str(self.folder))

    def unmount(self) -> None:
        # Lazily: a test that failed may still hold a file.
        subprocess.run(["umount", "-l", self.folder], check=True)


def _mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting a tmpfs is not allowed here: {done.stderr.strip()}")


@pytest.fixture
def make_disk(tmp_path: Path) -> Iterator[Callable[[str], Disk]]:
    """Makes a disk of a size, such as ``"512k"``."""
    made: list[Disk] = []

    def make(size: str) -> Disk:
        made.append(Disk(tmp_path / f"disk{len(made)}", size))
        return made[-1]

    yield make
    for disk in made:
        disk.unmount()
