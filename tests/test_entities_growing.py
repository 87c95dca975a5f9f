"""Arrays that grow at their end."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.entities.growing import Growing


@given(st.lists(st.lists(st.integers(0, 255), max_size=1_500), max_size=4))
def test_growing_keeps_all_and_what_was_given_out(parts: list[list[int]]) -> None:
    growing, expected = Growing(np.uint8), []
    given_out = []
    for part in parts:
        growing.extend(part)
        expected += part
        given_out.append((growing.values, expected.copy()))
    assert growing.values.dtype == np.uint8
    for values, then in given_out:
        assert values.tolist() == then
