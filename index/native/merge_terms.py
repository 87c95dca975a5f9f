"""The words of several segments into one: terms, their postings, and the words as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba.typed import List
from numpy.typing import NDArray

from index.native.files import ArraysWriter
from index.native.merge_postings import GONE, merge_postings
from index.native.merge_sources import Slice, Source, ahead, slices_of
from index.native.merge_tables import Table, added_up, merge_tables
from index.native.postings_writer import Encoded, ListsWriter, OccurrencesWriter


def merge_terms(
    file: ArraysWriter, sources: Sequence[Source], numbers: Sequence[NDArray[np.uint32]]
) -> list[NDArray[np.uint32]]:
    """Write the terms that live articles have, and their postings.

    numbers: of each source the new numbers of its documents, or GONE
    Returns of each source the new numbers of its terms, or GONE.
    """
    tables = [Table(source.segment.terms, _live_postings(source) > 0) for source in sources]
    maps, terms = merge_tables(file, "term", tables)
    sizes = added_up(map(_live_postings, sources), maps, terms)
    lists = List([source.segment.term_lists for source in sources])
    occurrences = List([source.segment.occurrences for source in sources])
    new_documents, new_terms = List(numbers), List(maps)
    longest = max(source.segment.articles for source in sources)
    articles = sum(len(source.kept) for source in sources)

    def merged(one: Slice) -> Any:
        return merge_postings(
            lists,
            occurrences,
            new_documents,
            new_terms,
            one.begin,
            one.end,
            one.part.start,
            sizes[one.part],
            longest,
            articles,
        )

    lists_writer, occurrences_writer = ListsWriter(file, "term"), OccurrencesWriter(file, "term")
    for documents, first, *encoded in ahead(merged, slices_of(sizes, maps)):
        lists_writer.append(documents, first)
        occurrences_writer.append(Encoded(*encoded))
    occurrences_writer.close()
    return maps


def _live_postings(source: Source) -> NDArray[np.uint32]:
    """How many live articles each term of a source has."""
    postings = np.diff(source.segment.term_lists.first_posting)
    if source.deletions is not None:
        postings[source.deletions.terms] -= source.deletions.lost
    return postings


def merge_words(
    file: ArraysWriter, sources: Sequence[Source], term_maps: Sequence[NDArray[np.uint32]]
) -> None:
    """Write the words whose terms are still there, adding up their articles.

    term_maps: as merge_terms returns. A word with several terms is there several times.
    """
    terms = [new[source.segment.word_terms] for source, new in zip(sources, term_maps, strict=True)]
    used = [own != GONE for own in terms]
    tables = [
        Table(source.segment.words, use, after=own)
        for source, use, own in zip(sources, used, terms, strict=True)
    ]
    maps, words = merge_tables(file, "word", tables)
    term = np.zeros(words, np.uint32)
    for own, use, new in zip(terms, used, maps, strict=True):
        term[new[use]] = own[use]
    file.add("word.term", term, "<u4")
    articles = added_up((source.segment.word_articles for source in sources), maps, words)
    file.add("word.articles", articles, "<u4")
