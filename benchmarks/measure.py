"""Timing: warm-up, repeats, medians, percentiles, and how the figures are put together."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import geometric_mean, median

import numpy as np

from benchmarks.peers.peer import Answer, Peer, Task
from benchmarks.questions import Question

MOST_REPEATS = 15
"""Repeats after the warm-up; fewer, but one at least, when they would take too long."""

SECONDS = 1.0
"""What the repeats of one engine, class and task may take in all."""

Ask = Callable[[Question], Answer]


@dataclass(frozen=True, slots=True)
class Times:
    """One engine on the questions of one class, in milliseconds.

    median_ms is the geometric mean over the questions of the median over their repeats; p99_ms
    is over all repeats of all questions.
    """

    engine: str
    kind: str
    task: Task
    median_ms: float
    p99_ms: float
    queries: int


def asking(peer: Peer, task: Task) -> Ask:
    """The method of an engine that does a task."""
    return {"top10": peer.top10, "count": peer.count, "page": peer.page}[task]


def warm_up(ask: Ask, questions: Sequence[Question]) -> tuple[list[Answer], float]:
    """The answers, and the seconds that asking for them took the second time."""
    for question in questions:
        ask(question)
    begun = time.perf_counter()
    answers = [ask(question) for question in questions]
    return answers, time.perf_counter() - begun


def time_questions(ask: Ask, questions: Sequence[Question], warm: float) -> list[list[float]]:
    """The seconds of each repeat of each question, on this thread.

    The questions are asked one after the other and then again, as a user would, so that no
    question finds the caches as it left them itself. warm: seconds for all of them once.
    """
    repeats = max(1, min(MOST_REPEATS, int(SECONDS / max(warm, 1e-9))))
    taken: list[list[float]] = [[] for _ in questions]
    with without_garbage_collection():
        for _ in range(repeats):
            for question, times in zip(questions, taken, strict=True):
                begun = time.perf_counter()
                ask(question)
                times.append(time.perf_counter() - begun)
    return taken


def times(engine: str, kind: str, task: Task, taken: Sequence[Sequence[float]]) -> Times:
    """The figures of a class from the seconds of each repeat of each question."""
    every = np.concatenate([np.array(repeats) for repeats in taken])
    return Times(
        engine=engine,
        kind=kind,
        task=task,
        median_ms=geometric_mean([median(repeats) for repeats in taken]) * 1000,
        p99_ms=float(np.percentile(every, 99)) * 1000,
        queries=len(taken),
    )


def throughput(ask: Ask, questions: Sequence[Question], threads: int) -> float:
    """Questions a second answered by so many threads together, each asking all of them."""
    begin = threading.Barrier(threads + 1)
    rounds = max(1, int(SECONDS / max(warm_up(ask, questions)[1], 1e-9)))

    def work() -> None:
        begin.wait()
        for _ in range(rounds):
            for question in questions:
                ask(question)

    working = [threading.Thread(target=work) for _ in range(threads)]
    for thread in working:
        thread.start()
    with without_garbage_collection():
        begin.wait()
        begun = time.perf_counter()
        for thread in working:
            thread.join()
        seconds = time.perf_counter() - begun
    return threads * rounds * len(questions) / seconds


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Collect now, and not while the block runs."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
