"""Messages between a caller and its worker, over a socket.

A message is a kind, a pickle (protocol 5, by cloudpickle) and the pickle's out-of-band
buffers: the arrays, which are never copied into the pickle. Small messages travel through the
socket. Large ones travel as an anonymous file in memory whose descriptor is sent along, and
which the receiver maps privately: writable, without another copy, and gone when nobody holds
it, however the processes end.
"""

from __future__ import annotations

import os
import pickle
import socket
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import cloudpickle

# From here on a file in memory is faster than the socket.
LARGE = 1 << 20
# Smaller arrays are cheaper inside the pickle.
_OUT_OF_BAND = 1 << 16
_ALIGNMENT = 64
_HEAD = struct.Struct("!B?I")
_SIZE = struct.Struct("!Q")


class Kind(IntEnum):
    """What a message is about."""

    CONTEXT = 1  # to the worker: where and how to run the next call
    CALL = 2  # to the worker: (fn, args, kwargs)
    STARTED = 3  # from the worker: the function begins
    REPORT = 4  # from the worker: (fraction, message, partial)
    RESULT = 5  # from the worker: what the function returned
    ERROR = 6  # from the worker: (exception, traceback)


@dataclass(frozen=True, slots=True)
class Packed:
    """An object as a pickle and its out-of-band buffers."""

    body: bytes | memoryview
    buffers: Sequence[memoryview | pickle.PickleBuffer] = field(default=())

    def parts(self) -> list[memoryview]:
        """Return the pickle and the buffers as flat views, without a copy."""
        buffers = (
            buffer.raw() if isinstance(buffer, pickle.PickleBuffer) else memoryview(buffer)
            for buffer in self.buffers
        )
        return [memoryview(self.body), *(view.cast("B") for view in buffers)]

    def load(self) -> Any:
        """Return the object; its arrays lie on the buffers."""
        return pickle.loads(self.body, buffers=self.buffers)


def pack(value: Any) -> Packed:
    """Pickle `value`; its large arrays stay where they are until the message is sent."""
    buffers: list[pickle.PickleBuffer] = []

    def keep_in_band(buffer: pickle.PickleBuffer) -> bool:
        try:
            large = buffer.raw().nbytes >= _OUT_OF_BAND
        except BufferError:  # not contiguous
            return True
        if large:
            buffers.append(buffer)
        return not large

    body = cloudpickle.dumps(value, protocol=5, buffer_callback=keep_in_band)
    return Packed(body, buffers)


def send(sock: socket.socket, kind: Kind, packed: Packed) -> None:
    """Send one message; raises ``OSError`` where the other side is gone."""
    parts = packed.parts()
    sizes = [part.nbytes for part in parts]
    # Files in memory and sockets that carry their descriptors: on Linux only.
    in_memory = sum(sizes) >= LARGE and sys.platform == "linux"
    head = _HEAD.pack(kind, in_memory, len(parts)) + b"".join(map(_SIZE.pack, sizes))
    if not in_memory:
        sock.sendall(head)
        for part in parts:
            sock.sendall(part)
        return
    fd = _file_in_memory(parts)
    try:
        sent = socket.send_fds(sock, [head], [fd])
        sock.sendall(head[sent:])
    finally:
        os.close(fd)


def receive(sock: socket.socket) -> tuple[Kind, Packed] | None:
    """Wait for one message; None where the other side is gone."""
    try:
        first, fds = _receive_first(sock)
        if not first:
            return None
        head = first + _read(sock, _HEAD.size - len(first))
        kind, in_memory, n_parts = _HEAD.unpack(head)
        sizes = [n for (n,) in _SIZE.iter_unpack(_read(sock, _SIZE.size * n_parts))]
        if in_memory:
            body, *buffers = _map(fds[0], sizes)
        else:
            body, *buffers = (memoryview(_read(sock, size)) for size in sizes)
    except (ConnectionError, EOFError):
        return None
    return Kind(kind), Packed(body, buffers)


def _receive_first(sock: socket.socket) -> tuple[bytes, list[int]]:
    if sys.platform != "linux":
        return sock.recv(_HEAD.size), []
    data, fds, _, _ = socket.recv_fds(sock, _HEAD.size, 1)
    return data, fds


def _read(sock: socket.socket, size: int) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        n = sock.recv_into(view)
        if n == 0:
            raise EOFError
        view = view[n:]
    return data


def _aligned(size: int) -> int:
    return -size % _ALIGNMENT + size


def _file_in_memory(parts: Sequence[memoryview]) -> int:
    fd = os.memfd_create("mlplayground")
    try:
        for part in parts:
            end = os.lseek(fd, 0, os.SEEK_CUR) + _aligned(part.nbytes)
            while part:
                part = part[os.write(fd, part) :]
            os.lseek(fd, end, os.SEEK_SET)
        os.ftruncate(fd, os.lseek(fd, 0, os.SEEK_CUR))
    except BaseException:
        os.close(fd)
        raise
    return fd


def _map(fd: int, sizes: Sequence[int]) -> list[memoryview]:
    import mmap

    length = sum(map(_aligned, sizes))
    try:
        mapped = mmap.mmap(
            fd, length, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE
        )
    finally:
        os.close(fd)
    view, parts, start = memoryview(mapped), [], 0
    for size in sizes:
        parts.append(view[start : start + size])
        start += _aligned(size)
    return parts
