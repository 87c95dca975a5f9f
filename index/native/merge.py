"""Several segments into one, without their deleted articles, in the order of dates.

What does not fit into memory is gone through in pieces: of each article about 20 bytes are kept,
and of each word of each segment 4 to 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.native.buffer import write_articles, write_lengths
from index.native.files import ArraysWriter
from index.native.manifest import Deletions
from index.native.memory import give_back_memory
from index.native.merge_facets import merge_facets
from index.native.merge_sources import Source, source_of
from index.native.merge_tables import Table, merge_tables
from index.native.merge_terms import merge_terms, merge_words
from index.native.segment import Segment, facts_of


def merge(path: Path, sources: Sequence[tuple[Segment, Deletions | None]]) -> int:
    """Write one segment of the live articles of several; returns how many there are.

    Raises OutOfSpace, IndexDamaged. The sources stay as they are.
    """
    kept = [source_of(segment, deletions) for segment, deletions in sources]
    file = ArraysWriter(path)
    try:
        numbers = _merge_ids(file, kept)
        languages, language_codes = _merged_languages(kept, numbers)
        write_articles(
            file,
            _gather([_hashes(source.segment) for source in kept], kept, numbers),
            _gather([source.segment.published for source in kept], kept, numbers),
            language_codes,
        )
        lengths = _gather([source.segment.article_words for source in kept], kept, numbers)
        write_lengths(file, lengths)
        merge_words(file, kept, merge_terms(file, kept, numbers))
        give_back_memory()
        facets = merge_facets(file, kept, numbers)
        total = int(lengths.sum(dtype=np.int64))
        file.close(facts_of(len(lengths), total, languages, facets))
        return len(lengths)
    finally:
        file.abandon()


def _merge_ids(file: ArraysWriter, sources: Sequence[Source]) -> list[NDArray[np.uint32]]:
    """Write the ids in the new order, by date and id; each source's new numbers, or GONE."""
    tables = []
    for number, source in enumerate(sources):
        segment = source.segment
        used = np.zeros(segment.articles, bool)
        used[source.kept] = True
        # No two articles are one, not even with the same id.
        after = np.full(segment.articles, number, np.uint32)
        tables.append(Table(segment.ids, used, segment.published, after))
    maps, _ = merge_tables(file, "article", tables)
    return maps


def _gather(
    values: Sequence[NDArray[Any]],
    sources: Sequence[Source],
    numbers: Sequence[NDArray[np.uint32]],
) -> NDArray[Any]:
    """The values of the merged documents out of those of each source."""
    out = np.empty(sum(len(source.kept) for source in sources), values[0].dtype)
    for own, source, new in zip(values, sources, numbers, strict=True):
        out[new[source.kept]] = own[source.kept]
    return out


def _hashes(segment: Segment) -> NDArray[np.uint64]:
    """The hash of each article's id, by document."""
    hashes = np.empty(segment.articles, np.uint64)
    hashes[segment.by_hash] = segment.hashes
    return hashes


def _merged_languages(
    sources: Sequence[Source], numbers: Sequence[NDArray[np.uint32]]
) -> tuple[list[str], NDArray[np.uint8]]:
    codes: dict[str, int] = {}
    recoded = []
    for source in sources:
        new = [codes.setdefault(language, len(codes)) for language in source.segment.languages]
        recoded.append(np.array(new, np.uint8)[source.segment.language_codes])
    return list(codes), _gather(recoded, sources, numbers)
