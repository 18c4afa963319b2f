"""A panel says what can be done, what is being done, and what went wrong."""

from __future__ import annotations

import threading
from typing import Any

import pandas as pd
import pytest

from mlplayground import ui
from mlplayground.errors import InputError
from mlplayground.ui.controls import Choice, Columns, Number, Text, Toggle
from mlplayground.ui.views import CardView, ChartView, Finding, HintView, TableView

CARD = CardView("c1", "Fill `age`", 0.012, (0.004, 0.02), "AUC", "why", "evidence")


def panel(**callbacks: Any) -> ui.Panel:
    return ui.Panel("demo/look", "Quality", "Find what is wrong.", **callbacks)


def press(made: ui.Panel, label: str) -> None:
    button = next(b for b in (made._run, made._undo, made._cancel) if b.description == label)
    assert not button.disabled
    button.click()


def said(made: ui.Panel) -> str:
    return str(made._notice.value)


def message(part: Any, **content: Any) -> None:
    part._handle_custom_msg(content, [])


def test_the_action_gets_the_values_of_the_controls() -> None:
    got: list[dict[str, Any]] = []
    made = panel(on_run=got.append, run_label="Look")
    made.set_controls(
        (
            Choice("metric", "Metric", "auc", (("auc", "Area"), ("acc", "Accuracy"))),
            Columns("target", "Target", None, ("a", "b"), optional=True),
            Columns("features", "Features", ("b",), ("a", "b"), multiple=True),
            Number("folds", "Folds", 5, 2, 10, slider=True),
            Number("share", "Share", 0.2, 0.0, 1.0, step=0.1),
            Toggle("shuffle", "Shuffle", True),
            Text("note", "Note", "none yet"),
        )
    )
    press(made, "Look")
    assert got == [
        {
            "metric": "auc",
            "target": None,
            "features": ("b",),
            "folds": 5,
            "share": 0.2,
            "shuffle": True,
            "note": "none yet",
        }
    ]


def test_a_button_that_cannot_be_pressed_says_why_beside_it_and_in_its_tooltip() -> None:
    made = panel(on_run=lambda values: None)
    made.set_ready("Choose a <b>target</b> first")
    assert made._run.disabled
    assert made._run.tooltip == "Choose a <b>target</b> first"
    assert "Choose a &lt;b&gt;target&lt;/b&gt; first" in made._why.value
    made.set_ready(None)
    assert (made._run.disabled, made._run.tooltip, made._why.value) == (False, None, "")


def test_work_shows_how_far_it_is_and_can_be_cancelled() -> None:
    cancelled: list[bool] = []
    made = panel(on_run=lambda values: None, on_cancel=lambda: cancelled.append(True))
    made.show_progress(0.35, "Trying 8 settings", 12.2)
    assert made._run.disabled
    for text in ("Trying 8 settings", 'value="0.350"', "35%", "about 12 s left"):
        assert text in made._progress.value
    press(made, "Cancel")
    assert cancelled == [True]
    made.clear_progress()
    assert (made._progress.value, made._run.disabled) == ("", False)
    assert made._cancel.layout.display == "none"


def test_work_of_unknown_length_is_not_given_a_length() -> None:
    made = panel(on_run=lambda values: None)
    made.show_progress(None, "Reading")
    assert "value=" not in made._progress.value


@pytest.mark.parametrize("act", ["run", "cancel", "undo", "card", "hint", "change", "seen"])
def test_what_a_callback_raises_is_drawn_in_the_panel(act: str) -> None:
    def fail(*_: Any) -> None:
        raise InputError("`age` must be <number>.")

    made = panel(**{f"on_{act}": fail}, run_label="Look")
    made.set_controls((Toggle("t", "T"),))
    made.show_cards((CARD,))
    made.show_hints((HintView("h1", "?"),))
    if act == "change":
        made._inputs["t"].widget.value = True
    elif act in ("card", "hint"):
        message(
            made._advice,
            kind=act,
            id=f"{act[0]}1",
            action="helped" if act == "hint" else "accepted",
        )
    elif act == "seen":
        message(made._head, kind="seen", seconds=3)
    else:
        made.show_progress(0.1, "x") if act == "cancel" else None
        press(made, {"run": "Look", "cancel": "Cancel", "undo": "Undo"}[act])
    assert "<code>age</code> must be &lt;number&gt;." in said(made)
    assert 'role="alert"' in said(made)
    assert not made._running


