"""Several facets counted in one pass over the hits.

Counting forward mostly waits for memory: for every hit the place of its values, and the values,
are somewhere else. The values of all facets of an article beside each other are found with one
wait instead of one a facet. They are put together in memory when a snapshot is first asked for
them: 4 bytes a value, 20 MB and 60 ms for 300,000 articles with 17 values each.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.native import counting
from search.native.facets import FEW, FORWARD_COST, Facet, Hits
from search.native.snapshot import Snapshot

TOGETHER_COST = 1.5
"""Nanoseconds to count one value of one hit together with those of other facets: 1.2 to 1.8 on
300,000 articles with questions that change."""

Counted = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Numbers of values and their counts, most frequent first."""

_SAME = np.zeros(0, np.uint32)


class FacetGroup:
    """Facets whose values are numbered one facet after the other, and known by article."""

    def __init__(self, snapshot: Snapshot, facets: Sequence[Facet]) -> None:
        self.facets = facets
        self._begin = np.cumsum([0, *(len(facet.values) for facet in facets)])
        self._values = [
            self._of_segment(number, view.segment.articles)
            for number, view in enumerate(snapshot.views)
        ]
        self._an_article = sum(facet.values_an_article for facet in facets)
        self._counters = threading.local()

    def most_frequent(self, hits: Hits, most: Sequence[int]) -> list[Counted]:
        """For each facet what Facet.most_frequent gives, at most most[i] of facet i."""
        forward = hits.count * self._an_article * TOGETHER_COST
        one_by_one = sum(
            min(
                facet.threshold_cost(hits.count, size),
                hits.count * facet.values_an_article * FORWARD_COST,
            )
            for facet, size in zip(self.facets, most, strict=True)
        )
        if hits.count and one_by_one < forward:
            return [f.most_frequent(hits, size) for f, size in zip(self.facets, most, strict=True)]
        if hits.count * self._an_article * FEW < self._begin[-1]:
            return self._of_few(hits, most)
        counters = self._own_counters()
        for documents, (first, value) in zip(hits.documents, self._values, strict=True):
            counting.count_values(documents, first, value, _SAME, counters)
        return [
            counting.most_counted(counters[begin:end], size)
            for begin, end, size in zip(self._begin, self._begin[1:], most, strict=False)
        ]

    def _of_few(self, hits: Hits, most: Sequence[int]) -> list[Counted]:
        found = [
            counting.values_of(documents, first, value, _SAME)
            for documents, (first, value) in zip(hits.documents, self._values, strict=True)
        ]
        values = found[0] if len(found) == 1 else np.concatenate(found)
        values.sort()
        ends = np.searchsorted(values, self._begin)
        counted = []
        for i, size in enumerate(most):
            numbers, counts = counting.most_common(values[ends[i] : ends[i + 1]], size)
            counted.append((numbers - self._begin[i], counts))
        return counted

    def _of_segment(
        self, number: int, articles: int
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Where each article's values begin, and the values of all facets of a segment."""
        first = np.zeros(articles + 1, np.uint32)
        for facet in self.facets:
            arrays = facet.arrays[number]
            if arrays is not None:
                first += arrays.first
        value = np.empty(int(first[-1]), np.uint32)
        ends = first[:-1].astype(np.int64)
        for facet, begin in zip(self.facets, self._begin.tolist(), strict=False):
            arrays = facet.arrays[number]
            if arrays is not None:
                renumbered = facet.renumbered[number]
                counting.interleave(value, ends, arrays.first, arrays.value, renumbered, begin)
        return first, value

    def _own_counters(self) -> NDArray[np.int32]:
        """Counters at zero, this thread's own."""
        if not hasattr(self._counters, "counters"):
            self._counters.counters = np.zeros(int(self._begin[-1]), np.int32)
        counters: NDArray[np.int32] = self._counters.counters
        return counters
