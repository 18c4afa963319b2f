"""Practice tables with known defects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from mlplayground.errors import InputError
from mlplayground.practice.defects import Builder, Defect
from mlplayground.practice.domains import DOMAINS, Domain
from mlplayground.practice.planters import KINDS, PLANTERS

MIN_ROWS = 60
_DRAWN = 6


@dataclass(frozen=True)
class PracticeTable:
    """A messy table, and the truth about it.

    Attributes
    ----------
    frame : DataFrame
        What the learner gets.
    clean : DataFrame
        The same table before the defects were planted.
    target : str
    defects : tuple of Defect
        In the order in which they were planted.
    situation : str
        What the learner is told.
    domain : str
    """

    frame: pd.DataFrame = field(compare=False, repr=False)
    clean: pd.DataFrame = field(compare=False, repr=False)
    target: str
    defects: tuple[Defect, ...]
    situation: str
    domain: str

    def undo(self) -> pd.DataFrame:
        """Undo all defects by the truth; equal to `clean`."""
        frame = self.frame
        for defect in reversed(self.defects):
            frame = defect.undo(frame)
        return frame.reset_index(drop=True)


def make_messy_table(
    n_rows: int = 600,
    defects: Sequence[str] | None = None,
    random_state: int = 0,
    *,
    domain: str | None = None,
) -> PracticeTable:
    """Make a plausible table and plant defects in it.

    Parameters
    ----------
    n_rows : int
        Rows of the clean table, at least 60; duplicates come on top.
    defects : sequence of str, optional
        Of ``KINDS``; each column gets one defect at most as long as there are enough.
        By default, six kinds are drawn.
    random_state : int
        The same seed and arguments give the same table.
    domain : str, optional
        Of ``DOMAINS``; drawn by default.

    Returns
    -------
    PracticeTable

    Raises
    ------
    InputError
        For an unknown kind or domain, a kind named twice, or too few rows.

    Examples
    --------
    >>> table = make_messy_table(200, ["duplicate_rows"], random_state=1, domain="gym")
    >>> table.defects[0].shows
    '8 rows are there twice.'
    >>> len(table.frame) - len(table.clean)
    8
    """
    _check(n_rows, defects, domain)
    rng = np.random.default_rng(random_state)
    world = DOMAINS[domain or str(rng.choice(list(DOMAINS)))]
    kinds = tuple(rng.choice(KINDS, _DRAWN, replace=False)) if defects is None else tuple(defects)
    clean = world.make(rng, n_rows)
    frame, planted = _plant(clean, world, kinds, rng)
    return PracticeTable(frame, clean, world.target, planted, world.situation, world.id)


def _plant(
    clean: pd.DataFrame, world: Domain, kinds: Sequence[str], rng: np.random.Generator
) -> tuple[pd.DataFrame, tuple[Defect, ...]]:
    build = Builder(clean, world, rng)
    for kind, planter in PLANTERS.items():
        if kind in kinds:
            planter(build)
    frame = build.frame
    # Duplicates were appended; they go somewhere behind the rows that they repeat.
    place = np.arange(len(frame), dtype=float)
    place[len(clean) :] = rng.uniform(build.copied, len(clean))
    order = np.argsort(place, kind="stable")
    where = np.empty(len(frame), dtype=np.intp)
    where[order] = np.arange(len(frame))
    shuffled = frame.iloc[order].reset_index(drop=True)
    return shuffled, tuple(_at(defect, where) for defect in build.defects)


def _at(defect: Defect, where: np.ndarray) -> Defect:
    """Translate row numbers into positions; `where` grows with them, so order is kept."""
    rows = where[defect.rows]
    order = np.argsort(rows)
    original = None if defect.original is None else defect.original.iloc[order]
    return replace(defect, rows=rows[order], original=original)


def _check(n_rows: int, defects: Sequence[str] | None, domain: str | None) -> None:
    if n_rows < MIN_ROWS:
        raise InputError(f"A practice table needs at least {MIN_ROWS} rows, not {n_rows}.")
    if domain is not None and domain not in DOMAINS:
        raise InputError(f"There is no domain {domain!r}. Known: {', '.join(DOMAINS)}.")
    for kind in defects or ():
        if kind not in PLANTERS:
            raise InputError(f"There is no defect {kind!r}. Known: {', '.join(KINDS)}.")
    if defects is not None and len(set(defects)) < len(defects):
        raise InputError("Name each kind of defect once.")
