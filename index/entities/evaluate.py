"""Measure the recogniser: `python -m index.entities.evaluate FILE… [--json OUT]`.

A file in CoNLL format (see `conll`) is read as articles; their text goes through the recogniser
as it does when articles are indexed, rules for whole articles included. A name counts as found
when its type and both its ends are right; "MISC" names are ignored. The speed is that of a second
reading of the same articles, so that kernels are compiled and their words are known, as in a long
reindex; tokens are those of the file.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index.entities import conll
from index.entities.mentions import ENTITY_TYPES, Recogniser
from index.entities.recogniser import load
from index.errors import UnreadableSource

_AT_LEAST = 2.0
"""Seconds that the speed is measured for."""


@dataclass(frozen=True, slots=True)
class Score:
    """Percent of the names found that are right, of the right ones found, and their mean."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Counts:
    """How many names were found, how many there are, and how many of both."""

    found: int = 0
    true: int = 0
    right: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.found + other.found, self.true + other.true, self.right + other.right)

    def score(self) -> Score:
        """0 where nothing was found or nothing is there."""
        precision = 100 * self.right / self.found if self.found else 0.0
        recall = 100 * self.right / self.true if self.true else 0.0
        both = self.found + self.true
        return Score(precision, recall, 200 * self.right / both if both else 0.0)


def count(articles: Sequence[conll.Annotated], recogniser: Recogniser) -> dict[str, Counts]:
    """Compare what the recogniser finds with what is there, by type."""
    counts: dict[str, Counts] = {kind: Counts() for kind in ENTITY_TYPES}
    mentions = recogniser.find_all(article.text for article in articles)
    for article, own in zip(articles, mentions, strict=True):
        found = {(m.type, m.start, m.end) for m in own}
        true = {(kind, start, end) for start, end, kind in article.names}
        for kind in ENTITY_TYPES:
            mine = {name for name in found if name[0] == kind}
            theirs = {name for name in true if name[0] == kind}
            counts[kind] += Counts(len(mine), len(theirs), len(mine & theirs))
    return counts


def speed(articles: Sequence[conll.Annotated], recogniser: Recogniser) -> float:
    """Tokens a second from text to mentions, on the one core this runs on."""
    texts, tokens = [article.text for article in articles], 0
    begin = time.process_time()
    while (spent := time.process_time() - begin) < _AT_LEAST:
        for article, _ in zip(articles, recogniser.find_all(texts), strict=True):
            tokens += article.tokens
    return tokens / spent


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, print a table; 1 when a file cannot be read or has no article."""
    parser = argparse.ArgumentParser(prog="python -m index.entities.evaluate")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CoNLL, may be .gz")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures here too")
    options = parser.parse_args(arguments)
    try:
        articles = [article for path in options.files for article in conll.read(path)]
    except (OSError, EOFError, UnicodeDecodeError, UnreadableSource) as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command
        return 1
    if not articles:
        print("no articles in these files", file=sys.stderr)  # noqa: T201 - a command
        return 1
    recogniser = load()
    counts = count(articles, recogniser)
    by_type = {tag: counts[kind].score() for tag, kind in conll.TYPES.items() if kind in counts}
    overall = sum(counts.values(), Counts()).score()
    rate = speed(articles, recogniser)
    _show(by_type | {"overall": overall}, rate)
    if options.json:
        figures = {
            "overall": asdict(overall),
            "by_type": {tag: asdict(score) for tag, score in by_type.items()},
            "tokens_per_second": rate,
        }
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def _show(scores: dict[str, Score], rate: float) -> None:
    lines = [f"{'':14}{'precision':>10}{'recall':>10}{'F1':>10}"]
    for name, score in scores.items():
        lines.append(f"{name:14}{score.precision:10.1f}{score.recall:10.1f}{score.f1:10.1f}")
    lines.append(f"{rate:,.0f} tokens/s")
    print("\n".join(lines))  # noqa: T201 - a command


if __name__ == "__main__":
    sys.exit(main())
