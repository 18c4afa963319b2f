"""From a clone to a running Jupyter, in fresh environments, with no Node.js on the machine."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from installing import Environment, get, get_json, server_arguments

pytestmark = [pytest.mark.install, pytest.mark.timeout(900)]

SERVER_CONFIGURATION = "etc/jupyter/jupyter_server_config.d/mlplayground_server.json"
VOILA_TEMPLATE = "share/jupyter/voila/templates/mlplayground/index.html.j2"


def test_binders_steps_give_a_server_with_both_extensions(
    binder: Environment, clone: Path, port: int
) -> None:
    command = ["bash", "binder/start", "jupyter", "lab", *server_arguments(port)]
    with binder.serving(*command, cwd=clone, port=port) as address:
        state = get_json(address, "/mlplayground/api/state")
        page = get(address, "/lab/tree/curriculum/home.ipynb")

    assert [app["id"] for app in state["apps"]] == ["data_explorer"]  # type: ignore[attr-defined]
    assert '"@mlplayground/labextension"' in page
    assert not (clone / "labextension" / "node_modules").exists()


def test_the_core_brings_no_graphics_card_libraries(binder: Environment, clone: Path) -> None:
    names = binder.run("python", "-m", "pip", "list", "--format=freeze", cwd=clone).lower()

    assert not [name for name in ("nvidia", "cuda", "triton", "torch") if name in names]
    assert "jupyterlab==" in names


def test_the_wheel_holds_the_notebooks_and_the_built_extension_once(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert "mlplayground/curriculum/home.ipynb" in names
    assert [name for name in names if name.endswith(SERVER_CONFIGURATION)]
    assert [name for name in names if name.endswith(VOILA_TEMPLATE)]
    entries = [name for name in names if "/static/remoteEntry." in name and name.endswith(".js")]
    assert len(entries) == 1
    assert "/share/jupyter/labextensions/@mlplayground/labextension/" in entries[0]
    assert not [name for name in names if "node_modules" in name or name.startswith("tests/")]


def test_jupyter_lists_both_extensions_and_the_doctor_agrees(
    installed: Environment, tmp_path: Path
) -> None:
    lab = installed.run("jupyter", "labextension", "list", cwd=tmp_path)
    server = installed.run("jupyter", "server", "extension", "list", cwd=tmp_path)
    doctor = installed.run("mlplayground", "doctor", cwd=tmp_path)

    assert "@mlplayground/labextension" in lab
    assert "mlplayground_server" in server
    assert "Everything that is needed works." in doctor
    assert "missing  extra postgres" in doctor


def test_without_developers_libraries_every_command_runs_and_the_import_is_light(
    installed: Environment, tmp_path: Path
) -> None:
    heavy = {"numpy", "pandas", "sklearn", "IPython", "sqlalchemy"}
    code = f"import sys, mlplayground; print({heavy} & set(sys.modules) or 'light')"

    assert installed.run("python", "-c", code, cwd=tmp_path).strip() == "light"
    installed.run("mlplayground", "rebuild", cwd=tmp_path)
    installed.run("mlplayground", "compact", cwd=tmp_path)
    installed.run("mlplayground", "export", "mine.zip", cwd=tmp_path)
    installed.run("mlplayground", "forget", cwd=tmp_path, status=2)
    assert zipfile.is_zipfile(tmp_path / "mine.zip")


def test_mlplayground_lab_opens_the_notebooks_in_an_empty_folder(
    installed: Environment, tmp_path: Path, port: int
) -> None:
    command = ["mlplayground", "lab", *server_arguments(port)]
    with installed.serving(*command, cwd=tmp_path, port=port) as address:
        get(address, "/lab/tree/curriculum/home.ipynb")
        notebook = get_json(address, "/api/contents/curriculum/home.ipynb")
        state = get_json(address, "/mlplayground/api/state")

    assert notebook["type"] == "notebook"
    assert notebook["writable"] is True
    assert state["version"]


def test_make_lab_goes_from_a_clone_to_the_open_home_page(
    clone: Path, new_environment: Callable[[str], Environment], port: int
) -> None:
    environment = new_environment("lab")
    venv = f"VENV={environment.folder}"
    command = ["make", "lab", venv, f"LAB_ARGS={' '.join(server_arguments(port))}"]
    environment.run("make", f"{environment.folder}/.installed-core", venv, cwd=clone)

    with environment.serving(*command, cwd=clone, port=port) as address:
        page = get(address, "/lab/tree/curriculum/home.ipynb")

    assert '"@mlplayground/labextension"' in page
    again = ["make", "--question", f"{environment.folder}/.installed-core", venv]
    assert subprocess.run(again, cwd=clone, env=environment.environ).returncode == 0
