"""Whatever is registered has a text, a line in the reference, and a test that names it."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from mlplayground import settings
from mlplayground.catalog import load_catalog
from mlplayground.cli.main import COMMANDS
from mlplayground.coach.hints import load_hints
from mlplayground.journal.projection import installed
from mlplayground.journal.schema import schemas

ROOT = Path(__file__).resolve().parents[2]


def registered() -> Iterator[str]:
    """All names but those of operations and defects, whose suites walk their registries."""
    for app in load_catalog().apps.values():
        yield app.id
        yield from (decision.id for decision in app.decisions)
    yield from (hint.id for hint in load_hints())
    yield from (command.name for command in COMMANDS)
    yield from schemas()
    yield from (projection.name for projection in installed())


def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "scripts" / "reference.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def all_tests() -> str:
    others = [path for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__)]
    return "\n".join(path.read_text(encoding="utf-8") for path in others)


def test_the_reference_is_what_the_registries_give() -> None:
    made = reference()

    assert made.PAGE.read_text(encoding="utf-8") == made.reference(), (
        "docs/reference.md is out of date; run: python scripts/reference.py"
    )


def test_every_line_of_the_reference_has_its_text() -> None:
    rows = re.findall(r"^\| `(.+?)` \| (.*) \|$", reference().reference(), flags=re.MULTILINE)

    assert len(rows) > 40
    assert [name for name, text in rows if len(text.split()) < 3] == []


@pytest.mark.parametrize("name", sorted(registered()))
def test_some_test_names_it(name: str) -> None:
    if not re.search(rf"(?<![a-z_]){re.escape(name)}(?![a-z_])", all_tests()):
        pytest.fail(f"No test file mentions {name}.")


def test_every_setting_is_told_to_hosts() -> None:
    source = Path(settings.__file__).read_text(encoding="utf-8")
    names = set(re.findall(r'"(MLPLAYGROUND_[A-Z_]+|DO_NOT_TRACK|JUPYTERHUB_USER)"', source))
    page = (ROOT / "docs" / "host.md").read_text(encoding="utf-8")

    assert len(names) >= 7
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []


def test_every_app_has_a_notebook_and_every_step_a_lesson() -> None:
    for app in load_catalog().apps.values():
        if app.package.startswith("mlplayground."):
            assert (ROOT / "curriculum" / app.notebook).is_file()
            assert {step.id for step in app.steps} <= set(app.lesson)


def test_links_between_the_pages_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    links = [
        (page.name, link)
        for page in pages
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]

    assert links == []