def test_a_card_whose_act_failed_can_be_pressed_again() -> None:
    def fail(*_: Any) -> None:
        raise InputError("Not now.")

    made = panel(on_card=fail)
    made.show_cards((CARD,))
    message(made._advice, kind="card", id="c1", action="accepted")
    assert made._advice.states == {}


def test_cards_and_hints_report_what_was_done_with_them() -> None:
    acts: list[tuple[Any, ...]] = []
    made = panel(on_card=lambda *act: acts.append(act), on_hint=lambda *act: acts.append(act))
    made.show_cards((CARD, CardView("c2", "Drop", place=1)))
    made.show_hints((HintView("h1", "When?", 2, 3),))
    message(made._advice, kind="card", id="c1", action="accepted", reason=None)
    message(made._advice, kind="card", id="c2", action="dismissed", reason="already_done")
    message(made._advice, kind="card", id="c2", action="unhelpful", reason=None)
    message(made._advice, kind="hint", id="h1", action="next")
    assert acts == [
        ("c1", "accepted", None),
        ("c2", "dismissed", "already_done"),
        ("c2", "unhelpful", None),
        ("h1", "next"),
    ]
    assert made._advice.states == {
        "c1": {"decided": "accepted"},
        "c2": {"decided": "dismissed", "rated": "unhelpful"},
    }
    assert made._advice.hints[0]["name"] == "A pointer"


@pytest.mark.parametrize(
    "strange",
    [
        {"kind": "card", "id": "c9", "action": "accepted"},
        {"kind": "card", "id": "c1", "action": "explode"},
        {"kind": "card", "id": "c1", "action": "dismissed", "reason": "<script>"},
        {"kind": "card", "id": ["c1"], "action": {"a": 1}},
        {},
    ],
)
def test_messages_that_no_button_sends_are_ignored(strange: dict[str, Any]) -> None:
    acts: list[tuple[Any, ...]] = []
    made = panel(on_card=lambda *act: acts.append(act))
    made.show_cards((CARD,))
    message(made._advice, **strange)
    assert acts == []


def test_cards_keep_their_place_and_forget_those_that_went() -> None:
    made = panel(on_card=lambda *act: None)
    made.show_cards((CardView("b", "Second", place=1), CardView("a", "First", place=0)))
    assert [card["id"] for card in made._advice.cards] == ["a", "b"]
    message(made._advice, kind="card", id="a", action="dismissed")
    made.show_cards((CardView("b", "Second"),))
    assert made._advice.states == {}


def test_what_the_learner_chose_stays_when_the_step_draws_its_controls_anew() -> None:
    changes: list[tuple[str, Any]] = []
    made = panel(on_change=lambda *change: changes.append(change))
    made.set_controls((Columns("c", "Column", None, ("a", "b"), optional=True), Toggle("t", "T")))
    widget = made._inputs["c"].widget
    widget.value = 2
    assert changes == [("c", "b")]
    made.set_controls((Columns("c", "Column", None, ("new", "b"), optional=True), Toggle("t", "T")))
    assert made.values() == {"c": "b", "t": False}
    assert made._inputs["c"].widget is widget
    made.set_controls((Columns("c", "Column", "new", ("new", "b"), optional=True),))
    assert made.values() == {"c": "new"}
    made.set_controls((Columns("c", "Column", None, ("x",), optional=True),))
    assert made.values() == {"c": None}
    assert changes == [("c", "b")]


def test_several_columns_stay_chosen_as_far_as_they_are_still_there() -> None:
    made = panel()
    made.set_controls((Columns("c", "Columns", (), ("a", "b", "c"), multiple=True),))
    made._inputs["c"].widget.value = (0, 2)
    made.set_controls((Columns("c", "Columns", (), ("b", "c"), multiple=True),))
    assert made.values() == {"c": ("c",)}


