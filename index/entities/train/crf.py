"""Trains the linear-chain model: AdaGrad on the conditional likelihood, one sentence at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from index.entities import decoder, features, surroundings
from index.entities.tables import Tables
from index.entities.vocabulary import Vocabulary

LABELS = decoder.LABELS
_RATE = np.float32(0.05)
_DAMPING = np.float32(1e-2)
_KEPT = 0.5
"""Share of a position's features used in each pass, so that none is relied on alone."""
_SMALLEST_GRADIENT = 1e-3

Numbers = NDArray[np.int32]
Singles = NDArray[np.float32]
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Examples:
    """Labelled sentences as arrays: words and labels by position, the sentences' starts."""

    words: NDArray[np.int64]
    labels: NDArray[np.uint8]
    sentences: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Weights:
    """What training finds; see `Model` for the meaning of each."""

    rows: Singles
    transitions: Singles
    first: Singles


def train(
    examples: Examples, vocabulary: Vocabulary, tables: Tables, *, epochs: int, seed: int
) -> Weights:
    """Train on the examples; the same arguments give the same weights to the last bit."""
    places = np.empty((len(examples.words), surroundings.PLACE_ROWS), np.int32)
    surroundings.fill_in(
        examples.words,
        examples.sentences,
        np.ones(len(examples.words), np.uint8),
        vocabulary.hashes,
        tables.phrases,
        tables.bits,
        places,
    )
    rows = np.zeros((1 << tables.bits, LABELS), np.float32)
    transitions = np.zeros((LABELS, LABELS))
    first = np.zeros(LABELS)
    sums = (np.zeros_like(rows), np.zeros_like(transitions), np.zeros_like(first))
    allowed = np.array([[decoder.may_follow(b, a) for b in range(LABELS)] for a in range(LABELS)])
    generator = np.random.default_rng(seed)
    state = generator.integers(1, 1 << 63, 1, np.uint64)
    for _ in range(epochs):
        _pass_over(
            (examples.words, examples.labels, examples.sentences),
            generator.permutation(len(examples.sentences) - 1),
            (vocabulary.rows, places),
            (rows, transitions, first),
            sums,
            allowed,
            state,
        )
    return Weights(
        rows,
        np.where(allowed, transitions, decoder.FORBIDDEN).astype(np.float32),
        np.where(allowed[decoder.O], first, decoder.FORBIDDEN).astype(np.float32),
    )


@njit(cache=True, fastmath=True)
def _pass_over(  # noqa: PLR0913  (arrays in, arrays out)
    examples: tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.int64]],
    order: NDArray[np.int64],
    hashed: tuple[Numbers, Numbers],
    weights: tuple[Singles, Doubles, Doubles],
    sums: tuple[Singles, Doubles, Doubles],
    allowed: NDArray[np.bool_],
    state: NDArray[np.uint64],
) -> None:
    """Learn from each sentence once, in the given order."""
    words, labels, sentences = examples
    rows, transitions, first = weights
    longest = 0
    for s in range(len(order)):
        longest = max(longest, sentences[s + 1] - sentences[s])
    active = np.empty((longest, hashed[0].shape[1] + hashed[1].shape[1]), np.int32)
    counts = np.empty(longest, np.int64)
    emit, alpha, beta = np.empty((3, longest, LABELS))
    gradient, chain = np.empty(LABELS), np.empty((LABELS, LABELS))
    for s in order:
        start, n = sentences[s], sentences[s + 1] - sentences[s]
        true = labels[start : start + n]
        for i in range(n):
            counts[i] = _gather(words[start : start + n], start, i, hashed, state, active[i])
            _emit(active[i, : counts[i]], rows, emit[i])
        chain[:] = np.where(allowed, np.exp(transitions), 0.0)
        _forward(n, emit, chain, np.where(allowed[0], np.exp(first), 0.0), alpha)
        _backward(n, emit, chain, beta)
        for i in range(n):
            gradient[:] = alpha[i] * beta[i]
            gradient /= -gradient.sum()
            gradient[true[i]] += 1.0
            if np.abs(gradient).max() > _SMALLEST_GRADIENT:
                _climb(active[i, : counts[i]], gradient, rows, sums[0])
                if i == 0:
                    sums[2][:] += gradient * gradient
                    first += _RATE * gradient / np.sqrt(sums[2] + _DAMPING)
        change = _chain_gradient(n, true, emit, chain, alpha, beta)
        sums[1][:] += change * change
        transitions += _RATE * change / np.sqrt(sums[1] + _DAMPING)


