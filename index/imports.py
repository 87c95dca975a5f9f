"""Importing libraries without what they take along and this program has no use for.

Some libraries import others where these are installed, to offer more. That takes most of the time
a process needs to start.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import cast


def import_without(name: str, *left_out: str) -> ModuleType:
    """Import a module as if some others were not installed; those imported already stay."""
    modules = cast("dict[str, object]", sys.modules)
    hidden = [each for each in left_out if each not in modules]
    modules.update(dict.fromkeys(hidden))
    try:
        return importlib.import_module(name)
    finally:
        for each in hidden:
            del modules[each]
