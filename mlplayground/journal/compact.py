"""Rolling old wire events up into day events, which projections take identically."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mlplayground.journal.event import Event

COMPACTED = "wire_compacted"
WIRE_KINDS = frozenset({"cell_executed", "widget_changed", "panel_viewed"})

_PARTS = {"cells": "cell_executed", "widgets": "widget_changed", "views": "panel_viewed"}
_ENVELOPE = ("app", "step", "time")


def expand(event: Event) -> Iterator[Event]:
    """The wire events that a day event stands for, each with its ``count``; else the event."""
    if event.kind != COMPACTED:
        yield event
        return
    for part, kind in _PARTS.items():
        for entry in event.payload[part]:
            yield _unrolled(event, kind, entry)


def _unrolled(event: Event, kind: str, entry: dict[str, Any]) -> Event:
    envelope: dict[str, Any] = {name: entry.get(name) for name in _ENVELOPE}
    payload = {name: value for name, value in entry.items() if name not in _ENVELOPE}
    return replace(event, kind=kind, payload=payload, **envelope)
