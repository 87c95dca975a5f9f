"""How well articles are read from saved pages, against a ground truth.

    python -m benchmarks.extraction --pages FOLDER [--json OUT] [--worst N]

FOLDER holds ground-truth.json and html/NAME.html.gz, as in the public article extraction
benchmarks. Each page's text is compared as a multiset of runs of four words: true positives,
false positives and false negatives as shares of their sum, so that a long page weighs no more
than a short one. Precision and recall are means over the pages and F1 is that of these means;
`exact` is the share of pages without any difference in words.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.extract import Page, read_page

SHINGLE = 4
_WORD = re.compile(r"\w+")
_BETWEEN_NAMES = re.compile(r"[,;|]|\band\b")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Shares of the shingles of one page: in both texts, only in the one read, only in truth."""

    both: float
    extra: float
    missing: float

    @property
    def precision(self) -> float:
        """Share of what was read that is true; 1 when nothing was read and nothing is there."""
        return self.both / (self.both + self.extra) if self.both else float(not self.extra)

    @property
    def recall(self) -> float:
        """Share of what is true that was read."""
        return self.both / (self.both + self.missing) if self.both else float(not self.missing)

    @property
    def is_exact(self) -> bool:
        """Whether no word is too many or missing."""
        return not self.extra and not self.missing


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a set of pages; all are shares but `pages_per_second` (of one core)."""

    pages: int
    f1: float
    precision: float
    recall: float
    exact: float
    title: float
    date: float
    author: float
    pages_per_second: float


def measure(folder: Path) -> tuple[Figures, dict[str, Overlap]]:
    """Read every page of the folder and compare; also the overlap of each page by its name."""
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    files = {name: gzip.decompress((folder / "html" / f"{name}.gz").read_bytes()) for name in truth}
    warm_up = next(iter(truth))
    read_page(files[warm_up], truth[warm_up]["url"])
    started = time.process_time()
    pages = {name: read_page(files[name], true["url"]) for name, true in truth.items()}
    seconds = time.process_time() - started
    overlaps = {
        name: overlap(true["articleBody"], pages[name].body) for name, true in truth.items()
    }
    return _figures(truth, pages, overlaps, seconds), overlaps


def _figures(
    truth: Mapping[str, Mapping[str, Any]],
    pages: Mapping[str, Page],
    overlaps: Mapping[str, Overlap],
    seconds: float,
) -> Figures:
    precision = _mean([found.precision for found in overlaps.values()])
    recall = _mean([found.recall for found in overlaps.values()])
    pairs = [(true, pages[name]) for name, true in truth.items()]
    return Figures(
        pages=len(truth),
        f1=2 * precision * recall / (precision + recall),
        precision=precision,
        recall=recall,
        exact=_mean([found.is_exact for found in overlaps.values()]),
        title=_mean([_plain(true["title"]) == _plain(page.title) for true, page in pairs]),
        date=_mean([true["date"] == _day(page) for true, page in pairs]),
        author=_mean([_names([true["authors"]]) == _names(page.authors) for true, page in pairs]),
        pages_per_second=len(truth) / seconds,
    )


def overlap(true: str, read: str) -> Overlap:
    """Compare two texts by the multisets of their shingles."""
    expected, found = shingles(true), shingles(read)
    both = sum((expected & found).values())
    extra = sum((found - expected).values())
    missing = sum((expected - found).values())
    total = both + extra + missing or 1
    return Overlap(both / total, extra / total, missing / total)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """All runs of SHINGLE words with their counts; a shorter text is one run."""
    words = _WORD.findall(text)
    starts = range(max(1, len(words) - SHINGLE + 1)) if words else ()
    return Counter(tuple(words[start : start + SHINGLE]) for start in starts)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _plain(text: str | None) -> str:
    return " ".join((text or "").casefold().split())


def _day(page: Page) -> str | None:
    return page.published.day.isoformat() if page.published else None


def _names(texts: Sequence[str | None]) -> set[str]:
    names = (_plain(name) for text in texts for name in _BETWEEN_NAMES.split(text or ""))
    return {name for name in names if name}


def main() -> None:
    """Print the figures, and the pages read worst."""
    parser = argparse.ArgumentParser(description="Measure the extraction of articles from pages.")
    parser.add_argument("--pages", type=Path, required=True, help="folder with ground-truth.json")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--worst", type=int, default=0, help="list so many pages read worst")
    options = parser.parse_args()
    figures, overlaps = measure(options.pages)
    for name, value in asdict(figures).items():
        print(f"{name:>16}  {value:.4g}")
    worst = sorted(overlaps.items(), key=lambda pair: pair[1].both)[: options.worst]
    for name, found in worst:
        print(
            f"{name}  both {found.both:.2f}  extra {found.extra:.2f}  missing {found.missing:.2f}"
        )
    if options.json:
        options.json.write_text(json.dumps(asdict(figures), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
