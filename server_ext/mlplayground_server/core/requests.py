"""Bodies of requests, checked against the schemas in ``openapi.yaml``."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from mlplayground.errors import InputError

_LIMIT = 64 * 1024


@cache
def specification() -> dict[str, Any]:
    """The OpenAPI document; treat it as read-only."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = files("mlplayground_server").joinpath("openapi.yaml").read_text("utf-8")
    document: dict[str, Any] = yaml.load(text, Loader=loader)
    return document


def parse(body: bytes, schema: str) -> dict[str, Any]:
    """The JSON object in `body`, if it fits the component schema named `schema`.

    Raises
    ------
    InputError
        If it is not JSON or does not fit; the message says what is wrong where.
    """
    if len(body) > _LIMIT:
        raise InputError(f"A request may have at most {_LIMIT} bytes here, not {len(body)}.")
    try:
        value = json.loads(body, parse_constant=_refuse)
    except ValueError as error:
        raise InputError("The request's body must be JSON.") from error
    problem = next(iter(_validator(schema).iter_errors(value)), None)
    if problem is not None:
        where = "/".join(str(part) for part in problem.absolute_path) or "the body"
        raise InputError(f"The request does not fit: in {where}, {problem.message[:300]}.")
    fitting: dict[str, Any] = value
    return fitting


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


@cache
def _validator(schema: str) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(specification()["components"]["schemas"][schema])
