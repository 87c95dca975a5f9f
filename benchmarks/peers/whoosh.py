"""Whoosh as it comes: its own analyzers, scorers, and groups of results for facets."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from whoosh import fields, index, query, sorting
from whoosh.analysis import StemmingAnalyzer

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

_MEGABYTES = 256
_TITLE_BOOST = 2.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTH = timedelta(days=30)
_COUNTED = partial(sorting.FieldFacet, allow_overlap=True, maptype=sorting.Count)


class StockWhoosh:
    """One multisegment index, searched through one searcher."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._searcher: Any = None
        self._groups: dict[str, Any] = {}

    def index(self, documents: Sequence[Document]) -> Indexed:
        """Index in one process and one commit, optimised to one segment."""
        begun = time.perf_counter()
        made = index.create_in(self._folder, _schema())
        writer = made.writer(limitmb=_MEGABYTES)
        for document in documents:
            writer.add_document(**_fields(document))
        writer.commit(optimize=True)
        seconds = time.perf_counter() - begun
        self._searcher = made.searcher()
        dates = [d.published for d in documents if d.published is not None]
        self._groups = {facet: _COUNTED(facet) for facet in FACETS}
        if dates:
            self._groups[MONTHS] = sorting.DateRangeFacet(
                "published",
                _moment(min(dates)),
                _moment(max(dates)) + _MONTH,
                _MONTH,
                maptype=sorting.Count,
            )
        return Indexed(seconds, size_of(self._folder))

    def answers(self, question: Question, task: Task) -> bool:  # noqa: ARG002  (of the protocol)
        """Everything."""
        return True

    def top10(self, question: Question) -> Answer:
        """Without counting."""
        found = self._searcher.search(self._query(question), limit=TOP)
        return Answer([hit["id"] for hit in found])

    def count(self, question: Question) -> Answer:
        """The length of results counts what was not scored."""
        found = self._searcher.search(self._query(question), limit=TOP)
        return Answer([hit["id"] for hit in found], len(found))

    def page(self, question: Question) -> Answer:
        """One search for each part, grouped by its facets."""
        answers = []
        groups: dict[str, Any] = {}
        for part, names in parts_of_page(question).items():
            wanted = {name: self._groups[name] for name in names if name in self._groups}
            found = self._searcher.search(self._query(part), limit=TOP, groupedby=wanted)
            groups |= {name: found.groups(name) for name in wanted}
            answers.append(found)
        return Answer([hit["id"] for hit in answers[0][:TOP]], len(answers[0]), groups)

    def facet_counts(self, answer: Answer) -> Mapping[str, list[tuple[str, int]]]:
        """From the groups."""
        return {
            facet: sorted(
                ((value, count) for value, count in answer.page[facet].items() if value),
                key=lambda each: (-each[1], each[0]),
            )[:FACET_VALUES]
            for facet in FACETS
        }

    def _query(self, question: Question) -> Any:
        conditions = [query.Term(facet, value) for facet, value in question.filters]
        if question.days:
            first, last = (datetime.combine(d, datetime.min.time()) for d in question.days)
            conditions.append(
                query.DateRange("published", first, last + timedelta(days=1), endexcl=True)
            )
        words = self._words(question)
        return query.And([words, *map(query.ConstantScoreQuery, conditions)])

    def _words(self, question: Question) -> Any:
        match question.form:
            case "everything":
                return query.Every()
            case "prefix":
                return _in_either(lambda name: query.Prefix(name, question.words[0]))
            case "phrase":
                return _in_either(lambda name: query.Phrase(name, list(question.stems)))
        words = [_in_either(partial(_term, stem)) for stem in question.stems]
        return query.Or(words) if question.form == "any" else query.And(words)


def _term(stem: str, name: str) -> Any:
    return query.Term(name, stem, boost=_TITLE_BOOST if name == "title" else 1.0)


def _in_either(made: Any) -> Any:
    return query.Or([made("title"), made("body")])


def _schema() -> fields.Schema:
    text = StemmingAnalyzer(stoplist=None, minsize=1)
    facets = {facet: fields.KEYWORD(commas=True, sortable=True) for facet in FACETS}
    return fields.Schema(
        id=fields.ID(stored=True),
        title=fields.TEXT(analyzer=text),
        body=fields.TEXT(analyzer=text),
        published=fields.DATETIME(sortable=True),
        **facets,
    )


def _fields(document: Document) -> dict[str, Any]:
    given: dict[str, Any] = {
        "id": document.article_id,
        "title": document.title,
        "body": document.body,
    }
    for facet, values in document.facets.items():
        given[facet] = ",".join(value.replace(",", " ") for value in values)
    if document.published is not None:
        given["published"] = _moment(document.published)
    return given


def _moment(seconds: int) -> datetime:
    return (_EPOCH + timedelta(seconds=seconds)).replace(tzinfo=None)


PEER = StockWhoosh
