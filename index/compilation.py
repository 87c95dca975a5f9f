"""How kernels are compiled: by numba, once per machine and version of the code.

Numba keeps compiled code beside the source file and rebuilds it when that file changes, but not
when a kernel it calls in another file does. So the cache here is a folder named after the text of
all kernels: change one and all are compiled anew.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba

from index import turns
from index.imports import import_without

_ROOT = Path(__file__).parents[1]
_KERNEL_FOLDERS = ("index/native", "search/native", "index/entities", "index/stories")
_PREFIX = f"kernels-{hashlib.sha256(str(_ROOT).encode()).hexdigest()[:8]}-"
"""Of this checkout: numba's cache names the source files by their paths."""


def kernel(function: Callable[..., object]) -> Callable[..., Any]:
    """Compile a plain function over arrays and numbers when it is first called.

    The compiled function lets go of Python's lock while it runs. Its types are found from the
    first arguments, as a signature written down would refuse the read-only arrays of a map; the
    annotations are for people.
    """
    compiled: Callable[..., Any] = numba.njit(cache=True, nogil=True)(function)
    return compiled


def inner_kernel(function: Callable[..., object]) -> Callable[..., Any]:
    """Compile a function that kernels call for each posting or so, on arrays that are theirs.

    It becomes a part of each kernel that calls it: handing over an array costs as much as many
    such functions take. And numba counts no references to arrays in it, in steps that other
    threads wait for. So it may neither make arrays nor return them; numbers and tuples of numbers
    it may.
    """
    options: dict[str, Any] = {"cache": True, "nogil": True, "forceinline": True, "_nrt": False}
    compiled: Callable[..., Any] = numba.njit(**options)(function)
    return compiled


def cache_folder() -> Path:
    """Where compiled kernels are kept: $DATELINE_KERNEL_CACHE, else the user's cache folder."""
    given = os.environ.get("DATELINE_KERNEL_CACHE")
    if given:
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dateline"


@cache
def compiled_folder() -> Path:
    """The folder of the kernels compiled from the code as it is."""
    digest = hashlib.sha256(numba.__version__.encode())
    for source in (Path(__file__), Path(turns.__file__)):
        digest.update(source.read_bytes())
    for folder in _KERNEL_FOLDERS:
        for source in sorted((_ROOT / folder).glob("*.py")):
            digest.update(source.read_bytes())
    return cache_folder() / f"{_PREFIX}{digest.hexdigest()[:16]}"


def _prepare() -> None:
    """Point numba to the folder for this code, and remove those for other versions of it."""
    here = compiled_folder()
    if not here.exists():
        for old in here.parent.glob(f"{_PREFIX}*"):
            shutil.rmtree(old, ignore_errors=True)
    setattr(numba.config, "CACHE_DIR", str(here))  # noqa: B010 - numba declares it at run time


_prepare()
turns.take_turns()
# Of matrix products and of calling C, which no kernel does: they take as long to import as all that
# kernels do need, and numba would import them before the first one.
import_without("numba.np.arraymath", "scipy.linalg")
import_without("numba.core.typing.cffi_utils", "cffi")
