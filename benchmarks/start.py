"""How soon a process that starts has its first answer from the native engine.

    python -m benchmarks.start --corpus FILE.jsonl[.gz] [--limit N] [--repeats 7]

Each repeat is a new Python process that opens the index and asks for one page. The first one,
which may have to compile kernels, is shown apart; medians are of the others.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tqdm import tqdm

from benchmarks.corpus import documents
from benchmarks.report import table
from index.target import open_target
from index.tokens import stem, words

_PROCESS = """
import sys, time
from pathlib import Path
from search.engine import ENGINES
from search.plan import Word
from search.request import FacetRequest, HistogramRequest, SearchRequest
import search.native.engine
begun = time.perf_counter()
engine = ENGINES["native"](Path(sys.argv[1]))
opened = time.perf_counter()
engine.search(SearchRequest(
    plan=Word(sys.argv[2]),
    facets=tuple(FacetRequest(facet=name, size=20) for name in ("place", "person", "source")),
    histogram=HistogramRequest(grain="month"),
))
print(opened - begun, time.perf_counter() - opened)
"""


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds: from the process's start to its answer, and of that to open and to answer."""

    whole: float
    opening: float
    answering: float


def start(folder: Path, asked: str) -> Start:
    """One process that opens the index in a folder and asks for the page of a stem."""
    begun = time.perf_counter()
    command = [sys.executable, "-c", _PROCESS, str(folder), asked]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root)
    whole = time.perf_counter() - begun
    opening, answering = map(float, done.stdout.split())
    return Start(whole, opening, answering)


def main() -> None:
    """Index, start processes, print medians."""
    parser = argparse.ArgumentParser(description="Measure the time to the first answer.")
    parser.add_argument("--corpus", type=Path, required=True, help="articles as JSON lines")
    parser.add_argument("--limit", type=int, help="only so many articles")
    parser.add_argument("--repeats", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, asked = Path(name), ""
        with open_target("native", folder) as target:
            for document in tqdm(documents(given.corpus, given.limit), desc="Indexing"):
                target.put(document)
                asked = asked or next(iter(words(document.title)), "")
            target.commit()
        starts = [start(folder, stem(asked, "en")) for _ in range(given.repeats + 1)]
    rows = [("seconds", "to the answer", "opening", "answering"), _row("first", starts[:1])]
    print(table([*rows, _row(f"median of {given.repeats}", starts[1:])]))


def _row(name: str, starts: list[Start]) -> tuple[str, str, str, str]:
    whole, opening, answering = (
        median(getattr(each, part) for each in starts) for part in ("whole", "opening", "answering")
    )
    return name, f"{whole:.3f}", f"{opening:.4f}", f"{answering:.4f}"


if __name__ == "__main__":
    main()
