"""From a request to its answer, over all segments of a snapshot."""

from __future__ import annotations

from functools import partial, reduce

import numpy as np

from search.histogram import histogram
from search.native.bitmaps import Bitmap
from search.native.facet_answers import facet_answers
from search.native.facet_questions import asked
from search.native.facets import ArchiveFacets
from search.native.hits import Hits
from search.native.matching import Matching
from search.native.order import Found, first_hits
from search.native.snapshot import Snapshot
from search.paging import LastHit, read_cursor, write_cursor
from search.plan import phrases_in
from search.request import (
    Dates,
    HistogramRequest,
    SearchRequest,
)
from search.results import FacetCounts, Histogram, Hit, SearchResults

FEW_CANDIDATES = 1_000
"""Articles of a phrase's rarest word up to which it is looked for in all of them: on 300,000 articles
that takes as long as putting filters together."""


def answer(snapshot: Snapshot, facets: ArchiveFacets, request: SearchRequest) -> SearchResults:
    """The answer to a request; raises CursorError for the cursor of another question.

    facets: those of the snapshot
    """
    last = read_cursor(request)
    return _Answering(snapshot, facets, request).results(last)


class _Answering:
    """One request on its way to an answer: what matches the plan, a bitmap for each filter."""

    def __init__(self, snapshot: Snapshot, facets: ArchiveFacets, request: SearchRequest) -> None:
        self._snapshot = snapshot
        self._facets = facets
        self._request = request
        self._matchings = [Matching(snapshot, view) for view in snapshot.views]
        self._filters = [
            (chosen.facet, [each.passing(chosen) for each in self._matchings])
            for chosen in request.filters
            if chosen.values or chosen.excluded
        ]
        self._dates = None
        if request.dates is not None and request.dates != Dates():
            self._dates = [each.passing(request.dates) for each in self._matchings]
        if self._is_worth_narrowing():
            self._matchings = [
                Matching(snapshot, view, scope)
                for view, scope in zip(snapshot.views, self._scopes(), strict=True)
            ]
        self._plan = Hits([each.live_matches(request.plan) for each in self._matchings])

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
            matching.candidates(phrase) > FEW_CANDIDATES
            for matching in self._matchings
            for phrase in phrases
        )

    def _found(self, matched: Hits) -> list[Found]:
        """The hits of each segment, and where only the earliest of a story shows, its others."""
        found = list(map(Found, self._matchings, matched.parts))
        if self._request.copies:
            return found
        others = partial(self._facets.stories.copies, self._passing(self._plan.bits))
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
        return hits.within([self._facets.stories.earliest(hits.bits)])

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

    def _facet_counts(self, matched: Hits) -> tuple[FacetCounts, ...]:
        """The facets: among the hits those that no filter is on, the others among more."""
        request = self._request
        if not request.facets:
            return ()
        return facet_answers(
            self._facets,
            asked(request.facets, request.filters),
            lambda facet: matched if facet is None else self._hits(but_facet=facet),
        )

    def _histogram(self, wanted: HistogramRequest, matched: Hits) -> Histogram:
        hits = matched if self._dates is None else self._hits(dates=False)
        ends = None if wanted.grain is None else self._snapshot.ends(wanted.grain)
        if ends is None:
            ends = hits.first_and_last()
        undated = sum([part.undated for part in hits.parts])
        return histogram(*ends, undated, self._request.dates, wanted, hits.count_spans)


def _cursor_after(hit: Hit, request: SearchRequest) -> str:
    return write_cursor(LastHit(hit.score, hit.published, hit.article_id), request)
