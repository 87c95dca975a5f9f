"""The best of the hits: which way to score them is the quickest, and the first few of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.native import one_word, scoring
from search.native.bitmaps import Documents
from search.native.gathered import Gathered
from search.native.hits import Part
from search.native.snapshot import Snapshot, View

LOOK_UP_COST = 12
"""Looking a document's posting up takes about as long as adding up this many postings in a row:
measured 9 to 15 on lists of 1,000 to 200,000 documents."""

TRY_COST = 6
"""The same for the documents of the words that are tried first: measured 3, as they follow each
other; and trying may take half as long as adding up, because it may be in vain."""

ROUNDING = 1.0001
"""More than what float32 loses when a few scores are added up."""

DOCUMENTS_A_POSTING = 8
"""Clearing and scanning this many documents' scores takes about as long as adding a posting."""

MOST_KEPT_SORTED = 256
"""More hits than these are sorted as a whole instead of kept in order while they are found."""


def best_of_leaves(  # noqa: PLR0913 - where, what, and which part of it
    snapshot: Snapshot,
    view: View,
    found: Gathered,
    hits: Part,
    most: int,
    after: tuple[float, int],
) -> tuple[Documents, NDArray[np.float32]]:
    """The best `most` of the hits by what scores in a plan, found by the cheapest of four roads.

    after: only what is scored less than the first, or equal and before the second
    Returns documents and scores, the best first, of equal ones the later document first.
    """
    segment, bits, count = view.segment, hits.bits, hits.count
    arrays = (
        segment.term_postings,
        found.leaves,
        found.extras,
        found.mask_rows,
        snapshot.saturations,
        segment.length_codes,
        np.float32(found.constant),
    )
    first = segment.term_lists.first_posting
    postings = sum(int(first[number + 1]) - int(first[number]) for number in found.numbers)
    many = most > MOST_KEPT_SORTED
    one = found.required and len(found.numbers) == 1 and not found.documents
    if one and not many and count * LOOK_UP_COST > postings:
        best = one_word.best_of_word(bits, snapshot.highest, *arrays[:2], *arrays[4:], most, *after)
        return best[0], best[1]
    dense = postings + segment.articles // DOCUMENTS_A_POSTING
    if not many and len(found.numbers) > 1 and not found.documents:
        numbers, bound = found.decisive
        tried = sum(int(first[number + 1]) - int(first[number]) for number in numbers)
        if tried < count and tried * len(found.numbers) * TRY_COST < dense:
            best = scoring.best_with_any(bits, numbers, *arrays, most, *after)
            if len(best[0]) == most and best[1][-1] > bound * ROUNDING:
                return best[0], best[1]
    if not many and count * len(found.numbers) * LOOK_UP_COST > dense:
        best = scoring.best_by_blocks(bits, *arrays, most, *after)
        return best[0], best[1]
    scores = scoring.score_documents(hits.documents, *arrays)
    return best_of_scored(hits.documents, scores, most, after)


def best_of_scored(
    documents: Documents,
    scores: NDArray[np.float32],
    most: int,
    after: tuple[float, int],
) -> tuple[Documents, NDArray[np.float32]]:
    """The best `most` of scored documents; see best_of_leaves."""
    if most <= MOST_KEPT_SORTED:
        best = scoring.best_of(documents, scores, most, *after)
        return best[0], best[1]
    inside = (scores < after[0]) | ((scores == after[0]) & (documents < after[1]))
    documents, scores = documents[inside], scores[inside]
    order = np.lexsort((-documents.astype(np.int64), -scores))[:most]
    return documents[order], scores[order]
