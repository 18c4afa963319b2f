"""The sentences on a suggestion's card, which claim no more than the statistics know."""

from __future__ import annotations

from mlplayground.advisor.records import ArmStatistics, Candidate

FEW = 3


def evidence(candidate: Candidate, known: ArmStatistics) -> str:
    """Say what the suggestion rests on: the step's own words, then the record's."""
    sentences = [candidate.evidence, _decided(known), _measured(known, candidate.unit)]
    return " ".join(sentence for sentence in sentences if sentence)


def reason(candidate: Candidate, known: ArmStatistics, leads: bool) -> str:
    """Say why it is shown; a try into the unknown is called one."""
    if leads or known.decided >= FEW:
        return candidate.reason
    open_question = "We do not know yet how useful this is to you; it is here to find out."
    return " ".join(sentence for sentence in (candidate.reason, open_question) if sentence)


def _decided(known: ArmStatistics) -> str:
    if known.decided == 0:
        return ""
    if known.decided == 1:
        return (
            "You applied the only one so far."
            if known.accepted
            else ("You did not want the only one so far.")
        )
    return f"You applied {known.accepted} of {known.decided} of these."


def _measured(known: ArmStatistics, unit: str) -> str:
    if known.measured < FEW:
        return ""
    helped = f"It helped in {known.helped} of {known.measured} cases that were measured"
    gained = known.gain()
    if gained is None or not unit:
        return f"{helped}."
    mean, (low, high) = gained
    return f"{helped}, by {mean:+.3g} {unit} on average (90 %: {low:+.3g} to {high:+.3g})."
