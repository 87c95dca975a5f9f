"""The model file, and the kernels that decode with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.entities import decoder, model
from index.entities.recogniser import MODEL
from index.entities.spans import Span
from index.entities.tables import SIEVE_BITS, Statistics, hash_words, sieve
from index.entities.tagger import Tagger


@pytest.fixture(scope="module")
def trained() -> model.Model:
    return model.read(MODEL)[0]


def test_the_same_model_gives_the_same_bytes(trained: model.Model, tmp_path: Path) -> None:
    first, second = tmp_path / "first.bin", tmp_path / "second.bin"
    model.write(trained, first)
    again, version = model.read(first)
    model.write(again, second)
    assert first.read_bytes() == second.read_bytes()
    assert version == model.read(second)[1]
    assert (again.weights == trained.weights).all()


def test_the_model_is_small() -> None:
    assert MODEL.stat().st_size < 8_000_000


@pytest.mark.parametrize("kept", [0, 7, 40, 1000, 100_000])
def test_a_truncated_file_is_refused(kept: int, tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(MODEL.read_bytes()[:kept])
    with pytest.raises(model.ModelDamaged, match=r"model\.bin: (truncated|not a|not of)"):
        model.read(path)


def test_an_altered_file_is_refused(tmp_path: Path) -> None:
    data = bytearray(MODEL.read_bytes())
    data[len(data) // 2] ^= 1
    path = tmp_path / "model.bin"
    path.write_bytes(data)
    with pytest.raises(model.ModelDamaged, match="truncated or altered"):
        model.read(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(model.ModelDamaged, match="nowhere"):
        model.read(tmp_path / "nowhere")


def test_words_that_differ_in_digits_share_a_key() -> None:
    keys = hash_words(["F-16", "F-35", "F-1", "Ukraine’s", "Ukraine's"])
    assert keys[0] == keys[1] != keys[2]
    assert keys[3] == keys[4]
    assert Statistics.nothing().clusters.shape == (0, 3)


def test_words_that_are_hardly_ever_written_with_a_capital(trained: model.Model) -> None:
    vocabulary = Tagger(trained).vocabulary
    words = vocabulary.read("PRAISES Praises praises London Xyzzyq").all_words()
    small = [vocabulary.is_mostly_small(word) for word in words]
    assert small == [True, True, True, False, False]


def test_great_places_are_told_from_people_whether_their_words_were_read_or_not(
    trained: model.Model,
) -> None:
    vocabulary = Tagger(trained).vocabulary
    names = [("Germany",), ("New", "York"), ("Jackson",), ("Xyzzyq",), ("Germany", "York")]
    unread = [vocabulary.is_great_place(name) for name in names]
    vocabulary.forget()
    vocabulary.read("Germany New York Jackson Xyzzyq")
    assert [vocabulary.is_great_place(name) for name in names] == unread
    assert unread == [True, True, False, False, False]


@given(st.sets(st.integers(0, 2**64 - 1), max_size=50))
def test_a_sieve_lets_through_every_key_and_what_begins_like_one(kept: set[int]) -> None:
    beginnings = {each >> (64 - SIEVE_BITS) for each in kept}
    bits = np.unpackbits(sieve(np.array(sorted(kept), np.uint64)), bitorder="little")
    assert set(np.flatnonzero(bits).tolist()) == beginnings


LENGTH = 3


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_viterbi_finds_the_best_of_all_labellings(seed: int) -> None:
    generator = np.random.default_rng(seed)
    labels = decoder.LABELS
    words = generator.integers(-50, 50, (LENGTH + 2, 5, labels)).astype(np.int16)
    weights = generator.integers(-50, 50, (4, labels)).astype(np.int8)
    places = generator.integers(-1, 4, (LENGTH, 2)).astype(np.int32)
    transitions = generator.normal(0, 10, (labels, labels)).astype(np.float32)
    first = generator.normal(0, 10, labels).astype(np.float32)
    for a, b in product(range(labels), repeat=2):
        if not decoder.may_follow(b, a):
            transitions[a, b] = decoder.FORBIDDEN
    for label in range(labels):
        if not decoder.may_follow(label, decoder.O):
            first[label] = decoder.FORBIDDEN
    at = np.arange(2, LENGTH + 2)
    found = np.zeros(LENGTH, np.uint8)
    decoder.decode(
        at,
        np.array([0, LENGTH]),
        np.array([[0, LENGTH]]),
        words,
        places,
        weights,
        np.float32(0.5),
        (transitions, first, decoder.predecessors()),
        found,
    )

    around = [0, 0, *at, 1, 1]
    emissions = np.zeros((LENGTH, labels))
    for i in range(LENGTH):
        for offset, distance in enumerate((0, -1, 1, -2, 2)):
            word = around[i + 2 + distance]
            word = word if 0 <= i + distance < LENGTH else 0 if distance < 0 else 1
            emissions[i] += words[word, offset]
        for row in places[i]:
            emissions[i] += weights[row] if row >= 0 else 0
    emissions *= 0.5

    def score(labelling: Sequence[int]) -> float:
        total = first[labelling[0]] + emissions[0, labelling[0]]
        for i in range(1, LENGTH):
            total += transitions[labelling[i - 1], labelling[i]] + emissions[i, labelling[i]]
        return float(total)

    best = max(map(score, product(range(labels), repeat=LENGTH)))
    assert score(found.tolist()) == pytest.approx(best, rel=1e-4)


def test_labels_become_names() -> None:
    kinds = {kind: 4 * n for n, kind in enumerate(decoder.TYPES)}
    b, i, last, alone = decoder.B, decoder.I, decoder.L, decoder.U
    place, person = kinds["place"], kinds["person"]
    labels = [0, person + b, person + i, person + last, place + alone, place + alone, person + b, 0]
    assert decoder.spans(np.array(labels, np.uint8), np.array([0, 4, 4, 8])) == [
        [Span(1, 4, "person")],
        [],
        [Span(0, 1, "place"), Span(1, 2, "place"), Span(2, 3, "person")],
    ]


def slow_names(labels: Sequence[int]) -> list[Span]:
    """The same by the letters of the labels: B, any I, and L; or U."""
    letters = "".join("OBILU"[decoder.part(label)] for label in labels)
    return [
        Span(name.start(), name.end(), decoder.TYPES[(labels[name.start()] - 1) // 4])
        for name in re.finditer("BI*L|U", letters)
    ]


@given(st.lists(st.integers(0, decoder.LABELS - 1), max_size=12))
def test_any_labels_that_may_follow_become_the_same_names(labels: list[int]) -> None:
    allowed = [0]
    for label in labels:
        if decoder.may_follow(label, allowed[-1]):
            allowed.append(label)
    while decoder.part(allowed[-1]) in (decoder.B, decoder.I):
        allowed.pop()
    texts = np.array([0, len(allowed)])
    assert decoder.spans(np.array(allowed, np.uint8), texts) == [slow_names(allowed)]
