"""Random events that fit their schemas."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from mlplayground.journal.event import Event, check, new_event, timestamp
from mlplayground.journal.schema import schema

# Few of each, so that events are about the same things and add up to something.
_TEXTS = (
    *("one", "two", "three", "recording", "data_explorer"),
    *("data_explorer/quality", "data_explorer/load/target"),
    *(f"{digit:x}" * 64 for digit in (1, 10)),
    *("2026-01-02", "2026-01-03", "2026-01-02T03:04:05.678Z"),
)
_START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def make_events(
    kinds: Iterable[str],
    count: int,
    *,
    users: Sequence[str] = ("ada", "grace"),
    random_state: int = 0,
) -> list[Event]:
    """Return `count` valid events of `kinds`, over some days and a few sessions of each user.

    The same arguments give the same events, ids and times included. Values are drawn from
    what the schemas allow, so events may be about things that were never made before.
    """
    chance, made, names = random.Random(random_state), [], sorted(kinds)
    for number in range(count):
        moment = _START + timedelta(minutes=20 * number)
        kind, user = chance.choice(names), chance.choice(users)
        event = new_event(
            kind,
            _value(schema(kind).document, chance),
            user=user,
            session=f"{user}-{moment.day}",
            app=chance.choice(["data_explorer", "other", None]),
            step=chance.choice(["load", "quality", None]),
        )
        event_id = f"{chance.getrandbits(128):032x}"
        parts = (event_id[:8], event_id[8:12], event_id[12:16], event_id[16:20], event_id[20:])
        made.append(replace(event, id="-".join(parts), time=timestamp(moment)))
        check(made[-1])
    return made


def _value(document: Mapping[str, Any], chance: random.Random) -> Any:
    if "enum" in document:
        return chance.choice(document["enum"])
    kind = document["type"]
    if isinstance(kind, list):
        kind = chance.choice(kind)
    makers = {"object": _object, "array": _array, "string": _text}
    if kind in makers:
        return makers[kind](document, chance)
    if kind == "integer":
        low = document.get("minimum", -5)
        return chance.randint(low, document.get("maximum", low + 5))
    if kind == "number":
        low = document.get("minimum", -1)
        return round(chance.uniform(low, document.get("maximum", low + 10)), 3)
    return chance.choice([True, False]) if kind == "boolean" else None


def _object(document: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
    if "properties" not in document:
        return {name: round(chance.uniform(-1, 1), 3) for name in chance.sample(_TEXTS[:3], 2)}
    required = document.get("required", ())
    return {
        name: _value(part, chance)
        for name, part in document["properties"].items()
        if name in required or chance.random() < 0.5
    }


def _array(document: Mapping[str, Any], chance: random.Random) -> list[Any]:
    return [_value(document["items"], chance) for _ in range(chance.randint(0, 3))]


def _text(document: Mapping[str, Any], chance: random.Random) -> str:
    fitting = [text for text in _TEXTS if re.search(document.get("pattern", ""), text)]
    return chance.choice(fitting)
