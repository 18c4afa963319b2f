"""The examples in the docstrings of the pure layers give what they say."""

from __future__ import annotations

import doctest
from importlib import import_module
from pkgutil import walk_packages

import pytest

PACKAGES = (
    "mlplayground.modeling",
    "mlplayground.recipes",
    "mlplayground.practice",
    "mlplayground.apps.data_explorer.engine",
)
MODULES = [
    module.name
    for package in PACKAGES
    for module in walk_packages(import_module(package).__path__, f"{package}.")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    module = import_module(name)
    assert module.__doc__
    assert doctest.testmod(module).failed == 0
