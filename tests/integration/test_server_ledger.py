"""The recorder's parts by themselves: what is kept of which messages, and what bounds it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlplayground_server.core.services import Services
from mlplayground_server.recorder import Recorder, Tap
from mlplayground_server.recorder.decode import decode
from mlplayground_server.recorder.ledger import Fact, Kernel, Ledger
from mlplayground_server.recorder.memory import AnnouncedKernels
from mlplayground_server.recorder.tap import Frame

from mlplayground.errors import DatabaseError

LOG = logging.getLogger("test")


class Wire:
    """A kernel and a page that talk; what they say goes through the ledger."""

    def __init__(self, recording: bool = True) -> None:
        self.saved: dict[str, Kernel] = {}
        self.on, self.now, self.process = recording, 1_000.0, "process-1"
        self.ledger = Ledger(
            load=self.saved.get,
            save=lambda kernel: self.saved.__setitem__(kernel.process, kernel),
            fingerprint=lambda user, source: f"{abs(hash((user, source))):016x}"[:16],
            recording=lambda user: self.on,
        )
        self.facts: list[Fact] = []
        self._count = 0

    def say(
        self, incoming: bool, kind: str, content: Any, parent: str = "", metadata: Any = None
    ) -> str:
        self._count += 1
        header = {
            "msg_id": f"m{self._count}",
            "msg_type": kind,
            "session": "page" if incoming else self.process,
            "date": "2026-01-01T00:00:05+00:00",
        }
        parts = [json.dumps(p).encode() for p in (header, {"msg_id": parent}, metadata, content)]
        frame = Frame(self.now, "kernel", incoming, kind.encode(), *parts)
        self.facts += self.ledger.take(decode(frame))
        return f"m{self._count}"

    def announce(self, **changed: Any) -> None:
        said = {"version": "1", "user": "ada", "session": "s-1"} | changed
        state = {"mlplayground": said, "mlplayground_roles": {"c": "app/step/rows"}}
        self.say(False, "comm_open", {"comm_id": "a", "data": {"state": state}})

    def move(self, value: Any, trait: str = "value") -> None:
        data = {"method": "update", "state": {trait: value}}
        self.say(True, "comm_msg", {"comm_id": "c", "data": data})

    def later(self, seconds: float) -> None:
        self.now += seconds
        self.facts += self.ledger.due(self.now)

    @property
    def payloads(self) -> list[dict[str, Any]]:
        return [fact.payload for fact in self.facts]


@pytest.fixture
def wire() -> Wire:
    announced = Wire()
    announced.announce()
    return announced


def test_changes_within_a_second_are_one_event(wire: Wire) -> None:
    for value in (1, 2, 3):
        wire.move(value)
        wire.later(0.2)
    assert wire.facts == []
    wire.later(0.5)
    (kept,) = wire.payloads
    assert (kept["count"], kept["first"], kept["last"], kept["duration_ms"]) == (3, 1, 3, 400)
    assert (wire.facts[0].app, wire.facts[0].step) == ("app", "step")


def test_each_second_of_a_long_drag_is_an_event_of_its_own(wire: Wire) -> None:
    for value in range(30):
        wire.move(value)
        wire.now += 0.1
    wire.later(2)
    assert [(p["first"], p["last"], p["count"]) for p in wire.payloads] == [
        (0, 9, 10),
        (10, 19, 10),
        (20, 29, 10),
    ]


@pytest.mark.parametrize("value", ["text", None, [1], {"a": 1}, float("nan"), float("inf")])
def test_only_numbers_and_booleans_are_values(wire: Wire, value: Any) -> None:
    wire.move(value)
    wire.later(2)
    assert set(wire.payloads[0]) == {"role", "trait", "count", "duration_ms"}


def test_what_was_moved_before_a_cell_ran_stays_before_it(wire: Wire) -> None:
    wire.move(1)
    asked = wire.say(True, "execute_request", {"code": "x"})
    wire.move(2)
    wire.say(False, "execute_reply", {"status": "ok"}, asked)
    wire.later(2)
    assert [(f.kind, f.payload.get("last")) for f in wire.facts] == [
        ("widget_changed", 1),
        ("cell_executed", None),
        ("widget_changed", 2),
    ]


def test_a_cell_is_timed_from_when_the_kernel_began_it(wire: Wire) -> None:
    asked = wire.say(True, "execute_request", {"code": "x"})
    wire.now += 60
    started = {"started": "2026-01-01T00:00:03.500+00:00"}
    wire.say(False, "execute_reply", {"status": "ok"}, asked, started)
    assert wire.payloads[0]["duration_ms"] == 1500


def test_hidden_requests_are_not_cells(wire: Wire) -> None:
    for hidden in ({"silent": True}, {"store_history": False}):
        asked = wire.say(True, "execute_request", {"code": "x", **hidden})
        wire.say(False, "execute_reply", {"status": "ok"}, asked)
    assert wire.facts == []


@pytest.mark.parametrize("name", ["Not a name", "x" * 200, "Canary\n", "Größe", "", None, 5])
def test_an_error_class_that_is_no_plain_name_is_left_out(wire: Wire, name: Any) -> None:
    asked = wire.say(True, "execute_request", {"code": "x"})
    wire.say(False, "execute_reply", {"status": "error", "ename": name}, asked)
    assert (wire.payloads[0]["status"], "error_class" in wire.payloads[0]) == ("error", False)


def test_another_process_of_the_kernel_has_announced_nothing(wire: Wire) -> None:
    wire.move(1)
    wire.process = "process-2"
    wire.say(False, "status", {"execution_state": "idle"})
    wire.move(2)
    wire.later(2)
    assert [p["last"] for p in wire.payloads] == [1]


def test_nothing_is_looked_at_while_recording_is_off(wire: Wire) -> None:
    wire.on = False
    wire.move(1)
    asked = wire.say(True, "execute_request", {"code": "x"})
    wire.on = True
    wire.say(False, "execute_reply", {"status": "ok"}, asked)
    wire.later(2)
    assert wire.facts == []


def test_what_is_open_of_a_forgotten_user_is_dropped(wire: Wire) -> None:
    wire.say(True, "execute_request", {"code": "x"})
    wire.move(1)
    wire.ledger.forget_user("ada")
    wire.later(5)
    assert list(wire.ledger.close()) == wire.facts == []


def test_a_running_kernel_of_a_forgotten_user_stays_unrecorded(wire: Wire) -> None:
    wire.ledger.forget_user("ada")
    wire.announce()
    wire.move(1)
    wire.later(2)
    assert wire.facts == []
    wire.process = "a-new-process"
    wire.announce()
    wire.move(2)
    wire.later(2)
    assert [p["last"] for p in wire.payloads] == [2]


@pytest.mark.parametrize(
    "changed", [{"user": "../eve"}, {"user": None}, {"session": "a b"}, {"session": 5}]
)
def test_an_announcement_that_does_not_fit_is_none(changed: dict[str, Any]) -> None:
    wire = Wire()
    with pytest.raises(ValueError, match="announcement"):
        wire.announce(**changed)
    wire.move(1)
    wire.later(2)
    assert wire.facts == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
KINDS = ["comm_open", "comm_msg", "execute_request", "execute_reply", "status", "error"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(KINDS), JSON, JSON), max_size=6))
def test_no_message_whatever_breaks_the_next_ones(said: list[tuple[bool, str, Any, Any]]) -> None:
    wire = Wire()
    wire.announce()
    for incoming, kind, content, metadata in said:
        try:
            wire.say(incoming, kind, content, metadata=metadata)
        except ValueError:
            continue
    wire.announce()
    wire.facts.clear()
    wire.later(5)
    wire.facts.clear()
    wire.move(7)
    wire.later(2)
    assert [p["last"] for p in wire.payloads] == [7]


# -- the queue


def frames(kind: str, content: Any) -> list[bytes]:
    header = {"msg_id": "m", "msg_type": kind, "session": "process-1"}
    return [
        b"id",
        b"<IDS|MSG>",
        b"sig",
        *(json.dumps(p).encode() for p in (header, {}, {}, content)),
    ]


OPENED = {
    "comm_id": "a",
    "data": {
        "state": {
            "mlplayground": {"version": "1", "user": "ada", "session": "s-1"},
            "mlplayground_roles": {"c": "app/step/rows"},
        }
    },
}


def test_a_full_queue_drops_and_counts(caplog: pytest.LogCaptureFixture) -> None:
    tap = Tap(LOG, limit=10)
    tap.outgoing("k", frames("comm_open", OPENED))
    for _ in range(50):
        tap.outgoing("k", frames("status", {"execution_state": "idle"}))
    assert tap.describe() | {"queued": 10, "dropped": 41, "waiting": 10} == tap.describe()
    assert len(caplog.records) == 1


def test_other_kernels_messages_are_not_even_queued() -> None:
    tap = Tap(LOG)
    tap.outgoing("k", frames("comm_open", {"comm_id": "x", "data": {"state": {"value": 1}}}))
    tap.outgoing("k", frames("execute_reply", {"status": "ok"}))
    tap.incoming("k", b"\x07" + b"\0" * 200)
    assert tap.describe() == dict.fromkeys(tap.describe(), 0)


@pytest.mark.parametrize("message", [b"", b"\xff" * 9, "{", "", b"\x05" + b"\0" * 40])
def test_garbage_is_counted_and_goes_on(message: Any) -> None:
    tap = Tap(LOG)
    tap.watched.add("k")
    tap.incoming("k", message)
    tap.outgoing("k", [message if isinstance(message, bytes) else message.encode()])
    assert tap.counts.failures + tap.counts.queued >= 1


# -- the thread


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    monkeypatch.setenv("MLPLAYGROUND_HOME", str(tmp_path / "stash"))
    monkeypatch.setenv("MLPLAYGROUND_USER", "ada")
    monkeypatch.delenv("DO_NOT_TRACK", raising=False)
    made = Services()
    yield made
    made.close()


@pytest.fixture
def make_recorder(services: Services, tmp_path: Path) -> Callable[[Tap], Recorder]:
    return lambda tap: Recorder(tap, services, AnnouncedKernels(tmp_path / "kernels"), LOG)


def slider(value: int) -> Frame:
    data = {"method": "update", "state": {"value": value}}
    header = {"msg_id": f"m{value}", "msg_type": "comm_msg", "session": "page"}
    parts = [json.dumps(p).encode() for p in (header, {}, {}, {"comm_id": "c", "data": data})]
    return Frame(1_000.0 + value, "k", True, b"comm_msg", *parts)


def last_values(services: Services) -> list[int]:
    return [event.payload["last"] for event in services.journal.read(kinds=["widget_changed"])]


def test_a_failed_batch_is_put_back_and_written_once_in_order(
    services: Services,
    make_recorder: Callable[[Tap], Recorder],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tap = Tap(LOG)
    recorder = make_recorder(tap)
    tap.outgoing("k", frames("comm_open", OPENED))
    append, failing = services.journal.append, [True, True]

    def sometimes(*events: Any, **how: Any) -> int:
        if failing:
            failing.pop()
            raise DatabaseError("The database is locked.")
        return append(*events, **how)

    monkeypatch.setattr(services.journal, "append", sometimes)
    for value in range(3):
        tap.queue.append(slider(value))
        recorder.flush()
    recorder.flush()
    assert recorder.describe()["unsaved"] == 0
    assert last_values(services) == [0, 1, 2]


def test_a_message_that_cannot_be_read_takes_no_other_with_it(
    services: Services, make_recorder: Callable[[Tap], Recorder]
) -> None:
    tap = Tap(LOG)
    recorder = make_recorder(tap)
    tap.outgoing("k", frames("comm_open", OPENED))
    tap.queue.append(slider(1))
    tap.queue.append(slider(2)._replace(content=b"{"))
    tap.queue.append(slider(3))
    recorder.flush()
    assert last_values(services) == [1, 3]
    assert tap.counts.failures == 1


def test_forgetting_drops_what_waits_and_deletes_while_nothing_is_written(
    services: Services, make_recorder: Callable[[Tap], Recorder]
) -> None:
    tap = Tap(LOG)
    recorder = make_recorder(tap)
    recorder.start()
    tap.outgoing("k", frames("comm_open", OPENED))
    tap.queue.append(slider(1))
    deleted: list[int] = []
    recorder.forget_user("ada", lambda: deleted.append(services.journal.last_seq()))
    recorder.stop()
    assert deleted == [0]
    assert last_values(services) == []


def test_cell_hashes_are_salted_per_user_and_stay_the_same(services: Services) -> None:
    from mlplayground_server.recorder.memory import Fingerprints

    first, second = Fingerprints(services.stash_of), Fingerprints(services.stash_of)
    assert first("ada", "x = 1") == second("ada", "x = 1")
    assert first("ada", "x = 1") != first("eve", "x = 1")
    services.stash.delete_everything()
    first.forget("ada")
    assert first("ada", "x = 1") != second("ada", "x = 1")
