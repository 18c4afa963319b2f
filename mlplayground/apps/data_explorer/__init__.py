"""Data Explorer: meet a dataset, see what is wrong with it, and repair it.

The engine works without an interface::

    from mlplayground.apps.data_explorer import find_problems, quality, read_table

    table = read_table("customers.csv")
    quality(table.frame).score
    for problem in find_problems(table.frame, target="churn"):
        print(problem.text)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlplayground.apps.data_explorer.engine import (
        Chart,
        Overview,
        Problem,
        Quality,
        Table,
        chart_data,
        find_problems,
        overview,
        quality,
        read_table,
    )
    from mlplayground.modeling import Profile, profile

__all__ = [
    "Chart",
    "Overview",
    "Problem",
    "Profile",
    "Quality",
    "Table",
    "chart_data",
    "find_problems",
    "overview",
    "profile",
    "quality",
    "read_table",
]

_FROM_MODELING = ("Profile", "profile")


def __getattr__(name: str) -> Any:
    # Lazy, because the catalog finds an app without paying for pandas.
    if name in _FROM_MODELING:
        return getattr(import_module("mlplayground.modeling"), name)
    if name in __all__:
        return getattr(import_module(f"{__name__}.engine"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
