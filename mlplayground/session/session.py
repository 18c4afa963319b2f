"""A :class:`Session` binds the services for one learner in one process."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Hashable, Mapping
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any

from mlplayground.advisor import Advisor
from mlplayground.catalog import Catalog, load_catalog
from mlplayground.coach import AppProgress, Coach, NextStep, reads
from mlplayground.coach.projections import ProgressProjection
from mlplayground.compute import Compute, make_compute
from mlplayground.database import Database
from mlplayground.errors import ColumnError, NotReady
from mlplayground.journal import Journal, new_event
from mlplayground.journal.projection import catch_up
from mlplayground.settings import Settings
from mlplayground.stash import Stash
from mlplayground.workspace import Dataset, Workspace

if TYPE_CHECKING:
    import pandas as pd

    from mlplayground.recipes import Recipe
    from mlplayground.session.app import App
    from mlplayground.ui import Announcement


class Session:
    """One learner at work.

    Handlers of widgets may run in another thread while a cell runs, so whatever changes
    the learner's work holds :attr:`lock`. A session is a context manager; closing it ends
    its worker processes.

    Parameters
    ----------
    settings : Settings, optional
        Read from the environment by default.
    frontend : {"script", "jupyter", "voila"}
        Where the learner sits, for the journal.
    """

    def __init__(self, settings: Settings | None = None, *, frontend: str = "script") -> None:
        self.settings = settings or Settings.from_environment()
        self.frontend = frontend
        self.id = uuid.uuid4().hex
        self.lock = threading.RLock()
        self.facts: dict[str, Any] = {}
        user = self.settings.user
        self.database = Database(self.settings.database_url)
        self.stash = Stash(self.settings.home, user)
        self.journal = Journal(self.database, tracking_allowed=self.settings.tracking_allowed)
        self.workspace = Workspace(
            self.database, self.stash, self.journal, user=user, session=self.id
        )
        self.advisor = Advisor(
            self.database, self.journal, self.catalog, user=user, session=self.id
        )
        self.coach = Coach(self.database, self.journal, self.stash, user=user, session=self.id)
        self.announcement: Announcement | None = None
        self._listeners: list[Callable[[], None]] = []
        self._frame: tuple[str, pd.DataFrame] | None = None
        self._record_start()

    @cached_property
    def catalog(self) -> Catalog:
        """The installed apps."""
        return load_catalog()

    @cached_property
    def compute(self) -> Compute:
        """Where engines run; started by its first use."""
        return make_compute(self.settings)

    def open(self, app_id: str) -> App:
        """Open an app; raises ``CatalogError`` naming the apps there are."""
        from mlplayground.session.app import App

        return App(self, self.catalog.app(app_id))

    def record(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        app: str | None = None,
        step: str | None = None,
    ) -> None:
        """Append one event of this learner; raises ``EventError`` for a wrong payload."""
        event = new_event(
            kind, dict(payload), user=self.settings.user, session=self.id, app=app, step=step
        )
        self.journal.append(event)

    def frame(self) -> pd.DataFrame:
        """The project's table, read once; raises ``NotReady`` where there is none.

        The frame is the session's own: take a copy before you change it.
        """
        dataset = self.workspace.project().dataset
        if dataset is None:
            raise NotReady("Choose a dataset first")
        with self.lock:
            if self._frame is None or self._frame[0] != dataset:
                self._frame = (dataset, self.workspace.frame(dataset))
            return self._frame[1]

    def target(self) -> Hashable | None:
        """Name of the project's target column, None where none is chosen."""
        project = self.workspace.project()
        if project.dataset is None or project.target is None:
            return None
        return self.workspace.column_names(project.dataset)[project.target]

    def use(self, dataset: str, *, target: int | None = None) -> None:
        """Make a dataset the project's, and tell the open panels."""
        self.workspace.set_project(dataset=dataset, target=target)
        self.facts.clear()
        self._tell()

    def choose_target(self, name: str | None) -> None:
        """Say which column is to be predicted, by its name as text, or that there is none yet.

        Raises
        ------
        NotReady
            Where no dataset is chosen.
        ColumnError
            Where the table has no such column.
        """
        project = self.workspace.project()
        if project.dataset is None:
            raise NotReady("Choose a dataset first")
        names = [str(label) for label in self.workspace.column_names(project.dataset)]
        if name is not None and name not in names:
            raise ColumnError(f"There is no column {name!r} to predict.")
        self.workspace.set_project(
            dataset=project.dataset, target=None if name is None else names.index(name)
        )
        self._tell()

    def apply(self, recipe: Recipe) -> Dataset:
        """Apply a recipe to the project's table; the result becomes the project's table."""
        project = self.workspace.project()
        if project.dataset is None:
            raise NotReady("Choose a dataset first")
        with self.lock:
            target = self.target()
            dataset = self.workspace.apply_recipe(project.dataset, recipe)
            names = self.workspace.column_names(dataset.id)
            self.use(dataset.id, target=names.index(target) if target in names else None)
            return dataset

    def undo(self) -> Dataset:
        """Go back to the version before the last recipe; nothing is deleted.

        Raises
        ------
        NotReady
            Where the project's table is the one that was loaded.
        """
        with self.lock:
            current = self.dataset()
            if current is None:
                raise NotReady("There is no table, so there is nothing to undo. Load one first.")
            if current.parent is None:
                raise NotReady("There is nothing to undo: this is the table as it was loaded.")
            target = self.target()
            names = self.workspace.column_names(current.parent)
            self.use(current.parent, target=names.index(target) if target in names else None)
            dataset = self.dataset()
            assert dataset is not None
            return dataset

    def dataset(self) -> Dataset | None:
        """The project's dataset, None where none is chosen."""
        chosen = self.workspace.project().dataset
        return self.workspace.dataset(chosen) if chosen is not None else None

    def root(self) -> Dataset | None:
        """The table as it was loaded, of which the project's dataset is a version."""
        dataset = self.dataset()
        while dataset is not None and dataset.parent is not None:
            dataset = self.workspace.dataset(dataset.parent)
        return dataset

    def progress(self) -> list[AppProgress]:
        """How far the learner is in each app."""
        catch_up(self.database, ProgressProjection())
        with self.database.read() as connection:
            return reads.progress(connection, self.settings.user, self.catalog)

    def stage(self) -> str:
        """How far the learner is, one of ``coach.reads.STAGES``."""
        catch_up(self.database, ProgressProjection())
        with self.database.read() as connection:
            return reads.stage(connection, self.settings.user)

    def next_step(self) -> NextStep | None:
        """What comes next and why; None where everything is done."""
        catch_up(self.database, ProgressProjection())
        with self.database.read() as connection:
            return reads.next_step(connection, self.settings.user, self.catalog)

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever the project's table changes in this process."""
        self._listeners.append(listener)

    def announce(self, roles: Mapping[str, str]) -> None:
        """Tell the server's recorder which widgets are ours; nothing outside a notebook."""
        if self.announcement is not None:
            self.announcement.mlplayground_roles = {
                **self.announcement.mlplayground_roles,
                **roles,
            }

    def close(self) -> None:
        """End the worker processes and let go of the database."""
        if "compute" in self.__dict__:
            self.compute.close()
        self.database.dispose()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()

    def _record_start(self) -> None:
        from platform import python_version

        from mlplayground import __version__

        self.record(
            "session_started",
            {"mlplayground": __version__, "python": python_version(), "frontend": self.frontend},
        )
