"""The event schemas: one closed YAML file a kind, which `jupyter_events` loads, too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from mlplayground.errors import EventError

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Schema:
    """What the payload of one kind of event looks like.

    Attributes
    ----------
    kind, version, title : str
    feedback : bool
        Whether it tells how the learner works, so that it is kept only while recording is
        on; else it is work that the learner asked to keep.
    document : Mapping
        The JSON schema.
    """

    kind: str
    version: str
    title: str
    feedback: bool
    document: Mapping[str, Any]
    _validator: Draft202012Validator

    def check(self, payload: Mapping[str, Any]) -> None:
        """Raise ``EventError`` naming the field that does not fit."""
        error = next(self._validator.iter_errors(payload), None)
        if error is not None:
            where = "/".join(str(part) for part in error.absolute_path) or "its payload"
            raise EventError(
                f"The event {self.kind!r} does not fit its schema: {where}: {error.message[:300]}."
            )


@cache
def schemas() -> Mapping[str, Schema]:
    """All schemas by kind."""
    folder = files("mlplayground.journal") / "schemas"
    found = [
        _load(file.name.removesuffix(".yaml"), file.read_text("utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".yaml")
    ]
    return MappingProxyType({schema.kind: schema for schema in sorted(found, key=lambda s: s.kind)})


def schema(kind: str) -> Schema:
    """The schema of one kind; raises ``EventError`` naming the kinds there are."""
    found = schemas().get(kind)
    if found is None:
        raise EventError(f"There is no event {kind!r}. Kinds: {', '.join(schemas())}.")
    return found


def to_json(kind: str, payload: Mapping[str, Any]) -> str:
    """Payload as compact ASCII JSON; raises ``EventError`` for NaN and infinities."""
    try:
        return json.dumps(payload, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise EventError(
            f"The event {kind!r} has a value that JSON cannot hold: {error}."
        ) from error


def _load(kind: str, text: str) -> Schema:
    document = yaml.load(text, Loader=_Loader)
    return Schema(
        kind=kind,
        version=document["version"],
        title=document["title"],
        feedback=document["x-class"] == "feedback",
        document=MappingProxyType(document),
        _validator=Draft202012Validator(document),
    )
