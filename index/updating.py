"""From the store to an index: a new one beside the live one, or what changed since."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import inf
from types import MappingProxyType

from index.articles import STORY, UNCERTAIN, Article, Document
from index.curation.effect import NamesWanted, names_wanted
from index.entities.mentions import ENTITY_TYPES, Mention
from index.errors import IndexMissing
from index.folder import ArchiveFolder, IndexState
from index.progress import SILENT, Progress
from index.salience import salience
from index.store import Store
from index.store_reading import Change
from index.target import Target, open_target


@dataclass(frozen=True, slots=True)
class Update:
    """What an index took in, and how many articles it now has. rebuilt: it is a new generation."""

    changes: int
    articles: int
    rebuilt: bool


def document_of(
    article: Article, mentions: Collection[Mention], story: str | None = None
) -> Document:
    """What an index is told about an article: weighted names, the facets of its own fields.

    story: what it has in common with the articles that are copies of it, or it of them.
    """
    weights = salience(article, mentions)
    facets = {
        "source": _each_once((article.source,)),
        "author": _each_once(article.authors),
        "section": _each_once((article.section,)),
        "language": _each_once((article.language,)),
        "dating": (UNCERTAIN,) if article.is_date_uncertain else (),
        STORY: _each_once((story or "",)),
    }
    for kind in ENTITY_TYPES:
        facets[kind] = _each_once(mention.name for mention in mentions if mention.type == kind)
    return Document(
        article_id=article.id,
        title=article.title,
        body=article.body,
        language=article.language,
        published=article.published.wall_seconds if article.published else None,
        facets=MappingProxyType({facet: values for facet, values in facets.items() if values}),
        weights=MappingProxyType(
            {
                kind: tuple(weights[kind, name] for name in facets[kind])
                for kind in ENTITY_TYPES
                if facets[kind]
            }
        ),
    )


def update_index(
    folder: ArchiveFolder,
    store: Store,
    engine: str,
    progress: Progress = SILENT,
) -> Update:
    """Bring the live index up to the store; waits while another process writes it.

    Builds one when there is none of this store. Raises IndexFault, StoreError.
    """
    with folder.lock(engine, wait=inf, on_wait=progress.waiting):
        try:
            generation = folder.live_generation(engine)
        except IndexMissing:
            return build_index(folder, store, engine, progress)
        state = folder.state(engine, generation)
        if state is None or state.store != store.identity:
            return build_index(folder, store, engine, progress)
        names = names_wanted(folder, store, engine, progress)
        if state.change == store.last_change() and state.names == names.version:
            return Update(0, state.articles, rebuilt=False)
        with open_target(engine, folder.live_index(engine)) as target:
            changes, change = _apply(target, store, state.change, progress)
            if state.names != names.version:
                target.rename(names.naming(store))
            target.commit()
        names.put(folder, engine, generation)
        state = _state(store, change, state.built, names)
        folder.put_state(engine, generation, state)
    return Update(changes, state.articles, rebuilt=False)


def rename_index(
    folder: ArchiveFolder, store: Store, engine: str, progress: Progress = SILENT
) -> None:
    """Count the values of the live index under the names that hold now, if it does not yet.

    No article is read; waits while another process writes the index. Raises IndexFault,
    StoreError.
    """
    with folder.lock(engine, wait=inf, on_wait=progress.waiting):
        generation = folder.live_generation(engine)
        state = folder.state(engine, generation)
        names = names_wanted(folder, store, engine, progress)
        if state is None or state.store != store.identity or state.names == names.version:
            return
        with open_target(engine, folder.live_index(engine)) as target:
            target.rename(names.naming(store))
            target.commit()
        names.put(folder, engine, generation)
        folder.put_state(engine, generation, replace(state, names=names.version, updated=_now()))


def build_index(
    folder: ArchiveFolder, store: Store, engine: str, progress: Progress = SILENT
) -> Update:
    """Write a complete new index and make it the live one; the engine's lock must be held.

    Until then, and for good when this fails, the earlier one stays live.
    """
    folder.remove_all_but_live(engine)
    generation = folder.new_generation(engine)
    built = _now()
    try:
        with open_target(engine, folder.generation_path(engine, generation)) as target:
            changes, change = _apply(target, store, 0, progress)
            names = names_wanted(folder, store, engine, progress)
            target.rename(names.naming(store))
            target.commit()
        names.put(folder, engine, generation)
        state = _state(store, change, built, names)
        folder.put_state(engine, generation, state)
        folder.publish(engine, generation)
    except BaseException:
        folder.remove(engine, generation)
        raise
    return Update(changes, state.articles, rebuilt=True)


def _apply(target: Target, store: Store, since: int, progress: Progress) -> tuple[int, int]:
    """Hand the target all changes; returns how many, and the number up to which all are in.

    Whatever is written to the store meanwhile comes in a second, short round, so that an index
    that took long to build does not begin its life far behind.
    """
    applied = 0
    for _ in range(2):
        last = store.last_change()
        changes = store.changes_since(since)
        for change in progress.track(changes, "Indexing", store.count_changes_since(since)):
            _put(target, change)
            applied += 1
        since = last
    return applied, since


def _put(target: Target, change: Change) -> None:
    if change.article is None:
        target.delete(change.article_id)
    else:
        target.put(document_of(change.article, change.mentions, change.story))


def _state(store: Store, change: int, built: str, names: NamesWanted) -> IndexState:
    return IndexState(store.identity, change, store.count(), built, _now(), names.version)


def _each_once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
