"""A kernel that finds the best articles with one word."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.bits import highest_bit, lowest_bit, popcount
from index.native.lists import BLOCK, DENSE_FROM, WORDS_OF_BLOCK, Lists
from index.native.postings import ONCE_IN_BODY, Occurrences, Terms, others_before
from search.native.bitmaps import Bitmap, Documents
from search.native.postings import CODES
from search.native.scoring import Leaves, insert


class _Scoring(NamedTuple):
    """How documents are scored, and the best ones so far.

    saturation: array of float32, by frequency code · 256 + length code
    limits: array of float32, the highest score for each frequency code
    weight, constant, below, before: see Leaves and scoring.best_of
    """

    hits: Bitmap
    lengths: NDArray[np.uint8]
    saturation: NDArray[np.float32]
    limits: NDArray[np.float32]
    weight: float
    constant: float
    below: float
    before: int
    best: Documents
    best_scores: NDArray[np.float32]


class _Container(NamedTuple):
    """A container of a list: its block, its place in `sparse` or in `dense`, and its postings.

    data: of the first document in `sparse`, or among the dense containers
    first, end: its first posting, and the one behind its last
    """

    block: np.int64
    dense: np.bool_
    data: np.int64
    first: np.int64
    end: np.int64


@kernel
def best_of_word(  # noqa: PLR0913  (arrays in, arrays out)
    hits: Bitmap,
    highest: NDArray[np.float32],
    terms: Terms,
    leaves: Leaves,
    saturations: NDArray[np.float32],
    lengths: NDArray[np.uint8],
    constant: float,
    most: int,
    below: float,
    before: int,
) -> Any:
    """The best scored hits of one leaf without a mask, posting by posting from the last one.

    highest: array of float32, shape (tables, 256), the most in `saturations` for each code
    Other parameters as for by_blocks.best_by_blocks, and the same result when all hits have the
    leaf's word. From when no document that has the word once can be among the best, only the
    others are gone through, and of them those are looked up that have it often enough.
    """
    lists, occurrences = Lists(*terms[0]), Occurrences(*terms[1])
    i = leaves.number[0]
    weight = leaves.weight[0]
    table = leaves.saturation[0]
    limits = constant + weight * highest[table]
    best = np.empty(most, np.uint32)
    best_scores = np.empty(most, np.float32)
    scoring = _Scoring(
        hits,
        lengths,
        saturations[table],
        limits,
        weight,
        constant,
        below,
        before,
        best,
        best_scores,
    )
    n = 0
    end = np.int64(lists.first_posting[i + 1])
    stored = others_before(occurrences.other, occurrences.other_rank, end)
    s = np.int64(lists.first_sparse[i + 1])
    d = np.int64(lists.first_dense[i + 1])
    for c in range(lists.first_container[i + 1] - 1, np.int64(lists.first_container[i]) - 1, -1):
        count = np.int64(lists.container_count[c]) + 1
        dense = count >= DENSE_FROM
        s -= 0 if dense else count
        d -= 1 if dense else 0
        block = np.int64(lists.container_block[c])
        container = _Container(block, dense, d if dense else s, end - count, end)
        n, left, stored = _score_all(scoring, n, container, lists, occurrences, stored)
        if left > container.first:
            n, stored = _score_others(scoring, n, container, lists, occurrences, left, stored)
        end = container.first
    return best[:n], best_scores[:n]


@inner_kernel
def _score_all(  # noqa: PLR0913  (arrays in, arrays out)
    scoring: _Scoring,
    n: int,
    container: _Container,
    lists: Lists,
    occurrences: Occurrences,
    stored: int,
) -> Any:
    """Score a container from its last posting on, until those with the word once are too low.

    stored: the stored codes up to its end
    Returns how many best there are, and the posting and the stored codes up to which it came.
    """
    once = scoring.limits[ONCE_IN_BODY]
    most = len(scoring.best)
    first_word = container.data * WORDS_OF_BLOCK
    w = WORDS_OF_BLOCK
    word = np.uint64(0)
    posting = container.end
    while posting > container.first:
        if n == most and n > 0 and once <= scoring.best_scores[n - 1]:
            break
        posting -= 1
        if container.dense:
            while not word:
                w -= 1
                word = lists.dense[first_word + w]
            bit = highest_bit(word)
            word ^= np.uint64(1) << np.uint64(bit)
            within = w * 64 + bit
        else:
            within = np.int64(lists.sparse[container.data + posting - container.first])
        code = np.int64(ONCE_IN_BODY)
        if (occurrences.other[posting >> 6] >> np.uint64(posting & 63)) & np.uint64(1):
            stored -= 1
            code = np.int64(occurrences.code[stored])
        n = _consider(scoring, n, container.block * BLOCK + within, code)
    return n, posting, stored


@inner_kernel
def _score_others(  # noqa: PLR0913  (arrays in, arrays out)
    scoring: _Scoring,
    n: int,
    container: _Container,
    lists: Lists,
    occurrences: Occurrences,
    left: int,
    stored: int,
) -> Any:
    """Score those before the posting `left` with a stored code that can be high enough.

    stored: the stored codes before `left`
    Returns how many best there are, and the stored codes before the container.
    """
    first, last = container.first, left - 1
    w = WORDS_OF_BLOCK
    rank = container.end - first  # documents before the word w of a dense container
    for o in range(last >> 6, (first >> 6) - 1, -1):
        others = occurrences.other[o]
        if o == last >> 6:
            others &= ~np.uint64(0) >> np.uint64(63 - (last & 63))
        if o == first >> 6:
            others &= ~np.uint64(0) << np.uint64(first & 63)
        while others:
            bit = highest_bit(others)
            others ^= np.uint64(1) << np.uint64(bit)
            stored -= 1
            code = np.int64(occurrences.code[stored])
            if scoring.limits[code] <= scoring.best_scores[n - 1]:
                continue
            place = o * 64 + bit - first
            if container.dense:
                while rank > place and w > 0:
                    w -= 1
                    rank -= popcount(lists.dense[container.data * WORDS_OF_BLOCK + w])
                word = lists.dense[container.data * WORDS_OF_BLOCK + w]
                within = w * 64 + _bit_number(word, place - rank)
            else:
                within = np.int64(lists.sparse[container.data + place])
            n = _consider(scoring, n, container.block * BLOCK + within, code)
    return n, stored


@inner_kernel
def _bit_number(word: int, number: int) -> int:
    """The place of the set bit of a word that has `number` set ones below it."""
    for _ in range(number):
        word &= word - np.uint64(1)
    # There is such a bit, unless the file has been damaged.
    return lowest_bit(word | np.uint64(1) << np.uint64(63))


@inner_kernel
def _consider(scoring: _Scoring, n: int, document: int, code: int) -> int:
    """Put a document among the best if it is; returns how many there are."""
    place = code * CODES + np.int64(scoring.lengths[document])
    score = scoring.constant + scoring.weight * scoring.saturation[place]
    if n == len(scoring.best) and (n == 0 or score <= scoring.best_scores[n - 1]):
        return n
    if not (scoring.hits[document >> 6] >> np.uint64(document & 63)) & np.uint64(1):
        return n
    if score < scoring.below or (score == scoring.below and document < scoring.before):
        return insert(scoring.best, scoring.best_scores, n, document, score)
    return n
