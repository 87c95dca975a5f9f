"""The most frequent values of facets among some hits, by the cheapest road.

All lead to the same numbers: *forward* (`tally`) through all values of the hits; *by bands*
(`banded`) through the frequent ones, one or two bands of them, and then from values to hits; *by
lists* alone, which is by no band.
"""

from __future__ import annotations

from collections.abc import Mapping

from search.native.banded import BANDS, band_cost, most_by_bands
from search.native.facets import ArchiveFacets
from search.native.hits import Hits
from search.native.most_frequent import Most
from search.native.tally import Tally

FORWARD_COST = 0.8
"""Nanoseconds to count one value of one hit, on 300,000 articles with 17 values each: 0.5 while the
values of all articles stay in the processor's last cache, 1.2 where much else is asked for too."""

LISTS_COST = 15_000
"""Nanoseconds around looking values up in lists."""

_EXACT_BITS = 5
"""Numbers of hits alike in so many leading bits, within a thirtieth, take the same road."""

_FORWARD = -1


def most_among(facets: ArchiveFacets, hits: Hits, sizes: Mapping[str, int]) -> Most:
    """The most frequent values of each facet, so many of each at most."""
    bands = _remembered_road(facets, hits.count, sizes)
    if bands != _FORWARD:
        found = most_by_bands(facets, hits, sizes, bands, _forward_cost(facets, hits.count))
        if found is not None:
            return found
    tally = Tally(facets.counters, hits)
    try:
        return tally.most(sizes)
    finally:
        tally.clear()


def _remembered_road(facets: ArchiveFacets, hits: int, sizes: Mapping[str, int]) -> int:
    """The road for so many hits, reckoned once for all numbers alike."""
    unlike = max(hits.bit_length() - _EXACT_BITS, 0)
    key = hits >> unlike, unlike, tuple(sizes.items())
    road = facets.roads.get(key)
    if road is None:
        road = facets.roads.put(key, _road(facets, hits, sizes))
    return road


def _road(facets: ArchiveFacets, hits: int, sizes: Mapping[str, int]) -> int:
    """By how many bands to count, or _FORWARD. Bands that would take longer are not made."""
    best, road = _forward_cost(facets, hits), _FORWARD
    for bands in range(BANDS + 1):
        cost = bands * band_cost(facets, hits) + LISTS_COST
        if cost < best:
            cost += _looking_cost(facets, hits, sizes, bands)
        if cost < best:
            best, road = cost, bands
    return road


def _looking_cost(facets: ArchiveFacets, hits: int, sizes: Mapping[str, int], bands: int) -> float:
    """Nanoseconds to look up what bands leave open, were the values spread evenly over the hits."""
    part = hits / max(facets.counters.articles, 1)
    counted = facets.most_left_open(bands) + 1
    return sum(
        facets[name].looking_cost(part, size, facets[name].having(counted))
        for name, size in sizes.items()
    )


def _forward_cost(facets: ArchiveFacets, hits: int) -> float:
    return hits * facets.counters.values_an_article * FORWARD_COST
