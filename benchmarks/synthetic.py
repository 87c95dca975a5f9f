"""Makes archives of any size that look like news to an engine, the same for the same seed.

    python -m benchmarks.synthetic --articles 300000 OUT.jsonl[.gz]

Words follow Zipf–Mandelbrot, p(r) ∝ 1 / (r + 2.7)^1.07; a quarter of an article's words come
from the topic it is about. Lengths are log-normal around 220 words. Dates spread over ten
years. People, places and organisations follow power laws, half of them by topic.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

VOCABULARY = 200_000
TOPICS = 500
WORDS_OF_A_TOPIC = 400
FIRST_DAY = datetime(2015, 1, 1)  # noqa: DTZ001  (wall-clock time, as news prints it)
DAYS = 3_652
NAMES = {"places": (2_000, 6), "people": (20_000, 6), "organisations": (10_000, 5)}
"""How many different names there are, and how many an article has on average."""

_BATCH = 1_000


@dataclass(frozen=True)
class _World:
    """What all articles of an archive are drawn from. Probabilities are cumulative."""

    words: NDArray[Any]
    word_probabilities: NDArray[np.float64]
    topics: NDArray[np.int64]
    names: dict[str, list[str]]
    name_probabilities: dict[str, NDArray[np.float64]]
    topic_names: dict[str, NDArray[np.int64]]


def articles(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Articles in the JSON-lines form; the first n are the same whatever `count` is."""
    world = _world(np.random.default_rng(seed))
    for start in range(0, count, _BATCH):
        rng = np.random.default_rng([seed, start])
        for number in range(start, min(start + _BATCH, count)):
            yield _article(number, world, rng)


def _world(rng: np.random.Generator) -> _World:
    ranks = np.arange(1, VOCABULARY + 1)
    probabilities = (ranks + 2.7) ** -1.07
    topical = probabilities[200:] / probabilities[200:].sum()
    topics = np.stack(
        [
            200 + rng.choice(len(topical), WORDS_OF_A_TOPIC, replace=False, p=topical)
            for _ in range(TOPICS)
        ]
    )
    names = {kind: [f"{kind[:-1]} {i}" for i in range(n)] for kind, (n, _) in NAMES.items()}
    return _World(
        words=np.array(_spell(VOCABULARY, rng), dtype=object),
        word_probabilities=np.cumsum(probabilities / probabilities.sum()),
        topics=topics,
        names=names,
        name_probabilities={
            kind: np.cumsum(p / p.sum())
            for kind, (n, _) in NAMES.items()
            for p in [1 / (np.arange(n) + 3.0)]
        },
        topic_names={kind: rng.integers(0, n, (TOPICS, 30)) for kind, (n, _) in NAMES.items()},
    )


def _spell(count: int, rng: np.random.Generator) -> list[str]:
    """Different pronounceable words, the frequent ones short as in real languages."""
    onsets = ["b", "br", "d", "f", "g", "k", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "v"]
    rhymes = ["a", "an", "e", "el", "i", "in", "o", "or", "u", "um", "ak", "et"]
    syllables = [onset + rhyme for onset in onsets for rhyme in rhymes]
    spelled: dict[str, None] = {}
    while len(spelled) < count:
        length = 1 + int(np.log10(len(spelled) + 10) / 2.1) + int(rng.integers(0, 2))
        spelled["".join(syllables[i] for i in rng.integers(0, len(syllables), length))] = None
    return list(spelled)


def _article(number: int, world: _World, rng: np.random.Generator) -> dict[str, Any]:
    length = int(np.clip(rng.lognormal(5.4, 0.6), 30, 2_000))
    ids = np.searchsorted(world.word_probabilities, rng.random(length)).clip(0, VOCABULARY - 1)
    topic = int(rng.integers(TOPICS))
    topical = rng.random(length) < 0.25
    picked = (rng.pareto(1.0, int(topical.sum())) * 8).astype(np.int64) % WORDS_OF_A_TOPIC
    ids[topical] = world.topics[topic][picked]
    text = world.words[ids]
    published = FIRST_DAY + timedelta(seconds=int(rng.integers(DAYS * 86_400)))
    return {
        "id": f"synthetic-{number}",
        "title": " ".join(text[:8]),
        "body": " ".join(text[8:]),
        "published": published.isoformat(),
        "source": f"wire {int(rng.pareto(1.2) * 2) % 12}",
        **{kind: _names(kind, topic, world, rng) for kind in NAMES},
    }


def _names(kind: str, topic: int, world: _World, rng: np.random.Generator) -> list[str]:
    count = int(rng.poisson(NAMES[kind][1]))
    ids = np.searchsorted(world.name_probabilities[kind], rng.random(count))
    by_topic = rng.random(count) < 0.5
    picked = rng.integers(0, world.topic_names[kind].shape[1], int(by_topic.sum()))
    ids[by_topic] = world.topic_names[kind][topic][picked]
    names = world.names[kind]
    return [names[i] for i in sorted({min(int(i), len(names) - 1) for i in ids})]


def main() -> None:
    """Write an archive as JSON lines."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--articles", type=int, default=300_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    opened = gzip.open if given.out.suffix == ".gz" else open
    with opened(given.out, "wt", encoding="utf-8") as out:
        for article in tqdm(articles(given.articles, given.seed), total=given.articles):
            out.write(json.dumps(article) + "\n")


if __name__ == "__main__":
    main()
