"""Kernels that score documents by looking them up, and keep the best of scored ones."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.bits import highest_bit
from index.native.lists import Lists
from index.native.postings import Occurrences, Terms, code_of
from search.native.bitmaps import Bitmap, Documents
from search.native.few import documents_of
from search.native.postings import CODES, locate


class Leaves(NamedTuple):
    """The words of a plan that score, in flat arrays of one shape.

    number: array of int64, the word's list in the segment
    weight: array of float32, idf · boost
    saturation: array of int64, which table of `saturations` applies
    mask: array of int64, which row of the masks a document must be in, or −1 for none
    """

    number: NDArray[np.int64]
    weight: NDArray[np.float32]
    saturation: NDArray[np.int64]
    mask: NDArray[np.int64]


class Extras(NamedTuple):
    """Scores that are known by document: those of phrases and of words matched by a pattern.

    documents: array of uint32, several ascending runs one after the other
    scores: array of float32, of the same shape
    first: array of int64, shape (runs + 1,), where each run begins
    """

    documents: Documents
    scores: NDArray[np.float32]
    first: NDArray[np.int64]


@kernel
def score_documents(  # noqa: PLR0913  (arrays in, arrays out)
    documents: Documents,
    terms: Terms,
    leaves: Leaves,
    extras: Extras,
    masks: NDArray[np.uint64],
    saturations: NDArray[np.float32],
    lengths: NDArray[np.uint8],
    constant: float,
) -> NDArray[np.float32]:
    """The score of each document, looked up in the lists: for few documents.

    masks: array of uint64, shape (masks, words of a bitmap)
    saturations: array of float32, shape (tables, 256 · 256), by code · 256 + length code
    lengths: array of uint8, the length code of each document of the segment
    constant: what every document gets
    """
    lists, occurrences = Lists(*terms[0]), Occurrences(*terms[1])
    scores = np.full(len(documents), constant, np.float32)
    postings = np.empty(len(documents), np.int64)
    other, rank, codes = occurrences.other, occurrences.other_rank, occurrences.code
    for leaf in range(len(leaves.number)):
        locate(lists, leaves.number[leaf], documents, postings)
        mask = leaves.mask[leaf]
        for j in range(len(documents)):
            document = np.int64(documents[j])
            if postings[j] < 0:
                continue
            if mask >= 0 and not (masks[mask, document >> 6] >> np.uint64(document & 63)) & 1:
                continue
            code = code_of(other, rank, codes, postings[j])
            saturated = saturations[
                leaves.saturation[leaf], code * CODES + np.int64(lengths[document])
            ]
            scores[j] += leaves.weight[leaf] * saturated
    for run in range(len(extras.first) - 1):
        j = 0
        for e in range(extras.first[run], extras.first[run + 1]):
            while j < len(documents) and documents[j] < extras.documents[e]:
                j += 1
            if j < len(documents) and documents[j] == extras.documents[e]:
                scores[j] += extras.scores[e]
    return scores


@kernel
def best_of(
    documents: Documents,
    scores: NDArray[np.float32],
    most: int,
    below: float,
    before: int,
) -> Any:
    """The best scored documents, at most `most`, the later one first when scores are equal.

    Only those with a score less than `below`, or equal to it and a document less than `before`.
    Returns documents (uint32) and scores (float32).
    """
    best = np.empty(most, np.uint32)
    best_scores = np.empty(most, np.float32)
    n = 0
    for back in range(len(documents)):
        j = len(documents) - 1 - back
        document = documents[j]
        if n == most and (n == 0 or scores[j] <= best_scores[n - 1]):
            continue
        if scores[j] < below or (scores[j] == below and document < before):
            n = insert(best, best_scores, n, document, scores[j])
    return best[:n], best_scores[:n]


@kernel
def best_with_any(  # noqa: PLR0913  (arrays in, arrays out)
    hits: Bitmap,
    numbers: NDArray[np.int64],
    terms: Terms,
    leaves: Leaves,
    extras: Extras,
    masks: NDArray[np.uint64],
    saturations: NDArray[np.float32],
    lengths: NDArray[np.uint8],
    constant: float,
    most: int,
    below: float,
    before: int,
) -> Any:
    """The best scored of those hits that are in at least one of some lists.

    numbers: array of int64, the lists; else as score_documents and best_of, one after the other
    """
    documents = documents_of(Lists(*terms[0]), numbers, hits)
    scores = score_documents(
        documents, terms, leaves, extras, masks, saturations, lengths, constant
    )
    return best_of(documents, scores, most, below, before)


@inner_kernel
def keep_highest(  # noqa: PLR0913  (arrays in, arrays out)
    bits: Bitmap,
    scores: NDArray[np.float32],
    first: int,
    best: Documents,
    best_scores: NDArray[np.float32],
    n: int,
    below: float,
    before: int,
) -> int:
    """Put those of some documents whose bits are set and that are among the best there. In place.

    scores: array of float32, of these documents, 64 for each word; first: the first of them
    Returns how many best there are.
    """
    as_integers = scores.view(np.int32)
    for w in range(len(bits) - 1, -1, -1):
        word = bits[w]
        if not word:
            continue
        if n == len(best) and n > 0:
            # Floats of one sign are ordered like their bits, and integers compare faster; with
            # unsigned places numba knows that there are 64 and compares many at once.
            highest = np.int32(0)
            for within in range(np.uint64(w * 64), np.uint64(w * 64 + 64)):
                highest = max(highest, as_integers[within])
            if highest <= best_scores[n - 1 : n].view(np.int32)[0]:
                continue
        while word:
            bit = highest_bit(word)
            word ^= np.uint64(1) << np.uint64(bit)
            score = scores[w * 64 + bit]
            document = first + w * 64 + bit
            if score < below or (score == below and document < before):
                n = insert(best, best_scores, n, document, score)
    return n


@kernel
def insert(
    best: Documents, scores: NDArray[np.float32], n: int, document: int, score: float
) -> int:
    """Put a document into the n best, behind those of equal score; returns how many there are."""
    if n == len(best):
        if n == 0 or score <= scores[n - 1]:
            return n
        n -= 1
    at = n
    while at > 0 and scores[at - 1] < score:
        scores[at] = scores[at - 1]
        best[at] = best[at - 1]
        at -= 1
    scores[at] = score
    best[at] = document
    return n + 1
