"""Lists of some words in one block, unpacked into bitmaps that can be combined and looked up in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.bits import popcount
from index.native.lists import DENSE_FROM, WORDS_OF_BLOCK, Lists
from search.native.scoring import Leaves

_1 = np.uint64(1)
_6 = np.uint64(6)
_63 = np.uint64(63)


class Block(NamedTuple):
    """The lists of the words in one block.

    present: array of uint64, shape (words, 1,024), which documents have each word
    rank: array of uint16, of the same shape, how many have it before 64 documents of which some do
    first, postings: arrays of int64, shape (words,), the first posting and how many there are
    """

    present: NDArray[np.uint64]
    rank: NDArray[np.uint16]
    first: NDArray[np.int64]
    postings: NDArray[np.int64]


@kernel
def new_block(words: int) -> Block:
    """Of as many words, nothing unpacked yet."""
    return Block(
        np.zeros((words, WORDS_OF_BLOCK), np.uint64),
        np.empty((words, WORDS_OF_BLOCK), np.uint16),
        np.empty(words, np.int64),
        np.zeros(words, np.int64),
    )


@inner_kernel
def open_block(
    block: Block, ends: NDArray[np.int64], number: int, lists: Lists, leaves: Leaves
) -> np.int64:
    """Unpack the lists of a block, the last one not yet passed; returns their postings. In place.

    ends: see by_blocks.ends_of_leaves; of what is left afterwards
    """
    total = np.int64(0)
    for word in range(len(block.first)):
        i = leaves.number[word]
        c = ends[word, 0]
        count = np.int64(0)
        while c > lists.first_container[i] and lists.container_block[c - 1] >= number:
            c -= 1
            count = np.int64(lists.container_count[c]) + 1
            ends[word, 1] -= count
            if count < DENSE_FROM:
                ends[word, 2] -= count
            else:
                ends[word, 3] -= 1
            if lists.container_block[c] > number:
                count = np.int64(0)
        ends[word, 0] = c
        if block.postings[word]:
            block.present[word][:] = 0
        block.postings[word] = count
        block.first[word] = ends[word, 1]
        if 0 < count < DENSE_FROM:
            _set_sparse(block, word, lists.sparse[ends[word, 2] :])
        elif count:
            _set_dense(block, word, lists.dense[ends[word, 3] * WORDS_OF_BLOCK :])
        total += count
    return total


@inner_kernel
def _set_sparse(block: Block, word: int, sparse: NDArray[np.uint16]) -> None:
    """Set the bits and ranks of a sparse container, from its end. In place."""
    present, rank = block.present[word], block.rank[word]
    for back in range(1, block.postings[word] + 1):
        j = np.uint64(block.postings[word] - back)
        within = np.uint64(sparse[j])
        present[within >> _6] |= _1 << (within & _63)
        rank[within >> _6] = j


@inner_kernel
def _set_dense(block: Block, word: int, dense: NDArray[np.uint64]) -> None:
    """The same for a dense one."""
    present, rank = block.present[word], block.rank[word]
    before = 0
    for w in range(WORDS_OF_BLOCK):
        present[w] = dense[w]
        rank[w] = before
        before += popcount(dense[w])
