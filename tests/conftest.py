"""What all tests share."""

from __future__ import annotations

pytest_plugins = ("plugins.postgres", "plugins.rules")
