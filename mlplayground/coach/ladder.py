"""Which rung of a hint to show: pure rules over what was shown and answered before.

- A hint starts with its question, never with its answer.
- The next rung needs an attempt (the same step again, or the same error again, and the
  situation is still there) or the learner's request.
- While the learner is getting on, nothing new begins and nothing moves up.
- What did not help, or was waved away, does not come back for the same table, or for the
  same error; what helped with a table is done, what helped with an error may be needed
  again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from mlplayground.coach.records import RUNGS

Status = Literal["open", "waiting", "helped", "refused"]

_ANSWERS: dict[str, Status] = {
    "helped": "helped",
    "not_helpful": "refused",
    "dismissed": "refused",
}


@dataclass(frozen=True, slots=True)
class Rung:
    """How far a hint has come with one subject.

    Attributes
    ----------
    hint : str
    subject : str
        The table, as it was loaded, that it is about; for an error the hash of its texts.
    dataset : str or None
        The table, None for an error.
    rung : int
        The one that was shown last.
    status : {"open", "waiting", "helped", "refused"}
        ``waiting`` from when the table changed until the situation is seen there again.
    blob, session, app, step
        Of the last showing.
    time : str
        Of the last showing, by the journal; empty before that. Two rungs are equal without.
    """

    hint: str
    subject: str
    dataset: str | None
    rung: int
    status: Status
    blob: str
    session: str
    app: str | None
    step: str | None
    time: str = field(default="", compare=False)

    def answered(self, action: str) -> Rung:
        """After the learner's answer (``next``, ``helped``, ``not_helpful``, ``dismissed``)."""
        if action == "next":
            return replace(self, rung=min(self.rung + 1, RUNGS))
        return replace(self, status=_ANSWERS[action])

    def moved_on(self, session: str) -> Rung:
        """After the table changed, or a step ended well: an error of that session is past."""
        if self.status != "open" or (self.dataset is None and self.session != session):
            return self
        return replace(self, status="waiting")


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a situation is seen.

    Attributes
    ----------
    session : str
    app, step : str or None
    progress : bool
        Whether the learner got on (a repair, an accepted suggestion) since last looked at.
    """

    session: str
    app: str | None
    step: str | None
    progress: bool = False


def rung_on_table(known: Rung | None, moment: Moment, may_begin: bool) -> int | None:
    """The rung to show for a situation that is there in a table; None to keep quiet."""
    if known is None:
        return 1 if may_begin else None
    if known.status in ("helped", "refused"):
        return None
    if known.status == "waiting" or known.session != moment.session:
        return known.rung
    if (known.app, known.step) != (moment.app, moment.step):
        return None  # it stands in another panel
    return known.rung if moment.progress else min(known.rung + 1, RUNGS)


def rung_on_error(known: Rung | None, moment: Moment) -> int | None:
    """The rung to show for an error that just happened; None to keep quiet."""
    if known is None or known.status == "helped":
        return 1
    if known.status == "refused":
        return None
    # Stumbling again is an attempt, but only soon: another day begins with the question.
    return min(known.rung + 1, RUNGS) if known.session == moment.session else 1
