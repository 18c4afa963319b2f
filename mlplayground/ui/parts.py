"""The parts of a panel that ipywidgets does not have."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import traitlets as t

from mlplayground.ui import assets
from mlplayground.ui.escape import plain
from mlplayground.ui.format import gain
from mlplayground.ui.views import CardView, HintView
from mlplayground.ui.widget import Part

HINT_NAMES = ("A question", "A pointer", "The answer")
CARD_ACTIONS = frozenset({"accepted", "dismissed", "helpful", "unhelpful"})
HINT_ACTIONS = frozenset({"next", "helped", "not_helpful", "dismissed"})
REASONS = frozenset({"not_now", "wrong_for_my_data", "already_done", "do_not_understand", "other"})


class Head(Part):
    """Title and goal of a panel; also counts the seconds for which it is really seen.

    Seconds come as messages while they are spent, and with a beacon to the server where the
    page goes away.
    """

    _esm = assets.module("head")
    _css = assets.style("base", "panel")

    name = t.Unicode().tag(sync=True)
    title = t.Unicode().tag(sync=True)
    goal = t.Unicode().tag(sync=True)
    measured = t.Bool(False).tag(sync=True)

    def __init__(
        self, name: str, title: str, goal: str, on_seen: Callable[[float], None] | None
    ) -> None:
        super().__init__(
            name=name, title=plain(title), goal=plain(goal), measured=on_seen is not None
        )
        self._on_seen = on_seen

    def heard(self, message: dict[str, Any], buffers: list[Any]) -> None:
        seconds = message.get("seconds")
        if self._on_seen is None or not isinstance(seconds, int | float):
            return
        # A tab asleep for days is not a learner who looked for days; True is no number of seconds.
        if 0 < seconds < 3600 and seconds is not True:
            self._on_seen(float(seconds))


class Advice(Part):
    """Suggestion cards and hints."""

    _esm = assets.module("advice")

    cards = t.List(t.Dict()).tag(sync=True)
    hints = t.List(t.Dict()).tag(sync=True)
    states = t.Dict().tag(sync=True)

    def __init__(
        self,
        on_card: Callable[[str, str, str | None], None],
        on_hint: Callable[[str, str], None],
    ) -> None:
        super().__init__()
        self._on_card = on_card
        self._on_hint = on_hint

    def show_cards(self, views: Iterable[CardView]) -> None:
        """Replace the cards; what the learner did with one that stays is kept."""
        cards = [_card(view) for view in sorted(views, key=lambda view: view.place)]
        shown = {card["id"] for card in cards}
        self.states = {key: state for key, state in self.states.items() if key in shown}
        self.cards = cards

    def show_hints(self, views: Iterable[HintView]) -> None:
        """Replace the hints."""
        self.hints = [_hint(view) for view in views]

    def settle(self, card_id: str, **state: str) -> None:
        """Draw what the learner did with a card."""
        self.states = {**self.states, card_id: {**self.states.get(card_id, {}), **state}}

    def heard(self, message: dict[str, Any], buffers: list[Any]) -> None:
        ident, action = message.get("id"), message.get("action")
        reason = message.get("reason")
        if message.get("kind") == "card" and _shown(self.cards, ident):
            if action in CARD_ACTIONS and (reason is None or reason in REASONS):
                self._on_card(str(ident), str(action), reason)
        elif _shown(self.hints, ident) and action in HINT_ACTIONS:
            self._on_hint(str(ident), str(action))


class Code(Part):
    """Plain code that does the same as the panel, folded away."""

    _esm = assets.module("code")

    source = t.Unicode().tag(sync=True)


def _shown(items: Iterable[dict[str, Any]], ident: object) -> bool:
    return any(item["id"] == ident for item in items)


def _card(view: CardView) -> dict[str, Any]:
    return {
        "id": view.id,
        "title": plain(view.title),
        "gain": gain(view.expected, view.interval, view.unit),
        "reason": plain(view.reason),
        "evidence": plain(view.evidence),
    }


def _hint(view: HintView) -> dict[str, Any]:
    # A ladder of another length than three has no names for its rungs.
    named = HINT_NAMES[view.rung - 1] if view.rungs == 3 and 1 <= view.rung <= 3 else "Hint"
    return {
        "id": view.id,
        "text": plain(view.text),
        "name": named,
        "rung": view.rung,
        "rungs": view.rungs,
    }
