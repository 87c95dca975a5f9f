"""Named arrays in one file that says what it is: written in pieces, mapped whole, checked by sum.

    part      bytes  what
    header    8      magic, b"DATELINE"
              4      format version, uint32
              52     zeros
    arrays           each beginning at a multiple of 64, little-endian, as numpy keeps them
    contents         JSON: {"arrays": {name: [dtype, items, offset, CRC-32]}, "facts": {…}}
    trailer   8      where the contents begin, uint64
              4      how many bytes they have, uint32
              4      CRC-32 of the contents, uint32
              8      magic again, b"ENILETAD"

Opening checks header, trailer and contents; `verify` reads every array. The small files that
change hold JSON with a checksum (`write_facts`) and are replaced, never written over.
"""

from __future__ import annotations

import errno
import json
import mmap
import os
import struct
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged, IndexTooNew, IndexTooOld, OutOfSpace

FORMAT = 3
MAGIC = b"DATELINE"
END_MAGIC = b"ENILETAD"
ALIGNMENT = 64

_TRAILER = struct.Struct("<QII8s")
_IN_MEMORY = 256 << 10
_PIECE = 1 << 20
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG)


class Part:
    """One array of a file that is being written."""

    def __init__(self, folder: Path, dtype: str) -> None:
        self.dtype = np.dtype(dtype)
        self.items = 0
        self.checksum = 0
        self._folder = folder
        # Arrays grow side by side, so each waits in a file of its own; small ones in memory.
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=str(folder))  # noqa: SIM115

    def append(self, values: NDArray[Any]) -> None:
        """Add values, converted to the array's dtype."""
        data = np.ascontiguousarray(values, self.dtype).reshape(-1).view(np.uint8).data
        self.checksum = zlib.crc32(data, self.checksum)
        self.items += len(values)
        with clear_errors(self._folder):
            self._file.write(data)

    def pieces(self) -> Iterator[bytes]:
        """Everything appended so far, from the beginning."""
        with clear_errors(self._folder):
            self._file.seek(0)
            while piece := self._file.read(_PIECE):
                yield piece

    def close(self) -> None:
        """Give up the temporary file."""
        with suppress(OSError):  # on a full disk it cannot even be written to its end
            self._file.close()


