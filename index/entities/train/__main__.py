"""Train the recogniser: `python -m index.entities.train --data FOLDER --corpora FOLDER --out FILE`.

The steps: statistics from free text; a teacher from the sets that people labelled; free text of
the same kinds labelled by the teacher; the model from all of it, pruned and in bytes. The same
data and seed give the same file to the last bit on the same machine.
"""

from __future__ import annotations

import os

# Before numpy is imported: sums of several threads differ in their last bits.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
import sys
import time
from collections.abc import Iterable
from itertools import chain, islice
from pathlib import Path

import numpy as np

from index.entities import conll, evaluate, model
from index.entities.lists import DEMONYMS
from index.entities.model import Model
from index.entities.recogniser import TrainedRecogniser
from index.entities.tables import Statistics, Tables, hash_words
from index.entities.tagger import Tagger
from index.entities.train import crf, examples, gazetteers, harmonise, silver, statistics, synthetic
from index.entities.train.examples import Sentence
from index.entities.vocabulary import Vocabulary

SETS = (
    "wikigold",
    "re3d_train",
    "gum",
    "uner_ewt_dev_test",
    "crossner_politics",
    "btc_g_news",
    "wnut17_train",
)
"""Sets labelled by people under licences that let a model be shipped; see docs/model-card.md."""

TEXTS_ONLY = "gmb"
"""A set whose texts are in the public domain; its labels are not read."""

HELD_OUT = 7
"""Of every ten articles of a set the eighth is left out, for measuring."""

_BITS = 20
_EPOCHS = 6
_PRUNED = 0.1
"""Rows without a weight above this are dropped: half of the file for less than 0.1 F1."""
_EVERY = 24
"""One article in so many of the corpora is labelled by the teacher."""


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(prog="python -m index.entities.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled sets")
    parser.add_argument("--corpora", type=Path, required=True, help="folder of the free texts")
    parser.add_argument("--out", type=Path, required=True, help="the model file to write")
    parser.add_argument("--seed", type=int, default=2)
    arguments = parser.parse_args()
    trained = train(arguments.data, arguments.corpora, arguments.seed)
    model.write(trained, arguments.out)
    _say(f"wrote {arguments.out}, {arguments.out.stat().st_size / 1e6:.1f} MB")
    report(arguments.out, arguments.data)


def train(data: Path, corpora: Path, seed: int) -> Model:
    """Train a model on the sets in one folder and the corpora in another."""
    labelled = {name: _kept(conll.read(data / f"{name}.conll.gz")) for name in SETS}
    free = [article.text for article in _kept(conll.read(data / f"{TEXTS_ONLY}.conll.gz"))]
    known = _statistics([*statistics.corpus(corpora), *free, *_texts(labelled)], seed)
    tables = Tables(known, _BITS)
    vocabulary = Vocabulary(tables, keep_all=True)

    by_people = list(_by_people(labelled, vocabulary))
    lessons = [*by_people, *synthetic.changed(by_people, seed), *synthetic.patterns(seed)]
    teacher = Tagger(_learn(lessons, vocabulary, tables, known, seed))

    news = list(silver.label(free, teacher))
    official = silver.label(islice(statistics.corpus(corpora), 0, None, _EVERY), teacher)
    # What people labelled counts twice: +1.3 F1 on re3d, +2.6 on EWT, in the time it costs.
    lessons += [*by_people, *news, *synthetic.changed(news, seed + 1), *official]
    return _learn(lessons, vocabulary, tables, known, seed)


def report(trained: Path, data: Path) -> None:
    """Print how the model does on the articles that were held out of each set."""
    recogniser = TrainedRecogniser(trained)
    for name in SETS:
        articles = conll.read(data / f"{name}.conll.gz")
        held_out = [article for n, article in enumerate(articles) if n % 10 == HELD_OUT]
        score = sum(evaluate.count(held_out, recogniser).values(), evaluate.Counts()).score()
        _say(
            f"{name}: precision {score.precision:.1f}, recall {score.recall:.1f}, F1 {score.f1:.1f}"
        )


def _kept(articles: Iterable[conll.Annotated]) -> list[conll.Annotated]:
    return [article for n, article in enumerate(articles) if n % 10 != HELD_OUT]


def _texts(labelled: dict[str, list[conll.Annotated]]) -> Iterable[str]:
    return (article.text for article in chain.from_iterable(labelled.values()))


def _by_people(
    labelled: dict[str, list[conll.Annotated]], vocabulary: Vocabulary
) -> Iterable[Sentence]:
    demonyms = frozenset(tuple(name.split()) for name in DEMONYMS)
    for articles in labelled.values():
        read = (examples.sentences_of(article, vocabulary) for article in articles)
        for sentence in harmonise.distinct(chain.from_iterable(read)):
            yield harmonise.harmonised(sentence, demonyms)


def _statistics(texts: list[str], seed: int) -> Statistics:
    vocabulary = Vocabulary(Tables(Statistics.nothing(), _BITS), keep_all=True)
    read = statistics.read(texts, vocabulary)
    _say(f"{len(read.words):,} words of free text")
    words = vocabulary.words()
    ratios = statistics.capital_ratios(read, words, vocabulary.kinds)
    clusters = statistics.clusters(read, words, seed)
    lists = gazetteers.word_lists()
    phrase_keys, phrase_lists = gazetteers.phrases(vocabulary)
    cased, lower = sorted(clusters), sorted(ratios.keys() | lists.keys())
    _say(f"{len(cased):,} words in clusters, {len(phrase_keys):,} names in gazetteers")
    return Statistics(
        cluster_keys=hash_words(cased),
        clusters=np.array([clusters[word] for word in cased], np.int16),
        word_keys=hash_words(lower),
        ratios=np.array([ratios.get(word, 0) for word in lower], np.uint8),
        lists=np.array([lists.get(word, 0) for word in lower], np.uint8),
        phrase_keys=phrase_keys,
        gazetteers=phrase_lists,
    )


def _learn(
    lessons: list[Sentence], vocabulary: Vocabulary, tables: Tables, known: Statistics, seed: int
) -> Model:
    arrays = examples.arrays(lessons, vocabulary)
    _say(f"learning from {len(arrays.words):,} words in {len(arrays.sentences) - 1:,} sentences")
    weights = crf.train(arrays, vocabulary, tables, epochs=_EPOCHS, seed=seed)
    rows = np.flatnonzero(np.abs(weights.rows).max(axis=1) >= _PRUNED)
    scale = float(np.abs(weights.rows[rows]).max() / np.iinfo(np.int8).max)
    return Model(
        bits=tables.bits,
        scale=scale,
        rows=rows.astype(np.uint32),
        weights=np.round(weights.rows[rows] / scale).astype(np.int8),
        transitions=weights.transitions,
        first=weights.first,
        statistics=known,
    )


def _say(line: str) -> None:
    print(f"{time.process_time():6.0f} s  {line}", file=sys.stderr)  # noqa: T201 - a command


if __name__ == "__main__":
    main()
