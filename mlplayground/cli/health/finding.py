"""One line of the doctor's report, and the one place where a check may fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from mlplayground.errors import MLPlaygroundError
from mlplayground.settings import Settings

State = Literal["ok", "note", "missing", "broken"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one thing.

    Attributes
    ----------
    state : {"ok", "note", "missing", "broken"}
        ``note`` works but may surprise, ``missing`` is optional, ``broken`` needs a repair.
    subject, text : str
        What it is about, and what is so, in plain words.
    remedy : str
        What to do about it, where there is something to do.
    """

    state: State
    subject: str
    text: str
    remedy: str = ""


Check = Callable[[Settings], Iterable[Finding]]


def examine(subject: str, check: Check, settings: Settings) -> list[Finding]:
    """Run one check; whatever it raises is itself a finding, so that the next one still runs."""
    try:
        return list(check(settings))
    except MLPlaygroundError as error:
        return [Finding("broken", subject, str(error))]
    except Exception as error:
        text = f"The check itself failed with {type(error).__name__}: {error}"
        return [Finding("broken", subject, text, "Please report this to the developers.")]
