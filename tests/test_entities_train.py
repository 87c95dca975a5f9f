"""Training: the same data and seed give the same file; what is learnt can be used."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from index.entities import decoder, model
from index.entities.lists import DEMONYMS
from index.entities.spans import Span, SpanType
from index.entities.tables import Statistics, Tables
from index.entities.tagger import Tagger
from index.entities.train import examples, gazetteers, harmonise, synthetic
from index.entities.train.__main__ import SETS, TEXTS_ONLY
from index.entities.train.statistics import CORPORA
from index.entities.vocabulary import Vocabulary

SENTENCES = (
    "Vladimir/B-PER Putin/I-PER met/O Kim/B-PER Jong/I-PER Un/I-PER in/O Pyongyang/B-LOC ./O",
    "The/O Kremlin/B-ORG said/O Russian/B-MISC troops/O had/O left/O Kursk/B-LOC ./O",
    "John/B-PER Kirby/I-PER of/O the/O White/B-ORG House/I-ORG spoke/O in/O Washington/B-LOC ./O",
)


FEW_SYNTHETIC = """
from index.entities.train import __main__ as command, synthetic
synthetic._HOW_MANY = {"sport_patterns": 20, "news_patterns": 20}
command.main()
"""


def write_data(folder: Path) -> None:
    lines = []
    for _ in range(20):
        lines.append("-DOCSTART-\tO\n")
        for sentence in SENTENCES:
            lines += [token.replace("/", "\t") for token in sentence.split()] + [""]
    for name in (*SETS, TEXTS_ONLY):
        (folder / f"{name}.conll.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    body = " ".join(" ".join(t.split("/")[0] for t in s.split()) for s in SENTENCES)
    record = json.dumps({"title": "News", "body": body}) + "\n"
    for name in CORPORA:
        (folder / name).write_bytes(gzip.compress((record * 60).encode()))


def train(folder: Path, out: Path, hash_seed: str) -> bytes:
    command = [sys.executable, "-c", FEW_SYNTHETIC]
    options = ["--data", str(folder), "--corpora", str(folder), "--out", str(out), "--seed", "3"]
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    root = Path(__file__).parents[1]
    subprocess.run([*command, *options], check=True, env=environment, cwd=root, capture_output=True)
    return out.read_bytes()


def test_training_is_deterministic_and_learns(tmp_path: Path) -> None:
    write_data(tmp_path)
    first = train(tmp_path, tmp_path / "first.bin", "1")
    assert first == train(tmp_path, tmp_path / "second.bin", "2")
    tagger = Tagger(model.read(tmp_path / "first.bin")[0])
    layout = tagger.read("Vladimir Putin met John Kirby in Pyongyang.")
    words = layout.all_words()
    (spans,) = tagger.spans(layout)
    found = {(" ".join(words[s.start : s.end]), s.type) for s in spans}
    assert {("Vladimir Putin", "person"), ("Pyongyang", "place")} <= found


def test_lists_fit_their_bits() -> None:
    assert len(gazetteers.WORD_LISTS) <= 8
    assert len(gazetteers.GAZETTEERS) <= 12
    assert all(gazetteers.listed(name) for name in gazetteers.WORD_LISTS)


def test_synthetic_sentences_have_their_names_apart() -> None:
    for sentence in synthetic.patterns(1):
        assert all(sentence.words)
        spans = sentence.names
        assert all(0 <= s.start < s.end <= len(sentence.words) for s in spans)
        assert all(a.end <= b.start for a, b in pairwise(spans))


def test_changed_sentences_keep_their_names() -> None:
    original = examples.Sentence(
        ("Putin", "left", "Kursk"), (Span(0, 1, "person"), Span(2, 3, "place"))
    )
    seen = set()
    for sentence in synthetic.changed([original] * 500, 1):
        texts = [" ".join(sentence.words[s.start : s.end]).lower() for s in sentence.names]
        assert texts[-2:] == ["putin", "kursk"]
        seen.add(sentence.words[-1])
    assert seen == {"KURSK", "Kursk"}


def test_demonyms_and_pronouns_are_marked_alike_in_every_set() -> None:
    demonyms = frozenset(tuple(name.split()) for name in DEMONYMS)
    words = (
        "North",
        "Korean",
        "troops",
        "met",
        "Russian",
        "officials",
        "in",
        "Russia",
        "He",
        "said",
    )
    sentence = examples.Sentence(
        words, (Span(4, 5, "place"), Span(7, 8, "place"), Span(8, 9, "person"))
    )
    marked = harmonise.harmonised(sentence, demonyms)
    assert marked.names == (Span(0, 2, "other"), Span(4, 5, "other"), Span(7, 8, "place"))


@pytest.mark.parametrize("kind", ["person", "other"])
def test_labels_spell_names_and_back(kind: SpanType) -> None:
    sentence = examples.Sentence(
        tuple("abcdef"), (Span(0, 3, kind), Span(3, 4, kind), Span(4, 6, kind))
    )
    vocabulary = Vocabulary(Tables(Statistics.nothing(), 16))
    arrays = examples.arrays([sentence, sentence], vocabulary)
    assert arrays.sentences.tolist() == [0, 6, 12]
    spelled = decoder.spans(arrays.labels, arrays.sentences)
    assert spelled == [list(sentence.names)] * 2
