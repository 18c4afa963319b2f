"""What the recorder keeps of a kernel that announced itself, and what it never keeps."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import ANNOUNCE, TOKEN, Page, Server, eventually

CANARY = "canary7f3a9"


@pytest.fixture
def page(server: Server) -> Iterator[Page]:
    """A page on a fresh kernel that has announced itself."""
    with server.page(server.start_kernel()) as opened:
        opened.run(ANNOUNCE)
        yield opened


def cells(server: Server, page: Page, count: int) -> list[Any]:
    """The events of the cells of this page's kernel; each test tags its own."""
    return eventually(
        lambda: (found := tagged(server, page)) and len(found) >= count and found,
        f"{count} recorded cells",
    )


def tagged(server: Server, page: Page) -> list[Any]:
    return [e for e in server.events("cell_executed") if page.kernel in e.payload["tags"]]


def widgets(server: Server, after: int) -> list[Any]:
    return [e for e in server.events("widget_changed") if e.seq > after]


def last_seq(server: Server) -> int:
    found = server.events("cell_executed", "widget_changed")
    return found[-1].seq if found else 0


def test_a_cell_is_recorded_with_its_shape_only(server: Server, page: Page) -> None:
    page.run("x = 1 + 1", tags=(page.kernel, "exercise"))
    page.run("import time; time.sleep(0.2)", tags=(page.kernel,))
    page.run("1 / 0", tags=(page.kernel,))
    page.run("x = 1 + 1", tags=(page.kernel,))
    first, slow, broken, again = cells(server, page, 4)

    assert (first.user, first.session) == ("ada", "s-1")
    assert first.payload["tags"] == [page.kernel, "exercise"]
    assert first.payload["status"] == "ok"
    assert slow.payload["duration_ms"] >= 200
    assert (broken.payload["status"], broken.payload["error_class"]) == (
        "error",
        "ZeroDivisionError",
    )
    assert first.payload["cell"] == again.payload["cell"] != slow.payload["cell"]


def test_the_cell_that_announces_and_what_came_before_are_not_recorded(server: Server) -> None:
    with server.page(server.start_kernel()) as page:
        page.run("before = 1", tags=(page.kernel,))
        page.run(ANNOUNCE, tags=(page.kernel,))
        page.run("after = 1", tags=(page.kernel, "after"))
        assert [e.payload["tags"][1:] for e in cells(server, page, 1)] == [["after"]]


def test_a_kernel_that_announced_nothing_is_left_alone(server: Server, page: Page) -> None:
    with server.page(server.start_kernel()) as other:
        other.run("import ipywidgets as w; s = w.IntSlider()", tags=(other.kernel,))
        other.set(other.comms["IntSliderModel"], value=7)
        other.run("y = 2", tags=(other.kernel,))
        page.run("z = 3", tags=(page.kernel,))
        cells(server, page, 1)
        assert not tagged(server, other)


def test_a_dragged_slider_is_one_event_with_first_and_last(server: Server, page: Page) -> None:
    after = last_seq(server)
    for value in range(5, 55):
        page.set(page.comms["IntSliderModel"], value=value)
    page.set(page.comms["CheckboxModel"], value=True)
    page.run("done = 1", tags=(page.kernel,))
    cells(server, page, 1)
    found = widgets(server, after)

    rows = [e.payload for e in found if e.payload["role"] == "data_explorer/load/rows"]
    assert sum(p["count"] for p in rows) == 50
    assert (rows[0]["first"], rows[-1]["last"]) == (5, 54)
    assert len(rows) < 10
    header = [e for e in found if e.payload["role"] == "data_explorer/load/header"]
    assert [e.payload["last"] for e in header] == [True]
    assert (header[0].app, header[0].step) == ("data_explorer", "load")


def test_a_widget_without_a_role_and_text_values_are_not_kept(server: Server, page: Page) -> None:
    after = last_seq(server)
    page.set(page.comms["FloatTextModel"], value=1.5)
    page.set(page.comms["IntSliderModel"], description=CANARY)
    page.run("done = 1", tags=(page.kernel,))
    cells(server, page, 1)
    (kept,) = widgets(server, after)
    assert kept.payload["trait"] == "description"
    assert "first" not in kept.payload
    assert "last" not in kept.payload


