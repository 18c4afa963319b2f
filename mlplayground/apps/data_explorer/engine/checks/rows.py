"""Whole rows: that are there twice, or have no answer to learn from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mlplayground.apps.data_explorer.engine import words
from mlplayground.apps.data_explorer.engine.checks.found import Found, check
from mlplayground.apps.data_explorer.engine.view import View
from mlplayground.modeling import ColumnKind
from mlplayground.recipes import DropDuplicateRows, DropMissingRows


@check("missing_target")
def _missing_target(view: View) -> Iterator[Found]:
    goal = view.target
    if goal is None or not goal.gone.any() or goal.gone.all():
        return
    rows = np.flatnonzero(goal.gone)
    yield Found(
        "missing_target", goal.name, rows, len(rows) / len(view.frame), 0.95,
        f"{words.count(len(rows), 'row')} of {len(view.frame):,} "
        f"{'have' if len(rows) > 1 else 'has'} no {words.name(goal.name)}. A model cannot learn "
        "from rows without the answer, and filling them in would teach it your guess.",
        DropMissingRows(goal.name) if goal.addressable and not goal.tokens.any() else None,
        whole_rows=True,
    )  # fmt: skip


@check("duplicate_rows")
def _duplicate_rows(view: View) -> Iterator[Found]:
    if not view.repeats.any():
        return
    rows = np.flatnonzero(view.repeats)
    share = len(rows) / len(view.frame)
    ids = [c for c in view.columns if c.kind is ColumnKind.IDENTIFIER]
    differ = view.renumbered.any()
    named = " and ".join(words.name(c.name) for c in ids)
    what = f"everything but {named}" if differ else "every column"
    usable = not differ or all(c.addressable for c in ids)
    ignore = tuple(c.name for c in ids) if differ else ()
    yield Found(
        "duplicate_rows", None, rows, share, 0.8,
        f"{words.count(len(rows), 'row')} of {len(view.frame):,} ({words.percent(share)}) "
        f"{'repeat' if len(rows) > 1 else 'repeats'} an earlier row in {what}. If one of "
        "a pair is trained on and the other tested on, the score looks better than it is.",
        DropDuplicateRows(ignore) if usable else None,
        whole_rows=True,
    )  # fmt: skip
