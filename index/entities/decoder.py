"""Finds the likeliest labels: the linear-chain model's scores and Viterbi, as kernels.

Labels are those of the BILOU scheme (`labels`): the first, middle and last word of a name, a name
of one word, and O for the rest. Only words near capitals are decoded; all others are O.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.entities.shapes import MIXED
from index.entities.spans import Span, SpanType
from index.native.bits import prefetch

TYPES: tuple[SpanType, ...] = ("person", "place", "organisation", "other")
LABELS = 1 + 4 * len(TYPES)
O, B, I, L, U = range(5)  # noqa: E741 - the scheme's own letters
"""Label n > 0 is B, I, L or U (1 to 4) of type (n - 1) // 4."""

FORBIDDEN = np.float32(-1e4)

_GAP = 2
"""Words without a capital that may stand between two with one in one window."""

Numbers = NDArray[np.int32]
Offsets = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Weights = NDArray[np.int8]
Scores = NDArray[np.float32]


def part(label: int) -> int:
    """O, B, I, L or U."""
    return (label - 1) % 4 + 1 if label else O


def may_follow(label: int, after: int) -> bool:
    """Whether a label may stand after another."""
    if part(after) in (B, I):
        return part(label) in (I, L) and (label - 1) // 4 == (after - 1) // 4
    return part(label) in (O, B, U)


def predecessors() -> Numbers:
    """For each label those it may follow, -1 after the last."""
    table = np.full((LABELS, LABELS), -1, np.int32)
    for label in range(LABELS):
        allowed = [after for after in range(LABELS) if may_follow(label, after)]
        table[label, : len(allowed)] = allowed
    return table


@kernel
def windows(at: Offsets, sentences: Offsets, kinds: Bytes, found: Offsets, wanted: Bytes) -> int:
    """Fill in the start and end of each stretch worth decoding, mark its words as wanted.

    A stretch is a run of words with capitals, `_GAP` others between them at most, with the word
    before and the word after. Returns how many there are.
    """
    count = 0
    for s in range(len(sentences) - 1):
        start, end = sentences[s], sentences[s + 1]
        i = start
        while i < end:
            if kinds[at[i]] < MIXED:
                i += 1
                continue
            last = i
            ahead = i + 1
            while ahead < end and ahead - last <= _GAP + 1:
                if kinds[at[ahead]] >= MIXED:
                    last = ahead
                ahead += 1
            first, stop = max(start, i - 1), min(end, last + 2)
            if count and first < found[count - 1, 1]:
                found[count - 1, 1] = stop
            else:
                found[count, 0], found[count, 1] = first, stop
                count += 1
            wanted[first:stop] = 1
            i = last + 1
    return count


