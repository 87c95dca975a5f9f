"""The facets of a segment: which values there are, whose they are, and which each document has.

The values of all facets of a document lie beside each other, so that counting several facets
waits for memory once a document. They are numbered over all facets, the most frequent first, and
equally frequent ones in the order of facets and texts: 65,536 of them fit two bytes, and few of
them are most of what is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.native import facet_arrays
from index.native.files import Arrays, ArraysWriter
from index.native.inversion import group_documents
from index.native.lists import FileLists, Lists, PlainLists
from index.native.postings import list_places, no_lists, read_lists
from index.native.postings_writer import ListsWriter
from index.native.texts import Texts, read_texts, slices, starts, write_texts

ARRAYS = {
    "facet.<name>.text": "<u1",
    "facet.<name>.start": "<u4",
    "facet.<name>.<lists>": "",
    "value.facet": "<u1",
    "value.place": "<u4",
    "value.articles": "<u4",
    "article.first_value": "<u4",
    "article.value": "<u2",
    "article.weight": "<u1",
    "article.first_rare": "<u4",
    "article.rare": "<u4",
    "article.rare_weight": "<u1",
}

_MOST_REMEMBERED = 10_000

_OF_ARTICLE = ("first_value", "value", "weight", "first_rare", "rare", "rare_weight")

POSTINGS_AT_ONCE = 2_000_000
"""Documents of values packed in one go; bounds the memory of writing, these take 16 MB."""


class Values(NamedTuple):
    """The values of each document, by number.

    first: array of uint32, shape (articles + 1,), where each document's begin in value (uint16)
    weight: array of uint8, shape as value; empty when all weights are 1
    first_rare, rare, rare_weight: the same of values numbered 65,536 and higher, rare being
        uint32; all three empty when there are none
    """

    first: NDArray[np.uint32]
    value: NDArray[np.uint16]
    weight: NDArray[np.uint8]
    first_rare: NDArray[np.uint32]
    rare: NDArray[np.uint32]
    rare_weight: NDArray[np.uint8]


@dataclass(frozen=True)
class FacetValues:
    """Facets on their way into a file.

    names: of the facets, sorted; texts: the values of each, sorted, in UTF-8
    values: array of uint32, identifiers: the facets' values numbered one facet after the other;
        document d has values[first[d]:first[d + 1]], each once
    weights: array of uint8, shape as values
    """

    names: Sequence[str]
    texts: Sequence[Sequence[bytes]]
    values: NDArray[np.uint32]
    weights: NDArray[np.uint8]
    first: NDArray[np.int64]


class FacetPart(NamedTuple):
    """The values and weights of documents that follow each other, as in FacetValues."""

    values: NDArray[np.uint32]
    weights: NDArray[np.uint8]
    first: NDArray[np.int64]


class Facets:
    """The facets in a file, mapped for reading.

    facet, place, articles: arrays of uint8, uint32 and uint32, by number: which facet of `names`
        each value belongs to, its place among the facet's values, and its articles
    """

    def __init__(self, file: Arrays) -> None:
        self.file = file
        self.names: list[str] = file.facts["facets"]
        self._texts: dict[str, Texts] = {}
        self._lists: dict[str, Lists] = {}
        self._plain_lists: dict[str, PlainLists] = {}
        self._numbers: dict[str, NDArray[np.int64]] = {}
        self._places: dict[tuple[str, str], int] = {}

    @cached_property
    def facet(self) -> NDArray[np.uint8]:
        """The facet of each value, by number, as a place in `names`."""
        return self.file.array("value.facet", "<u1")

    @cached_property
    def place(self) -> NDArray[np.uint32]:
        """The place of each value among those of its facet, by number."""
        return self.file.array("value.place", "<u4")

    @cached_property
    def articles(self) -> NDArray[np.uint32]:
        """How many documents have each value, by number: descending."""
        return self.file.array("value.articles", "<u4")

    @cached_property
    def values(self) -> Values:
        """The values of each document."""
        return Values(
            self.file.array("article.first_value", "<u4"),
            self.file.array("article.value", "<u2"),
            self.file.array("article.weight", "<u1"),
            self.file.array("article.first_rare", "<u4"),
            self.file.array("article.rare", "<u4"),
            self.file.array("article.rare_weight", "<u1"),
        )

    def texts(self, name: str) -> Texts:
        """The values of a facet, sorted; none for a facet that is not there."""
        if name not in self.names:
            return Texts(np.frombuffer(b"", np.uint8), np.frombuffer(bytes(4), np.uint32))
        if name not in self._texts:
            self._texts[name] = read_texts(self.file, f"facet.{name}")
        return self._texts[name]

    def find(self, name: str, value: str) -> int:
        """The place of a value among those of its facet, or -1.

        Remembered, as who has chosen a value goes on asking for it.
        """
        place = self._places.get((name, value))
        if place is None:
            if len(self._places) >= _MOST_REMEMBERED:
                self._places = {}
            place = self._places[name, value] = self.texts(name).find(value)
        return place

    def lists(self, name: str) -> Lists:
        """The documents of each value of a facet; no lists for a facet that is not there."""
        if name not in self.names:
            return no_lists()
        if name not in self._lists:
            self._lists[name] = read_lists(self.file, f"facet.{name}")
        return self._lists[name]

    def plain_lists(self, name: str) -> PlainLists:
        """The same as kernels take them."""
        if name not in self._plain_lists:
            self._plain_lists[name] = tuple(self.lists(name))
        return self._plain_lists[name]

    @cached_property
    def every_list(self) -> FileLists:
        """The documents of each value, by number."""
        places = np.empty((len(self.facet), 4), np.int64)
        for name in self.names:
            places[self.numbers(name)] = list_places(self.file, f"facet.{name}")
        return self.file.whole("<u2"), self.file.whole("<u8"), places, self.articles

    def numbers(self, name: str) -> NDArray[np.int64]:
        """The numbers of the values of a facet, in the order of its texts."""
        if name not in self.names:
            return np.zeros(0, np.int64)
        if name not in self._numbers:
            found = np.flatnonzero(self.facet == self.names.index(name))
            self._numbers[name] = found[np.argsort(self.place[found])]
        return self._numbers[name]

    def identified(
        self, identifier: NDArray[np.uint32], documents: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint8], NDArray[np.int64]]:
        """What facet_arrays.identify gives: values of some documents under other numbers."""
        values, weights, first = facet_arrays.identify(*self.values, identifier, documents)
        return values, weights, first


def write_facets(file: ArraysWriter, facets: FacetValues) -> list[str]:
    """Write facets into a file. Returns the fact `facets`: the names of those that have values."""
    kept = [(name, texts) for name, texts in zip(facets.names, facets.texts, strict=True) if texts]
    articles = facet_arrays.count(facets.values, sum(len(texts) for _, texts in kept))
    first = starts(articles)
    counts = []
    begin = 0
    for name, texts in kept:
        write_texts(file, f"facet.{name}", texts)
        lists = ListsWriter(file, f"facet.{name}")
        for a, b in slices(first[begin : begin + len(texts) + 1], POSTINGS_AT_ONCE):
            own = first[begin + a : begin + b + 1]
            lists.append(group_documents(facets.values, facets.first, begin + a, own), own - own[0])
        counts.append(articles[begin : begin + len(texts)])
        begin += len(texts)
    write_values(file, counts, _parts(facets))
    return [name for name, _ in kept]


def _parts(facets: FacetValues) -> Iterator[FacetPart]:
    for a, b in slices(facets.first, POSTINGS_AT_ONCE):
        begin, end = facets.first[a], facets.first[b]
        first = facets.first[a : b + 1] - begin
        yield FacetPart(facets.values[begin:end], facets.weights[begin:end], first)


def write_values(
    file: ArraysWriter, counts: Sequence[NDArray[np.int64]], parts: Iterable[FacetPart]
) -> None:
    """Write which values there are, and those of all documents, some documents at a time.

    counts: of each facet, how many documents have each of its values
    """
    articles = np.concatenate([np.zeros(0, np.int64), *counts])
    order = np.argsort(-articles, kind="stable")
    sizes = [len(own) for own in counts]
    file.add("value.facet", np.repeat(np.arange(len(sizes)), sizes)[order], "<u1")
    places = [np.arange(size) for size in sizes]
    file.add("value.place", np.concatenate([np.zeros(0, np.int64), *places])[order], "<u4")
    file.add("value.articles", articles[order], "<u4")
    number = np.empty(len(order), np.uint32)
    number[order] = np.arange(len(order))
    first, value, weight, first_rare, rare, rare_weight = (
        file.part(f"article.{name}", ARRAYS[f"article.{name}"]) for name in _OF_ARTICLE
    )
    has_rare = int(len(number) > facet_arrays.FREQUENT)
    first.append(np.zeros(1, np.uint32))
    first_rare.append(np.zeros(has_rare, np.uint32))
    for part in parts:
        arranged = facet_arrays.arrange(part.values, part.weights, part.first, number)
        own_first, own_value, own_weight, own_first_rare, own_rare, own_rare_weight = arranged
        if (weight.items or rare_weight.items) or (part.weights != 1).any():
            # Weights are written from the first that is not 1, after those before it.
            weight.append(np.ones(value.items - weight.items, np.uint8))
            rare_weight.append(np.ones(rare.items - rare_weight.items, np.uint8))
            weight.append(own_weight)
            rare_weight.append(own_rare_weight)
        first.append(own_first[1:] + np.uint32(value.items))
        first_rare.append((own_first_rare[1:] + np.uint32(rare.items))[: len(own_first) * has_rare])
        value.append(own_value)
        rare.append(own_rare)
