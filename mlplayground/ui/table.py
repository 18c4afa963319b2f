"""A table of any length, of which only what is looked at travels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import traitlets as t

from mlplayground.ui import assets, static
from mlplayground.ui.cells import Cells
from mlplayground.ui.escape import plain
from mlplayground.ui.table_index import TableIndex
from mlplayground.ui.views import TableView
from mlplayground.ui.widget import Part, mimebundle

if TYPE_CHECKING:
    import pandas as pd

_PAGE = 60


class DataTable(Part):
    """A sortable, searchable table.

    Parameters
    ----------
    frame : DataFrame
        Shown as it is; do not change it afterwards.
    caption : str
        What the table is.
    marks : iterable of (int, int)
        Row and column positions of unusual cells.
    """

    _esm = assets.module("table")
    _css = assets.style("base", "table")

    caption = t.Unicode().tag(sync=True)
    length = t.Int(0).tag(sync=True)
    columns = t.List(t.Unicode()).tag(sync=True)
    numeric = t.List(t.Bool()).tag(sync=True)
    _first: t.List[Any] = t.List().tag(sync=True)

    def __init__(
        self, frame: pd.DataFrame, caption: str = "", marks: Iterable[tuple[int, int]] = ()
    ) -> None:
        self.view = TableView(frame=frame, caption=caption, marks=tuple(marks))
        self._index = TableIndex(frame)
        self._cells = Cells(frame)
        self._marks: dict[int, list[int]] = {}
        for row, column in self.view.marks:
            self._marks.setdefault(row, []).append(column)
        super().__init__(
            caption=plain(caption),
            length=len(frame),
            columns=self._cells.names,
            numeric=self._cells.numeric,
            _first=self._rows(range(min(len(frame), 30))),
        )

    def heard(self, message: dict[str, Any], buffers: list[Any]) -> None:
        if message.get("kind") != "rows":
            return
        answer = {"kind": "rows", "generation": message.get("generation")}
        try:
            self.send({**answer, **self.page(**_request(message, len(self.columns)))})
        except Exception as error:
            # Raised here it would be seen by nobody.
            self.send({**answer, "error": f"{type(error).__name__}: {plain(error)}"})

    def page(
        self, start: int, search: str = "", sort: int | None = None, descending: bool = False
    ) -> dict[str, Any]:
        """Up to 60 rows from `start` on, in the order asked for, and how many there are."""
        positions = self._index.positions(search, sort, descending)
        total = len(self.view.frame) if positions is None else len(positions)
        places = range(start, min(start + _PAGE, total))
        rows = places if positions is None else positions[places.start : places.stop].tolist()
        return {"start": start, "total": total, "rows": self._rows(rows)}

    def _rows(self, positions: Iterable[int]) -> list[dict[str, Any]]:
        chosen = list(positions)
        return [
            {
                "at": place,
                "cells": cells,
                **({"marks": self._marks[place]} if place in self._marks else {}),
            }
            for place, cells in zip(chosen, self._cells.rows(chosen), strict=True)
        ]

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return mimebundle(self, self.caption or "A table", static.to_html("", (self.view,)))


def _request(message: dict[str, Any], columns: int) -> dict[str, Any]:
    start, sort = message.get("start"), message.get("sort")
    known = isinstance(sort, int) and not isinstance(sort, bool) and 0 <= sort < columns
    return {
        "start": max(0, start) if isinstance(start, int) else 0,
        "search": str(message.get("search") or "")[:200],
        "sort": sort if known else None,
        "descending": message.get("descending") is True,
    }
