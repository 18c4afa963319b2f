"""A learner with a stash and a database of their own, for one test."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlplayground.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of the learner ada, with everything below the test's own folder."""
    database = tmp_path / "stash" / "users" / "ada" / "meta_learning" / "patterns.db"
    return Settings(user="ada", home=str(tmp_path / "stash"), database_url=f"sqlite:///{database}")
