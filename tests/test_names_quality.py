"""Names across the first articles of a newswire, against those its editors assigned."""

from __future__ import annotations

import json
from pathlib import Path

from data_sets import data_set

from benchmarks import names
from index.store import Store

ARTICLES = 2_500
FLOORS = json.loads(Path(__file__).with_name("floors.json").read_text())["names"]


def test_people_assigned_by_editors_are_found_under_one_name(tmp_path: Path) -> None:
    records = names.read(data_set("corpora").parent / names.CORPUS, ARTICLES)
    with Store.open(tmp_path / "articles.sqlite") as store:
        figures = names.measure(store, records)
    assert figures.found >= FLOORS["found"]
    assert figures.persons <= FLOORS["persons"]
    assert figures.untouched < figures.found
