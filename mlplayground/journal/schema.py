"""The event schemas: one closed YAML file a kind, which `jupyter_events` loads, too."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from mlplayground.errors import EventError

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FOLDER = files("mlplayground.journal") / "schemas"
_KIND = re.compile(r"[a-z][a-z_]{0,63}")


@dataclass(frozen=True)
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

    def check(self, payload: Mapping[str, Any]) -> None:
        """Raise ``EventError`` naming the field that does not fit."""
        from fastjsonschema import JsonSchemaValueException

        try:
            self._validate(dict(payload))
        except JsonSchemaValueException as error:
            said = error.message.replace("data", "its payload", 1)
            raise EventError(
                f"The event {self.kind!r} does not fit its schema: {said[:300]}."
            ) from error

    @cached_property
    def _validate(self) -> Callable[[dict[str, Any]], object]:
        # Not jsonschema: with the extras that Jupyter brings, its import takes a second.
        from fastjsonschema import compile as compiled

        document = {"$schema": "http://json-schema.org/draft-07/schema#", **self.document}
        validate: Callable[[dict[str, Any]], object] = compiled(document, use_default=False)
        return validate


def schemas() -> Mapping[str, Schema]:
    """All schemas by kind."""
    names = sorted(file.name for file in _FOLDER.iterdir())
    kinds = [name.removesuffix(".yaml") for name in names if name.endswith(".yaml")]
    return MappingProxyType({kind: schema(kind) for kind in kinds})


@cache
def schema(kind: str) -> Schema:
    """The schema of one kind; raises ``EventError`` naming the kinds there are."""
    file = _FOLDER / f"{kind}.yaml"
    if not _KIND.fullmatch(kind) or not file.is_file():
        raise EventError(f"There is no event {kind!r}. Kinds: {', '.join(schemas())}.")
    document = yaml.load(file.read_text("utf-8"), Loader=_Loader)
    return Schema(
        kind=kind,
        version=document["version"],
        title=document["title"],
        feedback=document["x-class"] == "feedback",
        document=MappingProxyType(document),
    )


def to_json(kind: str, payload: Mapping[str, Any]) -> str:
    """Payload as compact ASCII JSON; raises ``EventError`` for NaN and infinities."""
    try:
        return json.dumps(payload, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise EventError(
            f"The event {kind!r} has a value that JSON cannot hold: {error}."
        ) from error
