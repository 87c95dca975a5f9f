"""The query string ↔ a Question: the one parser and the one writer, for pages and API alike.

`read` takes the decoded pairs of a query string; `write` gives the pairs back in the one order
every link has, without defaults, so that a question has exactly one address. Whatever `read`
accepts, `read(write(question)) == question`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Literal, cast
from urllib.parse import urlencode

from index.articles import FACETS, STORY, clean_text
from search.archive import Question
from search.errors import RequestError
from search.request import Dates, FacetFilter, FacetRequest, Grain, HistogramRequest, Sort
from web.limits import (
    COPIES,
    DAYS,
    DEEPEST_PAGE,
    FACET_SIZE,
    GRAINS,
    LARGEST_FACET,
    LARGEST_PAGE,
    LONGEST_QUERY,
    LONGEST_VALUE,
    MATCHES,
    MOST_BARS,
    MOST_FILTERS,
    NAMES,
    NONE,
    ORDERS,
    PAGE_SIZE,
    PARAMETERS,
    REPEATED,
    SORTS,
    TOO_MANY_BARS,
)

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DIGITS = re.compile(r"[0-9]{1,9}")

Pairs = tuple[tuple[str, str], ...]


def read(pairs: Iterable[tuple[str, str]], *, only: Collection[str] = NAMES) -> Question:
    """The question a query string asks. Empty values count as absent, as forms send them.

    only: the names of parameters that are known here.
    Raises RequestError naming the first parameter that is unknown, given twice or out of range.
    """
    given = _collect(pairs, only)
    size = _number(given, "size", 0, LARGEST_PAGE, PAGE_SIZE)
    dates = _dates(given)
    return Question(
        text=_text(given, "q", LONGEST_QUERY),
        match=_match(given, "match", "all"),
        filters=(*_filters(given), *_story(given)),
        dates=dates,
        copies=_choice(given, "copies", COPIES) == "all",
        sort=cast("Sort | None", _choice(given, "sort", SORTS)),
        offset=_offset(given, size),
        size=size,
        cursor=_one(given, "cursor"),
        facets=_facets(given),
        histogram=_histogram(given, dates),
    )


def write(question: Question) -> Pairs:
    """The pairs of a question, in the order of PARAMETERS, without defaults."""
    filters = {chosen.facet: chosen for chosen in question.filters}
    dates = question.dates or Dates()
    pairs = [
        ("q", question.text),
        ("match", question.match if question.match != "all" else ""),
        *(pair for facet in FACETS if facet in filters for pair in _write_filter(filters[facet])),
        ("from", dates.first.isoformat() if dates.first else ""),
        ("to", dates.last.isoformat() if dates.last else ""),
        ("story", filters[STORY].values[0] if STORY in filters else ""),
        ("copies", "all" if question.copies else ""),
        ("sort", question.sort or ""),
        ("page", str(question.offset // question.size + 1) if question.offset else ""),
        ("cursor", question.cursor or ""),
        ("size", str(question.size) if question.size != PAGE_SIZE else ""),
        *_write_facets(question.facets),
        ("grain", NONE if question.histogram is None else question.histogram.grain or ""),
    ]
    return tuple((name, value) for name, value in pairs if value)


def address(path: str, question: Question) -> str:
    """The URL of a question on a page or endpoint."""
    query = urlencode(write(question))
    return f"{path}?{query}" if query else path


def _collect(pairs: Iterable[tuple[str, str]], known: Collection[str]) -> Mapping[str, list[str]]:
    given: dict[str, list[str]] = {}
    for name, raw in pairs:
        if name not in known:
            raise RequestError(name, raw, _known(known))
        value = clean_text(raw).strip()
        if not value:
            continue
        values = given.setdefault(name, [])
        if name not in REPEATED and values:
            raise RequestError(name, raw, "only one value")
        if value not in values:
            values.append(value)
    return given


def _known(names: Collection[str]) -> str:
    """What to expect instead of an unknown parameter."""
    if not names:
        return "no parameters here"
    listed = [p.name for p in PARAMETERS] if names is NAMES else names
    return "one of the parameters " + ", ".join(listed)


def _one(given: Mapping[str, list[str]], name: str) -> str | None:
    return given[name][0] if name in given else None


def _text(given: Mapping[str, list[str]], name: str, longest: int) -> str:
    value = _one(given, name) or ""
    if len(value) > longest:
        raise RequestError(name, f"{value[:40]}…", f"at most {longest:,} characters")
    return value


def _choice(given: Mapping[str, list[str]], name: str, choices: Iterable[str]) -> str | None:
    value = _one(given, name)
    if value is not None and value not in choices:
        raise RequestError(name, value, "one of " + ", ".join(choices))
    return value


def _match(
    given: Mapping[str, list[str]], name: str, default: Literal["all", "any"]
) -> Literal["all", "any"]:
    return cast("Literal['all', 'any'] | None", _choice(given, name, MATCHES)) or default


def _number(given: Mapping[str, list[str]], name: str, least: int, most: int, default: int) -> int:
    value = _one(given, name)
    if value is None:
        return default
    if not _DIGITS.fullmatch(value) or not least <= int(value) <= most:
        raise RequestError(name, value, f"a whole number from {least} to {most:,}")
    return int(value)


def _offset(given: Mapping[str, list[str]], size: int) -> int:
    if "page" in given and "cursor" in given:
        raise RequestError("page", given["page"][0], "no page beside a cursor")
    page = _number(given, "page", 1, DEEPEST_PAGE, 1)
    if page * size > DEEPEST_PAGE:
        expected = f"a page within the first {DEEPEST_PAGE:,} articles; use cursor beyond them"
        raise RequestError("page", page, expected)
    return (page - 1) * size


def _filters(given: Mapping[str, list[str]]) -> tuple[FacetFilter, ...]:
    filters = []
    for facet in FACETS:
        values = tuple(sorted(given.get(facet, ())))
        excluded = tuple(sorted(given.get(f"not.{facet}", ())))
        match = _match(given, f"match.{facet}", "any")
        for name, chosen in ((facet, values), (f"not.{facet}", excluded)):
            if long := [value for value in chosen if len(value) > LONGEST_VALUE]:
                raise RequestError(name, f"{long[0][:40]}…", f"at most {LONGEST_VALUE} characters")
        if both := set(values) & set(excluded):
            expected = f"a value that {facet} does not ask for at the same time"
            raise RequestError(f"not.{facet}", min(both), expected)
        if values or excluded:
            match = match if values else "any"
            filters.append(FacetFilter(facet=facet, values=values, excluded=excluded, match=match))
    count = sum(len(chosen.values) + len(chosen.excluded) for chosen in filters)
    if count > MOST_FILTERS:
        raise RequestError("filters", count, f"at most {MOST_FILTERS} values in all filters")
    return tuple(filters)


def _story(given: Mapping[str, list[str]]) -> tuple[FacetFilter, ...]:
    story = _text(given, "story", LONGEST_VALUE)
    return (FacetFilter(facet=STORY, values=(story,)),) if story else ()


def _dates(given: Mapping[str, list[str]]) -> Dates | None:
    first = _day(given, "from", last=False)
    last = _day(given, "to", last=True)
    if first and last and first > last:
        raise RequestError("from", first.isoformat(), f"a day no later than to={last}")
    return Dates(first=first, last=last) if first or last else None


def _day(given: Mapping[str, list[str]], name: str, *, last: bool) -> date | None:
    """The first (or last) day of the year, month or day that is named."""
    value = _one(given, name)
    if value is None:
        return None
    if match := _DATE.fullmatch(value):
        year = int(match[1])
        month = int(match[2] or (12 if last else 1))
        with suppress(ValueError):
            final = calendar.monthrange(year, month)[1] if last else 1
            return date(year, month, int(match[3] or final))
    raise RequestError(name, value, "a date as YYYY, YYYY-MM or YYYY-MM-DD")


def _facets(given: Mapping[str, list[str]]) -> tuple[FacetRequest, ...]:
    names = _facet_names(given)
    return tuple(
        FacetRequest(
            facet=facet,
            size=_number(given, f"size.{facet}", 1, LARGEST_FACET, FACET_SIZE),
            containing=_text(given, f"find.{facet}", LONGEST_VALUE),
            order=_order(given, f"order.{facet}"),
        )
        for facet in FACETS
        if facet in names
    )


def _order(given: Mapping[str, list[str]], name: str) -> Literal["count", "weight"]:
    return cast("Literal['count', 'weight'] | None", _choice(given, name, ORDERS)) or "count"


def _facet_names(given: Mapping[str, list[str]]) -> frozenset[str]:
    value = _one(given, "facets")
    if value is None:
        return frozenset(FACETS)
    names = frozenset(name.strip() for name in value.split(","))
    if names == {NONE}:
        return frozenset()
    if not names <= set(FACETS):
        raise RequestError("facets", value, f"{NONE}, or some of {','.join(FACETS)}")
    return names


def _histogram(given: Mapping[str, list[str]], dates: Dates | None) -> HistogramRequest | None:
    grain = _choice(given, "grain", (*GRAINS, NONE))
    if grain in DAYS and dates and dates.first and dates.last:
        bars = (dates.last - dates.first).days // DAYS[grain]
        if bars > MOST_BARS:
            raise RequestError("grain", grain, TOO_MANY_BARS)
    return None if grain == NONE else HistogramRequest(grain=cast("Grain | None", grain))


def _write_filter(chosen: FacetFilter) -> list[tuple[str, str]]:
    pairs = [(chosen.facet, value) for value in chosen.values]
    pairs += [(f"not.{chosen.facet}", value) for value in chosen.excluded]
    if chosen.match != "any":
        pairs.append((f"match.{chosen.facet}", chosen.match))
    return pairs


def _write_facets(facets: tuple[FacetRequest, ...]) -> Pairs:
    names = [request.facet for request in facets]
    listed = () if tuple(names) == FACETS else (("facets", ",".join(names) or NONE),)
    sizes = tuple((f"size.{f.facet}", str(f.size)) for f in facets if f.size != FACET_SIZE)
    finds = tuple((f"find.{f.facet}", f.containing) for f in facets if f.containing)
    orders = tuple((f"order.{f.facet}", f.order) for f in facets if f.order != "count")
    return (*listed, *sizes, *finds, *orders)