class ArraysWriter:
    """Collects arrays and writes them to one file; nothing is at `path` before `close`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._parts: dict[str, Part] = {}

    def part(self, name: str, dtype: str) -> Part:
        """A new array to append to."""
        self._parts[name] = Part(self.path.parent, dtype)
        return self._parts[name]

    def add(self, name: str, values: NDArray[Any], dtype: str) -> None:
        """An array that is at hand as a whole."""
        self.part(name, dtype).append(values)

    def close(self, facts: Mapping[str, Any]) -> int:
        """Write the file and bring it to the disk; returns its size in bytes."""
        with clear_errors(self.path), self.path.open("wb") as file:
            file.write(MAGIC + struct.pack("<I", FORMAT))
            listed = {}
            for name, part in self._parts.items():
                file.write(bytes(-file.tell() % ALIGNMENT))
                listed[name] = [part.dtype.str, part.items, file.tell(), part.checksum]
                for piece in part.pieces():
                    file.write(piece)
                part.close()
            contents = json.dumps({"arrays": listed, "facts": dict(facts)}).encode()
            begin = file.tell()
            file.write(contents)
            file.write(_TRAILER.pack(begin, len(contents), zlib.crc32(contents), END_MAGIC))
            file.flush()
            os.fsync(file.fileno())
            return file.tell()

    def abandon(self) -> None:
        """Give up everything collected."""
        for part in self._parts.values():
            part.close()


class Arrays:
    """A file written by ArraysWriter, mapped read-only.

    Raises IndexDamaged when the file is missing, truncated or altered where it says what it
    holds, IndexTooNew and IndexTooOld for another format.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self.size = file.seek(0, os.SEEK_END)
                if self.size < ALIGNMENT + _TRAILER.size:
                    raise IndexDamaged(path, f"it has only {self.size} bytes")
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except FileNotFoundError as error:
            raise IndexDamaged(path, "the file is missing") from error
        begin, length, checksum, end = _TRAILER.unpack(self._map[-_TRAILER.size :])
        if self._map[:8] != MAGIC:
            raise IndexDamaged(path, "it does not begin like a file of the index")
        _check_format(path, struct.unpack("<I", self._map[8:12])[0])
        contents = self._map[begin : begin + length]
        if end != END_MAGIC or begin + length + _TRAILER.size != self.size:
            raise IndexDamaged(path, "it is truncated")
        if zlib.crc32(contents) != checksum:
            raise IndexDamaged(path, "its table of contents was altered (checksum differs)")
        loaded = json.loads(contents)
        self.facts: dict[str, Any] = loaded["facts"]
        self._listed: dict[str, tuple[str, int, int, int]] = loaded["arrays"]

    def names(self) -> list[str]:
        """The names of all arrays."""
        return list(self._listed)

    def array(self, name: str, dtype: str) -> NDArray[Any]:
        """One array, read-only, without copying."""
        if name not in self._listed:
            raise IndexDamaged(self.path, f"it has no array {name!r}")
        kind, items, offset, _ = self._listed[name]
        if kind != np.dtype(dtype).str:
            raise IndexDamaged(self.path, f"its array {name!r} is {kind} where {dtype} is expected")
        values: NDArray[Any] = np.frombuffer(self._map, dtype, items, offset)
        return values

    def place(self, name: str) -> int:
        """Where an array begins in the whole file, in items of its kind."""
        kind, _, offset, _ = self._listed[name]
        return offset // np.dtype(kind).itemsize

    def whole(self, dtype: str) -> NDArray[Any]:
        """The whole file as items of one kind, for who goes from one array to another."""
        values: NDArray[Any] = np.frombuffer(
            self._map, dtype, self.size // np.dtype(dtype).itemsize
        )
        return values

    def check_size(self) -> None:
        """Raises IndexDamaged when the file has been cut short since it was opened.

        Reading where a mapped file has ended kills the process, so this is asked before a search.
        """
        if self._map.size() < self.size:
            raise IndexDamaged(self.path, "it was cut short while in use")

    def verify(self, names: Iterable[str] | None = None) -> None:
        """Read arrays, by default all, and compare checksums. Raises IndexDamaged naming one."""
        whole = memoryview(self._map)
        for name in self._listed if names is None else names:
            self.check_size()
            kind, items, offset, expected = self._listed[name]
            size = items * np.dtype(kind).itemsize
            if zlib.crc32(whole[offset : offset + size]) != expected:
                raise IndexDamaged(self.path, f"its array {name!r} was altered (checksum differs)")


def write_facts(path: Path, facts: Mapping[str, Any]) -> None:
    """Replace a small JSON file with a checksum in it: all or nothing, even in a power cut."""
    text = json.dumps(facts, sort_keys=True)
    whole = json.dumps({"checksum": zlib.crc32(text.encode()), "facts": facts}, sort_keys=True)
    temporary = path.with_name(path.name + ".new")
    with clear_errors(path):
        with temporary.open("w", encoding="utf-8") as file:
            file.write(whole)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)


def read_facts(path: Path) -> dict[str, Any]:
    """The facts in a file that `write_facts` wrote. Raises FileNotFoundError, IndexDamaged."""
    data = path.read_bytes()
    try:
        whole = json.loads(data)
        facts: dict[str, Any] = whole["facts"]
        expected = whole["checksum"]
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(path, "it is not what Dateline writes there") from error
    if zlib.crc32(json.dumps(facts, sort_keys=True).encode()) != expected:
        raise IndexDamaged(path, "its contents were altered (checksum differs)")
    _check_format(path, facts.get("format", FORMAT))
    return facts


def sync_folder(folder: Path) -> None:
    """Make renames and new names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Turn a full disk or a folder that cannot be written into OutOfSpace naming the file."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            message = f"{path}: {error.strerror}. The last commit stays live; free space or permit"
            raise OutOfSpace(f"{message} writing, then repeat the command.") from error
        raise


def _check_format(path: Path, version: int) -> None:
    if version > FORMAT:
        raise IndexTooNew(
            f"{path} has format {version}; this version of Dateline reads up to {FORMAT}."
            " Update Dateline, or rebuild the index with `dateline reindex`."
        )
    if version < FORMAT:
        raise IndexTooOld(
            f"{path} has format {version}, which is no longer read."
            " Rebuild the index with `dateline reindex`."
        )
