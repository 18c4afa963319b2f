"""Every error that mlplayground raises on purpose, as one tree.

::

    MLPlaygroundError
    ├── InputError            (ValueError)    what the learner gave cannot be used
    │   ├── TableError                        a file that is not the table it claims to be
    │   └── ColumnError                       a column that is not there, or not of that kind
    ├── NotReady              (RuntimeError)  a step misses something that comes before it
    ├── CatalogError          (ValueError)    an app's YAML is wrong
    ├── EventError            (ValueError)    an event does not fit its schema
    ├── StashError            (OSError)       files cannot be read or written
    │   └── StashPathError    (ValueError)    a path that would leave the stash
    ├── DatabaseError         (RuntimeError)  the database is locked, full, read-only or newer
    ├── ComputeError          (RuntimeError)  a job did not give a result
    │   ├── JobCancelled
    │   ├── JobOutOfMemory    (MemoryError)
    │   └── WorkerDied
    └── MissingExtra          (ImportError)   an optional library is not installed

A message says what must be, what came, where, and what to do about it. It is
plain text: whoever shows it escapes it.
"""

from __future__ import annotations


class MLPlaygroundError(Exception):
    """Base of every deliberate error; ``str(error)`` is a sentence for the learner."""


class InputError(MLPlaygroundError, ValueError):
    """What the learner gave cannot be used."""


class TableError(InputError):
    """A file is not the table that it claims to be."""


class ColumnError(InputError):
    """A column is missing, or is not of the kind that was needed."""


class NotReady(MLPlaygroundError, RuntimeError):
    """A step cannot run yet; the message is the reason shown beside its button."""


class CatalogError(MLPlaygroundError, ValueError):
    """An app's ``app.yaml``, ``decisions.yaml`` or ``lesson.yaml`` is wrong."""


class EventError(MLPlaygroundError, ValueError):
    """An event does not fit the schema of its kind."""


class StashError(MLPlaygroundError, OSError):
    """The learner's files cannot be read or written."""


class StashPathError(StashError, ValueError):
    """A path or a user name that would leave the stash."""


class DatabaseError(MLPlaygroundError, RuntimeError):
    """The database is locked, full, read-only, damaged, or newer than this version."""


class ComputeError(MLPlaygroundError, RuntimeError):
    """A job did not give a result."""


class JobCancelled(ComputeError):
    """The job was cancelled before it had a result."""


class JobOutOfMemory(ComputeError, MemoryError):
    """The job needed more memory than it may have, and was stopped in time."""


class WorkerDied(ComputeError):
    """The worker process ended in the middle of the job."""


class MissingExtra(MLPlaygroundError, ImportError):
    """An optional library is not installed; the message names the one command."""

    def __init__(self, library: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"{library} is needed {purpose}, and is not installed. "
            f"Install it with: pip install 'mlplayground[{extra}]'"
        )
