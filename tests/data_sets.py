"""Where the data sets for measuring are, for the tests that use them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

BESIDE_THE_CHECKOUT = Path(__file__).parents[2] / "shared" / "data"


def data_set(name: str) -> Path:
    """The folder of a data set; skips the test when it is not on this machine.

    Looked for in the folder that DATELINE_DATA names, else in ../shared/data.
    """
    root = Path(os.environ.get("DATELINE_DATA", BESIDE_THE_CHECKOUT))
    if not (root / name).exists():
        pytest.skip(f"no data set {name!r} in {root}: set DATELINE_DATA to the folder that has it")
    return root / name
