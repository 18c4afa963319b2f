"""Errors of the layers below as HTTP answers: translated here, once, into one envelope."""

from __future__ import annotations

from dataclasses import dataclass

from tornado.web import HTTPError

from mlplayground import errors
from mlplayground_server.core.errors import NoSuchThing, UploadTooLarge


@dataclass(frozen=True, slots=True)
class Failure:
    """What the client is told: a status, a word for programs, a sentence, and what to do."""

    status: int
    code: str
    message: str
    hint: str = ""

    def to_dict(self) -> dict[str, dict[str, str]]:
        """The one error envelope of the API."""
        return {"error": {"code": self.code, "message": self.message, "hint": self.hint}}


# From the special to the general: the first that fits is taken.
_OURS: tuple[tuple[type[errors.MLPlaygroundError], int, str, str], ...] = (
    (NoSuchThing, 404, "not_found", ""),
    (UploadTooLarge, 413, "too_large", ""),
    (errors.StashPathError, 400, "bad_path", "Use a plain name without folders."),
    (errors.InputError, 400, "bad_request", ""),
    (errors.EventError, 400, "bad_request", ""),
    (errors.NotReady, 409, "not_ready", ""),
    (errors.DatabaseError, 503, "database", "Nothing was lost. Try again in a moment."),
    (errors.StashError, 507, "stash", "Run `mlplayground doctor` to see what is wrong."),
    (errors.MLPlaygroundError, 500, "failed", "Run `mlplayground doctor` to see what is wrong."),
)
_HTTP = {
    400: ("bad_request", "The request cannot be understood."),
    403: ("forbidden", "You are not signed in to this server, or may not do this."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method."),
}


def failure_of(error: BaseException | None, status: int) -> Failure:
    """Translate what a handler raised; `status` is what Tornado makes of it."""
    if isinstance(error, FailedRequest):
        return error.failure
    if isinstance(error, errors.MLPlaygroundError):
        for kind, code, word, hint in _OURS:
            if isinstance(error, kind):
                return Failure(code, word, str(error), hint)
    word, sentence = _HTTP.get(status, ("failed", "The server could not do this."))
    if isinstance(error, HTTPError) and error.log_message and status < 500:
        sentence = error.log_message
    hint = "Reload the page to sign in again." if status == 403 else ""
    if status >= 500:
        hint = "The server's log says why. Try again; if it stays, report it."
    return Failure(status, word, sentence, hint)


class FailedRequest(errors.MLPlaygroundError):
    """A failure that belongs to HTTP itself, with its status."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure
