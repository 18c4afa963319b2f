"""What is written twice, once for Python and once for JavaScript, agrees."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import mlplayground
from mlplayground.ui.plotly_version import BUNDLE_NAME, PLOTLY_JS_VERSION

ROOT = Path(__file__).parents[2]
LAB = ROOT / "labextension"


def read(name: str) -> dict[str, Any]:
    return json.loads((LAB / name).read_text(encoding="utf-8"))


def test_one_version_everywhere() -> None:
    # The page compares the first with the second and asks for a restart where they differ.
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = read("package-lock.json")
    assert read("package.json")["version"] == mlplayground.__version__
    assert project.get("version", mlplayground.__version__) == mlplayground.__version__
    assert lock["version"] == lock["packages"][""]["version"] == mlplayground.__version__


def test_the_kernel_asks_for_the_plotly_that_the_build_copies() -> None:
    assert read("package.json")["devDependencies"]["plotly.js-cartesian-dist-min"] == (
        PLOTLY_JS_VERSION
    )
    installed = read("package-lock.json")["packages"]["node_modules/plotly.js-cartesian-dist-min"]
    assert installed["version"] == PLOTLY_JS_VERSION
    script = (LAB / "scripts" / "copy-plotly.mjs").read_text(encoding="utf-8")
    assert f"plotly-{PLOTLY_JS_VERSION}.js" == BUNDLE_NAME
    assert "static/plotly-${version}.js" in script


def test_the_lock_names_no_host() -> None:
    # `npm ci` then takes everything from whatever registry the machine uses.
    packages = read("package-lock.json")["packages"].values()
    # Who wants money for a package may be named; where it is downloaded from may not.
    named = json.dumps([{**package, "funding": None} for package in packages])
    assert "://" not in named


def test_the_extension_is_registered_under_the_name_it_is_built_with() -> None:
    [path] = mlplayground._jupyter_labextension_paths()
    package = read("package.json")
    assert path["dest"] == package["name"]
    built = (LAB / package["jupyterlab"]["outputDir"]).resolve()
    assert built == (ROOT / "mlplayground" / path["src"]).resolve()
    assert read("install.json")["packageName"] == "mlplayground"
