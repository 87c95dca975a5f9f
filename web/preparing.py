"""Making an engine ready before it is needed."""

from __future__ import annotations

from index.progress import SILENT
from web.progress_bar import ShownProgress


def prepare(engine: str, *, load: bool = True) -> None:
    """Compile what an engine compiles, with a progress bar; quick and silent when that was done.

    load: then also load it, so that the first question is as quick as all others
    """
    if engine == "native":
        # Imported here because loading numba takes longer than what other engines need.
        from search.native.warming import is_warm, warm  # noqa: PLC0415

        if load or not is_warm():
            warm(SILENT if is_warm() else ShownProgress())
