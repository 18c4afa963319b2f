"""Small tables to begin with: three that come with scikit-learn, one with planted faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from mlplayground.apps.data_explorer.engine.reading import read_table
from mlplayground.apps.data_explorer.engine.table import ReadReport, Table
from mlplayground.errors import InputError
from mlplayground.practice import make_messy_table


@dataclass(frozen=True, slots=True)
class Sample:
    """A table that is always at hand.

    Attributes
    ----------
    title : str
        What the learner reads in the list.
    make : callable() -> DataFrame
    source : str
        Plain Python that makes the same frame as ``df``; empty where only we can.
    """

    title: str
    make: Callable[[], pd.DataFrame]
    source: str


def _from_sklearn(loader: str) -> Callable[[], pd.DataFrame]:
    def make() -> pd.DataFrame:
        import sklearn.datasets

        frame: pd.DataFrame = getattr(sklearn.datasets, loader)(as_frame=True).frame
        return frame

    return make


def _sklearn_source(loader: str) -> str:
    return f"from sklearn.datasets import {loader}\n\ndf = {loader}(as_frame=True).frame"


SAMPLES: dict[str, Sample] = {
    "practice": Sample(
        "Practice: a table with faults that we planted",
        lambda: make_messy_table(n_rows=800, random_state=0).frame,
        "",
    ),
    "wine": Sample(
        "Wine: 178 wines, 13 chemical measurements, 3 growers",
        _from_sklearn("load_wine"),
        _sklearn_source("load_wine"),
    ),
    "diabetes": Sample(
        "Diabetes: 442 patients, and how the illness went on",
        _from_sklearn("load_diabetes"),
        _sklearn_source("load_diabetes"),
    ),
    "breast_cancer": Sample(
        "Breast cancer: 569 tumours measured under the microscope",
        _from_sklearn("load_breast_cancer"),
        _sklearn_source("load_breast_cancer"),
    ),
}


def bring(kind: str, ref: str, frame: pd.DataFrame | None = None) -> Table:
    """Read a table from where the learner says it is.

    Parameters
    ----------
    kind : {"sample", "file", "kept"}
    ref : str
        A key of :data:`SAMPLES`, or the path of a file.
    frame : DataFrame, optional
        The table itself where it is kept already.

    Raises
    ------
    InputError
        If there is no such sample.
    TableError
        If the file cannot be read, or is no table.
    """
    if frame is not None:
        return Table(frame, ReadReport("kept"))
    if kind != "sample":
        return read_table(ref)
    if ref not in SAMPLES:
        raise InputError(f"There is no sample {ref!r}. There are: {', '.join(SAMPLES)}.")
    return Table(SAMPLES[ref].make(), ReadReport("sample"))
