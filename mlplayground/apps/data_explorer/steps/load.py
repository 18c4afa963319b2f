"""Bring in a table, and show how it was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from mlplayground.apps.data_explorer.engine import Table
from mlplayground.apps.data_explorer.engine.reading_code import reading_code
from mlplayground.apps.data_explorer.engine.samples import SAMPLES, bring
from mlplayground.errors import NotReady
from mlplayground.session import Step
from mlplayground.ui.controls import Control, DatasetPicker, Source
from mlplayground.ui.views import Fact, Facts, Finding, TableView, View

_HEAD_ROWS = 200


class Load(Step):
    """Takes a dataset of the learner's, a sample, a path or an upload."""

    id = "load"
    engine = staticmethod(bring)
    run_label = "Load"
    needs_dataset = False

    def controls(self) -> Sequence[Control]:
        current = self.session.root()
        return (
            DatasetPicker(
                name="source",
                label="Table",
                value=Source("dataset", current.id, current.name) if current else None,
                datasets=tuple((known.id, known.name) for known in self._loaded()),
                samples=tuple((key, sample.title) for key, sample in SAMPLES.items()),
                upload_limit=self.session.settings.upload_limit,
            ),
        )

    def arguments(self, values: Mapping[str, Any]) -> dict[str, Any]:
        source = _source(values["source"])
        if source is None:
            raise NotReady("Choose a table first: a file of yours, or one of the samples")
        if source.kind == "dataset":
            return {"kind": "kept", "ref": source.ref, "frame": self._kept(source)}
        if source.kind == "sample":
            return {"kind": "sample", "ref": source.ref}
        return {"kind": "file", "ref": str(self._file(source))}

    def save(self, values: Mapping[str, Any], value: Table) -> None:
        source = _source(values["source"])
        assert source is not None
        if source.kind == "dataset":
            self.session.use(source.ref)
            return
        path = None if source.kind == "sample" else self._file(source)
        added = self.session.workspace.add_dataset(
            value.frame,
            name=source.name or source.ref,
            origin={"file": "upload"}.get(source.kind, source.kind),
            source=path,
            code=self.source(values, value),
        )
        if source.kind == "upload":
            self.session.workspace.drop_upload(source.ref)
        self.session.use(added.id)

    def views(self, value: Table) -> Sequence[View]:
        report = value.report
        rows, columns = value.frame.shape
        facts = [
            Fact("Rows", f"{rows:,}", _aside(report.bad_line_count)),
            Fact("Columns", f"{columns:,}"),
            *_decided(value),
        ]
        notes = [Finding(note, "warning") for note in report.notes]
        read = f"Read {rows:,} rows and {columns:,} columns."
        if not rows:
            read += " There is a heading and nothing below it. Is this the file that you meant?"
        return (
            Finding(read, "good" if rows else "warning"),
            *notes,
            Facts(tuple(facts)),
            TableView(value.frame.head(_HEAD_ROWS), f"The first {min(rows, _HEAD_ROWS):,} rows"),
            *_set_aside(value),
        )

    def source(self, values: Mapping[str, Any], value: Table) -> str:
        source = _source(values["source"])
        if source is None:
            return ""
        if source.kind == "dataset":
            return self.session.workspace.reading_code(source.ref)
        if source.kind == "sample" and SAMPLES[source.ref].source:
            return SAMPLES[source.ref].source
        name = source.name if source.kind in ("upload", "file") else source.ref
        return reading_code(name, value)

    def _file(self, source: Source) -> Path:
        if source.kind == "upload":
            return self.session.workspace.take_upload(source.ref)[0]
        return Path(source.ref).expanduser()

    def _kept(self, source: Source) -> pd.DataFrame:
        return self.session.workspace.frame(source.ref)

    def _loaded(self) -> list[Any]:
        return [known for known in self.session.workspace.datasets() if known.parent is None]


def _source(given: Any) -> Source | None:
    """What the picker holds; a script may also give a path."""
    if isinstance(given, str | Path):
        return Source("path", str(given), Path(given).name)
    return given if isinstance(given, Source) else None


def _aside(lines: int) -> str:
    return f"{lines:,} lines kept aside" if lines else ""


def _decided(value: Table) -> list[Fact]:
    report = value.report
    delimiters = {"\t": "tab", " ": "space"}
    decided = [
        ("Encoding", report.encoding),
        ("Separator", delimiters.get(report.delimiter, report.delimiter)),
        ("Decimal mark", report.decimal),
        ("Names", "" if report.format != "csv" else "from the file" if report.header else "ours"),
    ]
    return [Fact(label, text) for label, text in decided if text]


def _set_aside(value: Table) -> tuple[View, ...]:
    lines = value.report.bad_lines
    if not lines:
        return ()
    frame = pd.DataFrame(
        [(bad.line, bad.cells, bad.text) for bad in lines], columns=["line", "cells", "text"]
    )
    shown = f"the first {len(lines):,} of " if len(lines) < value.report.bad_line_count else ""
    return (TableView(frame, f"Lines kept aside: {shown}{value.report.bad_line_count:,}"),)
