"""What surrounds the hits: facets, chips, histogram and page numbers, ready for the template.

Links are Questions; the template turns them into addresses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from index.entities.mentions import ENTITY_TYPES
from search.archive import Answer, Question
from search.request import Dates, FacetFilter, Sort
from search.results import Bar, FacetCounts, FacetValue, Histogram
from web import changes
from web.filters import long_day, span, value_label
from web.limits import DEEPEST_PAGE, FACET_SIZE, LARGEST_FACET
from web.params import write

SORT_LABELS: Mapping[Sort, str] = MappingProxyType(
    {"relevance": "Best match", "newest": "Newest", "oldest": "Oldest"}
)

MORE_VALUES = 40
"""Values of a facet after "Show more"; a second time lists as many as there may be."""

PAGES_AROUND = 2
"""Page numbers shown before and after the current one, besides the first and the last."""

MOST_BARS = 80
"""Bars that can still be told apart, and clicked, in the width of a column of text."""

COLUMN_WIDTH = 10
COLUMN_GAP = 1
PLOT_HEIGHT = 100
LEAST_HEIGHT = 2
"""The histogram's own units; a bar with any article is at least LEAST_HEIGHT high, and has a gap
on either side."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet with its checkbox; `name` is the parameter the checkbox sends."""

    name: str
    counted: FacetValue
    label: str
    exclude: Question | None


@dataclass(frozen=True, slots=True)
class FacetPanel:
    """A facet as it is shown. `match` is None where any/all makes no difference."""

    facet: str
    choices: tuple[Choice, ...]
    match: str | None
    containing: str
    searchable: bool
    more: Question | None
    fewer: Question | None


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in force in words ("not person", "Vladimir Putin"), and what is asked without."""

    kind: str
    value: str
    without: Question


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the hits that can be chosen."""

    label: str
    question: Question
    current: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A bar of the histogram: where its column begins, how high it is, the question for its days."""

    bar: Bar
    label: str
    x: int
    height: float
    question: Question


@dataclass(frozen=True, slots=True)
class Plot:
    """The histogram's bars from left to right, and articles: in the highest bar, in none."""

    columns: tuple[Column, ...]
    highest: int
    undated: int
    column_width: int = COLUMN_WIDTH
    gap: int = COLUMN_GAP
    height: int = PLOT_HEIGHT

    @property
    def width(self) -> int:
        """The width of all columns."""
        return len(self.columns) * self.column_width


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page by its number; question None for a gap between numbers."""

    number: int
    question: Question | None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages around the current one. Reached by cursor, an answer has no numbers."""

    links: tuple[PageLink, ...]
    before: Question | None
    after: Question | None


def panels(answer: Answer) -> tuple[FacetPanel, ...]:
    """The facets that have anything to choose, in the order of the answer."""
    filters = {chosen.facet: chosen for chosen in answer.question.filters}
    requests = {wanted.facet: wanted for wanted in answer.question.facets}
    return tuple(
        _panel(
            answer.question,
            counts,
            filters.get(counts.facet, FacetFilter(facet=counts.facet)),
            requests[counts.facet].size,
            requests[counts.facet].containing,
        )
        for counts in answer.results.facets
        if counts.values or requests[counts.facet].containing
    )


def chips(question: Question) -> tuple[Chip, ...]:
    """The filters of a question in their order, dates last."""
    found = [
        Chip(
            f"not {chosen.facet}" if excluded else chosen.facet,
            value_label(value, chosen.facet),
            changes.releasing(question, chosen.facet, value),
        )
        for chosen in question.filters
        for excluded, values in ((False, chosen.values), (True, chosen.excluded))
        for value in values
    ]
    if question.dates:
        anytime = changes.between(question, None, None)
        found.append(Chip("published", _span(question.dates), anytime))
    return tuple(found)


def orders(answer: Answer) -> tuple[Order, ...]:
    """The orders to choose from: by relevance only where there are words to be relevant to."""
    usual: Sort = "relevance" if answer.question.text else "newest"
    return tuple(
        Order(
            label,
            changes.sorted_by(answer.question, None if sort == usual else sort),
            sort == answer.request.sort,
        )
        for sort, label in SORT_LABELS.items()
        if sort != "relevance" or answer.question.text
    )


