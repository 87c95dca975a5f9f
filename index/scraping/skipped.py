"""The pages that were not stored, and why."""

from __future__ import annotations

import json
from collections.abc import Sequence

from index.scraping.outcomes import SKIPPED
from index.store_reading import ReadableStore


def skipped_pages(store: ReadableStore, visits: Sequence[str] = ()) -> list[dict[str, str]]:
    """Pages that were skipped when they were last asked for, the latest first.

    visits: only of these addresses. Each has url, visit, outcome, reason and fetched (ISO 8601).
    """
    rows = store.rows(
        "SELECT url, visit, outcome, reason, fetched FROM crawl_pages"
        " WHERE outcome IN (SELECT value FROM json_each(?1))"
        " AND (?2 = '[]' OR visit IN (SELECT value FROM json_each(?2)))"
        " ORDER BY fetched DESC, url",
        json.dumps(list(SKIPPED)),
        json.dumps(list(visits)),
    )
    return [dict(row) for row in rows]
