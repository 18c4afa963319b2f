"""Asking for suggestions, and saying what became of them."""

from __future__ import annotations

import math
import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Literal, get_args

from mlplayground.advisor import reads, words
from mlplayground.advisor.projections import SuggestionProjection
from mlplayground.advisor.records import ArmStatistics, Candidate, Suggestion
from mlplayground.advisor.rewards import reward
from mlplayground.catalog import Catalog, DecisionManifest
from mlplayground.database import Database
from mlplayground.errors import InputError
from mlplayground.journal import Journal, new_event
from mlplayground.journal.projection import catch_up
from mlplayground.workspace import reads as workspace_reads
from mlplayground.workspace.projections import WorkspaceProjection

if TYPE_CHECKING:
    from mlplayground.advisor.policy import Option, Pick, Policy

Action = Literal["accepted", "dismissed", "overridden"]
Reason = Literal["not_now", "wrong_for_my_data", "already_done", "do_not_understand", "other"]


@dataclass(frozen=True, slots=True)
class _Record:
    """What became of a decision's suggestions, what was refused for good, and the open table."""

    known: Mapping[str, ArmStatistics]
    refused: set[tuple[str, int | None]]
    table: str | None


class Advisor:
    """The one mechanism behind everything that mlplayground suggests.

    What was shown, what the learner did with it and what it was worth are events; each
    act is committed when its method returns. With recording off the advisor suggests from
    the declared prior alone, and writes nothing. Threads may share an advisor.

    Parameters
    ----------
    database, journal, catalog
        Where the record is, and where decisions are declared.
    user, session : str
    policy : Policy, optional
        Chooses and orders; Thompson sampling by default.
    random_state : int, optional
        Makes the choices repeatable.

    Raises
    ------
    CatalogError
        By every method, for a decision that no installed app declares.
    DatabaseError
        By every method, where the record cannot be read or written.
    """

    def __init__(
        self,
        database: Database,
        journal: Journal,
        catalog: Catalog,
        *,
        user: str,
        session: str,
        policy: Policy | None = None,
        random_state: int | None = None,
    ) -> None:
        import numpy as np

        from mlplayground.advisor.policy import ThompsonPolicy

        self._database = database
        self._journal = journal
        self._catalog = catalog
        self._user = user
        self._session = session
        self._policy = policy or ThompsonPolicy()
        self._rng = np.random.default_rng(random_state)
        self._lock = threading.Lock()
        self._refused: set[tuple[str, str | None, str]] = set()
        self._tables: dict[str, str | None] = {}

    def suggest(
        self,
        decision: str,
        context: Mapping[str, float],
        candidates: Sequence[Candidate],
        k: int = 3,
        *,
        app: str | None = None,
        step: str | None = None,
    ) -> list[Suggestion]:
        """Choose up to `k` of the candidates, best place first, and record the offer.

        What the learner refused in this session, or for a lasting reason on this data, is
        left out.

        Parameters
        ----------
        decision : str
        context : mapping of str to float
            Numbers that the decision declares; one that is not finite is left out.
        candidates : sequence of Candidate
            In the step's own order, best first; their ids differ.
        app, step : str, optional
            Where the offer is shown.

        Raises
        ------
        InputError
            If the context has a name that the decision does not declare, or two candidates
            share an id.
        """
        from mlplayground.advisor.policy import Situation

        declared = self._catalog.decision(decision)
        numbers = _context(declared, context)
        _check_ids(candidates)
        record = self._read(decision)
        left = self._not_refused(decision, candidates, record)
        if not left or k < 1:
            return []
        situation = Situation(declared, numbers, _options(left), record.known)
        with self._lock:
            picks = self._policy.choose(situation, k, self._rng)
        shown = _suggestions(decision, left, picks, record.known)
        with self._lock:
            self._tables[shown[0].offer] = record.table
        self._append("suggestion_shown", self._offer(shown, picks, numbers), app, step)
        return shown

    def decide(self, suggestion: Suggestion, action: Action, reason: Reason | None = None) -> None:
        """Record that the learner took, refused or overrode a suggestion.

        Raises
        ------
        InputError
            For another action or reason, or a reason without a refusal.
        """
        if action not in get_args(Action):
            raise InputError(f"An action is one of {', '.join(get_args(Action))}, not {action!r}.")
        if reason is not None and (reason not in get_args(Reason) or action != "dismissed"):
            known = ", ".join(get_args(Reason))
            raise InputError(f"A reason goes with 'dismissed' and is one of {known}: {reason!r}.")
        if action == "dismissed":
            self._remember(suggestion)
        payload = {**_which(suggestion), "action": action}
        self._append("suggestion_decided", payload | ({"reason": reason} if reason else {}))

    def rate(self, suggestion: Suggestion, rating: int) -> None:
        """Record a thumb: 1 up, -1 down; raises ``InputError`` for anything else."""
        if rating not in (-1, 1):
            raise InputError(f"A rating is 1 or -1, not {rating!r}.")
        self._append("suggestion_rated", {**_which(suggestion), "rating": rating})

    def measure(self, suggestion: Suggestion, **outcome: Any) -> float:
        """Record what a suggestion turned out to be worth; returns the reward.

        Parameters
        ----------
        **outcome : float
            The numbers that the decision's reward rule needs.

        Raises
        ------
        InputError
            If the rule cannot use them.
        """
        declared = self._catalog.decision(suggestion.decision)
        result = reward(declared.reward, declared.reward_version, **outcome)
        payload = {
            **_which(suggestion),
            "reward": result.reward,
            "rule": declared.reward,
            "rule_version": declared.reward_version,
        }
        value = {} if result.value is None else {"value": result.value}
        self._append("outcome_measured", payload | value)
        return result.reward

    def _read(self, decision: str) -> _Record:
        catch_up(self._database, SuggestionProjection(), WorkspaceProjection())
        recording = self._journal.recording(self._user)
        with self._database.read() as connection:
            project = workspace_reads.project(connection, self._user)
            table = workspace_reads.root(connection, self._user, project.dataset)
            if not recording:
                return _Record({}, set(), table)
            return _Record(
                reads.arm_statistics(connection, self._user, decision),
                reads.refused(connection, self._user, decision),
                table,
            )

    def _not_refused(
        self, decision: str, candidates: Sequence[Candidate], record: _Record
    ) -> list[Candidate]:
        with self._lock:
            return [
                candidate
                for candidate in candidates
                if (candidate.arm, candidate.column) not in record.refused
                and (decision, record.table, candidate.id) not in self._refused
            ]

    def _remember(self, suggestion: Suggestion) -> None:
        """Leave the candidate out for the rest of this session, recorded or not."""
        with self._lock:
            table = self._tables.get(suggestion.offer)
            self._refused.add((suggestion.decision, table, suggestion.candidate.id))

    def _offer(
        self, shown: Sequence[Suggestion], picks: Sequence[Pick], context: Mapping[str, float]
    ) -> dict[str, Any]:
        return {
            "offer": shown[0].offer,
            "decision": shown[0].decision,
            "policy": self._policy.name,
            "context": dict(context),
            "items": [_item(each, pick) for each, pick in zip(shown, picks, strict=True)],
        }

    def _append(
        self,
        kind: str,
        payload: Mapping[str, Any],
        app: str | None = None,
        step: str | None = None,
    ) -> None:
        self._journal.append(
            new_event(kind, payload, user=self._user, session=self._session, app=app, step=step)
        )


