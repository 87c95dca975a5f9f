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


_EXACT_BITS = 5
"""Numbers of hits alike in so many leading bits, within a thirtieth, take the same road."""

_MOST_REMEMBERED = 1_000

_FORWARD, _THRESHOLD = 0, -1


def most_among(facets: ArchiveFacets, hits: Hits, sizes: Mapping[str, int]) -> dict[str, Counted]:
    """The most frequent values with a count of each facet, so many of each at most."""
    road = _remembered_road(facets, hits.count, sizes)
    if road == _THRESHOLD:
        return {name: facets[name].by_threshold(hits, size) for name, size in sizes.items()}
    if road != _FORWARD:
        found = most_by_band(facets, hits, sizes, road, _forward_cost(facets, hits.count))
        if found is not None:
            return dict(zip(sizes, found, strict=True))
    tally = Tally(facets.counters, hits)
    try:
        return dict(zip(sizes, tally.most(list(sizes), list(sizes.values())), strict=True))
    finally:
        tally.clear()


def _remembered_road(facets: ArchiveFacets, hits: int, sizes: Mapping[str, int]) -> int:
    """The road for so many hits, reckoned once for all numbers alike."""
    unlike = max(hits.bit_length() - _EXACT_BITS, 0)
    key = hits >> unlike, unlike, tuple(sizes.items())
    road = facets.roads.get(key)
    if road is None:
        if len(facets.roads) >= _MOST_REMEMBERED:
            facets.roads.clear()
        road = facets.roads[key] = _road(facets, hits, sizes)
    return road


def _road(facets: ArchiveFacets, hits: int, sizes: Mapping[str, int]) -> int:
    """By how many bands to count; or _FORWARD, or _THRESHOLD."""
    forward = _forward_cost(facets, hits)
    if not sizes or forward <= counting_cost(hits, 0):
        return _FORWARD
    banded, bands = _cheapest_bands(facets, hits, sizes, forward)
    threshold = sum(facets[name].threshold_cost(hits, size) for name, size in sizes.items())
    if threshold < min(forward, banded):
        return _THRESHOLD
    return bands if banded < forward else _FORWARD


def _cheapest_bands(
    facets: ArchiveFacets, hits: int, sizes: Mapping[str, int], limit: float
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


def _forward_cost(facets: ArchiveFacets, hits: int) -> float:
    return hits * facets.counters.values_an_article * FORWARD_COST
