"""The Data Explorer's engine is there by name, and costs nothing until it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import mlplayground.apps.data_explorer as data_explorer


def test_every_public_name_is_there() -> None:
    for name in data_explorer.__all__:
        assert getattr(data_explorer, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        data_explorer.nothing  # noqa: B018


def test_importing_the_app_imports_no_pandas() -> None:
    """The catalog finds apps in the server, which must stay light."""
    code = "import sys, mlplayground.apps.data_explorer; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
