"""The preferences, and a projection that adds wire events up, keep the contract."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table
from sqlalchemy.dialects.sqlite import insert

from mlplayground.journal import Event
from mlplayground.journal.preferences import Preferences
from mlplayground.journal.projection import Projection
from mlplayground.journal.wire import WIRE_KINDS
from mlplayground.testing.projection_contract import ProjectionContract

_table = Table(
    "activity",
    MetaData(),
    Column("user", String(128), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("kind", String(64), primary_key=True),
    Column("app", String(128), primary_key=True),
    Column("times", Integer, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("latest", String(24), nullable=False),
)


class Activity(Projection):
    """How often and how long, a day and app each."""

    name = "activity"
    version = 3
    tables = (_table,)
    kinds = WIRE_KINDS | {"app_opened"}

    def apply(self, connection: Connection, event: Event) -> None:
        payload = event.payload
        spent = payload.get("duration_ms", round(payload.get("seconds", 0) * 1000))
        statement = insert(_table).values(
            user=event.user,
            day=event.time[:10],
            kind=event.kind,
            app=event.app or "",
            times=payload.get("count", 1),
            milliseconds=spent,
            latest=event.time,
        )
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["user", "day", "kind", "app"],
                set_={
                    "times": _table.c.times + statement.excluded.times,
                    "milliseconds": _table.c.milliseconds + statement.excluded.milliseconds,
                    "latest": statement.excluded.latest,
                },
            )
        )


class TestPreferences(ProjectionContract):
    @pytest.fixture
    def projection(self) -> Projection:
        return Preferences()


class TestActivity(ProjectionContract):
    @pytest.fixture
    def projection(self) -> Projection:
        return Activity()


@pytest.mark.postgres
class TestPreferencesOnPostgres(ProjectionContract):
    @pytest.fixture
    def projection(self) -> Projection:
        return Preferences()

    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url
