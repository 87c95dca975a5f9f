"""Questions one step away from a question: what the links of a result page lead to.

Every change leads back to the first page, except turning pages.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

from index.articles import FACETS, STORY
from search.archive import Question
from search.request import Dates, FacetFilter, Sort


def asking(question: Question, text: str) -> Question:
    """With another text, and all else as it is."""
    return replace(_first_page(question), text=text)


def matching(question: Question, match: Literal["all", "any"]) -> Question:
    """With all of the words, or any of them."""
    return replace(_first_page(question), match=match)


def selecting(question: Question, facet: str, value: str) -> Question:
    """With this value among the selected ones, and no longer excluded."""
    return _with_filter(question, facet, value, selected=True)


def excluding(question: Question, facet: str, value: str) -> Question:
    """With this value excluded, and no longer selected."""
    return _with_filter(question, facet, value, excluded=True)


def releasing(question: Question, facet: str, value: str) -> Question:
    """With this value neither selected nor excluded."""
    return _with_filter(question, facet, value)


def requiring_all(question: Question, facet: str) -> Question:
    """With all of a facet's selected values required, not any of them."""
    filters = tuple(
        replace(chosen, match="all") if chosen.facet == facet else chosen
        for chosen in question.filters
    )
    return replace(_first_page(question), filters=filters)


def between(question: Question, first: date | None, last: date | None) -> Question:
    """Published on these days; both None for any time."""
    dates = Dates(first=first, last=last) if first or last else None
    return replace(_first_page(question), dates=dates)


def sorted_by(question: Question, sort: Sort | None) -> Question:
    """In another order; None for the usual one."""
    return replace(_first_page(question), sort=sort)


def listing(question: Question, facet: str, size: int) -> Question:
    """With this many values listed of a facet, on the same page."""
    facets = tuple(
        replace(wanted, size=size) if wanted.facet == facet else wanted
        for wanted in question.facets
    )
    return replace(question, facets=facets)


def copying(question: Question, *, copies: bool) -> Question:
    """With every copy of a story counted, or only one."""
    return replace(_first_page(question), copies=copies)


def telling(question: Question, story: str) -> Question:
    """All copies of a story that match, earliest first."""
    only = _with_filter(question, STORY, story, selected=True)
    return replace(only, copies=True, sort="oldest")


def cleared(question: Question) -> Question:
    """The text alone, without filters and dates."""
    return replace(_first_page(question), filters=(), dates=None)


def on_page(question: Question, page: int) -> Question:
    """Another page by its number, from 1."""
    return replace(question, offset=(page - 1) * question.size, cursor=None)


def following(question: Question, cursor: str) -> Question:
    """The articles after an answer, by its next_cursor."""
    return replace(question, offset=0, cursor=cursor)


def counting(question: Question) -> Question:
    """The same question for its total alone."""
    return replace(_first_page(question), size=0, facets=(), histogram=None)


def _first_page(question: Question) -> Question:
    return replace(question, offset=0, cursor=None)


def _with_filter(
    question: Question, facet: str, value: str, *, selected: bool = False, excluded: bool = False
) -> Question:
    filters = {chosen.facet: chosen for chosen in question.filters}
    old = filters.get(facet, FacetFilter(facet=facet))
    filters[facet] = FacetFilter(
        facet=facet,
        values=_toggled(old.values, value, present=selected),
        excluded=_toggled(old.excluded, value, present=excluded),
        match=old.match if _toggled(old.values, value, present=selected) else "any",
    )
    kept = (filters[name] for name in (*FACETS, STORY) if name in filters)
    return replace(
        _first_page(question),
        filters=tuple(chosen for chosen in kept if chosen.values or chosen.excluded),
    )


def _toggled(values: tuple[str, ...], value: str, *, present: bool) -> tuple[str, ...]:
    others = {other for other in values if other != value}
    return tuple(sorted(others | {value} if present else others))
