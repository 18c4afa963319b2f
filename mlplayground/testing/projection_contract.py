"""What every projection must do."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, delete, inspect, select, update

from mlplayground.database import Database, cursors, events
from mlplayground.journal import Event, Journal
from mlplayground.journal.compact import compact
from mlplayground.journal.projection import Projection, catch_up, rebuild
from mlplayground.journal.schema import schemas
from mlplayground.testing.events import make_events

Rows = dict[str, list[tuple[Any, ...]]]


class ProjectionContract:
    """Give the fixture ``projection``; ``sample`` too where random valid events are not enough.

    The projection should be registered under ``mlplayground.projections``, for `forget` and
    `compact` to know it.
    """

    @pytest.fixture
    def projection(self) -> Projection:
        raise NotImplementedError

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path}/patterns.db"

    @pytest.fixture
    def database(self, url: str) -> Iterator[Database]:
        database = Database(url)
        yield database
        database.dispose()

    @pytest.fixture
    def sample(self, projection: Projection) -> list[Event]:
        """Events of two users, over several days, of the projection's kinds and others."""
        others = {"preference_changed", "app_opened", "panel_viewed", "cell_executed"}
        found = make_events(projection.kinds | others, 240)
        return [event for event in found if event.payload.get("name") != "recording"]

    def test_it_says_what_it_is(self, projection: Projection) -> None:
        assert projection.name.isidentifier()
        assert projection.version >= 1
        assert projection.kinds <= set(schemas())
        for table in projection.tables:
            assert table.name == projection.name or table.name.startswith(f"{projection.name}_")
            assert not table.columns["user"].nullable

    def test_it_makes_something_of_the_sample(
        self, projection: Projection, database: Database, sample: list[Event]
    ) -> None:
        Journal(database).append(*sample)
        catch_up(database, projection)
        assert any(dump(database, projection).values())

    def test_replaying_gives_the_identical_tables(
        self, projection: Projection, database: Database, sample: list[Event]
    ) -> None:
        journal, chance, left = Journal(database), random.Random(1), list(sample)
        while left:  # caught up now and then, as readers happen to come by
            size = chance.randint(1, 40)
            journal.append(*left[:size])
            del left[:size]
            catch_up(database, projection)
        before = dump(database, projection)
        catch_up(database, projection)
        assert dump(database, projection) == before
        rebuild(database, [projection])
        assert dump(database, projection) == before

    def test_a_lost_or_old_or_impossible_cursor_replays(
        self, projection: Projection, database: Database, sample: list[Event]
    ) -> None:
        Journal(database).append(*sample)
        catch_up(database, projection)
        before = dump(database, projection)
        mine = cursors.c.name == projection.name
        for change in (
            delete(cursors).where(mine),
            update(cursors).where(mine).values(version=projection.version - 1),
            update(cursors).where(mine).values(seq=10**9),
        ):
            with database.transaction() as connection:
                connection.execute(change)
            catch_up(database, projection)
            assert dump(database, projection) == before

    def test_a_row_comes_from_its_own_user_only(
        self, projection: Projection, database: Database, url: str, sample: list[Event]
    ) -> None:
        journal = Journal(database)
        journal.append(*sample)
        catch_up(database, projection)
        both = dump(database, projection)
        with database.transaction() as connection:
            connection.execute(delete(events).where(events.c.user == "grace"))
        rebuild(database, [projection])
        alone = dump(database, projection)
        users = {table.name: _names(table).index("user") for table in projection.tables}
        for name, rows in both.items():
            assert alone[name] == [row for row in rows if row[users[name]] == "ada"]

    def test_compacting_changes_nothing(
        self, projection: Projection, database: Database, sample: list[Event]
    ) -> None:
        journal, half = Journal(database), len(sample) // 2
        journal.append(*sample[:half])
        catch_up(database, projection)  # a cursor in the middle of a day
        journal.append(*sample[half:])
        with tempfile.TemporaryDirectory() as folder:
            other = Database(f"sqlite:///{folder}/patterns.db")
            Journal(other).append(*sample)
            catch_up(other, projection)
            rows = dump(other, projection)
            other.dispose()
        assert compact(database, datetime(2026, 1, 4, tzinfo=UTC)) > 0
        catch_up(database, projection)
        assert dump(database, projection) == rows
        rebuild(database, [projection])
        assert dump(database, projection) == rows

    def test_names_of_the_learner_are_data(
        self, projection: Projection, database: Database, sample: list[Event]
    ) -> None:
        odd = "o.brien@example+x-y_z"
        Journal(database).append(*(replace(event, user=odd) for event in sample))
        catch_up(database, projection)
        for table in projection.tables:
            with database.read() as connection:
                users = set(connection.scalars(select(table.c.user)))
            assert users <= {odd}


def dump(database: Database, projection: Projection) -> Rows:
    """All rows of a projection's tables, by table, in an order of their own."""
    with database.read() as connection:
        present = inspect(connection).get_table_names()
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in projection.tables
            if table.name in present
        }


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns]