@njit(cache=True)
def _chance(state: NDArray[np.uint64]) -> float:
    """A number from 0 to 1 by xorshift64*: the same everywhere for the same state."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return np.float64((x * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(11)) / (1 << 53)


@njit(cache=True)
def _gather(  # noqa: PLR0913  (arrays in, arrays out)
    words: NDArray[np.int64],
    start: int,
    i: int,
    hashed: tuple[Numbers, Numbers],
    state: NDArray[np.uint64],
    out: Numbers,
) -> int:
    """Fill in the rows of a position that are kept this time; how many there are."""
    count = column = 0
    for offset, distance in enumerate((0, -1, 1, -2, 2)):
        width = features.HERE if offset == 0 else features.NEAR if offset < 3 else features.FAR
        j = i + distance
        word = surroundings.BEFORE if j < 0 else surroundings.AFTER if j >= len(words) else words[j]
        for c in range(column, column + width):
            if hashed[0][word, c] >= 0 and _chance(state) < _KEPT:
                out[count] = hashed[0][word, c]
                count += 1
        column += width
    for c in range(hashed[1].shape[1]):
        if hashed[1][start + i, c] >= 0 and _chance(state) < _KEPT:
            out[count] = hashed[1][start + i, c]
            count += 1
    return count


@njit(cache=True, fastmath=True)
def _emit(active: Numbers, rows: Singles, out: Doubles) -> None:
    """Fill in how likely each label is by the features alone, the likeliest as 1."""
    out[:] = 0
    for row in active:
        for y in range(LABELS):
            out[y] += rows[row, y]
    out[:] = np.exp(out - out.max())


@njit(cache=True, fastmath=True)
def _forward(n: int, emit: Doubles, chain: Doubles, begin: Doubles, alpha: Doubles) -> None:
    alpha[0] = emit[0] * begin
    alpha[0] /= alpha[0].sum()
    for i in range(1, n):
        for y in range(LABELS):
            total = 0.0
            for x in range(LABELS):
                total += alpha[i - 1, x] * chain[x, y]
            alpha[i, y] = total * emit[i, y]
        alpha[i] /= alpha[i].sum()


@njit(cache=True, fastmath=True)
def _backward(n: int, emit: Doubles, chain: Doubles, beta: Doubles) -> None:
    beta[n - 1] = 1.0
    for i in range(n - 2, -1, -1):
        for x in range(LABELS):
            total = 0.0
            for y in range(LABELS):
                total += chain[x, y] * emit[i + 1, y] * beta[i + 1, y]
            beta[i, x] = total
        beta[i] /= beta[i].sum()


@njit(cache=True, fastmath=True)
def _climb(active: Numbers, gradient: Doubles, rows: Singles, sums: Singles) -> None:
    """Move the weights of a position's features along the gradient, by AdaGrad."""
    for row in active:
        for y in range(LABELS):
            g = np.float32(gradient[y])
            sums[row, y] += g * g
            rows[row, y] += _RATE * g / np.sqrt(sums[row, y] + _DAMPING)


@njit(cache=True, fastmath=True)
def _chain_gradient(  # noqa: PLR0913  (arrays in, arrays out)
    n: int, true: NDArray[np.uint8], emit: Doubles, chain: Doubles, alpha: Doubles, beta: Doubles
) -> Doubles:
    """How often each label follows each other in truth, less how often by the model."""
    gradient = np.zeros((LABELS, LABELS))
    for i in range(1, n):
        ahead = emit[i] * beta[i]
        total = 0.0
        for x in range(LABELS):
            for y in range(LABELS):
                total += alpha[i - 1, x] * chain[x, y] * ahead[y]
        for x in range(LABELS):
            for y in range(LABELS):
                gradient[x, y] -= alpha[i - 1, x] * chain[x, y] * ahead[y] / total
        gradient[true[i - 1], true[i]] += 1.0
    return gradient
