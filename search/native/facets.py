"""Facets of a snapshot: their values, and what it takes to count the most frequent of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.native.lists import DENSE_FROM, WORDS_OF_BLOCK
from index.tokens import fold
from search.native.bands import band_of
from search.native.bitmaps import Bitmap
from search.native.counting import LIST_COST, SPARSE_COST, count_in_lists
from search.native.remembered import Remembered
from search.native.snapshot import Snapshot
from search.native.stories import Stories
from search.native.tally import Counters
from search.native.values import Numbers, Values

DENSE_COST = 0.15
"""Nanoseconds to compare 64 articles of a value with the hits, where an eighth of a block or more
have the value."""

_MOST_ROADS = 1_000
"""Remembered."""


class Facet:
    """One facet over all segments of a snapshot. Numbers are those of `Values`."""

    def __init__(self, snapshot: Snapshot, values: Values, name: str) -> None:
        self.name = name
        self._archive = values
        self._words = sum(len(view.live) for view in snapshot.views)
        self._segments = [view.facets for view in snapshot.views]

    @cached_property
    def numbers(self) -> Numbers:
        """The values' numbers, in the order of their texts."""
        return self._archive.of_facet(self.name)

    @cached_property
    def size(self) -> int:
        """How many values there are."""
        return len(self.numbers)

    @cached_property
    def values(self) -> list[str]:
        """The values, sorted."""
        return self._archive.texts(self.numbers)

    @cached_property
    def folded(self) -> list[str]:
        """The values folded, for looking into them."""
        return [fold(value) for value in self.values]

    @cached_property
    def _ascending_articles(self) -> NDArray[np.int64]:
        return np.sort(self._archive.articles[self.numbers].astype(np.int64))

    @cached_property
    def ordered_articles(self) -> NDArray[np.int64]:
        """The values' articles, descending."""
        return self._ascending_articles[::-1].copy()

    @cached_property
    def costs(self) -> NDArray[np.float64]:
        """Nanoseconds to count the n values with most articles, by n."""
        articles = self.ordered_articles
        dense = articles >= DENSE_FROM * self._words / WORDS_OF_BLOCK
        one = np.where(dense, self._words * DENSE_COST, articles * SPARSE_COST) + LIST_COST
        return np.concatenate([[0.0], np.cumsum(one)])

    @cached_property
    def sums(self) -> NDArray[np.int64]:
        """The articles of the n values with most, by n."""
        return np.concatenate([[0], np.cumsum(self.ordered_articles)])

    def containing(self, text: str) -> Numbers:
        """The numbers of the values with a text in them, both folded; in the order of texts."""
        wanted = fold(text)
        found = [place for place, folded in enumerate(self.folded) if wanted in folded]
        return self.numbers[np.array(found, np.int64)]

    def find(self, value: str) -> int:
        """The number of a value, or -1."""
        return self._archive.find(self.name, value)

    def counts(self, hits: Sequence[Bitmap], numbers: Numbers) -> NDArray[np.int64]:
        """How many of the hits, a bitmap a segment, have each value. Shape as numbers."""
        total = np.zeros(len(numbers), np.int64)
        for place, (bits, segment) in enumerate(zip(hits, self._segments, strict=True)):
            own = numbers
            if len(self._segments) > 1:
                own = np.where(numbers >= 0, self._archive.own[place][numbers], -1)
            total += count_in_lists(bits, segment.every_list, own)
        return total

    def having(self, least: float) -> int:
        """How many values have at least so many articles."""
        return self.size - int(self._ascending_articles.searchsorted(math.ceil(least)))

    def looking_cost(self, part: float, most: int, counted: int) -> float:
        """Nanoseconds to find the most frequent values, were they spread evenly over the hits.

        part: of all articles, that are hits
        counted: so many values with most articles are counted already
        """
        least = float(self.ordered_articles[most - 1]) * part if most <= self.size else 1.0
        whole = max(counted, min(most, self.size))
        stop = max(whole, self.having(least))
        rest = float(self.costs[stop] - self.costs[whole])
        if part < 1:
            # A value is given up once too many of its articles were no hits.
            misses = float(self.sums[stop] - self.sums[whole]) - (stop - whole) * least
            looking = misses / (1 - part) * SPARSE_COST + (stop - whole) * LIST_COST
            rest = min(rest, looking)
        return float(self.costs[whole] - self.costs[counted]) + rest


class ArchiveFacets:
    """The facets of a snapshot, put together when they are first asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._facets: dict[str, Facet] = {}
        self._left_open: dict[int, int] = {}
        self.roads: Remembered[tuple[int, int, tuple[tuple[str, int], ...]], int] = Remembered(
            _MOST_ROADS
        )
        """What search.native.facet_roads remembers."""

    @cached_property
    def values(self) -> Values:
        """The values of all facets."""
        return Values([view.facets for view in self._snapshot.views])

    @cached_property
    def stories(self) -> Stories:
        """Which articles are copies of which."""
        return Stories(self._snapshot.views, self.values)

    @cached_property
    def counters(self) -> Counters:
        """Room for counting."""
        return Counters(self._snapshot.views, self.values)

    def most_left_open(self, bands: int) -> int:
        """As many articles as a value may have that is in none of the first bands of a segment."""
        if bands not in self._left_open:
            self._left_open[bands] = sum(
                int(view.facets.articles[end:][:1].sum())
                for view in self._snapshot.views
                for end in [band_of(view.facets, bands - 1).end if bands else 0]
            )
        return self._left_open[bands]

    def __getitem__(self, name: str) -> Facet:
        if name not in self._facets:
            self._facets[name] = Facet(self._snapshot, self.values, name)
        return self._facets[name]
