"""From requests for facets to their answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.native import counting, most_frequent
from search.native.facet_roads import most_among
from search.native.facets import ArchiveFacets, Facet
from search.native.hits import Hits
from search.native.tally import Counted, Tally
from search.native.values import Numbers
from search.request import FacetRequest
from search.results import FacetCounts, Unexpected

_NONE: Counted = [], []


class Question(NamedTuple):
    """A request for a facet, and what the filters name of it, which is shown in any case."""

    wanted: FacetRequest
    selected: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()

    @property
    def named(self) -> frozenset[str]:
        """Selected or excluded."""
        return self.selected | self.excluded

    @property
    def most(self) -> int:
        """How many values it takes to show those wanted and to know whether there are more."""
        return self.wanted.size + len(self.selected) + len(self.excluded) + 1


class Asked(NamedTuple):
    """Questions about the same hits, and what is the same whatever the hits are.

    plain: the most frequent values of different facets are all they ask for
    sizes: array of int64, how many values of each facet it takes
    """

    questions: Sequence[Question]
    facets: tuple[str, ...]
    plain: bool
    sizes: Numbers

    @classmethod
    def of(cls, questions: Sequence[Question]) -> Asked:
        """From the questions."""
        facets = tuple([each.wanted.facet for each in questions])
        plain = len(set(facets)) == len(facets) and all(each.wanted.plain for each in questions)
        return cls(questions, facets, plain, np.array([each.most for each in questions], np.int64))


@lru_cache(maxsize=1_000)
def asked_without_filters(wanted: tuple[FacetRequest, ...]) -> Asked:
    """Questions about facets of which filters name nothing: mostly the same again and again."""
    return Asked.of(list(map(Question, wanted)))


class Group(NamedTuple):
    """What is asked about some hits."""

    hits: Hits
    asked: Asked


def facet_answers(facets: ArchiveFacets, groups: Sequence[Group]) -> Iterator[FacetCounts]:
    """The answers to questions about facets, group by group.

    All questions about a facet are in the same group.
    """
    limit = facets.counters.few
    few = [group for group in groups if group.hits.count < limit and group.asked.plain]
    of_few = iter(_of_few(facets, few) if few else ())
    if len(few) == len(groups):
        return of_few
    each_own = (
        islice(of_few, len(asked.questions))
        if hits.count < limit and asked.plain
        else _of_many(facets, hits, asked)
        for hits, asked in groups
    )
    return chain.from_iterable(each_own)


def _of_few(facets: ArchiveFacets, groups: Sequence[Group]) -> list[FacetCounts]:
    """The answers to plain questions about different facets and few hits, all in one go.

    Each facet is counted among its own hits only. No value is of two facets, so they can share
    the counters.
    """
    asked = groups[0].asked
    if len(groups) > 1:
        asked = Asked.of([question for group in groups for question in group.asked.questions])
    counters, values = facets.counters, facets.values
    rows, _ = counters.rows(asked.facets)
    counts, seen = counters.counts, counters.seen[:0]
    try:
        for group in groups:
            own_rows, _ = counters.rows(group.asked.facets)
            seen = counters.count_few(group.hits, own_rows, len(seen))
        most = most_frequent.most_of_few(seen, counts, values.facet, values.rank, rows, asked.sizes)
        size = most.shape[2]
        texts = values.texts(most[0].ravel())
        by_row = [texts[first : first + size] for first in range(0, len(texts), size)]
        answer = _Answers(facets, counts).plain_answer
        return list(map(answer, asked.questions, by_row, most[1].tolist()))
    finally:
        counting.clear(counts, seen)


def _of_many(facets: ArchiveFacets, hits: Hits, asked: Asked) -> list[FacetCounts]:
    """The answers to questions about the same hits."""
    counters, questions = facets.counters, asked.questions
    if hits.count == counters.articles and all(each.wanted.plain for each in questions):
        answers = _Answers(facets, counters.live_articles)
        return [
            answers.answer(each, *counters.commonest(each.wanted.facet, each.most))
            for each in questions
        ]
    answers = _Answers(facets, hits)
    sizes: dict[str, int] = {}
    for each in questions:
        if not each.wanted.containing:
            sizes[each.wanted.facet] = max(each.most, sizes.get(each.wanted.facet, 0))
    if not hits.count:
        return [answers.answer(each, *_NONE) for each in questions]
    if not any(
        each.wanted.unexpected or (counters.weighted and each.wanted.order == "weight")
        for each in questions
    ):
        found = most_among(facets, hits, sizes)
        return [answers.answer(each, *found.get(each.wanted.facet, _NONE)) for each in questions]
    tally = Tally(counters, hits, whole=True)
    try:
        answers = _Answers(facets, tally.counts, tally)
        found = dict(zip(sizes, tally.most(list(sizes), list(sizes.values())), strict=True))
        return [answers.answer(each, *found.get(each.wanted.facet, _NONE)) for each in questions]
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

    def answer(self, question: Question, numbers: list[int], counts: list[int]) -> FacetCounts:
        """The answer, from the question's most frequent values; a count of 0 ends them."""
        wanted = question.wanted
        if wanted.plain:
            return self.plain_answer(question, self._texts(numbers), counts)
        sums = self._weights() if wanted.order == "weight" else None
        if wanted.containing:
            facet = self._facets[wanted.facet]
            numbers, counts = self._ordered(facet, facet.containing(wanted.containing), sums)
        elif sums is not None and self._tally is not None:
            numbers, counts = self._tally.most([wanted.facet], [question.most], sums)[0]
        return self._shown(question, self._texts(numbers), counts, sums)._replace(
            unexpected=self._unexpected(wanted)
        )

    def plain_answer(self, question: Question, texts: list[str], counts: list[int]) -> FacetCounts:
        """The answer to a plain question, from its most frequent values."""
        wanted, selected, excluded = question
        if selected or excluded:
            return self._shown(question, texts, counts, None)
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
        wanted, selected, excluded = question
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
