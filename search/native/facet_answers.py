"""From questions about facets to their answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.native import counting, most_frequent
from search.native.facet_questions import Asked, Question, Questions
from search.native.facet_roads import most_among
from search.native.facets import ArchiveFacets, Facet
from search.native.hits import Hits
from search.native.most_frequent import NO_FACETS, Most
from search.native.tally import Tally
from search.native.values import Numbers
from search.request import FacetRequest
from search.results import FacetCounts, Unexpected

Counted = tuple[list[int], list[int]]
"""Numbers of values and their counts, in the order asked for; a count of 0 ends them."""

_NONE: Counted = [], []


def facet_answers(
    facets: ArchiveFacets, asked: Asked, hits_of: Callable[[str | None], Hits]
) -> tuple[FacetCounts, ...]:
    """The answers to what a request asks of its facets, in the order of its requests.

    hits_of: the hits without a facet's own filters, or under all
    """
    groups = [(hits_of(facet), questions) for facet, questions in asked.groups]
    limit = facets.counters.few
    if all(hits.count < limit and questions.plain for hits, questions in groups):
        answers = _of_few(facets, groups, asked.every)
    else:
        each = [_of_one_group(facets, *group) for group in groups]
        answers = [answer for own in each for answer in own]
    return tuple([answers[place] for place in asked.order])


def _of_one_group(facets: ArchiveFacets, hits: Hits, questions: Questions) -> Sequence[FacetCounts]:
    if hits.count < facets.counters.few and questions.plain:
        return _of_few(facets, [(hits, questions)], questions)
    return _of_many(facets, hits, questions)


def _of_few(
    facets: ArchiveFacets, groups: Sequence[tuple[Hits, Questions]], every: Questions
) -> list[FacetCounts]:
    """The answers to plain questions about different facets and few hits, all in one go.

    every: the questions of all groups. Each facet is counted among its own hits only. No value is
    of two facets, so they can share the counters.
    """
    counters, values = facets.counters, facets.values
    rows, _ = counters.rows(every.facets)
    counts, seen = counters.counts, counters.seen[:0]
    try:
        for hits, questions in groups:
            own_rows, _ = counters.rows(questions.facets)
            seen = counters.count_few(hits, own_rows, len(seen))
        arrays = counts, values.facet, values.rank, rows, every.sizes
        most = most_frequent.most_of_seen(seen, counts, *arrays)
        return _Answers(facets, counts).plain_answers(every.each, most)
    finally:
        counting.clear(counts, seen)


def _of_many(facets: ArchiveFacets, hits: Hits, questions: Questions) -> list[FacetCounts]:
    """The answers to questions about the same hits."""
    counters = facets.counters
    if hits.count == counters.articles and questions.plain:
        answers = _Answers(facets, counters.live_articles)
        return [
            answers.answer(each, *counters.commonest(each.wanted.facet, each.most))
            for each in questions.each
        ]
    if not hits.count or not len(facets.values):
        answers = _Answers(facets, hits)
        return [answers.answer(each, *_NONE) for each in questions.each]
    if questions.plain or not any(
        each.wanted.unexpected or (counters.weighted and each.wanted.order == "weight")
        for each in questions.each
    ):
        most = most_among(facets, hits, questions.most) if questions.most else NO_FACETS
        return _Answers(facets, hits).answers(questions, most)
    tally = Tally(counters, hits, whole=True)
    try:
        most = tally.most(questions.most) if questions.most else NO_FACETS
        return _Answers(facets, tally.counts, tally).answers(questions, most)
    finally:
        tally.clear()


class _Answers:
    """What is needed to answer questions about some hits.

    counted: the counts of all values by number, or the hits to count them among
    tally: that of the hits, when it has counted all values
    """

    def __init__(
        self, facets: ArchiveFacets, counted: NDArray[Any] | Hits, tally: Tally | None = None
    ) -> None:
        self._facets, self._counted, self._tally = facets, counted, tally
        self._sums: NDArray[np.int64] | None = None

    def answers(self, questions: Questions, most: Most) -> list[FacetCounts]:
        """The answers, from the most frequent values of each facet of `questions.most`."""
        if questions.plain:
            return self.plain_answers(questions.each, most)
        found = dict(zip(questions.most, zip(*most.tolist(), strict=True), strict=True))
        return [self.answer(each, *found.get(each.wanted.facet, _NONE)) for each in questions.each]

    def plain_answers(self, questions: Sequence[Question], most: Most) -> list[FacetCounts]:
        """The answers to plain questions, from the most frequent values of their facets."""
        size = most.shape[2]
        texts = self._facets.values.texts(most[0].ravel())
        by_row = [texts[first : first + size] for first in range(0, len(texts), size)]
        return list(map(self._plain_answer, questions, by_row, most[1].tolist()))

    def answer(self, question: Question, numbers: list[int], counts: list[int]) -> FacetCounts:
        """The answer, from the question's most frequent values."""
        wanted = question.wanted
        if wanted.plain:
            return self._plain_answer(question, self._texts(numbers), counts)
        sums = self._weights() if wanted.order == "weight" else None
        if wanted.containing:
            facet = self._facets[wanted.facet]
            numbers, counts = self._ordered(facet, facet.containing(wanted.containing), sums)
        elif sums is not None and self._tally is not None:
            most = self._tally.most({wanted.facet: question.most}, sums)
            numbers, counts = most[:, 0].tolist()
        return self._shown(question, self._texts(numbers), counts, sums)._replace(
            unexpected=self._unexpected(wanted)
        )

    def _plain_answer(self, question: Question, texts: list[str], counts: list[int]) -> FacetCounts:
        wanted, selected, excluded, _ = question
        if selected or excluded:
            return self._shown(question, texts, counts, None)
        # As there, with half the steps: most questions are such.
        n = len(counts) - counts.count(0)
        pairs = tuple(zip(texts[: min(n, wanted.size)], counts, strict=False))
        return FacetCounts(wanted.facet, pairs, more=n > wanted.size)

    def _texts(self, numbers: list[int]) -> list[str]:
        return self._facets.values.texts(np.array(numbers, np.int64))

    def _shown(
        self,
        question: Question,
        texts: list[str],
        counts: list[int],
        sums: NDArray[np.int64] | None,
    ) -> FacetCounts:
        """The values wanted, and then those that are named."""
        wanted, selected, excluded, _ = question
        n = len(counts) - counts.count(0)
        shown = texts[: min(n, wanted.size)]
        pairs = tuple(zip(shown, counts, strict=False))
        if missing := sorted(question.named.difference(shown)):
            pairs += self._of_named(self._facets[wanted.facet], missing, sums)
        more = not question.named.issuperset(texts[len(shown) : n])
        return FacetCounts(wanted.facet, pairs, selected, excluded, more)

    def _weights(self) -> NDArray[np.int64] | None:
        """The sums of weights by number; None when they are the counts."""
        if self._sums is None and self._tally is not None and self._facets.counters.weighted:
            self._sums = self._tally.weights()
        return self._sums

    def _ordered(self, facet: Facet, numbers: Numbers, sums: NDArray[np.int64] | None) -> Counted:
        """Those of some values that have a count, in order; values in the order of texts."""
        counts = self._counts(facet, numbers)
        numbers, counts = numbers[counts > 0], counts[counts > 0]
        order = np.argsort(-(counts if sums is None else sums[numbers]), kind="stable")
        return numbers[order].tolist(), counts[order].tolist()

    def _of_named(
        self, facet: Facet, values: list[str], sums: NDArray[np.int64] | None
    ) -> tuple[tuple[str, int], ...]:
        """Some values with their counts, in order; `values` sorted."""
        numbers = np.array([facet.find(value) for value in values], np.int64)
        pairs = list(zip(values, self._counts(facet, numbers).tolist(), strict=True))
        if sums is None:
            pairs.sort(key=lambda pair: -pair[1])
            return tuple(pairs)
        keys = np.where(numbers >= 0, sums[numbers], 0)
        return tuple(pairs[i] for i in np.argsort(-keys, kind="stable").tolist())

    def _counts(self, facet: Facet, numbers: Numbers) -> NDArray[np.int64]:
        """How many of the hits have each value; a number of −1 is of none."""
        if isinstance(self._counted, Hits):
            return facet.counts(self._counted.bits, numbers)
        counts = np.zeros(len(numbers), np.int64)
        known = numbers >= 0
        counts[known] = self._counted[numbers[known]]
        return counts

    def _unexpected(self, wanted: FacetRequest) -> tuple[Unexpected, ...]:
        if self._tally is None or not wanted.unexpected:
            return ()
        numbers, scores = self._tally.unexpected(wanted.facet, wanted.unexpected)
        totals = self._facets.counters.live_articles[numbers].tolist()
        counts = self._tally.counts[numbers].tolist()
        texts = self._facets.values.texts(numbers)
        return tuple(map(Unexpected, texts, counts, totals, scores.tolist()))