def hidden(question: Question, shown: tuple[FacetPanel, ...]) -> tuple[tuple[str, str], ...]:
    """What a form has to send along because none of its visible controls does."""
    visible = {"q", "from", "to", "page", "cursor"}
    for panel in shown:
        visible |= {panel.facet, f"not.{panel.facet}"}
        visible |= {f"match.{panel.facet}"} if panel.match else set()
        visible |= {f"find.{panel.facet}"} if panel.searchable else set()
    return tuple((name, value) for name, value in write(question) if name not in visible)


def plot(question: Question, histogram: Histogram) -> Plot:
    """The histogram's bars, neighbours joined where there are too many to see."""
    bars = tuple(_joined(histogram.bars))
    highest = max((bar.count for bar in bars), default=0)
    columns = []
    for number, bar in enumerate(bars):
        height = max(bar.count / highest * PLOT_HEIGHT, LEAST_HEIGHT) if bar.count else 0.0
        columns.append(
            Column(
                bar=bar,
                label=span(bar.first, bar.last),
                x=number * COLUMN_WIDTH,
                height=round(height, 2),
                question=changes.between(question, bar.first, bar.last),
            )
        )
    return Plot(tuple(columns), highest, histogram.undated)


def pages(answer: Answer) -> Pages | None:
    """Page numbers and neighbours; None when everything is on one page."""
    question, total = answer.question, answer.results.total
    following = (
        changes.following(question, answer.results.next_cursor)
        if answer.results.next_cursor
        else None
    )
    if question.cursor:
        return Pages((), changes.on_page(question, 1), following)
    if question.size == 0 or total <= question.size:
        return None
    last = min(-(-total // question.size), DEEPEST_PAGE // question.size)
    current = question.offset // question.size + 1
    return Pages(
        links=tuple(_page_links(question, current, last)),
        before=changes.on_page(question, min(current - 1, last)) if current > 1 else None,
        after=changes.on_page(question, current + 1) if current < last else following,
    )


def _panel(
    question: Question, counts: FacetCounts, chosen: FacetFilter, size: int, containing: str
) -> FacetPanel:
    facet = counts.facet
    larger = MORE_VALUES if size < MORE_VALUES else LARGEST_FACET
    return FacetPanel(
        facet=facet,
        choices=tuple(
            Choice(
                name=f"not.{facet}" if value.excluded else facet,
                counted=value,
                label=value_label(value.value, facet),
                exclude=None if value.excluded else changes.excluding(question, facet, value.value),
            )
            for value in counts.values
        ),
        match=chosen.match if facet in ENTITY_TYPES and chosen.values else None,
        containing=containing,
        searchable=counts.more or bool(containing) or size > FACET_SIZE,
        more=changes.listing(question, facet, larger) if counts.more and size < larger else None,
        fewer=changes.listing(question, facet, FACET_SIZE) if size > FACET_SIZE else None,
    )


def _span(dates: Dates) -> str:
    if dates.first and dates.last:
        return span(dates.first, dates.last)
    if dates.first:
        return f"since {long_day(dates.first)}"
    return f"until {long_day(dates.last or date.max)}"


def _joined(bars: tuple[Bar, ...]) -> Iterator[Bar]:
    """The bars, or as many neighbours joined into one as leave at most MOST_BARS."""
    step = -(-len(bars) // MOST_BARS) or 1
    for start in range(0, len(bars), step):
        group = bars[start : start + step]
        yield Bar(group[0].first, group[-1].last, sum(bar.count for bar in group))


def _page_links(question: Question, current: int, last: int) -> Iterator[PageLink]:
    around = range(current - PAGES_AROUND, current + PAGES_AROUND + 1)
    numbers = sorted({1, last, *around} & set(range(1, last + 1)))
    before = 0
    for number in numbers:
        if number > before + 1:
            yield PageLink(before + 1, None)
        yield PageLink(number, changes.on_page(question, number), number == current)
        before = number