def _context(decision: DecisionManifest, context: Mapping[str, float]) -> dict[str, float]:
    unknown = sorted(context.keys() - set(decision.context))
    if unknown:
        raise InputError(
            f"The decision {decision.id!r} declares {', '.join(decision.context) or 'no context'}, "
            f"not {', '.join(unknown)}. Add it to decisions.yaml, or leave it out."
        )
    return {name: float(value) for name, value in context.items() if math.isfinite(value)}


def _check_ids(candidates: Sequence[Candidate]) -> None:
    ids = [candidate.id for candidate in candidates]
    if len(set(ids)) < len(ids):
        raise InputError("Two candidates of one offer share an id; give each one of its own.")


def _options(candidates: Sequence[Candidate]) -> list[Option]:
    """Options whose worth is the expected gain, 1 on average; 1 where none is known."""
    from mlplayground.advisor.policy import Option

    gains = [c.expected for c in candidates if c.expected is not None and c.expected > 0]
    usual = median(gains) if gains else 1.0
    # What promises little is still worth a twentieth: it must be able to show that it helps.
    return [
        Option(c.arm, max(0.05, (usual if c.expected is None else c.expected) / usual), c.features)
        for c in candidates
    ]


def _suggestions(
    decision: str,
    candidates: Sequence[Candidate],
    picks: Sequence[Pick],
    known: Mapping[str, ArmStatistics],
) -> list[Suggestion]:
    offer = uuid.uuid4().hex
    return [
        _suggestion(offer, decision, place, candidates[pick.option], pick, known)
        for place, pick in enumerate(picks)
    ]


def _suggestion(
    offer: str,
    decision: str,
    place: int,
    candidate: Candidate,
    pick: Pick,
    known: Mapping[str, ArmStatistics],
) -> Suggestion:
    statistics = known.get(candidate.arm, ArmStatistics())
    expected, interval = candidate.expected, candidate.interval
    if expected is None and candidate.unit:
        expected, interval = statistics.gain() or (None, None)
    return Suggestion(
        id=uuid.uuid4().hex,
        offer=offer,
        decision=decision,
        candidate=candidate,
        expected=expected,
        interval=interval,
        reason=words.reason(candidate, statistics, pick.leads),
        evidence=words.evidence(candidate, statistics),
        propensity=pick.propensity,
        place=place,
    )


def _item(suggestion: Suggestion, pick: Pick) -> dict[str, Any]:
    column = suggestion.candidate.column
    return {
        "suggestion": suggestion.id,
        "arm": suggestion.candidate.arm,
        "place": suggestion.place,
        "propensity": pick.propensity,
        "expected": pick.expected,
        "low": pick.low,
        "high": pick.high,
    } | ({} if column is None else {"column": column})


def _which(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "suggestion": suggestion.id,
        "decision": suggestion.decision,
        "arm": suggestion.candidate.arm,
    }
