"""Voila in the same server: its page, and the end of its kernels.

What a host has configured for Voila stays; this only fills in what was left open.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from logging import Logger
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_path
from jupyter_core.utils import ensure_async
from tornado.ioloop import PeriodicCallback
from traitlets.config import Config

_PERIOD_MS = 2_000
# Set by Voila in the environment of each kernel that it starts.
_MARK = "VOILA_REQUEST_URL"
_TEMPLATE = "mlplayground"
# The first is 4.85 MB in every page, and plotly draws without it; the second cannot load in Voila.
# Ours has nothing to show there either; the chart library is asked for by its address.
_DENYLIST = [
    "jupyterlab-plotly",
    "@jupyter-notebook/lab-extension",
    "@mlplayground/labextension",
]


def configure(config: Config) -> None:
    """Fill in Voila's configuration, before Voila reads it."""
    voila = config.VoilaConfiguration
    voila.prelaunch_hook = _with_cookie(_callable(voila, "prelaunch_hook"))
    voila.page_config_hook = _with_own_mathjax(_callable(voila, "page_config_hook"))
    voila.setdefault("extension_denylist", list(_DENYLIST))
    if any(Path(folder, _TEMPLATE).is_dir() for folder in jupyter_path("voila", "templates")):
        voila.setdefault("template", _TEMPLATE)


def _with_cookie(hook: Any) -> Any:
    def prelaunch(handler: Any, notebook: Any, cwd: str) -> Any:
        # Making the token sets the `_xsrf` cookie. A page that was opened with a token in its
        # address has none otherwise: its uploads are refused, and so is the request by which it
        # ends its kernel when it is closed.
        _ = handler.xsrf_token
        return hook(handler, notebook=notebook, cwd=cwd) if hook else None

    return prelaunch


def _with_own_mathjax(hook: Any) -> Any:
    def page_config(config: dict[str, Any], **details: Any) -> dict[str, Any]:
        # Without an address Voila takes the MathJax that it brings, and asks no third party.
        config["fullMathjaxUrl"] = config["mathjaxConfig"] = None
        return hook(config, **details) if hook else config

    return page_config


def _callable(config: Any, name: str) -> Any:
    given = config.get(name)
    return given if callable(given) else None


@dataclass(slots=True)
class _Seen:
    connected: bool = False
    alone_since: float | None = None


class VoilaKernels:
    """Ends the kernels of Voila pages that went away without saying so.

    A page that is closed ends its kernel itself; one whose browser was killed cannot. Each page
    has a kernel of its own, and a reload starts another, so a kernel whose last connection is
    gone for the grace period has nobody left. A page that is still being rendered has no
    connection yet: its kernel is left alone while it is busy.

    Parameters
    ----------
    kernels : MappingKernelManager
        The server's; its ``start_kernel`` is watched for kernels that Voila starts.
    grace : float
        Seconds that a kernel may be alone.
    """

    def __init__(self, kernels: Any, grace: float, log: Logger) -> None:
        self._kernels, self._grace, self._log = kernels, grace, log
        self._seen: dict[str, _Seen] = {}
        self._timer = PeriodicCallback(self.cull, _PERIOD_MS)
        self._start_kernel = kernels.start_kernel
        kernels.start_kernel = self._start

    @property
    def ids(self) -> set[str]:
        """The kernels that Voila started and that still run."""
        return set(self._seen)

    def start(self) -> None:
        """Begin to look."""
        self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    async def _start(self, *args: Any, **kwargs: Any) -> str:
        kernel: str = await ensure_async(self._start_kernel(*args, **kwargs))
        if _is_voila(kwargs.get("env")):
            self._seen[kernel] = _Seen()
        return kernel

    async def cull(self) -> None:
        """Look once."""
        for kernel in list(self._seen):
            if kernel not in self._kernels:
                del self._seen[kernel]
            elif self._is_abandoned(kernel):
                del self._seen[kernel]
                self._log.info("No page is left on Voila's kernel %s; it is shut down.", kernel)
                await ensure_async(self._kernels.shutdown_kernel(kernel, now=True))

    def _is_abandoned(self, kernel: str) -> bool:
        seen, model = self._seen[kernel], self._kernels.kernel_model(kernel)
        if model["connections"] > 0:
            seen.connected, seen.alone_since = True, None
            return False
        if not seen.connected and model["execution_state"] != "idle":
            seen.alone_since = None
            return False
        if seen.alone_since is None:
            seen.alone_since = time.monotonic()
        return time.monotonic() - seen.alone_since >= self._grace


def _is_voila(env: Mapping[str, str] | None) -> bool:
    return bool(env) and env.get(_MARK) not in (None, os.environ.get(_MARK))  # type: ignore[union-attr]
