"""Which documents of one segment match a plan."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from search.histogram import SECONDS_PER_DAY, first_second
from search.native import bitmaps, few, phrases
from search.native.bitmaps import Bitmap, Documents
from search.native.hits import Part
from search.native.snapshot import FIELD_TABLE, Snapshot, View
from search.native.words import few_words, phrase_words
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
)
from search.request import Dates, FacetFilter


class Matching:
    """Finds what matches in one segment."""

    def __init__(self, snapshot: Snapshot, view: View, within: Bitmap | None = None) -> None:
        """`within`: documents outside it are not asked for; phrases are not looked for there."""
        self.snapshot = snapshot
        self.view = view
        self._within = within
        self._phrases: dict[int, tuple[Documents, NDArray[np.uint8]]] = {}

    def live_matches(self, plan: Plan) -> Part:
        """The documents that match and are not deleted."""
        if isinstance(plan, Everything):
            return Part(self.view, self.view.live)
        scored = self._scored_matches(plan)
        if scored is not None:
            return scored
        bits = self.matches(plan)
        # Also where no document is deleted: bits behind the last one are of negations, or of a
        # damaged list, and would have kernels read behind the end of arrays.
        bits &= self.view.live
        return Part(self.view, bits)

    def _scored_matches(self, plan: Plan) -> Part | None:
        """The same, scored on the way, for a phrase or words of few articles; else None."""
        if isinstance(plan, Phrase):
            return self._phrase_matches(plan)
        words = few_words(self.snapshot, self.view, plan)
        if words is None:
            return None
        segment = self.view.segment
        documents, scores = few.match_and_score(
            segment.term_postings,
            *words,
            self.snapshot.saturations[FIELD_TABLE[None]],
            segment.length_codes,
            self._scope(),
        )
        return Part(self.view, None, documents, scores)

    def _phrase_matches(self, node: Phrase) -> Part | None:
        """The same for a phrase; None when one of its words is in no article of the segment."""
        numbers, rarity = phrase_words(self.snapshot, self.view, node)
        if numbers is None:
            return None
        segment = self.view.segment
        documents, scores = phrases.match_phrase(
            segment.term_postings,
            numbers,
            node.slop,
            phrases.FIELDS[node.field],
            self._scope(),
            segment.longest,
            node.boost * rarity,
            self.snapshot.saturations[FIELD_TABLE[node.field]],
            segment.length_codes,
        )
        return Part(self.view, None, documents, scores)

    def candidates(self, phrase: Phrase) -> int:
        """How many documents have the rarest word of a phrase."""
        numbers, _ = phrase_words(self.snapshot, self.view, phrase)
        return 0 if numbers is None else min(map(self.view.postings, numbers.tolist()))

    def matches(self, plan: Plan) -> Bitmap:  # noqa: PLR0911 - one for each node
        """The documents that match, deleted ones among them.

        Negations set bits behind the last document too: only a Boolean has such.
        """
        match plan:
            case Word() | AnyWord():
                return self._with_words(plan)
            case Phrase():
                bits = self.view.no_documents()
                bitmaps.add_documents(bits, self.phrase(plan)[0])
                return bits
            case Boolean():
                return self._boolean(plan)
            case HasValue(facet, values):
                return self.with_any(facet, values)
            case PublishedBetween(start, end):
                return self.published(start, end)
            case AmongArticles(article_ids):
                bits = self.view.no_documents()
                documents = self.view.segment.find(article_ids).astype(np.uint32)
                bitmaps.add_documents(bits, documents)
                return bits
            case Everything():
                return self.view.live.copy()
            case Nothing():
                return self.view.no_documents()
            case _:
                raise TypeError(f"{plan} has not been expanded")

    def with_any(self, facet: str, values: tuple[str, ...]) -> Bitmap:
        """The documents with at least one of the values."""
        bits = self.view.no_documents()
        facets = self.view.facets
        places = [facets.find(facet, value) for value in values]
        if known := [place for place in places if place >= 0]:
            bitmaps.add_lists(bits, facets.plain_lists(facet), np.array(known, np.int64))
        return bits

    def passing(self, chosen: FacetFilter | Dates) -> Bitmap:
        """The documents a filter lets through, deleted ones among them; not to be changed.

        Remembered, as who has chosen a value goes on searching among its articles.
        """
        found = self.view.passing.get(chosen)
        return self.view.passing.put(chosen, self._passing(chosen)) if found is None else found

    def _passing(self, chosen: FacetFilter | Dates) -> Bitmap:
        if isinstance(chosen, Dates):
            start = None if chosen.first is None else first_second(chosen.first)
            end = None if chosen.last is None else first_second(chosen.last) + SECONDS_PER_DAY
            return self.published(start, end)
        if chosen.values and chosen.match == "all":
            each = [self.with_any(chosen.facet, (value,)) for value in chosen.values]
            bits = reduce(np.bitwise_and, each)
        elif chosen.values:
            bits = self.with_any(chosen.facet, chosen.values)
        else:
            bits = self.view.live
        if chosen.excluded:
            bits = bits & ~self.with_any(chosen.facet, chosen.excluded)
        return bits

    def published(self, start: int | None, end: int | None) -> Bitmap:
        """The documents with a date from start to before end, wall-clock seconds."""
        dates = self.view.segment.published
        first = self.view.undated if start is None else int(np.searchsorted(dates, start))
        last = self.view.segment.articles if end is None else int(np.searchsorted(dates, end))
        bits = self.view.no_documents()
        bitmaps.set_range(bits, max(first, self.view.undated), last)
        return bits

    def phrase(
        self, node: Phrase, among: Bitmap | None = None
    ) -> tuple[Documents, NDArray[np.uint8]]:
        """The documents with a phrase, and its frequency codes there; looked for once.

        among: only these are asked for, the first time and later
        """
        known = self._phrases.get(id(node))
        if known is not None:
            return known
        numbers, _ = phrase_words(self.snapshot, self.view, node)
        found: tuple[Documents, NDArray[np.uint8]]
        if numbers is None:
            found = np.zeros(0, np.uint32), np.zeros(0, np.uint8)
        else:
            segment = self.view.segment
            found = phrases.find_phrase(
                segment.term_postings,
                numbers,
                node.slop,
                phrases.FIELDS[node.field],
                self._scope() if among is None else among,
                segment.longest,
            )
        self._phrases[id(node)] = found
        return found

    def rarity(self, node: Phrase) -> float:
        """The idf of all words of a phrase together."""
        return phrase_words(self.snapshot, self.view, node)[1]

    def _with_words(self, node: Word | AnyWord) -> Bitmap:
        stems = (node.stem,) if isinstance(node, Word) else node.stems
        if node.field is None:
            return self._with_stems(stems)
        bits = self.view.no_documents()
        for number in map(self.view.term, stems):
            if number >= 0:
                documents = self.view.documents_in_field(number, node.field)
                bitmaps.add_documents(bits, documents)
        return bits

    def _with_stems(self, stems: Sequence[str]) -> Bitmap:
        """The documents with at least one of the stems in any field."""
        bits = self.view.no_documents()
        numbers = [number for number in map(self.view.term, stems) if number >= 0]
        bitmaps.add_lists(bits, self.view.segment.term_postings[0], np.array(numbers, np.int64))
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
            bits = self.view.live.copy()
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
            number = self.view.term(node.stem)
            return self.view.postings(number) if number >= 0 else 0
        return self.view.segment.articles

    def _keep(self, bits: Bitmap, node: Plan) -> None:
        """Keep the documents that match another node too. In place."""
        if isinstance(node, Word) and node.field is None:
            number = self.view.term(node.stem)
            if number >= 0:
                bitmaps.keep_list(bits, self.view.segment.term_postings[0], number)
                return
        if isinstance(node, Phrase):
            self.phrase(node, bits if self._within is None else bits & self._within)
        bits &= self.matches(node)

    def _scope(self) -> Bitmap:
        """The documents that are asked for, unless a node leaves fewer."""
        return self.view.live if self._within is None else self._within
