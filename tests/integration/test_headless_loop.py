"""The whole path as a script of ten lines: file, profile, repair, journal, restart."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mlplayground.errors import NotReady
from mlplayground.practice import make_messy_table
from mlplayground.session import Session
from mlplayground.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "messy.csv"
    make_messy_table(n_rows=300, random_state=3).frame.to_csv(path, index=False)
    return path


def test_from_a_file_to_a_repaired_table_that_outlives_the_process(
    settings: Settings, csv: Path
) -> None:
    with Session(settings) as session:
        explorer = session.open("data_explorer")
        explorer.run("load", source=csv)
        explorer.run("overview")
        before = explorer.run("quality")
        outcome = explorer.accept(before.suggestions[0])
        after = explorer.run("quality")
        repaired = explorer.frame
        code = explorer.show_code()
    assert outcome["after"] > outcome["before"]
    assert after.value.score == outcome["after"]

    with Session(settings) as session:  # another process would see just this
        explorer = session.open("data_explorer")
        pd.testing.assert_frame_equal(explorer.frame, repaired)
        assert explorer.show_code().startswith(code.splitlines()[0])
        explorer.undo()
        assert session.dataset().parent is None


def test_show_code_makes_the_same_table_without_mlplayground(settings: Settings, csv: Path) -> None:
    with Session(settings) as session:
        explorer = session.open("data_explorer")
        explorer.run("load", source=csv)
        for _ in range(3):
            explorer.accept(explorer.run("quality").suggestions[0])
        namespace: dict[str, object] = {}
        code = explorer.show_code()
        assert "mlplayground" not in code
        exec(code, namespace)
        pd.testing.assert_frame_equal(namespace["df"], explorer.frame)


def test_a_step_that_comes_too_early_says_what_is_missing(settings: Settings) -> None:
    with Session(settings) as session:
        explorer = session.open("data_explorer")
        with pytest.raises(NotReady, match="Choose a dataset first"):
            explorer.run("quality")


def test_the_path_works_with_a_remote_stash(settings: Settings, csv: Path) -> None:
    from dataclasses import replace

    remote = replace(settings, home="memory://bucket/mlplayground")
    with Session(remote) as session:
        explorer = session.open("data_explorer")
        explorer.run("load", source=csv)
        explorer.accept(explorer.run("quality").suggestions[0])
        assert session.dataset().recipe is not None
        assert any(path.endswith("data.parquet") for path in session.stash.list("datasets"))
    with Session(remote) as session:
        assert len(session.open("data_explorer").frame) > 0
