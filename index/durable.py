"""Small files replaced so that a crash leaves the old one or the new one, never a half."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.errors import OutOfSpace


def replace_file(path: Path, content: bytes) -> None:
    """Give a file this content, durably and in one step; it keeps its permissions.

    One process at a time may do so with one file; one that was killed leaves `.new` beside it.
    """
    aside = path.with_name(path.name + ".new")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileNotFoundError):
        shutil.copymode(path, aside)
    aside.replace(path)
    sync(path.parent)


def sync_tree(folder: Path) -> None:
    """Bring a folder and all in it to the disk."""
    for path in folder.rglob("*"):
        sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def out_of_space(path: Path) -> Iterator[None]:
    """Raise OutOfSpace where the system says that something cannot be written."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        reason = "the disk is full" if full else error.strerror or str(error)
        raise OutOfSpace(f"{path} cannot be written: {reason}") from error
