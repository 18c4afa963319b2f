"""The learner's files, on a local disk or any fsspec path."""

from __future__ import annotations

from mlplayground.stash.paths import check_path
from mlplayground.stash.stash import Stash

__all__ = ["Stash", "check_path"]
