"""Kernels: what two articles have in common, and whether one is a copy of the other.

docs/decisions/stories.md says how the thresholds were measured.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel

SHINGLE = 2
"""Words of a shingle. Two stand a word that was replaced better than three."""

MOST_SHINGLES = 512
"""Kept of an article: those with the lowest hashes, a fair sample of a longer one's."""

LEAST_SHINGLES = 20
"""An article with fewer is a copy only of one that is the same word for word."""

LEAST_SHARED = 0.3
SHARED_FOR_SHORTNESS = 20.0
"""Of the n shingles of the shorter article, the longer has to have a share of at least
LEAST_SHARED + SHARED_FOR_SHORTNESS / n: little text has to agree more."""

LEAST_FACTS = 0.6
FACTS_FOR_SHORTNESS = 10.0
LEAST_FIGURES = 0.75
"""And such a share of its facts, which are words with capitals or digits, and of its figures,
which are those with digits. Reports written to one pattern share most words and few facts; who
copies an article may change every other sentence, but keeps names and figures."""

FEW_FACTS = 5
FEW_FIGURES = 3
"""Fewer are not compared, as in scripts without capitals."""

FACTS_OF_TABLES = 0.4
LEAST_SHARED_OF_TABLES = 0.9
"""A text with more facts than that to a shingle is a table, and has to agree nearly everywhere."""


@kernel
def distinct(values: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The values sorted, each once."""
    ordered = np.sort(values)
    kept = 0
    for place in range(len(ordered)):
        if place == 0 or ordered[place] != ordered[kept - 1]:
            ordered[kept] = ordered[place]
            kept += 1
    return ordered[:kept]


@kernel
def in_common(some: NDArray[np.uint32], others: NDArray[np.uint32]) -> int:
    """How many values are in both; those of each are sorted, each once."""
    common, i, j = 0, 0, 0
    while i < len(some) and j < len(others):
        if some[i] == others[j]:
            common += 1
            i += 1
            j += 1
        elif some[i] < others[j]:
            i += 1
        else:
            j += 1
    return common


@kernel
def share_of_shorter(some: NDArray[np.uint32], others: NDArray[np.uint32]) -> float:
    """The share of the shingles of the article with fewer of them that the other has as well.

    Where only the lowest of an article are kept, both count up to the last that is.
    """
    end, end_of_others = len(some), len(others)
    if len(some) == MOST_SHINGLES:
        end_of_others = np.searchsorted(others, some[-1], side="right")
    if len(others) == MOST_SHINGLES:
        end = np.searchsorted(some, others[-1], side="right")
    shorter = min(end, end_of_others)
    return in_common(some[:end], others[:end_of_others]) / shorter if shorter else 0.0


@kernel
def has_facts_of(facts: NDArray[np.uint32], others: NDArray[np.uint32], least: float) -> bool:
    """Whether enough of the facts, and of the figures among them, are among the others.

    A figure's last bit is set. least: share of the facts.
    """
    figures, common, common_figures, j = 0, 0, 0, 0
    for fact in facts:
        while j < len(others) and others[j] < fact:
            j += 1
        is_figure = fact & np.uint32(1)
        figures += is_figure
        if j < len(others) and others[j] == fact:
            common += 1
            common_figures += is_figure
    if len(facts) >= FEW_FACTS and common < least * len(facts):
        return False
    return figures < FEW_FIGURES or common_figures >= LEAST_FIGURES * figures


@kernel
def is_copy(
    some: NDArray[np.uint32],
    others: NDArray[np.uint32],
    facts: NDArray[np.uint32],
    other_facts: NDArray[np.uint32],
) -> bool:
    """Whether one of two articles is a copy of the other, by their shingles and their facts."""
    if len(some) > len(others):
        some, others, facts, other_facts = others, some, other_facts, facts
    if len(some) < LEAST_SHINGLES:
        return False
    least = LEAST_SHARED + SHARED_FOR_SHORTNESS / len(some)
    if len(facts) > FACTS_OF_TABLES * len(some):
        least = max(least, LEAST_SHARED_OF_TABLES)
    if share_of_shorter(some, others) < min(least, 1.0):
        return False
    return has_facts_of(facts, other_facts, min(1.0, LEAST_FACTS + FACTS_FOR_SHORTNESS / len(some)))
