"""The native engine: answers requests from the last commit of a native index."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import numpy as np

from index.errors import IndexDamaged, IndexMissing
from index.native.files import Arrays
from index.native.manifest import FILE_NAME
from search.bm25 import Statistics
from search.engine import ArchiveWord
from search.errors import EngineUnavailable
from search.native.answering import answer
from search.native.facets import ArchiveFacets
from search.native.snapshot import Snapshot, View
from search.request import SearchRequest
from search.results import SearchResults

_WORDS_AT_ONCE = 4_096


class NativeEngine:
    """Answers from one commit of the native index in a folder; see search.engine.Engine.

    Opening compares the checksums of all arrays that could lead a kernel astray. The others are
    read by a thread; from when it finds one damaged, everything raises IndexDamaged.
    """

    def __init__(self, folder: Path, known: Snapshot | None = None) -> None:
        self._folder = folder
        self._stamp = _stamp(folder)  # taken first: a commit in between is noticed later
        self._snapshot: Snapshot | None = Snapshot.open(folder, known)
        self.facets = ArchiveFacets(self._snapshot)
        self._damage: IndexDamaged | None = None
        before = {} if known is None else known.files()
        files = self._snapshot.files()
        self._files = list(files.values())
        new = [file for name, file in files.items() if name not in before]
        threading.Thread(target=self._verify, args=(new,), daemon=True).start()

    @classmethod
    def open(cls, folder: Path) -> NativeEngine:
        """An engine on the last commit. Raises IndexMissing, IndexDamaged and their kin."""
        return cls(folder)

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer from the snapshot; raises CursorError for the cursor of another question."""
        return answer(self._open_snapshot(), self.facets, request)

    def words(self, prefix: str) -> Iterator[ArchiveWord]:
        """The archive's words that begin with `prefix`, in code point order."""
        tables = [_words_of(view, prefix) for view in self._open_snapshot().views]
        if len(tables) == 1:
            yield from tables[0]
            return
        merged = heapq.merge(*tables, key=lambda word: (word.word, word.stem))
        for (word, stem), same in groupby(merged, key=lambda word: (word.word, word.stem)):
            yield ArchiveWord(word, stem, sum(each.articles for each in same))

    def facet_values(self, facet: str, containing: str) -> Iterator[tuple[str, int]]:
        """Values of a facet whose folded text contains `containing`, with their articles."""
        live = [view.live for view in self._open_snapshot().views]
        found = self.facets[facet]
        numbers = found.containing(containing)
        counts = found.counts(live, numbers).tolist()
        for value, count in zip(self.facets.values.texts(numbers), counts, strict=True):
            if count:
                yield value, count

    def count(self) -> int:
        """Articles in the snapshot."""
        return self._open_snapshot().articles

    def languages(self) -> tuple[str, ...]:
        """The languages of the archive's articles, most frequent first, equal ones by code."""
        return self._open_snapshot().languages

    def statistics(self) -> Statistics:
        """What ranking knows of the articles in the snapshot (search.bm25)."""
        snapshot = self._open_snapshot()
        return Statistics(snapshot.articles, snapshot.average_length)

    def refreshed(self) -> NativeEngine:
        """The same engine, or one on a newer snapshot when there has been a commit since."""
        if _stamp(self._folder) == self._stamp:
            return self
        return NativeEngine(self._folder, self._open_snapshot())

    def close(self) -> None:
        """Let go of the files; further calls raise EngineUnavailable."""
        self._snapshot = None
        self._files = []

    def _verify(self, files: list[Arrays]) -> None:
        """Read whole files, while searching goes on; a damaged one ends it."""
        for file in files:
            try:
                file.verify()
            except IndexDamaged as error:
                self._damage = error

    def _open_snapshot(self) -> Snapshot:
        if self._damage is not None:
            raise self._damage
        if self._snapshot is None:
            raise EngineUnavailable(f"The engine on {self._folder} has been closed.")
        for file in self._files:
            file.check_size()
        return self._snapshot


def _words_of(view: View, prefix: str) -> Iterator[ArchiveWord]:
    segment = view.segment
    numbers = segment.words.with_prefix(prefix)
    for first in range(numbers.start, numbers.stop, _WORDS_AT_ONCE):
        some = np.arange(first, min(first + _WORDS_AT_ONCE, numbers.stop))
        yield from map(
            ArchiveWord,
            segment.words.several(some),
            segment.terms.several(segment.word_terms[some]),
            segment.word_articles[some].tolist(),
        )


def _stamp(folder: Path) -> tuple[int, int, int]:
    """What changes with every commit."""
    try:
        found = (folder / FILE_NAME).stat()
    except FileNotFoundError as error:
        raise IndexMissing(f"{folder} holds no index: build it with `dateline reindex`.") from error
    return found.st_mtime_ns, found.st_ino, found.st_size