def test_changed_roles_replace_the_old_ones(server: Server, page: Page) -> None:
    after = last_seq(server)
    page.run(
        "announcement.mlplayground_roles = {other.comm.comm_id: 'data_explorer/load/share'}",
        tags=(page.kernel,),
    )
    page.set(page.comms["IntSliderModel"], value=3)
    page.set(page.comms["FloatTextModel"], value=0.5)
    page.run("done = 1", tags=(page.kernel,))
    cells(server, page, 2)
    assert [e.payload["role"] for e in widgets(server, after)] == ["data_explorer/load/share"]


def test_two_pages_on_one_kernel_record_each_thing_once(server: Server, page: Page) -> None:
    with server.page(page.kernel) as second:
        after = last_seq(server)
        page.run("a = 1", tags=(page.kernel, "first"))
        second.set(page.comms["IntSliderModel"], value=9)
        second.run("b = 1", tags=(page.kernel, "second"))
        cells(server, page, 2)
        assert [e.payload["tags"][1] for e in tagged(server, page)] == ["first", "second"]
        assert [e.payload["count"] for e in widgets(server, after)] == [1]


def test_a_cell_whose_page_was_closed_is_recorded_by_the_other_page(
    server: Server, page: Page
) -> None:
    with server.page(page.kernel) as second:
        page.send(
            "execute_request",
            {"code": "import time; time.sleep(0.5); 1/0", "silent": False},
            {"tags": [page.kernel]},
        )
        while page.receive()[1]["header"]["msg_type"] != "execute_input":
            pass
        page.close()
        second.run("pass")
        (cell,) = cells(server, page, 1)
        assert cell.payload["error_class"] == "ZeroDivisionError"


def test_a_client_of_the_older_protocol_is_recorded_alike(server: Server) -> None:
    after = last_seq(server)
    with server.page(server.start_kernel(), text=True) as page:
        page.run(ANNOUNCE)
        page.set(page.comms["IntSliderModel"], value=8)
        page.run("a = 1", tags=(page.kernel,))
        cells(server, page, 1)
        assert [e.payload["last"] for e in widgets(server, after)] == [8]


def test_a_restarted_kernel_must_announce_itself_anew(server: Server, page: Page) -> None:
    page.run("a = 1", tags=(page.kernel, "before"))
    server.http.post(f"/api/kernels/{page.kernel}/restart").raise_for_status()
    with server.page(page.kernel) as fresh:
        fresh.run("b = 1", tags=(page.kernel, "after"))
        fresh.run(ANNOUNCE)
        fresh.run("c = 1", tags=(page.kernel, "announced"))
        assert [e.payload["tags"][1] for e in cells(server, page, 2)] == ["before", "announced"]


def test_a_page_that_comes_later_finds_the_announcement_in_the_widgets_state(
    server: Server,
) -> None:
    """As in Voila: the server runs the cells, and no websocket saw the announcement."""
    from jupyter_client import BlockingKernelClient

    kernel = server.start_kernel()
    client = BlockingKernelClient()
    client.load_connection_file(str(server.folder / "runtime" / f"kernel-{kernel}.json"))
    client.start_channels()
    # Not wait_for_ready: it takes a kernel that still starts on a busy machine for a dead one.
    client.kernel_info(reply=True, timeout=60)
    client.execute_interactive(ANNOUNCE, timeout=30)
    client.stop_channels()
    with server.page(kernel) as page:
        restore_widgets(page)
        page.run("a = 1", tags=(page.kernel,))
        cells(server, page, 1)


def restore_widgets(page: Page) -> dict[str, str]:
    """What ipywidgets' manager in a page asks when it connects; comm ids by model name."""
    page.send(
        "comm_open",
        {"comm_id": "control", "target_name": "jupyter.widget.control", "data": {}},
        {"version": "1.0.0"},
    )
    page.send("comm_msg", {"comm_id": "control", "data": {"method": "request_states"}})
    while True:
        _, message = page.receive()
        data = message["content"].get("data", {})
        if data.get("method") == "update_states":
            return {model["model_name"]: comm for comm, model in data["states"].items()}


