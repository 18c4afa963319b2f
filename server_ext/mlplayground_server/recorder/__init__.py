"""What only the wire knows: cells run and widgets moved, in kernels that asked for it.

The event loop copies, queues and returns (:mod:`.tap`); one thread decodes, understands and
journals (:mod:`.flusher`). Shapes are kept, never contents.
"""

from __future__ import annotations

from mlplayground_server.recorder.flusher import Recorder
from mlplayground_server.recorder.tap import Tap, recorded

__all__ = ["Recorder", "Tap", "recorded"]
