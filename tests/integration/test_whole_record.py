"""The record of a long random session: rebuilt identically, given whole, and forgotten."""

from __future__ import annotations

import io
import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from mlplayground.errors import NotReady
from mlplayground.journal import preferences
from mlplayground.journal.portability import export_user, forget_user
from mlplayground.journal.projection import catch_up, installed, rebuild
from mlplayground.practice import make_messy_table
from mlplayground.session import Session
from mlplayground.settings import Settings

pytestmark = pytest.mark.slow

CANARY = "canary-7f3a"


def wander(session: Session, seed: int, acts: int, folder: Path) -> None:
    """Do what a learner might do, in a random order."""
    chance = random.Random(seed)
    explorer = session.open("data_explorer")
    path = folder / f"{CANARY}.csv"
    frame = make_messy_table(n_rows=80, random_state=seed).frame
    frame.rename(columns={frame.columns[0]: CANARY}).to_csv(path, index=False)
    explorer.run("load", source=path)

    def accept() -> None:
        shown = explorer.run("quality").suggestions
        if shown:
            explorer.accept(chance.choice(shown))

    def dismiss() -> None:
        shown = explorer.run("overview").suggestions
        if shown:
            explorer.dismiss(chance.choice(shown), chance.choice([None, "not_now", "already_done"]))

    def undo() -> None:
        try:
            explorer.undo()
        except NotReady:
            explorer.run("load", source=path)

    def stumble() -> None:
        session.coach.observe(None, None, session.facts, error=KeyError(f"{CANARY}x"))

    for _ in range(acts):
        chance.choice([accept, dismiss, undo, stumble])()


def tables(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all projections."""
    catch_up(session.database, *installed())
    with session.database.read() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for projection in installed()
            for table in projection.tables
        }


@pytest.mark.parametrize("seed", [0, 1])
def test_rebuild_gives_the_identical_tables(settings: Settings, tmp_path: Path, seed: int) -> None:
    with Session(settings) as session:
        wander(session, seed, 12, tmp_path)
        before = tables(session)
        assert before["workspace_datasets"]
        rebuild(session.database)
        assert tables(session) == before


def test_export_gives_everything_and_forget_leaves_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    with Session(settings) as session:
        wander(session, 2, 6, tmp_path)
        target = io.BytesIO()
        export_user(session.database, session.stash, target)
        with zipfile.ZipFile(target) as archive:
            names = archive.namelist()
        assert any(name.endswith("data.parquet") for name in names)
        forget_user(session.database, session.stash)
    left = [path for path in Path(settings.home).rglob("*") if path.is_file()]
    assert [path for path in left if CANARY.encode() in path.read_bytes()] == []
    assert not (Path(settings.home) / "users" / "ada" / "datasets").exists()


def test_no_name_and_no_value_of_the_table_is_in_the_database(
    settings: Settings, tmp_path: Path
) -> None:
    with Session(settings) as session:
        wander(session, 3, 6, tmp_path)
        events = [json.dumps(dict(event.payload)) for event in session.journal.read(limit=10_000)]
    assert len(events) > 10
    database = Path(settings.database_url.removeprefix("sqlite:///"))
    for part in database.parent.glob(f"{database.name}*"):
        assert CANARY.encode() not in part.read_bytes()


def test_with_recording_off_work_is_kept_and_feedback_is_not(
    settings: Settings, tmp_path: Path
) -> None:
    with Session(settings) as session:
        session.record("preference_changed", {"name": "recording", "value": False})
        seen = session.journal.last_seq()
        wander(session, 4, 6, tmp_path)
        kinds = {event.kind for event in session.journal.read(after=seen)}
        assert kinds <= {"dataset_added", "project_changed", "recipe_applied"}
        assert preferences.get(session.database, "ada", "recording") is False
        assert session.dataset() is not None
