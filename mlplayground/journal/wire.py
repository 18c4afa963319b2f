"""A session's wire events of one day as one event, and back again.

Wire events are what only the wire knows: cells that ran, controls that moved, panels that
were seen. Each may stand for several (its ``count``), so that equal ones can be summed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mlplayground.journal.event import Event, new_event

COMPACTED = "wire_compacted"

_PARTS = {"cell_executed": "cells", "widget_changed": "widgets", "panel_viewed": "views"}
WIRE_KINDS = frozenset(_PARTS)

_KEYS = {
    "cells": ("cell", "tags", "status", "error_class"),
    "widgets": ("role", "trait"),
    "views": ("panel",),
}
_ENVELOPE = ("app", "step", "time")


@dataclass(slots=True)
class Day:
    """The wire events of one user, session and day (UTC), summed up as they are added."""

    user: str
    session: str
    day: str
    time: str = ""
    seqs: list[int] = field(default_factory=list)
    _entries: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict)

    def add(self, event: Event) -> None:
        """Take in the next event, in the order of the journal."""
        assert event.seq is not None
        part = _PARTS[event.kind]
        named = {"app": event.app, "step": event.step}
        named |= {name: event.payload.get(name) for name in _KEYS[part]}
        entry = self._entries.setdefault((part, *map(_hashable, named.values())), _without(named))
        _sum_up(entry, event)
        self.time = max(self.time, event.time)
        self.seqs.append(event.seq)

    def event(self) -> Event:
        """The event that stands for all of them."""
        parts: dict[str, list[dict[str, Any]]] = {part: [] for part in _PARTS.values()}
        for (part, *_), entry in self._entries.items():
            parts[part].append(entry)
        payload = {"day": self.day, **parts}
        made = new_event(COMPACTED, payload, user=self.user, session=self.session)
        return replace(made, time=self.time)


def expand(event: Event) -> Iterator[Event]:
    """The wire events that a day's event stands for, each with its ``count``; else the event."""
    if event.kind != COMPACTED:
        yield event
        return
    found = []
    for kind, part in _PARTS.items():
        for entry in event.payload[part]:
            envelope: dict[str, Any] = {name: entry.get(name) for name in _ENVELOPE}
            payload = {name: value for name, value in entry.items() if name not in _ENVELOPE}
            found.append(replace(event, kind=kind, payload=payload, **envelope))
    yield from sorted(found, key=lambda part: part.time)


def _sum_up(entry: dict[str, Any], event: Event) -> None:
    payload = event.payload
    new = "count" not in entry
    entry["count"] = entry.get("count", 0) + payload.get("count", 1)
    entry["time"] = max(entry.get("time", ""), event.time)
    if "duration_ms" in payload:
        entry["duration_ms"] = entry.get("duration_ms", 0) + payload["duration_ms"]
    if "seconds" in payload:
        # In whole milliseconds: floats would add up to another sum in another order.
        entry["seconds"] = (_ms(entry.get("seconds", 0)) + _ms(payload["seconds"])) / 1000
    if new and "first" in payload:
        entry["first"] = payload["first"]
    entry.pop("last", None)
    if "last" in payload:
        entry["last"] = payload["last"]


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _without(named: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in named.items() if value is not None}
