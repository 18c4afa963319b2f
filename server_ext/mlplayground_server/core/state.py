"""Everything that the sidebar shows, from the readers of the layers below."""

from __future__ import annotations

from typing import Any

from mlplayground_server.core.services import Services


def assemble(services: Services) -> dict[str, Any]:
    """The state as ``openapi.yaml`` describes it."""
    raise NotImplementedError
