"""Controls as widgets, with their values on the way in and out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ipywidgets as w

from mlplayground.ui.controls import (
    Choice,
    Columns,
    Control,
    DatasetPicker,
    Number,
    Text,
    Toggle,
)
from mlplayground.ui.escape import plain

_NONE = "(none)"
_WIDE = {"width": "auto"}


@dataclass(frozen=True, slots=True)
class Input:
    """A control with its widget.

    Attributes
    ----------
    control : Control
        What was asked for.
    widget : ipywidgets.Widget
        What the learner works with.
    read : callable
        The value as Python sees it.
    """

    control: Control
    widget: Any
    read: Callable[[], Any]


def make_input(control: Control, uploads: Mapping[str, Any] | None = None) -> Input:
    """The widget of `control`; `uploads` are the callbacks of a dataset picker."""
    if isinstance(control, Choice):
        return _choice(control)
    if isinstance(control, Columns):
        return _columns(control)
    if isinstance(control, Number):
        return _plain(control, _number(control))
    if isinstance(control, Toggle):
        toggle = w.Checkbox(value=control.value, indent=False, **_texts(control))
        return _plain(control, toggle, stacked=False)
    if isinstance(control, Text):
        return _plain(control, _text(control))
    return _picker(control, uploads or {})


def _texts(control: Control) -> dict[str, Any]:
    # A control without a tooltip still has its description as its accessible name.
    return {
        "description": plain(control.label),
        "tooltip": plain(control.help) or None,
        "layout": w.Layout(**_WIDE),
        "style": {"description_width": "auto"},
    }


def _dress(widget: Any, stacked: bool = True) -> Any:
    widget.add_class("mlp-control")
    if stacked:
        widget.add_class("mlp-stacked")
    return widget


def _plain(control: Control, widget: Any, stacked: bool = True) -> Input:
    return Input(control, _dress(widget, stacked), lambda: widget.value)


def _choice(control: Choice) -> Input:
    options = [(plain(label), value) for value, label in control.pairs()]
    widget = w.Dropdown(options=options, value=control.value, **_texts(control))
    return _plain(control, widget)


def _columns(control: Columns) -> Input:
    # Positions, not names, are the options: a name may be empty or look like another one.
    options = [(plain(name) or "(no name)", name) for name in control.options]
    if control.multiple:
        chosen = control.value if isinstance(control.value, tuple) else ()
        many = w.SelectMultiple(
            options=options, value=chosen, rows=min(6, max(3, len(options))), **_texts(control)
        )
        return Input(control, _dress(many), lambda: tuple(many.value))
    if control.optional:
        options.insert(0, (_NONE, None))
    one = w.Dropdown(options=options, value=control.value, **_texts(control))
    return _plain(control, one)


def _number(control: Number) -> Any:
    texts = _texts(control)
    if control.unit:
        texts["description"] = f"{texts['description']} ({plain(control.unit)})"
    bounds = {"value": control.value, "min": control.low, "max": control.high}
    if control.slider:
        # The value travels when the handle is let go: work may hang on it.
        kind = w.IntSlider if control.whole else w.FloatSlider
        return kind(**bounds, step=control.step, continuous_update=False, **texts)
    kind = w.BoundedIntText if control.whole else w.BoundedFloatText
    return kind(**bounds, step=control.step, **texts)


def _text(control: Text) -> Any:
    texts = _texts(control) | {"placeholder": plain(control.placeholder), "value": control.value}
    if control.lines > 1:
        return w.Textarea(rows=control.lines, continuous_update=False, **texts)
    return w.Text(continuous_update=False, **texts)


def _picker(control: DatasetPicker, uploads: Mapping[str, Any]) -> Input:
    from mlplayground.ui.picker import Picker

    picker = Picker(control, **uploads)
    picker.add_class("mlp-control")
    return Input(control, picker, lambda: picker.source)
