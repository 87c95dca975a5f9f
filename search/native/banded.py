"""Facet counts of many hits by bands: what these leave open is closed by a few lists.

The bands of a segment (`bands`) count its most frequent values. Any other value can be among the
most frequent of the hits only if it has as many articles in the whole archive as the last one
wanted has among the hits. When there are many hits few values have; they are looked up one by one.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from search.native import counting
from search.native.bands import band_of, count_band
from search.native.facets import ArchiveFacets, Facet
from search.native.hits import Hits
from search.native.most_frequent import most_of_few
from search.native.tally import Counted
from search.native.values import Numbers

HIT_COST = 3.8
"""Nanoseconds to count a hit by a band: 3.3 to 4.5 on 300,000 articles, 7 where its rows are in no
cache."""

AROUND_COST = 40_000
"""Nanoseconds around that: values that have no room in the band, and Python."""

BANDS = 2
"""More take longer than counting all values."""

FEWEST = 1_000
"""Hits in a segment from which on a band takes less time than counting all of their values."""

_NOTHING = np.iinfo(np.int64).max
"""No number of a segment is as high."""


def counting_cost(hits: int, bands: int) -> float:
    """Nanoseconds most_by_band takes when there is nothing to look up."""
    return bands * hits * HIT_COST + AROUND_COST


def banded_cost(facets: ArchiveFacets, hits: int, sizes: Mapping[str, int], bands: int) -> float:
    """Nanoseconds most_by_band takes, were the values spread evenly over the hits."""
    part = hits / max(facets.counters.articles, 1)
    cost = counting_cost(hits, bands)
    most_left_open = facets.most_left_open(bands)
    for name, size in sizes.items():
        facet = facets[name]
        start = facet.having(most_left_open + 1)
        least = float(facet.ordered_articles[size - 1]) * part if size <= facet.size else 1.0
        stop = max(start, facet.having(least))
        articles = float(facet.sums[stop] - facet.sums[start])
        cost += facet.looking_cost(stop - start, articles, least, part)
    return cost


def most_by_band(  # noqa: PLR0913  (what is counted, and how)
    facets: ArchiveFacets,
    hits: Hits,
    sizes: Mapping[str, int],
    bands: int,
    limit: float,
    fewest: int = FEWEST,
) -> list[Counted] | None:
    """Of each facet the most frequent values with a count, so many at most, by so many bands.

    None when looking up what bands leave open would take longer than `limit` nanoseconds.
    fewest: of fewer hits in a segment all values are counted
    """
    partial = _Partial(facets, hits, sizes)
    try:
        partial.count(bands, fewest)
        return partial.most() if partial.close(limit) else None
    finally:
        partial.clear()


class _Partial:
    """Counts of hits as far as bands go, and then as far as is needed."""

    def __init__(self, facets: ArchiveFacets, hits: Hits, sizes: Mapping[str, int]) -> None:
        self._hits = hits
        self._asked = [facets[name] for name in sizes]
        self._sizes = tuple(sizes.values())
        self._counters = facets.counters
        self._rows, _ = self._counters.rows(tuple(sizes))
        self._counts = self._counters.counts
        self._seen = self._counters.seen[:0]
        self._known: list[Counted] | None = None
        """The most frequent values, of those counted so far."""
        self._ends: list[int] = []
        """For each segment: which of its own numbers are not counted, those from here on."""

    def count(self, bands: int, fewest: int) -> None:
        """Count the hits in each segment, all values of fewer, else those of its first bands."""
        for segment in range(len(self._counters.views)):
            if self._hits.parts[segment].count < fewest:
                n = self._counters.count_few_of(segment, self._hits, self._rows, len(self._seen))
                self._seen = self._counters.seen[:n]
                self._ends.append(_NOTHING)
            else:
                ends = [self._count_band(segment, place) for place in range(bands)]
                self._ends.append(ends[-1])

    def _count_band(self, segment: int, place: int) -> int:
        """Count one band of a segment; returns where it ends."""
        counters = self._counters
        band = band_of(counters.views[segment].facets, place)
        renumbered = counters.values.renumbered[segment]
        arrays = (renumbered, self._counts, counters.seen, len(self._seen))
        n = count_band(self._hits.bits[segment], band, *arrays)
        self._seen = counters.seen[:n]
        return band.end

    def close(self, limit: float) -> bool:
        """Look up all open values that can be among the most frequent, unless it takes too long.

        limit: in nanoseconds; returns whether it was done
        """
        part = self._hits.count / max(self._counters.articles, 1)
        cost, wanted = 0.0, []
        for facet, size, (_, counts) in zip(self._asked, self._sizes, self.most(), strict=True):
            least = counts[-1] if len(counts) == size else 1
            numbers = self._open(facet, least)
            if len(numbers):
                articles = float(self._counters.values.articles[numbers].sum())
                cost += facet.looking_cost(len(numbers), articles, least, part)
                wanted.append((facet, numbers, least))
        if cost > limit:
            return False
        for facet, numbers, least in wanted:
            self._look_up(facet, numbers, least)
        return True

    def most(self) -> list[Counted]:
        """The most frequent values of each facet."""
        if self._known is None:
            values, counts = self._counters.values, self._counts
            arrays = (values.facet, values.rank, self._rows, self._counters.sizes(self._sizes))
            most = most_of_few(self._seen, counts, *arrays).tolist()
            self._known = [
                (numbers[:n], row[:n])
                for numbers, row in zip(*most, strict=True)
                for n in [len(row) - row.count(0)]
            ]
        return self._known

    def clear(self) -> None:
        """Leave the counters to the next one."""
        counting.clear(self._counts, self._seen)

    def _open(self, facet: Facet, least: int) -> Numbers:
        """The values of a facet not counted, or not wholly, that `least` of the hits may have."""
        numbers = facet.by_articles[: facet.having(least)]
        if len(self._ends) == 1:  # the numbers are the segment's own, and ascending
            return numbers[np.searchsorted(numbers, self._ends[0]) :]
        missing = np.zeros(len(numbers), np.int64)
        views, own_numbers = self._counters.views, self._counters.values.own
        for view, own, end in zip(views, own_numbers, self._ends, strict=True):
            is_open = own[numbers] >= end
            missing[is_open] += view.facets.articles[own[numbers[is_open]]]
        return numbers[(missing > 0) & (self._counts[numbers] + missing >= least)]

    def _look_up(self, facet: Facet, numbers: Numbers, least: int) -> None:
        """Count some values wholly, but for those that fewer than `least` of the hits have."""
        counts = facet.counts(self._hits.bits, numbers, least)
        numbers, counts = numbers[counts >= least], counts[counts >= least]
        if not len(numbers):
            return
        new = numbers[self._counts[numbers] == 0]
        room = self._counters.seen
        n = len(self._seen)
        room[n : n + len(new)] = new
        self._seen = room[: n + len(new)]
        self._counts[numbers] = counts
        self._known = None
