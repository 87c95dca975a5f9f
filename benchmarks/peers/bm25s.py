"""bm25s: scores of all articles as sparse arrays. It ranks for any of the words, and no more."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import bm25s

from benchmarks.peers.peer import TOP, Answer, Indexed, Task, size_of
from benchmarks.questions import Question
from index.articles import Document
from index.tokens import stem, words
from search.bm25 import K1, B


class Bm25s:
    """Title and body in one text, cut and stemmed by index.tokens; no counts, filters, facets."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ids: list[str] = []
        self._retriever: bm25s.BM25

    def index(self, documents: Sequence[Document]) -> Indexed:
        """Index in memory and save."""
        begun = time.perf_counter()
        texts = [
            [stem(word, each.language) for word in words(f"{each.title}\n{each.body}")]
            for each in documents
        ]
        self._retriever = bm25s.BM25(k1=K1, b=B, backend="numba")
        self._retriever.index(texts, show_progress=False)
        self._retriever.save(str(self._folder), show_progress=False)
        seconds = time.perf_counter() - begun
        self._ids = [document.article_id for document in documents]
        return Indexed(seconds, size_of(self._folder), "no positions")

    def answers(self, question: Question, task: Task) -> bool:
        """Top 10 for any of the words, or one."""
        plain = not question.filters and not question.days
        ranked = question.form == "any" or (question.form == "all" and len(question.stems) == 1)
        return task == "top10" and plain and ranked

    def top10(self, question: Question) -> Answer:
        """The best articles; those without any of the words are left out."""
        numbers, scores = self._retriever.retrieve(
            [list(question.stems)], k=min(TOP, len(self._ids)), show_progress=False, n_threads=1
        )
        found = zip(numbers[0], scores[0], strict=True)
        return Answer([self._ids[number] for number, score in found if score > 0])

    def count(self, question: Question) -> Answer:
        """Not offered."""
        raise NotImplementedError

    def page(self, question: Question) -> Answer:
        """Not offered."""
        raise NotImplementedError

    def facet_counts(self, answer: Answer) -> Mapping[str, list[tuple[str, int]]]:
        """Not offered."""
        raise NotImplementedError


PEER = Bm25s
