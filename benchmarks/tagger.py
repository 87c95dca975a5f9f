"""The recogniser's speed against NLTK's part-of-speech tagger, in one run on one core.

    python -m benchmarks.tagger [--data FOLDER] [--words N] [--articles N]

The weights of nltk.pos_tag are a download from elsewhere, so the same averaged perceptron
(`nltk.tag.PerceptronTagger`) learns here from press releases in FOLDER/corpora, N words of them,
with the Penn tags that textblob's lexicon tagger gives (pip install textblob). Its tags, of which
it has some forty, are as many and its weights of the size of the real one's, on which its speed
depends; how right they are it does not. It is given words already cut, the recogniser raw text in
a new process: articles it has not read before, and the same a second time. Processor time, the best
of some rounds; words are the recogniser's own for both.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import random
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice, pairwise
from pathlib import Path

from nltk.tag.perceptron import PerceptronTagger

from index.entities import model
from index.entities.recogniser import MODEL, TrainedRecogniser
from index.entities.tagger import Tagger

ROUNDS = 4
"""Rounds, the best of which counts."""
_SHARE = 4
"""NLTK's tagger is timed on one sentence in so many: it is the slow one."""

Sentence = list[str]


def texts(path: Path, start: int, stop: int | None) -> list[str]:
    """The texts of some articles of a corpus."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = map(json.loads, islice(lines, start, stop))
        return [f"{record['title']}\n{record['body']}" for record in records]


def sentences(of: Iterable[str]) -> list[Sentence]:
    """The words of texts, sentence by sentence, as the recogniser cuts them."""
    tagger = Tagger(model.read(MODEL)[0])
    found = []
    for text in of:
        layout = tagger.read(text)
        words = layout.all_words()
        found += [words[start:end] for start, end in pairwise(layout.sentences.tolist())]
    return found


def taught(lessons: Iterable[Sentence], words: int) -> PerceptronTagger:
    """NLTK's tagger, trained on so many words."""
    from textblob.en import tag  # noqa: PLC0415 - installed for this measurement only

    tagged = []
    for sentence in lessons:
        tagged.append([tuple(pair[:2]) for pair in tag(" ".join(sentence), tokenize=False)])
        words -= len(sentence)
        if words <= 0:
            break
    random.seed(1)
    tagger = PerceptronTagger(load=False)
    tagger.train(tagged, nr_iter=3)
    return tagger


def seconds(act: Callable[[], object]) -> float:
    """Processor time that something takes."""
    begun = time.process_time()
    act()
    return time.process_time() - begun


def reading(articles: Sequence[str]) -> tuple[float, float]:
    """Processor time of finding the names in articles once, and again."""
    recogniser = TrainedRecogniser(MODEL)
    recogniser.find("Pat Sample said so.")
    first, again = (seconds(lambda: list(recogniser.find_all(articles))) for _ in range(2))
    return first, again


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, print words a second."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tagger")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), metavar="FOLDER")
    parser.add_argument("--words", type=int, default=950_000, metavar="N", help="to learn from")
    parser.add_argument("--articles", type=int, default=3000, metavar="N", help="to be timed on")
    options = parser.parse_args(arguments)
    corpora = options.data / "corpora"
    nltk = taught(sentences(texts(corpora / "doj-press-releases.jsonl.gz", 0, None)), options.words)
    weights = sum(map(len, nltk.model.weights.values()))
    print(f"{len(nltk.classes)} tags, {weights:,} weights, {len(nltk.tagdict):,} words known")

    articles = texts(corpora / "reuters-21578.jsonl.gz", 0, options.articles)
    cut = sentences(articles)
    count, some = sum(map(len, cut)), cut[::_SHARE]
    few = sum(map(len, some))
    best = {"nltk": 0.0, "first": 0.0, "again": 0.0}
    for _ in range(ROUNDS):
        nltk_rate = few / seconds(lambda: [nltk.tag(sentence) for sentence in some])
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
            first, again = process.submit(reading, articles).result()
        rates = {"nltk": nltk_rate, "first": count / first, "again": count / again}
        best = {name: max(rate, best[name]) for name, rate in rates.items()}
    for name, rate in best.items():
        print(f"{name:6}{rate:10,.0f} words/s{rate / best['nltk']:6.1f} x")


if __name__ == "__main__":
    main()
