"""The schema files are what both halves are made from, so they are held to their promises."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from jupyter_events import EventLogger

from mlplayground.journal.schema import Schema, schemas
from mlplayground.testing.events import make_events

WORK = {
    "dataset_added",
    "preference_changed",
    "project_changed",
    "recipe_applied",
    "run_finished",
}
FOLDER = Path(str(files("mlplayground.journal")))


def parts(document: Any) -> Iterator[dict[str, Any]]:
    """All sub-schemas of a schema."""
    yield document
    for each in document.get("properties", {}).values():
        yield from parts(each)
    if "items" in document:
        yield from parts(document["items"])


def test_work_is_kept_and_everything_else_is_feedback() -> None:
    assert {kind for kind, schema in schemas().items() if not schema.feedback} == WORK
    assert len(schemas()) == 19


@pytest.mark.parametrize("schema", schemas().values(), ids=lambda schema: schema.kind)
def test_it_is_closed_and_has_no_room_for_text_of_the_learner(schema: Schema) -> None:
    for part in parts(schema.document):
        types = part["type"] if isinstance(part["type"], list) else [part["type"]]
        if "object" in types:
            closed = part.get("additionalProperties")
            assert closed is False or closed == {"type": "number"}, part
            assert closed is False or "propertyNames" in part
        if "string" in types:
            assert "enum" in part or part["pattern"].startswith("^"), part
        for each in part.get("properties", {}).values():
            assert each["description"], each


@pytest.mark.parametrize("schema", schemas().values(), ids=lambda schema: schema.kind)
def test_jupyter_events_takes_the_same_file_and_the_same_events(schema: Schema) -> None:
    logger, output = EventLogger(), StringIO()
    logger.register_event_schema(FOLDER / "schemas" / f"{schema.kind}.yaml")
    logger.register_handler(logging.StreamHandler(output))
    for event in make_events([schema.kind], 5, random_state=1):
        logger.emit(schema_id=schema.document["$id"], data=dict(event.payload))
    written = [json.loads(line) for line in output.getvalue().splitlines()]
    assert [line["__schema_version__"] for line in written] == [schema.version] * 5


def test_the_push_is_a_jupyter_event() -> None:
    logger = EventLogger()
    logger.register_event_schema(FOLDER / "push" / "state_changed.yaml")
    logger.register_handler(logging.StreamHandler(StringIO()))
    data = {"user": "ada", "seq": 3}
    assert logger.emit(schema_id="urn:mlplayground:push:state_changed", data=data) is not None
