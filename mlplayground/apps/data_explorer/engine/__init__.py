"""The Data Explorer's engine: frames in, frozen results out."""

from __future__ import annotations

from mlplayground.apps.data_explorer.engine.charts import Chart, chart_data
from mlplayground.apps.data_explorer.engine.overview import Overview, overview
from mlplayground.apps.data_explorer.engine.problems import Preview, Problem, find_problems
from mlplayground.apps.data_explorer.engine.quality import Deduction, Quality, quality
from mlplayground.apps.data_explorer.engine.reading import read_table
from mlplayground.apps.data_explorer.engine.table import BadLine, ReadReport, Table

__all__ = [
    "BadLine",
    "Chart",
    "Deduction",
    "Overview",
    "Preview",
    "Problem",
    "Quality",
    "ReadReport",
    "Table",
    "chart_data",
    "find_problems",
    "overview",
    "quality",
    "read_table",
]
