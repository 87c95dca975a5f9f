"""What extraction reaches on real pages does not sink below the floors in floors.json."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from data_sets import data_set
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.extraction import Figures, measure, overlap

FLOORS = json.loads(Path(__file__).with_name("floors.json").read_text(encoding="utf-8"))["pages"]


@pytest.fixture(scope="module")
def figures() -> Figures:
    return measure(data_set("pages"))[0]


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_floor(figures: Figures, name: str) -> None:
    assert asdict(figures)[name] >= FLOORS[name]


@pytest.mark.parametrize(
    ("true", "read", "shares"),
    [
        ("a b c d e", "a b c d e", (1, 0, 0)),
        ("a b c d e", "A b c d e", (1 / 3, 1 / 3, 1 / 3)),
        ("a b c d", "a b c d e", (1 / 2, 1 / 2, 0)),
        ("a b", "", (0, 0, 1)),
        ("", "", (0, 0, 0)),
        ("a b c d a b c d", "a b c d", (1 / 5, 0, 4 / 5)),
    ],
)
def test_overlap(true: str, read: str, shares: tuple[float, float, float]) -> None:
    found = overlap(true, read)
    assert (found.both, found.extra, found.missing) == pytest.approx(shares)


@given(st.text("ab .", max_size=40), st.text("ab .", max_size=40))
def test_overlap_is_symmetric(one: str, other: str) -> None:
    there, back = overlap(one, other), overlap(other, one)
    assert (there.both, there.extra, there.missing) == (back.both, back.missing, back.extra)
    assert there.precision == back.recall
