"""The native engine: answers requests from the last commit of a native index."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Iterator
from functools import partial, reduce
from itertools import groupby, repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged, IndexMissing
from index.native.files import Arrays
from index.native.manifest import FILE_NAME
from search.bm25 import Statistics
from search.engine import ArchiveWord
from search.errors import EngineUnavailable
from search.histogram import SECONDS_PER_DAY, first_second, histogram
from search.native.bitmaps import Bitmap
from search.native.execution import Execution
from search.native.facet_answers import Question, facet_answers
from search.native.facets import ArchiveFacets
from search.native.hits import Hits
from search.native.order import Found, first_hits
from search.native.snapshot import Snapshot, View
from search.paging import LastHit, read_cursor, write_cursor
from search.plan import phrases_in
from search.request import (
    Dates,
    FacetFilter,
    FacetRequest,
    Grain,
    HistogramRequest,
    SearchRequest,
)
from search.results import FacetCounts, Histogram, Hit, SearchResults

_WORDS_AT_ONCE = 4_096

FEW_CANDIDATES = 1_000
"""Articles of a phrase's rarest word up to which it is looked for in all of them: on 300,000 articles
that takes as long as putting filters together."""


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
        last = read_cursor(request)
        return _Answering(self, self._open_snapshot(), request).results(last)

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
        for value, count in zip(self.facets.values.texts(numbers.tolist()), counts, strict=True):
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


class _Answering:
    """One request on its way to an answer: what matches the plan, a bitmap for each filter."""

    def __init__(self, engine: NativeEngine, snapshot: Snapshot, request: SearchRequest) -> None:
        self._engine = engine
        self._snapshot = snapshot
        self._request = request
        self._executions = [Execution(snapshot, view) for view in snapshot.views]
        self._filters = [
            (chosen.facet, list(map(_passing, self._executions, snapshot.views, repeat(chosen))))
            for chosen in request.filters
            if chosen.values or chosen.excluded
        ]
        self._dates = self._within(request.dates)
        if self._is_worth_narrowing():
            self._executions = [
                Execution(snapshot, view, scope)
                for view, scope in zip(snapshot.views, self._scopes(), strict=True)
            ]
        self._plan = Hits([each.live_matches(request.plan) for each in self._executions])

    def results(self, last: LastHit | None) -> SearchResults:
        """The answer; hits begin after the last one of an earlier page, if given."""
        request = self._request
        matched = self._hits()
        hits = []
        if request.size:
            hits = first_hits(
                self._found(matched), request, last, request.offset + request.size + 1
            )
        page = hits[request.offset : request.offset + request.size]
        more = len(hits) > request.offset + request.size
        return SearchResults(
            total=matched.count,
            hits=tuple(page),
            facets=self._facet_counts(matched),
            histogram=self._histogram(request.histogram, matched) if request.histogram else None,
            following=partial(_cursor_after, page[-1], request) if more else None,
        )

    def _is_worth_narrowing(self) -> bool:
        """Whether filters spare more looking for phrases than it takes to put them together."""
        if not self._filters and self._dates is None:
            return False
        phrases = phrases_in(self._request.plan)
        return any(
            execution.candidates(phrase) > FEW_CANDIDATES
            for execution in self._executions
            for phrase in phrases
        )

    def _found(self, matched: Hits) -> list[Found]:
        """The hits of each segment, and where only the earliest of a story shows, its others."""
        found = list(map(Found, self._snapshot.views, self._executions, matched.parts))
        if self._request.copies:
            return found
        others = partial(self._engine.facets.stories.copies, self._passing(self._plan.bits))
        return [each._replace(copies=partial(others, n)) for n, each in enumerate(found)]

    def _scopes(self) -> list[Bitmap]:
        """The documents that any count of this request can be about."""
        request, everything = self._request, [view.live for view in self._snapshot.views]
        asked = {wanted.facet for wanted in request.facets}
        kept = [self._passing(everything, but_facet=f) for f, _ in self._filters if f in asked]
        if request.histogram is not None and self._dates is not None:
            kept.append(self._passing(everything, dates=False))
        if not kept:  # those that pass all filters are among the others
            return self._passing(everything)
        return [reduce(np.bitwise_or, each) for each in zip(*kept, strict=True)]

    def _hits(self, *, but_facet: str | None = None, dates: bool = True) -> Hits:
        """The articles that match the plan and pass the filters, but for one facet's own.

        Only the earliest of each story, where no copies are wanted.
        """
        chosen = self._chosen(but_facet, dates=dates)
        hits = self._plan.within(chosen) if chosen else self._plan
        if self._request.copies:
            return hits
        return hits.within([self._engine.facets.stories.earliest(hits.bits)])

    def _passing(
        self, matched: list[Bitmap], *, but_facet: str | None = None, dates: bool = True
    ) -> list[Bitmap]:
        """Those that pass the filters, but for one facet's own."""
        chosen = self._chosen(but_facet, dates=dates)
        return [reduce(np.bitwise_and, each) for each in zip(matched, *chosen, strict=True)]

    def _chosen(self, but_facet: str | None, *, dates: bool) -> list[list[Bitmap]]:
        """The filters, but for one facet's own: what passes each, a bitmap a segment."""
        chosen = [filtered for facet, filtered in self._filters if facet != but_facet]
        if dates and self._dates is not None:
            chosen.append(self._dates)
        return chosen

    def _within(self, dates: Dates | None) -> list[Bitmap] | None:
        """The articles published on the days; None when they are open at both ends."""
        if dates is None or dates == Dates():
            return None
        start = None if dates.first is None else first_second(dates.first)
        end = None if dates.last is None else first_second(dates.last) + SECONDS_PER_DAY
        return [execution.published(start, end) for execution in self._executions]

    def _facet_counts(self, matched: Hits) -> tuple[FacetCounts, ...]:
        """The facets: among the hits those that no filter is on, the others among more."""
        wanted = self._request.facets
        asked = {each.facet for each in wanted} if self._filters else ()
        hits = {facet: self._hits(but_facet=facet) for facet, _ in self._filters if facet in asked}
        questions = [
            self._facet_question(each, hits[each.facet])
            if each.facet in hits
            else Question(each, matched)
            for each in wanted
        ]
        return tuple(facet_answers(self._engine.facets, questions)) if questions else ()

    def _facet_question(self, wanted: FacetRequest, hits: Hits) -> Question:
        own = [chosen for chosen in self._request.filters if chosen.facet == wanted.facet]
        selected = frozenset().union(*[chosen.values for chosen in own])
        excluded = frozenset().union(*[chosen.excluded for chosen in own])
        return Question(wanted, hits, selected, excluded)

    def _histogram(self, wanted: HistogramRequest, matched: Hits) -> Histogram:
        hits = matched if self._dates is None else self._hits(dates=False)
        views = self._snapshot.views
        moments, undated = [], 0
        for view, part in zip(views, hits.parts, strict=True):
            first, last, before = part.ends()
            undated += before
            if first <= last:
                published = view.segment.published
                moments += [int(published[first]), int(published[last])]

        def count_spans(grain: Grain, start: int, stop: int) -> NDArray[np.int64]:
            counted = [
                part.count_between(view.spans(grain, start, stop))
                for view, part in zip(views, hits.parts, strict=True)
            ]
            return reduce(np.add, counted) if counted else np.zeros(stop - start, np.int64)

        return histogram(
            min(moments, default=None),
            max(moments, default=None),
            undated,
            self._request.dates,
            wanted,
            count_spans,
        )


def _cursor_after(hit: Hit, request: SearchRequest) -> str:
    return write_cursor(LastHit(hit.score, hit.published, hit.article_id), request)


def _passing(execution: Execution, view: View, chosen: FacetFilter) -> Bitmap:
    """The articles a filter lets through."""
    if chosen.values and chosen.match == "all":
        each = [execution.with_any(chosen.facet, (value,)) for value in chosen.values]
        bits = reduce(np.bitwise_and, each)
    elif chosen.values:
        bits = execution.with_any(chosen.facet, chosen.values)
    else:
        bits = view.live
    if chosen.excluded:
        bits = bits & ~execution.with_any(chosen.facet, chosen.excluded)
    return bits


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
