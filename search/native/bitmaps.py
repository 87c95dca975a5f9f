"""Kernels over bitmaps of documents.

A *bitmap* is an array of uint64 with one bit a document of a segment, in whole blocks: shape
(blocks · 1,024,). *Documents* are ascending arrays of uint32. All kernels of search/native are
plain functions over arrays, each with a slow obvious twin in the tests; see index.native.lists
for Lists and index.native.postings for Occurrences.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel
from index.native.bits import highest_bit, lowest_bit, popcount
from index.native.lists import DENSE_FROM, WORDS_OF_BLOCK, Lists, PlainLists

Bitmap = NDArray[np.uint64]
Documents = NDArray[np.uint32]


@kernel
def add_lists(bits: Bitmap, plain: PlainLists, numbers: NDArray[np.int64]) -> None:
    """Set the bits of the documents of some lists. In place."""
    lists = Lists(*plain)
    for i in numbers:
        s = np.int64(lists.first_sparse[i])
        d = np.int64(lists.first_dense[i]) * WORDS_OF_BLOCK
        for c in range(lists.first_container[i], lists.first_container[i + 1]):
            base = np.int64(lists.container_block[c]) * WORDS_OF_BLOCK
            count = np.int64(lists.container_count[c]) + 1
            if count < DENSE_FROM:
                for j in range(s, s + count):
                    within = np.int64(lists.sparse[j])
                    bits[base + (within >> 6)] |= np.uint64(1) << np.uint64(within & 63)
                s += count
            else:
                for w in range(WORDS_OF_BLOCK):
                    bits[base + w] |= lists.dense[d + w]
                d += WORDS_OF_BLOCK


@kernel
def add_documents(bits: Bitmap, documents: Documents) -> None:
    """Set the bits of some documents. In place."""
    for document in documents:
        bits[document >> 6] |= np.uint64(1) << np.uint64(document & 63)


@kernel
def keep_list(bits: Bitmap, plain: PlainLists, i: int) -> None:
    """Clear the bits of all documents that are not in list i. In place."""
    lists = Lists(*plain)
    s = np.int64(lists.first_sparse[i])
    d = np.int64(lists.first_dense[i]) * WORDS_OF_BLOCK
    kept = np.empty(WORDS_OF_BLOCK, np.uint64)
    done = 0
    for c in range(lists.first_container[i], lists.first_container[i + 1]):
        base = np.int64(lists.container_block[c]) * WORDS_OF_BLOCK
        count = np.int64(lists.container_count[c]) + 1
        bits[done:base] = 0
        if count < DENSE_FROM:
            kept[:] = 0
            for j in range(s, s + count):
                within = np.int64(lists.sparse[j])
                kept[within >> 6] |= np.uint64(1) << np.uint64(within & 63)
            for w in range(WORDS_OF_BLOCK):
                bits[base + w] &= kept[w]
            s += count
        else:
            for w in range(WORDS_OF_BLOCK):
                bits[base + w] &= lists.dense[d + w]
            d += WORDS_OF_BLOCK
        done = base + WORDS_OF_BLOCK
    bits[done:] = 0


@kernel
def count_bits(bits: Bitmap) -> int:
    """How many bits are set."""
    total = 0
    for word in bits:
        total += popcount(word)
    return total


@kernel
def count_bits_between(bits: Bitmap, bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many bits are set from each bound to the next; bounds ascending. Shape (bounds − 1,)."""
    counts = np.zeros(len(bounds) - 1, np.int64)
    for i in range(len(counts)):
        start, end = bounds[i], bounds[i + 1]
        if start == end:
            continue
        first, last = start >> 6, (end - 1) >> 6
        from_start = ~np.uint64(0) << np.uint64(start & 63)
        to_end = ~np.uint64(0) >> np.uint64(63 - ((end - 1) & 63))
        if first == last:
            counts[i] = popcount(bits[first] & from_start & to_end)
            continue
        total = popcount(bits[first] & from_start) + popcount(bits[last] & to_end)
        for word in range(first + 1, last):
            total += popcount(bits[word])
        counts[i] = total
    return counts


