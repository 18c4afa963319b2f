"""Datasets, versions and the project: kept once, found again, honest when files are gone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from mlplayground.database import Database
from mlplayground.errors import InputError, StashError, StashPathError, TableError
from mlplayground.journal import Journal
from mlplayground.journal.projection import rebuild
from mlplayground.modeling import Case
from mlplayground.recipes import DropDuplicateRows, FillMissing, Recipe
from mlplayground.stash import Stash
from mlplayground.workspace import Dataset, Workspace
from mlplayground.workspace.projections import WorkspaceProjection

Open = Callable[[], Workspace]
FILL = Recipe((FillMissing("age", "median"),))


@pytest.fixture
def people() -> pd.DataFrame:
    return pd.DataFrame({"age": [20.0, None, 40.0, 40.0], "city": ["Bern", "Genf", None, None]})


def add(workspace: Workspace, frame: pd.DataFrame, **more: Any) -> Dataset:
    return workspace.add_dataset(frame, **{"name": "people.csv", "origin": "frame", **more})


def test_a_table_outlives_the_process(
    open_workspace: Open, stash: Stash, people: pd.DataFrame, tmp_path: Path
) -> None:
    source = tmp_path / "People.CSV"
    source.write_bytes(b"age,city\n")
    added = add(open_workspace(), people, origin="path", source=source, code="df = 1")
    again = open_workspace()
    assert again.datasets() == [added]
    assert (added.name, added.rows, added.columns, added.parent) == ("people.csv", 4, 2, None)
    assert_frame_equal(again.frame(added.id), people, check_exact=True)
    assert again.column_names(added.id) == ["age", "city"]
    assert again.reading_code(added.id) == "df = 1"
    assert stash.read(f"datasets/{added.id}/source.csv") == b"age,city\n"


def test_the_same_table_twice_is_one_dataset(
    open_workspace: Open, journal: Journal, people: pd.DataFrame
) -> None:
    first = add(open_workspace(), people)
    second = add(open_workspace(), people.copy(), name="copy of people.csv")
    assert second == first
    assert len(journal.read(kinds=["dataset_added"])) == 1


def test_many_threads_adding_the_same_table_do_no_harm(
    workspace: Workspace, people: pd.DataFrame
) -> None:
    with ThreadPoolExecutor(4) as pool:
        added = list(pool.map(lambda _: add(workspace, people), range(8)))
    assert len(set(added)) == 1
    assert len(workspace.datasets()) == 1


def test_names_and_values_stay_out_of_the_journal(
    workspace: Workspace, journal: Journal, people: pd.DataFrame
) -> None:
    base = add(workspace, people, name="secret-name.csv")
    workspace.set_project(dataset=base.id, target=1)
    workspace.apply_recipe(base.id, FILL)
    written = json.dumps([dict(event.payload) for event in journal.read()])
    assert not any(word in written for word in ("secret", "age", "city", "Bern", "40"))


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b\\c\x00", "<img src=x>", "", "x" * 5000])
def test_a_hostile_name_is_only_a_name(
    workspace: Workspace, stash: Stash, people: pd.DataFrame, name: str
) -> None:
    added = add(workspace, people.rename(columns={"age": name}), name=name)
    assert workspace.dataset(added.id).name == name
    assert workspace.column_names(added.id)[0] == name
    assert all(path.startswith(f"datasets/{added.id}/") for path in stash.list())


def test_a_recipe_makes_a_version_that_knows_where_it_comes_from(
    open_workspace: Open, people: pd.DataFrame
) -> None:
    workspace = open_workspace()
    base = add(workspace, people)
    filled = workspace.apply_recipe(base.id, FILL)
    clean = workspace.apply_recipe(filled.id, Recipe((DropDuplicateRows(),)))
    assert (filled.parent, clean.parent, clean.origin) == (base.id, filled.id, "recipe")
    assert clean.name == "people.csv"
    again = open_workspace()
    lineage = again.lineage()
    assert [node.id for node in lineage.nodes] == [base.id, filled.id, clean.id]
    assert [(edge.input, edge.output) for edge in lineage.edges] == [
        (base.id, filled.id),
        (filled.id, clean.id),
    ]
    replayed = again.recipe(filled.recipe or "").apply(again.frame(base.id))
    assert_frame_equal(replayed, again.frame(filled.id), check_exact=True)


def test_a_recipe_that_changes_nothing_makes_no_version(
    workspace: Workspace, journal: Journal, people: pd.DataFrame
) -> None:
    base = add(workspace, people.dropna())
    last = journal.last_seq()
    assert workspace.apply_recipe(base.id, FILL) == base
    assert journal.last_seq() == last


def test_doing_a_repair_again_after_undo_finds_the_same_version(
    workspace: Workspace, people: pd.DataFrame
) -> None:
    base = add(workspace, people)
    first = workspace.apply_recipe(base.id, FILL)
    assert workspace.apply_recipe(base.id, FILL) == first
    assert len(workspace.lineage().edges) == 1


def test_a_learned_recipe_is_replayed_with_what_it_learned(
    workspace: Workspace, people: pd.DataFrame
) -> None:
    learned = FILL.learn(people)
    other = add(workspace, people.assign(age=[None, 1.0, 2.0, 3.0]))
    result = workspace.apply_recipe(other.id, learned)
    assert workspace.frame(result.id)["age"].tolist() == [40.0, 1.0, 2.0, 3.0]


def test_the_project_is_remembered(open_workspace: Open, people: pd.DataFrame) -> None:
    workspace = open_workspace()
    assert workspace.project().dataset is None
    base, other = add(workspace, people), add(workspace, people.head(2))
    workspace.set_project(dataset=base.id, target=1)
    assert open_workspace().project().target == 1
    workspace.set_project(target=0)
    assert (workspace.project().dataset, workspace.project().target) == (base.id, 0)
    workspace.set_project(dataset=other.id)
    assert open_workspace().project().target is None


def test_choosing_what_is_chosen_already_records_nothing(
    workspace: Workspace, journal: Journal, people: pd.DataFrame
) -> None:
    base = add(workspace, people)
    for _ in range(3):
        workspace.set_project(dataset=base.id, target=1)
    assert len(journal.read(kinds=["project_changed"])) == 1


def test_what_is_not_there_is_refused(workspace: Workspace, people: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="Choose a dataset"):
        workspace.set_project(target=0)
    base = add(workspace, people)
    with pytest.raises(InputError, match="below 2, not 2"):
        workspace.set_project(dataset=base.id, target=2)
    for act in (
        workspace.frame,
        workspace.column_names,
        workspace.dataset,
        workspace.data_path,
        workspace.recipe,
        workspace.case,
        lambda name: workspace.set_project(dataset=name),
        lambda name: workspace.apply_recipe(name, FILL),
    ):
        with pytest.raises(InputError, match="There is no"):
            act("../../etc/passwd")
    with pytest.raises(TableError, match="cannot be kept"):
        add(workspace, pd.DataFrame({"odd": [object()]}))
    assert workspace.datasets() == [base]


def test_a_dataset_whose_files_are_gone_says_so_and_can_be_brought_back(
    open_workspace: Open, stash: Stash, people: pd.DataFrame
) -> None:
    added = add(open_workspace(), people)
    stash.delete(f"datasets/{added.id}")
    workspace = open_workspace()
    assert "files are gone" in workspace.datasets()[0].name
    for act in (workspace.frame, workspace.column_names, workspace.reading_code):
        with pytest.raises(StashError, match=r"gone from the stash .* Add the table again"):
            act(added.id)
    assert add(workspace, people) == added
    assert_frame_equal(workspace.frame(added.id), people)


def test_a_damaged_file_says_so(open_workspace: Open, stash: Stash, people: pd.DataFrame) -> None:
    added = add(open_workspace(), pd.concat([people] * 100, ignore_index=True))
    path = f"datasets/{added.id}/data.parquet"
    data = bytearray(stash.read(path))
    data[100] ^= 0xFF
    stash.write(path, bytes(data))
    with pytest.raises(StashError, match=r"data\.parquet in the stash .* is damaged"):
        open_workspace().frame(added.id)
    stash.write(f"datasets/{added.id}/metadata.json", b"{")
    with pytest.raises(StashError, match=r"metadata\.json in the stash .* is damaged"):
        open_workspace().column_names(added.id)


def test_a_crash_between_file_and_event_leaves_nothing_half_known(
    open_workspace: Open, people: pd.DataFrame, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = open_workspace()
    with monkeypatch.context() as crash:
        crash.setattr(journal, "append", lambda *events: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            add(workspace, people)
    assert open_workspace().datasets() == []
    assert add(open_workspace(), people).rows == 4


def test_an_upload_is_taken_and_dropped(open_workspace: Open, stash: Stash) -> None:
    stash.write("uploads/0a1b/Übung 1.csv", b"a,b\n1,2\n")
    workspace = open_workspace()
    path, name = workspace.take_upload("0a1b")
    assert (path.read_bytes(), name) == (b"a,b\n1,2\n", "Übung 1.csv")
    workspace.drop_upload("0a1b")
    with pytest.raises(InputError, match="no uploaded file"):
        workspace.take_upload("0a1b")
    for hostile in ("../datasets", "", "0a/1b", "*"):
        with pytest.raises((InputError, StashPathError)):
            workspace.drop_upload(hostile)


def test_an_upload_that_is_a_link_out_of_the_stash_is_refused(
    workspace: Workspace, stash: Stash, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("secret")
    assert stash.root is not None
    (stash.root / "uploads" / "0a").mkdir(parents=True)
    (stash.root / "uploads" / "0a" / "a.csv").symlink_to(tmp_path / "secret")
    with pytest.raises(StashPathError, match="leads out of the stash"):
        workspace.take_upload("0a")


def test_a_remote_stash_serves_local_copies(
    database: Database, journal: Journal, people: pd.DataFrame
) -> None:
    stash = Stash("memory://workspace-test", "ada")
    stash.write("uploads/0a/a.csv", b"a\n1\n")
    workspace = Workspace(database, stash, journal, user="ada", session="s")
    assert workspace.take_upload("0a")[0].read_bytes() == b"a\n1\n"
    added = add(workspace, people)
    assert_frame_equal(workspace.frame(added.id), people)
    assert pd.read_parquet(workspace.data_path(added.id))["age"].tolist()[0] == 20.0


def test_a_table_without_code_of_its_own_is_read_from_its_file(
    workspace: Workspace, people: pd.DataFrame
) -> None:
    added = add(workspace, people.set_axis(["a", "a"], axis=1).set_index(pd.Index(list("wxyz"))))
    made: dict[str, Any] = {}
    exec(workspace.reading_code(added.id), made)
    assert list(made["df"].columns) == ["a", "a"]
    assert made["df"].shape == (4, 2)


def test_the_profile_is_computed_once_and_kept(
    open_workspace: Open, stash: Stash, people: pd.DataFrame
) -> None:
    added = add(open_workspace(), people)
    first = open_workspace().profile(added.id)
    assert first["rows"] == 4
    stash.write(f"datasets/{added.id}/profile.json", b'{"rows": 5}')
    assert open_workspace().profile(added.id) == {"rows": 5}


def test_runs_are_kept_with_their_case(open_workspace: Open, people: pd.DataFrame) -> None:
    added = add(open_workspace(), people)
    case = Case(
        fingerprint={"log_rows": 1.5},
        configuration={"model": "tree", "depth": 3},
        metric="accuracy",
        score=0.8,
        dummy_score=0.5,
        seconds=0.1,
        dataset=added.id,
    )
    run = open_workspace().add_run(case)
    assert open_workspace().add_run(case) == run
    assert open_workspace().runs() == [run]
    assert open_workspace().case(run.id) == case
    with pytest.raises(InputError, match="no dataset"):
        open_workspace().add_run(Case({}, {}, "accuracy", 1.0, 0.5, 0.1, dataset="other"))


def test_one_learner_does_not_see_the_other(
    workspace: Workspace, database: Database, journal: Journal, tmp_path: Path, people: pd.DataFrame
) -> None:
    added = add(workspace, people)
    other = Workspace(
        database, Stash(str(tmp_path / "home"), "bob"), journal, user="bob", session="s"
    )
    assert other.datasets() == []
    with pytest.raises(InputError):
        other.frame(added.id)


def test_replaying_the_journal_gives_the_identical_workspace(
    workspace: Workspace, database: Database, people: pd.DataFrame
) -> None:
    base = add(workspace, people)
    workspace.set_project(dataset=base.id, target=1)
    filled = workspace.apply_recipe(base.id, FILL)
    workspace.set_project(dataset=filled.id, target=0)
    before = (workspace.lineage(), workspace.project(), workspace.runs())
    rebuild(database, [WorkspaceProjection()])
    assert (workspace.lineage(), workspace.project(), workspace.runs()) == before


def test_reading_along_needs_no_pandas() -> None:
    code = (
        "import mlplayground.workspace.reads, mlplayground.workspace.projections, sys\n"
        "print(sorted({'pandas', 'numpy', 'pyarrow'} & sys.modules.keys()))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
