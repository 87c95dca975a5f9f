"""Who and what is named more than usual in the articles found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.entities.mentions import ENTITY_TYPES
from search.archive import Answer, Question
from search.engine import Engine
from search.plan import Boolean, HasValue, Plan
from search.request import FacetFilter, FacetRequest, SearchRequest
from search.results import FacetCounts, Unexpected
from web import changes
from web.limits import UNEXPECTED

MOST_SHOWN = 8

FEWEST_ARTICLES = 5
"""Of fewer articles every name is unexpected."""

LEAST_SCORE = 10.83
"""Of the log-likelihood ratio: what is as unexpected comes about by chance once in 1,000 times
(chi-squared, one degree of freedom)."""


@dataclass(frozen=True, slots=True)
class Unusual:
    """A value that is named more than usual, and the question for its articles among those found.

    articles: of those found; all_articles: of the whole archive.
    """

    facet: str
    value: str
    articles: int
    all_articles: int
    question: Question


def asked(question: Question) -> Question:
    """The question, also for what is unexpected in the facets that are not filtered by."""
    filtered = {chosen.facet for chosen in question.filters}
    facets = tuple(
        replace(wanted, unexpected=UNEXPECTED)
        if _narrows(question) and wanted.facet in ENTITY_TYPES and wanted.facet not in filtered
        else wanted
        for wanted in question.facets
    )
    return replace(question, facets=facets)


def within(
    engine: Engine, request: SearchRequest, facets: tuple[FacetCounts, ...]
) -> tuple[FacetCounts, ...]:
    """The facets of an answer, those that are filtered by with what is unexpected in them.

    An engine counts a facet without the filters of its own; here these are in force too, and the
    values they are about are left out.
    """
    filters = {chosen.facet: chosen for chosen in request.filters}
    again = tuple(
        FacetRequest(facet=counts.facet, size=1, unexpected=UNEXPECTED + _named(chosen))
        for counts in facets
        if counts.facet in ENTITY_TYPES and (chosen := filters.get(counts.facet))
    )
    if not again:
        return facets
    counted = _counted(engine, request, again)
    return tuple(
        counts._replace(unexpected=_others(counted[counts.facet], filters[counts.facet]))
        if counts.facet in counted
        else counts
        for counts in facets
    )


def shown(answer: Answer) -> tuple[Unusual, ...]:
    """The people, places and organisations to point out, the most unexpected first."""
    total = answer.results.total
    if total < FEWEST_ARTICLES:
        return ()
    filters = {chosen.facet: chosen for chosen in answer.question.filters}
    found = [
        (unexpected, counts.facet, question)
        for counts in answer.results.facets
        if counts.facet in ENTITY_TYPES
        for unexpected in counts.unexpected
        if unexpected.score >= LEAST_SCORE and unexpected.count < total
        for question in _narrowed(answer.question, filters, counts.facet, unexpected.value)
    ]
    found.sort(key=lambda each: (-each[0].score, each[0].value))
    return tuple(
        Unusual(facet, each.value, each.count, each.total, question)
        for each, facet, question in found[:MOST_SHOWN]
    )


def _narrows(question: Question) -> bool:
    """Whether a question is about less than the whole archive, where everything is as usual."""
    return bool(question.text or question.filters or question.dates)


def _narrowed(
    question: Question, filters: dict[str, FacetFilter], facet: str, value: str
) -> Iterator[Question]:
    """The question for the articles that have a value too; none where there is no such one.

    Of a facet in which any of several values will do, one more would bring articles in.
    """
    chosen = filters.get(facet, FacetFilter(facet=facet))
    if len(chosen.values) < 2 or chosen.match == "all":
        selected = changes.selecting(question, facet, value)
        yield changes.requiring_all(selected, facet) if chosen.values else selected


def _counted(
    engine: Engine, request: SearchRequest, wanted: tuple[FacetRequest, ...]
) -> dict[str, FacetCounts]:
    """Facets counted under all filters."""
    plan: Plan = Boolean(
        must=(request.plan,),
        filter=tuple(each for chosen in request.filters for each in _required(chosen)),
        must_not=tuple(
            HasValue(chosen.facet, chosen.excluded) for chosen in request.filters if chosen.excluded
        ),
    )
    counting = replace(
        request,
        plan=plan,
        filters=(),
        size=0,
        offset=0,
        cursor=None,
        facets=wanted,
        histogram=None,
    )
    return {counts.facet: counts for counts in engine.search(counting).facets}


def _required(chosen: FacetFilter) -> Iterator[HasValue]:
    if chosen.match == "all":
        yield from (HasValue(chosen.facet, (value,)) for value in chosen.values)
    elif chosen.values:
        yield HasValue(chosen.facet, chosen.values)


def _named(chosen: FacetFilter) -> int:
    return len(chosen.values) + len(chosen.excluded)


def _others(counts: FacetCounts, chosen: FacetFilter) -> tuple[Unexpected, ...]:
    named = {*chosen.values, *chosen.excluded}
    return tuple(each for each in counts.unexpected if each.value not in named)[:UNEXPECTED]
