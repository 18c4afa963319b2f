"""What ``mlplayground doctor`` looks at, a file for each part of the installation."""

from __future__ import annotations

from mlplayground.cli.health.finding import Finding, State, examine

__all__ = ["Finding", "State", "examine"]
