"""Whether the modules of a worker are still those on disk.

A warm worker keeps what it imported. A learner who edits a module beside the notebook and
reloads it there must not go on running the old one here.
"""

from __future__ import annotations

import os
import sys
import sysconfig

# What is installed changes with a new environment, and that means a new kernel.
_INSTALLED = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib")})


class Sources:
    """The files of the imported modules that are not installed ones."""

    def __init__(self) -> None:
        self._times: dict[str, float | None] = {}
        self._names: set[str] = set()

    def note(self) -> None:
        """Take note of what was imported since the last time."""
        for name in sys.modules.keys() - self._names:
            self._names.add(name)
            file = getattr(sys.modules.get(name), "__file__", None)
            if file and not file.startswith(_INSTALLED):
                self._times[file] = _time(file)

    def changed(self) -> bool:
        """Whether one of the noted files is another one now."""
        return any(_time(file) != time for file, time in self._times.items())


def _time(file: str) -> float | None:
    try:
        return os.stat(file).st_mtime
    except OSError:
        return None
