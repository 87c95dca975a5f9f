"""Documents that have all of some words, and the postings of these words in them.

Lists are gone through block by block, and within a block from the shortest one on.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.bits import lowest_bit, popcount
from index.native.lists import (
    BLOCK,
    DENSE_FROM,
    RANK_GROUP_WORDS,
    RANKS_OF_BLOCK,
    WORDS_OF_BLOCK,
    Lists,
)
from search.native.bitmaps import Bitmap, Documents
from search.native.postings import first_from


class Walk(NamedTuple):
    """How far some lists have been gone through, and what was found.

    rarest: the place of the word with the fewest documents
    order: array of int64, the places of the words, the one with fewest documents in the block first
    sizes: array of int64, documents of each word in the block
    cursor: array of int64, shape (words, 4): each word's container in the block, and how many
        postings, documents in sparse containers and dense containers are before it
    documents: array of uint32; posting: array of uint32, shape (words, documents), of each in order
    bits, ranks: room for a block and for a group of it
    """

    rarest: int
    order: NDArray[np.int64]
    sizes: NDArray[np.int64]
    cursor: NDArray[np.int64]
    documents: Documents
    posting: NDArray[np.uint32]
    bits: NDArray[np.uint64]
    ranks: NDArray[np.int64]


@kernel
def begin_walk(lists: Lists, numbers: NDArray[np.int64], waiting: int) -> Walk:
    """Before the first block of some lists, with room for a block and the documents waiting."""
    words = len(numbers)
    rarest = 0
    cursor = np.empty((words, 4), np.int64)
    postings = np.empty(words, np.int64)
    for word in range(words):
        i = numbers[word]
        cursor[word, 0] = lists.first_container[i]
        cursor[word, 1] = lists.first_posting[i]
        cursor[word, 2] = lists.first_sparse[i]
        cursor[word, 3] = lists.first_dense[i]
        postings[word] = np.int64(lists.first_posting[i + 1]) - cursor[word, 1]
        if postings[word] < postings[rarest]:
            rarest = word
    room = min(postings[rarest], BLOCK) + waiting
    return Walk(
        rarest,
        np.arange(words),
        np.empty(words, np.int64),
        cursor,
        np.empty(room, np.uint32),
        np.empty((words, room), np.uint32),
        np.empty(WORDS_OF_BLOCK, np.uint64),
        np.empty(RANK_GROUP_WORDS, np.int64),
    )


@inner_kernel
def add_block(  # noqa: PLR0913  (arrays in, arrays out)
    walk: Walk, lists: Lists, numbers: NDArray[np.int64], block: int, scope: Bitmap, n: int
) -> int:
    """Find the documents of a block that are in the scope and in all lists.

    block: behind the last one
    Writes them and their postings behind the first n of the walk; returns how many there are then.
    """
    if not _go_to(walk, lists, numbers, block):
        return n
    order = walk.order
    shortest = order[0]
    dense = walk.sizes[shortest] >= DENSE_FROM
    if dense:
        end = _unpack_dense(walk, lists, block, scope, n)
        _find_dense(walk, lists, shortest, n, end)
    else:
        end = _unpack_sparse(walk, lists, block, scope, n)
    for rank in range(1, len(order)):
        word = order[rank]
        if walk.sizes[word] < DENSE_FROM:
            end = _keep_sparse(walk, lists.sparse, rank, n, end)
        else:
            if not dense:
                end = _keep_dense(walk, lists.dense, rank, n, end)
            _find_dense(walk, lists, word, n, end)
    return end


@inner_kernel
def _go_to(walk: Walk, lists: Lists, numbers: NDArray[np.int64], block: int) -> bool:
    """Go on to a block in all lists; returns whether all have documents there. Sorts the words."""
    order, sizes, cursor = walk.order, walk.sizes, walk.cursor
    for word in range(len(order)):
        c = cursor[word, 0]
        end = np.int64(lists.first_container[numbers[word] + 1])
        while c < end and lists.container_block[c] < block:
            documents = np.int64(lists.container_count[c]) + 1
            cursor[word, 1] += documents
            if documents < DENSE_FROM:
                cursor[word, 2] += documents
            else:
                cursor[word, 3] += 1
            c += 1
        cursor[word, 0] = c
        if c == end or lists.container_block[c] != block:
            return False
        sizes[word] = np.int64(lists.container_count[c]) + 1
    for rank in range(1, len(order)):
        at = rank
        while at > 0 and sizes[order[at]] < sizes[order[at - 1]]:
            order[at], order[at - 1] = order[at - 1], order[at]
            at -= 1
    return True


@inner_kernel
def _unpack_sparse(walk: Walk, lists: Lists, block: int, scope: Bitmap, n: int) -> int:
    """Add the documents of the shortest list, and their postings."""
    word = walk.order[0]
    begin = walk.cursor[word, 2]
    to_posting = walk.cursor[word, 1] - begin
    for s in range(begin, begin + walk.sizes[word]):
        document = block * BLOCK + np.int64(lists.sparse[s])
        walk.documents[n] = document
        walk.posting[word, n] = to_posting + s
        n += np.int64((scope[document >> 6] >> np.uint64(document & 63)) & np.uint64(1))
    return n


@inner_kernel
def _unpack_dense(walk: Walk, lists: Lists, block: int, scope: Bitmap, n: int) -> int:
    """Add the documents that are in all lists, whose containers are all dense."""
    bits = walk.bits
    base = block * WORDS_OF_BLOCK
    for w in range(WORDS_OF_BLOCK):
        bits[w] = scope[base + w]
    for word in range(len(walk.order)):
        d = walk.cursor[word, 3] * WORDS_OF_BLOCK
        for w in range(WORDS_OF_BLOCK):
            bits[w] &= lists.dense[d + w]
    most = n + walk.sizes[walk.order[0]]  # there are no more, unless the file has been damaged
    for w in range(WORDS_OF_BLOCK):
        left = bits[w]
        while left and n < most:
            walk.documents[n] = (base + w) * 64 + lowest_bit(left)
            n += 1
            left &= left - np.uint64(1)
    return n


@inner_kernel
def _keep_sparse(walk: Walk, sparse: NDArray[np.uint16], rank: int, begin: int, n: int) -> int:
    """Keep those of the documents from `begin` to n that a sparse list has too, with postings.

    rank: the place of the list in the order; of those before it postings are there.
    """
    word = walk.order[rank]
    low = walk.cursor[word, 2]
    end = low + walk.sizes[word]
    to_posting = walk.cursor[word, 1] - low
    kept = begin
    for j in range(begin, n):
        within = np.int64(walk.documents[j]) % BLOCK
        low = first_from(sparse, low, end, within)
        if low == end:
            break
        _move(walk, rank, j, kept)
        walk.posting[word, kept] = to_posting + low
        kept += sparse[low] == within
    return kept


@inner_kernel
def _keep_dense(walk: Walk, dense: NDArray[np.uint64], rank: int, begin: int, n: int) -> int:
    """Keep those of the documents from `begin` to n that a dense list has too."""
    d = walk.cursor[walk.order[rank], 3] * WORDS_OF_BLOCK
    kept = begin
    for j in range(begin, n):
        within = np.int64(walk.documents[j]) % BLOCK
        _move(walk, rank, j, kept)
        kept += np.int64((dense[d + (within >> 6)] >> np.uint64(within & 63)) & np.uint64(1))
    return kept


@inner_kernel
def _move(walk: Walk, rank: int, here: int, there: int) -> None:
    """Move a document and its postings of the words before `rank` in the order."""
    walk.documents[there] = walk.documents[here]
    for earlier in range(rank):
        word = walk.order[earlier]
        walk.posting[word, there] = walk.posting[word, here]


@inner_kernel
def _find_dense(walk: Walk, lists: Lists, word: int, begin: int, n: int) -> None:
    """Find the postings of the documents from `begin` to n, all of them in a dense list."""
    ranks = walk.ranks
    first = walk.cursor[word, 3]
    ranked = np.int64(-1)
    for j in range(begin, n):
        within = np.int64(walk.documents[j]) % BLOCK
        w = within >> 6
        group = w // RANK_GROUP_WORDS
        if group != ranked:
            # For several documents of a group the bits before each of its words are counted once.
            ranked = group
            rank = walk.cursor[word, 1] + np.int64(lists.dense_rank[first * RANKS_OF_BLOCK + group])
            for v in range(RANK_GROUP_WORDS):
                ranks[v] = rank
                rank += popcount(lists.dense[first * WORDS_OF_BLOCK + group * RANK_GROUP_WORDS + v])
        bits = lists.dense[first * WORDS_OF_BLOCK + w]
        below = bits & ((np.uint64(1) << np.uint64(within & 63)) - np.uint64(1))
        walk.posting[word, j] = ranks[w % RANK_GROUP_WORDS] + popcount(below)
