"""The engines of this project, asked through the interface the web pages use."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.peers.peer import FACET_VALUES, FACETS, TOP, Answer, Indexed, Task, size_of
from benchmarks.questions import Question
from index.articles import Document
from index.native.manifest import SEGMENT_SUFFIX
from index.target import open_target
from search.engine import ENGINES, Engine
from search.plan import Boolean, Everything, Pattern, Phrase, Plan, Word
from search.request import Dates, FacetFilter, FacetRequest, HistogramRequest, SearchRequest
from search.vocabulary import expand

_FACETS = tuple(FacetRequest(facet=facet, size=FACET_VALUES) for facet in FACETS)
_MONTHS = HistogramRequest(grain="month")


class DatelineEngine:
    """An engine of search.engine.ENGINES. It always counts, so top10 and count are the same."""

    def __init__(self, name: str, folder: Path) -> None:
        self._name = name
        self._folder = folder
        self._engine: Engine

    def index(self, documents: Sequence[Document]) -> Indexed:
        """Index the documents in one commit."""
        begun = time.perf_counter()
        with open_target(self._name, self._folder) as target:
            for document in documents:
                target.put(document)
            target.commit()
        seconds = time.perf_counter() - begun
        self.open()
        segments = len(list(self._folder.glob(f"*{SEGMENT_SUFFIX}")))
        note = f"{segments} segments" if self._name == "native" else ""
        return Indexed(seconds, size_of(self._folder), note)

    def open(self) -> None:
        """Get ready to search what is in the folder already."""
        self._engine = ENGINES[self._name](self._folder)

    def answers(self, question: Question, task: Task) -> bool:  # noqa: ARG002  (of the protocol)
        """Everything."""
        return True

    def top10(self, question: Question) -> Answer:
        """The best articles."""
        return self._answer(self._request(question, page=False))

    def count(self, question: Question) -> Answer:
        """The best articles and how many there are."""
        return self.top10(question)

    def page(self, question: Question) -> Answer:
        """One request."""
        return self._answer(self._request(question, page=True))

    def facet_counts(self, answer: Answer) -> Mapping[str, list[tuple[str, int]]]:
        """From the results."""
        return {facet.facet: list(facet.counts[:FACET_VALUES]) for facet in answer.page.facets}

    def _answer(self, request: SearchRequest) -> Answer:
        results = self._engine.search(request)
        return Answer([hit.article_id for hit in results.hits], results.total, results)

    def _request(self, question: Question, *, page: bool) -> SearchRequest:
        return SearchRequest(
            plan=self._plan(question),
            filters=tuple(FacetFilter(facet=facet, values=(v,)) for facet, v in question.filters),
            dates=Dates(first=question.days[0], last=question.days[1]) if question.days else None,
            size=TOP,
            facets=_FACETS if page else (),
            histogram=_MONTHS if page else None,
        )

    def _plan(self, question: Question) -> Plan:
        """The question as a tree of nodes, a prefix replaced by the archive's words with it."""
        found = tuple(Word(stem) for stem in question.stems)
        match question.form:
            case "everything":
                return Everything()
            case "prefix":
                return expand(Pattern("prefix", question.words[0]), self._engine)
            case "phrase":
                return Phrase(question.stems)
            case _ if len(found) == 1:
                return found[0]
            case "any":
                return Boolean(should=found)
            case "all":
                return Boolean(must=found)
