"""From the bytes of a message to the few facts that the recorder keeps.

What is kept must be unable to carry data: numbers and booleans, and names that are identifiers.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlplayground.errors import StashPathError
from mlplayground.settings import check_user
from mlplayground_server.recorder.tap import Frame

Scalar = bool | int | float

_SEGMENT = r"[A-Za-z0-9_.-]{1,60}"
_ROLE = re.compile(rf"{_SEGMENT}/{_SEGMENT}/{_SEGMENT}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,79}")
_TAG = re.compile(r"[A-Za-z0-9_.:-]{1,60}")
_SESSION = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_GESTURES = frozenset({"click", "submit"})


@dataclass(frozen=True, slots=True)
class Message:
    """One decoded message; `process` is the id of the session that sent it."""

    time: float
    kernel: str
    incoming: bool
    kind: str
    id: str
    process: str
    date: str
    parent: str
    metadata: Mapping[str, Any]
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a kernel says of itself: who works in it, and which comm is which control."""

    comm: str
    user: str
    session: str
    roles: Mapping[str, str]


def decode(frame: Frame) -> Message:
    """Decode `frame`.

    Raises
    ------
    ValueError, KeyError
        If it is not a Jupyter message.
    """
    if frame.kind == b"legacy":
        return _legacy(frame)
    return _message(
        frame,
        json.loads(frame.header),
        json.loads(frame.parent),
        json.loads(frame.metadata),
        json.loads(frame.content),
    )


def announcements(message: Message) -> Iterator[Announcement]:
    """The announcement that a ``comm_open`` or a restored page's ``update_states`` holds."""
    data = _mapping(message.content.get("data"))
    if message.kind == "comm_open":
        candidates = {str(message.content.get("comm_id")): _mapping(data.get("state"))}
    elif data.get("method") == "update_states":
        candidates = {
            comm: _mapping(_mapping(model).get("state"))
            for comm, model in _mapping(data.get("states")).items()
        }
    else:
        candidates = {}
    for comm, state in candidates.items():
        if "mlplayground" in state:
            yield _announcement(comm, state)


def changed_roles(message: Message) -> dict[str, str] | None:
    """The roles that an ``update`` message of an announcement replaces, if it does."""
    data = _mapping(message.content.get("data"))
    state = _mapping(data.get("state"))
    if data.get("method") != "update" or "mlplayground_roles" not in state:
        return None
    return _roles(state["mlplayground_roles"])


def changes(message: Message) -> Iterator[tuple[str, Scalar | None]]:
    """What a message from the browser changes, as (trait, value or None where it is no scalar)."""
    data = _mapping(message.content.get("data"))
    if data.get("method") == "update":
        for trait, value in _mapping(data.get("state")).items():
            if _NAME.fullmatch(trait):
                yield trait, scalar(value)
    elif data.get("method") == "custom":
        gesture = _mapping(data.get("content")).get("event")
        yield (gesture if gesture in _GESTURES else "message"), None


def scalar(value: object) -> Scalar | None:
    """`value` if it is a boolean or a finite number, else None."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and math.isfinite(value):
        return value
    return None


def tags(metadata: Mapping[str, Any]) -> list[str]:
    """A cell's tags, as far as they are short plain words."""
    given = metadata.get("tags")
    if not isinstance(given, list):
        return []
    return [tag for tag in given if isinstance(tag, str) and _TAG.fullmatch(tag)][:20]


def error_class(content: Mapping[str, Any]) -> str | None:
    """The name of an error's class, if it is one: a made-up name could carry data."""
    name = content.get("ename")
    return name if isinstance(name, str) and _NAME.fullmatch(name) else None


def _announcement(comm: str, state: Mapping[str, Any]) -> Announcement:
    said = _mapping(state["mlplayground"])
    user, session = said.get("user"), said.get("session")
    if not isinstance(user, str) or not isinstance(session, str):
        raise ValueError("An announcement must name its user and its session.")
    if not _SESSION.fullmatch(session):
        raise ValueError("An announcement's session must be an id.")
    try:
        check_user(user)
    except StashPathError as error:
        raise ValueError("An announcement's user must be a user name.") from error
    return Announcement(comm, user, session, _roles(state.get("mlplayground_roles")))


def _roles(given: object) -> dict[str, str]:
    return {
        comm: role
        for comm, role in _mapping(given).items()
        if isinstance(role, str) and _ROLE.fullmatch(role)
    }


def _legacy(frame: Frame) -> Message:
    from jupyter_server.services.kernels.connection.base import deserialize_binary_message

    if frame.content.startswith(b"{"):
        message = json.loads(frame.content)
    else:
        message = deserialize_binary_message(frame.content)  # type: ignore[no-untyped-call]
    return _message(
        frame,
        message["header"],
        message["parent_header"],
        message["metadata"],
        message["content"],
    )


def _message(frame: Frame, header: Any, parent: Any, metadata: Any, content: Any) -> Message:
    return Message(
        time=frame.time,
        kernel=frame.kernel,
        incoming=frame.incoming,
        kind=str(header["msg_type"]),
        id=str(header["msg_id"]),
        process=str(header.get("session", "")),
        date=str(header.get("date", "")),
        parent=str(_mapping(parent).get("msg_id", "")),
        metadata=_mapping(metadata),
        content=_mapping(content),
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
