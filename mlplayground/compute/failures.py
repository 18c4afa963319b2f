"""What comes of a job, on its way back: a result, or an exception with its type kept."""

from __future__ import annotations

import traceback
from typing import Any

from mlplayground.compute.messages import Packed, pack
from mlplayground.errors import ComputeError, JobOutOfMemory, MLPlaygroundError


def pack_result(value: Any) -> Packed:
    """Pack what a function returned; raises ``ComputeError`` where that cannot be sent."""
    try:
        return pack(value)
    except Exception as error:
        raise ComputeError(
            f"The job ran, but its result ({type(value).__name__}) cannot be sent back: {error}. "
            "Return plain values, arrays, data frames or dataclasses of them."
        ) from error


def unpack_result(packed: Packed) -> Any:
    """Return what the function returned; ``ComputeError`` where it cannot be read here."""
    try:
        return packed.load()
    except Exception as error:
        raise ComputeError(
            f"The job ran, but its result cannot be read here ({type(error).__name__}: {error})."
        ) from error


def pack_failure(error: BaseException) -> Packed:
    """Pack `error` so that :func:`unpack_failure` gives it back.

    What cannot be sent becomes a ``ComputeError`` with the same text.
    """
    # The first frame is the worker's own call of the function: of no use to anybody.
    trace = error.__traceback__ and error.__traceback__.tb_next
    # Source lines are looked up by the receiver: only a kernel knows the text of its cells.
    told = traceback.TracebackException(type(error), error, trace, lookup_lines=False)
    known = error if isinstance(error, Exception) else _exit(error)
    for sent in (known, _Rebuilt.of(known), _stand_in(known)):
        for story in (lambda: told, lambda: "".join(told.format())):
            try:
                packed = pack((sent, story()))
                _open(packed)
            except Exception:
                continue
            return packed
    raise AssertionError("A ComputeError with a text can always be sent.")


def unpack_failure(packed: Packed) -> Exception:
    """Return the exception that the function raised, with the worker's traceback as a note."""
    try:
        error, told = _open(packed)
    except Exception as unreadable:
        return ComputeError(f"The job failed, and its error cannot be read here: {unreadable}")
    story = told if isinstance(told, str) else "".join(told.format())
    if isinstance(error, MemoryError) and not isinstance(error, MLPlaygroundError):
        error = JobOutOfMemory(
            f"The job asked for more memory than it may have ({error or 'MemoryError'}). "
            "Use fewer rows or columns or a smaller model, or allow jobs more memory: set "
            "MLPLAYGROUND_MEMORY_MB and restart."
        )
    error.add_note(f"In the worker:\n{story}")
    return error


def _open(packed: Packed) -> tuple[Exception, Any]:
    sent, told = packed.load()
    return (sent.error() if isinstance(sent, _Rebuilt) else sent), told


class _Rebuilt:
    """An exception whose class cannot be called with its ``args`` (pickle's way)."""

    def __init__(self, kind: type[Exception], args: tuple[Any, ...], state: dict[str, Any]) -> None:
        self.kind, self.args, self.state = kind, args, state

    @classmethod
    def of(cls, error: Exception) -> _Rebuilt:
        return cls(type(error), error.args, error.__dict__)

    def error(self) -> Exception:
        error = self.kind.__new__(self.kind, *self.args)
        error.args = self.args
        error.__dict__.update(self.state)
        return error


def _exit(error: BaseException) -> ComputeError:
    """SystemExit and KeyboardInterrupt would end the receiver instead of the job."""
    return ComputeError(f"The job ended itself with {type(error).__name__}({error}).")


def _stand_in(error: Exception) -> ComputeError:
    return ComputeError(f"{type(error).__name__}: {error}")
