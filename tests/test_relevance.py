"""Ranking on judged test collections does not sink below the floors in floors.json."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from data_sets import data_set

from benchmarks.relevance import REFERENCE, measure

FLOORS = json.loads(Path(__file__).with_name("floors.json").read_text("utf-8"))["relevance"]


def test_floors_are_not_below_the_reference() -> None:
    """Nor is their mean less than 0.01 above that of plain BM25."""
    assert FLOORS.keys() == REFERENCE.keys()
    assert all(FLOORS[name] >= reference for name, reference in REFERENCE.items())
    assert sum(FLOORS.values()) >= sum(REFERENCE.values()) + 0.01 * len(REFERENCE)


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_floor(name: str) -> None:
    assert measure(data_set("relevance") / name).ndcg >= FLOORS[name]
