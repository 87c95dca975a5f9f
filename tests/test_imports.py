"""Libraries are imported without what is not needed of them."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from index.imports import import_without


def test_a_module_is_imported_as_if_another_were_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "heavy_library.py").write_text("")
    text = "try:\n    import heavy_library\nexcept ImportError:\n    heavy_library = None\n"
    for name in ("first_user", "second_user"):
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    assert import_without("first_user", "heavy_library").heavy_library is None
    heavy = importlib.import_module("heavy_library")
    # What is there already stays.
    assert import_without("second_user", "heavy_library").heavy_library is heavy
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        import_without("no_such_module", "another")
    assert "another" not in sys.modules


def test_searching_takes_along_no_library_it_has_no_use_for() -> None:
    program = "import sys, search.native.engine; print(sorted({'scipy.stats', 'cffi'} & set(sys.modules)))"
    root = Path(__file__).parents[1]
    command = [sys.executable, "-c", program]
    assert subprocess.check_output(command, text=True, cwd=root).strip() == "[]"
