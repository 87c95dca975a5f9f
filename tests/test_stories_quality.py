"""What finding copies reaches does not sink below the floors in floors.json."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from random import Random

import pytest
from data_sets import data_set

from benchmarks.reprints import STRENGTHS, edited, sentences
from benchmarks.stories import Figures, measure

FLOORS = json.loads(Path(__file__).with_name("floors.json").read_text("utf-8"))["stories"]


@pytest.fixture(scope="module")
def figures() -> Figures:
    return measure(data_set("corpora") / "reuters-21578.jsonl.gz", originals=500)


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_floor(figures: Figures, name: str) -> None:
    assert asdict(figures)[name] >= FLOORS[name]


BODY = " ".join(f"The harbour of town {n} stays closed for {n + 3} days." for n in range(20))
OTHER = "Rain is expected in the west. Farmers welcome it after a dry spring."


@pytest.mark.parametrize("strength", STRENGTHS)
def test_edited_articles_differ_as_much_as_they_should(strength: str) -> None:
    copies = [
        edited("Harbours stay closed", BODY, STRENGTHS[strength], OTHER, Random(n))
        for n in range(9)
    ]
    assert copies == [
        edited("Harbours stay closed", BODY, STRENGTHS[strength], OTHER, Random(n))
        for n in range(9)
    ]
    kept = [set(sentences(BODY)) & set(sentences(body)) for _, body in copies]
    shares = [len(each) / 20 for each in kept]
    if strength == "reprint":
        assert shares == [1.0] * 9
    else:
        assert 0.1 < sum(shares) / 9 < 1.0