@kernel
def score_words(
    rows: Numbers, counts: tuple[int, int, int], weights: Weights, out: NDArray[np.int16]
) -> None:
    """Fill in what each word adds to the labels of its own and the four positions around it.

    out[word, offset]: offsets 0, -1, +1, -2, +2 of the word from the position, as in its rows.
    counts: how many rows a word has at distance 0, 1 and 2.
    """
    for w in range(len(rows)):
        if w + 1 < len(rows):
            _fetch(rows[w + 1], weights)
        at = 0
        for offset in range(5):
            out[w, offset, :] = 0
            for _ in range(counts[(offset + 1) // 2]):
                row = rows[w, at]
                at += 1
                if row >= 0:
                    for label in range(LABELS):
                        out[w, offset, label] += weights[row, label]


@inner_kernel
def _fetch(rows: Numbers, weights: Weights) -> None:
    """Have weights brought to the processor: they are far apart, and waited for one by one."""
    for row in rows:
        if row >= 0:
            prefetch(weights, np.int64(row) * LABELS)


@inner_kernel
def _fetch_stretch(  # noqa: PLR0913  (arrays in, arrays out)
    start: int,
    end: int,
    at: Offsets,
    words: NDArray[np.int16],
    places: Numbers,
    weights: Weights,
) -> None:
    """Have brought all that `_add_up` will want of a stretch."""
    for i in range(start, end):
        _fetch(places[i], weights)
        for offset in range(5):
            prefetch(words, (at[i] * 5 + offset) * LABELS)


@kernel
def _add_up(  # noqa: PLR0913  (arrays in, arrays out)
    i: int,
    sentence: tuple[int, int],
    at: Offsets,
    words: NDArray[np.int16],
    places: Numbers,
    weights: Weights,
    out: Numbers,
) -> None:
    """Fill in the sums of all weights that speak for each label at a position."""
    start, end = sentence
    here = words[at[i], 0]
    before, after = (
        words[at[i - 1] if i > start else 0, 1],
        words[at[i + 1] if i + 1 < end else 1, 2],
    )
    left, right = (
        words[at[i - 2] if i > start + 1 else 0, 3],
        words[at[i + 2] if i + 2 < end else 1, 4],
    )
    for label in range(LABELS):
        out[label] = here[label] + before[label] + after[label] + left[label] + right[label]
    for f in range(places.shape[1]):
        row = places[i, f]
        if row >= 0:
            for label in range(LABELS):
                out[label] += weights[row, label]


@kernel
def _step(
    previous: Scores, transitions: Scores, before: Numbers, scores: Scores, back: Bytes
) -> None:
    """Add to each label's score that of the best label before it, and remember which that is."""
    for label in range(LABELS):
        best, which = np.float32(-1e30), np.int32(0)
        for k in range(LABELS):
            candidate = before[label, k]
            if candidate < 0:
                break
            value = previous[candidate] + transitions[candidate, label]
            if value > best:
                best, which = value, candidate
        scores[label] += best
        back[label] = which


@kernel
def decode(  # noqa: PLR0913  (arrays in, arrays out)
    at: Offsets,
    sentences: Offsets,
    found: Offsets,
    words: NDArray[np.int16],
    places: Numbers,
    weights: Weights,
    scale: np.float32,
    chain: tuple[Scores, Scores, Numbers],
    out: Bytes,
) -> None:
    """Fill in the labels of the positions in the stretches found; leave the others alone.

    words: as `score_words` fills them in; places: rows of the positions' surroundings.
    scale: what a weight of 1 stands for. chain: transitions[from, to], scores of the first
    label, predecessors.
    """
    transitions, first, before = chain
    longest = 0
    for w in range(len(found)):
        longest = max(longest, found[w, 1] - found[w, 0])
    scores = np.zeros((longest, LABELS), np.float32)
    back = np.zeros((longest, LABELS), np.uint8)
    sums = np.zeros(LABELS, np.int32)
    s = 0
    for w in range(len(found)):
        start, end = found[w, 0], found[w, 1]
        if w + 1 < len(found):
            _fetch_stretch(found[w + 1, 0], found[w + 1, 1], at, words, places, weights)
        while sentences[s + 1] <= start:
            s += 1
        for i in range(start, end):
            sentence = (sentences[s], sentences[s + 1])
            _add_up(i, sentence, at, words, places, weights, sums)
            for label in range(LABELS):
                scores[i - start, label] = np.float32(sums[label]) * scale
            if i > start:
                _step(
                    scores[i - start - 1], transitions, before, scores[i - start], back[i - start]
                )
            elif i == sentences[s]:
                scores[0] += first
            else:
                scores[0] += transitions[O]
        best = np.int64(np.argmax(scores[end - start - 1]))
        for i in range(end - 1, start - 1, -1):
            out[i] = best
            best = np.int64(back[i - start, best])


def spans(labels: Bytes, texts: Offsets) -> list[list[Span]]:
    """The names that the labels spell in each text, in order, counted from its first word.

    texts: where each begins, and the end. A first word without a last one (cut off by the end of
    a stretch) ends where its run ends.
    """
    names = np.empty((3, len(labels)), np.int64)
    names = names[:, : find_names(labels, names)]
    first = np.searchsorted(names[0], texts)
    names[:2] -= np.repeat(texts[:-1], np.diff(first))
    starts, ends, types = names.tolist()
    found = list(map(Span, starts, ends, map(TYPES.__getitem__, types)))
    return [found[a:b] for a, b in pairwise(first.tolist())]


@kernel
def find_names(labels: Bytes, out: Offsets) -> int:
    """Fill in the start, end and number of the type of each name, see `spans`; how many there are.

    out: three rows as long as the labels.
    """
    count = 0
    open_at = -1
    for i in range(len(labels)):
        if labels[i] == O:
            continue
        kind, place = divmod(labels[i] - 1, 4)
        place += 1
        if place in (B, U):
            open_at = i
        if open_at < 0:
            continue
        if not (count and out[0, count - 1] == open_at and place in (I, L)):
            count += 1
        out[0, count - 1], out[1, count - 1], out[2, count - 1] = open_at, i + 1, kind
        if place in (L, U):
            open_at = -1
    return count
