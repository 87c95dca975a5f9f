"""Values that stand out: how much more frequent they are among some articles than in all.

The measure is the log-likelihood ratio G² of Dunning: Accurate Methods for the Statistics of
Surprise and Coincidence (1993), over a table of two by two: articles with and without the value,
counted and not counted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.results import Unexpected


def log_likelihood_ratios(
    counts: NDArray[np.int64], totals: NDArray[np.int64], counted: int, articles: int
) -> NDArray[np.float64]:
    """2 · Σ observed · ln(observed / expected) for each value.

    counts: how many of the `counted` articles have it; totals: how many of all `articles`.
    """
    observed = np.array(
        [counts, totals - counts, counted - counts, articles - counted - totals + counts],
        dtype=np.float64,
    )
    with_value, without = totals.astype(np.float64), (articles - totals).astype(np.float64)
    expected = np.array([with_value, with_value, without, without])
    expected *= np.array([counted, articles - counted] * 2, dtype=np.float64)[:, np.newaxis]
    expected /= max(articles, 1)
    there = observed > 0
    ratios = np.divide(observed, expected, out=np.ones_like(observed), where=there)
    terms = observed * np.log(ratios)
    terms.sort(axis=0)  # so that tables of the same four numbers have the same score to the bit
    scores: NDArray[np.float64] = 2 * terms.sum(axis=0)
    return scores.clip(min=0.0)  # rounding may leave less than nothing


def most_unexpected(  # noqa: PLR0913  (the table, and how many values of it)
    values: Sequence[str],
    counts: NDArray[np.int64],
    totals: NDArray[np.int64],
    *,
    counted: int,
    articles: int,
    wanted: int,
) -> tuple[Unexpected, ...]:
    """The values with the greatest scores, as search.results.Unexpected says.

    values: in the order of their code points; counts, totals: as for log_likelihood_ratios.
    """
    if not wanted:
        return ()
    places = np.flatnonzero(counts * articles > totals * counted)
    scores = log_likelihood_ratios(counts[places], totals[places], counted, articles)
    order = np.argsort(-scores, kind="stable")[:wanted]
    return tuple(
        Unexpected(values[place], int(counts[place]), int(totals[place]), score)
        for place, score in zip(places[order].tolist(), scores[order].tolist(), strict=True)
    )
