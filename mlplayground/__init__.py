"""mlplayground: learn machine learning by doing real work on your own data."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlplayground.session import App, Session, home, open_app, start

__version__ = "0.1.0"
__all__ = ["App", "Session", "__version__", "home", "open_app", "start"]


def __getattr__(name: str) -> Any:
    # Lazy, so that `import mlplayground` stays under 100 ms.
    if name in __all__:
        return getattr(import_module("mlplayground.session"), name)
    raise AttributeError(f"module 'mlplayground' has no attribute {name!r}")


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "@mlplayground/labextension"}]
