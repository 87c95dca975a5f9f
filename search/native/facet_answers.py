"""From requests for facets to their answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.native import most_frequent
from search.native.facet_roads import most_among
from search.native.facets import ArchiveFacets, Facet
from search.native.hits import Hits
from search.native.tally import Counted, Tally
from search.native.values import Numbers
from search.request import FacetRequest
from search.results import FacetCounts, Unexpected

_NONE: Counted = [], []


class Question(NamedTuple):
    """A request for a facet, the articles it is counted among, and what the filters name of it.

    What filters name is shown in any case.
    """

    wanted: FacetRequest
    hits: Hits
    selected: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()

    @property
    def named(self) -> frozenset[str]:
        """Selected or excluded."""
        return self.selected | self.excluded

    @property
    def most(self) -> int:
        """How many values it takes to show those wanted and to know whether there are more."""
        return self.wanted.size + len(self.named) + 1


def facet_answers(facets: ArchiveFacets, questions: Sequence[Question]) -> list[FacetCounts]:
    """The answers to questions about facets."""
    limit = facets.counters.few
    few = [each for each in questions if each.hits.count < limit and each.wanted.plain]
    if len({each.wanted.facet for each in few}) < len(few):
        few = []
    elif len(few) == len(questions):
        return _of_few(facets, few)
    answered = dict(zip(map(id, few), _of_few(facets, few) if few else (), strict=True))
    for hits, group in _by_hits(each for each in questions if id(each) not in answered):
        answered |= dict(zip(map(id, group), _of_many(facets, hits, group), strict=True))
    return [answered[id(each)] for each in questions]


def _by_hits(questions: Iterable[Question]) -> Iterable[tuple[Hits, list[Question]]]:
    groups: dict[Hits, list[Question]] = {}
    for each in questions:
        groups.setdefault(each.hits, []).append(each)
    return groups.items()


def _of_few(facets: ArchiveFacets, questions: Sequence[Question]) -> list[FacetCounts]:
    """The answers to plain questions about different facets and few hits, all in one go.

    Each facet is counted among its own hits only. No value is of two facets, so they can share
    the counters.
    """
    counters = facets.counters
    sizes = counters.sizes(tuple([each.most for each in questions]))
    rows, _ = counters.rows(tuple([each.wanted.facet for each in questions]))
    seen = counters.seen[:0]
    try:
        for hits, group in _by_hits(questions):
            own = rows
            if len(group) < len(questions):
                own, _ = counters.rows(tuple([each.wanted.facet for each in group]))
            seen = counters.count_few(hits, own, len(seen))
        facet, rank = counters.values.facet, counters.values.rank
        most = most_frequent.take_most(seen, counters.counts, facet, rank, rows, sizes)
    except BaseException:
        counters.counts[:] = 0
        raise
    answers = []
    for each, numbers, counts in zip(questions, *most.tolist(), strict=True):
        n = len(counts) - counts.count(0)
        counted = numbers[:n], counts[:n]
        if each.named:
            answers.append(_Answers(facets, each.hits, None).answer(each, counted))
        else:
            answers.append(_most_frequent(facets, each.wanted, counted))
    return answers


def _of_many(facets: ArchiveFacets, hits: Hits, questions: Sequence[Question]) -> list[FacetCounts]:
    """The answers to questions about the same hits."""
    counters = facets.counters
    answers = _Answers(facets, hits, None)
    if hits.count == counters.articles and all(each.wanted.plain for each in questions):
        return [
            answers.answer(each, counters.commonest(each.wanted.facet, each.most))
            for each in questions
        ]
    sizes: dict[str, int] = {}
    for each in questions:
        if not each.wanted.containing:
            sizes[each.wanted.facet] = max(each.most, sizes.get(each.wanted.facet, 0))
    if not hits.count:
        return [answers.answer(each, _NONE) for each in questions]
    if not any(
        each.wanted.unexpected or (counters.weighted and each.wanted.order == "weight")
        for each in questions
    ):
        found = most_among(facets, hits, sizes)
        return [answers.answer(each, found.get(each.wanted.facet, _NONE)) for each in questions]
    tally = Tally(counters, hits, whole=True)
    try:
        answers = _Answers(facets, hits, tally)
        found = dict(zip(sizes, tally.most(list(sizes), list(sizes.values())), strict=True))
        return [answers.answer(each, found.get(each.wanted.facet, _NONE)) for each in questions]
    finally:
        tally.clear()


def _most_frequent(facets: ArchiveFacets, wanted: FacetRequest, counted: Counted) -> FacetCounts:
    """The most frequent values and nothing else."""
    numbers, counts = counted
    shown = facets.values.texts(numbers[: wanted.size])
    more = len(numbers) > wanted.size
    return FacetCounts(wanted.facet, tuple(zip(shown, counts, strict=False)), more=more)


class _Answers:
    """What is needed to answer questions about some hits.

    tally: that of the hits, when it has counted all values
    """

    def __init__(self, facets: ArchiveFacets, hits: Hits, tally: Tally | None) -> None:
        self._facets, self._hits, self._tally = facets, hits, tally
        self._sums: NDArray[np.int64] | None = None

    def answer(self, question: Question, counted: Counted) -> FacetCounts:
        """The answer; `counted` are the question's most frequent values."""
        wanted, named = question.wanted, question.named
        if wanted.plain and not named:
            return _most_frequent(self._facets, wanted, counted)
        facet = self._facets[wanted.facet]
        sums = self._weights() if wanted.order == "weight" else None
        if wanted.containing:
            counted = self._ordered(facet, facet.containing(wanted.containing), sums)
        elif sums is not None and self._tally is not None:
            counted = self._tally.most([wanted.facet], [question.most], sums)[0]
        numbers, counts = counted
        eligible = tuple(zip(self._facets.values.texts(numbers), counts, strict=True))
        shown = eligible[: wanted.size]
        if not named:
            more = len(eligible) > wanted.size
            return FacetCounts(wanted.facet, shown, more=more, unexpected=self._unexpected(wanted))
        if missing := sorted(named.difference(value for value, _ in shown)):
            shown += self._of_named(facet, missing, sums)
        return FacetCounts(
            wanted.facet,
            shown,
            question.selected,
            question.excluded,
            more=any(value not in named for value, _ in eligible[wanted.size :]),
            unexpected=self._unexpected(wanted),
        )

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
        counts = self._counts(facet, numbers)
        keys = counts if sums is None else np.where(numbers >= 0, sums[numbers], 0)
        order = np.argsort(-keys, kind="stable").tolist()
        return tuple((values[i], int(counts[i])) for i in order)

    def _counts(self, facet: Facet, numbers: Numbers) -> NDArray[np.int64]:
        """How many of the hits have each value; a number of −1 is of none."""
        if not len(numbers) or self._tally is None:
            return facet.counts(self._hits.bits, numbers)
        return np.where(numbers >= 0, self._tally.counts[numbers], 0).astype(np.int64)

    def _unexpected(self, wanted: FacetRequest) -> tuple[Unexpected, ...]:
        if self._tally is None or not wanted.unexpected:
            return ()
        numbers, scores = self._tally.unexpected(wanted.facet, wanted.unexpected)
        totals = self._facets.counters.live_articles[numbers].tolist()
        counts = self._tally.counts[numbers].tolist()
        texts = self._facets.values.texts(numbers.tolist())
        return tuple(map(Unexpected, texts, counts, totals, scores.tolist()))
