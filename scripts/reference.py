"""Write ``docs/reference.md`` from the registries: whatever is registered, by name.

``tests/unit/test_registries.py`` fails while the file differs from what this gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points
from inspect import cleandoc
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference.md"
_HEAD = """\
# Everything by its name

Made from the code by `python scripts/reference.py`. The settings stand in [host.md](host.md).
"""


def reference() -> str:
    """The whole page."""
    parts = (_apps, _hints, _commands, _events, _projections, _operations, _defects)
    return "\n".join([_HEAD, *("\n".join(part()) + "\n" for part in parts)]).rstrip() + "\n"


def _apps() -> Iterator[str]:
    from mlplayground.catalog import load_catalog

    for app in _ours(load_catalog().apps.values()):
        yield f"## App `{app.id}`: {app.title}\n\n{app.summary} Notebook: `{app.notebook}`.\n"
        yield from _table("step", "you can then", ((step.id, step.goal) for step in app.steps))
        decisions = (
            (each.id, f"{each.question} Judged by `{each.reward}`") for each in app.decisions
        )
        yield ""
        yield from _table("decision", "what is suggested", decisions)


def _hints() -> Iterator[str]:
    from mlplayground.coach.hints import load_hints

    yield "## Hints\n\nEach is three rungs: a question, a pointer, the answer.\n"
    yield from _table(
        "hint", "when it speaks", ((each.id, each.situation) for each in load_hints())
    )


def _commands() -> Iterator[str]:
    from mlplayground.cli.main import COMMANDS

    yield "## Commands\n\n`mlplayground COMMAND --help` says more.\n"
    yield from _table("command", "what it does", ((each.name, each.summary) for each in COMMANDS))


def _events() -> Iterator[str]:
    from mlplayground.journal.schema import schemas

    yield "## Events in the journal\n"
    yield "*Work* is always kept, *feedback* while recording is on ([privacy.md](privacy.md)).\n"
    rows = (
        (each.kind, f"{each.title} ({'feedback' if each.feedback else 'work'})")
        for each in schemas().values()
    )
    yield from _table("event", "when", rows)


def _projections() -> Iterator[str]:
    from mlplayground.journal.projection import installed

    yield "## Tables derived from the journal\n"
    rows = ((each.name, _sentence(type(each).__doc__)) for each in installed() if _is_ours(each))
    yield from _table("projection", "what it holds", rows)


def _operations() -> Iterator[str]:
    from mlplayground.recipes import OPERATIONS

    yield "## Operations of a recipe\n"
    rows = ((name, f"{_sentence(each.__doc__)} ({each.kind})") for name, each in OPERATIONS.items())
    yield from _table("operation", "what it does", rows)


def _defects() -> Iterator[str]:
    from mlplayground.practice.planters import PLANTERS

    yield "## Defects that practice tables have\n"
    rows = ((name, _sentence(planter.__doc__)) for name, planter in PLANTERS.items())
    yield from _table("defect", "what is planted", rows)


def _table(name: str, text: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f"| {name} | {text} |"
    yield "|---|---|"
    for key, value in rows:
        shown = " ".join(value.split()).rstrip(".").replace("``", "`").replace("|", "\\|")
        yield f"| `{key}` | {shown} |"


def _sentence(docstring: str | None) -> str:
    return cleandoc(docstring or "").split("\n\n")[0]


def _ours(apps: Iterable[object]) -> Iterator[object]:
    # What else is installed here is not ours to describe.
    names = {entry.name for entry in entry_points(group="mlplayground.apps") if _ships(entry.value)}
    return (app for app in apps if app.id in names)


def _is_ours(projection: object) -> bool:
    return _ships(type(projection).__module__)


def _ships(module: str) -> bool:
    return module.startswith("mlplayground.")


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
