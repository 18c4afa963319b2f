"""Whether the learner's files and their journal can be kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mlplayground.cli.health.finding import Finding
from mlplayground.settings import Settings

if TYPE_CHECKING:
    from mlplayground.database import Database


def check_stash(settings: Settings) -> Iterator[Finding]:
    """The stash can be written."""
    from mlplayground.stash import Stash

    stash = Stash(settings.home, settings.user)
    stash.check_writable()
    yield Finding("ok", "stash", f"{stash.location} can be written")


def check_database(settings: Settings) -> Iterator[Finding]:
    """The database answers, takes a write, and its journal suits its file system."""
    database = _database(settings)
    try:
        with database.transaction(durable=False):
            pass  # the write lock can be had
        facts = database.describe()
    finally:
        database.dispose()
    text = f"{facts['address']}: {facts['events']:,} events, {_size(facts['bytes'])}"
    yield Finding("ok", "database", text)
    yield _safety(facts)


def check_recording(settings: Settings) -> Iterator[Finding]:
    """Whether what the learner does is noted, and who decided that."""
    from mlplayground.journal import Journal

    if not settings.tracking_allowed:
        text = "off: DO_NOT_TRACK is set. Datasets, recipes and runs are still kept."
        yield Finding("ok", "recording", text)
        return
    database = _database(settings)
    try:
        on = Journal(database).recording(settings.user)
    finally:
        database.dispose()
    text = "on" if on else "off: you switched it off. Datasets, recipes and runs are still kept."
    yield Finding("ok", "recording", f"{text} (the switch is in JupyterLab's side panel)")


def _database(settings: Settings) -> Database:
    from mlplayground.database import Database

    return Database(settings.database_url)


def _safety(facts: dict[str, Any]) -> Finding:
    subject = "database's file system"
    if "file_system" not in facts:
        return Finding("ok", subject, f"{facts['kind']} looks after it")
    text = f"{facts['file_system']}, with the {_JOURNALS[facts['journal_mode']]}"
    if facts["network_safe"]:
        return Finding("ok", subject, text)
    return Finding(
        "broken",
        subject,
        f"{text}: on a network file system this can damage the database.",
        "Remove journal_mode from MLPLAYGROUND_DATABASE, or give it a PostgreSQL address.",
    )


_JOURNALS = {"wal": "write-ahead log", "delete": "rollback journal"}


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:,.1f} MB"
