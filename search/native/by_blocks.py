"""A kernel that finds the best articles by adding up all postings, block by block."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.bits import highest_bit
from index.native.lists import BLOCK, DENSE_FROM, WORDS_OF_BLOCK, Lists
from index.native.postings import ONCE_IN_BODY, Occurrences, Terms, others_before
from search.native.bitmaps import Bitmap
from search.native.postings import CODES
from search.native.scoring import Extras, Leaves, keep_highest


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

    Parameters as for scoring.score_documents and scoring.best_of, and the same result as both
    together. Blocks and documents are gone through from the last one, so that equal scores need no
    comparison.
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
