"""Every kind of place keeps the stash's contract."""

from __future__ import annotations

import uuid
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.asyn_wrapper import AsyncFileSystemWrapper
from fsspec.implementations.local import LocalFileSystem
from fsspec.implementations.memory import MemoryFileSystem

from mlplayground.testing.stash_contract import StashContract


class TestLocal(StashContract):
    @pytest.fixture
    def home(self, tmp_path: Path) -> str:
        return str(tmp_path / "home")


class TestFileUrl(StashContract):
    @pytest.fixture
    def home(self, tmp_path: Path) -> str:
        return f"file://{tmp_path}/home"


class TestMemory(StashContract):
    @pytest.fixture
    def home(self) -> str:
        return f"memory://bucket-{uuid.uuid4().hex}/home"


class _Folders(LocalFileSystem):
    """A remote file system with real folders and renames, such as SFTP."""

    protocol = "folders"

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return path.removeprefix("folders://").rstrip("/")


class _Objects(AsyncFileSystemWrapper):
    """An object store: no folders, and a put is atomic."""

    protocol = "objects"

    def __init__(self, **options: object) -> None:
        super().__init__(MemoryFileSystem(), asynchronous=False, **options)

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return MemoryFileSystem._strip_protocol(path.removeprefix("objects://"))


class TestFolders(StashContract):
    @pytest.fixture
    def home(self, tmp_path: Path) -> str:
        fsspec.register_implementation("folders", _Folders, clobber=True)
        return f"folders://{tmp_path}/home"


class TestObjects(StashContract):
    @pytest.fixture
    def home(self) -> str:
        fsspec.register_implementation("objects", _Objects, clobber=True)
        return f"objects://bucket-{uuid.uuid4().hex}/home"
