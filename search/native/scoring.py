"""Kernels that find the best scored documents: by looking up, or by blocks."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.bits import highest_bit
from index.native.lists import BLOCK, DENSE_FROM, WORDS_OF_BLOCK, Lists
from index.native.postings import ONCE_IN_BODY, Occurrences, Terms, code_of, others_before
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


@kernel
def best_by_blocks(  # noqa: PLR0913  (arrays in, arrays out)
    hits: Bitmap,
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
    """The best scored hits, found by adding up all postings block by block: for many hits.

    Parameters as for score_documents and best_of, and the same result as both together. Blocks
    and documents are gone through from the last one, so that equal scores need no comparison.
    """
    lists, occurrences = Lists(*terms[0]), Occurrences(*terms[1])
    best = np.empty(most, np.uint32)
    best_scores = np.empty(most, np.float32)
    n = 0
    scores = np.full(BLOCK, constant, np.float32)
    places = ends_of_leaves(lists, occurrences, leaves)
    extra_ends = extras.first[1:].copy()
    for block in range(len(hits) // WORDS_OF_BLOCK - 1, -1, -1):
        base = block * WORDS_OF_BLOCK
        for leaf in range(len(leaves.number)):
            container = places[leaf, 0] - 1
            if container < lists.first_container[leaves.number[leaf]]:
                continue
            if lists.container_block[container] != block:
                continue
            _add_container(
                scores,
                lengths[block * BLOCK : (block + 1) * BLOCK],
                lists,
                occurrences,
                leaves,
                leaf,
                places,
                masks,
                base,
                saturations[leaves.saturation[leaf]],
            )
        _add_extras(scores, extras, extra_ends, block * BLOCK)
        bits = hits[base : base + WORDS_OF_BLOCK]
        n = keep_highest(bits, scores, block * BLOCK, best, best_scores, n, below, before)
        scores[:] = constant
    return best[:n], best_scores[:n]


@inner_kernel
def _add_extras(
    scores: NDArray[np.float32], extras: Extras, ends: NDArray[np.int64], first: int
) -> None:
    """Add what is known of the documents from `first` on to their scores. In place.

    ends: where each run ends, without what was added before; of what is left afterwards
    """
    for run in range(len(ends)):
        e = ends[run]
        while e > extras.first[run] and extras.documents[e - 1] >= first:
            e -= 1
            scores[extras.documents[e] - first] += extras.scores[e]
        ends[run] = e


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


@kernel
def ends_of_leaves(lists: Lists, occurrences: Occurrences, leaves: Leaves) -> NDArray[np.int64]:
    """Where each leaf's list ends.

    Array of int64, shape (leaves, 5): behind its last container, posting, document in a sparse
    container, dense container and stored code.
    """
    places = np.empty((len(leaves.number), 5), np.int64)
    for leaf in range(len(leaves.number)):
        i = leaves.number[leaf]
        places[leaf, 0] = lists.first_container[i + 1]
        places[leaf, 1] = lists.first_posting[i + 1]
        places[leaf, 2] = lists.first_sparse[i + 1]
        places[leaf, 3] = lists.first_dense[i + 1]
        places[leaf, 4] = others_before(occurrences.other, occurrences.other_rank, places[leaf, 1])
    return places


@kernel
def _add_container(  # noqa: PLR0913  (arrays in, arrays out)
    scores: NDArray[np.float32],
    lengths: NDArray[np.uint8],
    lists: Lists,
    occurrences: Occurrences,
    leaves: Leaves,
    leaf: int,
    places: NDArray[np.int64],
    masks: NDArray[np.uint64],
    base: int,
    saturation: NDArray[np.float32],
) -> None:
    """Add the scores of a leaf's last container that is left, from its end. In place."""
    container = places[leaf, 0] - 1
    count = np.int64(lists.container_count[container]) + 1
    weight = leaves.weight[leaf]
    mask = leaves.mask[leaf]
    posting = places[leaf, 1]
    stored = places[leaf, 4]
    once = saturation[ONCE_IN_BODY * CODES : (ONCE_IN_BODY + 1) * CODES]
    if count < DENSE_FROM:
        s = places[leaf, 2]
        for back in range(1, count + 1):
            within = np.int64(lists.sparse[s - back])
            posting -= 1
            if (occurrences.other[posting >> 6] >> np.uint64(posting & 63)) & np.uint64(1):
                stored -= 1
                code = np.int64(occurrences.code[stored])
                score = weight * saturation[code * CODES + np.int64(lengths[within])]
            else:
                score = weight * once[lengths[within]]
            if mask >= 0:
                word = masks[mask, base + (within >> 6)]
                score *= np.float32((word >> np.uint64(within & 63)) & np.uint64(1))
            scores[within] += score
        places[leaf, 2] -= count
    else:
        d = (places[leaf, 3] - 1) * WORDS_OF_BLOCK
        for w in range(WORDS_OF_BLOCK - 1, -1, -1):
            word = lists.dense[d + w]
            while word:
                bit = highest_bit(word)
                word ^= np.uint64(1) << np.uint64(bit)
                within = w * 64 + bit
                posting -= 1
                if (occurrences.other[posting >> 6] >> np.uint64(posting & 63)) & np.uint64(1):
                    stored -= 1
                    code = np.int64(occurrences.code[stored])
                    score = weight * saturation[code * CODES + np.int64(lengths[within])]
                else:
                    score = weight * once[lengths[within]]
                if mask >= 0:
                    score *= np.float32((masks[mask, base + w] >> np.uint64(bit)) & np.uint64(1))
                scores[within] += score
        places[leaf, 3] -= 1
    places[leaf, 0] = container
    places[leaf, 1] = posting
    places[leaf, 4] = stored
