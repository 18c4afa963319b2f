"""Messages arrive whole, large arrays without a copy, and an end is seen as one."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mlplayground.compute.dask_task import join, split
from mlplayground.compute.messages import LARGE, Kind, Packed, pack, receive, send


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def exchange(pair: tuple[socket.socket, socket.socket], value: Any) -> Any:
    sender = threading.Thread(target=send, args=(pair[0], Kind.RESULT, pack(value)))
    sender.start()
    message = receive(pair[1])
    sender.join()
    assert message is not None
    assert message[0] is Kind.RESULT
    return message[1].load()


ARRAYS = {
    "empty": np.empty(0),
    "small": np.arange(10.0),
    "inline": np.arange(20_000.0),
    "large": np.arange(LARGE // 8 + 1.0),
    "fortran": np.asfortranarray(np.arange(300_000.0).reshape(1000, 300)),
    "strided": np.arange(600_000.0)[::2],
    "odd size": np.frombuffer(os.urandom(LARGE + 13), dtype=np.uint8),
    "objects": np.array(["a", None, 3], dtype=object),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_arrive_equal_and_writable(
    pair: tuple[socket.socket, socket.socket], name: str
) -> None:
    arrived = exchange(pair, {"first": ARRAYS[name], "second": ARRAYS[name][:1]})
    np.testing.assert_array_equal(arrived["first"], ARRAYS[name])
    np.testing.assert_array_equal(arrived["second"], ARRAYS[name][:1])


def test_what_arrives_is_a_copy_of_ones_own(pair: tuple[socket.socket, socket.socket]) -> None:
    array = np.zeros(LARGE)
    arrived = exchange(pair, array)
    arrived[0] = 1
    assert array[0] == 0


def test_no_descriptor_is_left_open(pair: tuple[socket.socket, socket.socket]) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(10):
        exchange(pair, ARRAYS["large"])
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_large_array_is_not_copied_into_the_pickle() -> None:
    packed = pack(ARRAYS["large"])
    assert len(packed.body) < 1000
    assert sum(part.nbytes for part in packed.parts()) > ARRAYS["large"].nbytes


def test_the_end_of_the_other_side_is_none(pair: tuple[socket.socket, socket.socket]) -> None:
    pair[0].sendall(b"\x05\x00")  # in the middle of a message
    pair[0].close()
    assert receive(pair[1]) is None
    with pytest.raises(OSError, match=r"Broken pipe"):
        send(pair[1], Kind.RESULT, Packed(b"too late"))


@given(hnp.arrays(st.sampled_from([np.float64, np.int32, np.bool_]), st.integers(0, 40_000)))
def test_one_array_for_dask_holds_a_whole_message(array: Any) -> None:
    kind, packed = split(join(Kind.CALL, pack([array, "text"])))
    arrived, text = packed.load()
    assert (kind, text) == (Kind.CALL, "text")
    np.testing.assert_array_equal(arrived, array)
