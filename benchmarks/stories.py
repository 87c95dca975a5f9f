"""How well copies of articles are found, and how fast.

    python -m benchmarks.stories --corpus FILE [--originals 1500] [--seed 1] [--json OUT]
    python -m benchmarks.stories --sizes 10000,100000

FILE is JSON lines with id, title, published and body. Of the articles that have at least 80 words
and no copy in the corpus, some are drawn, and each is edited three times as `benchmarks.reprints`
does it. The copies are published within two days of their original and come into the archive
after all else. Counted are pairs that have such a copy in them: those of one original and its
copies should be of one story, and no others.

With --sizes the time for synthetic archives of these sizes is measured, on one core.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.report import table
from benchmarks.reprints import STRENGTHS, edited, sentences
from benchmarks.synthetic import articles as synthetic_articles
from index.articles import Article, PublicationDate
from index.store import Store
from index.stories.grouping import group_stories, warm_stories

COPIES = 3
LEAST_WORDS = 80
LEAST_SENTENCES = 4
MOST_DIGITS = 0.08
"""An original's figures, as a share of its characters: above, it is a table."""

_DAYS = 2


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of pairs; `by_strength` is the recall of pairs of an original and one copy of it."""

    precision: float
    recall: float
    by_strength: Mapping[str, float]
    originals: int
    copies_before: int
    articles_per_second: float


@dataclass(frozen=True, slots=True)
class _Copy:
    article: Article
    original: str
    strength: str


def measure(corpus: Path, originals: int = 1_500, seed: int = 1) -> Figures:
    """Find the stories of a corpus, then those of copies that are added to it."""
    warm_stories()
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store") as store:
        articles = list(_articles(corpus))
        _put(store, articles)
        begun = time.process_time()
        group_stories(store)
        seconds = time.process_time() - begun
        before = _stories(store)
        copies = list(_copies(articles, before, originals, Random(seed)))
        _put(store, (copy.article for copy in copies))
        group_stories(store)
        found = _stories(store)
    return Figures(
        **_shares(copies, found),
        originals=originals,
        copies_before=len(before) - len(set(before.values())),
        articles_per_second=len(articles) / seconds,
    )


def growth(sizes: Sequence[int]) -> list[tuple[int, float]]:
    """Sizes of synthetic archives, and the seconds in which their stories are found."""
    warm_stories()
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store") as store:
            _put(store, map(_article, synthetic_articles(size)))
            begun = time.process_time()
            group_stories(store)
            found.append((size, time.process_time() - begun))
    return found


def _articles(corpus: Path) -> Iterator[Article]:
    opened = gzip.open if corpus.suffix == ".gz" else open
    with opened(corpus, "rt", encoding="utf-8") as lines:
        yield from (_article(json.loads(line)) for line in lines)


def _article(fields: Mapping[str, Any]) -> Article:
    published = fields.get("published")
    return Article(
        id=fields["id"],
        title=fields["title"] or "",
        body=fields["body"] or "",
        published=PublicationDate(datetime.fromisoformat(published)) if published else None,
    )


def _put(store: Store, articles: Iterable[Article]) -> None:
    with store.transaction():
        for article in articles:
            store.put(article, "corpus")


def _stories(store: Store) -> dict[str, str]:
    """The story of each article: its own id when it is alone."""
    rows = store.rows("SELECT id, coalesce(story, id) AS story FROM stories")
    return {row["id"]: row["story"] for row in rows}


def _copies(
    articles: Sequence[Article], stories: Mapping[str, str], originals: int, random: Random
) -> Iterator[_Copy]:
    sizes = Counter(stories.values())
    eligible = [
        article
        for article in articles
        if sizes[stories[article.id]] == 1 and _can_be_edited(article)
    ]
    for original in random.sample(eligible, originals):
        for strength in random.sample(list(STRENGTHS), COPIES):
            stranger = random.choice(eligible)
            title, body = edited(
                original.title, original.body, STRENGTHS[strength], stranger.body, random
            )
            copy = Article(
                id=f"{original.id} {strength}",
                title=title,
                body=body,
                published=_later(original, random),
            )
            yield _Copy(copy, original.id, strength)


def _can_be_edited(article: Article) -> bool:
    digits = sum(character.isdigit() for character in article.body)
    return (
        article.published is not None
        and bool(article.title)
        and len(article.body.split()) >= LEAST_WORDS
        and len(sentences(article.body)) >= LEAST_SENTENCES
        and digits <= MOST_DIGITS * len(article.body)
    )


def _later(original: Article, random: Random) -> PublicationDate:
    assert original.published is not None
    seconds = random.randrange(1, _DAYS * 86_400)
    return PublicationDate(original.published.moment + timedelta(seconds=seconds))


def _shares(copies: Sequence[_Copy], found: Mapping[str, str]) -> dict[str, Any]:
    families: dict[str, list[str]] = {}
    hits: Counter[str] = Counter()
    for copy in copies:
        families.setdefault(copy.original, [copy.original]).append(copy.article.id)
        hits[copy.strength] += found[copy.article.id] == found[copy.original]
    true = [pair for family in families.values() for pair in combinations(family, 2)]
    right = sum(found[one] == found[other] for one, other in true)
    return {
        "precision": right / _grouped(copies, found),
        "recall": right / len(true),
        "by_strength": {
            name: hits[name] / count
            for name, count in Counter(copy.strength for copy in copies).items()
        },
    }


def _grouped(copies: Sequence[_Copy], found: Mapping[str, str]) -> int:
    """Pairs of one story with at least one copy in them."""
    added = Counter(found[copy.article.id] for copy in copies)
    sizes = Counter(found.values())
    others = {story: sizes[story] - count for story, count in added.items()}
    return sum(n * (n - 1) // 2 + n * others[story] for story, n in added.items())


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Measure how copies of articles are found.")
    parser.add_argument("--corpus", type=Path, help="articles as JSON lines")
    parser.add_argument("--originals", type=int, default=1_500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--sizes", help="sizes of synthetic archives, with commas between")
    given = parser.parse_args()
    if given.corpus:
        figures = measure(given.corpus, given.originals, given.seed)
        print(_table(figures))
        if given.json:
            given.json.write_text(json.dumps(asdict(figures), indent=2), encoding="utf-8")
    if given.sizes:
        rows = [("articles", "seconds", "articles/s")]
        for size, seconds in growth([int(size) for size in given.sizes.split(",")]):
            rows.append((f"{size:,}", f"{seconds:.1f}", f"{size / seconds:,.0f}"))
        print(table(rows))


def _table(figures: Figures) -> str:
    rows = [("", "share of pairs")]
    rows.append(("precision", f"{figures.precision:.4f}"))
    rows.append(("recall", f"{figures.recall:.3f}"))
    rows += [(f"recall: {name}", f"{figures.by_strength[name]:.3f}") for name in STRENGTHS]
    return (
        f"{table(rows)}\n"
        f"{figures.copies_before:,} articles of the corpus are copies of an earlier one\n"
        f"{figures.articles_per_second:,.0f} articles a second on one core\n"
    )


if __name__ == "__main__":
    main()
