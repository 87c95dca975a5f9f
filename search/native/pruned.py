"""A kernel that finds the best articles with a few words without scoring most of them.

Dynamic pruning, as MaxScore does it (Turtle and Flood 1995), on bitmaps: a word adds at most its
weight times the highest saturation to a score. As soon as there are as many scored documents as
wanted, only those are candidates that have words enough to beat the last of them. Which sets of
words are enough is found once for each such score; ANDs and ORs then find the candidates, 64 at a
time. Of a candidate it is asked first which words it has just once in the body: few are left.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.bits import popcount
from index.native.lists import WORDS_OF_BLOCK, Lists
from index.native.postings import ONCE_IN_BODY, Occurrences, Terms
from search.native.bitmaps import Bitmap
from search.native.by_blocks import ends_of_leaves
from search.native.opened import Block, new_block, open_block
from search.native.postings import CODES
from search.native.scoring import Leaves
from search.native.windows import (
    ROUNDING,
    WINDOW,
    Scoring,
    Window,
    add_up,
    keep_added,
    keep_looked_up,
    new_window,
)

MOST_WORDS = 6
"""Words up to which all sets of them are looked at."""

_WINDOWS = WORDS_OF_BLOCK // WINDOW

_CLEARING = 512
"""Clearing and scanning a window's scores takes as long as adding up this many postings."""

_NOTHING = np.float32(-1)


@kernel
def best_by_limits(  # noqa: PLR0913  (arrays in, arrays out)
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
    """The best scored hits of at most MOST_WORDS leaves without masks, from the last document on.

    highest: array of float32, shape (tables, 256), the most in `saturations` for each code
    most: at least 1
    Other parameters as for by_blocks.best_by_blocks, and the same result.
    """
    lists, occurrences = Lists(*terms[0]), Occurrences(*terms[1])
    words = len(leaves.number)
    best, best_scores = np.empty(most, np.uint32), np.empty(most, np.float32)
    added, limits = _limits(leaves, highest, saturations)
    scoring = Scoring(
        occurrences,
        leaves,
        added,
        limits,
        saturations,
        lengths,
        constant,
        below,
        before,
        best,
        best_scores,
    )
    block, window = new_block(words), new_window(constant)
    ends = ends_of_leaves(lists, occurrences, leaves)
    enough = np.empty(1 << words, np.int64)
    sets = _sets_above(scoring, _NOTHING, enough)
    n = 0
    threshold = _NOTHING
    for number in range(len(hits) // WORDS_OF_BLOCK - 1, -1, -1):
        base = number * WORDS_OF_BLOCK
        if not _any(hits[base : base + WORDS_OF_BLOCK]):
            continue
        postings = open_block(block, ends, number, lists, leaves)
        for at in range(base + WORDS_OF_BLOCK - WINDOW, base - 1, -WINDOW):
            if n == most and best_scores[n - 1] > threshold:
                threshold = best_scores[n - 1]
                sets = _sets_above(scoring, threshold, enough)
            found = _find_candidates(window, block, at, hits[at:], enough[:sets])
            if not found:
                continue
            if n < most or found * words > postings // _WINDOWS + _CLEARING:
                add_up(window, scoring, block, at)
                n = keep_added(window, scoring, n, at)
            else:
                n = keep_looked_up(window, scoring, n, block, at)
    return best[:n], best_scores[:n]


@kernel
def _limits(
    leaves: Leaves, highest: NDArray[np.float32], saturations: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """`highest` and `limits` of Scoring."""
    words = len(leaves.number)
    most_added = np.empty(words, np.float32)
    limits = np.empty((words, 3 * CODES), np.float32)
    for word in range(words):
        table = leaves.saturation[word]
        weight = leaves.weight[word]
        most_added[word] = weight * highest[table].max()
        limits[word, :CODES] = 0
        for length in range(CODES):
            limits[word, CODES + length] = (
                weight * saturations[table, ONCE_IN_BODY * CODES + length]
            )
        limits[word, 2 * CODES :] = most_added[word]
    return most_added, limits


@inner_kernel
def _sets_above(scoring: Scoring, threshold: float, enough: NDArray[np.int64]) -> int:
    """Write down the least sets of words that can score more; returns how many. In place.

    enough: room for them; a word's bit is set when it is in the set
    """
    sets = 0
    for some in range(len(enough)):
        total = np.float32(scoring.constant)
        for word in range(len(scoring.highest)):
            if (some >> word) & 1:
                total += scoring.highest[word]
        # Less one word, sums of floats are not what they were before it was added. So whether a
        # part is enough is not found out anew: parts have lower numbers and are there already.
        least = total * ROUNDING > threshold
        for i in range(sets):
            least &= enough[i] & some != enough[i]
        if least:
            enough[sets] = some
            sets += 1
    return sets


@inner_kernel
def _any(bits: Bitmap) -> bool:
    """Whether any bit is set."""
    some = np.uint64(0)
    for word in bits:
        some |= word
    return bool(some)


@inner_kernel
def _find_candidates(
    window: Window, block: Block, at: int, hits: Bitmap, enough: NDArray[np.int64]
) -> int:
    """Find the hits that have one of some sets of words; returns how many. In place.

    at: where the window begins in a bitmap; hits: from there on
    """
    first = at % WORDS_OF_BLOCK
    candidates, having = window.candidates, window.having
    candidates[:] = 0
    for some in enough:
        for w in range(WINDOW):
            having[w] = hits[w]
        for word in range(len(block.first)):
            if (some >> word) & 1:
                present = block.present[word][first:]
                for w in range(WINDOW):
                    having[w] &= present[w]
        for w in range(WINDOW):
            candidates[w] |= having[w]
    found = 0
    for w in range(WINDOW):
        found += popcount(candidates[w])
    return found
