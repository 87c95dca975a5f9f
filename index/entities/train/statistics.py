"""Learns about words from free text: how often they have a capital, which are used alike."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numba import njit
from numpy.typing import NDArray

from index.entities.shapes import CAPITAL, CAPITALS, LOWER
from index.entities.tables import ACRONYM
from index.entities.vocabulary import Vocabulary

CORPORA = ("doj-press-releases.jsonl.gz", "digitalgov-news.jsonl.gz")
"""Texts in the public domain. Others in the folder are not read."""

CLUSTERS = (64, 320, 1200)
_WORDS = 60_000
_RAREST = 4
_CONTEXTS = 3_000
_DIMENSIONS = 100
_OVERSAMPLED = 20
_POWER_ITERATIONS = 3
_ROUNDS = 15
_SHOUTED = 0.6
"""Share of words in capitals that makes a sentence a headline, not to learn case from."""
_SMOOTHING = 0.75
"""Exponent of the contexts' frequencies; see Levy, Goldberg and Dagan (2015), section 3."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Texts one after the other: word numbers, and the starts of sentences with the end."""

    words: NDArray[np.int64]
    sentences: NDArray[np.int64]


def corpus(folder: Path) -> Iterator[str]:
    """The articles of the corpora that may contribute."""
    for name in CORPORA:
        with gzip.open(folder / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                yield f"{record['title']}\n{record['body']}"


def read(texts: Iterable[str], vocabulary: Vocabulary) -> Reading:
    """Read texts as the recogniser does."""
    words, sentences = [], [np.zeros(1, np.int64)]
    count = 0
    for text in texts:
        layout = vocabulary.read(text)
        words.append(layout.words)
        sentences.append(layout.sentences[1:] + count)
        count += len(layout.words)
    return Reading(np.concatenate(words), np.concatenate(sentences))


def capital_ratios(text: Reading, words: Sequence[str], kinds: NDArray[np.uint8]) -> dict[str, int]:
    """By lower-case word, how it is written inside sentences; see `Statistics.ratios`.

    Sentences mostly in capitals are left out.
    """
    first, lengths = text.sentences[:-1], np.diff(text.sentences)
    shouted = np.add.reduceat((kinds[text.words] == CAPITALS).astype(np.int64), first)
    inside = ~np.repeat(shouted > _SHOUTED * lengths, lengths)
    inside[first] = False
    counts = np.bincount(text.words[inside], minlength=len(words))
    upper: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    acronyms: Counter[str] = Counter()
    for number in np.flatnonzero(counts).tolist():
        kind, word, count = kinds[number], words[number].lower(), int(counts[number])
        if kind == CAPITALS:
            acronyms[word] += count
        if kind >= CAPITAL:
            upper[word] += count
        elif kind >= LOWER:
            lower[word] += count
    ratios = {}
    for word in sorted(upper.keys() | lower.keys()):
        total = upper[word] + lower[word]
        share = (upper[word] + 0.3) / (total + 0.6)
        if total > 1 and 2 * acronyms[word] > total:
            ratios[word] = ACRONYM
        elif total > 1:
            ratios[word] = 1 + int(share * 5.999) + 6 * (total > 20)
    return ratios


def clusters(text: Reading, words: Sequence[str], seed: int) -> dict[str, tuple[int, ...]]:
    """By word as written, digits as 0, its cluster at each size in `CLUSTERS`."""
    frequency: Counter[str] = Counter()
    plain = [_without_digits(word) for word in words]
    counts = np.bincount(text.words, minlength=len(words))
    for number in np.flatnonzero(counts).tolist():
        frequency[plain[number]] += int(counts[number])
    ranked = sorted(frequency, key=lambda word: (-frequency[word], word))[:_WORDS]
    kept = [word for word in ranked if frequency[word] >= _RAREST]
    place = {word: at for at, word in enumerate(kept)}
    numbering = np.array([place.get(word, len(kept)) for word in plain], np.int64)
    vectors = _vectors(Reading(numbering[text.words], text.sentences), len(kept), seed)
    weight = np.sqrt(np.array([frequency[word] for word in kept], np.float32))
    found = [_k_means(vectors, weight, size, seed) for size in CLUSTERS]
    return {word: tuple(int(by_size[at]) for by_size in found) for at, word in enumerate(kept)}


def _without_digits(word: str) -> str:
    return "".join("0" if "0" <= c <= "9" else c for c in word.replace("’", "'"))


def _vectors(text: Reading, size: int, seed: int) -> NDArray[np.float32]:
    """Unit vectors of words: positive pointwise mutual information with contexts, then SVD."""
    columns = _CONTEXTS + 2
    row, column, count = _cooccurrences(text, size, columns)
    by_row = np.bincount(row, count, size)
    by_column = np.bincount(column, count, 4 * columns) ** _SMOOTHING
    value = np.log(count / (by_row[row] * (by_column / by_column.sum())[column]))
    positive = value > 0
    starts = np.searchsorted(row[positive], np.arange(size + 1))
    matrix = (starts, column[positive], value[positive].astype(np.float32))
    return _svd(matrix, 4 * columns, seed)


def _cooccurrences(
    text: Reading, size: int, columns: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Word, context and count, by word: the frequent words at -2, -1, +1 and +2, in turn.

    The last two contexts stand for the ends of a sentence and for any rarer word.
    """
    breaks = np.repeat(np.arange(len(text.sentences) - 1), np.diff(text.sentences))
    stream = np.full(len(text.words) + 2 * len(text.sentences), -1, np.int64)
    stream[np.arange(len(text.words)) + 2 * breaks] = text.words
    context = np.where(stream < 0, _CONTEXTS, np.minimum(stream, _CONTEXTS + 1))
    context[(stream >= 0) & (stream == _CONTEXTS)] = _CONTEXTS + 1
    cells, counts = [], []
    for block, offset in enumerate((-2, -1, 1, 2)):
        word = stream[max(0, -offset) : len(stream) - max(0, offset)]
        beside = context[max(0, offset) : len(stream) - max(0, -offset)]
        known = (word >= 0) & (word < size)
        cell = word[known] * (4 * columns) + block * columns + beside[known]
        cell, count = np.unique(cell, return_counts=True)
        cells.append(cell)
        counts.append(count)
    cell = np.concatenate(cells)
    order = np.argsort(cell, kind="stable")
    cell, total = cell[order], np.concatenate(counts)[order].astype(np.float64)
    return cell // (4 * columns), cell % (4 * columns), total


def _svd(
    matrix: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]],
    columns: int,
    seed: int,
) -> NDArray[np.float32]:
    """The rows' first left singular vectors × √σ, each row of length 1.

    Randomised, after Halko, Martinsson and Tropp (2011), algorithm 4.4.
    """
    starts, column, value = matrix
    width = _DIMENSIONS + _OVERSAMPLED
    basis = np.random.default_rng(seed).standard_normal((columns, width)).astype(np.float32)
    left = np.zeros((len(starts) - 1, width), np.float32)
    right = np.zeros((columns, width), np.float32)
    for _ in range(_POWER_ITERATIONS):
        _multiply(starts, column, value, basis, left)
        left = np.linalg.qr(left)[0]
        _multiply_transposed(starts, column, value, left, right)
        basis = np.linalg.qr(right)[0]
    _multiply(starts, column, value, basis, left)
    u, sigma, _ = np.linalg.svd(left, full_matrices=False)
    vectors: NDArray[np.float32] = u[:, :_DIMENSIONS] * np.sqrt(sigma[:_DIMENSIONS])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    return vectors


@njit(cache=True)
def _multiply(
    starts: NDArray[np.int64],
    columns: NDArray[np.int64],
    values: NDArray[np.float32],
    by: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    for row in range(len(starts) - 1):
        out[row] = 0
        for k in range(starts[row], starts[row + 1]):
            for j in range(by.shape[1]):
                out[row, j] += values[k] * by[columns[k], j]


@njit(cache=True)
def _multiply_transposed(
    starts: NDArray[np.int64],
    columns: NDArray[np.int64],
    values: NDArray[np.float32],
    by: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    out[:] = 0
    for row in range(len(starts) - 1):
        for k in range(starts[row], starts[row + 1]):
            for j in range(by.shape[1]):
                out[columns[k], j] += values[k] * by[row, j]


def _k_means(
    vectors: NDArray[np.float32], weight: NDArray[np.float32], size: int, seed: int
) -> NDArray[np.int64]:
    """The cluster of each vector by cosine, begun from vectors of frequent words."""
    generator = np.random.default_rng(seed)
    size = min(size, len(vectors))
    begin = generator.choice(min(len(vectors), 20_000), size, replace=False)
    centres = vectors[begin].copy()
    nearest = np.zeros(len(vectors), np.int64)
    for _ in range(_ROUNDS):
        for start in range(0, len(vectors), 4096):
            nearest[start : start + 4096] = (vectors[start : start + 4096] @ centres.T).argmax(1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, vectors * weight[:, None])
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        spare = vectors[generator.choice(len(vectors), size)]
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), spare)
    return nearest
