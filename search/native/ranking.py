"""The best of the hits of one segment: what scores in a plan is gathered, and the hits are ranked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.native import bitmaps, postings
from search.native.best import best_of_leaves, best_of_scored
from search.native.bitmaps import Bitmap, Documents
from search.native.gathered import NO_MASK, Gathered
from search.native.hits import Part
from search.native.matching import Matching
from search.native.snapshot import FIELD_TABLE
from search.plan import AmongArticles, AnyWord, Boolean, HasValue, Phrase, Plan, Word

_MOST_NAMED = 300
"""Words, values and articles that a remembered plan names. A pattern becomes up to 256 words, but
what articles no longer say may become any number of articles, whose ids would fill memory."""


def best(
    matching: Matching, plan: Plan, hits: Part, most: int, after: tuple[float, int]
) -> tuple[Documents, NDArray[np.float32]]:
    """The best `most` of the hits with their scores, the later ones first among equals.

    after: only what is scored less than the first, or equal and before the second
    """
    if hits.scores is not None:
        return best_of_scored(hits.documents, hits.scores, most, after)
    found = _gathered(matching, plan)
    if not found.numbers and not found.documents:
        below, before = after
        constant = np.float32(found.constant)
        every = len(hits.bits) * 64
        end = every if constant < below else before if constant == below else 0
        documents = bitmaps.last_documents(hits.bits, end, most)
        return documents, np.full(len(documents), constant)
    return best_of_leaves(matching.snapshot, matching.view, found, hits, most, after)


def _gathered(matching: Matching, plan: Plan) -> Gathered:
    """What scores in a plan; remembered where it is words alone, wherever they are."""
    known = matching.view.gathered.get(plan)
    if known is not None:
        return known
    gathering = _Gathering(matching)
    gathering.gather(plan, 1.0, NO_MASK, required=True)
    found = gathering.found
    if found.words_alone() and _named(plan) <= _MOST_NAMED:
        matching.view.gathered.put(plan, found)
    return found


def _named(plan: Plan) -> int:
    """How many words, values and articles a plan names."""
    match plan:
        case Boolean():
            return sum(map(_named, (*plan.must, *plan.should, *plan.filter, *plan.must_not)))
        case AnyWord(names) | Phrase(names) | HasValue(values=names) | AmongArticles(names):
            return len(names)
        case _:
            return 1


class _Gathering:
    """Goes through a plan and gathers what scores in it."""

    def __init__(self, matching: Matching) -> None:
        self._matching = matching
        self.found = Gathered()

    def gather(self, node: Plan, boost: float, mask: int, *, required: bool) -> None:
        """Gather what scores in a node.

        mask: the row of the masks a document must be in for the node to count, or NO_MASK
        required: every hit matches the node
        """
        found, matching = self.found, self._matching
        match node:
            case Word(stem, where, own):
                number = matching.view.term(stem)
                if number >= 0:
                    found.required &= required
                    found.numbers.append(number)
                    found.weights.append(boost * own * matching.snapshot.idf(stem, where))
                    found.tables.append(FIELD_TABLE[where])
                    found.leaf_masks.append(mask)
            case AnyWord(boost=own):
                if required:
                    found.constant += boost * own
                else:
                    bits = self._masked(matching.matches(node), mask)
                    documents = bitmaps.documents_of(bits, int(bitmaps.count_bits(bits)))
                    found.documents.append(documents)
                    found.scores.append(np.full(len(documents), boost * own, np.float32))
            case Phrase():
                self._gather_phrase(node, boost, mask)
            case Boolean():
                self._gather_boolean(node, boost, mask, required=required)
            case _:
                pass

    def _gather_boolean(self, node: Boolean, boost: float, mask: int, *, required: bool) -> None:
        boost *= node.boost
        alternatives = node.should and not (node.must or node.filter or node.must_not)
        if not required and not alternatives:
            masks = self.found.masks
            masks.append(self._masked(self._matching.matches(node), mask))
            mask = len(masks) - 1
        for child in node.must:
            self.gather(child, boost, mask, required=required)
        only = required and alternatives and len(node.should) == 1
        for child in node.should:
            self.gather(child, boost, mask, required=bool(only))

    def _gather_phrase(self, node: Phrase, boost: float, mask: int) -> None:
        found, matching = self.found, self._matching
        documents, codes = matching.phrase(node)
        if mask != NO_MASK:
            row = found.masks[mask]
            inside = (row[documents >> 6] >> (documents & 63).astype(np.uint64)) & np.uint64(1)
            documents, codes = documents[inside > 0], codes[inside > 0]
        table = matching.snapshot.saturations[FIELD_TABLE[node.field]]
        lengths = matching.view.segment.length_codes[documents]
        saturated = table[codes.astype(np.int64) * postings.CODES + lengths]
        found.documents.append(documents)
        found.scores.append(saturated * np.float32(boost * node.boost * matching.rarity(node)))

    def _masked(self, bits: Bitmap, mask: int) -> Bitmap:
        return bits if mask == NO_MASK else bits & self.found.masks[mask]
