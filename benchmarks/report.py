"""What a run of benchmarks.engines found, as text: first the ratios that matter, then tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import geometric_mean

from benchmarks.measure import Times
from benchmarks.peers.peer import TASKS, Indexed, Task

OURS = "native"

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Results:
    """All figures of a run. Engines are in the order they were asked for."""

    articles: int
    index: Mapping[str, Indexed]
    times: Sequence[Times]
    agreement: Mapping[tuple[str, str], float]
    """By engine and class, the part of the questions with as many hits as in the first engine."""
    hits: Mapping[str, float]
    """By class, how many articles the first engine finds on average."""
    throughput: Mapping[str, tuple[float, float]]
    """Pages a second of one thread and of several together."""

    def ratios(self, peer: str, task: Task) -> dict[str, float]:
        """How many times slower than ours a peer is, by class; classes both can answer."""
        ours = self._medians(OURS, task)
        theirs = self._medians(peer, task)
        return {kind: theirs[kind] / ours[kind] for kind in ours if kind in theirs}

    def _medians(self, engine: str, task: Task) -> dict[str, float]:
        return {
            each.kind: each.median_ms
            for each in self.times
            if each.engine == engine and each.task == task
        }


@dataclass(frozen=True, slots=True)
class _Goal:
    """A figure that we want to reach against a peer, at 300,000 articles."""

    name: str
    peer: str
    wanted: float
    figure: Callable[[Results, str], float]
    at_most: bool = False


def _mean(task: Task) -> Callable[[Results, str], float]:
    return lambda results, peer: geometric_mean(results.ratios(peer, task).values())


def _worst(task: Task) -> Callable[[Results, str], float]:
    return lambda results, peer: min(results.ratios(peer, task).values())


def _indexing(results: Results, peer: str) -> float:
    return results.index[peer].seconds / results.index[OURS].seconds


def _size(results: Results, peer: str) -> float:
    return results.index[OURS].size / results.index[peer].size


_GOALS = (
    _Goal("page: mean over classes, times faster", "tantivy", 10, _mean("page")),
    _Goal("page: mean over classes, times faster", "fts5", 50, _mean("page")),
    _Goal("page: mean over classes, times faster", "whoosh", 500, _mean("page")),
    _Goal("page: worst class, times faster", "tantivy", 1, _worst("page")),
    _Goal("top 10 and count: mean, times faster", "tantivy", 1.5, _mean("count")),
    _Goal("top 10 and count: worst class, times faster", "tantivy", 1, _worst("count")),
    _Goal("indexing: times faster", "tantivy", 1, _indexing),
    _Goal("index on disk: times its size", "tantivy", 1.3, _size, at_most=True),
)


def report(results: Results) -> str:
    """The whole report."""
    parts = [
        _section("Ratios", _goal_rows(results)),
        _section("Indexing", _index_rows(results)),
        *(_section(f"{task}: median ms", _time_rows(results, task)) for task in TASKS),
        *(
            _section(f"{task}: times slower than {OURS}", _ratio_rows(results, task))
            for task in TASKS
        ),
        _section("Questions counted alike", _agreement_rows(results)),
        _section("Pages a second", _throughput_rows(results)),
    ]
    return "\n\n".join(part for part in parts if part)


def table(rows: Sequence[Row]) -> str:
    """Rows as text, the first column to the left and the others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _section(title: str, rows: Iterator[Row]) -> str:
    """A table under its title; nothing when it has no more than a heading."""
    found = list(rows)
    return f"{title}\n{table(found)}" if len(found) > 1 else ""


def _goal_rows(results: Results) -> Iterator[Row]:
    yield ("figure", "against", f"at {results.articles:,}", "wanted at 300,000", "")
    for goal in _GOALS:
        if OURS not in results.index or goal.peer not in results.index:
            continue
        found = goal.figure(results, goal.peer)
        reached = found <= goal.wanted if goal.at_most else found >= goal.wanted
        sign = "≤" if goal.at_most else "≥"
        yield (
            goal.name,
            goal.peer,
            f"{found:.2f}",
            f"{sign} {goal.wanted:g}",
            "" if reached else "missed",
        )


def _index_rows(results: Results) -> Iterator[Row]:
    yield ("engine", "seconds", "articles/s", "MB", "bytes/article", "")
    for engine, found in results.index.items():
        yield (
            engine,
            f"{found.seconds:.2f}",
            f"{results.articles / found.seconds:,.0f}",
            f"{found.size / 1e6:.1f}",
            f"{found.size / results.articles:,.0f}",
            found.note,
        )


def _time_rows(results: Results, task: Task) -> Iterator[Row]:
    """Classes down, engines across: median and p99."""
    engines = list(results.index)
    yield ("class", *(text for engine in engines for text in (engine, "p99")), "queries")
    found = {(each.kind, each.engine): each for each in results.times if each.task == task}
    for kind in dict.fromkeys(kind for kind, _ in found):
        cells: list[str] = []
        for engine in engines:
            each = found.get((kind, engine))
            cells += [f"{each.median_ms:.3f}", f"{each.p99_ms:.3f}"] if each else ["–", "–"]
        queries = next(each.queries for key, each in found.items() if key[0] == kind)
        yield (kind, *cells, str(queries))


def _ratio_rows(results: Results, task: Task) -> Iterator[Row]:
    peers = [engine for engine in results.index if engine != OURS]
    if OURS not in results.index or not peers:
        return
    ratios = {peer: results.ratios(peer, task) for peer in peers}
    yield ("class", *peers)
    for kind in dict.fromkeys(kind for found in ratios.values() for kind in found):
        yield (kind, *(_shown(ratios[peer].get(kind)) for peer in peers))
    means = (geometric_mean(found.values()) if found else None for found in ratios.values())
    yield ("geometric mean", *map(_shown, means))


def _shown(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.2f}"


def _agreement_rows(results: Results) -> Iterator[Row]:
    engines = list(dict.fromkeys(engine for engine, _ in results.agreement))
    yield ("class", *engines, "mean hits")
    for kind, hits in results.hits.items():
        parts = (f"{results.agreement[engine, kind]:.0%}" for engine in engines)
        yield (kind, *parts, f"{hits:,.0f}")


def _throughput_rows(results: Results) -> Iterator[Row]:
    yield ("engine", "one thread", "all threads", "times")
    for engine, (one, several) in results.throughput.items():
        yield (engine, f"{one:,.0f}", f"{several:,.0f}", f"{several / one:.2f}")
