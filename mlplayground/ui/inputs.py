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

_WIDE = {"width": "auto"}


@dataclass(slots=True)
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
    write : callable or None
        Turns the widget into that of a control of the same shape.
    """

    control: Control
    widget: Any
    read: Callable[[], Any]
    write: Callable[[Any], None] | None = None

    def adopt(self, control: Control) -> bool:
        """Become `control` without a new widget, so that neither focus nor choice is lost.

        A choice of the learner's stays, unless `control` comes with another value than before
        or no longer offers it. False where a new widget is needed.
        """
        if control == self.control:
            return True
        if self.write is None or _shape(control) != _shape(self.control):
            return False
        self.write(control)
        self.control = control
        return True


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


def _shape(control: Control) -> tuple[Any, ...]:
    """What cannot change without a new widget."""
    parts: tuple[Any, ...] = (type(control), control.name, control.label, control.help)
    if isinstance(control, Columns):
        return (*parts, control.multiple, control.optional)
    return parts


def _choice(control: Choice) -> Input:
    return _select(control, lambda new: [(plain(label), value) for value, label in new.pairs()])


def _columns(control: Columns) -> Input:
    return _many(control) if control.multiple else _select(control, _column_options)


def _column_options(control: Columns) -> list[tuple[str, Any]]:
    options: list[tuple[str, Any]] = [
        (plain(name) or "(no name)", name) for name in control.options
    ]
    return [("(none)", None), *options] if control.optional else options


def _select(control: Any, options: Callable[[Any], list[tuple[str, Any]]]) -> Input:
    """One of several, by position: ipywidgets takes the value None for "nothing chosen"."""
    values = [value for _, value in options(control)]
    widget = w.Dropdown(
        options=_positions(options(control)),
        value=_position(values, control.value),
        **_texts(control),
    )

    def read() -> Any:
        return values[widget.value] if widget.value is not None else None

    def write(new: Any) -> None:
        wanted = read() if new.value == made.control.value else new.value
        values[:] = [value for _, value in options(new)]
        widget.options = _positions(options(new))
        known = wanted in values
        widget.value = _position(values, wanted if known else new.value)

    made = Input(control, _dress(widget), read, write)
    return made


def _many(control: Columns) -> Input:
    """Any number of columns."""
    values = list(control.options)
    rows = min(6, max(3, len(values)))
    widget = w.SelectMultiple(rows=rows, **_texts(control))

    def read() -> tuple[str, ...]:
        return tuple(values[position] for position in widget.value)

    def write(new: Columns) -> None:
        wanted = read() if new.value == made.control.value else new.value or ()
        values[:] = new.options
        widget.options = _positions(_column_options(new))
        widget.value = tuple(values.index(name) for name in wanted if name in values)

    made = Input(control, _dress(widget), read, write)
    widget.options = _positions(_column_options(control))
    widget.value = tuple(values.index(name) for name in control.value or () if name in values)
    return made


def _positions(options: list[tuple[str, Any]]) -> list[tuple[str, int]]:
    return [(label, position) for position, (label, _) in enumerate(options)]


def _position(values: list[Any], value: Any) -> int | None:
    return values.index(value) if value in values else None


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
    return Input(control, picker, lambda: picker.source, picker.adopt)
