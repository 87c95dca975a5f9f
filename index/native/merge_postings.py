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
    new: List[NDArray[np.uint32]],
    begin: NDArray[np.int64],
    end: NDArray[np.int64],
    least: int,
    sizes: NDArray[np.int64],
    longest: int,
    articles: int,
) -> Any:
    """The postings of some terms, put together from several segments.

    lists … articles: as in merge_lists; occurrences: of each source
    Returns documents, where each term's begin, and what Encoded holds, as encode_postings does.
    """
    documents, first, source_of, posting_of = merge_lists(
        lists, numbers, new, begin, end, least, sizes, longest, articles
    )
    other, once, code, size, position = _gather(occurrences, source_of, posting_of)
    return documents, first, other, once, code, size, position


@kernel
def merge_lists(  # noqa: PLR0913  (arrays in, arrays out)
    lists: List[Lists],
    numbers: List[NDArray[np.uint32]],
    new: List[NDArray[np.uint32]],
    begin: NDArray[np.int64],
    end: NDArray[np.int64],
    least: int,
    sizes: NDArray[np.int64],
    longest: int,
    articles: int,
) -> Any:
    """Some lists of documents, put together from several segments.

    lists: of each source
    numbers: per source, array of uint32, the new number of each document or GONE; ascending
    new: per source, array of uint32, the new number of each list or GONE; ascending
    begin, end: arrays of int64, shape (sources,), the lists of each source that are wanted
    least: the lowest new number of these; sizes: array of int64, shape (new lists,), how many
        documents of each are to be kept
    longest: documents in the largest source; articles: documents in all, without those gone
    Returns documents (uint32), where each list begins (int64, new lists + 1), and of each posting
    the source (uint16) and its number there (uint32).
    """
    first = np.zeros(len(sizes) + 1, np.int64)
    first[1:] = np.cumsum(sizes)
    documents = np.empty(first[-1], np.uint32)
    source_of = np.empty(first[-1], np.uint16)
    posting_of = np.empty(first[-1], np.uint32)
    ends = first[:-1].copy()
    buffer = np.empty(longest, np.uint32)
    for s in range(len(lists)):
        own = new[s][begin[s] : end[s]]
        _collect(
            lists[s],
            s,
            numbers[s],
            own,
            begin[s],
            least,
            buffer,
            documents,
            source_of,
            posting_of,
            ends,
        )
    _sort(first, articles, documents, source_of, posting_of)
    return documents, first, source_of, posting_of


@kernel
def _collect(  # noqa: PLR0913  (arrays in, arrays out)
    lists: Lists,
    source: int,
    numbers: NDArray[np.uint32],
    new: NDArray[np.uint32],
    begin: int,
    least: int,
    buffer: NDArray[np.uint32],
    documents: NDArray[np.uint32],
    source_of: NDArray[np.uint16],
    posting_of: NDArray[np.uint32],
    ends: NDArray[np.int64],
) -> None:
    """Put a source's postings behind those that each new list has already. In place.

    new: the new numbers of its lists from `begin` on
    buffer: room for all documents of the source; ends: array of int64, where to put each list's
    """
    for i in range(len(new)):
        if new[i] == GONE:
            continue
        postings = unpack(lists, begin + i, buffer)
        posting = np.int64(lists.first_posting[begin + i])
        end = ends[new[i] - least]
        for j in range(postings):
            document = numbers[buffer[j]]
            if document != GONE:
                documents[end] = document
                source_of[end] = source
                posting_of[end] = posting + j
                end += 1
        ends[new[i] - least] = end


@kernel
def _sort(
    first: NDArray[np.int64],
    articles: int,
    documents: NDArray[np.uint32],
    source_of: NDArray[np.uint16],
    posting_of: NDArray[np.uint32],
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
    sorted_postings = np.empty(longest, np.uint32)
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
    posting_of: NDArray[np.uint32],
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
    occurrences: List[Occurrences], source_of: NDArray[np.uint16], posting_of: NDArray[np.uint32]
) -> Any:
    """What Encoded holds of the postings that come from these sources, in this order."""
    first, grouped = _by_source(source_of, len(occurrences))
    other = np.empty(len(source_of), np.bool_)
    for s in range(len(occurrences)):
        is_other = occurrences[s].other
        for j in grouped[first[s] : first[s + 1]]:
            other[j] = _is_set(is_other, np.int64(posting_of[j]))
    stored_before = np.empty(len(other), np.uint32)
    stored = np.int64(0)
    for j in range(len(other)):
        stored_before[j] = stored
        stored += other[j]
    once = np.empty(len(other) - stored, np.uint16)
    code = np.empty(stored, np.uint8)
    size = np.empty(stored, np.uint32)
    begins = np.empty(stored, np.uint32)
    for s in range(len(occurrences)):
        own = grouped[first[s] : first[s + 1]]
        _find(occurrences[s], own, posting_of, stored_before, once, code, size, begins)
    out = np.zeros(stored + 1, np.int64)
    out[1:] = np.cumsum(size)
    positions = np.empty(out[-1], np.uint8)
    for s in range(len(occurrences)):
        position = occurrences[s].position
        for j in grouped[first[s] : first[s + 1]]:
            if other[j]:
                i = np.int64(stored_before[j])
                begin = np.int64(begins[i]) - out[i]
                for n in range(out[i], out[i + 1]):
                    positions[n] = position[begin + n]
    return other, once, code, size, positions


@kernel
def _by_source(source_of: NDArray[np.uint16], sources: int) -> Any:
    """The places of postings by source, those of each in their order, and where each begins."""
    first = np.zeros(sources + 1, np.int64)
    for source in source_of:
        first[source + 1] += 1
    first = np.cumsum(first)
    grouped = np.empty(len(source_of), np.uint32)
    cursor = first.copy()
    for j in range(len(source_of)):
        grouped[cursor[source_of[j]]] = j
        cursor[source_of[j]] += 1
    return first, grouped


@inner_kernel
def _is_set(bits: NDArray[np.uint64], place: int) -> Any:
    return (bits[place >> 6] >> np.uint64(place & 63)) & np.uint64(1) > 0


@kernel
def _find(  # noqa: PLR0913  (arrays in, arrays out)
    occurrences: Occurrences,
    own: NDArray[np.uint32],
    posting_of: NDArray[np.uint32],
    stored_before: NDArray[np.uint32],
    once: NDArray[np.uint16],
    code: NDArray[np.uint8],
    size: NDArray[np.uint32],
    begins: NDArray[np.uint32],
) -> None:
    """Look up what there is of those postings that come from one source. In place.

    own: which postings come from it
    stored_before: array of uint32, shape (postings,), of how many before the code is stored
    begins, size: of the positions of those whose code is stored
    Of each term its postings come in their order, so most follow the one before.
    """
    is_other, rank = occurrences.other, occurrences.other_rank
    codes, position, position_start = (
        occurrences.code,
        occurrences.position,
        occurrences.position_start,
    )
    last = np.int64(-2)
    stored = 0
    last_stored = -2
    end = np.int64(0)
    for j in own:
        posting = np.int64(posting_of[j])
        if last != posting - 1:
            stored = others_before(is_other, rank, posting)
        last = posting
        i = np.int64(stored_before[j])
        if not _is_set(is_other, posting):
            once[j - i] = occurrences.once[posting - stored]
            continue
        if last_stored != stored - 1:
            end = begin_of_positions(codes, position, position_start, stored, False)
        code[i] = codes[stored]
        begins[i] = end
        end = end_of_positions(position, end, np.int64(codes[stored]))
        size[i] = end - np.int64(begins[i])
        last_stored = stored
        stored += 1
