"""How many articles give each name, and how they write it: kept up with the mentions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from index.entities.mentions import EntityType
from index.names import keys
from index.names.due import STEPS, make_due, note_renaming
from index.store import Store
from index.store_rows import mentions_of

ARTICLES_AT_ONCE = 10_000
"""Counted in one transaction: it takes a second or two, and names that repeat are written once."""

RULES = "4"
"""Counted up when what names must have in common changes, or how they are resolved: an archive that
was counted under earlier rules is counted and resolved anew."""

Name = tuple[EntityType, str]
"""A type and a name as an article gives it."""

_PUT_SURFACE = (
    "INSERT INTO name_surfaces (number, surface, articles, short)"
    " VALUES ((SELECT number FROM names WHERE type = ? AND name = ?), ?, ?, ?)"
    " ON CONFLICT (number, surface) DO UPDATE SET articles = articles + excluded.articles"
)
_DROP_SURFACE = (
    "DELETE FROM name_surfaces WHERE articles = 0 AND surface = ?3"
    " AND number = (SELECT number FROM names WHERE type = ?1 AND name = ?2)"
)

_RULES_OF_COUNTS = "SELECT value FROM settings WHERE key = 'names_rules'"


@dataclass(slots=True)
class _Change:
    """By how many articles the counts of names, and of their surfaces, grow or shrink."""

    names: Counter[Name] = field(default_factory=Counter)
    surfaces: Counter[tuple[Name, str]] = field(default_factory=Counter)

    def add(self, found: str, sign: int) -> None:
        """Count the mentions of one article, or no longer."""
        mentions = mentions_of(found)
        for name in {(mention.type, mention.name) for mention in mentions}:
            self.names[name] += sign
        for surface in {((m.type, m.name), " ".join(m.surface.split())) for m in mentions}:
            self.surfaces[surface] += sign


def count_names(store: Store) -> int:
    """Count the mentions that came, and no longer those that went; returns how many articles.

    Names whose counts change are due to be resolved. Transaction by transaction, so that
    whoever is interrupted goes on where it was.
    """
    with store.transaction():
        _begin_again_under_new_rules(store)
    counted = 0
    while True:
        with store.transaction():
            articles = _count_some(store)
        counted += articles
        if not articles:
            return counted


def _begin_again_under_new_rules(store: Store) -> None:
    """Forget all counts unless they are of the present rules."""
    if [row[0] for row in store.rows(_RULES_OF_COUNTS)] == [RULES]:
        return
    store.write(
        "INSERT INTO settings (key, value) VALUES ('names_rules', ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        RULES,
    )
    for table in ("names", "names_due", "names_outdated", "names_uncounted"):
        store.write(f"DELETE FROM {table}")  # noqa: S608 - of these four
    store.write("INSERT INTO names_uncounted (article) SELECT article FROM mentions")
    note_renaming(store)


def _count_some(store: Store) -> int:
    came = store.rows(
        "SELECT article, found FROM names_uncounted JOIN mentions USING (article)"
        " ORDER BY article LIMIT ?",
        ARTICLES_AT_ONCE,
    )
    went = store.rows(
        "SELECT number, found FROM names_outdated ORDER BY number LIMIT ?", ARTICLES_AT_ONCE
    )
    change = _Change()
    for row in came:
        change.add(row["found"], +1)
    for row in went:
        change.add(row["found"], -1)
    _apply(store, change)
    store.write_many("DELETE FROM names_uncounted WHERE article = ?", [row[:1] for row in came])
    store.write_many("DELETE FROM names_outdated WHERE number = ?", [row[:1] for row in went])
    return len(came) + len(went)


def _apply(store: Store, change: _Change) -> None:
    names = sorted((name, by) for name, by in change.names.items() if by)
    surfaces = sorted((written, by) for written, by in change.surfaces.items() if by)
    _grow(store, [(name, by) for name, by in names if by > 0])
    store.write_many(
        "UPDATE names SET articles = articles + ? WHERE type = ? AND name = ?",
        [(by, *name) for name, by in names if by < 0],
    )
    abbreviations = [keys.abbreviation(*name, surface) for (name, surface), _ in surfaces]
    store.write_many(
        _PUT_SURFACE,
        [
            (*name, surface, by, short)
            for ((name, surface), by), short in zip(surfaces, abbreviations, strict=True)
        ],
    )
    _make_due(store, [name for name, _ in names], {short for short in abbreviations if short})
    _remove_unused(store, [name for name, by in names if by < 0])
    store.write_many(
        _DROP_SURFACE, [(*name, surface) for (name, surface), by in surfaces if by < 0]
    )


def _grow(store: Store, names: list[tuple[Name, int]]) -> None:
    """Add to the counts of names, and add those that are new with their parts."""
    before = store.rows("SELECT coalesce(max(number), 0) FROM names")[0][0]
    store.write_many(
        "INSERT INTO names (type, name, articles, core, entity_type, entity, reason)"
        " VALUES (?1, ?2, ?3, ?4, ?1, ?2, 'itself')"
        " ON CONFLICT (type, name) DO UPDATE SET articles = articles + excluded.articles",
        [(*name, by, keys.core(*name)) for name, by in names],
    )
    new = store.rows("SELECT number, type, name FROM names WHERE number > ?", before)
    store.write_many(
        "INSERT INTO name_parts (part, number) VALUES (?, ?)",
        sorted((part, row[0]) for row in new for part in keys.parts(row[1], row[2])),
    )


def _make_due(store: Store, names: list[Name], cores: set[str]) -> None:
    """Names of these cores, and those the names spell or may be called for short."""
    for name in names:
        cores |= {keys.core(*name), *keys.parts(*name)}
    make_due(store, STEPS[0], cores)


def _remove_unused(store: Store, names: list[Name]) -> None:
    """Remove what no article gives any longer; those that were counted with it are due."""
    for name in names:
        for row in store.rows(
            "SELECT number, bucket, entity_type, entity FROM names"
            " WHERE type = ? AND name = ? AND articles = 0",
            *name,
        ):
            if row["bucket"] is not None:
                make_due(store, STEPS[1], {row["bucket"]})
            if (row["entity_type"], row["entity"]) != name:
                note_renaming(store)
            store.write("DELETE FROM names WHERE number = ?", row["number"])
