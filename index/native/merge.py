"""Several segments into one, without their deleted articles, in the order of dates."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numba.typed import List
from numpy.typing import NDArray

from index.native.buffer import write_articles, write_lengths
from index.native.facet_arrays import put
from index.native.facets import FacetValues, write_facets
from index.native.files import ArraysWriter
from index.native.manifest import Deletions
from index.native.merge_postings import GONE, merge_postings
from index.native.postings import Encoded, ListsWriter, OccurrencesWriter
from index.native.segment import Segment, facts_of
from index.native.texts import Texts, slices, starts, write_texts

POSTINGS_AT_ONCE = 700_000
"""Postings merged in one go; bounds the memory of merging, for as many wait as are merged."""

AHEAD = 2
"""Threads that merge postings while those before are written; their kernels let others run."""

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class _Source:
    """A segment to merge, its deletions, and the new numbers of its documents (or GONE)."""

    segment: Segment
    deletions: Deletions | None
    kept: NDArray[np.int64]


def merge(path: Path, sources: Sequence[tuple[Segment, Deletions | None]]) -> int:
    """Write one segment of the live articles of several; returns how many there are.

    Raises OutOfSpace, IndexDamaged. The sources stay as they are.
    """
    kept = [_Source(s, d, _live_documents(s, d)) for s, d in sources]
    file = ArraysWriter(path)
    try:
        order, numbers = _order(kept)
        _write_terms_and_words(file, kept, numbers)
        ids = [source.segment.ids for source in kept]
        which, document = order
        languages, language_codes = _merged_languages(kept, order)
        write_articles(
            file,
            [ids[w][d] for w, d in zip(which.tolist(), document.tolist(), strict=True)],
            _gather([s.segment.published for s in kept], order),
            language_codes,
        )
        lengths = _gather([s.segment.article_words for s in kept], order)
        write_lengths(file, lengths)
        facets = write_facets(file, _merged_facets(kept, numbers))
        total = int(lengths.sum(dtype=np.int64))
        file.close(facts_of(len(which), total, languages, facets))
        return len(which)
    finally:
        file.abandon()


_Order = tuple[NDArray[np.int64], NDArray[np.int64]]
"""For each new document: which source it comes from, and its number there."""


def _live_documents(segment: Segment, deletions: Deletions | None) -> NDArray[np.int64]:
    if deletions is None:
        return np.arange(segment.articles)
    bits = np.unpackbits(deletions.live.view(np.uint8), bitorder="little")
    return np.flatnonzero(bits[: segment.articles])


def _order(sources: Sequence[_Source]) -> tuple[_Order, list[NDArray[np.uint32]]]:
    """The order of the merged documents, and each source's map from old to new numbers."""
    which = np.repeat(np.arange(len(sources)), [len(s.kept) for s in sources])
    document = np.concatenate([s.kept for s in sources])
    published = np.concatenate([s.segment.published[s.kept] for s in sources])
    ids = np.concatenate(
        [np.array(s.segment.ids.all_encoded(), np.bytes_)[s.kept] for s in sources]
    )
    order = np.lexsort((ids, published))
    which, document = which[order], document[order]
    numbers = []
    for number, source in enumerate(sources):
        new = np.full(source.segment.articles, GONE, np.uint32)
        here = np.flatnonzero(which == number)
        new[document[here]] = here
        numbers.append(new)
    return (which, document), numbers


def _gather(values: Sequence[NDArray[Any]], order: _Order) -> NDArray[Any]:
    """The merged documents' values out of those of each source."""
    out = np.empty(len(order[0]), values[0].dtype)
    for number, source_values in enumerate(values):
        here = order[0] == number
        out[here] = source_values[order[1][here]]
    return out


def _merged_languages(
    sources: Sequence[_Source], order: _Order
) -> tuple[list[str], NDArray[np.uint8]]:
    codes: dict[str, int] = {}
    recoded = []
    for source in sources:
        new = [codes.setdefault(language, len(codes)) for language in source.segment.languages]
        recoded.append(np.array(new, np.uint8)[source.segment.language_codes])
    return list(codes), _gather(recoded, order)


def _write_terms_and_words(
    file: ArraysWriter, sources: Sequence[_Source], numbers: list[NDArray[np.uint32]]
) -> None:
    live = [_live_postings(source) for source in sources]
    texts, maps = _merge_texts(
        [source.segment.terms for source in sources], [postings > 0 for postings in live]
    )
    write_texts(file, "term", texts)
    lists, occurrences = ListsWriter(file, "term"), OccurrencesWriter(file, "term")
    # For each new term and each source the source's term, or GONE.
    old = np.full((len(sources), len(texts)), GONE, np.uint32)
    sizes = np.zeros(len(texts), np.int64)
    for number, new in enumerate(maps):
        used = np.flatnonzero(new != GONE)
        old[number, new[used]] = used
        np.add.at(sizes, new[used], live[number][used])
    source_lists = List([source.segment.term_lists for source in sources])
    source_occurrences = List([source.segment.occurrences for source in sources])
    source_numbers = List(numbers)
    longest = max(int(source.segment.articles) for source in sources)
    articles = sum(len(source.kept) for source in sources)

    def merged(terms: tuple[int, int]) -> Any:
        part = slice(*terms)
        return merge_postings(
            source_lists,
            source_occurrences,
            source_numbers,
            old[:, part],
            sizes[part],
            longest,
            articles,
        )

    for documents, first, *encoded in _ahead(merged, slices(starts(sizes), POSTINGS_AT_ONCE)):
        lists.append(documents, first)
        occurrences.append(Encoded(*encoded))
    occurrences.close()
    _write_words(file, sources, maps)


