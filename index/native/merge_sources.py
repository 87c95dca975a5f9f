"""What merging knows of the segments it merges."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.native.manifest import Deletions
from index.native.merge_postings import GONE
from index.native.segment import Segment
from index.native.texts import slices, starts

POSTINGS_AT_ONCE = 500_000
"""Postings merged in one go, or those of one longer list: 30 bytes each."""

_POSTINGS_WAITING = 3 * POSTINGS_AT_ONCE
"""Postings being merged and those merged that wait to be written; bounds the memory of merging."""

_AHEAD = 2
"""Threads that merge postings while those before are written; their kernels let others run."""


@dataclass(frozen=True)
class Source:
    """A segment to merge and its deletions. kept: the documents that are not deleted."""

    segment: Segment
    deletions: Deletions | None
    kept: NDArray[np.uint32]


def source_of(segment: Segment, deletions: Deletions | None) -> Source:
    """A segment as something to merge."""
    if deletions is None:
        return Source(segment, None, np.arange(segment.articles, dtype=np.uint32))
    bits = np.unpackbits(deletions.live.view(np.uint8), bitorder="little")
    kept = np.flatnonzero(bits[: segment.articles]).astype(np.uint32)
    return Source(segment, deletions, kept)


@dataclass(frozen=True)
class Slice:
    """Consecutive new lists that are merged in one go.

    part: which they are; begin, end: arrays of int64, shape (sources,), the rows they are in
    """

    part: slice
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    postings: int


def slices_of(sizes: NDArray[np.int64], maps: Sequence[NDArray[np.uint32]]) -> Iterator[Slice]:
    """Cut new lists into slices of at most POSTINGS_AT_ONCE, or of one longer list.

    sizes: the postings of each new list
    maps: of each source the new list of each row, ascending, or GONE
    """
    first = starts(sizes)
    cuts = list(slices(first, POSTINGS_AT_ONCE))
    bounds = np.array([0, *(b for _, b in cuts)])
    rows = np.array([_rows_of(new, bounds) for new in maps])
    for number, (a, b) in enumerate(cuts):
        begin, end = rows[:, number].copy(), rows[:, number + 1].copy()
        yield Slice(slice(a, b), begin, end, int(first[b] - first[a]))


def _rows_of(new: NDArray[np.uint32], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first row of a source with each of these new numbers or a higher one."""
    used = np.flatnonzero(new != GONE)
    return np.append(used, len(new))[np.searchsorted(new[used], bounds)]


def ahead(work: Callable[[Slice], Any], parts: Iterable[Slice]) -> Iterator[Any]:
    """The results for all slices in order, some being worked on while one is taken."""
    with ThreadPoolExecutor(_AHEAD, "merge") as threads:
        running: deque[tuple[int, Future[Any]]] = deque()
        waiting = 0
        for part in parts:
            while running and waiting + part.postings > _POSTINGS_WAITING:
                postings, done = running.popleft()
                yield done.result()
                waiting -= postings
            running.append((part.postings, threads.submit(work, part)))
            waiting += part.postings
        while running:
            yield running.popleft()[1].result()
