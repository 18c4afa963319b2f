"""What the recorder adds to each message, and whether 20,000 in a minute are accounted for.

Run ``python tests/benchmarks/bench_recorder.py`` (about two minutes). The first part times the
hot path in this process, with the recorder's thread at work beside it; the second drives a real
server and a real kernel over a websocket. Targets: median under 50 µs, 99th percentile under
200 µs, every message written or counted.
"""

from __future__ import annotations

import json
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1

sys.path.insert(0, str(Path(__file__).parents[1] / "integration"))

PER_MINUTE = 20_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MLPLAYGROUND_HOME"] = folder
        os.environ["MLPLAYGROUND_USER"] = "ada"
        hot_path(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        whole_way(Path(folder))


def hot_path(folder: Path) -> None:
    """Time the tap at 20,000 messages a minute, and in a burst, beside the working thread."""
    from mlplayground_server.core.services import Services
    from mlplayground_server.recorder import Recorder, Tap
    from mlplayground_server.recorder.memory import AnnouncedKernels

    log = logging.getLogger("bench")
    tap = Tap(log)
    recorder = Recorder(tap, Services(), AnnouncedKernels(folder / "runtime"), log)
    recorder.start()
    tap.outgoing("ours", parts("comm_open", announcement()))
    time.sleep(1)
    print(f"{'message':42}{'median':>9}{'p99':>9}{'max':>10}   µs added")
    for name, send in messages(tap):
        show(f"{name}, {PER_MINUTE:,}/min", timed(send, 2_000, 60 / PER_MINUTE))
        show(f"{name}, burst", timed(send, 10_000, 0))
    recorder.stop()
    print("counts:", recorder.describe())


def messages(tap: object) -> Iterator[tuple[str, Callable[[int], None]]]:
    update = parts("comm_msg", {"comm_id": "c", "data": {"method": "update", "state": {"v": 1}}})
    large = parts("comm_msg", {"comm_id": "c", "data": {"method": "update", "state": "x" * 10**6}})
    reply = parts("execute_reply", {"status": "ok", "execution_count": 3})
    sliders = [
        serialize_msg_to_ws_v1(
            parts(
                "comm_msg",
                {"comm_id": "slider", "data": {"method": "update", "state": {"value": value}}},
            )[2:],
            "shell",
        )
        for value in range(100)
    ]
    yield "other kernel's widget, out", lambda _: tap.outgoing("other", update)
    yield "our kernel's widget, out", lambda _: tap.outgoing("ours", update)
    yield "our kernel's 1 MB widget, out", lambda _: tap.outgoing("ours", large)
    yield "our kernel's reply, out", lambda _: tap.outgoing("ours", reply)
    yield "our slider moved, in", lambda i: tap.incoming("ours", sliders[i % 100])


def parts(kind: str, content: object) -> list[bytes]:
    header = {
        "msg_id": "5f1c6f0e-b2f0b2a2a8e3f4c1d2e3f4a5_4242_17",
        "msg_type": kind,
        "username": "ada",
        "session": "5f1c6f0e-b2f0b2a2a8e3f4c1d2e3f4a5",
        "date": "2026-01-01T10:00:00.000000Z",
        "version": "5.4",
    }
    return [b"<IDS|MSG>", b"sign", *(json.dumps(p).encode() for p in (header, {}, {}, content))]


def announcement() -> dict[str, object]:
    state = {
        "mlplayground": {"version": "1", "user": "ada", "session": "s"},
        "mlplayground_roles": {"slider": "app/step/control"},
    }
    return {"comm_id": "a", "data": {"state": state}}


def timed(send: Callable[[int], None], count: int, pause: float) -> list[float]:
    taken = []
    due = time.perf_counter()
    for number in range(count):
        due += pause
        while time.perf_counter() < due:
            time.sleep(max(0.0, due - time.perf_counter()))
        start = time.perf_counter()
        send(number)
        taken.append((time.perf_counter() - start) * 1e6)
    return sorted(taken)


def show(name: str, taken: list[float]) -> None:
    p99 = taken[int(len(taken) * 0.99)]
    print(f"{name:42}{statistics.median(taken):9.1f}{p99:9.1f}{taken[-1]:10.1f}")


def whole_way(folder: Path) -> None:
    """Move a slider 20,000 times within a minute in a real server, and count what was kept."""
    from serving import ANNOUNCE, Server, eventually

    server = Server(folder).start()
    try:
        page = server.page(server.start_kernel())
        page.run(ANNOUNCE)
        start = time.perf_counter()
        for value in range(PER_MINUTE):
            page.set(page.comms["IntSliderModel"], value=value)
            while time.perf_counter() < start + value * 60 / PER_MINUTE:
                time.sleep(0.002)
        sent = time.perf_counter() - start
        page.run("done = 1", tags=("done",))
        eventually(lambda: server.events("cell_executed"), "the last cell", 60)
        found = [e.payload for e in server.events("widget_changed")]
        ends = [value for p in found for value in (p["first"], p["last"])]
        print(
            f"{PER_MINUTE:,} changes sent in {sent:.0f} s: {sum(p['count'] for p in found):,} "
            f"counted in {len(found)} events, in order: {ends == sorted(ends)}"
        )
    finally:
        server.stop()


if __name__ == "__main__":
    main()
