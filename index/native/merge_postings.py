"""Kernels that put the postings of several segments together, in the order of documents."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba.typed import List
from numpy.typing import NDArray

from index.compilation import kernel
from index.native.lists import Lists, unpack
from index.native.positions import begin_of_positions, end_of_positions
from index.native.postings import Occurrences, others_before

GONE = np.uint32(0xFFFFFFFF)
"""In a map of numbers: deleted."""


@kernel
def merge_postings(  # noqa: PLR0913  (arrays in, arrays out)
    lists: List[Lists],
    occurrences: List[Occurrences],
    numbers: List[NDArray[np.uint32]],
    old: NDArray[np.uint32],
    sizes: NDArray[np.int64],
    longest: int,
) -> Any:
    """The postings of some terms, put together from several segments.

    lists, occurrences: of each source
    numbers: per source, array of uint32, the new number of each document or GONE; ascending
    old: array of uint32, shape (sources, terms): the source's number of each term, or GONE
    sizes: array of int64, shape (terms,), postings of each term that are to be kept
    longest: documents in the largest source
    Returns documents, where each term's begin, and what Encoded holds, as encode_postings does.
    """
    total = sizes.sum()
    out_first = np.zeros(len(sizes) + 1, np.int64)
    out_first[1:] = np.cumsum(sizes)
    documents = np.empty(total, np.uint32)
    source_of = np.empty(total, np.uint16)
    posting_of = np.empty(total, np.int64)
    runs = np.empty((len(lists), longest), np.uint32)
    run_postings = np.empty((len(lists), longest), np.int64)
    run_ends = np.empty(len(lists), np.int64)
    buffer = np.empty(longest, np.uint32)
    for term in range(len(sizes)):
        for s in range(len(lists)):
            run_ends[s] = 0
            if old[s, term] != GONE:
                source_lists, source_numbers = lists[s], numbers[s]
                postings = unpack(source_lists, old[s, term], buffer)
                first = np.int64(source_lists.first_posting[old[s, term]])
                for j in range(postings):
                    document = source_numbers[buffer[j]]
                    if document != GONE:
                        runs[s, run_ends[s]] = document
                        run_postings[s, run_ends[s]] = first + j
                        run_ends[s] += 1
        part = slice(out_first[term], out_first[term + 1])
        _merge_runs(
            runs, run_postings, run_ends, documents[part], source_of[part], posting_of[part]
        )
    rest = _gather(occurrences, source_of, posting_of)
    return documents, out_first, rest[0], rest[1], rest[2], rest[3], rest[4]


@kernel
def _gather(
    occurrences: List[Occurrences], source_of: NDArray[np.uint16], posting_of: NDArray[np.int64]
) -> Any:
    """What Encoded holds of the postings that come from these sources, in this order."""
    total = len(source_of)
    other = np.empty(total, np.bool_)
    found = np.empty(total, np.uint16)
    begins = np.empty(total, np.int64)
    byte_sizes = np.zeros(total, np.uint32)
    for s in range(len(occurrences)):
        _find_positions(occurrences[s], s, source_of, posting_of, other, found, begins, byte_sizes)
    out_begins = np.cumsum(byte_sizes) - byte_sizes
    positions = np.empty(byte_sizes.sum(), np.uint8)
    for s in range(len(occurrences)):
        position = occurrences[s].position
        for j in range(total):
            if other[j] and source_of[j] == s:
                begin = begins[j] - out_begins[j]
                for n in range(out_begins[j], out_begins[j] + byte_sizes[j]):
                    positions[n] = position[begin + n]
    return other, found[~other], found[other].astype(np.uint8), byte_sizes[other], positions


@kernel
def _find_positions(  # noqa: PLR0913  (arrays in, arrays out)
    occurrences: Occurrences,
    source: int,
    source_of: NDArray[np.uint16],
    posting_of: NDArray[np.int64],
    other: NDArray[np.bool_],
    found: NDArray[np.uint16],
    begins: NDArray[np.int64],
    byte_sizes: NDArray[np.uint32],
) -> None:
    """Look up what there is of those postings that come from one source. In place.

    found: the code of a posting where it is stored, else the position
    begins, byte_sizes: of the positions of those whose code is stored
    Of each term its postings come in their order, so most follow the one before.
    """
    is_other, rank, once = occurrences.other, occurrences.other_rank, occurrences.once
    codes, position, position_start = (
        occurrences.code,
        occurrences.position,
        occurrences.position_start,
    )
    last = np.int64(-2)
    stored = 0
    last_stored = -2
    end = np.int64(0)
    for j in range(len(source_of)):
        if source_of[j] != source:
            continue
        posting = posting_of[j]
        if last != posting - 1:
            stored = others_before(is_other, rank, posting)
        last = posting
        other[j] = (is_other[posting >> 6] >> np.uint64(posting & 63)) & np.uint64(1) > 0
        if not other[j]:
            found[j] = once[posting - stored]
            continue
        if last_stored != stored - 1:
            end = begin_of_positions(codes, position, position_start, stored)
        found[j] = codes[stored]
        begins[j] = end
        end = end_of_positions(position, end, np.int64(codes[stored]))
        byte_sizes[j] = end - begins[j]
        last_stored = stored
        stored += 1


@kernel
def _merge_runs(  # noqa: PLR0913  (arrays in, arrays out)
    runs: NDArray[np.uint32],
    run_postings: NDArray[np.int64],
    ends: NDArray[np.int64],
    documents: NDArray[np.uint32],
    source_of: NDArray[np.uint16],
    posting_of: NDArray[np.int64],
) -> None:
    """Merge ascending runs of documents, row s of `runs` up to ends[s]. In place.

    documents, source_of, posting_of: as many as the runs have together, overwritten
    """
    heads = np.zeros(len(ends), np.int64)
    n = 0
    while n < len(documents):
        least = -1
        for s in range(len(ends)):
            if heads[s] < ends[s] and (least < 0 or runs[s, heads[s]] < runs[least, heads[least]]):
                least = s
        # As long as no other run has a smaller document, go on with this one.
        limit = np.int64(GONE)
        for s in range(len(ends)):
            if s != least and heads[s] < ends[s]:
                limit = min(limit, np.int64(runs[s, heads[s]]))
        while heads[least] < ends[least] and runs[least, heads[least]] < limit:
            documents[n] = runs[least, heads[least]]
            source_of[n] = least
            posting_of[n] = run_postings[least, heads[least]]
            heads[least] += 1
            n += 1
