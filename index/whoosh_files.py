"""The folder of a Whoosh index: opened for reading, written durably, checked for damage.

Whoosh names a table of contents `_MAIN_<generation>.toc` and the segments in it
`MAIN_<random>.seg`. Beside each of them stands a file `<name>.sum` with size and CRC-32; that of
a table of contents also names the file of names (`index.whoosh_names`) it goes with, or "-". So
names come and go with commits. One file, `dateline-format`, has the version of all that and of
what `index.whoosh_fields` says.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC, FileIndex, IndexVersionError, clean_files
from whoosh.reading import IndexReader

from index.errors import (
    IndexDamaged,
    IndexFault,
    IndexMissing,
    IndexTooNew,
    IndexTooOld,
    OutOfSpace,
)
from index.naming import Naming
from index.whoosh_fields import schema
from index.whoosh_names import PATTERN, file_of, is_name, read_names

FORMAT = 2
NAME = "MAIN"

_FORMAT_FILE = "dateline-format"
_SUM = ".sum"
_NO_NAMES = "-"
_CONTENTS = re.compile(rf"_{NAME}_(\d+)\.toc")
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG}
_PIECE = 1 << 20


class DurableStorage(FileStorage):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's files, safe on the disk before a table of contents names them.

    Whoosh commits by renaming a table of contents into place. Before that everything it names
    is flushed and summed, after it the folder is. Whoosh leaves files open when writing fails:
    `close_files` closes them.
    """

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self._files: list[IO[bytes]] = []
        self._names = _NO_NAMES

    def keep_names(self, generation: int) -> None:
        """Let the next commit go with the names of this one; others are removed.

        Raises IndexDamaged when they are not there.
        """
        _naming(Path(self.folder), generation)
        self._names = _names_of(Path(self.folder), generation)
        self._remove_other_names()

    def rename_values(self, naming: Naming) -> bool:
        """Let the next commit go with these names; says whether they are others than before."""
        name, text = file_of(naming) if naming.names else (_NO_NAMES, "")
        if name == self._names:
            return False
        if name != _NO_NAMES:
            path = Path(self.folder, name)
            if not path.exists() or path.read_text() != text:  # else perhaps somebody reads it
                _write_flushed(path, text)
        self._names = name
        return True

    def create_file(self, name: str, **options: Any) -> StructFile:
        """A new file of the folder, for writing."""
        file = super().create_file(name, **options)
        self._files.append(file.raw_file())
        return file

    def temp_storage(self, name: str | None = None) -> DurableStorage:
        """A storage in a folder of its own below this one, closed with it."""
        below = DurableStorage(str(Path(self.folder, name or "tmp")))
        below._files = self._files
        return below.create()  # type: ignore[no-any-return]

    def close_files(self) -> None:
        """Close whatever is still being written."""
        for file in self._files:
            with suppress(OSError):  # nowhere to flush to; it is closed all the same
                file.close()
        self._files.clear()

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename a file of the folder durably."""
        folder = Path(self.folder)
        for path in folder.glob(f"{NAME}_*.seg"):
            if not path.with_name(path.name + _SUM).exists():
                _write_sum(path, path.name)
        _write_sum(folder / oldname, newname, self._names)
        _flush(folder)  # the new files are in it before anything names them
        super().rename_file(oldname, newname, safe=safe)
        _flush(folder)
        for path in folder.glob(f"_{NAME}_*.toc{_SUM}"):
            if path.name != newname + _SUM:
                path.unlink()
        self._remove_other_names()

    def _remove_other_names(self) -> None:
        """Remove the files of names that no commit goes with any more."""
        for path in Path(self.folder).glob(PATTERN):
            if path.name != self._names:
                path.unlink()


def create(folder: Path) -> FileIndex:
    """The index in a folder for a writer that holds the lock; an empty one when there is none.

    What a killed writer left behind is removed.
    """
    storage = DurableStorage(str(folder))
    if not _contents_files(folder):
        _write_flushed(folder / _FORMAT_FILE, f"{FORMAT}\n")
        FileIndex.create(storage, schema(), NAME)
    opened = _open(folder, storage)
    contents = TOC.read(storage, NAME, schema=opened.schema)
    storage.keep_names(contents.generation)
    shutil.rmtree(folder / f"{NAME}.tmp", ignore_errors=True)
    clean_files(storage, NAME, contents.generation, contents.segments)
    for path in folder.glob("*.toc.*"):
        if path.suffix != _SUM or not path.with_suffix("").exists():
            path.unlink()
    return opened


def open_index(folder: Path) -> FileIndex:
    """The index in a folder, for reading. Raises IndexFault as `index.errors` says."""
    while True:
        before = stamp(folder)
        if not before:
            raise IndexMissing(f"There is no Whoosh index in {folder}.")
        try:
            return _open(folder, FileStorage(str(folder), readonly=True))
        except (IndexDamaged, OSError):
            if stamp(folder) == before:  # else a commit removed files while we were looking
                raise


def open_commit(folder: Path) -> tuple[IndexReader, Naming]:
    """The newest commit of the index in a folder, and the names its facet values have.

    Raises IndexFault as `index.errors` says.
    """
    while True:
        before = stamp(folder)
        reader = open_index(folder).reader()
        try:
            return reader, _naming(folder, reader.generation())
        except IndexDamaged:
            reader.close()
            if stamp(folder) == before:  # else a commit removed the names while we were looking
                raise


def stamp(folder: Path) -> tuple[object, ...]:
    """Something that changes with every commit; () when there is no index."""
    while newest := _newest(folder):
        try:
            seen = newest.stat()
        except FileNotFoundError:  # a commit has just put another one in its place
            continue
        return newest.name, seen.st_ino, seen.st_mtime_ns
    return ()


def damages(folder: Path) -> list[str]:
    """What is wrong with the index in a folder, a sentence each; reads all of it."""
    return [str(fault) for fault in _faults(folder)]


def first_damage(folder: Path) -> IndexFault | None:
    """Why something in the index could not be read; None when nothing is wrong with it."""
    return next(_faults(folder), None)


@contextmanager
def no_room_told(folder: Path) -> Iterator[None]:
    """Raises OutOfSpace for errors of the operating system that mean it."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise OutOfSpace(f"{folder}: {error.strerror}; the last commit stays live") from error
        raise


