"""Trains the linear-chain model: AdaGrad on the conditional likelihood, one sentence at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from index.entities import decoder, features
from index.entities.tables import Tables
from index.entities.vocabulary import Vocabulary

LABELS = decoder.LABELS
_RATE = 0.05
_DROPPED = 0.3
"""Share of a position's features left out in each pass, so that none is relied on alone."""
_SMALLEST_GRADIENT = 1e-3
_DAMPING = 1e-2


@dataclass(frozen=True, slots=True)
class Examples:
    """Labelled sentences as arrays: words and labels by position, the sentences' starts."""

    words: NDArray[np.int64]
    labels: NDArray[np.uint8]
    sentences: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Weights:
    """What training finds; see `Model` for the meaning of each."""

    rows: NDArray[np.float32]
    transitions: NDArray[np.float32]
    first: NDArray[np.float32]


def train(
    examples: Examples, vocabulary: Vocabulary, tables: Tables, *, epochs: int, seed: int
) -> Weights:
    """Train on the examples; the same arguments give the same weights to the last bit."""
    places = np.empty((len(examples.words), features.PLACE_ROWS), np.int32)
    features.surroundings(
        examples.words,
        examples.sentences,
        np.ones(len(examples.words), np.uint8),
        vocabulary.hashes,
        tables.phrases,
        tables.bits,
        places,
    )
    rows = np.zeros((1 << tables.bits, LABELS), np.float32)
    transitions = np.zeros((LABELS, LABELS), np.float32)
    first = np.zeros(LABELS, np.float32)
    sums = (np.zeros_like(rows), np.zeros_like(transitions), np.zeros_like(first))
    allowed, allowed_first = _allowed()
    generator = np.random.default_rng(seed)
    for epoch in range(epochs):
        order = generator.permutation(len(examples.sentences) - 1)
        _epoch(
            (examples.words, examples.labels, examples.sentences, order),
            (vocabulary.rows, places),
            (rows, transitions, first),
            sums,
            (allowed, allowed_first),
            seed + epoch,
        )
    forbidden = decoder.FORBIDDEN
    return Weights(
        rows,
        np.where(allowed, transitions, forbidden).astype(np.float32),
        np.where(allowed_first, first, forbidden).astype(np.float32),
    )


def _allowed() -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which labels may follow which, and which may begin a sentence."""
    follows = [[decoder.may_follow(b, a) for b in range(LABELS)] for a in range(LABELS)]
    return np.array(follows), np.array(follows[decoder.O])


@njit(fastmath=True)
def _epoch(examples, hashed, weights, sums, allowed, seed):  # type: ignore[no-untyped-def]
    words, labels, sentences, order = examples
    by_word, by_place = hashed
    rows, transitions, first = weights
    row_sums, transition_sums, first_sums = sums
    follows, begins = allowed
    np.random.seed(seed)
    longest = 0
    for s in range(len(order)):
        longest = max(longest, sentences[s + 1] - sentences[s])
    most = by_word.shape[1] + by_place.shape[1]
    active = np.empty((longest, most), np.int32)
    counts = np.empty(longest, np.int64)
    emit = np.empty((longest, LABELS))
    alpha = np.empty((longest, LABELS))
    beta = np.empty((longest, LABELS))
    chain = np.zeros((LABELS, LABELS))
    chain_gradient = np.zeros((LABELS, LABELS))
    gradient = np.empty(LABELS)
    for s in order:
        start, n = sentences[s], sentences[s + 1] - sentences[s]
        for i in range(n):
            counts[i] = _gather(words, start, n, i, by_word, by_place, active[i])
            emit[i] = 0
            for f in range(counts[i]):
                for y in range(LABELS):
                    emit[i, y] += rows[active[i, f], y]
            emit[i] = np.exp(emit[i] - emit[i].max())
        for x in range(LABELS):
            for y in range(LABELS):
                chain[x, y] = np.exp(transitions[x, y]) if follows[x, y] else 0.0
        for y in range(LABELS):
            alpha[0, y] = emit[0, y] * np.exp(first[y]) if begins[y] else 0.0
        alpha[0] /= alpha[0].sum()
        for i in range(1, n):
            for y in range(LABELS):
                total = 0.0
                for x in range(LABELS):
                    total += alpha[i - 1, x] * chain[x, y]
                alpha[i, y] = total * emit[i, y]
            alpha[i] /= alpha[i].sum()
        beta[n - 1] = 1.0
        for i in range(n - 2, -1, -1):
            for x in range(LABELS):
                total = 0.0
                for y in range(LABELS):
                    total += chain[x, y] * emit[i + 1, y] * beta[i + 1, y]
                beta[i, x] = total
            beta[i] /= beta[i].sum()
        chain_gradient[:] = 0
        for i in range(n):
            y_here = labels[start + i]
            gradient[:] = alpha[i] * beta[i]
            gradient /= -gradient.sum()
            gradient[y_here] += 1.0
            if i:
                total = 0.0
                for x in range(LABELS):
                    for y in range(LABELS):
                        total += alpha[i - 1, x] * chain[x, y] * emit[i, y] * beta[i, y]
                for x in range(LABELS):
                    for y in range(LABELS):
                        expected = alpha[i - 1, x] * chain[x, y] * emit[i, y] * beta[i, y]
                        chain_gradient[x, y] -= expected / total
                chain_gradient[labels[start + i - 1], y_here] += 1.0
            if np.abs(gradient).max() <= _SMALLEST_GRADIENT:
                continue
            for f in range(counts[i]):
                row = active[i, f]
                for y in range(LABELS):
                    g = np.float32(gradient[y])
                    row_sums[row, y] += g * g
                    rows[row, y] += (
                        np.float32(_RATE) * g / np.sqrt(row_sums[row, y] + np.float32(_DAMPING))
                    )
            if i == 0:
                first_sums += gradient * gradient
                first += _RATE * gradient / np.sqrt(first_sums + _DAMPING)
        transition_sums += chain_gradient * chain_gradient
        transitions += _RATE * chain_gradient / np.sqrt(transition_sums + _DAMPING)


@njit
def _gather(words, start, n, i, by_word, by_place, out):  # type: ignore[no-untyped-def]
    """The rows of a position that are not dropped this time; how many there are."""
    count = 0
    column = 0
    for offset in range(5):
        distance = (0, -1, 1, -2, 2)[offset]
        width = features.HERE if offset == 0 else features.NEAR if offset < 3 else features.FAR
        j = i + distance
        word = 0 if j < 0 else 1 if j >= n else words[start + j]
        for c in range(column, column + width):
            row = by_word[word, c]
            if row >= 0 and np.random.random() >= _DROPPED:
                out[count] = row
                count += 1
        column += width
    for c in range(by_place.shape[1]):
        row = by_place[start + i, c]
        if row >= 0 and np.random.random() >= _DROPPED:
            out[count] = row
            count += 1
    return count
