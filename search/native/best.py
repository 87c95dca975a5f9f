"""The best of the hits: which way to score them is the quickest, and the first few of them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from search.native import by_blocks, one_word, pruned, scoring, windows
from search.native.bitmaps import Documents
from search.native.gathered import Gathered
from search.native.hits import Part
from search.native.snapshot import Snapshot, View

Best = tuple[Documents, NDArray[np.float32]]
"""Documents and their scores, the best first, of equal ones the later document first."""

LOOK_UP_COST = 12
"""Looking a document's posting up takes about as long as adding up this many postings in a row:
measured 9 to 15 on lists of 1,000 to 200,000 documents."""

TRY_COST = 9
"""The same for the documents of the words that are tried first: measured 3, as they follow each
other; but trying may be in vain, and pruning takes half as long as adding up. With 12 some
questions take a fifth longer, with 6 all of them together 3 of 100."""

DOCUMENTS_A_POSTING = 8
"""Clearing and scanning this many documents' scores takes about as long as adding a posting."""

DOCUMENTS_PASSED_OVER = 75
"""Pruning is quicker than adding up where this many documents have more than four postings and one
of each word, as passing documents over takes time too: measured with 125 questions of two to five
words on 300,000 articles."""

MOST_KEPT_SORTED = 256
"""More hits than these are sorted as a whole instead of kept in order while they are found."""


def best_of_leaves(  # noqa: PLR0913 - where, what, and which part of it
    snapshot: Snapshot,
    view: View,
    found: Gathered,
    hits: Part,
    most: int,
    after: tuple[float, int],
) -> Best:
    """The best `most` of the hits by what scores in a plan, found by the cheapest of five roads.

    after: only what is scored less than the first, or equal and before the second
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
    of_words = snapshot.highest, *arrays[:2], *arrays[4:]
    best: Best
    first = segment.term_lists.first_posting
    words, postings = len(found.numbers), _postings(first, found.numbers)
    dense = postings + segment.articles // DOCUMENTS_A_POSTING
    if most > MOST_KEPT_SORTED:
        return _best_looked_up(hits, arrays, most, after)
    if words == 1 and found.required and not found.documents and count * LOOK_UP_COST > postings:
        best = one_word.best_of_word(bits, *of_words, most, *after)
        return best
    if words > 1 and not found.documents:
        numbers, bound = found.decisive
        tried = _postings(first, numbers)
        if tried < count and tried * words * TRY_COST < dense:
            best = scoring.best_with_any(bits, numbers, *arrays, most, *after)
            if len(best[0]) == most and best[1][-1] > bound * windows.ROUNDING:
                return best
    if count * words * LOOK_UP_COST <= dense:
        return _best_looked_up(hits, arrays, most, after)
    crowded = postings * DOCUMENTS_PASSED_OVER > segment.articles * (words + 4)
    if crowded and words <= pruned.MOST_WORDS and found.words_alone():
        best = pruned.best_by_limits(bits, *of_words, most, *after)
    else:
        best = by_blocks.best_by_blocks(bits, *arrays, most, *after)
    return best


def _best_looked_up(
    hits: Part, arrays: tuple[object, ...], most: int, after: tuple[float, int]
) -> Best:
    """The best of all hits looked up; arrays: as scoring.score_documents takes them."""
    scores = scoring.score_documents(hits.documents, *arrays)
    return best_of_scored(hits.documents, scores, most, after)


def _postings(first: NDArray[np.uint32], numbers: Iterable[int]) -> int:
    """How many postings some lists have."""
    return sum([int(first[number + 1]) - int(first[number]) for number in numbers])


def best_of_scored(
    documents: Documents,
    scores: NDArray[np.float32],
    most: int,
    after: tuple[float, int],
) -> Best:
    """The best `most` of scored documents; see best_of_leaves."""
    if most <= MOST_KEPT_SORTED:
        best: Best = scoring.best_of(documents, scores, most, *after)
        return best
    inside = (scores < after[0]) | ((scores == after[0]) & (documents < after[1]))
    documents, scores = documents[inside], scores[inside]
    order = np.lexsort((-documents.astype(np.int64), -scores))[:most]
    return documents[order], scores[order]
