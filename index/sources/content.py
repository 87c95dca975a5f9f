"""The bytes of a file or of a member of a zip archive, unpacked on the way."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, Any, Protocol

from index.errors import UnreadableSource

LARGEST_TEXT = 64 * 1024 * 1024
"""Bytes, unpacked, of what is one article; more is no article but a mistake or an attack."""

UNPACKED_FREELY = 256 * 1024 * 1024
"""Bytes up to which it does not matter how small they were packed."""

MOST_GROWTH = 300
"""How many times its packed size a longer file may have. News as text grows 3 to 10 times, the
same line over and over some 200 times; gzip reaches 1,000, xz 7,000, bzip2 45,000."""

_UNPACKERS: dict[str, Callable[[IO[bytes]], Any]] = {
    ".gz": lambda file: gzip.GzipFile(fileobj=file),
    ".bz2": bz2.BZ2File,
    ".xz": lzma.LZMAFile,
}
_BUFFER = 256 * 1024
_FAULTS = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError)


class Content(Protocol):
    """What a reader is given. origin: how messages call it. name: of the file, once unpacked."""

    @property
    def origin(self) -> str: ...  # noqa: D102 - above

    @property
    def name(self) -> str: ...  # noqa: D102 - above

    def open(self, *, packed: bool = False) -> IO[bytes]:
        """Its bytes, unpacked unless asked otherwise. Raises UnreadableSource, as reading does."""
        ...


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file; unpacked when its name ends in .gz, .bz2 or .xz."""

    path: Path

    @property
    def origin(self) -> str:
        """Its path."""
        return str(self.path)

    @property
    def name(self) -> str:
        """Its name without the ending of a packer."""
        return unpacked_name(self.path.name)

    def open(self, *, packed: bool = False) -> IO[bytes]:
        """See `Content.open`."""
        try:
            file = self.path.open("rb")
            size = self.path.stat().st_size
        except OSError as error:
            raise UnreadableSource(self.origin, reason_of(error)) from error
        return unpacked(file, "" if packed else self.path.name, size, self.origin)


def unpacked(file: IO[bytes], name: str, size: int, origin: str) -> IO[bytes]:
    """The bytes of a file of this name and packed size, unpacked as its ending says.

    Faults while reading, and more bytes than such a file can honestly have, are raised as
    UnreadableSource. Closing it closes the file.
    """
    unpacker = _UNPACKERS.get(PurePath(name).suffix.lower())
    raw = unpacker(file) if unpacker else file
    guarded = _Guarded(raw, file, size, origin)
    return io.BufferedReader(guarded, _BUFFER)


def check_growth(packed: int, unpacked: int, origin: str) -> None:
    """Raise UnreadableSource when so few bytes cannot honestly have become so many."""
    if unpacked > max(UNPACKED_FREELY, MOST_GROWTH * packed):
        raise UnreadableSource(origin, f"grows more than {MOST_GROWTH} times when it is unpacked")


def unpacked_name(name: str) -> str:
    """A file's name without the ending of a packer: "news.jsonl" of "news.jsonl.gz"."""
    path = PurePath(name)
    return path.stem if path.suffix.lower() in _UNPACKERS else name


def read_whole(content: Content) -> bytes:
    """All bytes of what is one article. Raises UnreadableSource, also when it is too large."""
    with content.open() as file:
        data = file.read(LARGEST_TEXT + 1)
    if len(data) > LARGEST_TEXT:
        raise UnreadableSource(content.origin, f"is larger than {LARGEST_TEXT // 2**20} MB")
    return data


def reason_of(error: Exception) -> str:
    """Why a file could not be read, in words that need no traceback."""
    if isinstance(error, EOFError | zlib.error | lzma.LZMAError | gzip.BadGzipFile):
        return "is damaged or cut short (packed data)"
    if isinstance(error, zipfile.BadZipFile):
        return f"is damaged or cut short (zip archive: {error})"
    strerror = getattr(error, "strerror", None)
    return f"cannot be read: {strerror or error}"


class _Guarded(io.RawIOBase):
    """Reads on behalf of somebody who only wants to know UnreadableSource."""

    def __init__(self, file: IO[bytes], packed: IO[bytes], size: int, origin: str) -> None:
        self._file = file
        self._packed = packed
        self._packed_size = size
        self._unpacked_size = 0
        self._origin = origin

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._file.read(len(buffer))
        except _FAULTS as error:
            raise UnreadableSource(self._origin, reason_of(error)) from error
        self._unpacked_size += len(data)
        check_growth(self._packed_size, self._unpacked_size, self._origin)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._packed.close()
        super().close()
