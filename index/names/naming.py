"""From what names stand for in the archive, and what its user decided, to the names of values."""

from __future__ import annotations

from collections.abc import Iterable

from index.curation.curated import CuratedNames
from index.curation.decisions import Decision
from index.naming import Naming
from index.store_reading import ReadableStore


def naming(store: ReadableStore, decisions: Iterable[Decision] = ()) -> Naming:
    """What every name of the archive counts under that does not count under itself."""
    rows = store.rows(
        "SELECT type, name, entity_type, entity FROM names WHERE entity <> name OR entity_type <> type"
    )
    resolved = {(row[0], row[1]): (row[2], row[3]) for row in rows}
    return CuratedNames(decisions, resolved).naming()


def version(store: ReadableStore) -> int:
    """Grows whenever a name of the archive comes to stand for something else."""
    return int(store.rows("SELECT value FROM settings WHERE key = 'naming'")[0][0])
