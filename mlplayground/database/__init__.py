"""Tables in SQLite or PostgreSQL, with one way to change and one way to read them."""

from __future__ import annotations

from mlplayground.database.database import Database
from mlplayground.database.tables import cursors, events

__all__ = ["Database", "cursors", "events"]
