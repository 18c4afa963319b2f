"""Operations on tables as data: learn, apply, print, store, put into a pipeline."""

from __future__ import annotations

from mlplayground.recipes.columns import ConvertType, DropColumns
from mlplayground.recipes.dates import ParseDates
from mlplayground.recipes.missing import MISSING_TOKENS, FillMissing, ReplaceMissingTokens
from mlplayground.recipes.numbers import Limit, ParseNumbers
from mlplayground.recipes.operation import (
    OPERATIONS,
    Learned,
    Operation,
    operation_from_dict,
    register,
)
from mlplayground.recipes.recipe import LearnedRecipe, Recipe
from mlplayground.recipes.rows import DropDuplicateRows, DropMissingRows
from mlplayground.recipes.text import (
    GroupRare,
    MergeMisspelt,
    ReplaceValues,
    TidyWhitespace,
    UnifySpelling,
)
from mlplayground.recipes.values import CellValue, ColumnName

__all__ = [
    "MISSING_TOKENS",
    "OPERATIONS",
    "CellValue",
    "ColumnName",
    "ConvertType",
    "DropColumns",
    "DropDuplicateRows",
    "DropMissingRows",
    "FillMissing",
    "GroupRare",
    "Learned",
    "LearnedRecipe",
    "Limit",
    "MergeMisspelt",
    "Operation",
    "ParseDates",
    "ParseNumbers",
    "Recipe",
    "ReplaceMissingTokens",
    "ReplaceValues",
    "TidyWhitespace",
    "UnifySpelling",
    "operation_from_dict",
    "register",
]
