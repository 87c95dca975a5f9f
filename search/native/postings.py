"""Kernels that find the postings of documents, and what is known of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.bits import at_least, popcount
from index.native.lists import (
    BLOCK,
    DENSE_FROM,
    RANK_GROUP_WORDS,
    RANKS_OF_BLOCK,
    WORDS_OF_BLOCK,
    Lists,
)
from index.native.postings import IN_TITLE, Occurrences, Terms, code_of
from search.native.bitmaps import Documents

CODES = 256
"""Frequency codes there are, and length codes: the side of a table of scores."""

AT_ONCE = 64
"""Documents of a sparse container that are compared with another one in one go."""


@kernel
def locate(lists: Lists, i: int, documents: Documents, postings: NDArray[np.int64]) -> None:
    """The posting of each document in list i, or −1 where it is not in it. In place.

    documents: ascending; postings: array of int64 of the same shape, overwritten
    """
    postings[:] = -1
    posting = np.int64(lists.first_posting[i])
    s = np.int64(lists.first_sparse[i])
    d = np.int64(lists.first_dense[i])
    at = 0
    for c in range(lists.first_container[i], lists.first_container[i + 1]):
        base = np.int64(lists.container_block[c]) * BLOCK
        count = np.int64(lists.container_count[c]) + 1
        while at < len(documents) and documents[at] < base:
            at += 1
        if count < DENSE_FROM:
            low, end = s, s + count
            while at < len(documents) and documents[at] < base + BLOCK:
                within = np.int64(documents[at] - base)
                # The list's own documents follow each other.
                if low < end and lists.sparse[low] != within:
                    low = first_from(lists.sparse, low, end, within)
                if low < end and lists.sparse[low] == within:
                    postings[at] = posting + low - s
                    low += 1
                at += 1
            s += count
        else:
            while at < len(documents) and documents[at] < base + BLOCK:
                within = np.int64(documents[at]) - base
                word = within >> 6
                bit = np.uint64(within & 63)
                bits = lists.dense[d * WORDS_OF_BLOCK + word]
                if (bits >> bit) & np.uint64(1):
                    group = word // RANK_GROUP_WORDS
                    rank = np.int64(lists.dense_rank[d * RANKS_OF_BLOCK + group])
                    for before in range(group * RANK_GROUP_WORDS, word):
                        rank += popcount(lists.dense[d * WORDS_OF_BLOCK + before])
                    rank += popcount(bits & ((np.uint64(1) << bit) - np.uint64(1)))
                    postings[at] = posting + rank
                at += 1
            d += 1
        posting += count


@inner_kernel
def first_from(sparse: NDArray[np.uint16], low: int, end: int, within: int) -> int:
    """The first place from `low` on of a number not less than `within`, at most `end`."""
    step = AT_ONCE
    while low + step < end and sparse[low + step - 1] < within:
        low += step
        step *= 2
    high = min(low + step, end)
    while high - low > AT_ONCE:
        middle = (low + high) // 2
        if sparse[middle] < within:
            low = middle + 1
        else:
            high = middle
    if low + AT_ONCE <= len(sparse):
        inside = ~np.uint64(0) >> np.uint64(AT_ONCE - (high - low))
        return low + popcount(~at_least(sparse, low, within) & inside)
    while low < high and sparse[low] < within:
        low += 1
    return low


@kernel
def in_field(terms: Terms, i: int, documents: Documents, title: bool) -> NDArray[np.bool_]:
    """For each document of list i, all of them given, whether the word is in the one field."""
    lists, occurrences = Lists(*terms[0]), Occurrences(*terms[1])
    found = np.empty(len(documents), np.bool_)
    first = np.int64(lists.first_posting[i])
    other, rank, codes = occurrences.other, occurrences.other_rank, occurrences.code
    for j in range(len(documents)):
        code = code_of(other, rank, codes, first + j)
        found[j] = code >= IN_TITLE if title else code % IN_TITLE > 0
    return found
