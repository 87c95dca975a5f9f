"""A plan on one segment: first which documents match, then what scores they get."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.native import bitmaps, few, phrases, postings
from search.native.best import best_of_leaves, best_of_scored
from search.native.bitmaps import Bitmap, Documents
from search.native.gathered import NO_MASK, Gathered
from search.native.hits import Part
from search.native.snapshot import FIELD_TABLE, Snapshot, View
from search.plan import (
    AmongArticles,
    AnyWord,
    Boolean,
    Everything,
    HasValue,
    Nothing,
    Phrase,
    Plan,
    PublishedBetween,
    Word,
    plain_words,
)


class Execution:
    """Runs one plan on one view."""

    def __init__(self, snapshot: Snapshot, view: View, within: Bitmap | None = None) -> None:
        """`within`: documents outside it are not asked for; phrases are not looked for there."""
        self._snapshot = snapshot
        self._view = view
        self._within = within
        self._phrases: dict[int, tuple[Documents, NDArray[np.uint8]]] = {}

    def live_matches(self, plan: Plan) -> Part:
        """The documents that match and are not deleted."""
        if isinstance(plan, Everything):
            return Part(self._view, self._view.live)
        scored = self._scored_matches(plan)
        if scored is not None:
            return scored
        bits = self.matches(plan)
        if not self._view.all_live or isinstance(plan, Boolean):
            bits &= self._view.live
        return Part(self._view, bits)

    def _scored_matches(self, plan: Plan) -> Part | None:
        """The same, scored on the way, for a phrase or words of few articles; else None."""
        if isinstance(plan, Phrase):
            return self._phrase_matches(plan)
        words, every = plain_words(plan)
        boost = plan.boost if isinstance(plan, Boolean) else 1.0
        sizes, numbers, weights = [], [], []
        for word in words:
            number = self._view.term(word.stem)
            if number >= 0:
                sizes.append(self._view.postings(number))
                numbers.append(number)
                weights.append(boost * word.boost * self._snapshot.idf(word.stem, None))
            elif every:
                return None
        if not sizes or (min(sizes) if every else sum(sizes)) > few.FEW:
            return None
        segment = self._view.segment
        documents, scores = few.match_and_score(
            segment.term_postings,
            np.array(numbers, np.int64),
            np.array(weights, np.float32),
            sizes.index(min(sizes)) if every else -1,
            self._snapshot.saturations[FIELD_TABLE[None]],
            segment.length_codes,
            self._view.live if self._within is None else self._within,
        )
        return Part(self._view, None, documents, scores)

    def _phrase_matches(self, node: Phrase) -> Part | None:
        """The same for a phrase; None when one of its words is in no article of the segment."""
        numbers = self._numbers(node)
        if numbers is None:
            return None
        segment = self._view.segment
        documents, scores = phrases.match_phrase(
            segment.term_postings,
            numbers,
            node.slop,
            phrases.FIELDS[node.field],
            self._view.live if self._within is None else self._within,
            segment.longest,
            node.boost * self._rarity(node),
            self._snapshot.saturations[FIELD_TABLE[node.field]],
            segment.length_codes,
        )
        return Part(self._view, None, documents, scores)

    def candidates(self, phrase: Phrase) -> int:
        """How many documents have the rarest word of a phrase."""
        numbers = self._numbers(phrase)
        return 0 if numbers is None else min(map(self._view.postings, numbers.tolist()))

    def matches(self, plan: Plan) -> Bitmap:  # noqa: PLR0911 - one for each node
        """The documents that match, deleted ones among them.

        Negations set bits behind the last document too: only a Boolean has such.
        """
        match plan:
            case Word() | AnyWord():
                return self._with_words(plan)
            case Phrase():
                bits = self._view.no_documents()
                bitmaps.add_documents(bits, self._phrase(plan, self._within)[0])
                return bits
            case Boolean():
                return self._boolean(plan)
            case HasValue(facet, values):
                return self.with_any(facet, values)
            case PublishedBetween(start, end):
                return self.published(start, end)
            case AmongArticles(article_ids):
                bits = self._view.no_documents()
                documents = self._view.segment.find(article_ids).astype(np.uint32)
                bitmaps.add_documents(bits, documents)
                return bits
            case Everything():
                return self._view.live.copy()
            case Nothing():
                return self._view.no_documents()
            case _:
                raise TypeError(f"{plan} has not been expanded")

    def with_any(self, facet: str, values: tuple[str, ...]) -> Bitmap:
        """The documents with at least one of the values."""
        bits = self._view.no_documents()
        facets = self._view.facets
        places = [facets.find(facet, value) for value in values]
        if known := [place for place in places if place >= 0]:
            bitmaps.add_lists(bits, facets.lists(facet), np.array(known, np.int64))
        return bits

    def published(self, start: int | None, end: int | None) -> Bitmap:
        """The documents with a date from start to before end, wall-clock seconds."""
        dates = self._view.segment.published
        first = self._view.undated if start is None else int(np.searchsorted(dates, start))
        last = self._view.segment.articles if end is None else int(np.searchsorted(dates, end))
        bits = self._view.no_documents()
        bitmaps.set_range(bits, max(first, self._view.undated), last)
        return bits

    def best(
        self, plan: Plan, hits: Part, most: int, after: tuple[float, int]
    ) -> tuple[Documents, NDArray[np.float32]]:
        """The best `most` of the hits with their scores, the later ones first among equals.

        after: only what is scored less than the first, or equal and before the second
        """
        if hits.scores is not None:
            return best_of_scored(hits.documents, hits.scores, most, after)
        found = Gathered()
        self._collect(plan, 1.0, NO_MASK, found, required=True)
        if not found.numbers and not found.documents:
            below, before = after
            constant = np.float32(found.constant)
            every = len(hits.bits) * 64
            end = every if constant < below else before if constant == below else 0
            documents = bitmaps.last_documents(hits.bits, end, most)
            return documents, np.full(len(documents), constant)
        return best_of_leaves(self._snapshot, self._view, found, hits, most, after)

    def _with_words(self, node: Word | AnyWord) -> Bitmap:
        stems = (node.stem,) if isinstance(node, Word) else node.stems
        if node.field is None:
            return self._with_stems(stems)
        bits = self._view.no_documents()
        for number in map(self._view.term, stems):
            if number >= 0:
                documents = self._view.documents_in_field(number, node.field)
                bitmaps.add_documents(bits, documents)
        return bits

    def _with_stems(self, stems: Sequence[str]) -> Bitmap:
        """The documents with at least one of the stems in any field."""
        bits = self._view.no_documents()
        numbers = [number for number in map(self._view.term, stems) if number >= 0]
        bitmaps.add_lists(bits, self._view.segment.term_lists, np.array(numbers, np.int64))
        return bits

    def _boolean(self, node: Boolean) -> Bitmap:
        required = sorted((*node.must, *node.filter), key=self._cost)
        if required:
            bits = self.matches(required[0])
            for child in required[1:]:
                self._keep(bits, child)
        elif node.should:
            bits = self._any(node.should)
        else:
            bits = self._view.live.copy()
        for child in node.must_not:
            bits &= ~self.matches(child)
        return bits

    def _any(self, nodes: Sequence[Plan]) -> Bitmap:
        """The documents that match at least one node; those of words are put together at once."""
        others = [each for each in nodes if not isinstance(each, Word) or each.field is not None]
        stems = [each.stem for each in nodes if isinstance(each, Word) and each.field is None]
        bits = self._with_stems(stems)
        for each in others:
            bits |= self.matches(each)
        return bits

    def _cost(self, node: Plan) -> int:
        """A guess at how many documents a node matches, to begin with the fewest."""
        if isinstance(node, Word):
            number = self._view.term(node.stem)
            return self._view.postings(number) if number >= 0 else 0
        return self._view.segment.articles

    def _keep(self, bits: Bitmap, node: Plan) -> None:
        """Keep the documents that match another node too. In place."""
        if isinstance(node, Word) and node.field is None:
            number = self._view.term(node.stem)
            if number >= 0:
                bitmaps.keep_list(bits, self._view.segment.term_lists, number)
                return
        if isinstance(node, Phrase):
            self._phrase(node, bits if self._within is None else bits & self._within)
        bits &= self.matches(node)

    def _phrase(self, node: Phrase, within: Bitmap | None) -> tuple[Documents, NDArray[np.uint8]]:
        """The documents with a phrase, and its frequency codes there; looked for once."""
        known = self._phrases.get(id(node))
        if known is not None:
            return known
        numbers = self._numbers(node)
        found: tuple[Documents, NDArray[np.uint8]]
        if numbers is None:
            found = np.zeros(0, np.uint32), np.zeros(0, np.uint8)
        else:
            segment = self._view.segment
            found = phrases.find_phrase(
                segment.term_postings,
                numbers,
                node.slop,
                phrases.FIELDS[node.field],
                self._view.live if within is None else within,
                segment.longest,
            )
        self._phrases[id(node)] = found
        return found

    def _numbers(self, node: Phrase) -> NDArray[np.int64] | None:
        """The numbers of a phrase's words; None when one of them is in no article of the segment."""
        numbers = [self._view.term(stem) for stem in node.stems]
        return None if min(numbers) < 0 else np.array(numbers, np.int64)

    def _rarity(self, node: Phrase) -> float:
        """The idf of all words of a phrase together."""
        return sum(self._snapshot.idf(stem, node.field) for stem in node.stems)

    def _collect(
        self, node: Plan, boost: float, mask: int, found: Gathered, *, required: bool
    ) -> None:
        """Gather what scores in a node.

        mask: the row of the masks a document must be in for the node to count, or NO_MASK
        required: every hit matches the node
        """
        match node:
            case Word(stem, where, own):
                number = self._view.term(stem)
                if number >= 0:
                    found.required &= required
                    found.numbers.append(number)
                    found.weights.append(boost * own * self._snapshot.idf(stem, where))
                    found.tables.append(FIELD_TABLE[where])
                    found.leaf_masks.append(mask)
            case AnyWord(boost=own):
                if required:
                    found.constant += boost * own
                else:
                    bits = self._masked(self.matches(node), mask, found)
                    documents = bitmaps.documents_of(bits, int(bitmaps.count_bits(bits)))
                    found.documents.append(documents)
                    found.scores.append(np.full(len(documents), boost * own, np.float32))
            case Phrase():
                self._collect_phrase(node, boost, mask, found)
            case Boolean():
                self._collect_boolean(node, boost, mask, found, required=required)
            case _:
                pass

    def _collect_boolean(
        self, node: Boolean, boost: float, mask: int, found: Gathered, *, required: bool
    ) -> None:
        boost *= node.boost
        alternatives = node.should and not (node.must or node.filter or node.must_not)
        if not required and not alternatives:
            found.masks.append(self._masked(self.matches(node), mask, found))
            mask = len(found.masks) - 1
        for child in node.must:
            self._collect(child, boost, mask, found, required=required)
        only = required and alternatives and len(node.should) == 1
        for child in node.should:
            self._collect(child, boost, mask, found, required=bool(only))

    def _collect_phrase(self, node: Phrase, boost: float, mask: int, found: Gathered) -> None:
        documents, codes = self._phrase(node, self._within)
        if mask != NO_MASK:
            row = found.masks[mask]
            inside = (row[documents >> 6] >> (documents & 63).astype(np.uint64)) & np.uint64(1)
            documents, codes = documents[inside > 0], codes[inside > 0]
        table = self._snapshot.saturations[FIELD_TABLE[node.field]]
        lengths = self._view.segment.length_codes[documents]
        saturated = table[codes.astype(np.int64) * postings.CODES + lengths]
        found.documents.append(documents)
        found.scores.append(saturated * np.float32(boost * node.boost * self._rarity(node)))

    def _masked(self, bits: Bitmap, mask: int, found: Gathered) -> Bitmap:
        return bits if mask == NO_MASK else bits & found.masks[mask]
