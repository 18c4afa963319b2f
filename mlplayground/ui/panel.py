"""A step's panel: inputs, one action, what came of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import ipywidgets as w
import traitlets as t

from mlplayground.ui import static
from mlplayground.ui.controls import Control
from mlplayground.ui.draw import draw
from mlplayground.ui.escape import plain
from mlplayground.ui.html import error_html, notice_html, progress_html
from mlplayground.ui.inputs import Input, make_input
from mlplayground.ui.parts import Advice, Code, Head
from mlplayground.ui.views import CardView, HintView, Tone, View
from mlplayground.ui.widget import Html, mimebundle


class Panel(w.VBox):  # type: ignore[misc]
    """One panel, complete in a cell of its own.

    Methods may be called from any thread. Callbacks come on the kernel's main thread or, while
    a cell runs, on a subshell's; they should be short. An exception in a callback is drawn in
    the panel: what a comm handler raises is seen by nobody.

    Parameters
    ----------
    name : str
        ``"app/step"``; the beginning of its controls' roles.
    title, goal : str
        Its heading, and what the learner will be able to do or say afterwards.
    run_label : str
        A verb; the panel's one primary action. Not drawn without `on_run`.
    on_run : callable(values)
        The action, with :meth:`values`.
    on_cancel : callable()
        Stop what :meth:`show_progress` shows.
    on_change : callable(name, value)
        A control has a new value.
    on_card : callable(card_id, action, reason)
        `action` is ``accepted``, ``dismissed``, ``helpful`` or ``unhelpful``.
    on_hint : callable(hint_id, action)
        `action` is ``next``, ``helped``, ``not_helpful`` or ``dismissed``.
    on_seen : callable(seconds)
        The panel was really visible for so long since the last call.
    on_upload : callable(upload_id)
        A file has arrived at the server.
    on_file : callable(path, name)
        A file has arrived through the kernel's own connection, where there is no server.
    on_undo : callable()
        Draws a quiet "Undo" beside the action.
    """

    finished = t.Bool(False)
    """Whether the panel has shown a result; a shell marks its step as done."""

    def __init__(
        self,
        name: str,
        title: str,
        goal: str,
        *,
        run_label: str = "Run",
        on_run: Callable[[dict[str, Any]], None] | None = None,
        on_cancel: Callable[[], None] | None = None,
        on_change: Callable[[str, Any], None] | None = None,
        on_card: Callable[[str, str, str | None], None] | None = None,
        on_hint: Callable[[str, str], None] | None = None,
        on_seen: Callable[[float], None] | None = None,
        on_upload: Callable[[str], None] | None = None,
        on_file: Callable[[str, str], None] | None = None,
        on_undo: Callable[[], None] | None = None,
    ) -> None:
        self.name = name
        self.title = title
        self.goal = goal
        self._callbacks: dict[str, Callable[..., None] | None] = {
            "run": on_run,
            "cancel": on_cancel,
            "change": on_change,
            "card": on_card,
            "hint": on_hint,
            "seen": on_seen,
            "upload": on_upload,
            "file": on_file,
            "undo": on_undo,
        }
        self._lock = threading.RLock()
        self._inputs: dict[str, Input] = {}
        self._views: tuple[View, ...] = ()
        self._cards: tuple[CardView, ...] = ()
        self._hints: tuple[HintView, ...] = ()
        self._reason: str | None = None
        self._running = False
        self._silent = False
        self._build(run_label)
        super().__init__(children=self._children())
        self.add_class("mlp-panel")

    # What a step sets ----------------------------------------------------------------

    def set_controls(self, controls: Sequence[Control]) -> None:
        """Show these inputs; what the learner put in stays where it is still possible."""
        with self._lock, self._silence():
            kept, self._inputs = self._inputs, {}
            for control in controls:
                old = kept.get(control.name)
                same = old is not None and old.adopt(control)
                self._inputs[control.name] = old if same and old else self._new_input(control)
            widgets = tuple(item.widget for item in self._inputs.values())
            if self._controls.children != widgets:
                self._controls.children = widgets
            for name, item in kept.items():
                if self._inputs.get(name) is not item:
                    item.widget.close()

    def values(self) -> dict[str, Any]:
        """What the controls hold, by their names."""
        with self._lock:
            return {name: item.read() for name, item in self._inputs.items()}

    def set_ready(self, reason: str | None) -> None:
        """Enable the action, or say why it cannot be done now."""
        with self._lock:
            self._reason = reason
            self._update_action()

    def show_progress(
        self, fraction: float | None, message: str = "", seconds_left: float | None = None
    ) -> None:
        """Say what is being done, how far it is (0..1; None where unknown), how long still."""
        with self._lock:
            self._running = True
            self._progress.value = progress_html(fraction, message, seconds_left)
            self._notice.value = ""
            self._update_action()

    def clear_progress(self) -> None:
        """The work has ended."""
        with self._lock:
            self._running = False
            self._progress.value = ""
            self._update_action()

    def show_views(self, views: Iterable[View]) -> None:
        """Replace the result."""
        with self._lock:
            self._views = tuple(views)
            old = self._result.children
            self._result.children = tuple(draw(self._views))
            for widget in old:
                widget.close()
            self.finished = self.finished or bool(self._views)

    def show_cards(self, cards: Iterable[CardView]) -> None:
        """Replace the suggestions."""
        with self._lock:
            self._cards = tuple(cards)
            self._advice.show_cards(self._cards)

    def show_hints(self, hints: Iterable[HintView]) -> None:
        """Replace the hints."""
        with self._lock:
            self._hints = tuple(hints)
            self._advice.show_hints(self._hints)

    def show_code(self, source: str) -> None:
        """Offer plain code that does the same; nothing where `source` is empty."""
        self._code.source = plain(source)

    def show_notice(self, text: str, tone: Tone = "info") -> None:
        """Say one thing under the action; the next run or notice replaces it."""
        self._notice.value = notice_html(text, tone)

    def show_error(self, text: str) -> None:
        """Say what went wrong, where, and what to do; screen readers read it at once."""
        self._notice.value = error_html(text)

    # What a session asks -------------------------------------------------------------

    def roles(self) -> dict[str, str]:
        """The widgets that the recorder may look at: ``{model_id: "app/step/control"}``."""
        with self._lock:
            parts = {name: item.widget for name, item in self._inputs.items()}
        parts |= {"run": self._run, "cancel": self._cancel, "undo": self._undo}
        return {widget.model_id: f"{self.name}/{role}" for role, widget in parts.items()}

    def static_html(self) -> str:
        """The panel as it is now, for a page without a kernel."""
        with self._lock:
            return static.to_html(
                self.title, (*self._views, *self._cards, *self._hints), goal=self.goal
            )

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return mimebundle(self, f"{self.title}: {self.goal}", self.static_html())

    # Inside ------------------------------------------------------------------------

    def _build(self, run_label: str) -> None:
        seen = self._caught("seen") if self._callbacks["seen"] else None
        self._head = Head(self.name, self.title, self.goal, seen)
        self._controls = w.Box()
        self._controls.add_class("mlp-controls")
        self._run = make_button(run_label, self._on_run, primary=True)
        self._undo = make_button("Undo", lambda: self._caught("undo")())
        self._cancel = make_button("Cancel", lambda: self._caught("cancel")())
        self._why = Html("", "mlp-why")
        self._progress = Html("", "mlp-progress-slot")
        self._notice = Html("", "mlp-notice-slot")
        self._result = w.VBox()
        self._result.add_class("mlp-result")
        self._advice = Advice(self._on_card, self._caught("hint"))
        self._code = Code()

    def _children(self) -> tuple[Any, ...]:
        buttons = [self._run] if self._callbacks["run"] else []
        buttons += [self._undo] if self._callbacks["undo"] else []
        action = w.Box(children=(*buttons, self._cancel, self._why))
        action.add_class("mlp-action")
        self._update_action()
        return (
            self._head,
            self._controls,
            action,
            self._progress,
            self._notice,
            self._result,
            self._advice,
            self._code,
        )

    def _update_action(self) -> None:
        reason = "" if self._running else self._reason or ""
        self._run.disabled = bool(self._running or self._reason)
        self._undo.disabled = self._run.disabled
        self._run.tooltip = plain(reason) or ("Working" if self._running else None)
        self._why.value = notice_html(reason, "why") if reason else ""
        self._cancel.layout.display = "" if self._running and self._callbacks["cancel"] else "none"

    def _new_input(self, control: Control) -> Input:
        uploads = {"on_upload": self._caught("upload"), "on_file": self._caught("file")}
        made = make_input(control, uploads)
        trait = "source" if made.widget.has_trait("source") else "value"
        made.widget.observe(lambda _change: self._changed(made), names=trait)
        return made

    @contextmanager
    def _silence(self) -> Iterator[None]:
        """While the step itself sets values, it need not hear of them."""
        self._silent = True
        try:
            yield
        finally:
            self._silent = False

    def _changed(self, made: Input) -> None:
        if self._silent:
            return
        self._caught("change")(made.control.name, made.read())

    def _on_run(self) -> None:
        self._notice.value = ""
        self._caught("run")(self.values())

    def _on_card(self, card_id: str, action: str, reason: str | None) -> None:
        if not self._attempt("card", card_id, action, reason):
            return
        with self._lock:
            if action in ("accepted", "dismissed"):
                self._advice.settle(card_id, decided=action)
            else:
                self._advice.settle(card_id, rated=action)

    def _caught(self, callback: str) -> Callable[..., None]:
        def call(*args: Any) -> None:
            self._attempt(callback, *args)

        return call

    def _attempt(self, callback: str, *args: Any) -> bool:
        function = self._callbacks[callback]
        try:
            if function is not None:
                function(*args)
        except Exception as error:
            self.clear_progress()
            self.show_error(str(error) or type(error).__name__)
            return False
        return True


def make_button(label: str, click: Callable[[], None], primary: bool = False) -> Any:
    """A button; what `click` raises must be caught in it."""
    button = w.Button(description=label, layout=w.Layout(width="auto"))
    button.add_class("mlp-primary" if primary else "mlp-secondary")
    button.on_click(lambda _button: click())
    return button
