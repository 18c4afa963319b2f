"""A file that comes in pieces arrives whole, or the learner is told why it did not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mlplayground.ui.controls import DatasetPicker, Source
from mlplayground.ui.picker import Picker

CONTROL = DatasetPicker(
    "source",
    "Table",
    datasets=(("d1", "titanic.csv"),),
    samples=(("penguins", "Penguins"),),
    upload_limit=1000,
)


class Sent(Picker):
    """A picker that remembers what it answered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.answers: list[dict[str, Any]] = []
        super().__init__(*args, **kwargs)

    def send(self, content: Any, buffers: Any = None) -> None:
        self.answers.append(content)


def piece(picker: Picker, start: int, data: bytes, total: int, **more: Any) -> None:
    content = {"kind": "piece", "transfer": "t1", "name": "a.csv", "start": start, "total": total}
    picker._handle_custom_msg(content | more, [memoryview(data)])


def test_a_file_in_pieces_arrives_whole() -> None:
    files: list[tuple[str, str]] = []
    picker = Sent(CONTROL, on_file=lambda *file: files.append(file))
    piece(picker, 0, b"a,b\n", 8)
    assert files == []
    piece(picker, 4, b"1,2\n", 8)
    assert picker.answers == [{"kind": "piece", "transfer": "t1"}] * 2
    [(path, name)] = files
    assert (Path(path).read_bytes(), name) == (b"a,b\n1,2\n", "a.csv")
    assert picker.source == Source("file", path, "a.csv")
    assert picker.chosen["kind"] == "file"


def test_an_empty_file_arrives_too() -> None:
    picker = Sent(CONTROL)
    piece(picker, 0, b"", 0)
    assert picker.source is not None
    assert Path(picker.source.ref).read_bytes() == b""


@pytest.mark.parametrize(
    ("start", "data", "total", "reason"),
    [
        (5, b"x", 8, "lost"),
        (4, b"x" * 9, 8, "lost"),
        (0, b"x", 2000, "At most"),
        (0, b"x", "8", "size"),
    ],
)
def test_a_piece_that_does_not_fit_ends_the_transfer_and_says_so(
    start: int, data: bytes, total: Any, reason: str
) -> None:
    picker = Sent(CONTROL)
    piece(picker, 0, b"a,b\n", 8)
    folder = picker._incoming.path.parent if picker._incoming else Path()
    piece(picker, start, data, total)
    assert reason in picker.answers[-1]["error"]
    assert picker.source is None
    assert not folder.exists()
    piece(picker, 4, b"1,2\n", 8)
    assert "again" in picker.answers[-1]["error"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\x\\..\\evil.csv", "/abs/x.csv", "", "a\x00b"]
)
def test_a_name_cannot_choose_where_the_file_lies(name: str) -> None:
    picker = Sent(CONTROL)
    piece(picker, 0, b"x", 1, name=name)
    assert picker.source is not None
    path = Path(picker.source.ref)
    assert path.parent.name.startswith("mlplayground-")
    assert path.name.startswith("upload")
    assert "/" not in picker.source.name


def test_an_upload_on_the_server_becomes_the_source() -> None:
    uploads: list[str] = []
    picker = Sent(CONTROL, on_upload=uploads.append)
    picker._handle_custom_msg({"kind": "uploaded", "upload": "u1", "name": "big.csv"}, [])
    assert uploads == ["u1"]
    assert picker.source == Source("upload", "u1", "big.csv")


@pytest.mark.parametrize(
    ("chosen", "source"),
    [
        (
            {"kind": "dataset", "ref": "d1", "name": "titanic.csv"},
            Source("dataset", "d1", "titanic.csv"),
        ),
        ({"kind": "sample", "ref": "penguins", "name": "P"}, Source("sample", "penguins", "P")),
        ({"kind": "path", "ref": " x/y.csv ", "name": "y.csv"}, Source("path", "x/y.csv", "y.csv")),
        ({"kind": "dataset", "ref": "not offered"}, None),
        ({"kind": "file", "ref": "/etc/passwd"}, None),
        ({"kind": "upload", "ref": "u9"}, None),
        ({"kind": ["x"], "ref": {}}, None),
    ],
)
def test_only_what_was_offered_can_be_chosen(chosen: dict[str, Any], source: Source | None) -> None:
    picker = Sent(CONTROL)
    picker.chosen = chosen
    assert picker.source == source


def test_a_new_table_of_the_workspace_is_offered_and_chosen() -> None:
    picker = Sent(CONTROL)
    picker.chosen = {"kind": "path", "ref": "x.csv", "name": "x.csv"}
    picker.adopt(DatasetPicker("source", "Table", datasets=(("d1", "a"), ("d2", "b"))))
    assert picker.source == Source("path", "x.csv", "x.csv")
    loaded = Source("dataset", "d2", "b")
    picker.adopt(DatasetPicker("source", "Table", loaded, datasets=(("d1", "a"), ("d2", "b"))))
    assert picker.source == loaded
