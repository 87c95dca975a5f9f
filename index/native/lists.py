"""Posting lists: which articles have a word or a facet value, packed like a Roaring bitmap.

The documents of a segment are cut into blocks of 65,536. Where a list has articles in a block
it has a *container*: *sparse*, the documents within the block as sorted uint16, or, from 4,096
documents on, *dense*: a bitmap of 1,024 uint64 with the number of bits before each of its 128
groups of 512. Containers say their block and their number of documents (less one); where their
data begins follows from the sizes of those before them in the list.

Lemire et al.: Roaring Bitmaps: Implementation of an Optimized Software Library (2018).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.bits import lowest_bit

BLOCK = 1 << 16
WORDS_OF_BLOCK = BLOCK // 64
DENSE_FROM = 4_096
RANK_GROUP_WORDS = 8
RANKS_OF_BLOCK = WORDS_OF_BLOCK // RANK_GROUP_WORDS


class Lists(NamedTuple):
    """Many posting lists in flat arrays; list i has entries [i] to [i + 1] of each `first_`.

    first_container, first_posting, first_sparse, first_dense: array of uint32, shape (lists + 1,)
    container_block: array of uint16, shape (containers,)
    container_count: array of uint16, shape (containers,), documents less one
    sparse: array of uint16, shape (documents in sparse containers,)
    dense: array of uint64, shape (dense containers · 1,024,)
    dense_rank: array of uint16, shape (dense containers · 128,)
    """

    first_container: NDArray[np.uint32]
    first_posting: NDArray[np.uint32]
    first_sparse: NDArray[np.uint32]
    first_dense: NDArray[np.uint32]
    container_block: NDArray[np.uint16]
    container_count: NDArray[np.uint16]
    sparse: NDArray[np.uint16]
    dense: NDArray[np.uint64]
    dense_rank: NDArray[np.uint16]


PlainLists = tuple[NDArray[Any], ...]
"""Lists as a plain tuple, for kernels called from Python: numba takes over the arrays of named tuples
in twice the time."""

FileLists = tuple[NDArray[np.uint16], NDArray[np.uint64], NDArray[np.int64], NDArray[np.uint32]]
"""Lists of several Lists in one file, in any order, for kernels that go from one to another.

The whole file as uint16 and as uint64; where in these each list has its container_block,
container_count, sparse (all three uint16) and dense, shape (lists, 4); and how many documents it
has. What a list begins with lies together, and beside that of the next one.
"""

DTYPES = {
    "first_container": "<u4",
    "first_posting": "<u4",
    "first_sparse": "<u4",
    "first_dense": "<u4",
    "container_block": "<u2",
    "container_count": "<u2",
    "sparse": "<u2",
    "dense": "<u8",
    "dense_rank": "<u2",
}

FIRSTS = ("first_container", "first_posting", "first_sparse", "first_dense")
"""The arrays that say where each list begins in others."""


@kernel
def pack(documents: NDArray[np.uint32], first: NDArray[np.int64]) -> Any:
    """Pack sorted documents into lists.

    documents: array of uint32, each list's ascending without repeats
    first: array of int64, shape (lists + 1,), where each list begins in documents
    Returns, per list, shape (lists,) of int64: containers, sparse documents, dense containers;
    then container_block, container_count, sparse, dense, dense_rank as in Lists.
    """
    lists = len(first) - 1
    containers = np.zeros(lists, np.int64)
    sparse_documents = np.zeros(lists, np.int64)
    dense_containers = np.zeros(lists, np.int64)
    for i in range(lists):
        j = first[i]
        while j < first[i + 1]:
            end = _end_of_block(documents, j, first[i + 1])
            containers[i] += 1
            if end - j < DENSE_FROM:
                sparse_documents[i] += end - j
            else:
                dense_containers[i] += 1
            j = end
    block = np.empty(containers.sum(), np.uint16)
    count = np.empty(len(block), np.uint16)
    sparse = np.empty(sparse_documents.sum(), np.uint16)
    dense = np.zeros(dense_containers.sum() * WORDS_OF_BLOCK, np.uint64)
    rank = np.empty(dense_containers.sum() * RANKS_OF_BLOCK, np.uint16)
    c = 0
    s = 0
    d = 0
    for i in range(lists):
        j = first[i]
        while j < first[i + 1]:
            end = _end_of_block(documents, j, first[i + 1])
            block[c] = documents[j] >> 16
            count[c] = end - j - 1
            c += 1
            if end - j < DENSE_FROM:
                for k in range(j, end):
                    sparse[s] = documents[k] & 0xFFFF
                    s += 1
            else:
                bits = dense[d * WORDS_OF_BLOCK : (d + 1) * WORDS_OF_BLOCK]
                ranks = rank[d * RANKS_OF_BLOCK : (d + 1) * RANKS_OF_BLOCK]
                _fill_dense(documents[j:end], bits, ranks)
                d += 1
            j = end
    return containers, sparse_documents, dense_containers, block, count, sparse, dense, rank


@kernel
def _end_of_block(documents: NDArray[np.uint32], start: int, end: int) -> int:
    """Where the block that documents[start] is in ends, at most `end`."""
    block = documents[start] >> 16
    j = start + 1
    while j < end and documents[j] >> 16 == block:
        j += 1
    return j


@kernel
def _fill_dense(
    documents: NDArray[np.uint32], bits: NDArray[np.uint64], ranks: NDArray[np.uint16]
) -> None:
    """Set the bits of the documents, and count those before each group. In place."""
    group_documents = np.zeros(RANKS_OF_BLOCK, np.int64)
    for document in documents:
        within = np.int64(document & 0xFFFF)
        bits[within >> 6] |= np.uint64(1) << np.uint64(within & 63)
        group_documents[within >> 9] += 1
    before = 0
    for group in range(RANKS_OF_BLOCK):
        ranks[group] = before
        before += group_documents[group]


@inner_kernel
def unpack(lists: Lists, i: int, documents: NDArray[np.uint32]) -> int:
    """Write the documents of list i, ascending, to the front of `documents`; returns how many."""
    n = 0
    s = np.int64(lists.first_sparse[i])
    d = np.int64(lists.first_dense[i])
    for c in range(lists.first_container[i], lists.first_container[i + 1]):
        base = np.uint32(lists.container_block[c]) << np.uint32(16)
        count = np.int64(lists.container_count[c]) + 1
        if count < DENSE_FROM:
            for j in range(s, s + count):
                documents[n] = base | np.uint32(lists.sparse[j])
                n += 1
            s += count
        else:
            for w in range(WORDS_OF_BLOCK):
                word = lists.dense[d * WORDS_OF_BLOCK + w]
                while word:
                    documents[n] = base | np.uint32(w * 64 + lowest_bit(word))
                    n += 1
                    word &= word - np.uint64(1)
            d += 1
    return n
