"""No text whatever leads out of the stash."""

from __future__ import annotations

import string
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlplayground.errors import StashError, StashPathError
from mlplayground.stash import Stash, check_path

PIECES = st.sampled_from(["..", ".", "/", "\\", "a", "data.csv", "~", "C:", "\x00", " ", "%2e%2e"])
TEXTS = st.one_of(
    st.text(max_size=30),
    st.lists(PIECES, max_size=8).map("".join),
    st.lists(PIECES, max_size=8).map("/".join),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=TEXTS)
def test_a_path_is_refused_or_stays_inside(path: str, tmp_path: Path) -> None:
    stash = Stash(str(tmp_path / "home"), "ada")
    with suppress(StashError):
        stash.write(path, b"x")
        assert stash.read(path) == b"x"
    written = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert all(each.is_relative_to(tmp_path / "home" / "users" / "ada") for each in written)
    for each in stash.list():
        assert check_path(each) == each
        stash.delete(each)
    assert stash.list() == []


@given(parts=st.lists(st.text(string.ascii_letters + "0-_ ", min_size=1), min_size=1, max_size=5))
def test_plain_names_are_allowed(parts: list[str]) -> None:
    assert check_path("/".join(parts)) == "/".join(parts)


@pytest.mark.parametrize("user", ["", "..", "a/b", "../grace", ".hidden", "a" * 129, "a\x00b"])
def test_a_user_is_one_folder(tmp_path: Path, user: str) -> None:
    with pytest.raises(StashPathError):
        Stash(str(tmp_path), user)
