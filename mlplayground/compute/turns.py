"""Places that are given out in the order of asking."""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """A counting semaphore that is fair, and whose waiting can be given up."""

    def __init__(self, places: int) -> None:
        self._lock = threading.Lock()
        self._free = places
        self._waiting: deque[threading.Event] = deque()

    def ask(self) -> threading.Event:
        """Return an event that is set when it is your turn."""
        turn = threading.Event()
        with self._lock:
            if self._free:
                self._free -= 1
                turn.set()
            else:
                self._waiting.append(turn)
        return turn

    def give_back(self, turn: threading.Event) -> None:
        """Free the place that was got or still waited for; the next one's turn comes."""
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)
            elif self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1