def _faults(folder: Path) -> Iterator[IndexFault]:
    try:
        opened = open_index(folder)
    except IndexFault as fault:
        yield fault
        return
    for path in _segment_files(folder, opened):
        try:
            _compare_sum(path, whole=True)
        except IndexDamaged as damage:
            yield damage
    try:
        _naming(folder, opened.latest_generation())
    except IndexDamaged as damage:
        yield damage


def _naming(folder: Path, generation: int | None) -> Naming:
    """The names of a commit; an index without articles may not know its generation."""
    if generation is None:
        return Naming()
    names = _names_of(folder, generation)
    return Naming() if names == _NO_NAMES else read_names(folder / names)


def _names_of(folder: Path, generation: int) -> str:
    """The file of names that the commit goes with, or _NO_NAMES."""
    path = folder / f"_{NAME}_{generation}.toc{_SUM}"
    try:
        names = path.read_text().split()[-1:]
    except FileNotFoundError as error:
        raise IndexDamaged(path, "is missing") from error
    if names == [_NO_NAMES] or any(map(is_name, names)):
        return names[0]
    raise IndexDamaged(path, "does not say which names the values have")


def _open(folder: Path, storage: FileStorage) -> FileIndex:
    _check_format(folder / _FORMAT_FILE)
    newest = _newest(folder)
    if newest is None:
        raise IndexDamaged(folder, "has no table of contents any more")
    _compare_sum(newest, whole=True)
    try:
        opened = FileIndex(storage, schema(), NAME)
    except IndexVersionError as error:
        raise IndexTooNew(f"{folder} was written by another version of Whoosh: {error}") from error
    for path in _segment_files(folder, opened):
        _compare_sum(path, whole=False)
    return opened


def _check_format(path: Path) -> None:
    try:
        found = int(path.read_text())
    except FileNotFoundError as error:
        raise IndexDamaged(path, "is missing") from error
    except ValueError as error:
        raise IndexDamaged(path, "has no version number in it") from error
    if found > FORMAT:
        raise IndexTooNew(f"{path} says format {found}; this version of Dateline knows {FORMAT}")
    if found < FORMAT:
        raise IndexTooOld(f"{path} says format {found}; rebuild the index: `dateline reindex`")


def _contents_files(folder: Path) -> list[Path]:
    """The tables of contents, of which the one of the highest generation counts."""
    return [path for path in folder.glob(f"_{NAME}_*.toc") if _CONTENTS.fullmatch(path.name)]


def _newest(folder: Path) -> Path | None:
    return max(_contents_files(folder), key=_generation, default=None)


def _generation(contents: Path) -> int:
    return int(contents.stem.rpartition("_")[2])


def _segment_files(folder: Path, opened: FileIndex) -> list[Path]:
    contents = TOC.read(opened.storage, NAME, schema=opened.schema)
    return [folder / segment.make_filename(".seg") for segment in contents.segments]


def _compare_sum(path: Path, *, whole: bool) -> None:
    """Raises IndexDamaged when a file is not the one that was summed; its size tells most."""
    try:
        size, checksum, *_ = path.with_name(path.name + _SUM).read_text().split()
        if int(size) != path.stat().st_size:
            raise IndexDamaged(path, "is not as long as it was written")
        if whole and int(checksum, 16) != _checksum(path):
            raise IndexDamaged(path, "is not as it was written")
    except FileNotFoundError as error:
        raise IndexDamaged(Path(error.filename), "is missing") from error
    except ValueError as error:
        raise IndexDamaged(path.with_name(path.name + _SUM), "holds no checksum") from error


def _write_sum(path: Path, name: str, *more: str) -> None:
    """Flush a file that will have this name, and write size, checksum and more beside it."""
    _flush(path)
    text = " ".join([str(path.stat().st_size), f"{_checksum(path):08x}", *more]) + "\n"
    _write_flushed(path.with_name(name + _SUM), text)


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            checksum = zlib.crc32(piece, checksum)
    return checksum


def _write_flushed(path: Path, text: str) -> None:
    path.write_text(text)
    _flush(path)


def _flush(path: Path) -> None:
    """Have the operating system write a file or folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
