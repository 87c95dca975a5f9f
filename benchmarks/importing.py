"""Whether an import takes as long for each article in a large archive as in a small one.

    python -m benchmarks.importing [--articles 2000] [--times 10] [--no-names] [--json OUT]

So many synthetic articles, and then so many times more, are imported from JSON lines into a
fresh archive by a fresh process each. Printed are the seconds of each stage, the processor time
of all processes (which others on the machine disturb less), the peak of memory of the process
that imports, and what is how many times more.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

from benchmarks.report import table
from benchmarks.synthetic import articles as synthetic_articles
from index.completing import complete
from index.folder import ArchiveFolder
from index.importing import import_files
from index.stages import recording, stage
from index.store import Store
from index.updating import update_index

ENGINE = "native"


@dataclass(frozen=True, slots=True)
class Import:
    """One import: seconds by stage, processor seconds of all processes, peak of memory in MB."""

    articles: int
    stages: dict[str, float]
    processor: float
    megabytes: float


def run(path: Path, archive: Path, *, names: bool) -> Import:
    """Import a file into a new archive, and measure it; in a process that did nothing before."""
    folder = ArchiveFolder(archive)
    with recording() as stages, Store.open(folder.store_path) as store:
        summary = import_files(store, [path])
        if names:
            complete(folder, store, ENGINE)
        else:
            with stage("index", summary.read):
                update_index(folder, store, ENGINE)
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return Import(
        articles=summary.read,
        stages={stage.name: stage.seconds for stage in stages},
        processor=sum(used.ru_utime + used.ru_stime for used in (own, children)),
        megabytes=own.ru_maxrss / 1024,
    )


def compare(first: Import, second: Import) -> str:
    """The two imports beside each other."""
    figures: list[tuple[str, float, float]] = [("articles", first.articles, second.articles)]
    figures += [(name, first.stages[name], second.stages.get(name, 0.0)) for name in first.stages]
    totals = (sum(first.stages.values()), sum(second.stages.values()))
    figures += [
        ("all stages, s", *totals),
        ("processor, s", first.processor, second.processor),
        ("memory, MB", first.megabytes, second.megabytes),
    ]
    rows = [
        [name, f"{one:,.1f}", f"{other:,.1f}", f"{other / max(one, 1e-9):.1f}"]
        for name, one, other in figures
    ]
    return table([["", "first", "second", "times"], *rows])


def main() -> None:
    """Measure two imports and print them."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--no-names", action="store_true", help="leave out finding names")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    imports = []
    for count in (given.articles, given.articles * given.times):
        with (
            tempfile.TemporaryDirectory() as name,
            ProcessPoolExecutor(1, get_context("spawn")) as process,
        ):
            path = Path(name) / "synthetic.jsonl"
            with path.open("w", encoding="utf-8") as out:
                out.writelines(json.dumps(record) + "\n" for record in synthetic_articles(count))
            archive = Path(name) / "archive"
            imports.append(process.submit(run, path, archive, names=not given.no_names).result())
    print(compare(*imports))
    if given.json:
        given.json.write_text(json.dumps([asdict(each) for each in imports]), encoding="utf-8")


if __name__ == "__main__":
    main()
