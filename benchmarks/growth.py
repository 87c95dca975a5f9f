"""How the time of the page grows with the archive, for the native engine.

    python -m benchmarks.growth [--sizes 100000,200000,500000,1000000] [--corpus FILE] [--svg OUT]

One archive grows by commits from size to size, of the synthetic articles or a corpus, and at each
size the same questions are asked: those drawn from its beginning. The plot has logarithmic axes;
its dashed line is what linear growth from the first size would be.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import geometric_mean

from tqdm import tqdm

from benchmarks import measure
from benchmarks.corpus import document_of, documents
from benchmarks.peers.dateline import DatelineEngine
from benchmarks.questions import SAMPLE, Question, by_class, draw_questions
from benchmarks.report import table
from benchmarks.synthetic import articles as synthetic_articles
from index.articles import Document
from index.target import open_target

SIZES = "100000,200000,500000,1000000"
_WIDTH, _HEIGHT, _MARGIN = 640, 400, 60


@dataclass(frozen=True, slots=True)
class Point:
    """The page at one size: the geometric mean over the classes of questions."""

    articles: int
    milliseconds: float


def growth(
    articles: Iterator[Document], sizes: Sequence[int], folder: Path, a_class: int = 30
) -> list[Point]:
    """The page at each size, ascending; fewer sizes when the articles end before."""
    points: list[Point] = []
    questions: list[Question] = []
    indexed = 0
    for size in sizes:
        beginning: list[Document] = []
        before = indexed
        with open_target("native", folder) as target:
            for document in islice(articles, size - indexed):
                target.put(document)
                indexed += 1
                if len(beginning) < SAMPLE:
                    beginning.append(document)
            target.commit()
        if indexed == before:
            break
        questions = questions or draw_questions(beginning, a_class)
        points.append(Point(indexed, _page(folder, questions)))
    return points


def exponent(points: Sequence[Point]) -> float:
    """P of time ∝ articles ** p between the first and the last point; 1 is linear."""
    first, last = points[0], points[-1]
    grown = math.log(last.articles / first.articles)
    return math.log(last.milliseconds / first.milliseconds) / grown if grown else 0.0


def _page(folder: Path, questions: Sequence[Question]) -> float:
    """Milliseconds of the page, a geometric mean over classes."""
    peer = DatelineEngine("native", folder)
    peer.open()
    figures = []
    for kind, asked in by_class(question.on_the_page() for question in questions):
        _, warm = measure.warm_up(peer.page, asked)
        taken = measure.time_questions(peer.page, asked, warm)
        figures.append(measure.times("native", kind, "page", taken).median_ms)
    return geometric_mean(figures)


def plot(points: Sequence[Point]) -> str:
    """The points as SVG, on logarithmic axes, beside linear growth from the first one."""
    first, last = points[0], points[-1]
    linear = Point(last.articles, first.milliseconds * last.articles / first.articles)
    times = [each.milliseconds for each in (*points, linear)]
    across = _Axis(first.articles, last.articles, _MARGIN, _WIDTH - _MARGIN)
    up = _Axis(min(times), max(times), _HEIGHT - _MARGIN, _MARGIN)

    def place(point: Point) -> str:
        return f"{across.place(point.articles):.1f},{up.place(point.milliseconds):.1f}"

    marks = "".join(_mark(point, across, up) for point in points)
    line = " ".join(map(place, points))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        ' font-family="sans-serif" font-size="12">\n'
        "<title>Time of the page by articles in the archive</title>\n"
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>\n'
        f'<polyline points="{place(first)} {place(linear)}" fill="none" stroke="gray"'
        ' stroke-dasharray="6 4"/>\n'
        f'<polyline points="{line}" fill="none" stroke="#0b5cad" stroke-width="2"/>\n'
        f"{marks}"
        f'<text x="{_MARGIN}" y="24">milliseconds a page (dashed: linear growth)</text>\n'
        f'<text x="{_WIDTH - _MARGIN}" y="{_HEIGHT - 12}" text-anchor="end">articles</text>\n'
        "</svg>\n"
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    """A logarithmic axis from `least` at the place `start` to `most` at `end`."""

    least: float
    most: float
    start: float
    end: float

    def place(self, value: float) -> float:
        whole = math.log(self.most / self.least)
        part = math.log(value / self.least) / whole if whole else 0.0
        return self.start + part * (self.end - self.start)


def _mark(point: Point, across: _Axis, up: _Axis) -> str:
    """A dot with its time, and its size on the axis."""
    x, y = across.place(point.articles), up.place(point.milliseconds)
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#0b5cad"/>\n'
        f'<text x="{x:.1f}" y="{y - 10:.1f}" text-anchor="middle">{point.milliseconds:.2f}</text>\n'
        f'<text x="{x:.1f}" y="{_HEIGHT - 36}" text-anchor="middle">{point.articles:,}</text>\n'
    )


def main() -> None:
    """Print a table and write the plot."""
    parser = argparse.ArgumentParser(description="Measure how the page's time grows.")
    parser.add_argument("--sizes", default=SIZES, help="numbers of articles, with commas between")
    parser.add_argument("--corpus", type=Path, help="articles as JSON lines, instead of synthetic")
    parser.add_argument("--svg", type=Path, help="write a plot to this file")
    given = parser.parse_args()
    sizes = sorted({int(size) for size in given.sizes.split(",")})
    articles = (
        documents(given.corpus)
        if given.corpus
        else (document_of(fields, n) for n, fields in enumerate(synthetic_articles(sizes[-1])))
    )
    with tempfile.TemporaryDirectory() as folder:
        points = growth(iter(tqdm(articles, total=sizes[-1])), sizes, Path(folder))
    if not points:
        parser.error(f"{given.corpus} holds no article")
    rows = [("articles", "page, ms", "µs per 1,000 articles")]
    for each in points:
        per_thousand = each.milliseconds / each.articles * 1e6
        rows.append((f"{each.articles:,}", f"{each.milliseconds:.3f}", f"{per_thousand:.2f}"))
    print(table(rows))
    print(f"time grows with articles to the power {exponent(points):.2f}")
    if given.svg:
        given.svg.write_text(plot(points), encoding="utf-8")


if __name__ == "__main__":
    main()
