"""Tantivy through its Python package, each question in the form that it answers fastest.

Measured for that on 40,000 articles: terms read without positions, words of several fields as
one flat list, a prefix as a fuzzy word at distance 0 (three times faster than a regular
expression, fourteen times than a set of terms), ids from a fast field (twice as fast as the
stored document), dates from the fast field rather than the inverted index.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur, Query

from benchmarks.peers.peer import (
    FACET_VALUES,
    FACETS,
    MONTHS,
    TOP,
    Answer,
    Indexed,
    Task,
    parts_of_page,
    size_of,
)
from benchmarks.questions import Question
from index.articles import Document

_HEAP = 512_000_000
_TITLE_BOOST = 2.0
_FIELDS = ("title", "body")
_AGGREGATIONS = {
    **{facet: {"terms": {"field": facet, "size": FACET_VALUES}} for facet in FACETS},
    MONTHS: {"date_histogram": {"field": "published", "fixed_interval": "30d"}},
}
"""A histogram of 30 days, as it knows no calendar months."""


class Tantivy:
    """Ids of articles are kept in a list outside the index, numbered by a fast field."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._schema = _schema()
        self._ids: list[str] = []
        self._stemmed = _stemmer()
        self._searcher: Any = None  # the package's own types leave out a result's count

    def index(self, documents: Sequence[Document]) -> Indexed:
        """Index with one thread of its own; the merges it begins are waited for."""
        begun = time.perf_counter()
        index = tantivy.Index(self._schema, path=str(self._folder))
        writer = index.writer(heap_size=_HEAP, num_threads=1)
        for number, document in enumerate(documents):
            writer.add_document(_document(number, document))
        writer.commit()
        writer.wait_merging_threads()
        seconds = time.perf_counter() - begun
        self._ids = [document.article_id for document in documents]
        index.reload()
        self._searcher = index.searcher()
        return Indexed(seconds, size_of(self._folder), f"{self._searcher.num_segments} segments")

    def answers(self, question: Question, task: Task) -> bool:  # noqa: ARG002  (of the protocol)
        """Everything."""
        return True

    def top10(self, question: Question) -> Answer:
        """Without counting, so that it may skip what cannot be among the best."""
        found = self._searcher.search(self._query(question), TOP, count=False)
        return Answer(self._names(found))

    def count(self, question: Question) -> Answer:
        """One search that counts too."""
        found = self._searcher.search(self._query(question), TOP, count=True)
        return Answer(self._names(found), found.count)

    def page(self, question: Question) -> Answer:
        """One search, and one aggregation for each part: it has no call for both."""
        found = self._searcher.search(self._query(question), TOP, count=True)
        page: dict[str, Any] = {}
        for part, names in parts_of_page(question).items():
            wanted = {name: _AGGREGATIONS[name] for name in names}
            if wanted:
                page |= self._searcher.aggregate(self._query(part), wanted)
        return Answer(self._names(found), found.count, page)

    def facet_counts(self, answer: Answer) -> Mapping[str, list[tuple[str, int]]]:
        """From the buckets."""
        return {
            facet: [(each["key"], each["doc_count"]) for each in answer.page[facet]["buckets"]]
            for facet in FACETS
        }

    def _names(self, found: Any) -> list[str]:
        addresses = [address for _, address in found.hits]
        return [self._ids[n] for n in self._searcher.fast_field_values("number", addresses)]

    def _query(self, question: Question) -> Query:
        words = self._words(question)
        conditions = [
            (Occur.Must, Query.const_score_query(condition, 0.0))
            for condition in self._conditions(question)
        ]
        if not conditions:
            return words or Query.all_query()
        return Query.boolean_query([(Occur.Must, words), *conditions] if words else conditions)

    def _words(self, question: Question) -> Query | None:
        if question.form == "everything":
            return None
        if question.form == "any" or (question.form == "all" and len(question.stems) == 1):
            leaves = [leaf for word in question.words for leaf in self._leaves(word)]
            return Query.boolean_query(leaves)
        if question.form == "all":
            words = [Query.boolean_query(self._leaves(word)) for word in question.words]
            return Query.boolean_query([(Occur.Must, word) for word in words])
        if question.form == "phrase":
            stems: list[str | tuple[int, str]] = [self._stemmed(word) for word in question.words]
            return self._in_either(lambda name: Query.phrase_query(self._schema, name, stems))
        prefix = question.words[0]
        return self._in_either(
            lambda name: Query.fuzzy_term_query(self._schema, name, prefix, distance=0, prefix=True)
        )

    def _leaves(self, word: str) -> list[tuple[Occur, Query]]:
        """A word in the title or the body."""
        stem = self._stemmed(word)
        title, body = (
            Query.term_query(self._schema, name, stem, index_option="freq") for name in _FIELDS
        )
        return [(Occur.Should, Query.boost_query(title, _TITLE_BOOST)), (Occur.Should, body)]

    def _in_either(self, made: Callable[[str], Query]) -> Query:
        title, body = (made(name) for name in _FIELDS)
        boosted = Query.boost_query(title, _TITLE_BOOST)
        return Query.boolean_query([(Occur.Should, boosted), (Occur.Should, body)])

    def _conditions(self, question: Question) -> list[Query]:
        found = [
            Query.term_query(self._schema, facet, value, index_option="basic")
            for facet, value in question.filters
        ]
        if question.days:
            first, last = (datetime.combine(d, datetime.min.time(), UTC) for d in question.days)
            found.append(
                Query.range_query(
                    self._schema,
                    "published",
                    tantivy.FieldType.Date,
                    first,
                    last + timedelta(days=1),
                    include_upper=False,
                )
            )
        return found


def _stemmer() -> Callable[[str], str]:
    """Its own stem of a folded word; its Snowball is of another year than ours. Remembered."""
    analyzer = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )

    @cache
    def stemmed(word: str) -> str:
        return analyzer.analyze(word)[0]

    return stemmed


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("number", fast=True)
    for name in _FIELDS:
        builder.add_text_field(name, tokenizer_name="en_stem", index_option="position")
    for facet in FACETS:
        builder.add_text_field(facet, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_date_field("published", fast=True, indexed=True)
    return builder.build()


def _document(number: int, document: Document) -> tantivy.Document:
    fields = {
        "id": document.article_id,
        "number": number,
        "title": document.title,
        "body": document.body,
        **{facet: list(values) for facet, values in document.facets.items()},
    }
    if document.published is not None:
        fields["published"] = datetime.fromtimestamp(document.published, UTC)
    return tantivy.Document(**fields)


PEER = Tantivy
