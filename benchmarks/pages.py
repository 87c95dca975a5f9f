"""How much faster saved pages are read by several processes than by one.

    python -m benchmarks.pages --pages FOLDER [--copies 10] [--processes 2]

FOLDER holds html/NAME.html.gz, as for benchmarks.extraction; each page is read so many times.
Beside the time of the clock stands that of the processors, which others on the machine disturb
less: where it is the same for one process and for several, the work was shared out and nothing
added to it, and what the first pages and starting the processes take is all that is lost.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import table
from index.extraction import read_pages
from index.processes import cores
from index.sources.content import FileContent
from index.sources.items import SavedPage


@dataclass(frozen=True, slots=True)
class Reading:
    """All pages read: seconds by the clock, and of processors here and in other processes."""

    processes: int
    pages: int
    seconds: float
    here: float
    elsewhere: float

    @property
    def rate(self) -> float:
        """Pages a second by the clock."""
        return self.pages / self.seconds

    def rate_alone(self) -> float:
        """Pages a second if nobody else used the machine: the longest processor time counts."""
        return self.pages / (self.here + self.elsewhere / max(1, self.processes))


def measure(files: Sequence[Path], copies: int, processes: int) -> Reading:
    """Read every file so many times."""
    here, elsewhere = _processor(resource.RUSAGE_SELF), _processor(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    pages = sum(1 for _ in read_pages(_pages(files, copies), processes))
    return Reading(
        processes=processes,
        pages=pages,
        seconds=time.perf_counter() - begun,
        here=_processor(resource.RUSAGE_SELF) - here,
        elsewhere=_processor(resource.RUSAGE_CHILDREN) - elsewhere,
    )


def _pages(files: Sequence[Path], copies: int) -> Iterator[SavedPage]:
    for _ in range(copies):
        for file in files:
            yield SavedPage(origin=str(file), content=FileContent(file))


def _processor(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure one process and several, and print both."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--copies", type=int, default=10)
    parser.add_argument("--processes", type=int, default=cores())
    given = parser.parse_args()
    files = sorted((given.pages / "html").glob("*.html.gz"))
    measure(files[:10], 1, 1)  # models are loaded, caches filled
    readings = [measure(files, given.copies, processes) for processes in (1, given.processes)]
    head = ["processes", "pages", "s", "pages/s", "s here", "s elsewhere", "pages/s alone"]
    rows = [
        [
            f"{each.processes}",
            f"{each.pages:,}",
            f"{each.seconds:.1f}",
            f"{each.rate:.1f}",
            f"{each.here:.1f}",
            f"{each.elsewhere:.1f}",
            f"{each.rate_alone():.1f}",
        ]
        for each in readings
    ]
    one, several = readings
    print(table([head, *rows]))
    print(f"\n{several.rate / one.rate:.2f} × by the clock, ", end="")
    print(f"{several.rate_alone() / one.rate_alone():.2f} × on a machine of its own")


if __name__ == "__main__":
    main()
