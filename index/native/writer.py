"""The writing half of the native engine: documents into segments, segments into commits."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.articles import Document
from index.errors import IndexLocked, IndexMissing
from index.naming import Naming
from index.native.buffer import Buffer
from index.native.deletions import add_deletions
from index.native.files import clear_errors
from index.native.lexicon import Lexicon
from index.native.manifest import (
    DELETIONS_SUFFIX,
    FACETS_SUFFIX,
    LOCK_NAME,
    NAMING_SUFFIX,
    SEGMENT_SUFFIX,
    SUFFIXES,
    Deletions,
    Manifest,
    SegmentEntry,
    read_deletions,
    read_manifest,
    write_deletions,
    write_manifest,
)
from index.native.memory import give_back_memory
from index.native.merge import merge
from index.native.merge_policy import SegmentSize, choose
from index.native.renaming import read_naming, write_naming, write_renamed
from index.native.segment import Segment

DEFAULT_BUDGET = 512 << 20
"""Bytes of memory that writing may take beside what the process has before."""


class NativeTarget:
    """Writes a native index; see index.target.Target.

    budget: bytes of memory for the documents waiting and for writing them. When they would need
    more, they are written to a segment that becomes visible with the next commit. That is done by
    a thread: its kernels let others run, so that meanwhile the next documents are taken in.
    """

    def __init__(self, folder: Path, budget: int = DEFAULT_BUDGET) -> None:
        self._folder = folder
        self._budget = budget
        self._entries: list[SegmentEntry] = []
        self._new_naming: Naming | None = None
        with clear_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _Lock(folder / LOCK_NAME)
        self._thread = ThreadPoolExecutor(1, "segment")
        self._writing: _Begun | None = None
        try:
            self._remove_leftovers()
            self._begin()
        except BaseException:
            self._lock.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._thread.shutdown()
            self._remove_leftovers()
        finally:
            self._lock.close()

    def put(self, document: Document) -> None:
        """Add the document; one with the same article id is replaced."""
        self._replaced.add(document.article_id)
        self._buffer.put(document)
        leaving = 0 if self._writing is None else self._writing.memory
        if self._buffer.memory + self._lexicon.memory + leaving > self._budget:
            self._flush()

    def delete(self, article_id: str) -> None:
        """Remove the article if it is there."""
        self._buffer.delete(article_id)
        self._replaced.add(article_id)

    def rename(self, naming: Naming) -> None:
        """From the next commit on, count facet values under these names, and no others.

        Documents keep the values they were put with, so that another naming needs none of them
        again. A new index begins with none.
        """
        self._new_naming = naming

    def commit(self) -> None:
        """Make everything since the last commit durable and visible, all or nothing."""
        self._flush()
        self._wait()
        self._forget()
        give_back_memory()  # merging takes its own
        while chosen := choose([self._size(entry) for entry in self._entries]):
            self._merge(chosen)
        self._entries = [entry for entry in self._entries if entry.deleted < entry.articles]
        naming = self._apply_names()
        write_manifest(self._folder, Manifest(self._number, tuple(self._entries), naming))
        self._remove_leftovers()
        self._begin()

    def _begin(self) -> None:
        """Start from the last commit."""
        committed = self._live()
        self._number = committed.commit + 1
        self._files = 0
        self._entries = list(committed.segments)
        self._committed = {entry.name for entry in committed.segments}
        self._naming = committed.naming
        self._new_naming = None
        self._forget()
        self._replaced: set[str] = set()

    def _forget(self) -> None:
        """Begin with no documents waiting, and no words."""
        self._lexicon = Lexicon()
        self._buffer = Buffer(self._lexicon)

    def _flush(self) -> None:
        """Have the documents waiting written as a segment, once the one before is."""
        self._wait()
        self._buffer.seal()
        write = partial(self._write, self._buffer, self._replaced)
        full = self._lexicon.memory > self._budget // 4
        leaving = self._lexicon.memory if full else 0
        if full:
            self._forget()
        else:
            self._buffer = Buffer(self._lexicon)
        self._replaced = set()
        self._writing = _Begun(self._thread, write, leaving)

    def _wait(self) -> None:
        """Wait for the segment being written. Raises what went wrong, and tries again next time."""
        if self._writing is not None:
            self._writing.finish()
            self._writing = None

    def _write(self, buffer: Buffer, replaced: set[str]) -> None:
        """Write documents as a segment, and delete what they replace in others."""
        if replaced:
            self._entries = [self._without(entry, replaced) for entry in self._entries]
        if len(buffer):
            name = self._new_name(SEGMENT_SUFFIX)
            buffer.write(self._folder / name)
            self._entries.append(SegmentEntry(name, len(buffer)))

    def _without(self, entry: SegmentEntry, article_ids: Iterable[str]) -> SegmentEntry:
        """The segment with these articles deleted."""
        segment = Segment(self._folder / entry.name)
        documents: NDArray[np.int64] = segment.find(article_ids)
        if not len(documents):
            return entry
        before = self._deletions(entry)
        after, deleted = add_deletions(segment, before, documents)
        if deleted == entry.deleted:
            return entry
        name = self._new_name(DELETIONS_SUFFIX)
        write_deletions(self._folder / name, after)
        return replace(entry, deleted=deleted, deletions=name)

    def _size(self, entry: SegmentEntry) -> SegmentSize:
        live = entry.articles - entry.deleted
        return SegmentSize(entry.name, live, entry.deleted, entry.name not in self._committed)

    def _merge(self, names: list[str]) -> None:
        """Replace segments by one."""
        merged = [entry for entry in self._entries if entry.name in names]
        self._entries = [entry for entry in self._entries if entry.name not in names]
        if all(entry.deleted == entry.articles for entry in merged):
            return
        name = self._new_name(SEGMENT_SUFFIX)
        sources = [(Segment(self._folder / e.name), self._deletions(e)) for e in merged]
        self._entries.append(SegmentEntry(name, merge(self._folder / name, sources)))
        give_back_memory()

    def _apply_names(self) -> str:
        """Write facets under the names in force where that is due; returns the naming's file."""
        file, named = self._naming, self._committed
        if self._new_naming is None and named.issuperset(e.name for e in self._entries):
            return file
        naming = read_naming(self._folder / file) if file else Naming()
        if self._new_naming is not None and dict(self._new_naming.names) != dict(naming.names):
            naming = self._new_naming
            named = set()
            file = self._new_name(NAMING_SUFFIX) if naming.names else ""
            if file:
                write_naming(self._folder / file, naming)
        self._entries = [
            entry if entry.name in named else self._under_names(entry, naming)
            for entry in self._entries
        ]
        return file

    def _under_names(self, entry: SegmentEntry, naming: Naming) -> SegmentEntry:
        """The segment with its facets under other names."""
        if not naming.names:
            return replace(entry, facets="")
        name = self._new_name(FACETS_SUFFIX)
        facets = Segment(self._folder / entry.name).facets
        written = write_renamed(self._folder / name, facets, naming)
        return replace(entry, facets=name if written else "")

    def _deletions(self, entry: SegmentEntry) -> Deletions | None:
        return read_deletions(self._folder / entry.deletions) if entry.deletions else None

    def _new_name(self, suffix: str) -> str:
        """A file name that no commit has had: readers know files they have open by their names."""
        self._files += 1
        return f"{self._number:08d}-{self._files:04d}{suffix}"

    def _live(self) -> Manifest:
        """The last commit, or one without segments when there is none."""
        try:
            return read_manifest(self._folder)
        except IndexMissing:
            return Manifest()

    def _remove_leftovers(self) -> None:
        """Remove the files that the live commit does not consist of.

        Readers that have them mapped keep them until they let go. The manifest is read again, for
        a commit that was interrupted may be live or not.
        """
        live = self._live().names()
        for path in self._folder.iterdir():
            if path.suffix in SUFFIXES and path.name not in live:
                path.unlink(missing_ok=True)


class _Begun:
    """What a thread is doing, and how to do it again when that has failed."""

    def __init__(self, thread: ThreadPoolExecutor, work: Callable[[], None], memory: int) -> None:
        self._work: Callable[[], None] | None = work
        self._memory = memory
        self._doing: Future[None] | None = thread.submit(self._do)

    @property
    def memory(self) -> int:
        """Bytes that are held until it is done."""
        return self._memory if self._work is not None else 0

    def finish(self) -> None:
        """Wait for it the first time, then try again; raises what goes wrong."""
        doing, self._doing = self._doing, None
        if doing is not None:
            doing.result()
        else:
            self._do()

    def _do(self) -> None:
        if self._work is not None:
            self._work()
            self._work = None  # and with it what was written
            give_back_memory()


class _Lock:
    """The operating system's lock on a file; it ends with the process that holds it."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._descriptor)
            raise IndexLocked(f"another process is writing the index in {path.parent}") from error

    def close(self) -> None:
        """Let others write."""
        os.close(self._descriptor)
