"""Counting forward: from the hits to their values."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.native.facet_arrays import FREQUENT
from search.native import bitmaps, counting, most_frequent
from search.native.bitmaps import Bitmap
from search.native.hits import Hits
from search.native.most_frequent import Most
from search.native.remembered import Remembered
from search.native.snapshot import View
from search.native.unexpected import most_unexpected
from search.native.values import Numbers, Values

_MOST_ASKED = 1_000
"""Facets and sizes that are remembered."""

FEW = 2
"""Hits with fewer values than one in FEW of all there are have theirs remembered one by one;
looking through all of them for those with a count takes longer."""


class _Room(threading.local):
    """Arrays of which each thread has its own."""

    def __init__(self, size: int) -> None:
        self.counts = np.zeros(size, np.int32)
        self.seen = np.empty(size + 1, np.uint32)


class Counters:
    """Room for counting the values of a snapshot, each thread its own."""

    def __init__(self, views: Sequence[View], values: Values) -> None:
        self.views = views
        self.values = values
        self._size = max(len(values), 1)
        self._room = _Room(self._size)
        self._rows: Remembered[tuple[str, ...], tuple[Numbers, Numbers]] = Remembered(_MOST_ASKED)
        self._sizes: Remembered[tuple[int, ...], Numbers] = Remembered(_MOST_ASKED)
        self._ordered: dict[str, Numbers] = {}

    @property
    def counts(self) -> NDArray[np.int32]:
        """At zero."""
        return self._room.counts

    @property
    def seen(self) -> NDArray[np.uint32]:
        """Room for all numbers, and one more."""
        return self._room.seen

    @cached_property
    def values_an_article(self) -> float:
        """How many values an article has on average."""
        every = sum(len(v.facets.values.value) + len(v.facets.values.rare) for v in self.views)
        return every / max(sum(view.segment.articles for view in self.views), 1)

    @cached_property
    def weighted(self) -> bool:
        """Whether any value of any article has a weight other than 1."""
        return any(
            len(v.facets.values.weight) + len(v.facets.values.rare_weight) for v in self.views
        )

    @cached_property
    def most_of_rare(self) -> int:
        """No value that is kept apart as rare, in any segment, has more articles than these."""
        most = 0
        for view, renumbered in zip(self.views, self.values.renumbered, strict=True):
            numbers = np.arange(len(view.facets.facet)) if not len(renumbered) else renumbered
            rare = self.values.articles[numbers[FREQUENT:]]
            most = max(most, int(rare.max(initial=0)))
        return most

    @cached_property
    def live_articles(self) -> NDArray[np.int64]:
        """How many articles each value has that are not deleted."""
        total = self.values.articles.astype(np.int64)
        for view, renumbered in zip(self.views, self.values.renumbered, strict=True):
            if not view.all_live:
                lost = np.zeros(self._size, np.int32)
                dead = view.no_documents()
                bitmaps.set_range(dead, 0, view.segment.articles)
                dead &= ~view.live
                found = view.facets.values
                counting.count_values(dead, found.first, found.value, renumbered, lost)
                if len(found.rare):
                    counting.count_values(dead, found.first_rare, found.rare, renumbered, lost)
                total -= lost[: len(total)]
        return total

    def rows(self, facets: tuple[str, ...]) -> tuple[Numbers, Numbers]:
        """The row of each facet of the snapshot among these, or −1; and the end of each of these.

        No value of a facet has a number from its end on.
        """
        found = self._rows.get(facets)
        if found is None:
            names = self.values.names
            rows = np.full(max(len(names), 1), -1, np.int64)
            for row, facet in enumerate(facets):
                if facet in names:
                    rows[names.index(facet)] = row
            ends = [self.values.of_facet(facet).max(initial=-1) + 1 for facet in facets]
            found = self._rows.put(facets, (rows, np.array(ends, np.int64)))
        return found

    def sizes(self, sizes: tuple[int, ...]) -> Numbers:
        """Sizes as an array; remembered, as the same are asked for again and again."""
        found = self._sizes.get(sizes)
        return self._sizes.put(sizes, np.array(sizes, np.int64)) if found is None else found

    @cached_property
    def articles(self) -> int:
        """How many articles there are, without deleted ones."""
        return sum(view.articles for view in self.views)

    def commonest(self, facet: str, most: int) -> tuple[list[int], list[int]]:
        """The values of a facet with most articles in the whole archive, and how many; if any."""
        if facet not in self._ordered:
            numbers = self.values.of_facet(facet)
            numbers = numbers[np.argsort(-self.live_articles[numbers], kind="stable")]
            self._ordered[facet] = numbers[self.live_articles[numbers] > 0]
        numbers = self._ordered[facet][:most]
        return numbers.tolist(), self.live_articles[numbers].tolist()

    @cached_property
    def endless(self) -> NDArray[np.uint32]:
        """A bound, by number, that nothing reaches."""
        return np.full(len(self.values), np.iinfo(np.uint32).max, np.uint32)

    @cached_property
    def few(self) -> float:
        """Fewer hits than these have few values."""
        return len(self.values) / (self.values_an_article * FEW) if len(self.values) else 0.0

    def count_few(
        self, hits: Hits, row_of_facet: NDArray[np.int64], n_seen: int
    ) -> NDArray[np.uint32]:
        """Count the values of the facets with a row among few hits.

        Returns `seen`, cut behind the numbers with a count; n_seen of them had one already.
        """
        for segment in range(len(self.views)):
            n_seen = self.count_few_of(segment, hits, row_of_facet, n_seen)
        return self.seen[:n_seen]

    def count_few_of(
        self, segment: int, hits: Hits, row_of_facet: NDArray[np.int64], n_seen: int
    ) -> int:
        """The same in one segment; returns how many numbers have a count."""
        counted: int = counting.count_few_values(
            hits.parts[segment].documents,
            *self._of_articles[segment],
            row_of_facet,
            self._room.counts,
            self._room.seen,
            n_seen,
        )
        return counted

    @cached_property
    def _of_articles(self) -> list[tuple[NDArray[Any], ...]]:
        """The values of the articles of each segment, and how they are numbered here."""
        return [
            (own.first, own.value, own.first_rare, own.rare, renumbered, self.values.facet)
            for own, renumbered in zip(
                [view.facets.values for view in self.views], self.values.renumbered, strict=True
            )
        ]


class Tally:
    """How many of some hits have each value; to be cleared before there is another."""

    def __init__(self, counters: Counters, hits: Hits, *, whole: bool = False) -> None:
        """whole: count rare values in any case."""
        self._counters, self._values, self._hits = counters, counters.values, hits
        self.counts = counters.counts
        self._seen: NDArray[np.uint32] | None = None
        self._rare_missing = False
        if hits.count < counters.few:
            self._count_few()
        else:
            self._rare_missing = counters.most_of_rare > 0
            for bits, view, renumbered in self._parts():
                values = view.facets.values
                counting.count_values(bits, values.first, values.value, renumbered, self.counts)
            if whole:
                self._count_rare()

    def most(self, sizes: Mapping[str, int], sums: NDArray[np.int64] | None = None) -> Most:
        """The most frequent values of each facet, so many of each at most.

        sums: by number, what they are ordered by instead
        """
        found = self._most(sizes, sums)
        if self._rare_missing and any(
            counts[size - 1] <= self._counters.most_of_rare
            for counts, size in zip(found[1], sizes.values(), strict=True)
        ):
            self._count_rare()
            found = self._most(sizes, sums)
        return found

    def unexpected(self, facet: str, most: int) -> tuple[Numbers, NDArray[np.float64]]:
        """The values of a facet with the greatest log-likelihood, and that."""
        values, seen = self._values, self._seen
        if facet not in values.names:
            return np.zeros(0, np.int64), np.zeros(0)
        numbers = (
            values.of_facet(facet)
            if seen is None
            else seen[values.facet[seen] == values.names.index(facet)]
        )
        found, scores = most_unexpected(
            numbers,
            self.counts,
            self._counters.live_articles,
            values.rank,
            self._hits.count,
            self._counters.articles,
            most,
        )
        return found, scores

    def clear(self) -> None:
        """Leave the counters to the next one."""
        if self._seen is not None:
            counting.clear(self.counts, self._seen)
        else:
            self.counts[:] = 0

    def weights(self) -> NDArray[np.int64]:
        """The sum of the weights of each value, by number."""
        sums = np.zeros(len(self._values), np.int64)
        for bits, view, renumbered in self._parts():
            values = view.facets.values
            counting.sum_weights(bits, values.first, values.value, values.weight, renumbered, sums)
            if len(values.rare):
                counting.sum_weights(
                    bits, values.first_rare, values.rare, values.rare_weight, renumbered, sums
                )
        return sums

    def _parts(self) -> Iterator[tuple[Bitmap, View, NDArray[np.uint32]]]:
        """The hits of each segment, the segment, and the numbers of its own numbers."""
        return zip(self._hits.bits, self._counters.views, self._values.renumbered, strict=True)

    def _count_few(self) -> None:
        rows, _ = self._counters.rows(tuple(self._values.names))
        self._seen = self._counters.count_few(self._hits, rows, 0)

    def _count_rare(self) -> None:
        for bits, view, renumbered in self._parts():
            found = view.facets.values
            if len(found.rare):
                counting.count_values(bits, found.first_rare, found.rare, renumbered, self.counts)
        self._rare_missing = False

    def _most(self, sizes: Mapping[str, int], sums: NDArray[np.int64] | None) -> Most:
        values, counters = self._values, self._counters
        rows, ends = counters.rows(tuple(sizes))
        keys = self.counts if sums is None else sums
        most = counters.sizes(tuple(sizes.values()))
        shared = (self.counts, keys, values.facet, values.rank, rows, most)
        found: Most
        if self._seen is not None:
            found = most_frequent.most_of_seen(self._seen, *shared)
        else:
            bound = values.bound if sums is None else counters.endless
            found = most_frequent.most_of_all(bound, *shared, ends)
        return found
