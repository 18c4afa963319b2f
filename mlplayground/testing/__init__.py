"""Contract suites: what every implementation of an interface of ours must do.

A suite is a class of tests. Subclass it in a test module of yours, give the fixture that its
docstring names, and pytest runs it on your implementation. Only pytest is needed for it.
"""

from __future__ import annotations
