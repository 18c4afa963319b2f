"""The files of datasets, recipes and runs in the learner's stash.

A dataset is whole once its ``metadata.json`` is there, which is written last.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlplayground.errors import InputError, StashError
from mlplayground.stash import Stash

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_UPLOAD = re.compile(r"[0-9a-f]{1,64}")
_SUFFIX = re.compile(r"[a-z0-9]{1,10}")

Metadata = dict[str, Any]


class DatasetFiles:
    """Reads and writes ``datasets/{id}/`` of one stash; what was read stays in memory."""

    def __init__(self, stash: Stash) -> None:
        self._stash = stash
        self._known: dict[str, Metadata] = {}

    def complete(self, dataset_id: str) -> bool:
        """Whether both the data and its metadata are there."""
        return self._stash.exists(_data(dataset_id)) and self._stash.exists(_meta(dataset_id))

    def write(
        self, dataset_id: str, table: pa.Table, source: Path | bytes | None
    ) -> dict[str, Any]:
        """Write the data, and the file as it came; returns the data's ``bytes`` and ``sha256``."""
        import pyarrow.parquet as pq

        with tempfile.TemporaryDirectory(prefix="mlplayground-") as folder:
            local = Path(folder) / "data.parquet"
            pq.write_table(table, local, compression="zstd")
            self._stash.write_file(_data(dataset_id), local)
            written = {"bytes": local.stat().st_size, "sha256": _sha256(local)}
        if isinstance(source, bytes):
            self._stash.write(f"datasets/{dataset_id}/source.bin", source)
        elif source is not None:
            self._stash.write_file(f"datasets/{dataset_id}/source.{_suffix(source)}", source)
        return written

    def write_metadata(self, dataset_id: str, metadata: Metadata) -> None:
        """Write ``metadata.json``, which makes the dataset whole."""
        self._stash.write(_meta(dataset_id), _json(metadata))
        self._known[dataset_id] = metadata

    def metadata(self, dataset_id: str) -> Metadata:
        """Name, layout and the rest; raises ``StashError`` where the file is gone."""
        if dataset_id not in self._known:
            self._known[dataset_id] = self._load(dataset_id, _meta(dataset_id))
        return self._known[dataset_id]

    def frame(self, dataset_id: str) -> pd.DataFrame:
        """The table; raises ``StashError`` where its files are gone or damaged."""
        import pyarrow.parquet as pq

        from mlplayground.workspace.table import unpack

        metadata = self.metadata(dataset_id)
        with self._existing(dataset_id), self._stash.local_path(_data(dataset_id)) as local:
            if _sha256(local) != metadata["sha256"]:
                raise self._damaged(_data(dataset_id))
            return unpack(pq.read_table(local, partitioning=None), metadata["layout"])

    def data_path(self, dataset_id: str) -> str:
        """Path of the data in the stash; raises ``StashError`` where it is gone."""
        with self._existing(dataset_id):
            return _data(dataset_id)

    def read_json(self, dataset_id: str, name: str) -> Metadata | None:
        """One of the dataset's other JSON files, None where it was not written yet."""
        path = f"datasets/{dataset_id}/{name}"
        return self._load(dataset_id, path) if self._stash.exists(path) else None

    def write_json(self, dataset_id: str, name: str, data: Metadata) -> None:
        """Write another JSON file beside the data."""
        self._stash.write(f"datasets/{dataset_id}/{name}", _json(data))

    def _load(self, dataset_id: str, path: str) -> Metadata:
        with self._existing(dataset_id):
            try:
                return dict(json.loads(self._stash.read(path)))
            except (TypeError, ValueError) as error:
                raise self._damaged(path) from error

    def _damaged(self, path: str) -> StashError:
        return StashError(
            f"The file {path} in the stash {self._stash.location} is damaged: it is not what was "
            "written. Restore it from a backup, or delete it and add the table again."
        )

    @contextmanager
    def _existing(self, dataset_id: str) -> Iterator[None]:
        if not self.complete(dataset_id):
            raise StashError(
                f"The files of the dataset {dataset_id} are gone from the stash "
                f"{self._stash.location}. Add the table again (its history is still known), or "
                "choose another dataset."
            )
        yield


class Uploads:
    """Files that the server has put at ``uploads/{id}/{name}``."""

    def __init__(self, stash: Stash, scratch: Scratch) -> None:
        self._stash = stash
        self._scratch = scratch

    def take(self, upload_id: str) -> tuple[Path, str]:
        """A local path of the uploaded file, and its name."""
        found = self._stash.list(_upload(upload_id))
        if len(found) != 1:
            raise InputError(
                f"There is no uploaded file {upload_id!r}. It may have been loaded already, or "
                "the upload did not finish; upload the file again."
            )
        return self._scratch.local(found[0]), found[0].rpartition("/")[2]

    def drop(self, upload_id: str) -> None:
        """Delete an uploaded file that is in the workspace now, or not wanted."""
        self._stash.delete(_upload(upload_id))


class Scratch:
    """Local copies of a remote stash's files, removed with the process."""

    def __init__(self, stash: Stash) -> None:
        self._stash = stash
        self._folder: Path | None = None

    def local(self, path: str) -> Path:
        """A local path to read `path` from: the file itself where the stash is local."""
        if self._stash.root is not None:
            with self._stash.local_path(path) as local:  # refuses links that lead out
                return local
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="mlplayground-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        copy = self._folder / path
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            with self._stash.local_path(path) as local:
                shutil.copyfile(local, copy)
        return copy


def _sha256(local: Path) -> str:
    with local.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _data(dataset_id: str) -> str:
    return f"datasets/{dataset_id}/data.parquet"


def _meta(dataset_id: str) -> str:
    return f"datasets/{dataset_id}/metadata.json"


def _upload(upload_id: str) -> str:
    if not _UPLOAD.fullmatch(upload_id):
        raise InputError(f"An upload's id is hex digits, not {upload_id[:80]!r}.")
    return f"uploads/{upload_id}"


def _suffix(source: Path) -> str:
    suffix = source.suffix.lower().lstrip(".")
    return suffix if _SUFFIX.fullmatch(suffix) else "bin"


def _json(data: Metadata) -> bytes:
    return json.dumps(data, indent=1).encode("ascii")
