"""The facets of several segments into one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numba.typed import List
from numpy.typing import NDArray

from index.native.deletions import lost_postings
from index.native.facet_arrays import put
from index.native.facets import FacetPart, Facets, write_values
from index.native.files import ArraysWriter
from index.native.lists import BLOCK, Lists
from index.native.merge_postings import GONE, merge_lists
from index.native.merge_sources import Slice, Source, ahead, slices_of
from index.native.merge_tables import Table, added_up, merge_tables
from index.native.postings_writer import ListsWriter
from index.native.texts import slices, starts

_VALUES_AT_ONCE = 1_000_000
"""Values of documents put together in one go; these take about 30 MB."""


def merge_facets(
    file: ArraysWriter, sources: Sequence[Source], numbers: Sequence[NDArray[np.uint32]]
) -> list[str]:
    """Write the facets with the values that live articles have. Returns the fact `facets`.

    numbers: of each source the new numbers of its documents, or GONE
    """
    names, counts = [], []
    identifiers = [np.full(len(s.segment.facets.facet), GONE, np.uint32) for s in sources]
    begin = 0
    for name in sorted({name for source in sources for name in source.segment.facets.names}):
        lists = [source.segment.facets.lists(name) for source in sources]
        live = [_live_articles(source, own) for source, own in zip(sources, lists, strict=True)]
        if not any(each.any() for each in live):
            continue
        texts = [source.segment.facets.texts(name) for source in sources]
        tables = [Table(own, each > 0) for own, each in zip(texts, live, strict=True)]
        maps, values = merge_tables(file, f"facet.{name}", tables)
        articles = added_up(live, maps, values)
        _write_lists(ListsWriter(file, f"facet.{name}"), sources, numbers, lists, maps, articles)
        for source, identifier, new in zip(sources, identifiers, maps, strict=True):
            own = source.segment.facets.numbers(name)
            identifier[own] = np.where(new == GONE, GONE, new + np.uint32(begin))
        names.append(name)
        counts.append(articles)
        begin += values
    write_values(file, counts, _parts(sources, numbers, identifiers))
    return names


def _live_articles(source: Source, lists: Lists) -> NDArray[np.uint32]:
    """How many live articles each value of a facet has."""
    articles = np.diff(lists.first_posting)
    if source.deletions is not None:
        dead = np.ones(-(-source.segment.articles // BLOCK) * BLOCK, bool)
        dead[source.kept] = False
        articles -= lost_postings(lists, np.packbits(dead, bitorder="little").view(np.uint64))
    return articles


def _write_lists(  # noqa: PLR0913  (what merge_lists takes)
    writer: ListsWriter,
    sources: Sequence[Source],
    numbers: Sequence[NDArray[np.uint32]],
    lists: Sequence[Lists],
    maps: Sequence[NDArray[np.uint32]],
    sizes: NDArray[np.int64],
) -> None:
    """Write the documents of the values of one facet.

    lists: of each source; maps: the new place of each of its values, or GONE
    sizes: how many documents each new value has
    """
    own_lists, new_documents, new_values = List(lists), List(numbers), List(maps)
    longest = max(source.segment.articles for source in sources)
    articles = sum(len(source.kept) for source in sources)

    def merged(one: Slice) -> Any:
        rows = (one.begin, one.end, one.part.start, sizes[one.part])
        return merge_lists(own_lists, new_documents, new_values, *rows, longest, articles)

    for documents, first, _, _ in ahead(merged, slices_of(sizes, maps)):
        writer.append(documents, first)


def _parts(
    sources: Sequence[Source],
    numbers: Sequence[NDArray[np.uint32]],
    identifiers: Sequence[NDArray[np.uint32]],
) -> Iterator[FacetPart]:
    """The identifiers of all new documents, some of these at a time.

    Documents keep their order, so that of each source some that follow each other are needed.
    """
    places = [new[source.kept] for source, new in zip(sources, numbers, strict=True)]
    most = np.zeros(sum(map(len, places)), np.int64)
    for source, place in zip(sources, places, strict=True):
        most[place] = _value_counts(source.segment.facets)[source.kept]
    for a, b in slices(starts(most), _VALUES_AT_ONCE):
        found = []
        sizes = np.zeros(b - a, np.int64)
        for source, place, identifier in zip(sources, places, identifiers, strict=True):
            begin, end = np.searchsorted(place, [a, b])
            documents = source.kept[begin:end].astype(np.int64)
            part = source.segment.facets.identified(identifier, documents)
            found.append((place[begin:end] - np.uint32(a), part))
            sizes[found[-1][0]] = np.diff(part[2])
        first = starts(sizes)
        values, weights = np.empty(first[-1], np.uint32), np.empty(first[-1], np.uint8)
        for place, part in found:
            put(*part, place, first, values, weights)
        yield FacetPart(values, weights, first)


def _value_counts(facets: Facets) -> NDArray[np.uint32]:
    """How many values each document has."""
    counts = np.diff(facets.values.first)
    if len(facets.values.first_rare):
        counts += np.diff(facets.values.first_rare)
    return counts
