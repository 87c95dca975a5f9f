"""The most frequent values of facets among some hits, by the cheapest of three roads.

All lead to the same numbers: *forward* (`tally`) through all values of the hits, *by bands*
(`banded`) through the frequent ones, *by threshold* (`facets`) from the values to the hits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from search.native.banded import BANDS, banded_cost, counting_cost, most_by_band
from search.native.facets import ArchiveFacets
from search.native.hits import Hits
from search.native.tally import Counted, Tally

FORWARD_COST = 0.6
"""Nanoseconds to count one value of one hit: 0.45 to 0.7 on 300,000 articles with 17 values each
and questions that change."""


def most_among(facets: ArchiveFacets, hits: Hits, sizes: Mapping[str, int]) -> dict[str, Counted]:
    """The most frequent values with a count of each facet, so many of each at most."""
    forward = hits.count * facets.counters.values_an_article * FORWARD_COST
    if sizes and forward > counting_cost(hits, 0):  # else choosing takes longer than it spares
        banded, bands = _cheapest_bands(facets, hits, sizes, forward)
        threshold = 0.0
        for name, size in sizes.items():
            threshold += facets[name].threshold_cost(hits.count, size)
        if threshold < min(forward, banded):
            return {name: facets[name].by_threshold(hits, size) for name, size in sizes.items()}
        if banded < forward:
            found = most_by_band(facets, hits, sizes, bands, forward)
            if found is not None:
                return dict(zip(sizes, found, strict=True))
    tally = Tally(facets.counters, hits)
    try:
        return dict(zip(sizes, tally.most(list(sizes), list(sizes.values())), strict=True))
    finally:
        tally.clear()


def _cheapest_bands(
    facets: ArchiveFacets, hits: Hits, sizes: Mapping[str, int], limit: float
) -> tuple[float, int]:
    """How long it takes by bands, and by how many; those that take more than `limit` are not made.

    In nanoseconds.
    """
    best = math.inf, 0
    for bands in range(1, BANDS + 1):
        if counting_cost(hits, bands) > min(limit, best[0]):
            break
        best = min(best, (banded_cost(facets, hits, sizes, bands), bands))
    return best
