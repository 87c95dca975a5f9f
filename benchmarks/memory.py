"""How much memory the native engine takes beyond the files it has mapped.

    python -m benchmarks.memory --corpus FILE.jsonl[.gz] [--limit N] [--budget MB]

A process of its own indexes and another one searches, each from a fresh start. What counts is the
memory of the process that is backed by no file, as Linux tells in /proc/self/smaps_rollup. It
comes with what it is before, which Python and the libraries have taken.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Self

from benchmarks import measure
from benchmarks.corpus import all_documents, documents
from benchmarks.peers.dateline import DatelineEngine
from benchmarks.questions import Question, draw_questions
from benchmarks.report import table
from index.articles import Document
from index.native.writer import DEFAULT_BUDGET, NativeTarget

_MEGABYTE = 1 << 20
_SECONDS_BETWEEN_LOOKS = 0.02
_ASKED_ABOUT = 20_000
"""The questions are drawn from so many first articles, by the process that only waits."""

_TO_WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes backed by no file: before the work began and the most there were in it."""

    before: int
    most: int


class Watch:
    """Looks at the memory of this process every few milliseconds while the context is open, and at its end."""

    def __init__(self) -> None:
        self.memory = Memory(anonymous(), anonymous())
        self._ended = threading.Event()
        self._looking = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._looking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._looking.join()
        self._look()

    def _watch(self) -> None:
        while not self._ended.wait(_SECONDS_BETWEEN_LOOKS):
            self._look()

    def _look(self) -> None:
        self.memory = Memory(self.memory.before, max(self.memory.most, anonymous()))


def anonymous() -> int:
    """Bytes of this process's memory that no file backs."""
    for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == "Anonymous":
            return int(value.split()[0]) * 1024
    raise OSError("/proc/self/smaps_rollup does not tell how much memory is anonymous")


def indexing(corpus: Path, limit: int | None, folder: Path, budget: int) -> Memory:
    """Index the articles as they are read. For a process of its own.

    A segment an article before that, so that all kernels are there, those of merging too. Of a
    repeated id the last article counts, as remembering ids takes memory that is not the index's.
    """
    _index(islice(all_documents(corpus), _TO_WARM_UP), folder / "warm-up", budget=1)
    with Watch() as watch:
        _index(islice(all_documents(corpus), limit), folder / "index", budget)
    return watch.memory


def _index(articles: Iterable[Document], folder: Path, budget: int) -> None:
    with NativeTarget(folder, budget) as target:
        for document in articles:
            target.put(document)
        target.commit()


def searching(questions: Sequence[Question], folder: Path) -> Memory:
    """Open the index and ask for the page of every question. For a process of its own."""
    peer = DatelineEngine("native", folder / "index")
    with Watch() as watch:
        peer.open()
        measure.warm_up(peer.page, questions)
    return watch.memory


def _row(doing: str, memory: Memory) -> tuple[str, ...]:
    sizes = (memory.before, memory.most, memory.most - memory.before)
    return (doing, *(f"{size / _MEGABYTE:.0f}" for size in sizes))


def main() -> None:
    """Measure both and print a table."""
    parser = argparse.ArgumentParser(description="Measure memory beyond the mapped files.")
    parser.add_argument("--corpus", type=Path, required=True, help="articles as JSON lines")
    parser.add_argument("--limit", type=int, help="only so many articles")
    parser.add_argument("--budget", type=int, default=DEFAULT_BUDGET // _MEGABYTE, help="MB")
    given = parser.parse_args()
    start = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with start.Pool(1, maxtasksperchild=1) as pool:
            budget = given.budget * _MEGABYTE
            indexed = pool.apply(indexing, (given.corpus, given.limit, folder, budget))
        with start.Pool(1, maxtasksperchild=1) as pool:
            drawn = draw_questions(list(documents(given.corpus, _ASKED_ABOUT)))
            pages = [question.on_the_page() for question in drawn]
            searched = pool.apply(searching, (pages, folder))
    rows = [_row("indexing", indexed), _row("searching", searched)]
    print(table([("MB backed by no file", "before", "at most", "added"), *rows]))
    print(f"budget for indexing: {given.budget} MB")


if __name__ == "__main__":
    main()
