"""Sorted tables merged some rows at a time, against sorting everything at once."""

from __future__ import annotations

import tempfile
from pathlib import Path
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.native import merge_tables
from index.native.files import Arrays, ArraysWriter
from index.native.merge_postings import GONE
from index.native.merge_tables import Table
from index.native.texts import Texts, read_texts, starts

Row = tuple[int, bytes, int]

rows = st.sets(st.tuples(st.integers(-2, 2), st.binary(max_size=3), st.integers(0, 2)), max_size=12)
tables = st.lists(rows, min_size=1, max_size=5)


def texts_of(texts: list[bytes]) -> Texts:
    start = starts(np.array([len(text) for text in texts], np.int64)).astype(np.uint32)
    return Texts(np.frombuffer(b"".join(texts), np.uint8), start)


@given(tables, st.integers(1, 4), st.sampled_from(["before", "after", "both"]))
def test_merged_is_the_union_sorted(drawn: list[set[Row]], at_hand: int, sorted_by: str) -> None:
    """Rows one by one or several at a time, wanted or not, tables empty or all the same."""
    ordered = [sorted({_only(row, sorted_by) for row in own}) for own in drawn]
    used = [[(row[0] + len(row[1]) + row[2]) % 4 > 0 for row in own] for own in ordered]
    made = [
        Table(
            texts_of([text for _, text, _ in own]),
            np.array(wanted, bool),
            None if sorted_by == "after" else np.array([row[0] for row in own], np.int64),
            None if sorted_by == "before" else np.array([row[2] for row in own], np.uint32),
        )
        for own, wanted in zip(ordered, used, strict=True)
    ]
    with (
        tempfile.TemporaryDirectory() as name,
        patch.object(merge_tables, "_ROWS_AT_HAND", at_hand),
    ):
        path = Path(name) / "merged"
        file = ArraysWriter(path)
        maps, count = merge_tables.merge_tables(file, "row", made)
        file.close({})
        found = read_texts(Arrays(path), "row").all_encoded()
    wanted_rows = {
        row
        for own, wanted in zip(ordered, used, strict=True)
        for row, wants in zip(own, wanted, strict=True)
        if wants
    }
    expected = sorted(wanted_rows)
    assert found == [text for _, text, _ in expected]
    assert count == len(expected)
    for new, own, wanted in zip(maps, ordered, used, strict=True):
        assert new.tolist() == [
            expected.index(row) if wants else GONE for row, wants in zip(own, wanted, strict=True)
        ]


def _only(row: Row, sorted_by: str) -> Row:
    """The row without what it is not sorted by."""
    before, text, after = row
    return (0 if sorted_by == "after" else before, text, 0 if sorted_by == "before" else after)