def test_roles_name_each_control_and_the_buttons() -> None:
    made = panel(on_run=lambda values: None)
    made.set_controls((Toggle("shuffle", "Shuffle"),))
    roles = made.roles()
    assert set(roles.values()) == {f"demo/look/{r}" for r in ("shuffle", "run", "cancel", "undo")}
    assert roles[made._inputs["shuffle"].widget.model_id] == "demo/look/shuffle"


def test_views_that_were_replaced_are_closed() -> None:
    frame = pd.DataFrame({"a": [1]})
    made = panel()
    figure = {"data": [{"type": "bar", "x": ["a"], "y": [1]}], "layout": {}}
    made.show_views((Finding("one"), ChartView(figure, "t", "alt"), TableView(frame, "c")))
    text, chart, table = made._result.children
    made.show_views((Finding("two"),))
    assert [widget.comm is None for widget in (text, chart, table)] == [True] * 3


def test_a_suggestion_among_the_views_is_refused_with_the_way_to_show_it() -> None:
    with pytest.raises(TypeError, match="show_cards"):
        panel().show_views((CARD,))


def test_seconds_that_nobody_looked_are_not_reported() -> None:
    seen: list[float] = []
    made = panel(on_seen=seen.append)
    for seconds in (2.5, -1, 0, 1e9, "3", True, float("nan")):
        message(made._head, kind="seen", seconds=seconds)
    assert seen == [2.5]


def test_many_threads_may_draw_at_once() -> None:
    made = panel(on_run=lambda values: None)
    failures: list[BaseException] = []

    def draw(number: int) -> None:
        try:
            for step in range(20):
                made.show_progress(step / 20, f"{number}")
                made.set_controls((Number("n", "N", number, 0, 100), Toggle("t", "T")))
                made.show_views((Finding(f"{number}"),))
                made.clear_progress()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=draw, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(made._result.children) == 1
    assert not made._run.disabled


def test_a_shell_shows_one_step_and_marks_what_is_done() -> None:
    first, second = panel(), ui.Panel("demo/next", "Next", "Go on.")
    shell = ui.Shell("Explorer", "Meet a dataset.", [first, second])
    assert shell._stage.children == (first,)
    assert shell._next.layout.display == "none"
    first.show_views((Finding("done"),))
    assert shell._steps.done == [True, False]
    assert (shell._next.description, shell._next.layout.display) == ("Next: Next", "")
    shell._next.click()
    assert shell._next.layout.display == "none"
    assert shell.current == 1
    assert "mlp-away" in first._dom_classes
    assert "mlp-away" not in second._dom_classes
    shell.go_to("demo/look")
    assert "mlp-away" not in first._dom_classes
    with pytest.raises(KeyError, match="demo/next"):
        shell.go_to("demo/none")


def test_a_stacked_shell_shows_all_steps() -> None:
    panels = [panel(), ui.Panel("demo/next", "Next", "Go on.")]
    assert ui.Shell("E", "S", panels, stacked=True)._stage.children == tuple(panels)


def test_the_announcement_opens_with_what_the_recorder_reads() -> None:
    about = {"version": "1", "user": "ada", "session": "s"}
    made = ui.Announcement(about)
    state = made.get_state()
    assert (state["mlplayground"], state["mlplayground_roles"]) == (about, {})
    assert state["notice"] is False


def test_the_first_run_notice_reports_the_choice_and_shows_a_failure() -> None:
    chosen: list[bool] = []

    def choose(on: bool) -> None:
        if not on:
            raise OSError("The disk is full")
        chosen.append(on)

    made = ui.Announcement({}, notice=True, home="/home/ada", on_choice=choose)
    message(made, kind="choice", on="yes")
    message(made, kind="choice", on=True)
    assert (chosen, made.choice, made.problem) == ([True], True, "")
    message(made, kind="choice", on=False)
    assert made.choice is True
    assert "The disk is full" in made.problem
