"""What every engine must answer, by brute force: slow, obvious, in float64.

An Oracle is an engine too: it satisfies search.engine.Engine over documents in memory.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from oracle_calendar import finest, spans
from oracle_facets import count_values, facet_counts
from oracle_texts import Text, age_of, copies, fields

from index.articles import Document
from index.naming import Naming
from index.tokens import fold, stem
from search.bm25 import Statistics, idf, length_norm, score, weighted_frequency
from search.engine import ArchiveWord
from search.errors import CursorError
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
from search.request import (
    Dates,
    FacetFilter,
    FacetRequest,
    HistogramRequest,
    SearchRequest,
)
from search.results import FacetCounts, Histogram, Hit, SearchResults


class Oracle:
    """Answers as the documentation of plan, request, results and bm25 says, word by word.

    Of several documents with one article id the last one counts. Values have the names that
    `naming` gives them.
    """

    def __init__(self, documents: Iterable[Document], naming: Naming = Naming()) -> None:  # noqa: B008  (immutable)
        latest = {document.article_id: document for document in documents}
        self.texts = [Text(document, naming) for document in latest.values()]
        lengths = [text.length for text in self.texts]
        self.average_length = sum(lengths) / len(lengths) if lengths else 0.0

    def search(self, request: SearchRequest) -> SearchResults:
        hits = self.hits(request)
        first = start_of_page(request)
        page = hits[first : first + request.size]
        more = request.size > 0 and first + len(page) < len(hits)
        return SearchResults(
            total=len(hits),
            hits=tuple(page),
            facets=tuple(self.facet(wanted, request) for wanted in request.facets),
            histogram=self.histogram(request.histogram, request) if request.histogram else None,
            following=partial(cursor, first + len(page), request) if more else None,
        )

    def words(self, prefix: str) -> Iterator[ArchiveWord]:
        articles: Counter[tuple[str, str]] = Counter()
        for text in self.texts:
            every = {word for found in text.words.values() for word in found}
            articles.update((word, stem(word, text.document.language)) for word in every)
        for (word, its_stem), count in sorted(articles.items()):
            if word.startswith(prefix):
                yield ArchiveWord(word, its_stem, count)

    def facet_values(self, facet: str, containing: str) -> Iterator[tuple[str, int]]:
        for value, count in sorted(count_values(self.texts, facet).items()):
            if fold(containing) in fold(value):
                yield value, count

    def count(self) -> int:
        return len(self.texts)

    def languages(self) -> tuple[str, ...]:
        articles = Counter(text.document.language for text in self.texts)
        return tuple(sorted(articles, key=lambda language: (-articles[language], language)))

    def statistics(self) -> Statistics:
        return Statistics(len(self.texts), self.average_length)

    def refreshed(self) -> Oracle:
        return self

    def close(self) -> None:
        pass

    def matching(self, request: SearchRequest) -> list[Text]:
        return [
            text
            for text in self.texts
            if self.matches(request.plan, text)
            and all(passes(chosen, text) for chosen in request.filters)
            and within(request.dates, text)
        ]

    def select(self, request: SearchRequest) -> list[Text]:
        """The matching texts, without later copies unless the request wants them."""
        matching = self.matching(request)
        if request.copies:
            return matching
        return [text for text in matching if text is min(copies(text, matching), key=age_of)]

    def matches(self, plan: Plan, text: Text) -> bool:
        match plan:
            case Everything():
                return True
            case Nothing():
                return False
            case Word(wanted, field, _):
                return text.has(wanted, field)
            case AnyWord(stems, field, _):
                return any(text.has(wanted, field) for wanted in stems)
            case Phrase(stems, slop, field, _):
                return any(text.frequency(stems, slop, name) for name in fields(field))
            case HasValue(facet, values):
                return any(value in text.values(facet) for value in values)
            case PublishedBetween(start, end):
                published = text.document.published
                return published is not None and between(published, start, end)
            case AmongArticles(article_ids):
                return text.document.article_id in article_ids
            case Boolean(must, should, required, must_not, _):
                needs_should = bool(should) and not must and not required
                return (
                    all(self.matches(child, text) for child in (*must, *required))
                    and not any(self.matches(child, text) for child in must_not)
                    and (not needs_should or any(self.matches(child, text) for child in should))
                )
            case _:
                raise TypeError(f"{plan} has not been expanded")

    def score(self, plan: Plan, text: Text) -> float:
        """The score of a text that may or may not match."""
        if not self.matches(plan, text):
            return 0.0
        match plan:
            case Word(wanted, field, boost):
                return self.bm25((wanted,), 0, field, boost, text)
            case Phrase(stems, slop, field, boost):
                return self.bm25(stems, slop, field, boost, text)
            case AnyWord(_, _, boost):
                return boost
            case Boolean(must, should, _, _, boost):
                return boost * sum(self.score(child, text) for child in (*must, *should))
            case _:
                return 0.0

    def bm25(
        self, stems: tuple[str, ...], slop: int, field: str | None, boost: float, text: Text
    ) -> float:
        rarity = sum(idf(len(self.texts), self.document_frequency(s, field)) for s in stems)
        counts = {name: text.frequency(stems, slop, name) for name in fields(field)}
        frequency = weighted_frequency(counts.get("title", 0), counts.get("body", 0))
        return score(rarity, frequency, length_norm(text.length, self.average_length), boost)

    def document_frequency(self, wanted: str, field: str | None) -> int:
        return sum(text.has(wanted, field) for text in self.texts)

    def hits(self, request: SearchRequest) -> list[Hit]:
        matching = self.matching(request)
        hits = [
            Hit(
                text.document.article_id,
                self.score(request.plan, text),
                text.document.published,
                0 if request.copies else len(copies(text, matching)) - 1,
            )
            for text in self.select(request)
        ]
        hits.sort(key=lambda hit: hit.article_id, reverse=True)
        hits.sort(key=lambda hit: age(hit, oldest_first=request.sort == "oldest"))
        if request.sort == "relevance":
            hits.sort(key=lambda hit: -hit.score)
        return hits

    def facet(self, wanted: FacetRequest, request: SearchRequest) -> FacetCounts:
        others = tuple(chosen for chosen in request.filters if chosen.facet != wanted.facet)
        counted = self.select(replace(request, filters=others))
        return facet_counts(wanted, request, counted, self.texts)

    def histogram(self, wanted: HistogramRequest, request: SearchRequest) -> Histogram:
        found = self.select(replace(request, dates=None))
        days = [text.day for text in found if text.day is not None]
        dates = request.dates or Dates()
        first = dates.first or min(days, default=None)
        last = dates.last or max(days, default=None)
        grain = wanted.grain or finest(first, last, wanted.bars)
        bars = tuple(spans(first, last, grain))
        counts = tuple(sum(start <= day <= end for day in days) for start, end in bars)
        return Histogram(grain, bars, counts, undated=len(found) - len(days))


def between(published: int, start: int | None, end: int | None) -> bool:
    return (start is None or start <= published) and (end is None or published < end)


def passes(chosen: FacetFilter, text: Text) -> bool:
    values = text.values(chosen.facet)
    if any(value in values for value in chosen.excluded):
        return False
    if not chosen.values:
        return True
    quantifier = all if chosen.match == "all" else any
    return quantifier(value in values for value in chosen.values)


def within(dates: Dates | None, text: Text) -> bool:
    """Whether the text was published on these days; no bounds at all restrict nothing."""
    if dates is None or dates == Dates():
        return True
    return text.day is not None and (dates.first or date.min) <= text.day <= (
        dates.last or date.max
    )


def age(hit: Hit, *, oldest_first: bool) -> tuple[bool, int]:
    published = hit.published or 0
    return hit.published is None, published if oldest_first else -published


def start_of_page(request: SearchRequest) -> int:
    if request.cursor is None:
        return request.offset
    place, _, _ = request.cursor.partition(".")
    if not place.isdecimal() or request.cursor != cursor(int(place), request):
        raise CursorError("cursor", request.cursor, "the next_cursor of this question")
    return int(place)


def cursor(place: int, request: SearchRequest) -> str:
    decisive = (request.plan, request.filters, request.dates, request.sort, request.copies)
    question = repr((place, *decisive))
    return f"{place}.{hashlib.sha256(question.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
