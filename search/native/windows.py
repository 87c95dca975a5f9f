"""Scoring what there is in 4,096 documents of a block, all of it or only what can be among the best."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.bits import popcount
from index.native.lists import WORDS_OF_BLOCK
from index.native.postings import Occurrences, code_of, others_before
from search.native.bitmaps import Documents
from search.native.opened import Block
from search.native.postings import CODES
from search.native.scoring import Leaves, insert, keep_highest

WINDOW = 64
"""Words of a bitmap that are a window. 32 and 128 take as long."""

ROUNDING = np.float32(1.0001)
"""More than what float32 loses when a few scores are added up."""

_WRITTEN_FIRST = 2
"""Candidates of 64 documents that are written down without asking whether there are as many."""

_1 = np.uint64(1)
_6 = np.uint64(6)
_63 = np.uint64(63)


class Scoring(NamedTuple):
    """How documents are scored, and the best ones so far.

    highest: array of float32, shape (words,), the most a word adds to a score
    limits: array of float32, shape (words, 3 · 256): the most it adds to that of a document of
        some length that does not have it, has it once in the body, has it otherwise
    Others: see scoring.Leaves, scoring.score_documents and scoring.best_of
    """

    occurrences: Occurrences
    leaves: Leaves
    highest: NDArray[np.float32]
    limits: NDArray[np.float32]
    saturations: NDArray[np.float32]
    lengths: NDArray[np.uint8]
    constant: float
    below: float
    before: int
    best: Documents
    best_scores: NDArray[np.float32]


class Window(NamedTuple):
    """4,096 documents of a block, and what is found out about them.

    candidates: array of uint64, shape (64,), those that could be among the best
    having: array of uint64, of the same shape, those that have all of some words
    scores: array of float32, shape (4,096,), the constant but while documents are added up
    places, limits: arrays of uint16 and float32, each candidate's place and the most it can score
    """

    candidates: NDArray[np.uint64]
    having: NDArray[np.uint64]
    scores: NDArray[np.float32]
    places: NDArray[np.uint16]
    limits: NDArray[np.float32]


@kernel
def new_window(constant: float) -> Window:
    """One in which nothing has been looked at."""
    return Window(
        np.empty(WINDOW, np.uint64),
        np.empty(WINDOW, np.uint64),
        np.full(WINDOW * 64, constant, np.float32),
        np.empty((WINDOW + 1) * 64, np.uint16),
        np.empty(WINDOW * 64, np.float32),
    )


@inner_kernel
def add_up(window: Window, scoring: Scoring, block: Block, at: int) -> None:
    """Add up the scores of all documents of a window, word by word. In place.

    at: where the window begins in a bitmap
    """
    other, scores = scoring.occurrences.other, window.scores
    lengths = scoring.lengths[at * 64 :]
    first = at % WORDS_OF_BLOCK
    for word in range(len(block.first)):
        table = scoring.saturations[scoring.leaves.saturation[word]]
        once = scoring.limits[word][CODES : 2 * CODES]
        weight = scoring.leaves.weight[word]
        posting = np.int64(-1)
        stored = 0
        for w in range(WINDOW):
            bits = block.present[word][first + w]
            if bits and posting < 0:
                posting = block.first[word] + np.int64(block.rank[word][first + w])
                stored = others_before(other, scoring.occurrences.other_rank, posting)
            while bits:
                lowest = bits & (~bits + _1)
                bits ^= lowest
                within = np.uint64(w * 64 + popcount(lowest - _1))
                if (other[posting >> 6] >> np.uint64(posting & 63)) & _1:
                    code = np.uint64(scoring.occurrences.code[stored])
                    stored += 1
                    scores[within] += weight * table[code * np.uint64(CODES) + lengths[within]]
                else:
                    scores[within] += once[lengths[within]]
                posting += 1


@inner_kernel
def keep_added(window: Window, scoring: Scoring, n: int, at: int) -> int:
    """Put the candidates that are among the best there, and clear the scores added up. In place.

    at: as for add_up; returns how many best there are
    """
    n = keep_highest(
        window.candidates,
        window.scores,
        at * 64,
        scoring.best,
        scoring.best_scores,
        n,
        scoring.below,
        scoring.before,
    )
    window.scores[:] = scoring.constant
    return n


@inner_kernel
def keep_looked_up(window: Window, scoring: Scoring, n: int, block: Block, at: int) -> int:
    """Put the candidates that are among the best there, looking up those that can be. In place.

    at: as for add_up; n: as many as are wanted; returns it
    """
    found = _write_places(window)
    _limit(window, found, scoring, block, at)
    for back in range(1, found + 1):
        j = np.uint64(found - back)
        if window.limits[j] * ROUNDING > scoring.best_scores[n - 1]:
            document = at * 64 + np.int64(window.places[j])
            n = _keep(scoring, n, document, _score(scoring, block, document))
    return n


@inner_kernel
def _write_places(window: Window) -> int:
    """Write the places of the candidates down, ascending; returns how many. In place.

    Mostly there is one or two of 64: so two are written anyway, and what was too much is written
    over, as the processor guesses wrong how many there are.
    """
    places = window.places
    found = 0
    for w in range(WINDOW):
        bits = window.candidates[w]
        end = found + popcount(bits)
        at = found
        for _ in range(_WRITTEN_FIRST):
            lowest = bits & (~bits + _1)
            places[np.uint64(at)] = w * 64 + popcount(lowest - _1)
            bits ^= lowest
            at += 1
        while at < end:
            lowest = bits & (~bits + _1)
            places[np.uint64(at)] = w * 64 + popcount(lowest - _1)
            bits ^= lowest
            at += 1
        found = end
    return found


@inner_kernel
def _limit(window: Window, found: int, scoring: Scoring, block: Block, at: int) -> None:
    """Find the most each candidate can score, without a branch in the loop. In place."""
    other, places, limits = scoring.occurrences.other, window.places, window.limits
    lengths = scoring.lengths[at * 64 :]
    first = at % WORDS_OF_BLOCK
    for j in range(np.uint64(found)):
        limits[j] = scoring.constant
    for word in range(len(block.first)):
        present, rank = block.present[word][first:], block.rank[word][first:]
        added = scoring.limits[word]
        first_posting = np.uint64(block.first[word])
        for j in range(np.uint64(found)):
            place = np.uint64(places[j])
            bits, bit = present[place >> _6], place & _63
            has = (bits >> bit) & _1
            before = np.uint64(rank[place >> _6]) + np.uint64(popcount(bits & ((_1 << bit) - _1)))
            posting = has * (first_posting + before)
            more = (other[posting >> _6] >> (posting & _63)) & _1
            limits[j] += added[has * (_1 + more) * np.uint64(CODES) + lengths[place]]


@inner_kernel
def _score(scoring: Scoring, block: Block, document: int) -> np.float32:
    """The score of a document of the block, its words added in the order of the leaves."""
    occurrences, leaves = scoring.occurrences, scoring.leaves
    w, bit = (document >> 6) % WORDS_OF_BLOCK, np.uint64(document & 63)
    length = np.int64(scoring.lengths[document])
    score = np.float32(scoring.constant)
    for word in range(len(block.first)):
        bits = block.present[word][w]
        if (bits >> bit) & _1:
            before = np.int64(block.rank[word][w]) + popcount(bits & ((_1 << bit) - _1))
            posting = block.first[word] + before
            code = code_of(occurrences.other, occurrences.other_rank, occurrences.code, posting)
            saturated = scoring.saturations[leaves.saturation[word], code * CODES + length]
            score += leaves.weight[word] * saturated
    return score


@inner_kernel
def _keep(scoring: Scoring, n: int, document: int, score: float) -> int:
    """Put a document among the best if it is; returns how many there are."""
    if score < scoring.below or (score == scoring.below and document < scoring.before):
        n = insert(scoring.best, scoring.best_scores, n, document, score)
    return n