@kernel
def count_documents_between(documents: Documents, bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many documents there are from each bound to the next; both ascending. As above."""
    counts = np.zeros(len(bounds) - 1, np.int64)
    j = 0
    while j < len(documents) and documents[j] < bounds[0]:
        j += 1
    for i in range(len(counts)):
        begun = j
        while j < len(documents) and documents[j] < bounds[i + 1]:
            j += 1
        counts[i] = j - begun
    return counts


@kernel
def keep_scored(documents: Documents, scores: NDArray[np.float32], bits: Bitmap) -> Any:
    """The documents whose bits are set, and their scores."""
    kept = np.empty_like(documents)
    kept_scores = np.empty_like(scores)
    n = 0
    for j in range(len(documents)):
        document = documents[j]
        kept[n] = document
        kept_scores[n] = scores[j]
        n += np.int64((bits[document >> 6] >> np.uint64(document & 63)) & np.uint64(1))
    return kept[:n], kept_scores[:n]


@kernel
def ends(bits: Bitmap, start: int) -> Any:
    """The first and the last document from `start` on whose bit is set, and how many come before.

    The first is behind the last when there is none.
    """
    before = 0
    for w in range(start >> 6):
        before += popcount(bits[w])
    first, last = len(bits) * 64, -1
    w = start >> 6
    if w == len(bits):
        return first, last, before
    from_start = ~np.uint64(0) << np.uint64(start & 63)
    before += popcount(bits[w] & ~from_start)
    word = bits[w] & from_start
    while not word:
        w += 1
        if w == len(bits):
            return first, last, before
        word = bits[w]
    first = w * 64 + lowest_bit(word)
    end = len(bits) - 1
    while end > w and not bits[end]:
        end -= 1
    last = end * 64 + highest_bit(bits[end])
    return first, last, before


@kernel
def set_range(bits: Bitmap, start: int, end: int) -> None:
    """Set the bits from start to before end. In place."""
    for document in range(start, min(end, (start + 63) >> 6 << 6)):
        bits[document >> 6] |= np.uint64(1) << np.uint64(document & 63)
    first = (start + 63) >> 6
    for word in range(first, end >> 6):
        bits[word] = ~np.uint64(0)
    for document in range(max(start, max(first, end >> 6) << 6), end):
        bits[document >> 6] |= np.uint64(1) << np.uint64(document & 63)


@kernel
def documents_of(bits: Bitmap, count: int) -> Documents:
    """The documents whose bits are set, ascending; count is how many."""
    documents = np.empty(count, np.uint32)
    n = 0
    for w in range(len(bits)):
        word = bits[w]
        while word:
            documents[n] = w * 64 + lowest_bit(word)
            n += 1
            word &= word - np.uint64(1)
    return documents


@kernel
def first_documents(bits: Bitmap, start: int, most: int) -> Documents:
    """The first documents from `start` on whose bits are set, ascending, at most `most`."""
    documents = np.empty(most, np.uint32)
    n = 0
    w = start >> 6
    if w >= len(bits):
        return documents[:0]
    word = bits[w] & (~np.uint64(0) << np.uint64(start & 63))
    while n < most:
        while word and n < most:
            documents[n] = w * 64 + lowest_bit(word)
            n += 1
            word &= word - np.uint64(1)
        w += 1
        if w == len(bits):
            break
        if n < most:
            word = bits[w]
    return documents[:n]


@kernel
def last_documents(bits: Bitmap, end: int, most: int) -> Documents:
    """The last documents before `end` whose bits are set, descending, at most `most`."""
    documents = np.empty(most, np.uint32)
    n = 0
    if end <= 0:
        return documents[:0]
    w = (end - 1) >> 6
    word = bits[w] & (~np.uint64(0) >> np.uint64(63 - ((end - 1) & 63)))
    while n < most:
        while word and n < most:
            bit = highest_bit(word)
            documents[n] = w * 64 + bit
            n += 1
            word ^= np.uint64(1) << np.uint64(bit)
        w -= 1
        if w < 0:
            break
        if n < most:
            word = bits[w]
    return documents[:n]
