"""A kernel that finds the values more frequent among some articles than in the whole archive.

Dunning, T.: Accurate Methods for the Statistics of Surprise and Coincidence (1993).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel


@kernel
def log_likelihood(count: int, total: int, counted: int, articles: int) -> Any:
    """G², twice the log-likelihood ratio, of a value and a set of articles being independent.

    count: articles of the set that have the value; total: articles that do; counted: articles of
    the set; articles: all there are
    """
    return 2 * (
        _cell(count, total, counted, articles)
        + _cell(total - count, total, articles - counted, articles)
        + _cell(counted - count, articles - total, counted, articles)
        + _cell(articles - total - counted + count, articles - total, articles - counted, articles)
    )


@kernel
def _cell(observed: int, row: int, column: int, articles: int) -> float:
    if observed == 0:
        return 0.0
    return observed * math.log(observed / row * articles / column)


@kernel
def most_unexpected(  # noqa: PLR0913  (arrays in, arrays out)
    numbers: NDArray[Any],
    counts: NDArray[np.int32],
    totals: NDArray[np.int64],
    rank: NDArray[np.uint32],
    counted: int,
    articles: int,
    most: int,
) -> Any:
    """Of some numbers those with the highest G², of values with a greater share than in all.

    counts, totals: by number, articles of the set that have it, and of all
    rank: by number, its place among equals
    Returns numbers (int64) and scores (float64), the highest first.
    """
    found = np.empty(most, np.int64)
    scores = np.empty(most, np.float64)
    n = 0
    share = counted / articles
    least_count = 1  # with fewer articles than these no value gets among the best any more
    for number in numbers:
        count = np.int64(counts[number])
        if count < least_count or count * articles <= totals[number] * counted or most == 0:
            continue
        # G² is at most twice Pearson's statistic, which takes no logarithms.
        expected = totals[number] * share
        pearson = (count - expected) ** 2 / (
            expected * (1 - share) * (1 - totals[number] / articles)
        )
        if n == most and 2 * pearson < scores[n - 1]:
            continue
        score = log_likelihood(count, totals[number], counted, articles)
        at = n
        if n == most:
            at -= 1
            if score < scores[at] or (score == scores[at] and rank[number] > rank[found[at]]):
                continue
        else:
            n += 1
        while at > 0 and (
            scores[at - 1] < score
            or (scores[at - 1] == score and rank[found[at - 1]] > rank[number])
        ):
            scores[at] = scores[at - 1]
            found[at] = found[at - 1]
            at -= 1
        scores[at] = score
        found[at] = number
        # Of the values with so many articles in the set one that has no others scores highest.
        while (
            n == most
            and least_count < counted
            and log_likelihood(least_count, least_count, counted, articles) < scores[n - 1]
        ):
            least_count += 1
    return found[:n], scores[:n]
