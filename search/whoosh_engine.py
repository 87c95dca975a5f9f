"""The Whoosh engine: requests answered from a Whoosh index, in Python and numpy.

Whoosh keeps and reads the postings. What matches is worked out in whole arrays over all
articles (search.whoosh_scoring), so an answer takes time in proportion to the archive.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from index.whoosh_files import stamp
from search.bm25 import Statistics
from search.engine import ArchiveWord
from search.errors import EngineUnavailable
from search.histogram import SECONDS_PER_DAY, first_second, histogram, seconds
from search.paging import LastHit, read_cursor, write_cursor
from search.request import Dates, FacetRequest, HistogramRequest, SearchRequest
from search.results import FacetCounts, Histogram, Hit, SearchResults
from search.whoosh_columns import Numbers
from search.whoosh_facets import count_facet, passing, value_counts, values_containing
from search.whoosh_order import Order
from search.whoosh_scoring import Execution, Mask, Scores
from search.whoosh_snapshot import Snapshot


class WhooshEngine:
    """Answers from one commit of the Whoosh index in a folder; see search.engine.Engine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp = stamp(folder)  # taken first: a commit in between is noticed later
        self._snapshot: Snapshot | None = Snapshot(folder)

    @classmethod
    def open(cls, folder: Path) -> WhooshEngine:
        """An engine on the newest commit. Raises IndexMissing, IndexDamaged and their kin."""
        return cls(folder)

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer from the snapshot; raises CursorError for the cursor of another question."""
        last = read_cursor(request)
        return _Answering(self._open_snapshot(), request).results(last)

    def words(self, prefix: str) -> Iterator[ArchiveWord]:
        """The archive's words that begin with `prefix`, in code point order."""
        words = self._open_snapshot().words
        first = bisect_left(words, prefix, key=lambda word: word.word)
        for place in range(first, len(words)):
            if not words[place].word.startswith(prefix):
                return
            yield words[place]

    def facet_values(self, facet: str, containing: str) -> Iterator[tuple[str, int]]:
        """Values of a facet whose folded text contains `containing`, with their articles."""
        snapshot = self._open_snapshot()
        column = snapshot.facet(facet)
        counts = value_counts(column, snapshot.live)
        for place in np.flatnonzero(values_containing(column, containing)):
            yield column.values[place], int(counts[place])

    def count(self) -> int:
        """Articles in the snapshot."""
        return self._open_snapshot().count

    def languages(self) -> tuple[str, ...]:
        """The languages of the archive's articles, most frequent first, equal ones by code."""
        return self._open_snapshot().languages

    def statistics(self) -> Statistics:
        """What ranking knows of the articles in the snapshot (search.bm25)."""
        snapshot = self._open_snapshot()
        return Statistics(snapshot.count, snapshot.average_length)

    def refreshed(self) -> WhooshEngine:
        """The same engine, or one on a newer snapshot when there has been a commit since."""
        return self if stamp(self._folder) == self._stamp else WhooshEngine(self._folder)

    def close(self) -> None:
        """Release files; further calls raise EngineUnavailable."""
        snapshot, self._snapshot = self._snapshot, None
        if snapshot is not None:
            snapshot.close()

    def _open_snapshot(self) -> Snapshot:
        if self._snapshot is None:
            raise EngineUnavailable(f"The engine on {self._folder} has been closed.")
        return self._snapshot


class _Answering:
    """One request on its way to an answer: the articles that match it, condition by condition."""

    def __init__(self, snapshot: Snapshot, request: SearchRequest) -> None:
        self._snapshot = snapshot
        self._request = request
        execution = Execution(snapshot)
        matches = execution.matches(request.plan)
        self._scores: Scores = matches.scores
        self._plan: Mask = matches.mask
        self._filters = [(each.facet, passing(execution, each)) for each in request.filters]
        self._dates = _dates_mask(execution, request.dates)

    def results(self, last: LastHit | None) -> SearchResults:
        """The answer; hits begin after the last one of an earlier page, if given."""
        request = self._request
        matching = self._matching()
        found = np.flatnonzero(self._without_copies(matching))
        order = Order(self._snapshot, request.sort, self._scores)
        rest = found if last is None else order.after(found, last)
        ordered = order.first(rest, request.offset + request.size)
        hits = self._hits(ordered[request.offset :], matching)
        more = bool(hits) and request.offset + len(hits) < len(rest)
        return SearchResults(
            total=len(found),
            hits=hits,
            facets=tuple(self._facet(wanted) for wanted in request.facets),
            histogram=self._histogram(request.histogram) if request.histogram else None,
            following=partial(write_cursor, _last(hits), request) if more else None,
        )

    def _matching(self, *, but_facet: str | None = None, dates: bool = True) -> Mask:
        """The articles that match the plan and pass the filters, but for one facet's own."""
        mask = self._plan
        for facet, passed in self._filters:
            if facet != but_facet and passed is not None:
                mask = mask & passed
        return mask & self._dates if dates and self._dates is not None else mask

    def _without_copies(self, matching: Mask) -> Mask:
        return matching if self._request.copies else self._snapshot.stories.earliest(matching)

    def _hits(self, numbers: Numbers, matching: Mask) -> tuple[Hit, ...]:
        copies = [0] * len(numbers)
        if not self._request.copies:
            copies = self._snapshot.stories.other_copies(matching, numbers)
        return tuple(
            Hit(record.article_id, float(self._scores[number]), record.published, others)
            for number, others in zip(numbers, copies, strict=True)
            for record in [self._snapshot.record(number)]
        )

    def _facet(self, wanted: FacetRequest) -> FacetCounts:
        counted = self._without_copies(self._matching(but_facet=wanted.facet))
        column = self._snapshot.facet(wanted.facet)
        return count_facet(column, counted, self._snapshot.live, wanted, self._request)

    def _histogram(self, wanted: HistogramRequest) -> Histogram:
        counted = self._without_copies(self._matching(dates=False))
        dated = counted & ~self._snapshot.undated
        undated = int(counted.sum()) - int(dated.sum())
        published = np.sort(self._snapshot.published[dated])
        return histogram(
            int(published[0]) if len(published) else None,
            int(published[-1]) if len(published) else None,
            undated,
            self._request.dates,
            wanted,
            lambda grain, start, stop: np.diff(
                np.searchsorted(published, seconds(start, stop, grain))
            ),
        )


def _last(hits: tuple[Hit, ...]) -> LastHit:
    return LastHit(hits[-1].score, hits[-1].published, hits[-1].article_id)


def _dates_mask(execution: Execution, dates: Dates | None) -> Mask | None:
    """The articles published on the days; None when they are open at both ends."""
    if dates is None or dates == Dates():
        return None
    start = None if dates.first is None else first_second(dates.first)
    end = None if dates.last is None else first_second(dates.last) + SECONDS_PER_DAY
    return execution.published_between(start, end)
