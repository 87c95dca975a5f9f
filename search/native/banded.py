"""The most frequent values of facets among many hits: some by bands, and then by lists.

The bands of a segment (`bands`) count its most frequent values. Any other value can be among the
most frequent of the hits only if it has as many articles in the whole archive as the last one
wanted has among the hits; what is left is looked up in the values' lists (`by_lists`). Without a
band all values are: from the one with most articles down, until no value left has enough.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from search.native.bands import band_of, count_band
from search.native.by_lists import cost_of_open, most_by_lists
from search.native.facets import ArchiveFacets
from search.native.hits import Hits
from search.native.most_frequent import Most

HIT_COST = 3.1
"""Nanoseconds to count a hit by a band."""

ARTICLE_COST = 0.13
"""Nanoseconds that takes for each article there is: to read the bitmap of the hits, and to count
the values without room."""

BANDS = 2
"""More take longer than counting all values."""

FEWEST = 1_000
"""Hits in a segment from which on a band takes less time than counting all of their values."""

_NOTHING = np.iinfo(np.int64).max
"""No number of a segment is as high."""


def band_cost(facets: ArchiveFacets, hits: int) -> float:
    """Nanoseconds it takes to count by one band."""
    return hits * HIT_COST + facets.counters.articles * ARTICLE_COST


def most_by_bands(  # noqa: PLR0913  (what is counted, and how)
    facets: ArchiveFacets,
    hits: Hits,
    sizes: Mapping[str, int],
    bands: int,
    limit: float,
    fewest: int = FEWEST,
) -> Most | None:
    """Of each facet the most frequent values with a count, so many at most.

    bands: at least by so many; by one more where that takes less time than what they leave open.
        By 0 all values are looked up in lists.
    None when what bands leave open would take longer than `limit` nanoseconds.
    fewest: of fewer hits in a segment all values are counted
    """
    partial = _Partial(facets, hits, sizes)
    try:
        cost = 0.0
        for place in range(max(bands, BANDS) if bands else 0):
            partial.count(place, fewest)
            if place + 1 >= bands:
                cost = partial.cost_of_open(limit)
                if cost <= band_cost(facets, hits.count):
                    break
        return partial.most() if cost <= limit else None
    finally:
        facets.counters.counts[:] = 0


class _Partial:
    """Counts of hits as far as bands go, and then as far as is needed."""

    def __init__(self, facets: ArchiveFacets, hits: Hits, sizes: Mapping[str, int]) -> None:
        counters = facets.counters
        rows, ends = counters.rows(tuple(sizes))
        self._counters, self._values, self._hits = counters, counters.values, hits
        self._asked = counters.counts, rows, counters.sizes(tuple(sizes.values())), ends
        self._counted = np.zeros(len(counters.views), np.int64)
        """For each segment: which of its own numbers are not counted, those from here on."""

    def count(self, place: int, fewest: int) -> None:
        """Count the hits by one band of each segment, and all values where there are few hits."""
        counters, counts = self._counters, self._asked[0]
        for segment, part in enumerate(self._hits.parts):
            if self._counted[segment] == _NOTHING:
                continue
            if part.count < fewest:
                rows, _ = counters.rows(tuple(self._values.names))
                counters.count_few_of(segment, self._hits, rows, 0)
                self._counted[segment] = _NOTHING
                continue
            band = band_of(counters.views[segment].facets, place)
            count_band(part.bits, band, self._values.renumbered[segment], counts)
            self._counted[segment] = band.end

    def cost_of_open(self, limit: float) -> float:
        """Nanoseconds it takes to look up what is left; any higher number above `limit`."""
        missed = 1 - self._hits.count / max(self._counters.articles, 1)
        cost: float = cost_of_open(self._values.tables, self._counted, *self._asked, missed, limit)
        return cost

    def most(self) -> Most:
        """The most frequent values of each facet; what they need is looked up."""
        found: Most
        arguments = self._values.tables, self._counted, *self._asked
        for segment in np.flatnonzero(self._counted < _NOTHING).tolist() or [0]:
            bits, lists = self._hits.parts[segment].bits, self._values.segments[segment].every_list
            found = most_by_lists(bits, lists, segment, *arguments)
        return found