def _ahead(work: Callable[[_Item], Any], items: Iterable[_Item]) -> Iterator[Any]:
    """The results for all items in order, two being worked on while one is taken."""
    with ThreadPoolExecutor(AHEAD, "merge") as threads:
        running: deque[Future[Any]] = deque()
        for item in items:
            running.append(threads.submit(work, item))
            if len(running) > AHEAD:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()


def _live_postings(source: _Source) -> NDArray[np.int64]:
    """How many live articles each term of a source has."""
    first = source.segment.term_lists.first_posting.astype(np.int64)
    postings = first[1:] - first[:-1]
    if source.deletions is not None:
        postings[source.deletions.terms] -= source.deletions.lost
    return postings


def _merge_texts(
    tables: Sequence[Texts], used: Sequence[NDArray[np.bool_]]
) -> tuple[list[bytes], list[NDArray[np.uint32]]]:
    """The union of sorted tables' used texts, and each table's map from old to new numbers."""
    numbers = _Numbers()
    found = [
        np.fromiter(
            map(numbers.__getitem__, compress(table.all_encoded(), use.tolist())),
            np.uint32,
            np.count_nonzero(use),
        )
        for table, use in zip(tables, used, strict=True)
    ]
    texts = list(numbers)
    order = sorted(range(len(texts)), key=texts.__getitem__)
    place = np.empty(len(texts), np.uint32)
    place[order] = np.arange(len(texts), dtype=np.uint32)
    maps = []
    for use, own in zip(used, found, strict=True):
        new = np.full(len(use), GONE, np.uint32)
        new[use] = place[own]
        maps.append(new)
    return [texts[number] for number in order], maps


class _Numbers(dict[bytes, int]):
    """Numbers for texts, in the order of first sight."""

    def __missing__(self, text: bytes) -> int:
        number = self[text] = len(self)
        return number


def _write_words(
    file: ArraysWriter, sources: Sequence[_Source], term_maps: list[NDArray[np.uint32]]
) -> None:
    """Write the union of the words whose terms are still there, adding up their articles."""
    terms = [new[source.segment.word_terms] for source, new in zip(sources, term_maps, strict=True)]
    used = [own != GONE for own in terms]
    texts, maps = _merge_texts([source.segment.words for source in sources], used)
    # A word with several terms is there several times: word and term together are one number.
    pairs, articles = np.zeros(0, np.uint64), np.zeros(0, np.int64)
    for source, new, own, use in zip(sources, maps, terms, used, strict=True):
        found = new[use].astype(np.uint64) << np.uint64(32) | own[use]
        counts = np.concatenate([articles, source.segment.word_articles[use]])
        pairs, where = np.unique(np.concatenate([pairs, found]), return_inverse=True)
        articles = np.bincount(where, counts, len(pairs)).astype(np.int64)
    words = (pairs >> np.uint64(32)).tolist()
    write_texts(file, "word", (texts[number] for number in words))
    file.add("word.term", (pairs & np.uint64(GONE)).astype(np.uint32), "<u4")
    file.add("word.articles", articles.astype(np.uint32), "<u4")


def _merged_facets(
    sources: Sequence[_Source], numbers: Sequence[NDArray[np.uint32]]
) -> FacetValues:
    """The facets with the values that live articles have.

    numbers: of each source the new numbers of its documents
    """
    names = sorted({name for source in sources for name in source.segment.facets.names})
    used = [_used_values(source) for source in sources]
    identifiers = [np.full(len(kept), GONE, np.uint32) for kept in used]
    texts, begin = [], 0
    for name in names:
        own_values = [source.segment.facets.numbers(name) for source in sources]
        merged, maps = _merge_texts(
            [source.segment.facets.texts(name) for source in sources],
            [kept[own] for kept, own in zip(used, own_values, strict=True)],
        )
        for identifier, own, new in zip(identifiers, own_values, maps, strict=True):
            identifier[own] = np.where(new == GONE, GONE, new + np.uint32(begin))
        texts.append(merged)
        begin += len(merged)
    parts = [
        source.segment.facets.identified(identifier, source.kept)
        for source, identifier in zip(sources, identifiers, strict=True)
    ]
    places = [new[source.kept] for source, new in zip(sources, numbers, strict=True)]
    sizes = np.zeros(sum(map(len, places)), np.int64)
    for place, (_, _, own_first) in zip(places, parts, strict=True):
        sizes[place] = np.diff(own_first)
    first = starts(sizes)
    values, weights = np.empty(first[-1], np.uint32), np.empty(first[-1], np.uint8)
    for place, part in zip(places, parts, strict=True):
        put(*part, place, first, values, weights)
    return FacetValues(names, texts, values, weights, first)


def _used_values(source: _Source) -> NDArray[np.bool_]:
    """Which values of a source live articles have, by number."""
    facets = source.segment.facets
    used = np.zeros(len(facets.facet), bool)
    same = np.arange(len(used), dtype=np.uint32)
    used[facets.identified(same, source.kept)[0]] = True
    return used
