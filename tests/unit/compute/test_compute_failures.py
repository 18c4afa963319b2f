"""Whatever a function raises, something that says it arrives."""

from __future__ import annotations

import threading

import pytest

from mlplayground.compute.failures import pack_failure, unpack_failure
from mlplayground.errors import ComputeError, InputError, JobOutOfMemory


class TwoArguments(ValueError):
    def __init__(self, column: str, position: int) -> None:
        super().__init__(f"{column} at {position}")
        self.column = column


class HoldsALock(RuntimeError):
    def __init__(self) -> None:
        super().__init__("locked")
        self.lock = threading.Lock()


class CannotBeMade(Exception):
    def __new__(cls) -> CannotBeMade:
        return super().__new__(cls)

    def __init__(self) -> None:
        super().__init__("made", "with two")

    def __reduce__(self) -> str:
        return "nothing of that name"


def carry(error: BaseException) -> Exception:
    try:
        raise error
    except BaseException as caught:
        return unpack_failure(pack_failure(caught))


def test_a_constructor_with_other_arguments_is_no_obstacle() -> None:
    arrived = carry(TwoArguments("age", 3))
    assert isinstance(arrived, TwoArguments)
    assert (str(arrived), arrived.column) == ("age at 3", "age")


@pytest.mark.parametrize("error", [HoldsALock(), CannotBeMade()])
def test_what_cannot_be_sent_is_told_in_words(error: Exception) -> None:
    arrived = carry(error)
    assert isinstance(arrived, ComputeError)
    assert str(arrived) == f"{type(error).__name__}: {error}"
    assert "In the worker" in "".join(arrived.__notes__)


def test_notes_and_causes_are_kept() -> None:
    error = InputError("no such column")
    error.add_note("did you mean 'age'?")
    error.__cause__ = KeyError("aeg")
    arrived = carry(error)
    assert type(arrived) is InputError
    assert arrived.__notes__[0] == "did you mean 'age'?"
    assert "KeyError: 'aeg'" in arrived.__notes__[1]


def test_a_memory_error_says_what_to_do() -> None:
    arrived = carry(MemoryError())
    assert isinstance(arrived, JobOutOfMemory)
    assert "MLPLAYGROUND_MEMORY_MB" in str(arrived)


def test_our_own_memory_error_is_not_reworded() -> None:
    assert str(carry(JobOutOfMemory("as it was"))) == "as it was"
