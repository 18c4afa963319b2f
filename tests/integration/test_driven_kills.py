"""kill -9 of kernels and servers in a driven session: what was confirmed is there, once and whole.

Two kernels and a server write at once. Each kernel loads tables, takes repairs and goes back, and
after each act writes the ids of its events, which are confirmed by then, into a file. In a round
one kernel is killed, then the other or the server, at moments drawn by a seed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from serving import Server, eventually

from mlplayground.database import Database
from mlplayground.journal import Journal
from mlplayground.stash import Stash
from mlplayground.workspace import Workspace

pytestmark = pytest.mark.slow
SOAK = Path(__file__).parents[2] / ".soak"
DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
DRIVE = """
import os, random, mlplayground
from mlplayground.errors import InputError, NotReady
from mlplayground.ui.controls import Source
log = open({log!r}, "a")
def tell(*lines):
    log.writelines(line + chr(10) for line in lines)
    log.flush()
    os.fsync(log.fileno())
tell(f"pid {{os.getpid()}}")
session = mlplayground.start()
explorer, chance, seen = session.open("data_explorer"), random.Random({seed}), 0
def take():
    shown = explorer.run("quality").suggestions
    if shown:
        explorer.accept(chance.choice(shown))
def load():
    explorer.run("load", source=Source("sample", chance.choice(["practice", "wine"])))
def back():
    if session.dataset() is not None and session.dataset().parent is not None:
        explorer.undo()
load()
while True:
    events = session.journal.read(after=seen, user="ada", limit=10_000)
    seen = max([seen, *(event.seq for event in events)])
    tell(*(event.id for event in events if event.session == session.id))
    try:
        chance.choice([take, take, load, back])()
    except (InputError, NotReady):
        pass  # the other kernel changed the project meanwhile
"""


class Driver:
    """One kernel that works, and what it says that is confirmed."""

    def __init__(self, server: Server, log: Path, seed: int) -> None:
        self.log = log
        self.page = server.page(server.start_kernel())
        code = DRIVE.format(log=str(log), seed=seed)
        self.page.send("execute_request", {"code": code, "silent": False, "allow_stdin": False})

    def lines(self) -> list[str]:
        text = self.log.read_text() if self.log.exists() else ""
        return text.split("\n")[:-1]  # what follows the last line's end was not confirmed

    def wait_for(self, count: int) -> None:
        eventually(lambda: len(self.lines()) > count, "the kernel's work", seconds=90)

    def kill(self) -> None:
        os.kill(int(self.lines()[0].removeprefix("pid ")), signal.SIGKILL)
        self.page.close()


def play_round(server: Server, folder: Path, seed: int) -> set[str]:
    """Two kills; returns the ids of all events that were confirmed."""
    chance, pause = random.Random(seed), threading.Event()
    drivers = [Driver(server, folder / f"{seed}-{place}.log", seed + place) for place in (0, 1)]
    for driver in drivers:
        driver.wait_for(chance.randint(2, 30))
    pause.wait(chance.uniform(0, 0.3))
    drivers[0].kill()
    drivers[1].wait_for(len(drivers[1].lines()) + chance.randint(1, 10))
    pause.wait(chance.uniform(0, 0.3))
    if chance.random() < 0.5:
        server.kill()
        drivers[1].kill()  # it would work on without its server
        server.start()
    else:
        drivers[1].kill()
    return {line for driver in drivers for line in driver.lines() if not line.startswith("pid ")}


def check(server: Server, url: str, confirmed: set[str]) -> None:
    """Every confirmed event is there once, and every table that is told of can be read."""
    database = Database(url)
    try:
        journal = Journal(database)
        events, after = [], 0
        while page := journal.read(after=after, limit=10_000):
            events, after = events + page, page[-1].seq or 0
        times = Counter(event.id for event in events)
        assert {each: times[each] for each in confirmed if times[each] != 1} == {}
        stash = Stash(str(server.home), "ada")
        workspace = Workspace(database, stash, journal, user="ada", session="check")
        for dataset in workspace.datasets():
            assert len(workspace.frame(dataset.id)) == dataset.rows
    finally:
        database.dispose()


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/stash/users/ada/meta_learning/patterns.db"


@pytest.mark.timeout(900)
def test_twenty_kills_lose_nothing(
    make_server: Callable[..., Server], database_url: str, tmp_path: Path
) -> None:
    server = make_server(MLPLAYGROUND_DATABASE=database_url).start()
    confirmed: set[str] = set()
    for seed in range(10):
        confirmed |= play_round(server, tmp_path, 2 * seed)
    assert len(confirmed) > 100
    check(server, database_url, confirmed)


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_a_thousand_kills_lose_nothing(
    make_server: Callable[..., Server],
    database_url: str,
    tmp_path: Path,
) -> None:
    done = SOAK / f"driven-{database_url.partition(':')[0]}.json"
    rounds = json.loads(done.read_text()) if done.exists() else 0
    server = make_server(MLPLAYGROUND_DATABASE=database_url).start()
    confirmed: set[str] = set()
    while rounds < 500:
        confirmed |= play_round(server, tmp_path, 1_000 + 2 * rounds)
        check(server, database_url, confirmed)
        rounds += 1
        done.write_text(json.dumps(rounds))
        print(f"{2 * rounds} kills, {len(confirmed)} events confirmed here")
