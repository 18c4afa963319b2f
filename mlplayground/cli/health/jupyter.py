"""Whether Jupyter finds the two extensions, and they are of one version with the package."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from importlib.metadata import version as distribution_version
from typing import Any

from mlplayground import __version__
from mlplayground.cli.health.finding import Finding
from mlplayground.settings import Settings

LAB_EXTENSION = "@mlplayground/labextension"
SERVER_EXTENSION = "mlplayground_server"
_REINSTALL = (
    "Install it again: pip install --force-reinstall --no-deps mlplayground; in a clone, "
    "delete .venv and run make lab."
)


def check_package(settings: Settings) -> Iterator[Finding]:
    """The package itself: what is imported is what is installed."""
    installed = distribution_version("mlplayground")
    if installed == __version__:
        yield Finding("ok", "mlplayground", f"version {__version__}")
    else:
        text = f"pip has version {installed} on its list, but {__version__} is what is imported."
        yield Finding("broken", "mlplayground", text, _REINSTALL)


def check_lab_extension(settings: Settings) -> Iterator[Finding]:
    """The JupyterLab extension: there, not disabled, of the package's version."""
    from jupyter_core.paths import jupyter_path
    from jupyterlab_server.config import get_federated_extensions, get_static_page_config

    subject = "JupyterLab extension"
    found = get_federated_extensions(jupyter_path("labextensions")).get(LAB_EXTENSION)
    switched = get_static_page_config(level="all").get("disabledExtensions", {})
    off = [name for name, is_off in switched.items() if is_off and name.startswith(LAB_EXTENSION)]
    if found is None:
        yield Finding("broken", subject, "JupyterLab does not find it.", _REINSTALL)
    elif found["version"] != __version__:
        text = f"It has version {found['version']}, the package {__version__}."
        yield Finding("broken", subject, text, _REINSTALL)
    elif off:
        remedy = f"Switch it on with: jupyter labextension enable {off[0]}"
        yield Finding("broken", subject, f"{off[0]} is switched off.", remedy)
    else:
        yield Finding("ok", subject, f"enabled, version {found['version']}")


def check_server_extension(settings: Settings) -> Iterator[Finding]:
    """The server extension: enabled in Jupyter's configuration, and it can be loaded."""
    from jupyter_core.paths import jupyter_config_path
    from jupyter_server.extension.config import ExtensionConfigManager

    subject = "Jupyter server extension"
    manager: Any = ExtensionConfigManager(read_config_path=jupyter_config_path())
    enabled = manager.get_jpserver_extensions().get(SERVER_EXTENSION)
    if enabled is None:
        yield Finding("broken", subject, "Jupyter does not find it.", _REINSTALL)
    elif not enabled:
        remedy = f"Switch it on with: jupyter server extension enable {SERVER_EXTENSION}"
        yield Finding("broken", subject, "It is switched off.", remedy)
    else:
        yield _loaded(subject)


def check_kernel(settings: Settings) -> Iterator[Finding]:
    """A Python kernel for the notebooks."""
    from jupyter_client.kernelspec import KernelSpecManager

    if "python3" in KernelSpecManager().find_kernel_specs():
        yield Finding("ok", "Python kernel", "found")
    else:
        remedy = "Install it with: python -m ipykernel install --sys-prefix"
        yield Finding("broken", "Python kernel", "The kernel 'python3' is not found.", remedy)


def _loaded(subject: str) -> Finding:
    try:
        points = importlib.import_module(SERVER_EXTENSION)._jupyter_server_extension_points()
        version = points[0]["app"].version
    except ImportError as error:
        return Finding("broken", subject, f"It cannot be loaded: {error}.", _REINSTALL)
    if version != __version__:
        text = f"It has version {version}, the package {__version__}."
        return Finding("broken", subject, text, _REINSTALL)
    return Finding("ok", subject, f"enabled, version {version}")
