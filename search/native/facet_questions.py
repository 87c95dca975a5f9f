"""What a request asks of its facets, and among which hits each of them is counted.

The same facets are asked for again and again, under filters that stay the same from page to page;
so this is remembered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from search.native.values import Numbers
from search.request import FacetFilter, FacetRequest

_MOST_REMEMBERED = 1_000


class Question(NamedTuple):
    """A request for a facet, and what the filters name of it, which is shown in any case.

    most: how many values it takes to show those wanted and to know whether there are more
    """

    wanted: FacetRequest
    selected: frozenset[str]
    excluded: frozenset[str]
    most: int

    @property
    def named(self) -> frozenset[str]:
        """Selected or excluded."""
        return self.selected | self.excluded


class Questions(NamedTuple):
    """Several questions, and what is the same whatever the hits are.

    facets: those that are asked about
    plain: the most frequent values of different facets are all they ask for
    sizes: array of int64, `most` of each question
    most: the greatest `most` of each facet whose most frequent values are asked for
    """

    each: Sequence[Question]
    facets: tuple[str, ...]
    plain: bool
    sizes: Numbers
    most: Mapping[str, int]

    @classmethod
    def of(cls, questions: Sequence[Question]) -> Questions:
        """From the questions."""
        facets = tuple([question.wanted.facet for question in questions])
        plain = all(question.wanted.plain for question in questions)
        plain = plain and len(set(facets)) == len(facets)
        sizes = np.array([question.most for question in questions], np.int64)
        most: dict[str, int] = {}
        for question in questions:
            if not question.wanted.containing:
                facet = question.wanted.facet
                most[facet] = max(question.most, most.get(facet, 0))
        return cls(questions, facets, plain, sizes, most)


class Asked(NamedTuple):
    """All that a request asks of its facets.

    groups: the questions about the same hits, and the facet whose own filters do not count for
        them; None where all do. All questions about a facet are in the same group.
    order: for each request for a facet the place of its question, those of all groups in a row
    """

    groups: Sequence[tuple[str | None, Questions]]
    every: Questions
    order: Sequence[int]


@lru_cache(_MOST_REMEMBERED)
def asked(wanted: tuple[FacetRequest, ...], filters: tuple[FacetFilter, ...]) -> Asked:
    """What is asked of facets under some filters."""
    filtered = {each.facet for each in filters if each.values or each.excluded}
    places: dict[str | None, list[int]] = {}
    for place, each in enumerate(wanted):
        places.setdefault(each.facet if each.facet in filtered else None, []).append(place)
    questions = [_question(each, filters) for each in wanted]
    in_a_row = [place for own in places.values() for place in own]
    return Asked(
        [(facet, Questions.of([questions[n] for n in own])) for facet, own in places.items()],
        Questions.of([questions[place] for place in in_a_row]),
        np.argsort(in_a_row).tolist(),
    )


def _question(wanted: FacetRequest, filters: Sequence[FacetFilter]) -> Question:
    own = [chosen for chosen in filters if chosen.facet == wanted.facet]
    selected = frozenset().union(*[chosen.values for chosen in own])
    excluded = frozenset().union(*[chosen.excluded for chosen in own])
    return Question(wanted, selected, excluded, wanted.size + len(selected | excluded) + 1)
