"""What an exception of a cell is about, without keeping its text.

The text is read here, in the learner's own process; what leaves is the class of the error
and, where one is meant, the position of a column.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mlplayground.coach.facts import Label

_KNOWN = ("builtins", "pandas", "numpy", "sklearn", "scipy", "mlplayground", "pyarrow")
_NEAR = 0.72


@dataclass(frozen=True, slots=True)
class Understood:
    """An exception, taken apart.

    Attributes
    ----------
    error : BaseException
    kind : str
        Name of its class, or of the nearest base class that a library defines: the name of
        a class of the learner's own is theirs.
    text : str
        Its message; to be matched, never to be kept.
    """

    error: BaseException
    kind: str
    text: str

    def find(self, kind: str, pattern: str) -> re.Match[str] | None:
        """Match the text where the error is a `kind`, or is derived from one."""
        if all(base.__name__ != kind for base in type(self.error).__mro__):
            return None
        return re.search(pattern, self.text, re.DOTALL)


def understand(error: BaseException) -> Understood:
    """Take an exception apart; one whose text cannot be had has an empty one."""
    try:
        text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    except Exception:  # a __str__ of the learner's own may fail
        text = ""
    return Understood(error, error_class(error), text)


def error_class(error: BaseException) -> str:
    """Name of the nearest class of `error` that a known library defines."""
    for base in type(error).__mro__:
        if base.__module__.partition(".")[0] in _KNOWN:
            return base.__name__
    return "Exception"


def closest(asked: str, columns: Sequence[Label]) -> Label | None:
    """The column that `asked` was most likely meant to be; None where none is near."""
    bare = {_bare(str(label)): label for label in reversed(columns)}
    near = difflib.get_close_matches(_bare(asked), list(bare), n=1, cutoff=_NEAR)
    return bare[near[0]] if near else None


def how_they_differ(asked: str, column: Any) -> str:
    """In what a name that was asked for differs from the column that is there."""
    there = str(column)
    if not isinstance(column, str):
        return "the column's name is a number or a date, not a text"
    if asked.strip() == there.strip():
        return "there is a space at the start or the end"
    if asked.casefold() == there.casefold():
        return "capital and small letters differ"
    if _bare(asked) == _bare(there):
        return "spaces, dashes or underscores differ"
    return "some letters differ"


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s_\-.]+", "", plain) or plain
