"""Whether a folder's file system is one on which SQLite's WAL is safe."""

from __future__ import annotations

import os
from pathlib import Path

# WAL needs memory shared by all processes, which no network file system gives. Whatever is
# not known to be local gets the rollback journal, which needs file locks only.
_LOCAL = frozenset(
    {"apfs", "bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "hfs", "jfs", "ntfs", "ntfs3"}
    | {"overlay", "ramfs", "refs", "reiserfs", "rootfs", "tmpfs", "ufs", "xfs", "zfs"}
)


def file_system(folder: Path) -> str:
    """Type of the file system that holds `folder`, in lower case; ``"unknown"`` if hidden."""
    import psutil

    place = os.path.realpath(folder)
    best, kind = "", "unknown"
    for part in psutil.disk_partitions(all=True):
        mount = part.mountpoint
        inside = place == mount or place.startswith(mount.rstrip(os.sep) + os.sep)
        # Of several mounts on one point the last is the visible one.
        if inside and len(mount) >= len(best):
            best, kind = mount, part.fstype.lower()
    return kind


def is_local(kind: str) -> bool:
    """Whether SQLite's WAL is safe on a file system of this type."""
    return kind in _LOCAL
