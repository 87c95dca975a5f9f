"""Memory that has been freed, given back to the system."""

from __future__ import annotations

import ctypes


def give_back_memory() -> None:
    """Have the C library return what has been freed, where it knows how to; takes milliseconds.

    By itself glibc keeps most of what arrays of many sizes had: 300 MB after a million articles.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
