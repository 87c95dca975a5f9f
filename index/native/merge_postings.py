"""Kernels that put the postings of several segments together, in the order of documents."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba.typed import List
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.bits import lowest_bit
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
    articles: int,
) -> Any:
    """The postings of some terms, put together from several segments.

    lists, occurrences: of each source
    numbers: per source, array of uint32, the new number of each document or GONE; ascending
    old: array of uint32, shape (sources, terms): the source's number of each term, or GONE
    sizes: array of int64, shape (terms,), postings of each term that are to be kept
    longest: documents in the largest source; articles: documents in all, without those gone
    Returns documents, where each term's begin, and what Encoded holds, as encode_postings does.
    """
    first = np.zeros(len(sizes) + 1, np.int64)
    first[1:] = np.cumsum(sizes)
    documents = np.empty(first[-1], np.uint32)
    source_of = np.empty(first[-1], np.uint16)
    posting_of = np.empty(first[-1], np.int64)
    ends = first[:-1].copy()
    buffer = np.empty(longest, np.uint32)
    for s in range(len(lists)):
        _collect(lists[s], s, numbers[s], old[s], buffer, documents, source_of, posting_of, ends)
    _sort(first, articles, documents, source_of, posting_of)
    rest = _gather(occurrences, source_of, posting_of)
    return documents, first, rest[0], rest[1], rest[2], rest[3], rest[4]


@kernel
def _collect(  # noqa: PLR0913  (arrays in, arrays out)
    lists: Lists,
    source: int,
    numbers: NDArray[np.uint32],
    old: NDArray[np.uint32],
    buffer: NDArray[np.uint32],
    documents: NDArray[np.uint32],
    source_of: NDArray[np.uint16],
    posting_of: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> None:
    """Put a source's postings behind those that each term has already. In place.

    buffer: room for all documents of the source; ends: array of int64, where to put each term's
    """
    for term in range(len(old)):
        if old[term] == GONE:
            continue
        postings = unpack(lists, old[term], buffer)
        posting = np.int64(lists.first_posting[old[term]])
        end = ends[term]
        for j in range(postings):
            document = numbers[buffer[j]]
            if document != GONE:
                documents[end] = document
                source_of[end] = source
                posting_of[end] = posting + j
                end += 1
        ends[term] = end


@kernel
def _sort(
    first: NDArray[np.int64],
    articles: int,
    documents: NDArray[np.uint32],
    source_of: NDArray[np.uint16],
    posting_of: NDArray[np.int64],
) -> None:
    """Put the postings of each term in the order of documents. In place.

    Few are put in one by one. Many are found again from a bitmap of their documents, which takes
    one pass over it, however many sources they come from and however these are mixed.
    """
    bits = np.zeros((articles + 63) >> 6, np.uint64)
    place = np.empty(articles, np.uint32)
    longest = 0
    for term in range(len(first) - 1):
        longest = max(longest, first[term + 1] - first[term])
    sorted_documents = np.empty(longest, np.uint32)
    sorted_sources = np.empty(longest, np.uint16)
    sorted_postings = np.empty(longest, np.int64)
    for term in range(len(first) - 1):
        begin, end = first[term], first[term + 1]
        if (end - begin) * (end - begin) < len(bits):
            _put_in_one_by_one(begin, end, documents, source_of, posting_of)
            continue
        for j in range(begin, end):
            document = documents[j]
            bits[document >> 6] |= np.uint64(1) << np.uint64(document & 63)
            place[document] = j
        n = 0
        for w in range(len(bits)):
            word = bits[w]
            bits[w] = 0
            while word:
                document = w * 64 + lowest_bit(word)
                word &= word - np.uint64(1)
                sorted_documents[n] = document
                sorted_sources[n] = source_of[place[document]]
                sorted_postings[n] = posting_of[place[document]]
                n += 1
        documents[begin:end] = sorted_documents[:n]
        source_of[begin:end] = sorted_sources[:n]
        posting_of[begin:end] = sorted_postings[:n]


@inner_kernel
def _put_in_one_by_one(
    begin: int,
    end: int,
    documents: NDArray[np.uint32],
    source_of: NDArray[np.uint16],
    posting_of: NDArray[np.int64],
) -> None:
    for j in range(begin + 1, end):
        document, source, posting = documents[j], source_of[j], posting_of[j]
        i = j
        while i > begin and documents[i - 1] > document:
            documents[i] = documents[i - 1]
            source_of[i] = source_of[i - 1]
            posting_of[i] = posting_of[i - 1]
            i -= 1
        documents[i], source_of[i], posting_of[i] = document, source, posting


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
            end = begin_of_positions(codes, position, position_start, stored, False)
        found[j] = codes[stored]
        begins[j] = end
        end = end_of_positions(position, end, np.int64(codes[stored]))
        byte_sizes[j] = end - begins[j]
        last_stored = stored
        stored += 1
