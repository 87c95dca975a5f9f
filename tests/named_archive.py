"""Archives of articles whose names are given, not recognised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from index.articles import Article, PublicationDate, article_id
from index.entities.mentions import EntityType, Mention
from index.folder import ArchiveFolder
from index.names.counting import count_names
from index.names.resolving import resolve_names
from index.store import Store
from index.updating import update_index

Named = tuple[EntityType, str, str]
"""The type of a mention, how it is written, and the name it counts towards."""


def put_articles(path: Path, engine: str, articles: Sequence[Sequence[Named]], of: str) -> None:
    """Add an article for each row, a sentence for each of its mentions; then index them."""
    folder = ArchiveFolder(path)
    path.mkdir(parents=True, exist_ok=True)
    with Store.open(folder.store_path) as store:
        for number, named in enumerate(articles):
            _put(store, f"{of} {number}", number, named)
        count_names(store)
        resolve_names(store)
        update_index(folder, store, engine)


def _put(store: Store, title: str, number: int, named: Sequence[Named]) -> None:
    body, mentions = "Nobody is named in this sentence.", []
    for kind, surface, name in named:
        start = len(title) + 1 + len(body) + len(" On that day ")
        body += f" On that day {surface} was mentioned."
        mentions.append(Mention(kind, start, start + len(surface), surface, name))
    day = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=number)
    article = Article(
        id=article_id(title), title=title, body=body, published=PublicationDate(day, "day")
    )
    store.put(article, f"{title}.txt")
    store.put_mentions(article, "by hand", mentions)
