"""One frozen :class:`Settings`, built once at the door and handed down."""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mlplayground.errors import InputError, StashPathError

_MIB = 1024 * 1024
_USER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}")


def check_user(name: str) -> str:
    """Return `name` if it is safe as one folder's name.

    Raises
    ------
    StashPathError
        If it is empty, longer than 128 characters, starts with a dot, or has a
        character other than letters, digits and ``. _ @ + -``.
    """
    if not _USER.fullmatch(name) or ".." in name:
        raise StashPathError(
            f"The user name {name!r} cannot be a folder's name: use letters, digits and . _ @ + - "
            "only (at most 128, the first a letter or digit). Set MLPLAYGROUND_USER to choose one."
        )
    return name


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a learner's things are and what may be done with them.

    Attributes
    ----------
    user : str
        Who is at work; also a folder's name (see :func:`check_user`).
    home : str
        The stash: a local path or any fsspec URL.
    database_url : str
        A SQLAlchemy URL, SQLite or PostgreSQL.
    compute_url : str
        ``"local"`` or ``"dask://host:port"``.
    memory_limit, upload_limit : int
        Bytes that one job may use, and that one uploaded file may have.
    tracking_allowed : bool
        False where the environment says ``DO_NOT_TRACK``: no feedback event is kept.
    """

    user: str
    home: str
    database_url: str
    compute_url: str = "local"
    memory_limit: int = 2048 * _MIB
    upload_limit: int = 4096 * _MIB
    tracking_allowed: bool = True

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read ``MLPLAYGROUND_*``, ``JUPYTERHUB_USER`` and ``DO_NOT_TRACK``.

        Raises
        ------
        StashPathError
            If the user's name cannot be a folder's name.
        InputError
            If a number in the environment is not one.
        """
        env = os.environ if environ is None else environ
        user = check_user(
            env.get("MLPLAYGROUND_USER") or env.get("JUPYTERHUB_USER") or getpass.getuser()
        )
        home = env.get("MLPLAYGROUND_HOME") or str(Path.home() / "mlplayground")
        if not is_remote(home):
            home = str(Path(home).expanduser().absolute())
        return cls(
            user=user,
            home=home,
            database_url=env.get("MLPLAYGROUND_DATABASE") or _default_database(home, user, env),
            compute_url=env.get("MLPLAYGROUND_COMPUTE") or "local",
            memory_limit=_mebibytes(env, "MLPLAYGROUND_MEMORY_MB", 2048),
            upload_limit=_mebibytes(env, "MLPLAYGROUND_UPLOAD_MB", 4096),
            tracking_allowed=env.get("DO_NOT_TRACK", "0").lower() in ("", "0", "false"),
        )


def is_remote(home: str) -> bool:
    """Whether `home` is an fsspec URL of something else than local files."""
    scheme, separator, _ = home.partition("://")
    return bool(separator) and scheme not in ("file", "local")


def _default_database(home: str, user: str, env: Mapping[str, str]) -> str:
    # A database file needs real file locks, so beside a remote stash it stays local.
    if is_remote(home):
        base = Path(env.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "mlplayground"
    else:
        base = Path(home.removeprefix("file://").removeprefix("local://"))
    return f"sqlite:///{base / 'users' / user / 'meta_learning' / 'patterns.db'}"


def _mebibytes(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not text.isdecimal() or int(text) == 0:
        raise InputError(f"{name} must be a whole number of MiB above 0, not {text!r}.")
    return int(text) * _MIB