def test_no_source_output_or_value_reaches_the_database(server: Server, page: Page) -> None:
    page.run(f"value = {CANARY!r}  # {CANARY}", tags=(page.kernel,))
    page.run("print(value); value", tags=(page.kernel,))
    page.run("raise ValueError(value)", tags=(page.kernel,))
    page.run(f"raise type('{CANARY} is a name', (Exception,), {{}})(value)", tags=(page.kernel,))
    page.run("pass", tags=(page.kernel, f"{CANARY} with blanks"))
    page.set(page.comms["IntSliderModel"], description=CANARY, **{f"{CANARY}-no-trait": 1})
    page.send(
        "comm_msg",
        {
            "comm_id": page.comms["IntSliderModel"],
            "data": {"method": "custom", "content": {"event": CANARY}},
        },
    )
    page.run("done = 1", tags=(page.kernel,))
    cells(server, page, 6)
    folder = server.database.parent
    assert server.database in set(folder.iterdir())
    for path in [p for p in folder.rglob("*") if p.is_file()]:
        assert CANARY.encode() not in path.read_bytes(), path


def test_recording_switched_off_is_off_within_a_moment(server: Server, page: Page) -> None:
    switch = server.api("preferences")
    page.run("a = 1", tags=(page.kernel, "on"))
    cells(server, page, 1)
    server.http.put(switch, json={"recording": False}).raise_for_status()
    try:
        page.run("b = 1", tags=(page.kernel, "off"))
        page.set(page.comms["IntSliderModel"], value=3)
    finally:
        page.run("c = 1", tags=(page.kernel, "off"))
        # The recorder looks at what is waiting before it looks at the switch again.
        eventually(lambda: server.http.get("/api/kernels").status_code == 200, "an answer")
        threading.Event().wait(1.5)
        server.http.put(switch, json={"recording": True}).raise_for_status()
    page.run("d = 1", tags=(page.kernel, "on again"[:2]))
    assert [e.payload["tags"][1] for e in cells(server, page, 2)] == ["on", "on"]


@pytest.mark.parametrize("count", [3_000, pytest.param(20_000, marks=pytest.mark.soak)])
def test_a_burst_is_accounted_for_and_in_order(server: Server, page: Page, count: int) -> None:
    after = last_seq(server)
    for value in range(count):
        page.set(page.comms["IntSliderModel"], value=value)
        if value % 200 == 0:
            # A kernel publishes three messages for each, and drops what a page is slow to take.
            page.kernel_info()
    page.run("done = 1", tags=(page.kernel,))
    cells(server, page, 1)
    payloads = [e.payload for e in widgets(server, after)]
    assert sum(p["count"] for p in payloads) == count
    ends = [v for p in payloads for v in (p["first"], p["last"])]
    assert ends == sorted(ends)
    assert (ends[0], ends[-1]) == (0, count - 1)


def test_a_locked_database_loses_nothing(make_server: Callable[..., Server]) -> None:
    server = make_server().start()
    with server.page(server.start_kernel()) as page:
        page.run(ANNOUNCE)
        page.run("a = 0", tags=(page.kernel, "before"))
        cells(server, page, 1)
        from mlplayground.database import Database

        database = Database(f"sqlite:///{server.database}")
        with database.transaction():
            for number in range(20):
                reply = page.run(f"a = {number}", tags=(page.kernel, f"n{number}"))
                assert reply["status"] == "ok"
        database.dispose()
        found = [e.payload["tags"][1] for e in cells(server, page, 21)]
        assert found == ["before", *(f"n{number}" for number in range(20))]


def test_a_stopped_server_writes_what_was_open(make_server: Callable[..., Server]) -> None:
    server = make_server().start()
    with server.page(server.start_kernel()) as page:
        page.run(ANNOUNCE)
        page.set(page.comms["IntSliderModel"], value=42)
        page.kernel_info()
        server.stop()
    assert [e.payload["last"] for e in server.events("widget_changed")] == [42]
    assert "Traceback" not in server.log


BROKEN = """
from mlplayground_server.recorder import decode, tap
def fail(*args, **kwargs):
    raise RuntimeError("broken on purpose")
def _load_jupyter_server_extension(app):
    tap.Tap._%s = fail
"""


@pytest.mark.parametrize("part", ["outgoing", "incoming", "put"])
def test_a_recorder_that_fails_disturbs_nobody(
    make_server: Callable[..., Server], tmp_path: Path, part: str
) -> None:
    (tmp_path / "broken_recorder.py").write_text(BROKEN % part)
    server = make_server(PYTHONPATH=str(tmp_path))
    server.extensions["broken_recorder"] = True
    server.start()
    with server.page(server.start_kernel()) as page:
        page.run(ANNOUNCE)
        for number in range(30):
            page.set(page.comms["IntSliderModel"], value=number)
        assert page.run("print(slider.value)")["status"] == "ok"
    assert server.log.count("The recorder failed") <= 1
    assert json.loads(server.http.get("/api").text)


def test_a_kernel_that_outlives_its_server_is_still_known(
    make_server: Callable[..., Server], outside: Path
) -> None:
    server = make_server()
    server.config = {
        "ServerApp": {"allow_external_kernels": True, "external_connection_dir": str(outside)}
    }
    server.start()
    with server.page(running_kernel(server)) as page:
        page.run(ANNOUNCE)
        page.run("a = 1", tags=("first",))
    eventually(lambda: server.events("cell_executed"), "the first cell")
    server.kill()
    server.start()
    with server.page(running_kernel(server)) as page:
        page.run("b = 1", tags=("second",))
    eventually(
        lambda: (
            [e.payload["tags"] for e in server.events("cell_executed")] == [["first"], ["second"]]
        ),
        "both cells",
    )


def test_a_kernel_behind_a_gateway_is_recorded(
    server: Server, make_server: Callable[..., Server]
) -> None:
    front = make_server()
    front.config = {
        "GatewayClient": {"url": server.url, "auth_scheme": "token", "auth_token": TOKEN}
    }
    front.start()
    with front.page(front.start_kernel(), text=True) as page:
        page.run(ANNOUNCE)
        page.set(page.comms["IntSliderModel"], value=11)
        page.run("a = 1", tags=(page.kernel,))
        cells(front, page, 1)
        assert [e.payload["last"] for e in front.events("widget_changed")] == [11]


def running_kernel(server: Server) -> str:
    (kernel,) = server.http.get("/api/kernels").json()
    return str(kernel["id"])


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    """A folder with the connection file of a kernel that no server has started."""
    folder = tmp_path / "outside"
    folder.mkdir()
    path = folder / "kernel-outside.json"
    process = subprocess.Popen([sys.executable, "-m", "ipykernel_launcher", "-f", str(path)])
    eventually(lambda: path.exists() and path.read_text().endswith("}"), "the kernel's start")
    yield folder
    process.kill()
    process.wait()


def test_opening_an_app_is_all_that_a_learner_does(server: Server) -> None:
    after = last_seq(server)
    with server.page(server.start_kernel()) as page:
        opened = page.run("import mlplayground\napp = mlplayground.open_app('data_explorer')\napp")
        assert opened["status"] == "ok", opened
        page.run("step = app.step('load')\nstep", tags=(page.kernel,))
        found = page.run(
            "roles = mlplayground.start().announcement.mlplayground_roles", tags=(page.kernel,)
        )
        assert found["status"] == "ok", found
        assert cells(server, page, 2)[0].user == "ada"
        asked = page.send(
            "execute_request",
            {"code": "", "silent": False, "user_expressions": {"roles": "sorted(roles)"}},
        )
        comm = json.loads(user_expression(page, asked, "roles").replace("'", '"'))[0]
        page.set(comm, value=1)
        (moved,) = eventually(lambda: widgets(server, after), "the control's event")
        assert moved.payload["role"].startswith("data_explorer/")


def user_expression(page: Page, asked: str, name: str) -> str:
    while True:
        _, message = page.receive()
        found = message["content"].get("user_expressions")
        if found and message["parent_header"].get("msg_id") == asked:
            return str(found[name]["data"]["text/plain"])
