"""A kernel that puts sorted texts of two tables in one order."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel


@kernel
def union_ranks(
    text: NDArray[np.uint8],
    start: NDArray[np.uint32],
    other_text: NDArray[np.uint8],
    other_start: NDArray[np.uint32],
) -> Any:
    """The places of the texts of two sorted tables in their union, each text there once.

    Returns those of the one and of the other table, arrays of uint32, ascending.
    """
    ranks = np.empty(len(start) - 1, np.uint32)
    other_ranks = np.empty(len(other_start) - 1, np.uint32)
    i = 0
    j = 0
    rank = 0
    while i < len(ranks) or j < len(other_ranks):
        order = 0
        if i == len(ranks):
            order = 1
        elif j == len(other_ranks):
            order = -1
        else:
            a, b = np.int64(start[i]), np.int64(other_start[j])
            a_end, b_end = np.int64(start[i + 1]), np.int64(other_start[j + 1])
            while a < a_end and b < b_end and text[a] == other_text[b]:
                a += 1
                b += 1
            if a < a_end and b < b_end:
                order = -1 if text[a] < other_text[b] else 1
            else:
                order = int(a < a_end) - int(b < b_end)
        if order <= 0:
            ranks[i] = rank
            i += 1
        if order >= 0:
            other_ranks[j] = rank
            j += 1
        rank += 1
    return ranks, other_ranks
