"""Facet counts: the most frequent values among the hits, without counting all of them.

Two roads lead to the same numbers. *Forward*: go through the hits and count their values; cheap
for few hits. *By threshold*: go through the values from the one with most articles down and
count its articles among the hits, until no value that is left has as many articles in the whole
archive as the last one wanted has among the hits; cheap for many hits, where a few dozen values
suffice. The cheaper road is chosen by estimate.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.native.lists import DENSE_FROM
from index.native.segment import FacetArrays
from index.native.texts import Texts
from index.tokens import fold
from search.native import bitmaps, counting
from search.native.bitmaps import Bitmap, Documents
from search.native.snapshot import Snapshot
from search.request import FacetRequest
from search.results import FacetCounts

FORWARD_COST = 4.0
"""Nanoseconds to count one value of one hit, most of it waiting for memory: 3.5 to 4.5 on 300,000
articles with questions that change; repeated, the same question takes a quarter of that."""

SPARSE_COST = 0.9
"""Nanoseconds to look one article of a value up among the hits: 0.7 to 1.1."""

DENSE_COST = 0.35
"""Nanoseconds to compare 64 articles of a value with the hits: 0.3 to 0.4."""

FEW = 16
"""Hits with fewer values than one in FEW of all there are have theirs sorted, not counted."""

_FIRST_CHUNK = 64
_EMPTY = np.zeros(0, np.uint32)
_EMPTY_COUNTERS = np.zeros(0, np.int32)


class Hits:
    """Articles to count: a bitmap a segment, and how many are set in all together."""

    def __init__(self, bits: Sequence[Bitmap]) -> None:
        self.bits = bits
        self.counts = [int(bitmaps.count_bits(each)) for each in bits]
        self.count = sum(self.counts)

    @cached_property
    def documents(self) -> list[Documents]:
        """The documents of each segment."""
        return [
            bitmaps.documents_of(bits, count)
            for bits, count in zip(self.bits, self.counts, strict=True)
        ]


class Facet:
    """One facet over all segments of a snapshot, its values numbered in their order.

    Within a segment values have other numbers; `renumbered` leads from those to these.
    """

    def __init__(self, snapshot: Snapshot, name: str) -> None:
        self.name = name
        arrays = [view.segment.facet(name) for view in snapshot.views]
        self.arrays = [each if each is not None and len(each.texts) else None for each in arrays]
        self._articles = snapshot.articles
        self._words = sum(len(view.live) for view in snapshot.views)
        self.values, self.renumbered = _number_values(self.arrays)
        self._texts: dict[int, str] = {}
        self._counters = threading.local()

    @cached_property
    def articles(self) -> NDArray[np.int64]:
        """How many articles each value has, deleted ones counted too."""
        total = np.zeros(len(self.values), np.int64)
        for arrays, renumbered in zip(self.arrays, self.renumbered, strict=True):
            if arrays is not None:
                first = arrays.lists.first_posting.astype(np.int64)
                own = first[1:] - first[:-1]
                total[renumbered if len(renumbered) else slice(None)] += own
        return total

    @cached_property
    def by_articles(self) -> NDArray[np.int64]:
        """The values' numbers, those with most articles first."""
        return np.argsort(-self.articles, kind="stable")

    @cached_property
    def ordered_articles(self) -> NDArray[np.int64]:
        """The values' articles in the order of `by_articles`, descending."""
        return self.articles[self.by_articles]

    @cached_property
    def costs(self) -> NDArray[np.float64]:
        """Nanoseconds to count the first n values in the order of `by_articles`, by n."""
        articles = self.ordered_articles
        dense = articles >= DENSE_FROM
        one = np.where(dense, self._words * DENSE_COST, articles * SPARSE_COST) + 10
        return np.concatenate([[0.0], np.cumsum(one)])

    @cached_property
    def values_an_article(self) -> float:
        """How many values an article has on average."""
        return float(self.articles.sum()) / max(self._articles, 1)

    @cached_property
    def folded(self) -> list[str]:
        """The values folded, for looking into them."""
        return [fold(value) for value in self.values]

    def number(self, value: str) -> int:
        """The number of a value, or -1."""
        at = bisect_left(self.values, value)
        return at if at < len(self.values) and self.values[at] == value else -1

    def containing(self, text: str) -> NDArray[np.int64]:
        """The numbers of the values with a text in them, both folded."""
        wanted = fold(text)
        found = [number for number, folded in enumerate(self.folded) if wanted in folded]
        return np.array(found, np.int64)

    def counts(self, hits: Sequence[Bitmap], numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many of the hits, a bitmap a segment, have each value. Shape as numbers."""
        total = np.zeros(len(numbers), np.int64)
        for bits, arrays, renumbered in zip(hits, self.arrays, self.renumbered, strict=True):
            if arrays is not None:
                own = _own_numbers(numbers, renumbered)
                total += counting.count_in_lists(bits, arrays.lists, own)
        return total

    def text(self, number: int) -> str:
        """A value by its number; remembered, as the frequent ones are shown again and again."""
        text = self._texts.get(number)
        if text is None:
            text = self._texts[number] = self.values[number]
        return text

    def most_frequent(self, hits: Hits, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The numbers of the most frequent values among the hits, and their counts above 0."""
        if not len(self.values) or not hits.count:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        forward = hits.count * self.values_an_article * FORWARD_COST
        if forward < self.threshold_cost(hits.count, most):
            return self._forward(hits, most)
        return self._by_threshold(hits, most)

    def threshold_cost(self, count: int, most: int) -> float:
        """Nanoseconds the way by threshold takes, were the values spread evenly over the hits."""
        if most >= len(self.values):
            return self._most_cost
        if count * self.values_an_article * FORWARD_COST < self._least_cost:
            return self._least_cost
        last = int(self.ordered_articles[most]) * count / max(self._articles, 1)
        values = len(self.values) - int(np.searchsorted(self.ordered_articles[::-1], last))
        return float(self.costs[values])

    @cached_property
    def _least_cost(self) -> float:
        """That of the first chunk, which is counted in any case."""
        return float(self.costs[min(_FIRST_CHUNK, len(self.values))])

    @cached_property
    def _most_cost(self) -> float:
        return float(self.costs[-1])

    def _by_threshold(self, hits: Hits, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        numbers, counts = np.zeros(0, np.int64), np.zeros(0, np.int64)
        start, size = 0, max(_FIRST_CHUNK, most)
        while start < len(self.values):
            chunk = self.by_articles[start : start + size]
            numbers = np.concatenate([numbers, chunk])
            counts = np.concatenate([counts, self.counts(hits.bits, chunk)])
            order = np.lexsort((numbers, -counts))[:most]
            numbers, counts = numbers[order], counts[order]
            start += len(chunk)
            size *= 2
            full = len(counts) == most and start < len(self.values)
            if full and self.ordered_articles[start] < counts[-1]:
                break
        return numbers[counts > 0], counts[counts > 0]

    def _forward(self, hits: Hits, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        few = hits.count * self.values_an_article * FEW < len(self.values)
        values = []
        counters = _EMPTY_COUNTERS if few else self._own_counters()
        for documents, arrays, renumbered in zip(
            hits.documents, self.arrays, self.renumbered, strict=True
        ):
            if arrays is not None and few:
                values.append(counting.values_of(documents, arrays.first, arrays.value, renumbered))
            elif arrays is not None:
                counting.count_values(documents, arrays.first, arrays.value, renumbered, counters)
        if not few:
            numbers, counts = counting.most_counted(counters, most)
        else:
            together = values[0] if len(values) == 1 else np.concatenate(values)
            numbers, counts = counting.most_common(together, most)
        return numbers, counts

    def _own_counters(self) -> NDArray[np.int32]:
        """Counters at zero, this thread's own."""
        if not hasattr(self._counters, "counters"):
            self._counters.counters = np.zeros(len(self.values), np.int32)
        counters: NDArray[np.int32] = self._counters.counters
        return counters


def facet_counts(  # noqa: PLR0913 - what is known of the facet, and what is wanted
    facet: Facet,
    hits: Hits,
    wanted: FacetRequest,
    selected: frozenset[str] = frozenset(),
    excluded: frozenset[str] = frozenset(),
    counted: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None,
) -> FacetCounts:
    """The answer to a request for a facet; see search.request.FacetRequest.

    selected, excluded: values that are shown in any case
    counted: the most frequent values, one more than wanted, if they are known already
    """
    named = selected | excluded
    if counted is not None:
        numbers, counts = counted
    elif wanted.containing:
        numbers = facet.containing(wanted.containing)
        counts = facet.counts(hits.bits, numbers)
        order = np.lexsort((numbers, -counts))
        numbers, counts = numbers[order], counts[order]
        numbers, counts = numbers[counts > 0], counts[counts > 0]
    else:
        numbers, counts = facet.most_frequent(hits, wanted.size + len(named) + 1)
    eligible = tuple(zip(map(facet.text, numbers.tolist()), counts.tolist(), strict=True))
    shown = eligible[: wanted.size]
    if missing := named.difference(value for value, _ in shown):
        own = {value: facet.number(value) for value in missing}
        found = facet.counts(hits.bits, np.array(list(own.values()), np.int64)).tolist()
        shown += tuple(sorted(zip(own, found, strict=True), key=lambda each: (-each[1], each[0])))
    more = any(value not in named for value, _ in eligible[wanted.size :])
    return FacetCounts(wanted.facet, shown, selected, excluded, more)


def _own_numbers(numbers: NDArray[np.int64], renumbered: NDArray[np.uint32]) -> NDArray[np.int64]:
    """A segment's numbers for values, -1 for those it does not have."""
    if not len(renumbered):
        return numbers
    at = np.searchsorted(renumbered, numbers)
    at[at == len(renumbered)] = 0
    return np.where(renumbered[at] == numbers, at, -1)


def _number_values(
    arrays: Sequence[FacetArrays | None],
) -> tuple[Texts | list[str], list[NDArray[np.uint32]]]:
    """All values in order, and for each segment the numbers of its own among them.

    A segment with all values keeps its own numbers; it has an empty array.
    """
    present = [each for each in arrays if each is not None]
    if len(present) == 1:
        return present[0].texts, [_EMPTY for _ in arrays]
    values = sorted(set().union(*(each.texts for each in present)))
    number = {value: n for n, value in enumerate(values)}
    renumbered = [
        _EMPTY
        if each is None
        else np.fromiter((number[value] for value in each.texts), np.uint32, len(each.texts))
        for each in arrays
    ]
    return values, renumbered
