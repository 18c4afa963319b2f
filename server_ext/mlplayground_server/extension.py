"""Wires recorder, routes, push and Voila into a Jupyter server."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jupyter_core.paths import jupyter_runtime_dir
from jupyter_server.extension.application import ExtensionApp
from jupyter_server.serverapp import ServerApp
from traitlets import Float

from mlplayground import __version__
from mlplayground_server import voila
from mlplayground_server.core import actions
from mlplayground_server.core.services import Services
from mlplayground_server.handlers import ROUTES
from mlplayground_server.push import Pusher
from mlplayground_server.recorder import Recorder, Tap, recorded
from mlplayground_server.recorder.memory import AnnouncedKernels

_CONNECTION = "kernel_websocket_connection_class"


class MLPlaygroundServer(ExtensionApp):
    """The extension, as Jupyter loads it. It is light: what needs the database comes later."""

    name = "mlplayground_server"
    version = __version__

    voila_grace = Float(
        120.0,
        min=1.0,
        config=True,
        help="Seconds after which a Voila kernel without an open page is shut down.",
    )

    def _link_jupyter_server_extension(self, serverapp: ServerApp) -> None:
        super()._link_jupyter_server_extension(serverapp)
        voila.configure(serverapp.config)

    def initialize_settings(self) -> None:
        """Make the parts, and put the recorder between kernels and browsers."""
        app = self.serverapp
        assert app is not None, "Jupyter links an extension before it initializes it"
        self.services = Services()
        self.executor = ThreadPoolExecutor(4, thread_name_prefix="mlplayground")
        self.pusher = Pusher(self.services, app.event_logger, self.executor, self.log)
        announced = AnnouncedKernels(Path(jupyter_runtime_dir()) / "mlplayground")
        tap = Tap(self.log, known=announced.processes(), on_idle=self.pusher.nudge)
        self.recorder = Recorder(
            tap, self.services, announced, self.log, on_written=self.pusher.nudge_from_thread
        )
        # The class is looked up at each connection, so this covers JupyterLab and Voila alike.
        self.settings[_CONNECTION] = recorded(self.settings[_CONNECTION], tap)
        self.voila_kernels = voila.VoilaKernels(app.kernel_manager, self.voila_grace, self.log)

    def initialize_handlers(self) -> None:
        """Add the routes."""
        self.handlers.extend(ROUTES)

    async def _start_jupyter_server_extension(self, serverapp: ServerApp) -> None:
        self.recorder.start()
        self.pusher.start()
        self.voila_kernels.start()

    async def stop_extension(self) -> None:
        """Journal what is still open and end all threads."""
        self.voila_kernels.stop()
        self.pusher.stop()
        self.recorder.stop()
        self.executor.shutdown(wait=True)
        self.services.close()

    def forget(self, user: str) -> None:
        """Delete everything of the learner, here and in what is not yet written. It may block."""
        self.recorder.forget_user(user, lambda: actions.forget(self.services, user))
