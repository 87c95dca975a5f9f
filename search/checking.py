"""Whether an archive is sound: its store, the live index, that both hold the same articles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index.curation.file import load
from index.errors import REBUILD_ADVICE, ArchiveError, DecisionsUnusable, IndexFault, StoreError
from index.folder import ArchiveFolder
from index.store import Store
from search.engine import Engine
from search.errors import SearchError
from search.live import LiveEngine
from search.request import SearchRequest

PAGE = 1_000
"""Ids asked for at once."""

REBUILD = "dateline reindex"
"""Repairs whatever can be wrong with an index."""

APPLY = "dateline entity apply"
"""Puts decisions about entities into effect that were written by hand."""

_SHOWN = 3


def _whoosh(folder: Path) -> list[str]:
    from index.whoosh_files import damages  # noqa: PLC0415 - loads an engine only when used

    return damages(folder)


def _native(folder: Path) -> list[str]:
    from index.native.check import damages  # noqa: PLC0415 - loads an engine only when used

    return damages(folder)


CHECKS: Mapping[str, Callable[[Path], list[str]]] = {"native": _native, "whoosh": _whoosh}
"""By engine: what reads a whole index and says what is damaged. An engine may have none."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and what repairs it."""

    what: str
    repair: str


def problems(folder: ArchiveFolder, engine: str) -> Iterator[Problem]:
    """Everything that is wrong with the store, an engine's live index, and the decisions.

    Reads all of them.
    """
    yield from _decision_problems(folder)
    restore = "restore the file from a backup, or move it away, import again and reindex"
    try:
        with Store.read(folder.store_path) as store:
            found = store.problems()
            yield from (Problem(f"{folder.store_path}: {what}", restore) for what in found)
            if not found:
                yield from _index_problems(folder, engine, store)
    except StoreError as error:
        yield Problem(str(error), restore if folder.store_path.exists() else "dateline import")


def _index_problems(folder: ArchiveFolder, engine: str, store: Store) -> Iterator[Problem]:
    try:
        state = folder.state(engine, folder.live_generation(engine))
        damages = CHECKS[engine](folder.live_index(engine)) if engine in CHECKS else []
        yield from (_of_index(damage) for damage in damages)
        if damages:
            return
        live = LiveEngine(folder, engine)
        indexed = set(_ids(live))
    except (IndexFault, SearchError) as error:
        yield _of_index(str(error))
        return
    if state is None or state.store != store.identity:
        yield Problem(f"the {engine} index was not built from this store", REBUILD)
        return
    pending = {change.article_id for change in store.changes_since(state.change)}
    stored = set(store.ids())
    for what, ids in (
        ("are not in the index", stored - indexed - pending),
        ("are in the index, but not in the store", indexed - stored - pending),
    ):
        if ids:
            shown = ", ".join(sorted(ids)[:_SHOWN])
            yield Problem(f"{len(ids):,} of the articles {what}: {shown}", REBUILD)
    with suppress(ArchiveError, SearchError):
        live.close()


def _decision_problems(folder: ArchiveFolder) -> Iterator[Problem]:
    try:
        load(folder.decisions_path)
    except DecisionsUnusable as error:
        for line, reason in error.faults:
            repair = f"edit that line, then {APPLY}"
            yield Problem(f"{error.path}:{line}: {reason}", repair)


def _of_index(message: str) -> Problem:
    """A problem that a new index solves, without saying so twice."""
    return Problem(message.removesuffix(REBUILD_ADVICE), REBUILD)


def _ids(engine: Engine) -> Iterator[str]:
    """The ids of all articles in an index."""
    request = SearchRequest(sort="oldest", size=PAGE)
    while True:
        results = engine.search(request)
        yield from (hit.article_id for hit in results.hits)
        if results.next_cursor is None:
            return
        request = SearchRequest(sort="oldest", size=PAGE, cursor=results.next_cursor)
