"""kill -9 at random moments: what was confirmed is there, once and whole."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from killing import Applied, Nest, applied
from sqlalchemy import select

from mlplayground.database import Database
from mlplayground.journal import Journal
from mlplayground.journal.projection import catch_up
from mlplayground.stash import Stash

pytestmark = pytest.mark.slow

SOAK = Path(__file__).parents[3] / ".soak"
KINDS = ["wal", "delete", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def new_url(request: pytest.FixtureRequest, kind: str) -> Callable[[Path], str]:
    """Makes addresses of new databases."""
    if kind == "postgres":
        server = request.getfixturevalue("postgres_server")
        return lambda folder: str(server.new_database())
    return lambda folder: f"sqlite:///{folder}/patterns.db?journal_mode={kind}"


def test_twenty_kills_lose_nothing(new_url: Callable[[Path], str], tmp_path: Path) -> None:
    kept = kill_writers(new_url(tmp_path), tmp_path, kills=20, seed=20)
    assert kept > 20, "the writers were killed before they did anything"


@pytest.mark.soak
@pytest.mark.timeout(3 * 3600)
def test_a_thousand_kills_lose_nothing(
    new_url: Callable[[Path], str], kind: str, tmp_path: Path
) -> None:
    SOAK.mkdir(exist_ok=True)
    state = SOAK / f"journal-kills-{kind}.json"
    done = json.loads(state.read_text()) if state.exists() else {"kills": 0, "kept": 0}
    while done["kills"] < 1000:
        folder = tmp_path / str(done["kills"])
        folder.mkdir()
        done["kept"] += kill_writers(new_url(folder), folder, kills=50, seed=done["kills"])
        done["kills"] += 50
        state.write_text(json.dumps(done))
        print(f"{kind}: {done['kills']} kills, {done['kept']} confirmed events, none lost")


def kill_writers(url: str, folder: Path, *, kills: int, seed: int) -> int:
    """Kill writers, two of them at work at a time; return how many events were confirmed."""
    chance, nest = random.Random(seed), Nest(url, str(folder))
    running = [nest.start(seed * 1000)]
    for number in range(1, kills + 1):
        if number < kills:
            running.append(nest.start(seed * 1000 + number))
        # Some while they open the database, most after some work: the lot draws the moment.
        nest.wait_for(running[0], chance.choice([0, 0, 1, 2, 3, 5, 8]))
        time.sleep(chance.uniform(0, 0.03))
        nest.kill(running.pop(0))
    nest.close()
    check(url, Stash(str(folder), "ada"), nest)
    return len(nest.events)


def check(url: str, stash: Stash, nest: Nest) -> None:
    database = Database(url)
    found = Journal(database).read(limit=10**9)
    times = Counter(event.id for event in found)
    assert [each for each in nest.events if times[each] != 1] == []
    assert max(times.values(), default=1) == 1
    # Blob first, then event: also what was not confirmed is whole, if it is there.
    named = {event.payload["blob"] for event in found if event.kind == "hint_shown"}
    assert nest.blobs <= named
    for digest in named:
        stash.get_blob(digest)
    assert all(path.startswith("blobs/") for path in stash.list() if "patterns" not in path)
    catch_up(database, Applied())
    with database.read() as connection:
        seqs = list(connection.scalars(select(applied.c.seq)))
    assert sorted(seqs) == [event.seq for event in found]
    database.dispose()
    if database.path is not None:
        connection = sqlite3.connect(database.path)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
