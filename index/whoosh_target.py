"""The target of the Whoosh engine: documents in, a Whoosh index in a folder out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from whoosh.codec.whoosh3 import W3Codec
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader
from whoosh.util.filelock import FileLock
from whoosh.writing import SegmentWriter

from index.articles import Document
from index.errors import IndexLocked
from index.naming import Naming
from index.whoosh_fields import ID, encode, whoosh_document
from index.whoosh_files import create, no_room_told

MOST_SEGMENTS = 8
"""More segments than this are merged: every search looks a word up in each of them."""

MOST_DELETED = 0.25
"""A segment with a larger part of its articles deleted is written anew without them."""

_LOCK_FILE = "writer.lock"
_MEGABYTES = 256
_POSTINGS_PER_BLOCK = 4096
"""Thirty times Whoosh's own: lists are always read whole, and longer blocks pack better."""


class WhooshTarget:
    """Writes the Whoosh index in one folder; see index.target.Target."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock: FileLock = FileLock(str(folder / _LOCK_FILE))
        self._index: FileIndex = None
        self._writer: SegmentWriter = None
        self._committed: Any = None
        self._added: dict[str, int] = {}

    def __enter__(self) -> Self:
        with no_room_told(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            if not self._lock.acquire():
                raise IndexLocked(f"Another process is writing the index in {self._folder}.")
            try:
                self._index = create(self._folder)
            except BaseException:
                self._lock.release()
                raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._writer is not None and not self._writer.is_closed:
                with suppress(OSError):  # what stays behind is removed by the next writer
                    self._writer.cancel()
        finally:
            self._writer = None
            self._index.storage.close_files()
            self._lock.release()

    def put(self, document: Document) -> None:
        """Add the document; one with the same article id is replaced."""
        with no_room_told(self._folder):
            self.delete(document.article_id)
            self._added[document.article_id] = self._writer.docnum
            self._writer.add_document(**whoosh_document(document))

    def delete(self, article_id: str) -> None:
        """Remove the article if it is there."""
        with no_room_told(self._folder):
            self._begin()
            if (added := self._added.pop(article_id, None)) is not None:
                self._writer.newsegment.delete_document(added)
                return
            term = encode(article_id)
            for reader, first in self._committed.leaf_readers():
                if (ID, term) in reader:
                    for number in reader.postings(ID, term).all_ids():
                        self._writer.delete_document(first + number)

    def rename(self, naming: Naming) -> None:
        """From the next commit on, count facet values under these names, and no others."""
        with no_room_told(self._folder):
            if self._index.storage.rename_values(naming):
                self._begin()

    def commit(self) -> None:
        """Make everything since the last commit durable and visible, all or nothing."""
        if self._writer is None:
            return
        with no_room_told(self._folder):
            self._committed.close()
            self._writer.commit(mergetype=_merge)
        self._writer = None

    def _begin(self) -> None:
        """Open a writer of Whoosh, which is good for one commit. It holds no lock: we do."""
        if self._writer is None:
            codec = W3Codec(blocklimit=_POSTINGS_PER_BLOCK)
            self._writer = SegmentWriter(self._index, _lk=False, limitmb=_MEGABYTES, codec=codec)
            self._committed = self._writer.reader()
            self._added = {}


def chosen_for_merging(sizes: Sequence[tuple[int, int]], added: int) -> list[int]:
    """Which segments a commit should merge into the one it writes.

    sizes: (articles, how many of them are deleted) of each committed segment; added: articles
    in the new segment. All with many deletions, and when there are too many segments the
    smallest ones, as long as a segment is not larger than what is merged into it: so an article
    is copied about as often as the archive doubles.
    """
    chosen = [
        number
        for number, (articles, deleted) in enumerate(sizes)
        if deleted > articles * MOST_DELETED
    ]
    kept = sorted(set(range(len(sizes))) - set(chosen), key=lambda number: sizes[number])
    if len(kept) < MOST_SEGMENTS:
        return chosen
    merged = added + sum(sizes[number][0] - sizes[number][1] for number in chosen)
    for place, number in enumerate(kept):
        if place > 1 and sizes[number][0] > merged:
            break
        merged += sizes[number][0]
        chosen.append(number)
    return chosen


def _merge(writer: SegmentWriter, segments: list[Any]) -> list[Any]:
    """A merge policy as Whoosh calls it: copies the chosen segments, returns the others."""
    sizes = [(segment.doc_count_all(), segment.deleted_count()) for segment in segments]
    chosen = chosen_for_merging(sizes, writer.doc_count())
    for number in chosen:
        reader = SegmentReader(writer.storage, writer.schema, segments[number])
        writer.add_reader(reader)
        reader.close()
    return [segment for number, segment in enumerate(segments) if number not in chosen]
