"""The Jupyter server extension of mlplayground: recorder, routes for the sidebar, push, Voila.

Importing this package is cheap; what it is made of is imported when Jupyter asks for it.
"""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from mlplayground_server.extension import MLPlaygroundServer

    return [{"module": "mlplayground_server", "app": MLPlaygroundServer}]
