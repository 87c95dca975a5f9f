"""All engines on the same articles and the same questions, in one run.

    python -m benchmarks.engines --corpus FILE.jsonl[.gz] [--limit N] [--queries FILE]
        [--queries-a-class N] [--engines native,tantivy,fts5,whoosh,bm25s] [--threads 1]
        [--json OUT] [--folder FOLDER]

The corpus has a JSON object a line: id, title, body, published, source, places, people,
organisations; what is missing is left out. Classes of questions are drawn from it, or the
queries of a file are asked, one a line: words for all of them, words OR words, "a phrase",
prefix*. Every engine gets questions cut into words already: making its query of them counts as
time, reading text does not. Times are of one thread.

OUT holds {"index": [{engine, seconds, bytes, articles}],
           "times": [{engine, class, task, median_ms, p99_ms, queries}]}.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from operator import eq
from pathlib import Path
from statistics import mean
from typing import Any

from tqdm import tqdm

from benchmarks import measure
from benchmarks.corpus import documents
from benchmarks.measure import Times
from benchmarks.peers.peer import NAMES, TASKS, Indexed, Peer, open_peer
from benchmarks.questions import Question, by_class, draw_questions, read_questions
from benchmarks.report import Results, report
from index.articles import Document

_TO_WARM_UP = 300

Totals = Mapping[tuple[str, str], Sequence[int]]
"""Hits of each question of a class, by engine and class."""


def run(
    articles: Sequence[Document],
    questions: Sequence[Question],
    engines: Sequence[str],
    folder: Path,
    threads: int = 1,
) -> Results:
    """Index the articles with every engine that is installed, and ask the questions."""
    gc.collect()
    gc.freeze()  # the articles are nobody's garbage, and scanning them nobody's time
    try:
        peers, index = _indexed(articles, engines, folder)
        times, totals = _asked(peers, questions)
        pages = [question.on_the_page() for question in questions]
        return Results(
            articles=len(articles),
            index=index,
            times=times,
            agreement=_agreement(totals),
            hits=_hits(totals),
            throughput=_throughput(peers, pages, threads) if threads > 1 else {},
        )
    finally:
        gc.unfreeze()


def _indexed(
    articles: Sequence[Document], engines: Sequence[str], folder: Path
) -> tuple[dict[str, Peer], dict[str, Indexed]]:
    """The engines that are installed, with the articles, and what indexing took each of them."""
    peers: dict[str, Peer] = {}
    index: dict[str, Indexed] = {}
    for name in tqdm(engines, desc="Indexing", unit="engine"):
        path = folder / name
        path.mkdir()
        try:
            peer = open_peer(name, path)
        except ImportError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
            continue
        _warm_up(name, articles[:_TO_WARM_UP], folder / f"{name}-warm-up")
        peers[name] = peer
        index[name] = peer.index(articles)
    return peers, index


def _asked(
    peers: Mapping[str, Peer], questions: Sequence[Question]
) -> tuple[list[Times], dict[tuple[str, str], list[int]]]:
    """The times, and the hits as in Totals.

    Engines take turns within a class and task, so that what else the machine does meets all.
    """
    times: list[Times] = []
    totals: dict[tuple[str, str], list[int]] = {}
    rounds = [(kind, asked, task) for kind, asked in by_class(questions) for task in TASKS]
    for kind, asked, task in tqdm(rounds, desc="Asking", unit="round"):
        same = [each.on_the_page() for each in asked] if task == "page" else asked
        for name, peer in peers.items():
            if not all(peer.answers(question, task) for question in same):
                continue
            ask = measure.asking(peer, task)
            answers, warm = measure.warm_up(ask, same)
            taken = measure.time_questions(ask, same, warm)
            times.append(measure.times(name, kind, task, taken))
            if task == "count":
                totals[name, kind] = [each.total or 0 for each in answers]
    return times, totals


def _warm_up(name: str, articles: Sequence[Document], folder: Path) -> None:
    """Have an engine index a few articles, so that it has compiled and loaded what it needs."""
    folder.mkdir()
    open_peer(name, folder).index(articles)


def _agreement(totals: Totals) -> dict[tuple[str, str], float]:
    """The part of the questions on which each engine counts what the first one does."""
    first = _first(totals)
    return {
        (name, kind): sum(map(eq, totals[first, kind], found)) / len(found)
        for (name, kind), found in totals.items()
    }


def _hits(totals: Totals) -> dict[str, float]:
    """The mean number of hits of the first engine, by class."""
    first = _first(totals)
    return {kind: mean(found) for (name, kind), found in totals.items() if name == first}


def _first(totals: Totals) -> str:
    return next((name for name, _ in totals), "")


def _throughput(
    peers: Mapping[str, Peer], pages: Sequence[Question], threads: int
) -> dict[str, tuple[float, float]]:
    """Pages a second of one thread and of several, by engine."""
    return {
        name: (
            measure.throughput(peer.page, pages, 1),
            measure.throughput(peer.page, pages, threads),
        )
        for name, peer in peers.items()
        if all(peer.answers(question, "page") for question in pages)
    }


def as_json(results: Results) -> dict[str, list[dict[str, Any]]]:
    """The figures as the module says."""
    return {
        "index": [
            {
                "engine": engine,
                "seconds": found.seconds,
                "bytes": found.size,
                "articles": results.articles,
            }
            for engine, found in results.index.items()
        ],
        "times": [
            {
                "engine": each.engine,
                "class": each.kind,
                "task": each.task,
                "median_ms": each.median_ms,
                "p99_ms": each.p99_ms,
                "queries": each.queries,
            }
            for each in results.times
        ],
    }


def main() -> None:
    """Measure, print the report, write the figures."""
    parser = argparse.ArgumentParser(description="Compare engines on the same articles.")
    parser.add_argument("--corpus", type=Path, required=True, help="articles as JSON lines")
    parser.add_argument("--limit", type=int, help="only so many articles")
    parser.add_argument("--queries", type=Path, help="a file of queries, one a line")
    parser.add_argument("--queries-a-class", type=int, default=30)
    parser.add_argument("--engines", default=",".join(NAMES), help="names, with commas between")
    parser.add_argument("--threads", type=int, default=1, help="measure throughput with so many")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--folder", type=Path, help="where to put the indexes for the time")
    given = parser.parse_args()
    engines = given.engines.split(",")
    if unknown := set(engines) - set(NAMES):
        parser.error(f"no engine named {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    try:
        reading = tqdm(documents(given.corpus, given.limit), desc="Reading", unit=" articles")
        articles = list(reading)
    except (OSError, EOFError, ValueError) as error:
        parser.error(str(error))
    if not articles:
        parser.error(f"{given.corpus} holds no article")
    questions = (
        read_questions(given.queries, articles)
        if given.queries
        else draw_questions(articles, given.queries_a_class)
    )
    if not questions:
        parser.error("there is nothing to ask: the queries hold no word")
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        results = run(articles, questions, engines, Path(folder), given.threads)
    print(report(results))
    if given.json:
        given.json.write_text(json.dumps(as_json(results), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
