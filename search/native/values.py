"""The facet values of a snapshot, numbered over all its segments.

The segment with most values keeps its numbers, so that an archive of one segment needs no others;
values that only others have come after them. Where they are needed, a segment's numbers lead to
those of the snapshot and back.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from index.native.facets import Facets
from index.native.texts import Texts, starts
from search.native.by_lists import Tables
from search.native.ranks import union_ranks

Numbers = NDArray[np.int64]

_SAME = np.zeros(0, np.uint32)


class Values:
    """All values of all facets in some segments; numbers are the snapshot's where not said.

    names: the facets
    renumbered: for each segment the numbers of its own numbers; empty when they are the same
    facet: array of uint8, by number, a place in `names`
    rank: array of uint32, by number, the order of texts within a facet
    """

    def __init__(self, segments: Sequence[Facets]) -> None:
        self.segments = segments
        self.names = sorted({name for segment in segments for name in segment.names})
        sizes = [len(segment.facet) for segment in segments]
        self._base = sizes.index(max(sizes)) if sizes else -1
        self._added: list[tuple[Facets, int]] = []
        """Whose values are numbered after those of the base, and their numbers there."""
        self.renumbered = [_SAME for _ in segments]
        if not segments:
            self.facet, self.rank = np.zeros(0, np.uint8), np.zeros(0, np.uint32)
        elif len(segments) == 1 and segments[0].names == self.names:
            self.facet, self.rank = segments[0].facet, segments[0].place
        else:
            self._number()
        self._texts = np.full(len(self.facet), None, object)
        self._of_facet: dict[str, Numbers] = {}

    def __len__(self) -> int:
        return len(self.facet)

    @cached_property
    def articles(self) -> NDArray[np.uint32]:
        """How many articles each value has, deleted ones counted too."""
        if len(self.segments) == 1:
            return self.segments[0].articles
        total = np.zeros(len(self), np.uint32)
        for segment, renumbered in zip(self.segments, self.renumbered, strict=True):
            own = renumbered if len(renumbered) else slice(len(segment.articles))
            total[own] += segment.articles
        return total

    @cached_property
    def bound(self) -> NDArray[np.uint32]:
        """By number, the most articles that its value or one of a higher number has."""
        if len(self.segments) == 1:
            return self.articles
        highest: NDArray[np.uint32] = np.maximum.accumulate(self.articles[::-1])[::-1]
        return np.ascontiguousarray(highest)

    @cached_property
    def own(self) -> NDArray[np.int32]:
        """Each segment's number of each value, or −1; shape (segments, numbers)."""
        own = np.full((len(self.segments), len(self)), -1, np.int32)
        for row, segment, renumbered in zip(own, self.segments, self.renumbered, strict=True):
            size = len(segment.facet)
            row[renumbered if len(renumbered) else slice(size)] = np.arange(size)
        return own

    @cached_property
    def own_articles(self) -> NDArray[np.uint32]:
        """The articles of each value in each segment; shape (segments, numbers)."""
        articles = np.zeros((len(self.segments), len(self)), np.uint32)
        for row, own, segment in zip(articles, self.own, self.segments, strict=True):
            row[own >= 0] = segment.articles[own[own >= 0]]
        return articles

    @cached_property
    def tables(self) -> Tables:
        """As the kernels of search.native.by_lists take the values."""
        return self.own, self.own_articles, self.facet, self.rank, self.bound

    def of_facet(self, name: str) -> Numbers:
        """The numbers of a facet's values, in the order of their texts."""
        if name not in self.names:
            return np.zeros(0, np.int64)
        if name not in self._of_facet:
            found = np.flatnonzero(self.facet == self.names.index(name))
            self._of_facet[name] = found[np.argsort(self.rank[found])]
        return self._of_facet[name]

    def find(self, facet: str, value: str) -> int:
        """The number of a value of a facet, or -1."""
        for segment, renumbered in zip(self.segments, self.renumbered, strict=True):
            place = segment.find(facet, value)
            if place >= 0:
                own = int(segment.numbers(facet)[place])
                return int(renumbered[own]) if len(renumbered) else own
        return -1

    def texts(self, numbers: Numbers) -> list[str]:
        """Values by their numbers; remembered, as the frequent ones are shown again and again."""
        found: list[str | None] = self._texts[numbers].tolist()
        if None in found:
            for number in numbers.tolist():
                if self._texts[number] is None:
                    self._texts[number] = self._read(number)
            found = self._texts[numbers].tolist()
        return cast("list[str]", found)

    def _read(self, number: int) -> str:
        segment, own = self._source(number)
        return segment.texts(segment.names[segment.facet[own]])[int(segment.place[own])]

    def _source(self, number: int) -> tuple[Facets, int]:
        base = self.segments[self._base]
        return (base, number) if number < len(base.facet) else self._added[number - len(base.facet)]

    def _number(self) -> None:
        """Number the values of several segments."""
        base = self.segments[self._base]
        others = [each for each in range(len(self.segments)) if each != self._base]
        facet = [np.array([self.names.index(name) for name in base.names], np.uint8)[base.facet]]
        rank = [np.zeros(len(base.facet), np.uint32)]
        for each in others:
            self.renumbered[each] = np.zeros(len(self.segments[each].facet), np.uint32)
        for place, name in enumerate(self.names):
            new: dict[bytes, int] = {}
            for each in others:
                self._match(each, name, new)
            ranks, new_ranks = _ranks(base.texts(name), sorted(new))
            rank[0][base.numbers(name)] = ranks
            facet.append(np.full(len(new), place, np.uint8))
            added = np.empty(len(new), np.uint32)
            first = len(base.facet) + len(self._added) - len(new)
            added[[new[text] - first for text in sorted(new)]] = new_ranks
            rank.append(added)
        self.facet, self.rank = np.concatenate(facet), np.concatenate(rank)

    def _match(self, each: int, name: str, new: dict[bytes, int]) -> None:
        """Number a segment's values of a facet as the base does, those it has not behind.

        new: the numbers of those, by text; added to
        """
        segment, base = self.segments[each], self.segments[self._base]
        texts = segment.texts(name)
        own = segment.numbers(name)
        ranks, own_ranks = union_ranks(*_table(base.texts(name)), *_table(texts))
        at = np.searchsorted(ranks, own_ranks)
        known = np.append(ranks, 0)[at] == own_ranks
        known[at == len(ranks)] = False
        numbers = np.zeros(len(texts), np.uint32)
        numbers[known] = base.numbers(name)[at[known]]
        for place in np.flatnonzero(~known).tolist():
            text = texts.encoded(place)
            if text not in new:
                new[text] = len(base.facet) + len(self._added)
                self._added.append((segment, int(own[place])))
            numbers[place] = new[text]
        self.renumbered[each][own] = numbers


def _table(texts: Texts) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    return texts.text, texts.start


def _ranks(texts: Texts, new: list[bytes]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The places of sorted texts and of new ones in the order of all of them."""
    start = starts(np.fromiter(map(len, new), np.int64, len(new))).astype(np.uint32)
    text = np.frombuffer(b"".join(new), np.uint8)
    ranks, new_ranks = union_ranks(*_table(texts), text, start)
    return ranks, new_ranks
