"""What holds for every test: a home of its own, and nothing that is quietly not run.

``MLPLAYGROUND_TEST_CHROMIUM`` names the browser; without it one is looked for.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

# Fixtures: a PostgreSQL server, disks that are full or read-only.
pytest_plugins = ("plugins.disks", "plugins.postgres")

# These run only where `-m` names them: `make soak` and `make bench`.
ON_REQUEST = ("soak", "bench")
CHROMIUM = "MLPLAYGROUND_TEST_CHROMIUM"
_SETTINGS = ("MLPLAYGROUND_", "JUPYTERHUB_", "DO_NOT_TRACK")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_NO_BROWSER = pytest.mark.skip(
    reason="Chromium is not installed (Debian: apt-get install chromium)"
)
_homes = pytest.StashKey[Path]()
_numbers = itertools.count()


def pytest_configure(config: pytest.Config) -> None:
    # Also for what is made once a session, before the first test has its own home.
    config.stash[_homes] = Path(tempfile.mkdtemp(prefix="mlplayground-tests-"))
    browser = _browser()
    for name in [name for name in os.environ if name.startswith(_SETTINGS)]:
        del os.environ[name]
    if browser is not None:
        os.environ[CHROMIUM] = browser
    os.environ["MLPLAYGROUND_HOME"] = str(config.stash[_homes] / "session")


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[_homes], ignore_errors=True)


@pytest.fixture(autouse=True)
def own_home(request: pytest.FixtureRequest) -> Iterator[Path]:
    """``MLPLAYGROUND_HOME`` for this test alone; the learner's real one is never touched."""
    home = request.config.stash[_homes] / str(next(_numbers))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLPLAYGROUND_HOME", str(home))
        yield home


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    withheld = [mark for mark in ON_REQUEST if mark not in config.option.markexpr]
    left_out = [item for item in items if any(item.get_closest_marker(m) for m in withheld)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    for item in items:
        if _asks_others(item):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if CHROMIUM not in os.environ:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(_NO_BROWSER)


def _asks_others(item: pytest.Item) -> bool:
    """Whether a test drives a browser or a Jupyter server.

    On a busy machine those now and then do not answer; they are asked once more, and the
    summary counts it. A test of our own processes gets no second try.
    """
    servers = {"server", "make_server"} & set(getattr(item, "fixturenames", ()))
    return bool(servers) or item.get_closest_marker("browser") is not None


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A test that was skipped is a failure, unless ``ALLOW_SKIPS=1`` says that it may be."""
    if session.exitstatus == 0 and _skipped(session.config) and not _skips_allowed():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    skipped = _skipped(config)
    if not skipped:
        return
    terminalreporter.section("not run", yellow=True)
    for reason, tests in sorted(skipped.items()):
        terminalreporter.line(f"{len(tests)}: {reason}")
        for test in sorted(tests):
            terminalreporter.line(f"    {test}")
    if not _skips_allowed():
        terminalreporter.line("This counts as a failure; ALLOW_SKIPS=1 accepts it.", red=True)


def _skipped(config: pytest.Config) -> dict[str, set[str]]:
    """What was skipped, by reason; empty in a worker of pytest-xdist, which reports to one."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    found: dict[str, set[str]] = defaultdict(set)
    for report in reporter.stats.get("skipped", []) if reporter else []:
        if not hasattr(report, "wasxfail"):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else "skipped"
            found[reason.removeprefix("Skipped: ")].add(report.nodeid)
    return found


def _browser() -> str | None:
    named = os.environ.get(CHROMIUM)
    return named or next(filter(None, map(shutil.which, _BROWSERS)), None)


def _skips_allowed() -> bool:
    return os.environ.get("ALLOW_SKIPS", "") not in ("", "0")
