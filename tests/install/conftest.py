"""One copy of the repository, whose JavaScript is built once, for all tests of this folder."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from installing import Environment, copy_repository, programs_without_node


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return programs_without_node(tmp_path_factory.mktemp("system") / "bin")


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_repository(tmp_path_factory.mktemp("clone"))


@pytest.fixture(scope="session")
def new_environment(
    tmp_path_factory: pytest.TempPathFactory, programs: Path
) -> Callable[[str], Environment]:
    def make(name: str) -> Environment:
        folder = tmp_path_factory.mktemp(name)
        return Environment(folder / "venv", programs, folder / "home")

    return make


@pytest.fixture(scope="session")
def binder(clone: Path, new_environment: Callable[[str], Environment]) -> Environment:
    """The environment that Binder's own steps leave."""
    environment = new_environment("binder").create()
    environment.run("bash", "binder/postBuild", cwd=clone)
    return environment


@pytest.fixture(scope="session")
def wheel(clone: Path, binder: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that is built from the sdist that is built from the clone."""
    folder = tmp_path_factory.mktemp("dist")
    binder.run(uv(), "build", "--out-dir", str(folder), str(clone), cwd=clone)
    assert list(folder.glob("mlplayground-*.tar.gz"))
    (built,) = folder.glob("mlplayground-*.whl")
    return built


@pytest.fixture(scope="session")
def installed(
    wheel: Path, clone: Path, new_environment: Callable[[str], Environment]
) -> Environment:
    """A learner's environment: the wheel and what it needs, and no more."""
    environment = new_environment("installed").create()
    python = str(environment.folder / "bin" / "python")
    constraints = str(clone / "constraints.txt")
    environment.run(
        uv(), "pip", "install", "--python", python, "-c", constraints, str(wheel), cwd=wheel.parent
    )
    return environment


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if os.access(beside, os.X_OK) else shutil.which("uv")
    assert found, "uv is missing here; scripts/install puts it into the environment"
    return found
