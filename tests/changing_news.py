"""An archive with an article that has changed twice, and one whose date cannot be true."""

from __future__ import annotations

import json
from pathlib import Path

from index.folder import ArchiveFolder
from index.reindex import ReindexOptions, reindex
from index.store import Store

STATES = (
    {
        "fetched": "2024-03-01T10:00:00Z",
        "title": "Minister to <b>resign</b>",
        "body": "The minister will resign on Monday & leave.\n\nSabotage <script>alert(1)</script>.",
    },
    {
        "fetched": "2024-03-02T11:30:00+01:00",
        "title": "Minister to <b>resign</b>",
        "body": "The minister will not resign on Monday & leave.\n\nA new <i>paragraph</i>.",
    },
    {
        "fetched": "2024-03-05T09:00:00Z",
        "title": "Minister stays",
        "body": "The minister will not resign on Monday & leave.\n\nA new <i>paragraph</i>.",
    },
)
SAME = {"url": "https://example.org/2024/02/01/minister", "published": "2024-03-01", "id": "1"}
UNDATED = {
    "title": "A strange date",
    "body": "Nothing to see here at all.",
    "published": "9654-01-01",
}


def options_for(base: Path, *, reread: bool = False) -> ReindexOptions:
    return ReindexOptions(sources=(base / "news.jsonl",), processes=1, reread=reread)


def build(base: Path) -> ArchiveFolder:
    """Import the news into a new archive in this folder."""
    lines = [json.dumps(SAME | state) for state in STATES] + [json.dumps(UNDATED)]
    (base / "news.jsonl").write_text("\n".join(lines))
    folder = ArchiveFolder(base / "archive")
    folder.path.mkdir()
    with Store.open(folder.store_path) as store:
        reindex(folder, store, "native", options_for(base))
    return folder
