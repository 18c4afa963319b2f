"""The one truth: what happened, in order, and whatever is derived from it."""

from __future__ import annotations

from mlplayground.journal.event import Event, new_event
from mlplayground.journal.journal import Journal

__all__ = ["Event", "Journal", "new_event"]
