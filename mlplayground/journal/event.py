"""One thing that happened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mlplayground.errors import EventError
from mlplayground.journal.ids import uuid7
from mlplayground.journal.schema import schema, to_json
from mlplayground.settings import check_user

_NAME = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened; never changed afterwards.

    Attributes
    ----------
    kind : str
        Actor–verb–object in the past tense; one of ``journal/schemas/``.
    payload : Mapping
        Ids and shapes only, as the kind's schema says.
    user, session : str
    app, step : str or None
    version : str
        Version of the kind's schema.
    id : str
        UUIDv7; an event with an id that is in the journal already is not appended again.
    time : str
        ISO 8601, UTC, milliseconds, ``Z``: sorts as text, and JavaScript reads it.
    seq : int or None
        Place in the journal, from 1; None before it is appended.
    """

    kind: str
    payload: Mapping[str, Any]
    user: str
    session: str
    app: str | None = None
    step: str | None = None
    version: str
    id: str
    time: str
    seq: int | None = None


def new_event(
    kind: str,
    payload: Mapping[str, Any],
    *,
    user: str,
    session: str,
    app: str | None = None,
    step: str | None = None,
) -> Event:
    """Make an event that happens now.

    Raises
    ------
    EventError
        If there is no such kind, or the payload does not fit its schema.
    """
    event = Event(
        kind=kind,
        payload=payload,
        user=user,
        session=session,
        app=app,
        step=step,
        version=schema(kind).version,
        id=uuid7(),
        time=timestamp(),
    )
    check(event)
    return event


def timestamp(moment: datetime | None = None) -> str:
    """`moment` (now by default) as the journal writes times."""
    moment = moment or datetime.now(UTC)
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def check(event: Event) -> str:
    """Return the payload as JSON; raises ``EventError`` where the event is not sound."""
    check_user(event.user)
    _matches(_NAME, "session", event.session, event)
    _matches(_ID, "id", event.id, event)
    _matches(_TIME, "time", event.time, event)
    for field in ("app", "step"):
        value = getattr(event, field)
        if value is not None:
            _matches(_NAME, field, value, event)
    wanted = schema(event.kind)
    if event.version != wanted.version:
        raise EventError(
            f"The event {event.kind!r} has version {event.version}, not {wanted.version}."
        )
    wanted.check(event.payload)
    return to_json(event.kind, event.payload)


def _matches(pattern: re.Pattern[str], field: str, value: str, event: Event) -> None:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise EventError(
            f"The event {event.kind!r} needs a {field} like {pattern.pattern}, not {value!r}."
        )
