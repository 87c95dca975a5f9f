"""Kernel: stories made of what is near each other in time, by the leader algorithm.

Articles are taken from the earliest to the latest (Hartigan 1975, chapter 3). Each belongs to the
story of the earliest article before it that leads one and that it is a copy of; where there is
none, it leads a story itself. So every article of a story is a copy of the story's first one, and
stories never grow from copy to copy of a copy.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel
from index.stories.minhash import MOST_KEYS, Buckets, draw_permutations, find_keys, look_up, put
from index.stories.overlap import is_copy

UNCHANGED = -1
"""In place of a leader: the row was not due, and is as it was."""


class Rows(NamedTuple):
    """Articles from the earliest to the latest.

    moments: seconds, int64. digests: uint64, 0 for those that are never compared. Shingles and
    facts of row r are sorted uint32 and stand from starts[r] to starts[r + 1].
    led: whether it led a story before, bool. due: whether it has to be looked at, bool.
    """

    moments: NDArray[np.int64]
    digests: NDArray[np.uint64]
    shingles: NDArray[np.uint32]
    shingle_starts: NDArray[np.int64]
    facts: NDArray[np.uint32]
    fact_starts: NDArray[np.int64]
    led: NDArray[np.bool_]
    due: NDArray[np.bool_]


@kernel
def are_copies(rows: Rows, some: int, other: int) -> bool:
    """Whether two rows are the same word for word, or copies by what they have in common."""
    if rows.digests[some] == rows.digests[other]:
        return True
    return is_copy(
        rows.shingles[rows.shingle_starts[some] : rows.shingle_starts[some + 1]],
        rows.shingles[rows.shingle_starts[other] : rows.shingle_starts[other + 1]],
        rows.facts[rows.fact_starts[some] : rows.fact_starts[some + 1]],
        rows.facts[rows.fact_starts[other] : rows.fact_starts[other + 1]],
    )


@kernel
def first_copied(rows: Rows, row: int, candidates: NDArray[np.int32], reach: int) -> int:
    """The first candidate that is at most `reach` seconds earlier and a copy; else the row itself."""
    for candidate in candidates:
        near = rows.moments[row] - rows.moments[candidate] <= reach
        if near and are_copies(rows, row, candidate):
            return candidate
    return row


@kernel
def find_leaders(
    rows: Rows, buckets: Buckets, reach: int, unsettled_until: int, leaders: NDArray[np.int64]
) -> int:
    """Write the leader of each row, or UNCHANGED, into `leaders`.

    Rows up to the moment `unsettled_until` are looked at even when they are not due. Where an
    article begins or ceases to lead, so are those in reach after it, as they may be its copies.
    Returns up to which moment that holds, for the rows that follow these.
    """
    permutations = draw_permutations()
    minima = np.empty(len(permutations.factors), np.uint32)
    all_keys = np.empty(MOST_KEYS, np.uint64)
    seen = np.full(len(rows.moments), -1, np.int32)
    for row in range(len(rows.moments)):
        due = rows.due[row] or rows.moments[row] <= unsettled_until
        leaders[row] = UNCHANGED
        if not due and not rows.led[row]:
            continue
        shingles = rows.shingles[rows.shingle_starts[row] : rows.shingle_starts[row + 1]]
        count = find_keys(rows.digests[row], shingles, permutations, minima, all_keys)
        keys = all_keys[:count]
        if due:
            candidates = look_up(buckets, keys, row, seen)
            leaders[row] = first_copied(rows, row, candidates, reach)
            if (leaders[row] == row) != rows.led[row]:
                unsettled_until = max(unsettled_until, rows.moments[row] + reach)
        if leaders[row] == row or not due:
            put(buckets, keys, row)
    return unsettled_until
