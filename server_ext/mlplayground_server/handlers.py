"""HTTP outside, the functions of :mod:`.core` inside; nothing is decided here."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar, cast

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web
from tornado.ioloop import IOLoop

from mlplayground.errors import MLPlaygroundError
from mlplayground_server.core import actions, state
from mlplayground_server.core.requests import parse
from mlplayground_server.core.services import Services
from mlplayground_server.core.uploads import Upload
from mlplayground_server.failures import FailedRequest, Failure, failure_of

if TYPE_CHECKING:
    from mlplayground_server.extension import MLPlaygroundServer

RESOURCE = "mlplayground"
_T = TypeVar("_T")


class Handler(APIHandler):
    """What all routes share: whose server it is, threads for what blocks, one error envelope."""

    auth_resource = RESOURCE

    @property
    def extension(self) -> MLPlaygroundServer:
        """The extension that this handler belongs to."""
        return self.settings["mlplayground_server"]  # type: ignore[no-any-return]

    @property
    def services(self) -> Services:
        """The learner's services."""
        return self.extension.services

    async def prepare(self) -> None:  # type: ignore[override]
        """Refuse whoever is not signed in, whatever is asked; before a body is taken."""
        await super().prepare()
        if self.current_user is None and self.request.method != "OPTIONS":
            raise web.HTTPError(403)

    async def call(self, function: Callable[..., _T], *args: Any) -> _T:
        """Run a blocking `function` in a thread."""
        return await IOLoop.current().run_in_executor(self.extension.executor, function, *args)

    def body(self, schema: str) -> dict[str, Any]:
        """The request's JSON body, checked against a schema of ``openapi.yaml``."""
        return parse(self.request.body, schema)

    def written(self, seq: int) -> None:
        """Answer that something was journalled, and tell the sidebars."""
        self.extension.pusher.nudge()
        self.finish(json.dumps({"seq": seq}))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Deliberate errors are answers, not faults of the server."""
        if isinstance(value, MLPlaygroundError):
            self.log.info("%s %s: %s", self.request.method, self.request.path, value)
        else:
            super().log_exception(typ, value, tb)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with the error envelope."""
        exc_info = kwargs.get("exc_info") or (None, None, None)
        failure = failure_of(exc_info[1], status_code)
        self.set_status(failure.status)
        self.finish(json.dumps(failure.to_dict()))


class StateHandler(Handler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        # Touching the token sets the `_xsrf` cookie: a page that was opened with a token in its
        # address (Voila) has none, and could then neither upload nor end its kernel.
        _ = self.xsrf_token
        self.finish(json.dumps(await self.call(state.assemble, self.services)))


class PreferencesHandler(Handler):
    @web.authenticated
    @authorized
    async def put(self) -> None:
        wanted = self.body("Preferences")
        self.written(await self.call(actions.set_preferences, self.services, wanted))


class HintHandler(Handler):
    @web.authenticated
    @authorized
    async def post(self, hint: str) -> None:
        action = self.body("HintAnswer")["action"]
        self.written(await self.call(actions.answer_hint, self.services, hint, action))


class ViewsHandler(Handler):
    @web.authenticated
    @authorized
    async def post(self) -> None:
        view = self.body("View")
        panel, seconds = view["panel"], view["seconds"]
        self.written(await self.call(actions.view_panel, self.services, panel, seconds))


class ExportHandler(Handler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        self.set_attachment_header(f"mlplayground-{self.services.user}.zip")
        self.set_header("Content-Type", "application/zip")
        try:
            await self.call(_export, self.services, _Download(self))
        except Exception:
            if not self._headers_written:
                self.clear()
                raise
            # Part of the archive is with the client: cut the connection, or it would look whole.
            self.log.exception("An export broke off.")
            self.detach().close()
            return
        await self.finish(set_content_type="application/zip")


class ForgetHandler(Handler):
    @web.authenticated
    @authorized
    async def post(self) -> None:
        user = self.body("Forget")["user"]
        await self.call(self.extension.forget, user)
        self.extension.pusher.nudge()
        self.finish(json.dumps({"user": user}))


@web.stream_request_body
class UploadHandler(Handler):
    """Writes the body to a temporary file as it comes, so a file may be larger than the memory.

    What is refused is still read to its end: an answer before that would be lost to most clients,
    who look for one only when they have sent everything.
    """

    upload: Upload | None = None
    _failed: Exception | None = None

    async def prepare(self) -> None:  # type: ignore[override]
        await super().prepare()
        # The verb's decorators run when the body is there; this runs before it is taken.
        allowed = self.authorizer.is_authorized(self, self.current_user, "write", RESOURCE)
        if self.request.method == "PUT" and await ensure_async(allowed):
            try:
                await self._open()
            except Exception as error:
                self._failed = error

    async def _open(self) -> None:
        length = self.request.headers.get("Content-Length", "")
        if not length.isdecimal():
            raise FailedRequest(
                Failure(411, "length_required", "An upload must say its Content-Length.")
            )
        # What is too large is refused in words; Tornado's own answer would have none.
        self.request.connection.set_max_body_size(int(length))  # type: ignore[union-attr]
        self.upload = Upload(self.services, self.get_query_argument("name", ""))
        await self.call(self.upload.open, int(length))

    async def data_received(self, chunk: bytes) -> None:
        if self.upload is None or self._failed is not None:
            return
        try:
            await self.call(self.upload.write, chunk)
        except Exception as error:
            self._failed = error

    @web.authenticated
    @authorized
    async def put(self) -> None:
        if self._failed is not None:
            raise self._failed
        assert self.upload is not None, "prepare() made it, or failed"
        answer = await self.call(self.upload.commit)
        self.set_status(201)
        self.finish(json.dumps(answer))

    def on_finish(self) -> None:
        self._discard()

    def on_connection_close(self) -> None:
        super().on_connection_close()
        self._discard()

    def _discard(self) -> None:
        if self.upload is not None:
            self.extension.executor.submit(self.upload.discard)


class NotFoundHandler(Handler):
    """Whatever else is asked below our path gets the envelope too, not a page."""

    async def prepare(self) -> None:  # type: ignore[override]
        await super().prepare()
        raise web.HTTPError(404)


class _Download:
    """A binary file that a thread writes and a client reads, as fast as the client takes it."""

    _SIZE = 256 * 1024

    def __init__(self, handler: web.RequestHandler) -> None:
        self._handler = handler
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray()

    def write(self, data: bytes) -> int:
        self._buffer += data
        if len(self._buffer) >= self._SIZE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        piece, self._buffer = bytes(self._buffer), bytearray()
        if piece:
            asyncio.run_coroutine_threadsafe(self._send(piece), self._loop).result()

    async def _send(self, piece: bytes) -> None:
        self._handler.write(piece)
        await self._handler.flush()


def _export(services: Services, target: _Download) -> None:
    actions.export(services, cast("BinaryIO", target))
    target.flush()


ROUTES: list[tuple[str, type[Handler]]] = [
    (r"/mlplayground/api/state", StateHandler),
    (r"/mlplayground/api/preferences", PreferencesHandler),
    (r"/mlplayground/api/hints/(?P<hint>[^/]+)", HintHandler),
    (r"/mlplayground/api/uploads", UploadHandler),
    (r"/mlplayground/api/views", ViewsHandler),
    (r"/mlplayground/api/export", ExportHandler),
    (r"/mlplayground/api/forget", ForgetHandler),
    (r"/mlplayground/api/.*", NotFoundHandler),
]
