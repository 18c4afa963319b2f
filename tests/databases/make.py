"""Writes a database file of the schema that the code has now: ``python tests/databases/make.py``.

Run it once when a schema is new, commit the file, and never make it again: the tests hold
that every file here can still be brought up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mlplayground.database import Database
from mlplayground.database.tables import REVISIONS
from mlplayground.journal import Event, Journal
from mlplayground.journal.preferences import Preferences
from mlplayground.journal.projection import catch_up
from mlplayground.journal.schema import schemas
from mlplayground.testing.events import make_events


def _switches_recording(event: Event) -> bool:
    return event.payload.get("name") == "recording"


def main() -> int:
    path = Path(__file__).parent / f"schema-{REVISIONS[-1]}.db"
    if path.exists():
        print(f"{path} is there already, and stays as it is.")
        return 1
    database = Database(f"sqlite:///{path}?journal_mode=delete")
    for number, kind in enumerate(schemas()):
        events = make_events([kind], 5, random_state=number)
        Journal(database).append(*(each for each in events if not _switches_recording(each)))
    catch_up(database, Preferences())
    database.dispose()
    path.with_name(f"{path.name}.lock").unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
