"""Facets of a snapshot, and their most frequent values among hits by threshold.

*By threshold*: go through the values of a facet from the one with most articles down and count its
articles among the hits, until no value that is left has as many articles in the whole archive as
the last one wanted has among the hits; cheap for many hits, where a few dozen values suffice.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.native.lists import DENSE_FROM
from index.tokens import fold
from search.native import counting
from search.native.bands import band_of
from search.native.bitmaps import Bitmap
from search.native.hits import Hits
from search.native.most_frequent import add_to_most
from search.native.snapshot import Snapshot
from search.native.stories import Stories
from search.native.tally import Counted, Counters
from search.native.values import Numbers, Values

SPARSE_COST = 0.35
"""Nanoseconds to look one article of a value up among the hits: 0.3 for values of more than 2,000
articles, 0.45 for those of 300."""

DENSE_COST = 0.3
"""Nanoseconds to compare 64 articles of a value with the hits: 0.28 on 300,000 articles."""

VALUE_COST = 10
"""Nanoseconds around counting the articles of one value."""

CHUNK_COST = 15_000
"""Nanoseconds around counting a few more values by threshold."""

_CHUNK = 64
"""Values counted by threshold before it is looked at again whether those are enough."""


class Facet:
    """One facet over all segments of a snapshot. Numbers are those of `Values`."""

    def __init__(self, snapshot: Snapshot, values: Values, name: str) -> None:
        self.name = name
        self._archive = values
        self._articles = max(snapshot.articles, 1)
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
        return self._archive.texts(self.numbers.tolist())

    @cached_property
    def folded(self) -> list[str]:
        """The values folded, for looking into them."""
        return [fold(value) for value in self.values]

    @cached_property
    def by_articles(self) -> Numbers:
        """The values' numbers, those with most articles first."""
        articles = self._archive.articles[self.numbers].astype(np.int64)
        return self.numbers[np.argsort(-articles, kind="stable")]

    @cached_property
    def ordered_articles(self) -> NDArray[np.int64]:
        """The values' articles in the order of `by_articles`, descending."""
        return self._archive.articles[self.by_articles].astype(np.int64)

    @cached_property
    def _ascending_articles(self) -> NDArray[np.int64]:
        return self.ordered_articles[::-1].copy()

    @cached_property
    def costs(self) -> NDArray[np.float64]:
        """Nanoseconds to count the first n values in the order of `by_articles`, by n."""
        articles = self.ordered_articles
        dense = articles >= DENSE_FROM
        one = np.where(dense, self._words * DENSE_COST, articles * SPARSE_COST) + VALUE_COST
        return np.concatenate([[0.0], np.cumsum(one)])

    @cached_property
    def sums(self) -> NDArray[np.int64]:
        """The articles of the first n values in the order of `by_articles`, by n."""
        return np.concatenate([[0], np.cumsum(self.ordered_articles)])

    def containing(self, text: str) -> Numbers:
        """The numbers of the values with a text in them, both folded; in the order of texts."""
        wanted = fold(text)
        found = [place for place, folded in enumerate(self.folded) if wanted in folded]
        return self.numbers[np.array(found, np.int64)]

    def find(self, value: str) -> int:
        """The number of a value, or -1."""
        return self._archive.find(self.name, value)

    def counts(self, hits: Sequence[Bitmap], numbers: Numbers, least: int = 0) -> NDArray[np.int64]:
        """How many of the hits, a bitmap a segment, have each value. Shape as numbers.

        Of values that fewer than `least` have, any lower count.
        """
        total = np.zeros(len(numbers), np.int64)
        enough = total + least
        several = least > 0 and len(hits) > 1
        if several:
            enough -= self._archive.articles[numbers]
        for bits, segment, own in zip(hits, self._segments, self._archive.own, strict=True):
            if self.name in segment.names:
                found = np.where(numbers >= 0, own[numbers], -1) if len(own) else numbers
                if several:  # what segments before have and those behind may have is enough here
                    enough += np.where(found >= 0, segment.articles[found], np.uint32(0))
                lists = segment.plain_lists(self.name)
                counts = counting.count_in_lists(bits, lists, segment.place, found, enough)
                enough -= counts
                total += counts
        return total

    def having(self, least: float) -> int:
        """How many values have at least so many articles; they are the first in `by_articles`."""
        return self.size - int(self._ascending_articles.searchsorted(math.ceil(least)))

    def looking_cost(self, values: int, articles: float, least: float, part: float) -> float:
        """Nanoseconds to find out which of some values at least `least` of the hits have.

        articles: of these values together; part: of all articles, that are hits
        """
        # A value is given up once too many of its articles were no hits.
        misses = max(0.0, articles - values * least)
        looked_at = articles if part >= 1 else min(articles, misses / (1 - part))
        return looked_at * SPARSE_COST + values * VALUE_COST

    def threshold_cost(self, count: int, most: int) -> float:
        """Nanoseconds the way by threshold takes, were the values spread evenly over the hits."""
        if most >= self.size:
            return float(self.costs[-1]) + CHUNK_COST
        part = count / self._articles
        least = float(self.ordered_articles[most]) * part
        values = max(most, self.having(least))
        articles = float(self.sums[values] - self.sums[most])
        looking = self.looking_cost(values - most, articles, least, part)
        chunks = 1 + -(-(values - most) // _CHUNK)
        looking = min(float(self.costs[values] - self.costs[most]), looking)
        return float(self.costs[most]) + looking + chunks * CHUNK_COST

    def by_threshold(self, hits: Hits, most: int) -> Counted:
        """The most frequent values among the hits, and their counts above 0."""
        best = np.zeros((2, 0), np.int64)
        start, size, least = 0, most, 0
        while start < self.size:
            chunk = self.by_articles[start : start + size]
            counts = self.counts(hits.bits, chunk, least)
            best = add_to_most(best, chunk, counts, self._archive.rank, most)
            start += len(chunk)
            size = _CHUNK
            if best.shape[1] == most:
                least = int(best[1, -1])
                if start < self.size and self.ordered_articles[start] < least:
                    break
        numbers, found = best.tolist()
        return numbers, found


class ArchiveFacets:
    """The facets of a snapshot, put together when they are first asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._facets: dict[str, Facet] = {}
        self._left_open: dict[int, int] = {}
        self.roads: dict[tuple[int, int, tuple[tuple[str, int], ...]], int] = {}
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
                int(view.facets.articles[band_of(view.facets, bands - 1).end :][:1].sum())
                for view in self._snapshot.views
            )
        return self._left_open[bands]

    def __getitem__(self, name: str) -> Facet:
        if name not in self._facets:
            self._facets[name] = Facet(self._snapshot, self.values, name)
        return self._facets[name]
