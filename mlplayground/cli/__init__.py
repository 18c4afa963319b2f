"""The ``mlplayground`` command."""

from __future__ import annotations

from mlplayground.cli.main import main

__all__ = ["main"]
