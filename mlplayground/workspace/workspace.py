"""The learner's work: what they have, what it came from, and where its files are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection

from mlplayground.database import Database
from mlplayground.errors import InputError, StashError
from mlplayground.journal import Journal, new_event
from mlplayground.journal.projection import catch_up
from mlplayground.stash import Stash
from mlplayground.workspace import reads
from mlplayground.workspace.files import DatasetFiles, Scratch, Uploads
from mlplayground.workspace.projections import WorkspaceProjection
from mlplayground.workspace.records import PROJECT, Dataset, Lineage, Project, Run

if TYPE_CHECKING:
    import pandas as pd

    from mlplayground.modeling import Case
    from mlplayground.recipes import LearnedRecipe, Recipe

_T = TypeVar("_T")
_UNCHANGED: Any = object()


class Workspace:
    """Datasets, recipes, runs and the project of one learner.

    Files are written first, then the events that tell of them, in one transaction: what a
    crash leaves behind is a file that nobody knows. Threads and processes may work at once.

    Parameters
    ----------
    database, stash, journal
        Where things are kept.
    user, session : str
        In whose name events are appended.

    Raises
    ------
    StashError, DatabaseError
        By every method, where files or tables cannot be read or written.
    """

    def __init__(
        self, database: Database, stash: Stash, journal: Journal, *, user: str, session: str
    ) -> None:
        self._database = database
        self._stash = stash
        self._journal = journal
        self._user = user
        self._session = session
        self._files = DatasetFiles(stash)
        self._scratch = Scratch(stash)
        self._uploads = Uploads(stash, self._scratch)

    # Datasets ------------------------------------------------------------------------

    def add_dataset(
        self,
        frame: pd.DataFrame,
        *,
        name: str,
        origin: str,
        source: Path | bytes | None = None,
        code: str = "",
        parent: str | None = None,
        recipe: str | None = None,
    ) -> Dataset:
        """Keep a table. The same table added again is the dataset that there is already.

        Parameters
        ----------
        frame : DataFrame
            Kept exactly: any names, cells of mixed types, row labels.
        name : str
            What the learner calls it.
        origin : {"upload", "path", "sample", "frame", "recipe"}
        source : Path or bytes, optional
            The file as it came, kept beside the table.
        code : str
            Plain Python that makes `frame` under the name ``df``, for Show code.
        parent, recipe : str, optional
            Ids of the dataset it was made from and of the recipe that made it.

        Raises
        ------
        TableError
            If a cell, a type or the labels cannot be kept; the message names them.
        """
        dataset_id, size = self._write(frame, name, source, code)
        if self._read(lambda c: reads.dataset(c, self._user, dataset_id)) is None:
            payload = _dataset_payload(dataset_id, frame, size, origin, parent, recipe)
            self._append("dataset_added", payload)
        return self.dataset(dataset_id)

    def datasets(self) -> list[Dataset]:
        """All datasets, oldest first, those whose files are gone among them."""
        return [self._named(found) for found in self._read(self._by_user(reads.datasets))]

    def dataset(self, dataset_id: str) -> Dataset:
        """One dataset; raises ``InputError`` where there is none of that id."""
        found = self._read(lambda c: reads.dataset(c, self._user, dataset_id))
        if found is None:
            raise InputError(f"There is no dataset {dataset_id[:80]!r} in this workspace.")
        return self._named(found)

    def frame(self, dataset_id: str) -> pd.DataFrame:
        """Read a table; each call gives a frame of its own.

        Raises
        ------
        InputError
            If there is no such dataset.
        StashError
            If its files are gone or damaged.
        """
        return self._files.frame(self.dataset(dataset_id).id)

    def column_names(self, dataset_id: str) -> list[Hashable]:
        """The columns' names as they stand in the frame: text mostly, and perhaps doubled."""
        from mlplayground.workspace.table import labels_of

        return labels_of(self._files.metadata(self.dataset(dataset_id).id)["layout"])

    def reading_code(self, dataset_id: str) -> str:
        """Plain Python that makes the table under the name ``df``."""
        metadata = self._files.metadata(self.dataset(dataset_id).id)
        return str(metadata["code"]) or self._parquet_code(dataset_id)

    def data_path(self, dataset_id: str) -> Path:
        """A local path of the table's Parquet file; not to be written."""
        return self._scratch.local(self._files.data_path(self.dataset(dataset_id).id))

    def profile(self, dataset_id: str) -> Mapping[str, Any]:
        """The table at a glance (``modeling.Profile.to_dict``), computed once and kept."""
        known = self._files.read_json(self.dataset(dataset_id).id, "profile.json")
        if known is None:
            from mlplayground.modeling import profile

            known = profile(self.frame(dataset_id)).to_dict()
            self._files.write_json(dataset_id, "profile.json", known)
        return known

    def take_upload(self, upload_id: str) -> tuple[Path, str]:
        """A local path of an uploaded file, and its name.

        Raises
        ------
        InputError
            If there is no such upload.
        """
        return self._uploads.take(upload_id)

    def drop_upload(self, upload_id: str) -> None:
        """Delete an uploaded file, once it is added or not wanted."""
        self._uploads.drop(upload_id)

    # Project and lineage -------------------------------------------------------------

    def project(self) -> Project:
        """What the learner works on."""
        return self._read(self._by_user(reads.project))

    def set_project(
        self, *, dataset: str | None = None, target: int | None = _UNCHANGED
    ) -> Project:
        """Choose the dataset, the column to predict, or both.

        A dataset that is chosen without a target has none.

        Parameters
        ----------
        dataset : str, optional
            The one that is chosen already by default.
        target : int or None, optional
            Position of a column.

        Raises
        ------
        InputError
            If there is no such dataset or column.
        """
        current = self.project()
        chosen = dataset if dataset is not None else current.dataset
        if chosen is None:
            raise InputError("Choose a dataset before its target column.")
        if target is _UNCHANGED:
            target = current.target if chosen == current.dataset else None
        width = self.dataset(chosen).columns
        if target is not None and not 0 <= target < width:
            raise InputError(f"The target must be a column's position below {width}, not {target}.")
        if (chosen, target) != (current.dataset, current.target):
            payload = {"project": PROJECT, "dataset": chosen, "target": target}
            self._append("project_changed", payload)
        return Project(PROJECT, chosen, target)

    def apply_recipe(self, dataset_id: str, recipe: Recipe | LearnedRecipe) -> Dataset:
        """Apply a recipe and keep the result as a dataset of its own.

        A recipe that is not learned yet learns on this table. Where it changes nothing,
        the dataset itself comes back and nothing is recorded.

        Raises
        ------
        ColumnError
            If the recipe does not fit the table.
        """
        from mlplayground.recipes import Recipe

        before = self.dataset(dataset_id)
        frame = self.frame(dataset_id)
        learned = recipe.learn(frame) if isinstance(recipe, Recipe) else recipe
        changed = learned.apply(frame)
        result, size = self._write(changed, before.name, None, "")
        if result == dataset_id:
            return before
        self._stash.write(_recipe_path(learned.id), _json(learned.to_dict()))
        self._append_recipe(learned, before, result, size, changed)
        return self.dataset(result)

    def recipe(self, recipe_id: str) -> LearnedRecipe:
        """A recipe that was applied, with what it learned.

        Raises
        ------
        InputError
            If none of that id was applied here, or its file is not a recipe.
        """
        from mlplayground.recipes import LearnedRecipe

        known = self._read(self._by_user(reads.applied_recipes))
        if all(each.recipe != recipe_id for each in known):
            raise InputError(f"There is no recipe {recipe_id[:80]!r} in this workspace.")
        return LearnedRecipe.from_dict(json.loads(self._stash.read(_recipe_path(recipe_id))))

    def lineage(self) -> Lineage:
        """Which dataset came from which, by what."""
        edges = tuple(self._read(self._by_user(reads.applied_recipes)))
        return Lineage(tuple(self.datasets()), edges)

    # Runs ----------------------------------------------------------------------------

    def add_run(self, case: Case) -> Run:
        """Keep a finished run; the same case added again is the run that there is already.

        Raises
        ------
        InputError
            If the case's dataset is not in this workspace.
        """
        self.dataset(case.dataset)
        facts = case.to_dict()
        configuration = _digest(facts["configuration"])
        kept = {name: facts[name] for name in ("dataset", "configuration", "metric")}
        self._stash.write(f"experiments/{case.id}/run_config.json", _json(kept))
        self._stash.write(f"experiments/{case.id}/results.json", _json(facts))
        shape = ("dataset", "metric", "score", "dummy_score", "seconds", "fingerprint")
        payload = {name: facts[name] for name in shape}
        self._append("run_finished", {**payload, "run": case.id, "configuration": configuration})
        return next(run for run in self.runs() if run.id == case.id)

    def runs(self) -> list[Run]:
        """All runs, oldest first."""
        return self._read(self._by_user(reads.runs))

    def case(self, run_id: str) -> Case:
        """The case that a run was kept as; raises ``InputError`` where there is none."""
        from mlplayground.modeling import Case

        if all(run.id != run_id for run in self.runs()):
            raise InputError(f"There is no run {run_id[:80]!r} in this workspace.")
        return Case.from_dict(json.loads(self._stash.read(f"experiments/{run_id}/results.json")))

    # ---------------------------------------------------------------------------------

    def _write(
        self, frame: pd.DataFrame, name: str, source: Path | bytes | None, code: str
    ) -> tuple[str, int]:
        from mlplayground.workspace.table import digest, pack

        table, layout = pack(frame)
        dataset_id = digest(table, layout)[:20]
        if self._files.complete(dataset_id):
            return dataset_id, int(self._files.metadata(dataset_id)["bytes"])
        written = self._files.write(dataset_id, table, source)
        facts = {"name": name, "rows": len(frame), "code": code, "layout": layout}
        self._files.write_metadata(dataset_id, {**facts, **written})
        return dataset_id, int(written["bytes"])

    def _append_recipe(
        self, learned: LearnedRecipe, before: Dataset, result: str, size: int, frame: pd.DataFrame
    ) -> None:
        applied = {
            "recipe": learned.id,
            "dataset": before.id,
            "result": result,
            "operations": [step.operation.name for step in learned.steps],
        }
        events = [("recipe_applied", applied)]
        if self._read(lambda c: reads.dataset(c, self._user, result)) is None:
            added = _dataset_payload(result, frame, size, "recipe", before.id, learned.id)
            events.insert(0, ("dataset_added", added))
        self._append(*events[0], *events[1:])

    def _named(self, found: Dataset) -> Dataset:
        try:
            return replace(found, name=str(self._files.metadata(found.id)["name"]))
        except StashError:
            return replace(found, name=f"{found.id} (its files are gone)")

    def _parquet_code(self, dataset_id: str) -> str:
        path = self._stash.location + f"/datasets/{dataset_id}/data.parquet"
        names = self.column_names(dataset_id)
        return (
            "import pandas as pd\n\n"
            f"df = pd.read_parquet({path!r})\n"
            f"df = df.iloc[:, :{len(names)}].set_axis({names!r}, axis=1)"
        )

    def _append(
        self, kind: str, payload: Mapping[str, Any], *more: tuple[str, Mapping[str, Any]]
    ) -> None:
        self._journal.append(
            *(
                new_event(each, body, user=self._user, session=self._session)
                for each, body in [(kind, payload), *more]
            )
        )

    def _read(self, query: Callable[[Connection], _T]) -> _T:
        catch_up(self._database, WorkspaceProjection())
        with self._database.read() as connection:
            return query(connection)

    def _by_user(self, query: Callable[[Connection, str], _T]) -> Callable[[Connection], _T]:
        return lambda connection: query(connection, self._user)


def _dataset_payload(
    dataset_id: str,
    frame: pd.DataFrame,
    size: int,
    origin: str,
    parent: str | None,
    recipe: str | None,
) -> dict[str, Any]:
    rows, columns = frame.shape
    payload = {
        "dataset": dataset_id,
        "rows": rows,
        "columns": columns,
        "bytes": size,
        "origin": origin,
        "parent": parent,
        "recipe": recipe,
    }
    return {name: value for name, value in payload.items() if value is not None}


def _recipe_path(recipe_id: str) -> str:
    return f"recipes/{recipe_id}.json"


def _digest(data: Any) -> str:
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:20]


def _json(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, indent=1).encode("ascii")
