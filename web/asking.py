"""Asks the archive, and makes every number beside a facet value the number of its click.

An engine counts each facet under all filters but the facet's own. Excluded values of the same
facet, and values that all have to be there, change what a click on another value yields;
where a facet has any, its values are counted once more with those in the query's own place.
"""

from __future__ import annotations

from dataclasses import replace

from search.archive import Answer, Archive, Question
from search.engine import Engine
from search.errors import RequestError
from search.plan import Boolean, HasValue, Plan
from search.request import FacetFilter, SearchRequest
from search.results import FacetCounts
from web import unexpected
from web.limits import MOST_BARS, TOO_MANY_BARS


def ask(archive: Archive, question: Question) -> Answer:
    """The archive's answer to a question, its facets counted as clicks would.

    Raises RequestError, and what engines raise.
    """
    answer = replace(archive.search(unexpected.asked(question)), question=question)
    asked, histogram = question.histogram, answer.results.histogram
    if asked and asked.grain and histogram and len(histogram.bars) > MOST_BARS:
        raise RequestError("grain", asked.grain, TOO_MANY_BARS)
    engine = archive.engine
    facets = click_counts(engine, answer.request, answer.results.facets)
    facets = unexpected.within(engine, answer.request, facets)
    return replace(answer, results=replace(answer.results, facets=facets))


def click_counts(
    engine: Engine, request: SearchRequest, facets: tuple[FacetCounts, ...]
) -> tuple[FacetCounts, ...]:
    """The facets of an engine's answer to a request, every value with what its click yields.

    Beside a value stands how many articles have it (and all the selected ones, where all are
    required); beside an excluded one, how many come in when it is taken back.
    """
    narrowing = {chosen.facet: chosen for chosen in request.filters if _narrows(chosen)}
    return tuple(
        _recounted(engine, request, narrowing[counts.facet])
        if counts.facet in narrowing
        else counts
        for counts in facets
    )


def _narrows(chosen: FacetFilter) -> bool:
    """Whether a filter narrows what clicks on other values of its facet yield."""
    return bool(chosen.excluded) or (chosen.match == "all" and bool(chosen.values))


def _recounted(engine: Engine, request: SearchRequest, chosen: FacetFilter) -> FacetCounts:
    """The counts of a facet under its own exclusions and required values."""
    required = chosen.values if chosen.match == "all" else ()
    wanted = next(wanted for wanted in request.facets if wanted.facet == chosen.facet)
    base = replace(request, size=0, offset=0, cursor=None, facets=(), histogram=None)
    plan = _narrowed(request.plan, chosen.facet, required, chosen.excluded)
    (counts,) = engine.search(replace(base, plan=plan, facets=(wanted,))).facets
    others = tuple(other for other in request.filters if other is not chosen)

    def brought_in(value: str) -> int:
        """The articles that come in when an excluded value is taken back."""
        kept = tuple(other for other in chosen.excluded if other != value)
        plan = _narrowed(request.plan, chosen.facet, (*required, value), kept)
        return engine.search(replace(base, plan=plan, filters=others)).total

    numbers = tuple(
        (value, brought_in(value) if value in counts.excluded else count)
        for value, count in counts.counts
    )
    return counts._replace(counts=numbers)


def _narrowed(plan: Plan, facet: str, required: tuple[str, ...], excluded: tuple[str, ...]) -> Plan:
    """The plan, with values that have to be there and values that must not."""
    return Boolean(
        must=(plan,),
        filter=tuple(HasValue(facet, (value,)) for value in required),
        must_not=(HasValue(facet, excluded),) if excluded else (),
    )
