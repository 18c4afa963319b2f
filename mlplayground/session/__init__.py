"""One learner at work: the services bound together, and the base classes of apps."""

from __future__ import annotations

from mlplayground.session.app import App
from mlplayground.session.door import home, open_app, start
from mlplayground.session.session import Session
from mlplayground.session.step import Step, StepResult

__all__ = ["App", "Session", "Step", "StepResult", "home", "open_app", "start"]
