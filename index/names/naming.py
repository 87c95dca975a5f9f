"""From what names stand for in the archive, and what its user decided, to the names of values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from index.curation.curated import CuratedNames
from index.curation.decisions import Decision
from index.naming import FacetName, Naming
from index.store_reading import ReadableStore

_RENAMED = "WHERE (entity <> name OR entity_type <> type)"


class ResolvedNames(Mapping[FacetName, FacetName]):
    """What the names of an archive stand for, where that is not themselves; read when asked."""

    def __init__(self, store: ReadableStore) -> None:
        self._store = store

    def __getitem__(self, name: FacetName) -> FacetName:
        rows = self._store.rows(
            f"SELECT entity_type, entity FROM names {_RENAMED} AND type = ? AND name = ?",  # noqa: S608 - of this module
            *name,
        )
        if not rows:
            raise KeyError(name)
        return rows[0][0], rows[0][1]

    def __iter__(self) -> Iterator[FacetName]:
        for row in self._store.rows(f"SELECT type, name FROM names {_RENAMED}"):  # noqa: S608
            yield row[0], row[1]

    def __len__(self) -> int:
        return int(self._store.rows(f"SELECT count(*) FROM names {_RENAMED}")[0][0])  # noqa: S608


def naming(store: ReadableStore, decisions: Iterable[Decision] = ()) -> Naming:
    """What every name of the archive counts under that does not count under itself."""
    rows = store.rows(f"SELECT type, name, entity_type, entity FROM names {_RENAMED}")  # noqa: S608
    resolved = {(row[0], row[1]): (row[2], row[3]) for row in rows}
    return CuratedNames(decisions, resolved).naming()


def version(store: ReadableStore) -> int:
    """Grows whenever a name of the archive comes to stand for something else."""
    return int(store.rows("SELECT value FROM settings WHERE key = 'naming'")[0][0])
