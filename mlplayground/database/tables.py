"""The truth: the only tables that are migrated (by Alembic, in ``migrations/``)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

REVISIONS = ("0001",)
"""Every schema there ever was, oldest first; the last is what this code needs."""

metadata = MetaData()

_SEQ = BigInteger().with_variant(Integer(), "sqlite")

events = Table(
    "events",
    metadata,
    # Never used twice, not even after the newest rows were deleted: cursors rely on it.
    Column("seq", _SEQ, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("user", String(128), nullable=False),
    Column("session", String(128), nullable=False),
    Column("app", String(128)),
    Column("step", String(128)),
    Column("kind", String(64), nullable=False),
    Column("version", String(16), nullable=False),
    Column("time", String(24), nullable=False),
    Column("payload", Text, nullable=False),
    Index("ix_events_kind_seq", "kind", "seq"),
    Index("ix_events_user_kind_seq", "user", "kind", "seq"),
    sqlite_autoincrement=True,
)

cursors = Table(
    "cursors",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
)
