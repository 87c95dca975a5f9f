"""Zip archives: the files in them, read in place, nothing of them written to the disk."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from index.errors import UnreadableSource
from index.sources.content import Content, FileContent, reason_of, unpacked, unpacked_name
from index.sources.items import Item, PassedOver, ReadFile, ReadOptions

ReaderFor = Callable[[str], ReadFile | None]
"""The reader for a file of this name, if there is one."""

_FAULTS = (OSError, EOFError, zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError)
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a zip archive."""

    archive: zipfile.ZipFile
    info: zipfile.ZipInfo
    origin: str

    @property
    def name(self) -> str:
        """Its name without folders and without the ending of a packer."""
        return unpacked_name(PurePosixPath(self.info.filename).name)

    def open(self, *, packed: bool = False) -> IO[bytes]:
        """See `Content.open`."""
        if self.info.flag_bits & _ENCRYPTED:
            raise UnreadableSource(self.origin, "is encrypted")
        try:
            file = self.archive.open(self.info)
        except _FAULTS as error:
            raise UnreadableSource(self.origin, reason_of(error)) from error
        name = "" if packed else self.info.filename
        return unpacked(file, name, self.info.compress_size, self.origin)


def read_archive(content: Content, options: ReadOptions, reader_for: ReaderFor) -> Iterator[Item]:
    """What the readers make of the files in a zip archive; hidden ones are left out.

    Origins are those in the archive: news.zip/folder/article.txt. An archive in an archive is
    not opened. Raises UnreadableSource.
    """
    if not isinstance(content, FileContent):
        raise UnreadableSource(content.origin, "is a zip archive in another one")
    try:
        with zipfile.ZipFile(content.path) as archive:
            for info in archive.infolist():
                yield from _read_member(archive, info, content, options, reader_for)
    except _FAULTS as error:
        raise UnreadableSource(content.origin, reason_of(error)) from error


def _read_member(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    content: Content,
    options: ReadOptions,
    reader_for: ReaderFor,
) -> Iterator[Item]:
    path = PurePosixPath(info.filename)
    parts = [part for part in path.parts if part not in ("/", "..", ".")]
    if not parts or info.is_dir() or any(part.startswith((".", "__MACOSX")) for part in parts):
        return
    read = reader_for(path.name)
    if read is None:
        yield PassedOver("files in archives, for want of a reader")
        return
    shown = "".join(c if c.isprintable() else "\ufffd" for c in "/".join(parts))
    member = Member(archive, info, f"{content.origin}/{shown}")
    try:
        yield from read(member, options)
    except UnreadableSource as problem:
        yield problem
