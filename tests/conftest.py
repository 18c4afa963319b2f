"""What all tests share."""

from __future__ import annotations

pytest_plugins = ("plugins.learner", "plugins.postgres", "plugins.rules")
