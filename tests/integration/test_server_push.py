"""Open pages are told that the journal has grown, whoever wrote it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import websocket
import yaml
from serving import ANNOUNCE, TOKEN, Server

_PUSH = files("mlplayground").joinpath("journal/push/state_changed.yaml")
SCHEMA = yaml.safe_load(_PUSH.read_text("utf-8"))["$id"]
APPEND = """
from mlplayground.database import Database
from mlplayground.journal import Journal, new_event
def append(database):
    event = new_event("preference_changed", {"name": "badges", "value": True},
                      user="ada", session="s")
    return Journal(database).append(event)
"""


@contextmanager
def listening(server: Server) -> Iterator[Callable[[int], dict[str, Any]]]:
    """A page that listens; call it with a place in the journal to wait until that is pushed."""
    url = server.url.replace("http", "ws", 1)
    line = websocket.create_connection(f"{url}/api/events/subscribe?token={TOKEN}", timeout=60)

    def wait(seq: int) -> dict[str, Any]:
        while True:
            event: dict[str, Any] = json.loads(line.recv())
            if event["schema_id"] == SCHEMA and event["seq"] >= seq:
                return event

    try:
        yield wait
    finally:
        line.close()


def test_what_a_kernel_writes_is_pushed(server: Server) -> None:
    with listening(server) as wait, server.page(server.start_kernel()) as page:
        page.run(ANNOUNCE + APPEND)
        page.run(f"seq = append(Database('sqlite:///{server.database}'))")
        event = wait(1)
        assert event["user"] == "ada"


def test_what_the_sidebar_sets_is_pushed_to_the_other_pages(server: Server) -> None:
    with listening(server) as wait:
        answer = server.http.put(server.api("preferences"), json={"open_everything": True})
        wait(answer.json()["seq"])


def test_what_anybody_else_writes_is_pushed(server: Server) -> None:
    server.http.put(server.api("preferences"), json={"open_everything": True})
    with listening(server) as wait:
        wait(server.append("preference_changed", {"name": "badges", "value": True}))


def test_what_the_recorder_writes_is_pushed(server: Server) -> None:
    with listening(server) as wait, server.page(server.start_kernel()) as page:
        page.run(ANNOUNCE)
        before = server.http.put(server.api("preferences"), json={"open_everything": True})
        page.set(page.comms["IntSliderModel"], value=3)
        wait(before.json()["seq"] + 1)
        assert server.events("widget_changed")


def test_a_listener_of_a_restarted_server_is_told_again(
    make_server: Callable[..., Server],
) -> None:
    server = make_server().start()
    server.http.put(server.api("preferences"), json={"open_everything": True})
    server.stop()
    server.start()
    server.http.put(server.api("preferences"), json={"open_everything": False})
    with listening(server) as wait:
        wait(server.append("preference_changed", {"name": "badges", "value": True}))
